"""Checks all tags of a Word template against the fields of its form, before there is data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from perfgen.fields import Field
from perfgen.findings import Finding, Place
from perfgen.form.nearest import nearest
from perfgen.table.filters import BOXES, PARTS, lacking, not_a_choice
from perfgen.table.tags import Merge, Open, Print
from perfgen.table.template import Repeat, TemplateParagraph, TemplateRow, TemplateTable

RULE_NAME, RULE_UNPRINTED = "template-name", "template-unprinted"

_Names = tuple[str, ...]


@dataclass(frozen=True)
class _Node:
    """What a name in a template stands for: a field, and its path of names from the root."""

    field: Field
    path: _Names

    def member(self, name: str) -> _Node | None:
        member = self.field.member(name) if self.field.kind == "object" else None
        return _Node(member, (*self.path, name)) if member else None


def lint(template: TemplateTable, fields: Field) -> list[Finding]:
    """Finds tags that name no field or misuse one, and fields marked as printed that no tag prints.

    `fields` are the form's fields as templates see them, groups as lists.
    """
    linter = _Linter(template.file, fields)
    for paragraph in template.above:
        linter.paragraph(paragraph, {}, "表格上面：")
    linter.rows(template.rows, {})
    for paragraph in template.below:
        linter.paragraph(paragraph, {}, "表格下面：")
    for path, (printed, ways) in linter.ways.items():
        if path and (absent := lacking(ways, printed.choices)):
            message = f"“{'.'.join(path)}”只印了一部分，少了 {'、'.join(way.replace('|', '：') for way in absent)}。"
            linter.findings.append(Finding(Place(template.file), RULE_UNPRINTED, message, "在模板里补上。"))
    missing = [path for path in _leaves(fields, ()) if path not in linter.printed]
    for path in missing:
        message = f"“{'.'.join(path)}”要印在表上，模板里没有。"
        hint = "在模板里加上它；不该印的，在 schema 里写 x-printed: false。"
        linter.findings.append(Finding(Place(template.file), RULE_UNPRINTED, message, hint))
    return linter.findings


def _leaves(field: Field, path: _Names) -> Iterator[_Names]:
    """The paths of all values that are to be printed."""
    if field.kind == "array" and field.item:
        yield from _leaves(field.item, path)
    elif field.kind == "object":
        for name, member in field.members.items():
            yield from _leaves(member, (*path, name))
    elif field.printed:
        yield path


@dataclass
class _Linter:
    file: str
    fields: Field
    findings: list[Finding] = field(default_factory=list)
    printed: set[_Names] = field(default_factory=set)
    ways: dict[_Names, tuple[Field, set[str]]] = field(default_factory=dict)
    """By what is printed, how it is shown (see `filters`)."""

    def wrong(self, where: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(Place(self.file), RULE_NAME, where + message, hint))

    def rows(self, parts: Sequence[TemplateRow | Repeat], scope: Mapping[str, _Node]) -> None:
        for part in parts:
            if isinstance(part, Repeat):
                self.rows(part.body, self.inside(part.open, scope, part.open.where))
                continue
            for cell in part.cells:
                where = f"表格第 {part.number} 行第 {cell.column + 1} 列："
                for paragraph in cell.paragraphs:
                    self.paragraph(paragraph, scope, where)

    def paragraph(self, part: TemplateParagraph | Repeat, scope: Mapping[str, _Node], where: str) -> None:
        if isinstance(part, Repeat):
            inner = self.inside(part.open, scope, where)
            for paragraph in part.body:
                self.paragraph(paragraph, inner, where)
            return
        for piece in part.pieces:
            if isinstance(piece, Print):
                self.value(piece, scope, where)
            elif isinstance(piece, Merge) and piece.variable not in scope:
                variables = [name for name in scope if name != "loop"]
                message = f"merge {piece.variable}：这一行不在“{piece.variable}”的循环里。"
                self.wrong(where, message, nearest(piece.variable, variables))

    def inside(self, tag: Open, scope: Mapping[str, _Node], where: str) -> Mapping[str, _Node]:
        """The names that tags inside a loop or condition may use."""
        source = self.look_up(tag.source, scope, where)
        if tag.variable is None or source is None:
            # the loop over an unknown name is one finding; what stands in it is not another
            return scope if tag.variable is None else {**scope, tag.variable: _ANYTHING, "loop": _LOOP}
        if source.field.kind != "array" or source.field.item is None:
            self.wrong(where, f"“{'.'.join(tag.source)}”不是列表，不能循环。")
            return {**scope, tag.variable: _ANYTHING, "loop": _LOOP}
        return {**scope, tag.variable: _Node(source.field.item, source.path), "loop": _LOOP}

    def value(self, piece: Print, scope: Mapping[str, _Node], where: str) -> None:
        node = self.look_up(piece.path, scope, where)
        if node is None:
            return
        if node.field.kind != "value":
            self.wrong(
                where,
                f"“{'.'.join(piece.path)}”是一组内容，不能直接印。",
                f"可以印：{'、'.join(node.field.members)}。",
            )
        self.filtered(piece, node.field, where)
        self.printed.add(node.path)
        self.ways.setdefault(node.path, (node.field, set()))[1].add(piece.shown)

    def filtered(self, piece: Print, field: Field, where: str) -> None:
        """Finds a filter on a field that it cannot print, and a box for no choice of it."""
        name = ".".join(piece.path)
        if piece.filter == BOXES and not field.choices:
            self.wrong(where, f"“{name}”不能用“| {BOXES}”：schema 里没有列出它有哪几种（enum）。")
        elif piece.argument and piece.argument not in field.choices:
            hint = nearest(piece.argument, field.choices)
            self.wrong(where, f"“{name}”的{not_a_choice(piece.argument, field.choices)}", hint)
        elif piece.filter in PARTS and not field.measure:
            self.wrong(where, f"“{name}”不能用“| {piece.filter}”：schema 里没有标明 x-measure。")

    def look_up(self, path: Sequence[str], scope: Mapping[str, _Node], where: str) -> _Node | None:
        """What a dotted name means; None where it means no field, which is a finding."""
        node: _Node | None = scope.get(path[0]) or _Node(self.fields, ()).member(path[0])
        if node is None:
            names = [*scope, *self.fields.members]
            self.wrong(where, f"表里没有“{'.'.join(path)}”。", nearest(path[0], names))
            return None
        for name in path[1:]:
            if node is _ANYTHING:
                return None
            member = node.member(name)
            if member is None:
                hint = nearest(name, node.field.members) if node.field.members else ""
                self.wrong(where, f"表里没有“{'.'.join(path)}”。", hint)
                return None
            node = member
        return None if node is _ANYTHING else node


_ANYTHING = _Node(Field("object", ""), ("?",))
"""What the variable of a loop over an unknown name means: no tag that uses it is judged."""
_LOOP = _Node(Field("object", "", members={"index": Field("value", "", numeric=True, printed=False)}), ("loop",))
