"""The rules over all units of a year, applied: an extract of each filing in, findings out.

A rules file declares them in its section 汇审, each of one kind (`form.all_units`):

    Y01: {名称: …, 级别: 警告, 比较: 单位, 对象: 甲.乙, 看: 值, 按: 名, 依据: …}
    Y02: {名称: …, 级别: 提示, 比较: 离群, 公式: …, 上限: 30, 依据: …}
    Y03: {名称: …, 级别: 警告, 比较: 缺少, 依据: …}
    Y04: {名称: …, 级别: 警告, 比较: 取消, 问的是: 取消, 对象: 甲.乙, 看: 值, 按: 名, 依据: …}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen.check.filing import Filing
from perfgen.check.reasons import Reasons, innermost, line_in, reasons_in
from perfgen.findings import Finding
from perfgen.form.all_units import Seen, UnitFile, Year, kinds
from perfgen.form.formulas import FormulaError
from perfgen.form.rules import AllUnitsRule
from perfgen.project.layout import DataFile


@dataclass(frozen=True)
class Extract:
    """What the rules over all units need of one filing."""

    file: DataFile
    form: str
    seen: Mapping[str, tuple[Seen, ...]]
    """By rule id."""
    reasons: Reasons
    """The written answers to its findings."""
    continues: tuple[DataFile, ...] = ()
    """The files of the year before that are the same unit's, under whatever name."""
    section: str = ""
    """The field for reasons by the name of a row."""


@dataclass(frozen=True)
class Filed:
    """A file that is there, with the form that it names."""

    form: str
    file: DataFile
    continues: tuple[DataFile, ...] = ()
    """As of an extract."""


def extract(filing: Filing, continues: tuple[DataFile, ...] = ()) -> Extract:
    """Takes out of a well-formed filing what its form's rules over all units look at."""
    rules, source = filing.form.rules, filing.document.file
    unit = replace(_unit_file(filing), last_year=_last_year(filing))
    seen = {rule.id: tuple(kinds()[rule.kind].look(rule, unit)) for rule in rules.all_units.values()}
    return Extract(DataFile.at(source), filing.form.name, seen, reasons_in(filing), continues, _section(filing))


def _unit_file(filing: Filing) -> UnitFile:
    """What rules may look at of a filing. Raises FormulaError where a figure cannot be computed."""
    document, form = filing.document, filing.form
    return UnitFile(
        filing.formula_view, form.rules.parameters, document.file, document.place, document.data, form.fields
    )


def _last_year(filing: Filing) -> UnitFile | None:
    before = filing.earlier(1)
    if not isinstance(before, Filing):
        return None
    try:
        return _unit_file(before)
    except FormulaError:
        return None


def _section(filing: Filing) -> str:
    """The field where a reason by the name of a row alone stands; empty where the form has none."""
    return filing.form.fields.find_role("reasons") or ""


def check_all_units(
    extracts: Iterable[Extract],
    rules: Mapping[str, Mapping[str, AllUnitsRule]],
    filed: Iterable[Filed] = (),
) -> Iterator[Finding]:
    """The findings over all units, with the written reasons that answer them; `rules` are by form and id.

    `filed` are files that are there and were not taken anything out of: what is there is not missing.
    """
    by_year: dict[tuple[str, str], list[Extract]] = defaultdict(list)
    of_file = {}
    for unit in extracts:
        by_year[unit.form, unit.file.year].append(unit)
        of_file[unit.file.source] = unit
    there: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    taken = (Filed(unit.form, unit.file, unit.continues) for units in by_year.values() for unit in units)
    for one in (*taken, *filed):
        there[one.form, one.file.year].append(one)
    for (form, year), of_year in sorted(there.items()):
        units = by_year.get((form, year), [])
        before = by_year.get((form, str(int(year) - 1)), []) if year.isdigit() else []
        files, files_before = tuple(one.file for one in of_year), tuple(unit.file for unit in before)
        continued = frozenset(file for one in of_year for file in one.continues)
        for rule in rules.get(form, {}).values():
            seen = tuple(thing for unit in units for thing in unit.seen[rule.id])
            for names, finding in kinds()[rule.kind].compare(rule, Year(year, seen, files, files_before, continued)):
                yield _answered(finding, rule, (names,) if isinstance(names, str) else names, of_file)


def _answered(finding: Finding, rule: AllUnitsRule, names: tuple[str, ...], of_file: Mapping[str, Extract]) -> Finding:
    """A finding with its reason, or with where one goes where the rule says what it asks."""
    unit = of_file[finding.place.file]
    reason = unit.reasons.of(rule.id, names)
    if not rule.asks or reason:
        return replace(finding, reason=reason)
    named = innermost(unit.reasons.by_name, names)
    if named:
        return replace(finding, reason=unit.reasons.by_name[named])
    return (
        replace(finding, hint=f"{finding.hint.rstrip('。')}：{line_in(unit.section, names[-1])}。")
        if unit.section
        else finding
    )
