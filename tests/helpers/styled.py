"""Random documents typed in many ways, and what becomes of them: which comment belongs to which entry is known."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.data import Data, ValuePath
from perfgen.source import writer

NAMES = ["甲", "乙", "丙 丁", "a", "b-c", "12", "no", "戊: 己", "x#y"]
SCALARS: list[Data] = [
    "文字", "≥80%", "a # b", "no", "12", "", "{x}", "一\n二", "一\n\n 二", "'q", '"q', "- x", "a: b", "长" * 90,
    True, None, Decimal(1), Decimal("1.0"), Decimal("-0.5"), Decimal("22302.06"), "[投诉]", "*x", " 空 ", "一\n", "#",
]  # fmt: skip


@dataclass
class Node:
    """One value: `below` holds the members of a group, or the items of a list under their old numbers."""

    number: int
    kind: str
    value: Data = None
    below: list[tuple[str | None, Node]] = field(default_factory=list)
    flow: bool = False
    above: str = ""
    beside: str = ""
    apart: list[str] = field(default_factory=list)
    """Comments between its entries, with blank lines around."""
    typed: str = ""
    """The lines of an entry that has lines of its own, as they were typed."""

    def data(self) -> Data:
        """What it holds."""
        if self.kind == "group":
            return {str(name): node.data() for name, node in self.below}
        return [node.data() for _, node in self.below] if self.kind == "list" else self.value

    def everything(self) -> Iterator[Node]:
        """It and all below it."""
        yield self
        for _, node in self.below:
            yield from node.everything()

    def at(self, path: ValuePath) -> Node:
        """The value at a path."""
        node = self
        for step in path:
            node = node.below[step][1] if isinstance(step, int) else dict(node.below)[step]
        return node


class Typist:
    """Makes a document, and types it in ways that change from entry to entry."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = itertools.count()
        self.newline = self.random.choice(["\n", "\n", "\r\n"])
        self.step = self.random.choice([2, 2, 4])
        self.flush = self.random.random() < 0.2

    def node(self, depth: int, kind: str = "", *, flow: bool = False) -> Node:
        """A value of any kind, or of one."""
        kind = kind or self.random.choice(["value", "group", "list"] if depth else ["value"])
        node = Node(next(self.numbers), kind, flow=flow or (kind != "value" and self.random.random() < 0.35))
        if kind == "value":
            node.value = self.random.choice(SCALARS)
        for name in self.random.sample(NAMES, self.random.randint(0 if depth < 3 else 1, 4)):
            if kind != "value":
                node.below.append((name if kind == "group" else None, self.node(depth - 1, flow=node.flow)))
        if not flow and self.random.random() < 0.3:
            node.above = f"上{node.number}"
        if not flow and self.random.random() < 0.3:
            node.beside = f"旁{node.number}"
        return node

    def document(self) -> Node:
        """A whole document."""
        node = self.node(4, "group")
        node.flow, node.above, node.beside = False, "", ""
        return node

    def text(self, node: Node) -> str:
        """The text of a document."""
        lines = ["# 头", *self.entries(node, "")] if node.below else ["{}"]
        end = self.random.choice([self.newline, self.newline, "", self.newline * 2])
        return self.newline.join(lines) + end

    def entries(self, node: Node, indent: str) -> Iterator[str]:
        """The lines of what is in a group or list."""
        for name, below in node.below:
            if self.random.random() < 0.15:
                yield ""
            if self.random.random() < 0.1:
                node.apart.append(f"间{next(self.numbers)}")
                yield from ("", f"{indent}# {node.apart[-1]}", "")
            if below.above:
                yield f"{indent}# {below.above}"
            lines = list(self.entry(name, below, indent))
            below.typed = self.newline.join(lines)
            yield from lines

    def entry(self, name: str | None, node: Node, indent: str) -> Iterator[str]:
        """The lines of a member or item."""
        head = indent + ("-" if name is None else f"{self.key(name)}:")
        beside = f"{' ' * self.random.randint(2, 5)}# {node.beside}" if node.beside else ""
        deeper = indent + " " * self.step
        if node.kind == "value" or node.flow or not node.below:
            yield from self.beside(head, node, beside, deeper)
        elif node.kind == "group" and name is None and not node.above and self.random.random() < 0.8:
            node.beside = ""
            lines = list(self.entries(node, deeper))
            while not lines[0] or lines[0].lstrip().startswith("#"):
                comment = lines.pop(0).lstrip(" #")
                node.apart = [apart for apart in node.apart if apart != comment]
            first = node.below[0][1]
            first.above = first.typed = ""
            yield head + " " * (self.step - 1) + lines[0].lstrip()
            yield from lines[1:]
        else:
            yield head + beside
            is_flush = self.flush and node.kind == "list" and name is not None
            yield from self.entries(node, indent if is_flush else deeper)

    def beside(self, head: str, node: Node, beside: str, deeper: str) -> Iterator[str]:
        """A value that begins in the line of its key or dash."""
        if (
            node.kind == "value"
            and isinstance(node.value, str)
            and "\n" in node.value
            and node.value == node.value.strip()
        ):
            sign = self.random.choice(["|", "|-", "|+"])
            yield f"{head} {sign}{beside}"
            yield from (f"{deeper}{line}" if line else "" for line in node.value.split("\n"))
        else:
            shown = self.inline(node, flow=False)
            yield f"{head} {shown}{beside}" if shown else head + beside

    def inline(self, node: Node, *, flow: bool = True) -> str:
        """A value on one line."""
        comma = self.random.choice([", ", ",", " , "])
        if node.kind == "group":
            inside = comma.join(
                f"{writer.text(str(name), flow=True)}: {self.inline(below)}" for name, below in node.below
            )
            return self.random.choice(["{%s}", "{ %s }"]) % inside
        if node.kind == "list":
            inside = comma.join(self.inline(below) or "null" for _, below in node.below)
            return self.random.choice(["[%s]", "[ %s ]"]) % inside
        if isinstance(node.value, str) and self.random.random() < 0.3:
            return writer.quoted(node.value)
        if isinstance(node.value, str) and "\n" not in node.value and self.random.random() < 0.2:
            return "'" + node.value.replace("'", "''") + "'"
        return str(node.value) if isinstance(node.value, Decimal) else writer.scalar(node.value, flow=flow)

    def key(self, name: str) -> str:
        """A name, in quotes or without."""
        return writer.quoted(name) if self.random.random() < 0.2 else writer.text(name)

    def changed(self, node: Node) -> Node:
        """What a document is to become: entries that stay keep their number."""
        wanted = deepcopy(node)
        for one in list(wanted.everything()):
            self.change(one, is_root=one is wanted)
        return wanted

    def change(self, node: Node, *, is_root: bool) -> None:
        """Changes one value now and then."""
        chance = self.random.random()
        if node.kind == "value":
            if chance < 0.15:
                node.value = self.random.choice(SCALARS)
            return
        if chance < 0.15 and node.below:
            node.below.pop(self.random.randrange(len(node.below)))
        elif chance < 0.3:
            names = [name for name in NAMES if name not in dict(node.below)]
            name = self.random.choice(names) if node.kind == "group" else None
            node.below.insert(self.random.randint(0, len(node.below)), (name, self.node(2)))
        elif chance < 0.4 and node.kind == "list":
            self.random.shuffle(node.below)
        elif chance < 0.45 and not is_root:
            node.kind, node.below, node.number = self.random.choice(["value", "list", "group"]), [], next(self.numbers)


def paths_of(data: Data, path: ValuePath = ()) -> Iterator[ValuePath]:
    """The paths of all values."""
    yield path
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in below:
        yield from paths_of(value, (*path, step))


def mutated(group: dict[str, Data], chance: random.Random) -> dict[str, Data]:
    """A group in which values, members and items changed, came and went."""
    often = chance.choice([0.02, 0.05, 0.2])
    return {name: _mutated(value, chance, often) for name, value in group.items()} | _some(chance, 2)


def _mutated(value: Data, chance: random.Random, often: float) -> Data:
    if chance.random() < often:
        return chance.choice([chance.choice(SCALARS), _some(chance, 2), list(_some(chance, 2).values())])
    if isinstance(value, dict):
        kept = {name: _mutated(below, chance, often) for name, below in value.items() if chance.random() > often}
        return kept | (_some(chance, 1) if chance.random() < often else {})
    if isinstance(value, list):
        items = [_mutated(below, chance, often) for below in value if chance.random() > often]
        items[1:1] = _some(chance, 1).values() if chance.random() < often else ()
        return chance.sample(items, len(items)) if chance.random() < often else items
    return value


def _some(chance: random.Random, depth: int) -> dict[str, Data]:
    names = chance.sample(NAMES, chance.randint(0, 2))
    return {name: _some(chance, depth - 1) if depth > 1 else chance.choice(SCALARS) for name in names}
