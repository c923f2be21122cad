"""What changed of the program that a repository uses: the pin of perfgen, the locked packages, its build and CI."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from perfgen.review.settings.change import SettingChange, SettingClass, cut

REQUIREMENTS, VENDOR = "requirements", "vendor"
_PIN = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*==\s*([^\s;\\]+)", re.MULTILINE)
"""A line of a requirements file that names one version (PEP 508, PEP 440)."""
_HASH = re.compile(r"--hash=(\S+)")
_NAMED = 8


def pin_changes(old: bytes, new: bytes, file: str) -> list[SettingChange]:
    """The changes of a requirements file: versions by package, hashes, and whatever else it says."""
    texts = [content.decode("utf-8", "replace").replace("\\\n", " ") for content in (old, new)]
    before, after = map(_pinned, texts)
    told = []
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            told.append(f"{name} {'新增 ' + now[0] if now else '去掉了'}")
        elif was[0] != now[0]:
            told.append(f"{name} 由 {was[0]} 改为 {now[0]}")
        elif was[1] != now[1]:
            told.append(f"{name} {now[0]} 的哈希变了，内容不再是原来的")
    others = [[line for line in text.splitlines() if _is_told(line)] for text in texts]
    if others[0] != others[1]:
        come = [line for line in others[1] if line not in others[0]]
        gone = [line for line in others[0] if line not in others[1]]
        told += [
            f"{word}“{cut(line)}”" for word, lines in (("加了", come), ("去掉了", gone)) for line in lines[:_NAMED]
        ]
    if not told:
        return [SettingChange(SettingClass.SAME, file, "锁定的版本", "只改了注释或换行", is_only_layout=True)]
    rest = f"；还有 {len(told) - _NAMED} 处" if len(told) > _NAMED else ""
    return [SettingChange(SettingClass.PROGRAM, file, "锁定的版本", cut_list(told[:_NAMED]) + rest)]


def cut_list(parts: Sequence[str]) -> str:
    """Parts of a sentence, each cut where it is long."""
    return "；".join(map(cut, parts))


def _pinned(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """By package, its version and its hashes."""
    found = {}
    for line in text.splitlines():
        if match := _PIN.match(line):
            found[match[1].lower()] = (match[2], tuple(sorted(_HASH.findall(line))))
    return found


def _is_told(line: str) -> bool:
    """Whether a line says something else than a version: an option, an address, a package without a version."""
    stripped = line.split(" #", maxsplit=1)[0].strip()
    rest = _HASH.sub("", _PIN.sub("", stripped)).strip()
    return bool(rest) and not stripped.startswith("#")


def vendored_change(file: str, sizes: tuple[int | None, int | None]) -> SettingChange:
    """The change of a file that the program is installed from; sizes in bytes, None where it is not there."""
    was, now = sizes
    told = f"新增，{now} 字节" if was is None else "去掉了" if now is None else f"内容变了（{was} → {now} 字节）"
    return SettingChange(SettingClass.PROGRAM, file, "随仓库带的安装包", told)


def program_changes(files: Mapping[str, str]) -> list[SettingChange]:
    """One change for each part of the program that a repository runs; `files` has by path what happened to it."""
    parts: dict[str, list[str]] = {}
    for path in sorted(files):
        parts.setdefault(PurePosixPath(path).parts[0], []).append(path)
    return [
        SettingChange(SettingClass.PROGRAM, paths[0], _label(top), _listed(paths, files))
        for top, paths in parts.items()
    ]


def _label(top: str) -> str:
    return {".github": "CI 的设置", ".gitlab-ci.yml": "CI 的设置", "Makefile": "怎样运行", "scripts": "脚本"}.get(
        top, "程序"
    )


def _listed(paths: Sequence[str], files: Mapping[str, str]) -> str:
    named = "、".join(f"{cut(path)}（{files[path]}）" for path in paths[:_NAMED])
    return named + (f"等 {len(paths)} 个文件" if len(paths) > _NAMED else "")
