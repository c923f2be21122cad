"""Target values of past years are those of last year's file; amounts are left to the form's own rules."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check import last_year
from perfgen.check.filing import Filing
from perfgen.findings import Finding

ORDER = 55
GATE = False
RULES = {
    "last-year": "往年的值和上一年的文件里写的不一样。",
    "last-year-expected": "上年的值还照抄着预期值，没有换成实际数。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """What differs from last year's file, where there is one; that there is none is said by the rules that need it."""
    before = filing.earlier(1)
    if not isinstance(before, Filing):
        return
    for finding in last_year.differences_from_last_year(filing, before):
        field = filing.form.fields.at(finding.path)
        if field is not None and field.measure:
            yield finding
