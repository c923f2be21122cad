"""What formulas say of a value that cannot be used as it stands: why, and what to write in its place."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from perfgen.form.wordings import POINTS, Wording, date_problem, exact, meant, suggestions, with_sign
from perfgen.values import (
    Achievement,
    Measure,
    MeasureChange,
    Unlike,
    Vocabulary,
    better,
    compare_measures,
    in_same_year,
    parse,
    plain_name,
    reached,
    side_by_side,
    unlike,
)

_OR = "，或 "
_MORE_OR_LESS = {"≥": "（越多越好）", "≤": "（越少越好）"}
_KINDS = {
    Wording.RANGE: "是区间", Wording.ABOUT: "不是准数", Wording.ALL: "是全部的意思", Wording.SPELLED: "是汉字写的数",
    Wording.DATE: "是日期",
}  # fmt: skip


def in_place_of(words: Vocabulary, measure: Measure, name: str, sign: str = "") -> str:
    """What can be written in place of a value, empty if that is not known.

    `≥90%`, by the direction that is usual for the name, or else by `sign`, that of the same name elsewhere; without
    either both ways: `≥60次（越多越好），或 ≤60次（越少越好）`.
    """
    found = suggestions(measure, words.usual_signs(name or "") or sign)
    if len(found) < 2 or len({parse(text).sign for text in found}) < 2:
        return _OR.join(found)
    return _OR.join(text + next((said for sign, said in _MORE_OR_LESS.items() if sign in text), "") for text in found)


def in_place_of_range(words: Vocabulary, measure: Measure, name: str, last: Measure, sign: str = "") -> str:
    """What can be written in place of a range, as `in_place_of`: the end that is not worse than last year's target.

    The direction of last year's target counts where no other is known.
    """
    plain = in_place_of(words, measure, name, sign or last.sign)
    direction, ends = parse(plain).sign, meant(measure).amounts
    if not direction or not _is_worse(words, last, plain, name):
        return plain
    others = [with_sign(end.text, direction) for end in map(parse, ends) if not end.sign]
    return next((other for other in others if other and not _is_worse(words, last, other, name)), plain)


def _is_worse(words: Vocabulary, last: Measure, typed: str, name: str) -> bool:
    return not last.is_blank and compare_measures(last, parse(typed), name, words) is MeasureChange.WEAKER


def example_of_grade(words: Vocabulary, name: str) -> list[str]:
    """The best grade of each scale that fits a name; of all scales where none does."""
    best = [scale[0] for scale in words.grades if scale]
    return [grade for grade in best if grade in plain_name(name or "")] or best


def why_unlike(words: Vocabulary, old: Measure, new: Measure, name: str) -> str:
    """Why two values cannot be compared, as a part of a sentence; empty where they can, or one was not filled in."""
    before, after = side_by_side(exact(old), exact(new), name or "")
    cause = _unlike(words, before, after, name)
    for typed, measure in ((old, before), (new, after)):
        if cause and not measure.is_number and (said := _kind(typed)):
            return f"“{typed.text}”{said}"
    if cause is None and (said := _kind(old)) and after.is_number:
        return f"“{old.text}”{said}"
    if cause is Unlike.UNIT:
        if vague := next((typed for typed in (old, new) if meant(typed).wording is Wording.ALL), None):
            return f"“{vague.text}”没有说多少"
        missing = next((measure for measure in (before, after) if not measure.unit), None)
        return f"“{missing.text}”没有单位" if missing else f"单位不同（{before.typed_unit}、{after.typed_unit}）"
    if cause is Unlike.CHANGE:
        changes = old if _is_change(before) else new
        return f"“{changes.text}”是变化了多少，另一个是做到多少"
    if cause is Unlike.LABEL:
        return f"“{before.label}”和“{after.label}”说的不是同一件事"
    return {Unlike.DIRECTION: "方向不同", Unlike.NUMBER: "一个是数，一个是文字"}[cause] if cause else ""


def _kind(typed: Measure) -> str:
    """What a value is that is no amount, or no date that can be compared; empty for any other."""
    return date_problem(typed) or _KINDS.get(meant(typed).wording, "")


def to_be_alike(words: Vocabulary, old: Measure, new: Measure, name: str) -> str:
    """What to do with the first of two values so that both can be compared; empty where they can."""
    if not why_unlike(words, old, new, name):
        return ""
    before, after = side_by_side(exact(old), exact(new), name or "")
    if dated := suggestions(old, "") if date_problem(old) else []:
        return f"写成 {dated[0]}"
    if len(meant(old).amounts) > 1:
        return f"写成 {_OR.join(meant(old).amounts)}"
    cause = _unlike(words, before, after, name)
    if cause is None:
        return f"写成 {before.text}"
    if before.is_date != after.is_date:
        return "两个都写日期，写明年，例如 2025年9月底前；或者都不写日期"
    if cause is Unlike.CHANGE:
        return "两个都写做到多少，或者都写变化多少，例如 增长≥5%"
    if cause is Unlike.UNIT and before.number is not None:
        return _with_unit_of(before, after)
    return {Unlike.LABEL: "两个写同一件事", Unlike.DIRECTION: "两个写一样的方向"}.get(
        cause, "两个都写成数和单位，或者都写成等级"
    )


def _unlike(words: Vocabulary, old: Measure, new: Measure, name: str) -> Unlike | None:
    """As `values.unlike`; an amount that only a change has is one, whether or not it says up or down."""
    cause = unlike(old, new, name or "", words)
    return Unlike.CHANGE if cause is Unlike.UNIT and _is_change(old) != _is_change(new) else cause


def _is_change(measure: Measure) -> bool:
    return measure.is_change or measure.unit in POINTS


def in_terms_of(words: Vocabulary, measure: Measure, others: tuple[Measure, Measure], name: str, sign: str = "") -> str:
    """How a value is written as the last one is: how much there is then, `≥98%` for 提高3个百分点 beside 95%.

    Where that is not known, an example: the last one with the usual sign, or `sign`. `others` are the last value and
    the last target: that target where the value would be worse.
    """
    last, target = others
    found = _in_terms_of(words, measure, last, name, sign or target.sign)
    return target.text if _is_worse(words, target, found, name) else found


def _in_terms_of(words: Vocabulary, measure: Measure, last: Measure, name: str, sign: str) -> str:
    base, usual = exact(last), words.usual_signs(name or "") or sign
    change = exact(measure) if measure.is_number or meant(measure).wording is Wording.CHANGE else measure
    best = better("", usual)
    way = change.change or (best if _is_change(change) else 0)
    reached = _reached(base, change, way) if best in (0, way) else None
    if reached is not None:
        return f"{'≥' if way > 0 else '≤'}{base.in_words(reached)}"
    return in_place_of(words, last, name, sign) or last.text


def _reached(base: Measure, change: Measure, way: int) -> Decimal | None:
    """How much there is after a change, in the base unit; None where it is not known, or no share is so large."""
    if base.amount is None or change.amount is None or not way or _is_change(base):
        return None
    if base.unit == "%":
        share = base.amount + way * change.amount if change.unit in POINTS else Decimal(-1)
        return share if 0 <= share <= 100 else None
    if change.unit == base.unit:
        return base.amount + way * change.amount
    if change.unit != "%":
        return None
    exactly = base.amount * (100 + way * change.amount) / 100
    is_counted = base.scale == 1 and base.amount == base.amount.to_integral_value()
    return exactly.to_integral_value(ROUND_CEILING if way > 0 else ROUND_FLOOR) if is_counted else exactly


def achievement(words: Vocabulary, promise: Measure, outcome: Measure, name: str) -> Achievement:
    """Whether an outcome is what was promised, as `values.reached`; words that can only mean one amount count as it."""
    return reached(_meant_amount(promise), _meant_amount(outcome), name or "", words)


def _meant_amount(measure: Measure) -> Measure:
    """As `wordings.exact`, but a number that is said not to be exact stays words: it may be more or less."""
    return measure if meant(measure).wording is Wording.ABOUT else exact(measure)


def as_in_year_of(old: Measure, new: Measure) -> str:
    """A date of last year's file as this year's would say it: 2024年9月底前 beside 2025年11月底前 is 2025年9月底前.

    Any other value, and a date that is not compared within its year, as it was typed.
    """
    if not in_same_year(old, new):
        return old.text
    assert old.period is not None and new.period is not None
    day = old.period.in_year(new.period.last.year).last
    moved = old.text.replace(str(old.period.last.year), str(day.year))
    is_moved = moved != old.text and parse(moved).is_date
    return moved if is_moved else f"{day.year}年{day.month}月{day.day}日前"


def _with_unit_of(before: Measure, after: Measure) -> str:
    """Units that the other's only adds to are written out; another one is left to people."""
    assert before.number is not None
    if not after.unit:
        return "给没有单位的写上单位"
    if not before.unit or after.unit.startswith((f"{before.unit}/", f"{before.unit}(")):
        unit = after.typed_unit if not before.unit else after.typed_unit.replace(after.unit, after.unit, 1)
        number = before.in_words(before.number * before.scale).removesuffix(before.typed_unit)
        typed = f"{before.label}{before.sign}{number}{unit}"
        return f"写成 {typed}" if parse(typed).unit == after.unit else f"单位写成“{after.typed_unit}”"
    return f"单位都用“{after.typed_unit}”"
