"""Plain data in, YAML text out in the house style; the one writer of YAML in perfgen.

The style is that of a file people keep by hand: members in the schema's order, a group of plain
values (an indicator, a row of money) on one line, quotes only where the reader would
otherwise read something else. What is written here reads back as the same data, always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from perfgen.data import Data, ValuePath
from perfgen.display import show
from perfgen.fields import Field
from perfgen.source.scalars import ESCAPED, may_stand_plain

Comments = Mapping[ValuePath, str]
"""Comments by the path of what they stand at, without the `#`."""

Typed = Mapping[ValuePath, Callable[[str], list[str]]]
"""What gives the lines of a part of a value with an indent, by its path."""

_STEP = "  "
_LONGEST_KEY = 500
"""A longer key is written after a `?`: the parser takes up to 1,024 characters without (YAML 1.2.2, section 7.4.2)."""

_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump_yaml(
    data: Mapping[str, Data],
    fields: Field | None = None,
    *,
    header: Iterable[str] = (),
    above: Comments | None = None,
    beside: Comments | None = None,
) -> str:
    """A document's text, ending in a line break.

    `fields` gives the order of members; what it does not know comes after, in the data's order.
    `header` are comment lines before everything, `above` comments on lines of their own before
    a key or list item (several lines are fine), `beside` comments at the end of its line. None
    is written as an empty value, which the schema's check reports as not filled in.
    """
    writer = _Writer(above or {}, beside or {})
    lines = [f"# {line}".rstrip() for line in header]
    flat = True
    for name in ordered(data, fields):
        value = data[name]
        plain = not isinstance(value, dict | list)
        if lines and not (flat and plain):
            lines.append("")
        lines += writer.member(name, value, fields.member(name) if fields else None, (name,), "")
        flat = plain
    return "\n".join(lines) + "\n"


def schema_line(path: str) -> str:
    """The header line that tells editors where the schema is, `path` relative to the data file."""
    return f"yaml-language-server: $schema={path}"


def ordered(data: Mapping[str, Data], field: Field | None) -> list[str]:
    """An object's member names: the schema's first, in its order, then the others as they come."""
    declared = [name for name in field.members if name in data] if field else []
    return declared + [name for name in data if name not in declared]


def scalar(value: Data, *, flow: bool = False) -> str:
    """A single value as it stands after `key: ` or `- `; with `flow`, inside braces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return show(Decimal(value))
    return text(str(value), flow=flow)


def text(value: str, *, flow: bool = False) -> str:
    """A text, in double quotes where it would read back as something else without them."""
    return value if may_stand_plain(value, flow=flow) else quoted(value)


def quoted(value: str) -> str:
    """A text in double quotes, on one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + ESCAPED.sub(lambda match: _SHORT_ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}"), escaped) + '"'


def in_style(value: str, style: str, *, flow: bool = False) -> str:
    """A text in the quotes that another one stands in, `"` or `'`, where it may stand in them; see `text`."""
    if style == "'" and not ESCAPED.search(value):
        return "'" + value.replace("'", "''") + "'"
    return quoted(value) if style == '"' else text(value, flow=flow)


def fits_a_block(value: str) -> bool:
    """Whether a text may stand as lines below its key, because nothing at their ends would get lost."""
    lines = value.split("\n")
    return (
        bool(lines[0] and lines[-1])
        and not lines[0].startswith((" ", "\t"))
        and not ESCAPED.search(value.replace("\n", ""))
        and not any(line != line.rstrip() for line in lines)
    )


def inline(value: Data, field: Field | None = None) -> str:
    """A value on one line, groups and lists in brackets: `{当年: 1, 上年: 2}`."""
    if isinstance(value, dict):
        parts = []
        for name in ordered(value, field):
            parts.append(inline_entry(name, value[name], field.member(name) if field else None))
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline_entry(None, item, field.item if field else None) for item in value) + "]"
    return scalar(value, flow=True)


def inline_entry(name: str | None, value: Data, field: Field | None) -> str:
    """A member of a group in brackets, or an item of a list in brackets where `name` is None."""
    below = inline(value, field)
    return below or "null" if name is None else f"{_key(name, flow=True)} {below}"


def _key(name: str, *, flow: bool = False) -> str:
    key = text(name, flow=flow)
    return f"{key}:" if len(key) <= _LONGEST_KEY else f"? {key} :"


def entry_lines(
    name: str | None,
    value: Data,
    field: Field | None,
    indent: str,
    *,
    brackets: bool | None = None,
    flush: bool = False,
    rows_apart: bool = False,
    typed: Typed | None = None,
) -> list[str]:
    """The lines of one member of a group, or of one item of a list where `name` is None, without line breaks.

    `brackets` says how a group or list stands: on one line in brackets, one entry a line, or as `dump_yaml` chooses.
    A text of several lines stands in quotes with `brackets`. `flush`: the dashes of a list stand right under its key.
    `rows_apart`: a group in a list stands one member a line, too.
    `typed` has the lines of parts that are there already, by their path in the value.
    """
    if brackets and not typed and isinstance(value, dict | list | str):
        head = "-" if name is None else _key(name)
        return [f"{indent}{head} {inline(value, field)}"]
    writer = _Writer({}, {}, unfolded=brackets is False, flush=flush, rows_apart=rows_apart, typed=typed)
    if name is None:
        return list(writer.item(value, field, (), indent))
    return list(writer.member(name, value, field, (), indent))


class _Writer:
    """Writes nodes as lines; knows the comments."""

    def __init__(
        self,
        above: Comments,
        beside: Comments,
        *,
        unfolded: bool = False,
        flush: bool = False,
        rows_apart: bool = False,
        typed: Typed | None = None,
    ) -> None:
        self.above = above
        self.beside = beside
        self.unfolded = unfolded
        """Whether the outermost group stands one member a line."""
        self.flush = flush
        """Whether the dashes of a list stand right under its key."""
        self.rows_apart = rows_apart
        """Whether a group in a list stands one member a line."""
        self.typed = typed or {}

    def member(self, name: str, value: Data, field: Field | None, path: ValuePath, indent: str) -> Iterator[str]:
        if path in self.typed:
            yield from self.typed[path](indent)
            return
        yield from self.comments(path, indent)
        key = _key(name)
        if key.startswith("? "):
            yield f"{indent}{key.removesuffix(' :')}"
            key = ":"
        yield from self.node(f"{indent}{key}", value, field, path, indent)

    def item(self, value: Data, field: Field | None, path: ValuePath, indent: str) -> Iterator[str]:
        if path in self.typed:
            yield from self.typed[path](indent)
            return
        yield from self.comments(path, indent)
        if isinstance(value, dict) and not self.fits_a_line(value, field, path):
            # the first member stands beside the dash, the others under it
            lines = self.members(value, field, path, indent + _STEP)
            first = next(lines)
            if not first.lstrip().startswith("#"):
                yield f"{indent}- {first.strip()}"
                yield from lines
                return
            yield f"{indent}-{self.remark(path)}"
            yield first
            yield from lines
            return
        yield from self.node(f"{indent}-", value, field, path, indent)

    def node(self, start: str, value: Data, field: Field | None, path: ValuePath, indent: str) -> Iterator[str]:
        """A value after its key or dash: beside it where it fits, else under it."""
        remark = self.remark(path)
        deeper = indent + _STEP
        if isinstance(value, dict) and not self.fits_a_line(value, field, path):
            yield f"{start}{remark}"
            yield from self.members(value, field, path, deeper)
        elif isinstance(value, list) and value:
            yield f"{start}{remark}"
            dashes = indent if self.flush and not start.endswith("-") else deeper
            for number, item in enumerate(value):
                yield from self.item(item, field.item if field else None, (*path, number), dashes)
        elif isinstance(value, str) and "\n" in value and fits_a_block(value):
            yield f"{start} |-{remark}"
            for line in value.split("\n"):
                yield f"{deeper}{line}" if line else ""
        else:
            shown = inline(value, field) if isinstance(value, dict | list) else scalar(value)
            yield f"{start} {shown}".rstrip() + remark

    def members(self, value: Mapping[str, Data], field: Field | None, path: ValuePath, indent: str) -> Iterator[str]:
        for name in ordered(value, field):
            yield from self.member(name, value[name], field.member(name) if field else None, (*path, name), indent)

    def fits_a_line(self, value: Mapping[str, Data], field: Field | None, path: ValuePath) -> bool:
        """Whether a group holds only plain values under names of the schema's, and no comments stand inside."""
        is_typed = any(below[: len(path)] == path for below in self.typed)
        is_row_apart = self.rows_apart and bool(path) and isinstance(path[-1], int)
        if value and (is_typed or is_row_apart or (self.unfolded and not path)):
            return False
        if value and field and field.other and field.other.kind == "value":
            # names that people choose, such as a reason for each rule: one a line, as a list is
            return False
        member_paths = [(*path, name) for name in value]
        return not any(isinstance(member, dict | list) and member for member in value.values()) and not any(
            member_path in self.above or member_path in self.beside for member_path in member_paths
        )

    def comments(self, path: ValuePath, indent: str) -> Iterator[str]:
        if path in self.above:
            for line in self.above[path].split("\n"):
                yield f"{indent}# {line}".rstrip()

    def remark(self, path: ValuePath) -> str:
        return f"  # {self.beside[path]}" if path in self.beside else ""
