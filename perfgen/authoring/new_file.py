"""A new, empty file of a form: every field in the schema's order, with the schema's own words as comments.

What has to be typed is an empty value, which the schema's check reports one by one. What is
computed is left out; what only some files need stands there as a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.source import writer

_MARK = (
    "冒号后面空着的都要填，make check（或 perfgen check）一行一条列出；用不着的一项、一行就删掉。以 # 开头的行是说明。"
)
UNCOMMENT = "（可以没有；用得着，去掉下一行的 #）"
"""Stands above the commented name of a field that only some files need."""
_MAY_BE_LEFT_OUT = "没有就删掉这一项。"
_MAY_BE_ADDED = "用得着就在那一行里加上。"


def new_file(
    form: Form, year: int, unit: str, schema: str, given: Mapping[str, Data] | None = None, *, note: str = ""
) -> str:
    """The text of an empty file; `schema` is the path of the schema as seen from it.

    `given` has what is known of other top-level fields, by name: a value, the groups and rows that there are, with
    what is known of each. `note` is a line for its head.
    """
    of_role: dict[str, Data] = {"form": form.name, "year": Decimal(year), "unit": unit}
    fields = form.fields.members.items()
    roles = {name: of_role[field.role] for name, field in fields if field.role in of_role}
    return _Sheet(form, {**roles, **(given or {})}, note).text(schema)


class _Sheet:
    """Makes the data of an empty file and its comments; nothing is explained twice."""

    def __init__(self, form: Form, given: Mapping[str, Data], note: str = "") -> None:
        """`given` has what is known already, by top-level field."""
        self.form = form
        self.note = note
        self.given = given
        self.figures = form.figures
        self.above: dict[ValuePath, str] = {}
        self.explained: set[str] = set()
        self.left_out: set[ValuePath] = set()
        """The names of members that rows may have, and that stand in none."""

    def text(self, schema: str) -> str:
        """The whole file."""
        fields = self.form.fields
        data: dict[str, Data] = {}
        waiting: list[str] = []
        for name, field in fields.members.items():
            path = (name,)
            if not self._is_typed(field, path, at_will=True):
                continue
            known = self.given.get(name)
            is_optional = not field.printed and name not in fields.required and known is None
            if is_optional or not self._is_typed(field, path):
                waiting += [*self._new_lines(name, field, fields), f"{UNCOMMENT}\n{name}:"]
                continue
            data[name] = self._empty(field, path, path, known)
            explained = self._new_lines(name, field, fields)
            self.above[path] = "\n".join([*waiting, *explained, *filter(None, [self.above.get(path)])])
            waiting = []
        above = {path: text for path, text in self.above.items() if text}
        header = (writer.schema_line(schema), f"{self.form.title}。{fields.description}", _MARK, self.note)
        text = writer.dump_yaml(data, fields, header=filter(None, header), above=above)
        return text + "".join(f"# {line}\n" for line in "\n".join(waiting).splitlines())

    def _new_lines(self, name: str, field: Field, parent: Field) -> list[str]:
        """The comment lines for a top-level field and those below it, without lines that an earlier field has."""
        lines = dict.fromkeys(self._explained(name, field, parent, (name,)))
        new_lines = [line for line in lines if line not in self.explained]
        self.explained.update(new_lines)
        return new_lines

    def _is_typed(self, field: Field, names: ValuePath, *, at_will: bool = False) -> bool:
        """Whether anything in a field is typed, and not only computed; `at_will` also what is computed unless typed."""
        if field.kind == "object" and field.members:
            members = field.members.items()
            return any(self._is_typed(member, (*names, name), at_will=at_will) for name, member in members)
        figure = self.figures.at(names)
        return figure is None or (at_will and figure.may_be_typed)

    def _members(self, field: Field, names: ValuePath) -> dict[str, Field]:
        """The members in which something is typed."""
        return {name: member for name, member in field.members.items() if self._is_typed(member, (*names, name))}

    def _empty(self, field: Field, path: ValuePath, names: ValuePath, known: Data = None) -> Data:
        """An empty value: a group with its members, a list with one row, or a hole; `known` is what is known of it."""
        if field.kind == "array" and field.item:
            rows = as_list(known) or [None]
            if not field.item.groups:
                self._leave_out(field.item, names, rows)
            return [self._empty(field.item, (*path, number), names, row) for number, row in enumerate(rows)]
        members = self._members(field, names)
        if isinstance(known, dict):
            members = self._known_members(field, names, known)
        elif known is not None and known != "":
            return known
        if not members and field.other and field.other.kind != "value":
            self._show_how(field, path, names)
        below = as_group(known)
        group = {
            name: self._empty(member, (*path, name), (*names, name), below.get(name))
            for name, member in members.items()
        }
        return group or None

    def _leave_out(self, item: Field, names: ValuePath, rows: list[Data]) -> None:
        """Notes which members the rows need not have where it is known which rows there are: many holes to delete."""
        known = [row for row in rows if isinstance(row, dict)]
        optional = {name for name, member in item.members.items() if member.kind == "value"} - {*item.required}
        self.left_out |= {(*names, name) for name in optional if known and not any(name in row for row in known)}

    def _known_members(self, field: Field, names: ValuePath, known: dict[str, Data]) -> dict[str, Field]:
        """The members where it is known which groups there are: those, and what every file has."""
        typed = self._members(field, names)
        typed = {name: member for name, member in typed.items() if (*names, name) not in self.left_out or name in known}
        if field.groups and known:
            typed = {name: member for name, member in typed.items() if name in known or name in field.required}
        if field.other:
            typed |= {name: field.other for name in known if name not in field.members}
        return typed

    def _show_how(self, field: Field, path: ValuePath, names: ValuePath) -> None:
        """Adds an example, once, of a group whose members each author names."""
        assert field.other is not None
        sample = {field.label or "名称": self._empty(field.other, (), names)}
        example = writer.dump_yaml({str(path[-1]): sample}).rstrip()
        if example not in self.explained:
            self.explained.add(example)
            self.above[path] = f"照这个样子写，“{field.label or '名称'}”换成自己的：\n{example}"

    def _explained(self, name: str, field: Field, parent: Field | None, names: ValuePath) -> Iterator[str]:
        """A line for a field and for each below it, where the schema has something to say."""
        title = f"{field.title}。" if parent and field.title not in ("", name) else ""
        optional = parent and field.kind == "value" and field.printed and name not in parent.required
        optional = optional and self.figures.at(names) is None
        if title or field.guidance:
            is_left_out = any((path[0], path[-1]) == (names[0], name) for path in self.left_out)
            hint = _MAY_BE_ADDED if is_left_out else _MAY_BE_LEFT_OUT if optional else ""
            yield f"{name}：{title}{field.guidance}{hint}"
        below = field.item if field.kind == "array" and field.item else field
        if below is not field and below.kind == "value" and below.guidance:
            yield f"{name}：{below.guidance}"
        for inside, member in below.members.items():
            if self._is_typed(member, (*names, inside), at_will=True):
                yield from self._explained(inside, member, below, (*names, inside))
        if below.other and below.printed:
            yield from self._explained(below.label or name, below.other, None, names)
