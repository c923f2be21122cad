"""What the JSON Schema says of a document, reworded by keyword in plain Chinese, with places.

Words come from the schema first (`errorMessage`), then from the table here; never by matching
the library's English, which changes between versions.
"""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding, Path, path_text
from perfgen.forms import Form
from perfgen.yaml_source import Document

ORDER = 20

_HINT = "照上面说的改；这一项该怎么填，见表的说明。"

_TYPE_NAMES = {
    "object": "一组“名称: 值”", "array": "一个列表（每行以 - 开头）", "string": "文字", "number": "数字",
    "integer": "整数", "boolean": "true 或 false", "null": "空",
}  # fmt: skip


@dataclass(frozen=True)
class _Broken:
    """A validation error, as much of it as is put into words."""

    keyword: str
    wanted: Any
    """What the keyword asks for."""
    found: Any
    path: Path
    schema: dict[str, Any]


def _broken(error: ValidationError) -> _Broken:
    node = error.schema if isinstance(error.schema, dict) else {}
    return _Broken(str(error.validator), error.validator_value, error.instance, tuple(error.absolute_path), node)


def _is_integer(_: Any, value: Any) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"number": lambda _, value: isinstance(value, Decimal), "integer": _is_integer}
)
_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator, type_checker=_TYPES
)


@functools.lru_cache(maxsize=32)
def _validator(form: Form) -> Any:
    return _Validator(form.schema)


def check(document: Document, form: Form) -> Iterator[Finding]:
    """The findings of a form's schema about a document."""
    for error in _validator(form).iter_errors(document.data):
        yield from _findings(_broken(error), document, form.fields)


def check_against(document: Document, schema: dict[str, Any]) -> Iterator[Finding]:
    """The findings of a schema that is no form's about a document."""
    for error in _Validator(schema).iter_errors(document.data):
        yield from _findings(_broken(error), document)


def _findings(error: _Broken, document: Document, fields: Field | None = None) -> Iterator[Finding]:
    path, node, keyword = error.path, error.schema, error.keyword
    rule = f"schema-{keyword}"
    name = _name(path, node)
    if keyword == "required":
        for missing in error.wanted:
            if missing not in error.found:
                title = node.get("properties", {}).get(missing, {}).get("title", "")
                also = f"（{title}）" if title and title != missing else ""
                yield Finding(
                    document.place(path, key=True), rule, f"{name}缺少“{missing}”{also}。",
                    f"补上一行“{missing}: …”。", path=(*path, missing),
                )  # fmt: skip
        return
    if keyword == "additionalProperties":
        known = node.get("properties", {})
        for extra in [key for key in error.found if key not in known]:
            near = difflib.get_close_matches(extra, known, n=1, cutoff=0.5)
            hint = f"是不是“{near[0]}”？" if near else f"这里可以写：{'、'.join(known)}。"
            here = (*path, extra)
            yield Finding(document.place(here, key=True), rule, f"{name}没有“{extra}”这一项。", hint, path=here)
        return
    say = _WORDS.get(keyword)
    if error.found is None:
        message, hint = f"{name}没有填{_row_name(fields, document, path)}。", _what_to_fill(fields, path)
    else:
        message = say(name, error) if say else f"{name}不合要求（{keyword}）。"
        hint = str(node.get("errorMessage") or (_nearest(error) if keyword == "enum" else _HINT))
    yield Finding(document.place(path), rule, message, hint, path=path)


def _what_to_fill(fields: Field | None, path: Path) -> str:
    """What a hole wants, and whether it may be left out instead."""
    about = fields.at(path) if fields else None
    parent = fields.at(path[:-1]) if fields and path else None
    if about is None or parent is None:
        return "填上内容；用不着的一项就删掉整行。"
    wanted = about.guidance or about.error_message or f"填“{about.title or path[-1]}”。"
    if parent.kind == "array":
        return f"{wanted}不要这一行就整行删掉。"
    return wanted if path[-1] in parent.required else f"{wanted}没有就删掉这一项。"


def _row_name(fields: Field | None, document: Document, path: Path) -> str:
    """What the row around a hole is called, where the form says by what its rows are told apart."""
    here, name = document.data, ""
    for number, step in enumerate(path[:-1]):
        about = fields.at(path[:number]) if fields else None
        here = here[step]
        if about and about.identity and isinstance(here, dict) and path[number + 1] != about.identity:
            found = here.get(about.identity)
            name = f"（{_shorter(found)}）" if isinstance(found, str) else ""
    return name


def _name(path: Path, node: dict[str, Any]) -> str:
    return f"“{path_text(path)}”" if path else f"《{node.get('title', '文件')}》"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "一组内容" if isinstance(value, dict) else "一个列表"
    return f"“{_shorter(json.dumps(value) if isinstance(value, bool) else show(value))}”"


def _shorter(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"


def _say_type(name: str, error: _Broken) -> str:
    wanted = error.wanted if isinstance(error.wanted, list) else [error.wanted]
    return f"{name}应该是{'或'.join(_TYPE_NAMES.get(t, str(t)) for t in wanted)}，现在是{_shown(error.found)}。"


def _say_enum(name: str, error: _Broken) -> str:
    return f"{name}只能是{'、'.join(map(str, error.wanted))}之一，现在是{_shown(error.found)}。"


def _nearest(error: _Broken) -> str:
    near = difflib.get_close_matches(str(error.found), map(str, error.wanted), n=1, cutoff=0.5)
    return f"是不是“{near[0]}”？" if near else "从这几个里选一个，照抄。"


_WORDS: dict[str, Callable[[str, _Broken], str]] = {
    "type": _say_type,
    "enum": _say_enum,
    "const": lambda n, e: f"{n}只能是“{show(e.wanted)}”，现在是{_shown(e.found)}。",
    "minimum": lambda n, e: f"{n}不能小于 {show(e.wanted)}，现在是{_shown(e.found)}。",
    "maximum": lambda n, e: f"{n}不能大于 {show(e.wanted)}，现在是{_shown(e.found)}。",
    "multipleOf": lambda n, e: f"{n}的小数位太多：{_shown(e.found)}，最小单位是 {show(e.wanted)}。",
    "minLength": lambda n, _: f"{n}没有填内容。",
    "maxLength": lambda n, e: f"{n}太长：{len(e.found)} 个字，最多 {show(e.wanted)} 个字。",
    "pattern": lambda n, e: f"{n}的写法不对：{_shown(e.found)}。",
    "minItems": lambda n, e: f"{n}至少要有 {show(e.wanted)} 项。",
    "maxItems": lambda n, e: f"{n}最多 {show(e.wanted)} 项，现在有 {len(e.found)} 项。",
    "minProperties": lambda n, e: f"{n}下面至少要有 {show(e.wanted)} 项。",
    "uniqueItems": lambda n, _: f"{n}里有重复的项。",
}
