"""The audit rules of the form: a finding for each object that breaks one, and for each left undecided."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check import reasons
from perfgen.check.evaluate import Evaluation, Verdict, to_be_told
from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level, Place
from perfgen.form.formulas import FormulaError
from perfgen.form.rules import WHERE_TO_ANSWER, Rule

ORDER = 60
GATE = False
RULES: dict[str, str] = {}  # the ids of its findings are those of the form


def check(filing: Filing) -> Iterator[Finding]:
    """The findings of every rule, in the order of the rules file; of an undecided one only what is missing.

    Raises FormError for a formula that cannot be computed over this data.
    """
    for rule in filing.form.rules.rules.values():
        missing: dict[str, ValuePath] = {}
        unfilled: ValuePath | None = None
        for one in to_be_told(rule, filing):
            if one.outcome is Verdict.BROKEN:
                say, fix = _sentences(rule, one, filing)
                yield Finding(_place(filing, one.path), rule.id, say, fix, rule.level, one.path)
            elif one.outcome is Verdict.UNDECIDED:
                missing.setdefault(one.reason, one.row.path)
            elif one.outcome is Verdict.UNFILLED:
                unfilled = one.row.path
        if missing:
            yield _undecided(rule, missing, filing)
        elif unfilled is not None:
            yield Finding(_place(filing, unfilled), rule.id, "还没有填好", "", Level.UNDECIDED, unfilled, unfilled=True)


def _sentences(rule: Rule, one: Evaluation, filing: Filing) -> tuple[str, str]:
    """What is said of a broken rule, and what to do about it."""
    line = reasons.line_for(rule, _row_names(one, filing), filing.form)
    try:
        return one.target.say(one.names), one.target.fix({**one.names, WHERE_TO_ANSWER: line})
    except FormulaError as error:
        error.place = rule.place
        raise


def _row_names(one: Evaluation, filing: Filing) -> tuple[str, ...]:
    """The names that lead to the row a rule looked at; none for a rule about the whole form."""
    return path_labels(filing.document.data, filing.form.fields, one.row.path)


def _place(filing: Filing, path: ValuePath) -> Place:
    """A value's place; of a list or group, the place of its name."""
    named = bool(path) and isinstance(path[-1], str) and isinstance(filing.document.value(path), dict | list)
    return filing.document.place(path, key=named)


def _undecided(rule: Rule, missing: dict[str, ValuePath], filing: Filing) -> Finding:
    reasons = list(missing)
    more = f"等 {len(reasons)} 个原因" if len(reasons) > 1 else ""
    path = missing[reasons[0]]
    return Finding(_place(filing, path), rule.id, f"{reasons[0]}{more}", level=Level.UNDECIDED, path=path)
