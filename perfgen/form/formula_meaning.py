"""Says whether two formulas mean the same, however they are written: a digest that is equal for those of one meaning.

A formula is taken apart and put together again in one way: names that stand for other formulas are replaced by these,
parameters by their values where these are given, a comparison is turned so that the smaller side stands first, a
negation is drawn into the comparison, the terms of a sum are sorted. What could make a formula undecided is never
moved: `甲 != 无 and 甲 > 0` is not `甲 > 0 and 甲 != 无`. So equal digests mean the same; different ones may.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from jinja2 import nodes

from perfgen.data import Data
from perfgen.display import show
from perfgen.form.formulas import parsed
from perfgen.form.rules import EARLIER

_TURNED = {"gt": "lt", "gteq": "lteq"}
_NEGATED = {
    "eq": "ne",
    "ne": "eq",
    "lt": "gteq",
    "gteq": "lt",
    "gt": "lteq",
    "lteq": "gt",
    "in": "notin",
    "notin": "in",
}
_SYMMETRIC = ("eq", "ne")
_SUM = "求和"
"""The function whose arguments may stand in any order."""

Meanings = Mapping[str, str]
"""By name, the digest of what the name stands for."""


class Meaning:
    """A formula taken apart: the digest of all of it, and of the parts that `and` or `or` joins."""

    def __init__(self, text: str, meanings: Meanings) -> None:
        """`meanings` has the names that stand for something else. Raises FormulaError as parsing does."""
        self._tree = parsed(text)
        self._of = _Reader(meanings)
        self.digest = self._of.read(self._tree)

    @property
    def demands(self) -> frozenset[str]:
        """The digests of the parts that must all hold."""
        return frozenset(map(self._of.read, _joined(self._tree, nodes.And)))

    @property
    def choices(self) -> frozenset[str]:
        """The digests of the parts of which one must hold."""
        return frozenset(map(self._of.read, _joined(self._tree, nodes.Or)))

    @property
    def always_computed(self) -> frozenset[str]:
        """The digests of the parts that are computed whatever the data is."""
        return frozenset(map(self._of.read, _unconditional(self._tree)))


def of_value(value: Data) -> str:
    """The digest of a parameter's value, as a formula that is nothing but this constant has it."""
    if isinstance(value, list):
        return _digest("list", *map(of_value, value))
    return _constant(value)


def _constant(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return _digest("constant", str(value))
    if isinstance(value, int | float | Decimal):
        return _digest("number", show(Decimal(str(value)).normalize()))
    return _digest("text", str(value))


def _digest(kind: str, *parts: str) -> str:
    whole = hashlib.sha256(f"{kind} {len(parts)}".encode())
    for part in parts:
        whole.update(f"\0{len(part)}\0".encode() + part.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:24]


def _joined(node: nodes.Node, kind: type[nodes.BinExpr]) -> Iterator[nodes.Node]:
    """The operands that one kind of operator joins, however they are bracketed."""
    if isinstance(node, kind):
        yield from _joined(node.left, kind)
        yield from _joined(node.right, kind)
    else:
        yield node


def _unconditional(node: nodes.Node) -> Iterator[nodes.Node]:
    """A node and the parts of it that are always computed: not the second operand of `and`, nor what `if` chooses."""
    yield node
    if isinstance(node, nodes.And | nodes.Or):
        below: Iterable[nodes.Node] = [node.left]
    elif isinstance(node, nodes.CondExpr):
        below = [node.test]
    elif isinstance(node, nodes.Compare):
        below = [node.expr, *(operand.expr for operand in node.ops[:1])]
    else:
        below = node.iter_child_nodes()
    for part in below:
        yield from _unconditional(part)


class _Reader:
    """Makes the digests of one formula's parts."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings = meanings
        self.known: dict[int, str] = {}
        """The digests so far: each part is read once, however many parts it is a part of."""

    def read(self, node: nodes.Node) -> str:
        """The digest of a part."""
        found = self.known.get(id(node))
        if found is None:
            found = self.known[id(node)] = self.digest(node)
        return found

    def digest(self, node: nodes.Node) -> str:
        """The digest of a part that was not read before."""
        if isinstance(node, nodes.Name):
            return self.meanings.get(node.name) or _digest("name", node.name)
        if isinstance(node, nodes.Const):
            return _constant(node.value)
        if isinstance(node, nodes.Not):
            return self.negated(node.node)
        if isinstance(node, nodes.Compare):
            return self.compared(node)
        if isinstance(node, nodes.And | nodes.Or):
            return self.combined(node)
        if isinstance(node, nodes.Add | nodes.Mul):
            return _digest(type(node).__name__, *sorted(map(self.read, _joined(node, type(node)))))
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == _SUM:
            return _digest("sum", *sorted(map(self.read, node.args)), *self.other(node, ("node", "args")))
        if isinstance(node, nodes.List):
            return _digest("list", *map(self.read, node.items))
        return _digest(type(node).__name__, *self.other(node))

    def negated(self, node: nodes.Node) -> str:
        """The digest of a part that must not hold."""
        if isinstance(node, nodes.Not):
            return self.read(node.node)
        if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in _NEGATED:
            return self.pair(_NEGATED[node.ops[0].op], node.expr, node.ops[0].expr)
        return _digest("not", self.read(node))

    def compared(self, node: nodes.Compare) -> str:
        """The digest of a comparison; a chain is as it stands."""
        if len(node.ops) == 1:
            return self.pair(node.ops[0].op, node.expr, node.ops[0].expr)
        return _digest("chain", self.read(node.expr), *(part for o in node.ops for part in (o.op, self.read(o.expr))))

    def pair(self, sign: str, left: nodes.Node, right: nodes.Node) -> str:
        """The digest of two sides with a sign between them."""
        sides = [self.read(left), self.read(right)]
        if sign in _TURNED:
            return _digest(_TURNED[sign], *reversed(sides))
        return _digest(sign, *(sorted(sides) if sign in _SYMMETRIC else sides))

    def combined(self, node: nodes.And | nodes.Or) -> str:
        """The digest of operands; in any order where none of them can be undecided."""
        operands = list(_joined(node, type(node)))
        digests = [self.read(operand) for operand in operands]
        is_free = all(self.is_decided(operand) for operand in operands)
        return _digest(type(node).__name__, *(sorted(digests) if is_free else digests))

    def is_decided(self, node: nodes.Node) -> bool:
        """Whether a part has a value whatever is absent: it only says whether fields equal something."""
        if isinstance(node, nodes.Name):
            return node.name not in self.meanings and node.name not in EARLIER
        if isinstance(node, nodes.Getattr):
            return self.is_decided(node.node)
        if isinstance(node, nodes.Not):
            return self.is_decided(node.node)
        if isinstance(node, nodes.Compare):
            sides = [node.expr, *(operand.expr for operand in node.ops)]
            return all(o.op in _SYMMETRIC for o in node.ops) and all(map(self.is_decided, sides))
        return isinstance(node, nodes.Const)

    def other(self, node: nodes.Node, left_out: Iterable[str] = ()) -> Iterator[str]:
        """The digests of the parts of a node of which nothing is known but what they are called."""
        for name, value in node.iter_fields():
            if name in left_out:
                continue
            yield name
            if isinstance(value, nodes.Node):
                yield self.read(value)
            elif isinstance(value, list):
                parts = [self.read(part) if isinstance(part, nodes.Node) else repr(part) for part in value]
                yield _digest(name, *(sorted(parts) if name == "kwargs" else parts))
            else:
                yield repr(value)
