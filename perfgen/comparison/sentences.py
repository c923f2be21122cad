"""Puts a change into words, for a reader who has never seen the data file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfgen import values
from perfgen.comparison.classify import Class, amounts, name_of
from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.labels import label_of
from perfgen.comparison.text_diff import changes_numbers, excerpt
from perfgen.data import Data
from perfgen.display import round_half_up, show, visible
from perfgen.fields import Field
from perfgen.values import Measure, Vocabulary

_LONG = 40
_TO_JUDGE = "，请人工判断"
"""What a reviewer is told of a target value that changed where nobody said which way is better."""


def sentence(difference: Difference, meaning: Class, vocabulary: Vocabulary, *, for_review: bool = True) -> str:
    """What happened, without the place: “由 ≥95% 改为 ≥90%，放宽 5 个百分点”; for other readers without what a reviewer
    is to do."""
    if difference.kind is DifferenceKind.RENAMED:
        return f"改名：原来叫“{_text(difference.old)}”，现在叫“{_text(difference.new)}”"
    if difference.kind is DifferenceKind.MOVED:
        return f"换了地方：原来在“{label_of(difference.came_from[:-1])}”"
    if difference.field.kind == "object" and difference.kind in (DifferenceKind.ADDED, DifferenceKind.REMOVED):
        return _row_sentence(difference)
    promise_sentence = _PROMISE_SENTENCES.get(meaning) if difference.field.is_promise else None
    if promise_sentence:
        statement = promise_sentence(difference, vocabulary)
        return f"{statement}{_TO_JUDGE}" if meaning is Class.NUMBER and for_review else statement
    if difference.field.outcome_of and meaning in _OUTCOME_SENTENCES:
        return _OUTCOME_SENTENCES[meaning](difference, vocabulary)
    if amount := amounts(difference):
        return _money_sentence(difference, *amount)
    if difference.field.numeric or difference.field.measure:
        return _number_sentence(difference)
    return _text_sentence(difference)


def before_after(difference: Difference) -> tuple[str, str]:
    """The old and the new value, or place of a row that moved, each on one line; empty where there is none."""
    if difference.kind is DifferenceKind.MOVED:
        return label_of(difference.came_from[:-1]), label_of(difference.steps[:-1])
    if difference.field.kind == "object":
        return _row_text(difference.old, difference.field), _row_text(difference.new, difference.field)
    unit = f" {difference.field.unit}" if difference.field.unit else ""
    before, after = ("" if value is None else _text(value) + unit for value in (difference.old, difference.new))
    return before, after


def without_before_after(difference: Difference, statement: str) -> str:
    """The sentence of a change without the old and the new value, for a table that shows both beside it."""
    before, after = before_after(difference)
    step = f"由 {before} 改为 {after}"
    remark = statement.removeprefix(f"{step}，").removeprefix(step)
    return remark.removesuffix(f"，原来是 {before}") if before else remark.removesuffix(f"，{after}")


def percent(part: Decimal, whole: Decimal) -> str:
    """A share in brackets, half-up to two places; nothing where there is no whole."""
    return f"（{show(round_half_up(100 * abs(part / whole), 2), '%')}）" if whole else ""


def money_step(old: Decimal, new: Decimal, unit: str) -> str:
    """By how much an amount grew or shrank, with its share of the old one: “增加 56.94 万元（3.95%）”."""
    return f"{'增加' if new > old else '减少'} {show(abs(new - old))} {unit}{percent(new - old, old)}"


def _text(value: Data) -> str:
    """A value on one line, cut where it is long."""
    if isinstance(value, dict | list):
        return "一组内容" if isinstance(value, dict) else "一个列表"
    if isinstance(value, bool):
        return str(value).lower()
    text = visible(show(value)).replace("\n", " ")
    return text if len(text) <= 2 * _LONG else text[: 2 * _LONG] + "…"


def _from_to(difference: Difference) -> str:
    before, after = before_after(difference)
    return f"由 {before} 改为 {after}"


def _row_sentence(difference: Difference) -> str:
    before, after = before_after(difference)
    if difference.kind is DifferenceKind.ADDED:
        return f"新增，{after}" if after else "新增"
    return f"取消了，原来是 {before}" if before else "取消了"


def _row_text(row: Data, field: Field) -> str:
    """A row by what counts in it: its target value, else its amounts of money."""
    if not isinstance(row, dict):
        return "" if row is None else _text(row)
    promised = field.promise()
    if promised and row.get(promised) is not None:
        return _text(row[promised])
    amounts_of_money = [
        (member.title or name, row.get(name), member.unit)
        for name, member in field.members.items()
        if member.unit and not member.is_past
    ]
    return "，".join(f"{title} {_text(value)} {unit}" for title, value, unit in amounts_of_money if value is not None)


def _money_sentence(difference: Difference, old: Decimal, new: Decimal) -> str:
    unit = difference.field.unit
    if difference.old is None:
        return f"原来没有，现在 {show(new)} {unit}"
    if difference.new is None:
        return f"取消了，原来 {show(old)} {unit}"
    return f"{_from_to(difference)}，{money_step(old, new, unit)}"


def _number_sentence(difference: Difference) -> str:
    if difference.old is None:
        statement = f"原来没有填，现在 {_text(difference.new)}"
    elif difference.new is None:
        statement = f"不填了，原来 {_text(difference.old)}"
    else:
        statement = _from_to(difference)
    return f"往年的数{statement}" if difference.field.is_past else statement


def _text_sentence(difference: Difference) -> str:
    old, new = difference.old, difference.new
    if old is None:
        return f"新增：“{_text(new)}”"
    if new is None:
        return f"删去了：“{_text(old)}”"
    if not isinstance(old, str) or not isinstance(new, str):
        return _from_to(difference)
    numbers = "，其中的数也变了" if changes_numbers(old, new) else ""
    if max(len(old), len(new)) <= _LONG:
        return f"文字由“{_text(old)}”改为“{_text(new)}”{numbers}"
    return f"改了文字{numbers}：{marked(old, new)}".rstrip("。")


def marked(old: str, new: str) -> str:
    """The changed parts of two long texts: 〔删：…〕〔增：…〕 within what stayed."""
    signs = {"same": "{}", "gone": "〔删：{}〕", "new": "〔增：{}〕"}
    return "".join(signs[kind].format(_text(text)) for kind, text in excerpt(old, new))


def _strength_sentence(difference: Difference, vocabulary: Vocabulary, verb: str) -> str:
    old, new = difference.measures
    if old.is_date and new.is_date:
        return f"{_from_to(difference)}，{verb}{_days_sentence(difference)}"
    if not old.is_number:
        scale = vocabulary.scale_of(old.word)
        return f"{_from_to(difference)}，{verb} {abs(scale.index(new.word) - scale.index(old.word))} 级"
    before, after = _limits(old, new, vocabulary.usual_signs(name_of(difference)))
    if before == after:
        return f"{_from_to(difference)}，{verb}（数没有变，“{old.sign}”改成了“{new.sign}”）"
    return f"{_from_to(difference)}，{verb} {_distance(new, before, after)}"


def _limits(old: Measure, new: Measure, usual: str) -> tuple[Decimal, Decimal]:
    """The amounts that count, before and after: the lower end of a range where more is better, else the upper end."""
    more_is_better = (values.better(old.sign, usual) or values.better(new.sign, usual)) > 0
    before, after = ((measure.amount if more_is_better else measure.upper) or Decimal(0) for measure in (old, new))
    return before, after


def _distance(new: Measure, before: Decimal, after: Decimal) -> str:
    """How far apart two amounts are, in the unit of the new value."""
    if new.unit == "%":
        return f"{show(abs(after - before))} 个百分点"
    return f"{new.in_words(abs(after - before))}{percent(after - before, before)}"


def _redefined_sentence(difference: Difference) -> str:
    old, new = difference.measures
    if _kind(old) != _kind(new):
        reason = f"由{_kind(old)}变成了{_kind(new)}"
    elif old.unit != new.unit:
        reason = f"单位由“{old.unit or '无'}”变成了“{new.unit or '无'}”"
    elif old.sign == new.sign and old.label != new.label:
        reason = f"前面的字由“{old.label or '无'}”变成了“{new.label or '无'}”"
    else:
        reason = f"方向由“{old.sign or '无'}”变成了“{new.sign or '无'}”"
    return f"{_from_to(difference)}，{reason}，前后不能直接比"


def _kind(measure: Measure) -> str:
    return "数" if measure.is_number else "日期" if measure.is_date else "文字"


def _days_sentence(difference: Difference) -> str:
    """By how much a date was moved: “：推迟 61 天”; of two years, each in its own year."""
    old, new = difference.measures
    days = values.days_between(old, new)
    if not days:
        return f"（日子没有变，“{old.sign or '没有写'}”改成了“{new.sign or '没有写'}”）"
    own = "各按自己的年度，" if values.in_same_year(old, new) else ""
    return f"：{own}{'推迟' if days > 0 else '提前'} {show(abs(days))} 天"


def _corrected_sentence(difference: Difference) -> str:
    """How an outcome was corrected; what is no longer counted the same way is said."""
    old, new = difference.measures
    if difference.new is None or new.is_blank:
        return f"更正结果：不填了，原来是 {_text(difference.old)}"
    statement = f"{_from_to(difference)}，更正结果"
    if old.is_date and new.is_date:
        return statement + (_days_sentence(difference) if values.days_between(old, new) else "")
    if not old.is_blank and (_kind(old) != _kind(new) or old.unit != new.unit):
        return f"{statement}，{_redefined_sentence(difference).removeprefix(_from_to(difference) + '，')}"
    return statement


def _undirected_sentence(difference: Difference) -> str:
    old, new = difference.measures
    statement = _from_to(difference)
    if old.is_date and new.is_date:
        return f"{statement}；不在各自的年度里，看不出早晚"
    if old.amount is not None and new.amount is not None and old.amount != new.amount:
        verb = "增加" if new.amount > old.amount else "减少"
        statement += f"，{verb} {_distance(new, old.amount, new.amount)}"
    return f"{statement}；没有写明多好还是少好"


def _rewording_sentence(difference: Difference, vocabulary: Vocabulary) -> str:
    old, new = difference.measures
    if values.compare_measures(old, new, name_of(difference), vocabulary) is values.MeasureChange.SAME:
        return f"写法由“{_text(difference.old)}”改为“{_text(difference.new)}”，意思没有变"
    return _text_sentence(difference)


_PROMISE_SENTENCES: dict[Class, Callable[[Difference, Vocabulary], str]] = {
    Class.WEAKER: lambda d, v: _strength_sentence(d, v, "放宽"),
    Class.STRICTER: lambda d, v: _strength_sentence(d, v, "收紧"),
    Class.REDEFINED: lambda d, _: _redefined_sentence(d),
    Class.NUMBER: lambda d, _: _undirected_sentence(d),
    Class.WORDS: _rewording_sentence,
    Class.DROPPED: lambda d, _: (
        f"取消了，原来是 {_text(d.old)}，现在{'没有填' if d.new is None else f'是“{_text(d.new)}”'}"
    ),
    Class.ADDED: lambda d, _: f"原来没有，现在 {_text(d.new)}",
}
_OUTCOME_SENTENCES: dict[Class, Callable[[Difference, Vocabulary], str]] = {
    Class.CORRECTED: lambda d, _: _corrected_sentence(d),
    Class.ADDED: lambda d, _: f"填了结果 {_text(d.new)}",
    Class.WORDS: _rewording_sentence,
}
