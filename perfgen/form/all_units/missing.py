"""A unit of last year has no file this year: `比较: 缺少`."""

from __future__ import annotations

from perfgen.findings import Finding, Place
from perfgen.form.all_units import NamedFindings, Seen, UnitFile, Year
from perfgen.form.rules import AllUnitsRule
from perfgen.project.layout import UNITS_FILE, DataFile

KIND, ORDER = "缺少", 30
NEEDS = ()


def look(_: AllUnitsRule, __: UnitFile) -> tuple[Seen, ...]:
    """Nothing: that the file is there is enough."""
    return ()


def compare(rule: AllUnitsRule, year: Year) -> NamedFindings:
    """A finding, in last year's file, for each file of last year that no file of this year continues."""
    there = {file.path for file in year.files}
    for file in year.files_before:
        if file.path not in there and file not in year.continued:
            message = f"{year.year} 年没有这个单位的文件 {DataFile(year.year, file.path)}。"
            hint = f"补上；改了名称的，在 {UNITS_FILE} 里写上曾用名；机构撤并的，在 {file} 里写明 {rule.id} 的理由。"
            yield "", Finding(Place(file.source, 1, 1), rule.id, message, hint, rule.level)
