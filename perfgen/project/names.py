"""What a good name of a file is: one that every system, git and a web address take alike. Nothing else decides that.

The names of data files become the names of outputs and parts of public addresses. Sources: “Naming Files, Paths, and
Namespaces” of Windows (learn.microsoft.com/windows/win32/fileio/naming-a-file); UAX #15 for the Unicode forms, of which
macOS takes two for one name; PEP 383 for names that are not UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from perfgen.project.layout import DATA, LOCKS, SUFFIX

MOST_BYTES = 240
"""Of a part of a path: file systems take 255, of which an ending needs some."""
MOST_CHARACTERS = 80
"""Of a part that is made of a text; a longer one is cut."""
_REPLACED = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE | re.DOTALL)
_UNSEEN = ("Cc", "Cf", "Co", "Zl", "Zp")
"""Categories of characters that cannot be seen, or that only some machines show (Unicode Standard, 4.5)."""
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""What cannot be seen though it counts as a letter, a mark or a symbol: joiners and fillers."""


def trouble(path: str) -> str:
    """What is wrong with a path as the name of a data file, without its suffix; empty where nothing is."""
    return next((found for part in path.split("/") if (found := _trouble_with(part))), "")


def _trouble_with(part: str) -> str:
    """What is wrong with one part of a path, the worst first."""
    if not is_text(part):
        return f"不是 UTF-8，多半是 GBK 的系统上起的名字{_in_gbk(part)}"
    shown = f"“{shown_path(part)}”"
    unseen = next((character for character in part if _is_unseen(character)), "")
    if unseen:
        return f"{shown}里有看不见的控制字符 U+{ord(unseen):04X}"
    if not part.strip():
        return "有一段是空的"
    if found := _FORBIDDEN.search(part):
        return f"{shown}里有 {found[0]}，Windows 不许用"
    return _trouble_with_ends(part, shown)


def _trouble_with_ends(part: str, shown: str) -> str:
    if part[0].isspace() or part[0] in ".~-":
        return f"{shown}以{'空格' if part[0].isspace() else f' {part[0]} '}开头"
    if part[-1].isspace() or part[-1] == ".":
        return f"{shown}以{'空格' if part[-1].isspace() else '点'}结尾，Windows 会去掉它"
    if _DEVICE.fullmatch(part):
        return f"{shown}是 Windows 的设备名，那里建不了这个文件"
    count = len(part.encode())
    return f"{shown}太长：{count} 字节，最多 {MOST_BYTES} 字节" if count > MOST_BYTES else ""


def part_of(text: str) -> str:
    """A text as one part of a path: without what no name of a file may hold; see `trouble` for what else may be wrong.

    Empty where nothing is left.
    """
    joined = unicodedata.normalize("NFC", text.replace("\r", "").replace("\n", ""))
    part = _REPLACED.sub("_", joined).strip(" .")[:MOST_CHARACTERS].strip(" .")
    while len(part.encode("utf-8", "replace")) > MOST_BYTES:
        part = part[:-1]
    return part


def is_text(name: str) -> bool:
    """Whether a name is text: bytes that are not UTF-8 come from the system as lone surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _is_unseen(character: str) -> bool:
    is_selector = unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    return unicodedata.category(character) in _UNSEEN or character in _FILLERS or is_selector


def _bytes_of(name: str) -> bytes:
    """The bytes of a name as the system has it."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "backslashreplace")


def _in_gbk(part: str) -> str:
    """The name as it was meant, where its bytes are GBK."""
    try:
        meant = _bytes_of(part).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return f"：{shown_path(meant)}"


def shown_path(path: str) -> str:
    """A path as it can be printed on one line: what cannot be seen, and bytes that are no text, are written out."""
    text = _bytes_of(path).decode("utf-8", "backslashreplace")
    return "".join(f"<U+{ord(character):04X}>" if _is_unseen(character) else character for character in text)


def is_lock_of_data(path: str) -> bool:
    """Whether a YAML file is named as the files that Word leaves behind, so that nothing would be read of it."""
    name = PurePosixPath(path).name
    return name.startswith(LOCKS) and PurePosixPath(path).suffix.lower() in (SUFFIX, ".yml")


def of_data(path: str) -> str:
    """What is wrong with a data file's path; empty where nothing is."""
    if is_lock_of_data(path):
        return f"“{shown_path(PurePosixPath(path).name)}”这样开头的是 Word 的临时文件，不会读"
    return trouble(path.removeprefix(f"{DATA}/").removesuffix(SUFFIX))


def twins(paths: Iterable[str]) -> dict[str, str]:
    """By path, another one that Windows or macOS takes for the same: by case, or by the form of its characters.

    Folders count too; of each path only the first such pair is given.
    """
    spellings: dict[str, set[str]] = {}
    given = sorted(paths)
    for path in given:
        for beginning in _beginnings(path):
            spellings.setdefault(folded(beginning), set()).add(beginning)
    found: dict[str, str] = {}
    for path in given:
        for beginning in _beginnings(path):
            if others := spellings[folded(beginning)] - {beginning}:
                found.setdefault(path, min(others))
    return found


def twin_of(path: str, others: Iterable[str]) -> str:
    """The path among others that is a twin of this one, or of a folder of it; empty where there is none."""
    return twins({path, *others}).get(path, "")


def _beginnings(path: str) -> list[str]:
    """A path and all folders above it, the highest first."""
    parts = path.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def folded(path: str) -> str:
    """A path as systems compare it that tell neither case nor the forms of characters apart: twins have the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
