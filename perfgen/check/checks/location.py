"""A file says of its year and its unit what its folder and its name say; one of the two is wrong otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.project.layout import DATA, SUFFIX, DataFile

ORDER = 30
GATE = False
_SHORTEST = 4
"""Letters that both names have at least; shorter ones are alike by chance."""
RULES = {
    "location-year": "文件里写的年度和所在的文件夹不一致。",
    "location-name": "文件里写的名称和文件名只差一个字。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """A finding when a file under data/<year>/ is for another year, or its name is one letter from its unit's."""
    file = DataFile.parse(filing.document.file)
    if file is not None:
        yield from _of_year(filing, file)
        yield from _of_name(filing, file)


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


def _is_a_slip(typed: str, named: str) -> bool:
    """Whether two names differ in one letter; a short name that the other holds whole is meant so."""
    if len(typed) < _SHORTEST or len(named) < _SHORTEST or typed in named or named in typed:
        return False
    steps = difflib.SequenceMatcher(None, typed, named, autojunk=False).get_opcodes()
    return sum(max(end - start, other - begin) for step, start, end, begin, other in steps if step != "equal") == 1
