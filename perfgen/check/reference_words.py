"""A reference in full, as text; with a filing, which files it finds there, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.form.formulas import Formula, Unavailable
from perfgen.form.references import BACK, COPIES, FORM, HOW_MANY, KEYS, MANY, ONE, Reference
from perfgen.form.rules import Rule
from perfgen.form.rules_document import REFERENCES

_NAMED = 10
"""How many files are named at most."""


def explain_reference(reference: Reference) -> Iterator[str]:
    """What a reference says, line by line."""
    yield f"{reference.name} {REFERENCES}"
    yield f"  {FORM}：{reference.form}"
    yield f"  {BACK}：{reference.years} 年" if reference.years else f"  {BACK}：同一年"
    keys = (f"{key.there} = 本表的 {key.here}" for key in reference.keys)
    yield f"  {KEYS}：{'，'.join(keys)}"
    yield f"  {HOW_MANY}：{MANY if reference.many else ONE}"
    if reference.copies:
        yield f"  {COPIES}：{'、'.join('.'.join(place) for place in sorted(reference.copies))}"
    yield f"  写在：{reference.place}"


def explain_found(filing: Filing, name: str) -> Iterator[str]:
    """Which files a reference finds in a filing, or why there are none."""
    found = filing.refer(name)
    if isinstance(found, Unavailable):
        yield f"  {name}：{found.reason}。{found.advice}"
        return
    files = [other.document.file for other in found]
    more = f"等 {len(files)} 个" if len(files) > _NAMED else ""
    yield f"  {name}：{'、'.join(files[:_NAMED])}{more}" if files else f"  {name}：一个也没有"


def references_of(rule: Rule, filing: Filing) -> Iterator[str]:
    """The references that a rule uses: in its formulas, or in its sentences."""
    claimed = map(filing.form.figures.at, rule.claims)
    formulas: list[Formula] = [figure.formula for figure in claimed if figure]
    for target in rule.targets:
        formulas += [target.test, *(formula for _, formula in target.where), *([target.when] if target.when else [])]
    for name in filing.form.references:
        if any(formula.mentions(name) for formula in formulas) or name in rule.say or name in rule.fix:
            yield name
