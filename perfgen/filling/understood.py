"""How a text is understood that somebody types in a place of a form, in words, before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.path_labels import path_labels
from perfgen.data import Data, ValuePath, as_group
from perfgen.display import show
from perfgen.filling.sheet import Sheet
from perfgen.filling.slots import SlotKind, slot
from perfgen.filling.typed import typed_value
from perfgen.notation import normalized
from perfgen.values import Measure, Vocabulary, parse, read_date

_SIGNS = {"≥": "不低于", "≤": "不超过", ">": "高于", "<": "低于", "=": "正好"}
_DAYS = {"≥": "不早于", "≤": "不晚于", ">": "晚于", "<": "早于", "=": "就在"}
_CHANGES = {1: "要增加", -1: "要减少"}


@dataclass(frozen=True)
class Understood:
    """What a typed text says."""

    parts: tuple[tuple[str, str], ...] = ()
    """What each part of it is, and says: 方向, 数, 单位; 期限; 等级."""
    trouble: str = ""
    """Why it cannot be held against anything; empty where it can, and where nothing was typed."""
    remarks: tuple[str, ...] = ()
    """What is changed when it is saved, in sentences."""


def understood(sheet: Sheet, path: ValuePath, text: str) -> Understood:
    """How a text is understood in a place; nothing is said of one that stays as it is typed."""
    place = slot(sheet, path)
    if not place.is_editable or place.field is None or place.kind is SlotKind.NAME or not text.strip():
        return Understood()
    typed = typed_value(text, place.field, place.unit)
    if place.kind is SlotKind.MEASURE:
        name = _row_name(sheet, path)
        return in_words(_measure(typed.value, name), name, sheet.filing.form.rules.vocabulary, typed.remarks)
    if place.kind is SlotKind.NUMBER:
        if isinstance(typed.value, Decimal):
            return Understood(
                (("数", show(typed.value)),) if show(typed.value) != text.strip() else (), "", typed.remarks
            )
        return Understood((), "这里要一个数，不带单位。", typed.remarks)
    return Understood((), "", typed.remarks)


def in_words(measure: Measure, name: str, words: Vocabulary, remarks: tuple[str, ...] = ()) -> Understood:
    """What a target value says, in a row of a name, with the words that a form knows."""
    if measure.is_blank:
        return Understood((("没有", "写明了这一处没有"),), "", remarks)
    if measure.is_date:
        return Understood(tuple(_date(measure)), "", remarks)
    if measure.is_number:
        return Understood(tuple(_number(measure, name, words)), "", remarks)
    if scale := words.scale_of(measure.word):
        return Understood((("等级", f"{measure.word}（{'、'.join(scale)}，从好到差）"),), "", remarks)
    reading = read_date(normalized(measure.text)) if measure.may_be_date else None
    if reading is not None and reading.problem is not None:
        return Understood((), f"像是期限，{reading.problem.value}。", remarks)
    return Understood((), "当成文字：看不出方向、数和单位，也不是等级或期限，到时候不好比。", remarks)


def _number(measure: Measure, name: str, words: Vocabulary) -> list[tuple[str, str]]:
    parts = [("说的是", measure.label)] if measure.label and not measure.change else []
    usual = words.usual_signs(name)
    if measure.change:
        parts.append(("变化", _CHANGES[measure.change]))
    if measure.sign:
        parts.append(("方向", f"{measure.sign}（{_SIGNS[measure.sign]}）"))
    elif measure.high is None:
        parts.append(("方向", f"没有写，按名称是 {usual[0]}（{_SIGNS[usual[0]]}）" if usual else "没有写"))
    number = show(measure.number)
    parts.append(("数", number if measure.high is None else f"{number} 到 {show(measure.high)}"))
    unit = measure.typed_unit
    if measure.scale != 1 and measure.amount is not None:
        unit = f"{unit}，就是 {show(measure.amount)}{measure.unit}"
    parts.append(("单位", unit or "没有写"))
    return parts


def _date(measure: Measure) -> list[tuple[str, str]]:
    assert measure.period is not None
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in (measure.period.first, measure.period.last))
    day = first if measure.sign in ("≥", ">") else last
    said = f"{_DAYS[measure.sign]} {day}" if measure.sign else last if first == last else f"{first}到{last}"
    return [*([("说的是", measure.label)] if measure.label else []), ("期限", said)]


def _measure(value: Data, name: str) -> Measure:
    """A target value as it is read where the row has a name that may say its unit."""
    return parse(value if isinstance(value, str | Decimal) else None).under(name)


def _row_name(sheet: Sheet, path: ValuePath) -> str:
    """The name of the row that a value stands in; empty where it has none."""
    document, fields = sheet.filing.document, sheet.filing.form.fields
    if not as_group(document.value(path[:-1])):
        return ""
    return path_labels(document.data, fields, path[:-1])[-1] if len(path) > 1 else ""
