"""A file says of its year and its unit what its folder and its name say; one of the two is wrong otherwise.

Where the form's schema says where its files lie (`x-path`), the whole path is held to that.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Mapping

from perfgen.check.filing import Filing
from perfgen.data import Data
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.form.forms import Form
from perfgen.form.path_pattern import PathError, PathPattern
from perfgen.project import invocation
from perfgen.project.layout import DATA, SUFFIX, DataFile

ORDER = 30
GATE = False
_SHORTEST = 4
"""Letters that both names have at least; shorter ones are alike by chance."""
RULES = {
    "location-year": "文件里写的年度和所在的文件夹不一致。",
    "location-name": "文件里写的名称和文件名只差一个字。",
    "file-place": "文件不在它的表写明的地方（schema 里的 x-path），或者名称不能做文件名。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """A finding when a file under data/<year>/ is for another year, or its name is one letter from its unit's."""
    file = DataFile.parse(filing.document.file)
    if file is not None:
        yield from _of_year(filing, file)
        yield from _of_path(filing, file, filing.form.path) if filing.form.path else _of_name(filing, file)


def _of_year(filing: Filing, file: DataFile) -> Iterator[Finding]:
    document, name = filing.document, filing.form.fields.with_role("year")
    if not filing.is_usable((name,)):
        return
    typed = show(document.top[name])
    if file.year != typed:
        yield Finding(
            document.place((name,)), "location-year", f"“{name}”是 {typed}，文件却在 {DATA}/{file.year}/ 里。",
            f"改正“{name}”，或把文件移到 {DATA}/{typed}/。", path=(name,),
        )  # fmt: skip


def _of_name(filing: Filing, file: DataFile) -> Iterator[Finding]:
    document, name = filing.document, filing.form.fields.with_role("unit")
    if not filing.is_usable((name,)):
        return
    typed = show(document.top[name])
    if _is_a_slip(typed, file.name):
        yield Finding(
            document.place((name,)), "location-name", f"“{name}”是“{typed}”，文件名却是“{file.name}”，差一个字。",
            f"改正“{name}”，或把文件改名为 {typed}{SUFFIX}。", Level.WARNING, (name,),
        )  # fmt: skip


def _of_path(filing: Filing, file: DataFile, pattern: PathPattern) -> Iterator[Finding]:
    """What is to be said of a file that lies elsewhere than its form says, as far as it says what it is."""
    document = filing.document
    if not all(filing.is_usable((name,)) for name in pattern.names):
        return
    try:
        path = pattern.place(document.top)
    except PathError as error:
        message = f"“{error.name}”不能做文件名：{error}，不知道文件放在哪里。"
        yield Finding(document.place((error.name,)), "file-place", message, "改正它。", Level.WARNING, (error.name,))
        return
    if path == unicodedata.normalize("NFC", file.path):
        return
    there = DataFile(file.year, path)
    name = _differing(pattern, path, file.path)
    message = f"按“{'”“'.join(dict.fromkeys(pattern.names))}”，文件应该是 {there}，现在是 {file}。"
    hint = f"改正写错的名称，或者把文件移过去：{_moving(file, there)}"
    if filing.is_there(there.source):
        message = message.removesuffix("。") + "；那里已经有一个文件。"
        hint = "两个文件说的是一项，就只留一个；不是，就改正写错的名称。"
    yield Finding(document.place((name,)), "file-place", message, hint, Level.WARNING, (name,))


def meant_place(source: str, top: Mapping[str, Data], form: Form) -> DataFile | None:
    """Where a data file says that it belongs, if that is another place than its own: `check` looks what is there."""
    file = DataFile.parse(source)
    if file is None or form.path is None:
        return None
    try:
        there = DataFile(file.year, form.path.place(top))
    except PathError:
        return None
    return None if there.path == unicodedata.normalize("NFC", file.path) else there


def _differing(pattern: PathPattern, path: str, named: str) -> str:
    """The field that the path of a file has otherwise; the last one where the path tells nothing of it."""
    wanted, there = pattern.match(path) or {}, pattern.match(named) or {}
    different = (name for name in pattern.names if name in there and there[name] != wanted.get(name))
    return next(different, pattern.names[-1])


def _moving(file: DataFile, there: DataFile) -> str:
    """The command that moves a file, as a shell takes it."""
    source, target = map(invocation.quoted, (file.source, there.source))
    folder = there.source.rpartition("/")[0]
    making = f"mkdir -p {invocation.quoted(folder)} && " if folder != file.source.rpartition("/")[0] else ""
    return f"{making}git mv {source} {target}"


def _is_a_slip(typed: str, named: str) -> bool:
    """Whether two names differ in one letter; a short name that the other holds whole is meant so."""
    if len(typed) < _SHORTEST or len(named) < _SHORTEST or typed in named or named in typed:
        return False
    steps = difflib.SequenceMatcher(None, typed, named, autojunk=False).get_opcodes()
    return sum(max(end - start, other - begin) for step, start, end, begin, other in steps if step != "equal") == 1
