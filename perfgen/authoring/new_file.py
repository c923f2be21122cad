"""A new, empty file of a form: every field in the schema's order, with the schema's own words as comments.

What has to be typed is an empty value, which the schema's check reports one by one. What is
computed is left out; what only some files need stands there as a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.source import writer

_MARK = "冒号后面空着的都要填，perfgen check 逐个列出；用不着的一项、一行就删掉。以 # 开头的行是说明。"
_MAY_BE_LEFT_OUT = "没有就删掉这一项。"


def new_file(form: Form, year: int, unit: str, schema: str) -> str:
    """The text of an empty file; `schema` is the path of the schema as seen from it."""
    return _Sheet(form, {"form": form.name, "year": Decimal(year), "unit": unit}).text(schema)


class _Sheet:
    """Makes the data of an empty file and its comments; nothing is explained twice."""

    def __init__(self, form: Form, roles: dict[str | None, Any]) -> None:
        self.form = form
        self.roles = roles
        self.figures = {figure.path for figure in form.figures.figures}
        self.above: dict[ValuePath, str] = {}
        self.said: set[str] = set()

    def text(self, schema: str) -> str:
        """The whole file."""
        fields = self.form.fields
        data: dict[str, Any] = {}
        waiting: list[str] = []
        for name, about in fields.members.items():
            path = (name,)
            if not self._is_typed(about, path):
                continue
            lines = dict.fromkeys(self._explained(name, about, fields, path))
            explained = [line for line in lines if line not in self.said]
            self.said.update(explained)
            if not about.printed and name not in fields.required:
                waiting += [*explained, f"（可以没有；用得着，去掉下一行的 #）\n{name}:"]
                continue
            data[name] = self.roles.get(about.role) or self._empty(about, path, path)
            self.above[path] = "\n".join([*waiting, *explained, *filter(None, [self.above.get(path)])])
            waiting = []
        above = {path: text for path, text in self.above.items() if text}
        header = (writer.schema_line(schema), f"{self.form.title}。{fields.description}", _MARK)
        text = writer.dump_yaml(data, fields, header=header, above=above)
        return text + "".join(f"# {line}\n" for line in "\n".join(waiting).splitlines())

    def _is_typed(self, about: Field, names: ValuePath) -> bool:
        """Whether anything of a field is typed and not only computed."""
        if about.kind == "object" and about.members:
            return any(self._is_typed(member, (*names, name)) for name, member in about.members.items())
        return names not in self.figures

    def _members(self, about: Field, names: ValuePath) -> dict[str, Field]:
        return {name: m for name, m in about.members.items() if self._is_typed(m, (*names, name))}

    def _empty(self, about: Field, path: ValuePath, names: ValuePath) -> Any:
        """An empty value: a group with its members, a list with one row, or a hole."""
        if about.kind == "array" and about.item:
            return [self._empty(about.item, (*path, 0), names)]
        members = self._members(about, names)
        if not members and about.other and about.other.kind != "value":
            self._show_how(about, path, names)
        group = {name: self._empty(member, (*path, name), (*names, name)) for name, member in members.items()}
        return group or None

    def _show_how(self, about: Field, path: ValuePath, names: ValuePath) -> None:
        """A group whose members everybody names for themselves: what it looks like, once."""
        assert about.other is not None
        sample = {about.label or "名称": self._empty(about.other, (), names)}
        how = writer.dump_yaml({str(path[-1]): sample}).rstrip()
        if how not in self.said:
            self.said.add(how)
            self.above[path] = f"照这个样子写，“{about.label or '名称'}”换成自己的：\n{how}"

    def _explained(self, name: str, about: Field, parent: Field | None, names: ValuePath) -> Iterator[str]:
        """A line for a field and for each below it, where the schema has something to say."""
        title = f"{about.title}。" if parent and about.title not in ("", name) else ""
        optional = parent and about.kind == "value" and about.printed and name not in parent.required
        if title or about.guidance:
            yield f"{name}：{title}{about.guidance}{_MAY_BE_LEFT_OUT if optional else ''}"
        below = about.item if about.kind == "array" and about.item else about
        if below is not about and below.kind == "value" and below.guidance:
            yield f"{name}：{below.guidance}"
        for inside, member in self._members(below, names).items():
            yield from self._explained(inside, member, below, (*names, inside))
        if below.other and below.printed:
            yield from self._explained(below.label or name, below.other, None, names)
