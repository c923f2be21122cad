"""Reads data.json and CSV back, whoever saved them last: bounded, and without running or fetching anything."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping

from perfgen.display import guarded
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project.snapshot import Project
from perfgen.render.data_csv import HEADING
from perfgen.verifying.content import Content, Heads, Items, Kind, UnreadableError

MAX_BYTES = 8_000_000
"""Four times what a data file may have: a CSV says the heads on each row."""
_MOST_VALUES = 400_000
_DEEPEST = 40
_HEAD = 10_000
"""In so many bytes the first line of a CSV has ended."""
_YEAR, _UNIT, _PLACE, _, _VALUE = HEADING
_GET = "从公开的网站重新下载一份再试。"


def read_json(content: bytes, project: Project) -> Content:
    """The values of a data.json. Raises UnreadableError."""
    values = json_values(content, Kind.JSON)
    return Content(Kind.JSON, heads_of({path[0]: text for path, text in values if len(path) == 1}, project), values)


def json_values(content: bytes, kind: Kind) -> tuple[tuple[tuple[str | int, ...], str], ...]:
    """Every text of JSON data with its path; a number is the text that it is written with. Raises UnreadableError."""
    if len(content) > MAX_BYTES or sum(content.count(sign) for sign in b",:[{") > _MOST_VALUES:
        raise UnreadableError(kind, "里面的 JSON 太大，不像一张表的数据", _GET)
    try:
        loaded = json.loads(content.decode("utf-8-sig"), object_pairs_hook=unique_names, parse_int=str, parse_float=str)
        json.dumps(loaded, ensure_ascii=False).encode()  # half a character can be written, and is none
    except (ValueError, RecursionError):
        raise UnreadableError(kind, "里面的 JSON 坏了，或者同一个名称写了两次", _GET) from None
    if not isinstance(loaded, dict):
        raise UnreadableError(kind, "里面的 JSON 不是一张表的数据", _GET)
    found = tuple(_values(loaded, (), kind))
    return tuple((path, text) for path, text in found if text)


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A group of JSON. Raises ValueError for a name that is there twice: programs differ in which one they take."""
    group = dict(pairs)
    if len(group) < len(pairs):
        raise ValueError("a name is there twice")
    return group


def _values(node: object, path: tuple[str | int, ...], kind: Kind) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The texts below a node, in order; what is no text and no number is shown as JSON writes it."""
    if len(path) > _DEEPEST:
        raise UnreadableError(kind, "里面的 JSON 套得太深，不像一张表的数据", _GET)
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, (*path, name), kind)
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _values(value, (*path, number), kind)
    else:
        yield path, node if isinstance(node, str) else json.dumps(node)


def heads_of(top: Mapping[str | int, str], project: Project) -> tuple[Heads, ...]:
    """What the values of the top level say that a file is: by the form that they name, or any that has their names."""
    texts = set(top.values())
    found = [forms.find(project, name) for name in forms.names(project) if name in texts]
    named = [form for form in found if form and top.get(form.fields.with_role("form")) == form.name]
    likely = named or [form for form in forms.loaded(project) if _has_all(form, top)]
    return tuple(_heads(form, top) for form in likely if top.get(form.fields.with_role("unit")))


def _has_all(form: Form, top: Mapping[str | int, str]) -> bool:
    """Whether all names of the top level are a form's."""
    return all(form.figures.fields.member(str(name)) for name in top)


def _heads(form: Form, top: Mapping[str | int, str]) -> Heads:
    """What the values of the top level say by the names of a form."""
    subject = tuple(top.get(name, "") for name in form.subject)
    is_told = all(form.fields.members[name].public for name in form.subject)
    year = top.get(form.fields.with_role("year"))
    return Heads(form.name, form.title, year, top[form.fields.with_role("unit")], subject if is_told else None)


def read_csv(content: bytes, project: Project) -> Content:
    """The values of a CSV. Raises UnreadableError for what is none of ours."""
    rows = _rows(content)
    top: dict[str | int, str] = {row[_PLACE]: row[_VALUE] for row in rows if "/" not in row[_PLACE]}
    heads = heads_of(top, project)
    counted = Counter(row[_PLACE] for row in rows)
    if len({row[_UNIT] for row in rows}) > 1 and max(counted.values()) > 1:
        raise UnreadableError(Kind.CSV, "里面有几个单位的数据", "一次核对一个单位的：用它自己的 CSV 或 data.json。")
    return Content(Kind.CSV, heads, _items(rows))


def csv_items(content: bytes) -> Items:
    """The values of a CSV of ours, as those of a file that is verified."""
    return _items(_rows(content))


def _items(rows: list[dict[str, str]]) -> Items:
    """Every cell but the place, by the place and its heading; the value first."""
    return tuple(
        ((row[_PLACE], heading), text)
        for row in rows
        for heading, text in sorted(row.items(), key=lambda cell: cell[0] != _VALUE)
        if heading != _PLACE
    )


def _rows(content: bytes) -> list[dict[str, str]]:
    """The rows by heading, without the apostrophes that guard a text. Raises UnreadableError."""
    if len(content) > MAX_BYTES:
        raise UnreadableError(Kind.CSV, f"文件太大：超过了 {MAX_BYTES} 字节", _GET)
    try:
        rows = [row for row in csv.reader(io.StringIO(_text(content), newline="")) if row]
    except csv.Error:
        raise UnreadableError(Kind.CSV, "CSV 坏了，读不出来", _GET) from None
    headings = rows[0] if rows else []
    if not is_csv_heading(headings) or len(rows) < 2 or len(set(headings)) < len(headings):
        raise UnreadableError(Kind.CSV, "不是公开数据的 CSV：没有年度、单位、位置、内容这几列", _GET)
    if any(len(row) != len(headings) for row in rows) or len(rows) * len(headings) > _MOST_VALUES:
        raise UnreadableError(Kind.CSV, "CSV 坏了：有的行多了或少了格子", _GET)
    return [dict(zip(headings, map(_unguarded, row), strict=True)) for row in rows[1:]]


def is_csv_heading(headings: list[str]) -> bool:
    """Whether a row is the one that a CSV of public data begins with."""
    return {_YEAR, _UNIT, _PLACE, _VALUE} <= set(headings)


def looks_like_csv(content: bytes) -> bool:
    """Whether a file begins as a CSV of public data does."""
    try:
        first = _text(content[:_HEAD].partition(b"\n")[0])
        return is_csv_heading(next(csv.reader(io.StringIO(first, newline="")), []))
    except csv.Error:
        return False


def _text(content: bytes) -> str:
    """The text of a CSV: in UTF-8, as we write it, or as a spreadsheet in China saves it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _unguarded(cell: str) -> str:
    """A text without the apostrophe that was put before it (`guarded`)."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
