"""What formulas may call: functions and list filters, each with what it takes and gives.

Texts and lists that are absent count as empty; an absent number stays absent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from perfgen import values
from perfgen.display import round_half_up
from perfgen.form import text_marks, value_advice
from perfgen.form.formula_tiers import greatest, least, looked_up, mean, over_column, tier, value_in
from perfgen.form.formula_view import FormulaNames, FormulaRow
from perfgen.form.holes import Hole, HoleNeededError
from perfgen.form.patterns import compile_pattern
from perfgen.form.row_list import RowList
from perfgen.form.wordings import date_problem, meant
from perfgen.values import Measure, MeasureChange, Vocabulary

_CHANGES = {
    MeasureChange.SAME: "相同", MeasureChange.STRICTER: "趋严", MeasureChange.WEAKER: "放宽",
    MeasureChange.REDEFINED: "口径变化", MeasureChange.CHANGED: "改变", MeasureChange.REWORDED: "改写",
}  # fmt: skip

# an amount inside prose: a number with what it counts, but no year, date or document number; 3,200人 is one number
_QUANTITY = re.compile(
    r"(?<![\d.〔\[])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[万亿]?(?:元|人次|人|个|项|家|件|户|次|场|公里|平方米|套|亩|吨)|[%％‰])"
)


@dataclass(frozen=True)
class Function:
    """A callable with the kinds it takes; `*` repeats the kind before it."""

    call: Callable[..., Any]
    takes: tuple[str, ...]
    gives: str
    uses_words: bool = False
    """Whether it takes the form's vocabulary as its first argument."""
    help: str = ""


def add(*terms: Decimal | None) -> Decimal | None:
    """The sum of what is there; None if nothing is there."""
    present = [term for term in terms if term is not None]
    return sum(present, Decimal(0)) if present else None


def percentage(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """100 × part ÷ whole, half-up to two places; 0 for a zero, None for an absent part."""
    if part is None or whole is None:
        return None
    return round_half_up(100 * part / whole, 2) if whole else Decimal(0)


def found_words(text: str | None, words: Iterable[str]) -> list[str]:
    """Those of the words that occur in a text."""
    return [word for word in words if word and word in (text or "")]


def shares_words(text: str | None, others: Iterable[str | None], length: Decimal) -> bool:
    """Whether a text has `length` characters in a row in common with one of the others."""
    size, plain = int(length), values.plain_name(text or "")
    pieces = {plain[i : i + size] for i in range(len(plain) - size + 1)}
    return any(piece in values.plain_name(other or "") for other in others for piece in pieces)


def _measure(row: FormulaRow | None) -> Measure:
    return row.measure if row is not None and row.measure is not None else values.parse(None)


def _known_measure(row: FormulaRow | Hole | None) -> Measure:
    """The same, where a hole is as good as nothing."""
    return _measure(None if isinstance(row, Hole) else row)


def _step(words: Vocabulary, old: FormulaRow | None, new: FormulaRow | None, name: str) -> str:
    if _measure(old).is_blank or _measure(new).is_blank:
        return ""
    return _CHANGES[values.compare_measures(_measure(old), _measure(new), name, words)]


def _first_known(texts: Iterable[str | Hole | None]) -> str:
    """The first text that says something; a hole says nothing, as one that is absent."""
    return next((text for text in texts if isinstance(text, str) and text), "")


def _rounded(value: Decimal | None, places: Decimal) -> Decimal | None:
    return None if value is None else round_half_up(value, int(places))


def _quantities(texts: Iterable[str | None]) -> list[str]:
    found = [match.replace(",", "") for text in texts for match in _QUANTITY.findall(_narrow(text or ""))]
    return list(dict.fromkeys(found))


def _narrow(text: str) -> str:
    """A text with narrow digits and signs; a wide comma stays, it parts sentences and no thousands."""
    return "，".join(unicodedata.normalize("NFKC", part) for part in text.split("，"))


FUNCTIONS: dict[str, Function] = {
    "求和": Function(add, ("number", "*"), "number", help="相加；没填的不算，全没填就是没有"),
    "百分比": Function(percentage, ("number", "number"), "number", help="部分占全部的百分数，两位小数"),
    "绝对值": Function(lambda n: None if n is None else abs(n), ("number",), "number", help="去掉负号"),
    "四舍五入": Function(_rounded, ("number", "number"), "number", help="四舍五入到几位小数"),
    "最小": Function(least, ("number", "*"), "number", help="最小的一个；有一个没填就是没有"),
    "最大": Function(greatest, ("number", "*"), "number", help="最大的一个；有一个没填就是没有"),
    "按档": Function(
        tier, ("number", "numbers", "results"), "result",
        help="数达到（≥）哪个界限，就是哪个结果，例如 按档(总分, [90, 80, 60], ['优', '良', '中', '差'])；"
        "界限从大到小，结果多一个，都达不到就是最后一个",
    ),
    "查表": Function(
        looked_up, ("text", "texts", "results"), "result",
        help="词在前一个列表里是第几个，就是后一个列表里的第几个，例如 查表(值.等级, ['优', '良', '差'], [1, 0.8, 0])；"
        "不在里面就是没有",
    ),
    "字数": Function(lambda t: Decimal(len(t or "")), ("text",), "number", help="有几个字"),
    "符合": Function(
        lambda t, pattern: compile_pattern(pattern).occurs(t or ""), ("text", "pattern"), "flag",
        help="文字里有没有这样的写法（正则表达式）"
    ),
    "包含": Function(
        lambda t, part: bool(part) and part in (t or ""), ("text", "text"), "flag", help="前一段文字里有没有后一段"
    ),
    "找词": Function(found_words, ("text", "texts"), "texts", help="词表里的哪些词出现在文字里"),
    "有多余空格": Function(
        text_marks.has_spare_blanks, ("text",), "flag",
        help="文字的开头、结尾、汉字之间有没有空格，有没有全角的、连着的空格",
    ),
    "有换行": Function(text_marks.has_line_breaks, ("text",), "flag", help="文字里有没有换行"),
    "结尾是括号": Function(text_marks.ends_in_brackets, ("text",), "flag", help="文字是不是以括号里的内容结尾"),
    "去掉编号": Function(text_marks.without_number, ("text",), "text", help="去掉文字最后的数字：甲2、甲二都是 甲"),
    "开头": Function(
        lambda t, starts: (t or "").startswith(tuple(starts)), ("text", "texts"), "flag",
        help="文字是不是以词表里的词开头",
    ),
    "结尾": Function(
        lambda t, ends: (t or "").endswith(tuple(ends)), ("text", "texts"), "flag", help="文字是不是以词表里的词结尾"
    ),
    "结尾的": Function(
        lambda texts, ends: [t for t in texts if (t or "").endswith(tuple(ends))], ("texts", "texts"), "texts",
        help="几段文字里以词表里的词结尾的",
    ),
    "缺少": Function(
        lambda wanted, there: [t for t in wanted if t not in there], ("texts", "texts"), "texts",
        help="应有的文字里，后一个列表没有的",
    ),
    "数量": Function(_quantities, ("texts",), "texts", help="文字里的数量，例如 60项、8%"),
    "有共同的字": Function(
        shares_words, ("text", "texts", "number"), "flag", help="和其中一段文字有没有连着几个字相同"
    ),
    "常用方向": Function(
        lambda w, name: list(w.usual_signs(name)), ("text",), "texts", True,
        help="这个名称常用的方向，没有就是空的列表（见“方向”一节）",
    ),
    "有等级": Function(
        lambda w, word: bool(w.scale_of(word)), ("text",), "flag", True, help="这个词在不在“等级”一节的表里"
    ),
    "变化": Function(
        _step, ("measure", "measure", "text"), "text", True,
        help="从旧值到新值：相同、趋严、放宽、口径变化、改变、改写；日期提前是趋严，推迟是放宽（“起”反过来）；有一个没填就是空白",
    ),
    "写法": Function(
        lambda row: meant(_measure(row)).wording.value, ("measure",), "text",
        help="值的写法：区间、约数、全部（全覆盖）、汉字（百分之九十）、增减（增长5%，没有方向）、含本数（95%以上（含））、日期；别的是空白",
    ),
    "日期缺什么": Function(
        lambda row: date_problem(_measure(row)), ("measure",), "text",
        help="日期为什么不能比早晚：没有写哪一年、日历上没有这一天、是从一天到另一天……；能比的日期、不是日期的，是空白",
    ),
    "达成": Function(
        lambda w, promise, outcome, name: value_advice.achievement(w, _measure(promise), _measure(outcome), name).value,
        ("measure", "measure", "text"), "text", True,
        help="承诺和结果：达到、没有达到、不能比（单位不同、不是准数、看不出方向），按方向判断；有一个没填就是空白",
    ),
    "照今年": Function(
        lambda old, new: value_advice.as_in_year_of(_measure(old), _measure(new)), ("measure", "measure"), "text",
        help="上年的日期换到今年：2024年9月底前，今年的是 2025年11月底前，就是 2025年9月底前；不是日期的照原样",
    ),
    "应写成": Function(
        lambda w, row, name, *signs: value_advice.in_place_of(w, _measure(row), name, _first_known(signs)),
        ("measure", "text", "text", "*"), "text", True,
        help="带方向的准数，例如 ≥90%；方向照名称常用的，没有就照后面第一个填了的，都没有就写出两种",
    ),
    "区间应写成": Function(
        lambda w, row, name, last, *signs: value_advice.in_place_of_range(
            w, _measure(row), name, _known_measure(last), _first_known(signs)
        ),
        ("measure", "text", "measure", "text", "*"), "text", True,
        help="同“应写成”，写区间里不比后面那个值差的那一头；没有那个值，就和“应写成”一样",
    ),
    "照着写": Function(
        lambda w, row, last, target, name, *signs: value_advice.in_terms_of(
            w, _measure(row), (_measure(last), _known_measure(target)), name, _first_known(signs)
        ),
        ("measure", "measure", "measure", "text", "text", "*"), "text", True,
        help="第一个值照第二个值的样子写：提高3个百分点，第二个是 95%，就是 ≥98%；算不出来就举第二个值做例子；"
        "比第三个值差，就写第三个",
    ),
    "等级举例": Function(
        value_advice.example_of_grade, ("text",), "texts", True,
        help="每个等级表里最好的词；名称里有的话只要那一个",
    ),
    "不能比的原因": Function(
        lambda w, old, new, name: value_advice.why_unlike(w, _measure(old), _measure(new), name),
        ("measure", "measure", "text"), "text", True, help="两个值为什么不能比较；能比，或有一个没填，就是空白",
    ),
    "怎样能比": Function(
        lambda w, old, new, name: value_advice.to_be_alike(w, _measure(old), _measure(new), name),
        ("measure", "measure", "text"), "text", True, help="前一个值怎样写，两个值就能比较；能比就是空白",
    ),
}  # fmt: skip

FormulaRows = list[FormulaNames]


def _known(items: list[object]) -> list[object]:
    """The same items. Raises HoleNeededError where one of them is a hole."""
    if any(isinstance(item, Hole) for item in items):
        raise HoleNeededError
    return items


def add_column(rows: FormulaRows, column: str) -> Decimal | None:
    """The sum of a column, as `add` has it."""
    numbers = [value_in(row, column) for row in rows]
    return add(*(number for number in numbers if isinstance(number, Decimal)))


def select(rows: FormulaRows, **wanted: object) -> FormulaRows:
    """The rows whose fields equal what is wanted."""
    if len(wanted) == 1:  # the usual case, which rules ask for each row of all rows
        ((name, value),) = wanted.items()
        if isinstance(rows, RowList) and isinstance(value, str):
            return rows.having(name, value)
        return [row for row in rows if row[name] == value]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def count(items: list[object], *wanted: object) -> Decimal:
    """How many there are, or how many equal what is wanted."""
    return Decimal(sum(item == wanted[0] for item in items) if wanted else len(_known(items)))


def first(rows: FormulaRows) -> FormulaNames | None:
    """The first row, None where there is none."""
    return rows[0] if rows else None


def repeated(texts: list[str]) -> list[str]:
    """The texts that occur more than once."""
    return [text for text, times in Counter(texts).items() if times > 1 and text]


def seen_before(rows: FormulaRows, column: str) -> FormulaRows:
    """The rows whose text in a column stands in a row before them too."""
    texts = [value_in(row, column) for row in rows]
    first_at: dict[object, int] = {}
    for number, text in enumerate(texts):
        first_at.setdefault(text, number)
    return [row for number, row in enumerate(rows) if texts[number] and first_at[texts[number]] < number]


FILTERS: dict[str, Callable[..., Any]] = {
    "求和": add_column, "选取": select, "计数": count, "首个": first, "重复": repeated, "再次出现": seen_before,
    "平均": over_column(mean), "最大": over_column(max), "最小": over_column(min),
}  # fmt: skip
FILTER_HELP = {
    "求和": "列表 | 求和('字段')：把一列加起来；字段在一组里面的，写 求和('资金.总额')",
    "选取": "列表 | 选取(字段=值)：只留下字段等于这个值的行",
    "平均": "列表 | 平均('字段')：一列的平均数，没填的不算",
    "最大": "列表 | 最大('字段')：一列里最大的，没填的不算", "最小": "列表 | 最小('字段')：一列里最小的，没填的不算",
    "计数": "列表 | 计数，列表 | 计数(值)：有几个，有几个等于这个值", "首个": "列表 | 首个：第一行；没有就是 无",
    "重复": "列表.字段 | 重复：出现不止一次的文字",
    "再次出现": "列表 | 再次出现('字段')：前面已经有一行字段相同的行；“指向”可以写它们的名称，就在每一行说一次",
}  # fmt: skip
