"""Names for lists of rows, and for what the rules over the same rows compute.

    列表:
      甲行: 甲.类.项
      乙行: 乙.类.项
      全部行:
        行: [甲行, 乙行]                           names of lists, or paths; patterns as in 计算
        其中: {同名: 甲行 | 选取(名称=名称) | 首个}   names for every rule over these rows, or over some of them

A name stands for its paths in 对象, and for its one path in formulas, behind 上年表 and 前年表 too. Rules get the names
of 其中 that they use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.fields import Field
from perfgen.form.figure_patterns import PathPatternError, places
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.formula_functions import FILTERS, FUNCTIONS
from perfgen.form.formula_types import CONSTANTS
from perfgen.form.nearest import guess, nearest
from perfgen.form.rules import EARLIER, WHERE
from perfgen.form.rules_document import LISTS, REFERENCES, RulesText
from perfgen.form.rules_source import PARAMETERS

ROWS = "行"
_NAME = re.compile(r"[^\W\d]\w*")
_WORDS = frozenset({*CONSTANTS, *FUNCTIONS, *FILTERS, *EARLIER, "and", "or", "not", "in", "if", "else", "is"})
_DEEPEST = 30
_Paths = tuple[str, ...]


@dataclass(frozen=True)
class NamedList:
    """A list of rows by its name: its paths, and the formulas that rules over it may use by name."""

    name: str
    paths: _Paths
    where: dict[str, str]


def read_lists(text: RulesText, fields: Field) -> dict[str, NamedList]:
    """The lists that a rules file names; `fields` are those that formulas see. Notes what is wrong with them."""
    section = text.data.get(LISTS)
    if section is not None and not isinstance(section, dict):
        text.wrong((LISTS,), f"“{LISTS}”要写成一行行“名称: 列表”。")
    return _Reader(text, fields).lists() if text.section(LISTS) else {}


class _Reader:
    def __init__(self, text: RulesText, fields: Field) -> None:
        self.text = text
        self.fields = fields
        self.section = text.section(LISTS)
        self.paths: dict[str, _Paths] = {}
        self.taken = _taken(text, fields)

    def lists(self) -> dict[str, NamedList]:
        found: dict[str, NamedList] = {}
        for name, body in self.section.items():
            here = (LISTS, name)
            self.hold_name(here, name)
            for key in body if isinstance(body, dict) else ():
                if key not in (ROWS, WHERE):
                    hint = nearest(key, (ROWS, WHERE))
                    self.text.wrong((*here, key), f"列表“{name}”没有“{key}”这一项。", hint)
            found[name] = NamedList(name, self.rows(name, ()), self.where(here, body))
            self.taken |= dict.fromkeys(found[name].where, f"在列表“{name}”的“{WHERE}”里已经有了")
        return found

    def hold_name(self, here: ValuePath, name: str) -> None:
        if not _NAME.fullmatch(name):
            self.text.wrong(here, f"“{name}”不能作名称。", "只用汉字、字母、数字和 _，不以数字开头。")
        elif name in _WORDS or name in self.taken or (here[:1] == (LISTS,) and len(here) > 2 and name in self.section):
            why = self.taken.get(name, "是公式里的词" if name in _WORDS else "是一个列表的名称")
            self.text.wrong(here, f"“{name}”{why}。", "换一个名称。")

    def where(self, here: ValuePath, body: Data) -> dict[str, str]:
        given = as_group(body).get(WHERE) or {}
        texts = {name: part for name, part in as_group(given).items() if isinstance(part, str)}
        if not isinstance(given, dict) or len(texts) < len(given):
            self.text.wrong((*here, WHERE), f"“{WHERE}”要写成一行行“名称: 公式”。")
            return {}
        for name in texts:
            self.hold_name((*here, WHERE, name), name)
        return texts

    def rows(self, name: str, above: _Paths) -> _Paths:
        """The paths that a name stands for, those of the names in it included."""
        if name not in self.paths:
            self.paths[name] = tuple(dict.fromkeys(self.found(name, above)))
        return self.paths[name]

    def found(self, name: str, above: _Paths) -> Iterator[str]:
        here = (LISTS, name, *((ROWS,) if ROWS in as_group(self.section[name]) else ()))
        for typed in self.typed(here, self.section[name]):
            head, _, rest = typed.partition(".")
            if head == name or head in above:
                circle = " → ".join((*above, name, head))
                self.text.wrong(here, f"列表互相包括成了圈：{circle}。", "去掉其中一个。")
            elif head in self.section and len(above) > _DEEPEST:
                self.text.wrong(here, f"列表一个包括一个，超过了 {_DEEPEST} 层。", "少包括几层。")
            elif head in self.section:
                rows = self.rows(head, (*above, name))
                yield from (path for row in rows for path in self.plain(here, f"{row}.{rest}" if rest else row))
            else:
                yield from self.plain(here, typed)

    def typed(self, here: ValuePath, body: Data) -> list[str]:
        rows = body.get(ROWS) if isinstance(body, dict) else body
        listed = [rows] if isinstance(rows, str) else as_list(rows)
        paths = [path for path in listed if isinstance(path, str) and path]
        if not paths or len(paths) < len(listed):
            hint = f"例如 {here[1]}: 甲.乙，或 {here[1]}: [甲.乙, 丙.丁]；要起别的名称，写 {{{ROWS}: …, {WHERE}: …}}。"
            self.text.wrong(here, f"列表“{here[1]}”要写明是哪些行。", hint)
            return []
        return paths

    def plain(self, here: ValuePath, typed: str) -> Iterator[str]:
        """The paths that a path with `*` or brackets stands for, each of which leads to rows."""
        try:
            for path, _ in places(typed, self.fields):
                if self.leads_to_rows(here, path):
                    yield path
        except PathPatternError as error:
            self.text.wrong(here, str(error), error.hint)

    def leads_to_rows(self, here: ValuePath, path: str) -> bool:
        row = self.fields
        for step in path.split("."):
            row = row.item if row.kind == "array" and row.item else row
            below = row.member(step)
            if below is None or below.kind == "value":
                known = [name for name, member in row.members.items() if member.kind != "value"]
                hint = guess(step, [*known, *self.section] if row is self.fields else known)
                where = "" if step == path else f"“{path}”里的"
                self.text.wrong(here, f"{where}“{step}”不是本表的一个列表。", hint)
                return False
            row = below
        return True


def _taken(text: RulesText, fields: Field) -> dict[str, str]:
    """The names that stand for something else in formulas, each with what that is."""
    lists = text.section(LISTS)
    steps = (step for name in text.section(FIGURES) for step in _of_figure(name, lists))
    taken = dict.fromkeys(steps, "是算出来的一个数的名称")
    taken |= dict.fromkeys(text.section(PARAMETERS), "是一个参数")
    taken |= dict.fromkeys(text.section(REFERENCES), f"是“{REFERENCES}”里的一个名称")
    return taken | dict.fromkeys(_all_names(fields), "是本表的一个字段")


def _of_figure(name: str, lists: Mapping[str, Data]) -> list[str]:
    """The names in the place of a figure, but for a list's in front."""
    head, _, rest = name.partition(".")
    return _NAME.findall(rest if rest and head in lists else name)


def _all_names(field: Field) -> Iterator[str]:
    left = [field]
    while left:
        here = left.pop()
        yield from here.members
        left += [part for part in (*here.members.values(), here.item, here.other) if part]
