"""The other files that a form prints are there, and each is one alone; what figures need, `claims` tells."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check import missing_files
from perfgen.check.filing import Filing
from perfgen.findings import Finding

ORDER = 46
GATE = False
RULES = {missing_files.RULE: "要引用的文件没有，有错误，或者不止一个。"}


def check(filing: Filing) -> Iterator[Finding]:
    """An error for each reference that is printed and finds nothing."""
    yield from missing_files.printed(filing)
