"""A figure that the author typed too is a claim; it is held against what was computed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from perfgen.check.filing import Filing
from perfgen.data import Data, path_text
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.form.figures import names_of
from perfgen.form.sentences import in_words

ORDER = 50
GATE = False
RULES = {
    "figure-claim": "写出来的合计或占比和计算的不一样，而没有哪条规则管它。",
}
_HINT = "这个数由程序计算：删掉这一项，或改正相关的数。"


def check(filing: Filing) -> Iterator[Finding]:
    """A finding for each claim that differs, under the rule that judges it."""
    units = filing.form.figures.units
    for path, value in filing.figures.items():
        typed = filing.document.value(path)
        unit = units.get(names_of(path), "")
        if typed is None or not filing.is_usable(path) or (value is not None and _number(typed, unit) == value):
            continue
        rule = filing.form.rules.claimed(names_of(path))
        rule_id, level = (rule.id, rule.level) if rule else ("figure-claim", Level.ERROR)
        computed = f"，计算结果是 {in_words(value)}{unit}" if value is not None else "，可是算它要用的数都没有填"
        message = f"{path_text(path)} 写的是 {show(typed)}{computed}。"
        hint = rule.fix if rule and rule.fix else _HINT
        yield Finding(filing.document.place(path), rule_id, message, hint, level, path)


def _number(typed: Data, unit: str) -> Decimal | None:
    """A claim as a number; one typed as text may carry the figure's unit."""
    if isinstance(typed, Decimal):
        return typed
    try:
        return Decimal(str(typed).strip().replace("％", "%").removesuffix(unit))
    except InvalidOperation:
        return None
