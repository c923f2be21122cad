"""The other files that a form's figures, or the form itself, need are there, and each is only one."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check import figure_troubles, missing_files
from perfgen.check.filing import Filing
from perfgen.findings import Finding

ORDER = 46
GATE = False
RULES = {missing_files.RULE: "计算要用的、表上要印的另一个文件没有，有错误，或者不止一个。"}


def check(filing: Filing) -> Iterator[Finding]:
    """An error for each name of other files that is needed and leads to nothing, or to what cannot be computed."""
    for name in missing_files.needed(filing):
        if found := missing_files.missing(filing, name):
            yield found
    yield from figure_troubles.findings(filing)
