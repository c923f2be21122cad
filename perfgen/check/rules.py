"""The audit rules of the form, row by row: broken, or undecided because something is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from perfgen.filing import Filing
from perfgen.findings import Finding, FormError, Level, Path, Place
from perfgen.formulas import FormulaError, Undecided
from perfgen.outline import Row
from perfgen.rules import EARLIER, Rule, Target, rows

ORDER = 60


def check(filing: Filing) -> Iterator[Finding]:
    """A finding for each object that breaks a rule, and one for each rule that cannot be decided.

    Raises FormError for a formula that cannot be computed over this data.
    """
    names = filing.names(EARLIER) | dict(filing.form.rules.parameters)
    for rule in filing.form.rules.rules.values():
        missing: dict[str, Path] = {}
        for target in rule.targets:
            for row, around in rows(filing.outline, target.path):
                try:
                    finding = _judge(rule, target, row, {**names, **around, **row}, filing)
                except Undecided as undecided:
                    missing.setdefault(undecided.reason, row.path)
                except FormulaError as error:
                    message = f"规则 {rule.id} 用在 {filing.document.place(row.path)} 时，{error}"
                    raise FormError([Finding(rule.place, "rule", message)]) from error
                else:
                    if finding:
                        yield finding
        if missing:
            yield _undecided(rule, missing, filing)


def _judge(rule: Rule, target: Target, row: Row, names: dict[str, Any], filing: Filing) -> Finding | None:
    for name, formula in target.where:
        names[name] = formula(names)
    if (target.when and not target.when(names)) or target.test(names):
        return None
    path = (*row.path, *target.points)
    place = _place(filing, path)
    return Finding(place, rule.id, target.say(names), target.fix(names), rule.level, path)


def _place(filing: Filing, path: Path) -> Place:
    """A value's place; of a list or group, the place of its name."""
    here: Any = filing.document.data
    for step in path:
        inside = step in here if isinstance(here, dict) else isinstance(here, list)
        here = here[step] if inside else None
    named = bool(path) and isinstance(path[-1], str) and isinstance(here, dict | list)
    return filing.document.place(path, key=named)


def _undecided(rule: Rule, missing: dict[str, Path], filing: Filing) -> Finding:
    reasons = list(missing)
    more = f"等 {len(reasons)} 个原因" if len(reasons) > 1 else ""
    path = missing[reasons[0]]
    message = f"{rule.name}：判断不了，{reasons[0]}{more}。"
    return Finding(_place(filing, path), rule.id, message, rule.fix, Level.UNDECIDED, path)
