"""The name of a data file, which its public address repeats: no private number may stand in it.

What else makes a bad name, `project/names` says, before a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.check.private_numbers import private_numbers
from perfgen.findings import Finding, Place
from perfgen.project.layout import DataFile

ORDER = 41
GATE = False
RULES: dict[str, str] = {}


def check(filing: Filing) -> Iterator[Finding]:
    """A finding for each private number in the name of the file, or of a folder it lies in."""
    file = DataFile.parse(filing.document.file)
    for trouble in private_parts(file.stem) if file else ():
        yield Finding(Place(filing.document.file), "private-number", f"文件名{trouble}；成品的网址里也有它。", "改名。")


def private_parts(stem: str) -> Iterator[str]:
    """What looks private in the path of a data file, in words: no more of it than may be shown."""
    for part in stem.split("/"):
        for number, kind in private_numbers(part):
            yield f"里有像{kind}的内容 {number[:3]}…{number[-2:]}"
