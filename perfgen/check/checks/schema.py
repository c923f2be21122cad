"""What the JSON Schema says of a document, reworded by keyword in plain Chinese, with places.

Words come from the schema first (`errorMessage`), then from the table here; never by matching
the library's English, which changes between versions.
"""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal

from perfgen.check import colon_in_item, joined_members, shapes, slipped_digits, unfilled, unknown_names, wanted_groups
from perfgen.check.filing import Filing
from perfgen.check.reasons import SENTENCE
from perfgen.check.schema_errors import Broken, broken, errors_of
from perfgen.data import Data, ValuePath, path_text, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding
from perfgen.form.nearest import guess, nearest
from perfgen.form.schema import LoadedSchema, Schema
from perfgen.source import mistakes
from perfgen.source.reader import Document
from perfgen.values import parse

ORDER = 20
GATE = False
RULES = {
    "schema": "内容不合表的格式：缺少、多出、类型、范围、长度、可选的值。编号后面是 JSON Schema 的关键字。",
}

_DATE = re.compile(r"(\d{4})\s*[-－–—./年]\s*(\d{1,2})\s*[-－–—./月]\s*(\d{1,2})\s*[日号]?|(\d{4})(\d\d)(\d\d)")
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_HINTS = {
    "type": "照上面说的类型改。",
    "minItems": "至少写一行，行首空两格，写 - 和一个空格。",
    "minProperties": "至少写一项；整个都没有的，删掉这一行。",
    "minLength": "填上内容。",
    "maxLength": "删减，或分成几条。",
    "uniqueItems": "删掉重复的一项。",
}
_TYPE_HINTS = {
    "array": "每一条单独一行，行首空两格，写 - 和一个空格，再写内容。",
    "object": "每一项单独一行，行首空两格，写“名称: 值”，前面不写 -；冒号是英文的，后面空一格。",
    "string": "写成一段文字，不写成列表或一组。",
}
_OWN_HINT = {"minItems", "minProperties", "maxLength", "uniqueItems"}
"""Where what to do follows from the keyword better than from the field's own words."""
_TYPED = {"type", "pattern"}
"""The keywords that a way of typing breaks, where what was meant may be plain."""
_HINT = "照表的填写要求改。"
_COMMENT_INSTEAD = "# 和后面的字成了注释；是内容的，给整个值加上英文双引号。"

_TYPE_NAMES = {
    "object": "一组“名称: 值”", "array": "一个列表（每行以 - 开头）", "string": "文字", "number": "数字",
    "integer": "整数", "boolean": "true 或 false", "null": "空",
}  # fmt: skip


def check(filing: Filing) -> Iterator[Finding]:
    """The findings of a form's schema about a document, the holes of a row or group in one."""
    yield from wanted_groups.kept(unfilled.together(each(filing), filing.document, filing.form.fields), filing)


def each(filing: Filing) -> tuple[Finding, ...]:
    """The findings of a form's schema about a document, one for each hole; the schema is held to a filing once."""
    return filing.once(_findings_of)


def _findings_of(filing: Filing) -> tuple[Finding, ...]:
    document, fields = filing.document, filing.form.fields
    # the library says of a group once for each name that it lacks
    return tuple(dict.fromkeys(one for error in errors_of(filing) for one in _findings(error, document, fields)))


def check_against(document: Document, schema: LoadedSchema) -> Iterator[Finding]:
    """The findings of a schema that is no form's about a document."""
    errors = [broken(error) for error in schema.validator.iter_errors(document.data)]
    written_wrong = {error.path for error in errors if error.keyword == "pattern"}
    for error in errors:
        if error.keyword != "format" or error.path not in written_wrong:
            yield from _findings(error, document)


def _findings(error: Broken, document: Document, fields: Field | None = None) -> Iterator[Finding]:
    path, node, keyword = error.path, error.schema, error.keyword
    rule = f"schema-{keyword}"
    name = f"“{path_text(path[:-1])}”里的名称" if error.is_name else _name(path, node)
    if keyword == "required":
        yield from _lacking(error, document, fields)
        return
    if keyword == "additionalProperties":
        known = node.get("properties", {})
        for extra in [key for key in error.found if key not in known]:
            here = (*path, extra)
            place = document.place(here, key=True)
            hint = unknown_names.hint(here, known, document, fields)
            yield Finding(place, rule, f"{name}没有“{extra}”这一项。", hint, path=here)
        return
    if meant := colon_in_item.meant(error, document):
        yield Finding(document.place_at(meant.colon), rule, *colon_in_item.SAID, path=path)
        return
    say = _WORDS.get(keyword)
    is_empty = error.is_empty
    if error.found is None:
        message = f"{name}没有填{_row_name(fields, document, path)}。"
        is_empty = not _has_comment(document, path)
        hint = _what_to_fill(fields, path) if is_empty else _COMMENT_INSTEAD
    else:
        message = say(name, error) if say else f"{name}不合要求（{keyword}）。"
        message = f"{name}写的是{_shown(error.found)}：没有的数空着，不写字。" if error.says_nothing else message
        message = f"{name}没有填内容。" if is_empty and isinstance(error.found, str) else message
        hint = (_typing_hint(error, document, fields) if keyword in _TYPED else "") + _hint(error)
    yield Finding(document.place(path, key=error.is_name), rule, message, hint, path=path, unfilled=is_empty)


def _lacking(error: Broken, document: Document, fields: Field | None) -> Iterator[Finding]:
    """The findings about required names that are not there; none where a wrong name is what was meant."""
    path, known = error.path, error.schema.get("properties", {})
    extra = [key for key in error.found if key not in known] if known else []
    inside: dict[str, list[str]] = {}
    for missing in error.missing():
        if any(missing in key or f"“{missing}”" in guess(key, known) for key in extra):
            continue  # the wrong name has a finding of its own
        if holder := joined_members.holder(missing, error.found):
            inside.setdefault(holder, []).append(missing)
            continue
        title = _title(missing, error.schema, fields.at(path) if fields else None)
        also = f"（{title}）" if title and title != missing else ""
        message = f"{_name(path, error.schema)}缺少“{missing}”{also}。"
        yield Finding(
            document.place(path, key=True), "schema-required", message, _how_to_add(missing, document, path),
            path=(*path, missing), unfilled=True,
        )  # fmt: skip
    for holder, names in inside.items():
        message = f"{_name(path, error.schema)}缺少“{'”“'.join(names)}”，写在“{holder}”的值里了。"
        place = document.place((*path, holder))
        yield Finding(place, "schema-required", message, joined_members.HINT, path=(*path, names[0]))


def _has_comment(document: Document, path: ValuePath) -> bool:
    """Whether a comment stands where an empty value would, on the line of its name or dash."""
    span = document.spans.get(path)
    return span is not None and re.compile(r"[ \t]*#(?!#| )").match(document.text, span.end) is not None


def _title(member: str, node: Schema, parent: Field | None) -> str:
    """What a member is called: the field knows it wherever the schema says it, the node only what it says itself."""
    if parent and member in parent.members:
        return parent.members[member].title
    return str(node.get("properties", {}).get(member, {}).get("title", ""))


def _hint(error: Broken) -> str:
    own = str(error.schema.get("errorMessage", ""))
    if error.keyword == "type" and error.wanted == "object" and not own:
        own = shapes.how_to_type(error.schema)
    if error.keyword == "enum":
        near = nearest(str(error.found), map(str, error.wanted))
        return near if near.startswith("是不是") or not own else own
    general = _HINTS.get(error.keyword, _HINT)
    if error.keyword == "type":
        general = _TYPE_HINTS.get(str(error.wanted), general)
    return general if error.keyword in _OWN_HINT or not own else own


def _how_to_add(name: str, document: Document, path: ValuePath) -> str:
    span = document.spans.get(path)
    if span and span.flow:
        return f"在大括号里补上“{name}: …”，和前一项之间用英文逗号加空格隔开。"
    return f"补上一行“{name}: …”。"


def _typing_hint(error: Broken, document: Document, fields: Field | None) -> str:
    """What of the typing made a value another kind than was meant; empty where nothing did."""
    if isinstance(error.found, Decimal) and error.wanted == "string":
        return "数字当作文字用，两边要加英文双引号。"
    if isinstance(error.found, list | dict) and error.wanted == "string":
        return _TYPE_HINTS["string"]
    if not isinstance(error.found, str):
        return ""
    if error.keyword == "pattern" and (date := _date_meant(error)):
        return f"写成 {date}。"
    if number := _number_meant(error, fields):
        return f"{slipped_digits.said(error.found)}写成 {number}{'，不加引号' if number == error.found else ''}。"
    if error.says_nothing:
        parent = fields.at(error.path[:-1]) if fields and error.path else None
        needed = parent is not None and error.path[-1] in parent.required
        return "还没有就先空着，确实是零就写 0。" if needed else "没有就删掉这一项，确实是零就写 0。"
    if error.wanted == "object" and mistakes.wide_colon(error.found) is not None:
        return "".join(mistakes.WIDE_COLON[1:])
    around = fields.at(error.path[:-1]) if fields and error.path else None
    return joined_members.HINT if around and joined_members.held(error.found, around.members) else ""


def _date_meant(error: Broken) -> str:
    """The date that a text is, written as the pattern that it breaks wants it; empty for another text."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", error.found).strip())
    if match is None:
        return ""
    try:
        date = datetime.date(*(int(part) for part in match.groups() if part)).isoformat()
    except ValueError:
        return ""
    return date if re.search(error.wanted, date) else ""


def _number_meant(error: Broken, fields: Field | None) -> str:
    """The number that a text is, but for quotes, full-width digits, separators and its unit, which may be another scale
    of the field's; empty for another text."""
    if error.wanted not in ("number", "integer"):
        return ""
    field = fields.at(error.path) if fields else None
    text = unicodedata.normalize("NFKC", error.found).strip()
    for unit in filter(None, ("年" if error.wanted == "integer" else "", field.unit if field else "")):
        text = text.removesuffix(unit).strip()
    if _NUMBER.fullmatch(plain := slipped_digits.joined(text)):
        return plain.replace(",", "")
    typed, one = parse(text), parse(f"1{field.unit}" if field and field.unit else "")
    if typed.amount is None or one.amount is None or typed.sign or typed.high or typed.unit not in (one.unit, ""):
        return ""
    return show(typed.amount / one.amount) if typed.scale != 1 or typed.unit else ""


def _what_to_fill(fields: Field | None, path: ValuePath) -> str:
    """What a hole wants, and whether it may be left out instead."""
    about = fields.at(path) if fields else None
    parent = fields.at(path[:-1]) if fields and path else None
    if about is None or parent is None:
        return "填上内容；用不着的一项就删掉整行。"
    wanted = about.guidance or about.error_message or f"填“{about.title or path[-1]}”。"
    optional = "" if path[-1] in parent.required else unfilled.DROP_MEMBER
    return f"{wanted}{unfilled.DROP_ROW if parent.kind == 'array' else optional}"


def _row_name(fields: Field | None, document: Document, path: ValuePath) -> str:
    """What the row around a hole is called, by what the form tells its rows apart; a sentence is no name."""
    here, name = document.data, ""
    for number, step in enumerate(path[:-1]):
        about = fields.at(path[:number]) if fields else None
        here = value_at(here, (step,))
        if about and about.identity and isinstance(here, dict) and path[number + 1] != about.identity:
            found = here.get(about.identity)
            name = f"（{_shorter(found)}）" if isinstance(found, str) and not SENTENCE.search(found) else ""
    return name


def _name(path: ValuePath, node: Schema) -> str:
    return f"“{path_text(path)}”" if path else f"《{node.get('title', '文件')}》"


def _shown(value: Data) -> str:
    if isinstance(value, dict | list):
        return "一组内容" if isinstance(value, dict) else "一个列表"
    return f"“{_shorter(json.dumps(value) if isinstance(value, bool) else show(value))}”"


def _shorter(text: str) -> str:
    """The beginning of a text on one line: a message has no more."""
    text = " ".join(text.splitlines())
    return text if len(text) <= 30 else text[:30] + "…"


def _kind(value: Data) -> str:
    return "文字" if isinstance(value, str) else "数字" if isinstance(value, Decimal) else ""


def _say_type(name: str, error: Broken) -> str:
    wanted = error.wanted if isinstance(error.wanted, list) else [error.wanted]
    kinds = "或".join(_TYPE_NAMES.get(t, str(t)) for t in wanted)
    return f"{name}应该是{kinds}，现在是{_kind(error.found)}{_shown(error.found)}。"


def _say_enum(name: str, error: Broken) -> str:
    return f"{name}只能是{'、'.join(map(str, error.wanted))}之一，现在是{_shown(error.found)}。"


_WORDS: dict[str, Callable[[str, Broken], str]] = {
    "type": _say_type,
    "enum": _say_enum,
    "const": lambda n, e: f"{n}只能是“{show(e.wanted)}”，现在是{_shown(e.found)}。",
    "minimum": lambda n, e: f"{n}不能小于 {show(e.wanted)}，现在是{_shown(e.found)}。",
    "maximum": lambda n, e: f"{n}不能大于 {show(e.wanted)}，现在是{_shown(e.found)}。",
    "multipleOf": lambda n, e: f"{n}的小数位太多：{_shown(e.found)}，最小单位是 {show(e.wanted)}。",
    "minLength": lambda n, e: (
        f"{n}太短：{len(e.found)} 个字，至少 {show(e.wanted)} 个字。" if e.found.strip() else f"{n}没有填内容。"
    ),
    "maxLength": lambda n, e: f"{n}太长：{len(e.found)} 个字，最多 {show(e.wanted)} 个字。",
    "pattern": lambda n, e: f"{n}的写法不对：{_shown(e.found)}。" if e.found.strip() else f"{n}没有填内容。",
    "format": lambda n, e: f"{n}不是日历上有的一天：{_shown(e.found)}。",
    "minItems": lambda n, e: f"{n}至少要有 {show(e.wanted)} 项。",
    "maxItems": lambda n, e: f"{n}最多 {show(e.wanted)} 项，现在有 {len(e.found)} 项。",
    "minProperties": lambda n, e: f"{n}下面至少要有 {show(e.wanted)} 项。",
    "uniqueItems": lambda n, _: f"{n}里有重复的项。",
}
