"""What makes a text doubtful though any text may stand there: two values, what the blank form said, a misread sign."""

from __future__ import annotations

import re
from decimal import Decimal

from perfgen import values
from perfgen.fields import Field
from perfgen.importing.folding import cleaned, shortened
from perfgen.notation import narrow
from perfgen.source.characters import INVISIBLE
from perfgen.values import Vocabulary

_PARTS = re.compile(r"[\s、，,;；/／|]+|和|及|或")
_PLACEHOLDER = re.compile(r"[*＊]{2,}|[×✕]{2,}|(?<![A-Za-z])[XxＸｘ]{2,}(?![A-Za-z])|_{2,}|＿{2,}")
"""What a blank form has where a number or a name is to be put in."""
_DOTS = re.compile(r"[….。·．、\s]+")
_PROMPT = re.compile(r"[^\s:：。；，]{1,10}[:：]")
_REQUEST = re.compile(r"(?:单击|点击).{0,6}此处|[(（]?请(?:填写|选择|输入|在此)")
_NUMBERED_TITLE = re.compile(r"(\D{2,6})[\d一二三四五六七八九十]{1,2}[:：]?")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])0\d{0,2},\d{3}(?!\d)")
"""What looks like a number with a comma of thousands, but begins with 0."""
_SIGN_INSIDE = re.compile(r"([%‰])([≥≤><=])(\d+(?:\.\d+)?)")
_UNKNOWN_SIGN = re.compile(r"([^\w\s≥≤><=≧≦⩾⩽+\-~～约(（“\"'《.％%‰]{1,2}|[zZ])(\d.*)", re.DOTALL)
"""Something before a number that is neither a letter nor a direction."""
_WHOLE = 100
_TWO_FIRST = re.compile(r"2([1-9]\d*(?:\.\d+)?)(\D.*)?", re.DOTALL)


def is_broken(text: str) -> bool:
    """Whether white space, a break, or something that cannot be seen stands between two digits or signs of a number.

    Blanks around the number, and blanks before or inside what follows it, do not count; a break in a cell does.
    """
    kept = narrow(cleaned(text))
    if re.search(r"[^\S ]", kept):
        return True
    if re.search(r"[\d.,+-] +(?=[\d.,])", kept):
        return True
    hidden = INVISIBLE.sub("\x00", narrow(text)).strip("\x00 \t\r\n")
    return bool(re.search(r"[\d.,](?:\x00|\[bookmark[^\]\n]{0,60}\])+(?=[\d.,])", hidden))


def doubt_of(kept: str, text: str, field: Field) -> str:
    """Why a text is doubtful in a field, as a sentence; empty where it is not. `kept` is the text as it is kept."""
    return _left_over(kept, field) or (_of_target(kept, text) if field.measure else "")


def _left_over(kept: str, field: Field) -> str:
    """A remark for what the blank form has in its cells, so that it was not filled in."""
    flat = kept.strip()
    title = _NUMBERED_TITLE.fullmatch(flat)
    is_title = title is not None and bool(field.title) and field.title.endswith(title[1])
    dots = _DOTS.fullmatch(flat) and len(flat.replace(" ", "")) + flat.count("…") > 1
    if not (_PLACEHOLDER.search(flat) or dots or _PROMPT.fullmatch(flat) or _REQUEST.search(flat) or is_title):
        return ""
    return f"“{shortened(kept)}”像是空白表上原来的字，没有填。"


def _of_target(kept: str, text: str) -> str:
    """A remark for a target that may be two, or whose sign was misread."""
    given = narrow(kept).strip()
    shown = shortened(kept)
    parts = [values.parse(part) for part in _PARTS.split(given) if part]
    if sum(part.is_number for part in parts) > 1 and _is_parted(given):
        return f"“{shown}”里好像有两个值，照原样留着。"
    if is_broken(text) and values.parse(re.sub(r"\s", "", given)).is_number:
        return f"“{shown}”中间有空白或换行，看不出是一个数还是两个，照原样留着。"
    if _DECIMAL_COMMA.search(given):
        return f"“{shown}”里的逗号看不出是小数点还是千位分隔，照原样留着。"
    if inside := _SIGN_INSIDE.fullmatch(given):
        return f"“{shown}”的符号像是识别错了：是不是“≥{inside[3]}{inside[1]}”或“={inside[3]}{inside[1]}”？"
    is_drawn = "\u2500" <= given[:1] <= "\u257f"  # ═ is read as =, but on paper it may have been ≥ as well
    if (is_drawn or not values.parse(kept).sign) and (unknown := _UNKNOWN_SIGN.fullmatch(given)):
        return f"“{shown}”前面的“{unknown[1]}”像是识别错了的符号：是不是“≥{unknown[2]}”或“={unknown[2]}”？"
    return ""


def _is_parted(given: str) -> bool:
    """Whether what parts the numbers of a text is no comma of thousands."""
    return bool(_PARTS.search(re.sub(r"(?<=\d),(?=\d{3})", "", given)))


def lost_sign(target: str, past: list[str], name: str, vocabulary: Vocabulary) -> str:
    """A remark for a target without a direction that begins with 2, as ≥ is often misread; empty for others.

    `past` are the values of earlier years in the same row: a target that lies nearer to them with the 2 than without
    is meant as it stands. Where there are none, the name must be one that usually has a direction, or the target a
    share of more than a hundred.
    """
    match = _TWO_FIRST.fullmatch(narrow(target).strip())
    full = values.parse(target)
    if match is None or not full.number or full.sign:
        return ""
    rest = match[1] + (match[2] or "")
    without = values.parse(rest)
    numbers = [measure.number for measure in map(values.parse, past) if measure.number and measure.unit == full.unit]
    usual = vocabulary.usual_signs(name)
    if numbers and without.number:
        is_misread = all(_times(without.number, number) < _times(full.number, number) for number in numbers)
    else:
        is_misread = bool(usual) or (full.unit == "%" and full.number > _WHOLE)
    if not is_misread:
        return ""
    signs = "或".join(f"“{sign}{rest}”" for sign in usual[:2] or "≥=")
    return f"“{shortened(target)}”没有写方向，开头的 2 多半是识别错了的符号：是不是{signs}？"


def _times(number: Decimal, other: Decimal) -> Decimal:
    """How many times as large the larger of two numbers is."""
    low, high = sorted((abs(number), abs(other)))
    return high / low
