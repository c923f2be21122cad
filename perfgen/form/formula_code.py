"""A formula's tree as Python functions in one another: what formulas may say has one, and nothing else.

Jinja reads formulas. Its own way to run them, a template each in a sandbox, takes longer around each formula than most
formulas themselves, and longer to compile. Here no text becomes code, so that there is nothing to keep formulas from:
a part can look at the names that it is given, and call what is listed in `formula_functions`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, Undefined, nodes

from perfgen.form.formula_cost import counted, counted_filter, in_list
from perfgen.form.formula_functions import FILTERS, FUNCTIONS
from perfgen.form.formula_text import formula_text
from perfgen.form.formula_view import FormulaNames, FormulaRow
from perfgen.form.row_list import RowList
from perfgen.values import Vocabulary

Result: TypeAlias = Any
"""What a formula gives: its kind is known from its type, not from Python's."""
Part: TypeAlias = Callable[[FormulaNames], Result]
"""A part of a formula, ready to be computed from the names that it may use."""
Inspect: TypeAlias = Callable[[Any, str], Result]
"""What looks at a value, with a name for it."""

CALCULATING = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Pos)
"""What calculates needs numbers, and gives one."""
_TWO_SIDES: Mapping[type[nodes.Node], Callable[[Any, Any], Result]] = {
    nodes.Add: operator.add, nodes.Sub: operator.sub, nodes.Mul: operator.mul, nodes.Div: operator.truediv,
}  # fmt: skip
_ONE_SIDE: Mapping[type[nodes.Node], Callable[[Any], Result]] = {
    nodes.Neg: operator.neg, nodes.Pos: operator.pos, nodes.Not: operator.not_,
}  # fmt: skip
_COMPARED: Mapping[str, Callable[[Any, Any], Result]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lteq": operator.le, "gt": operator.gt,
    "gteq": operator.ge, "in": lambda left, right: left in in_list(right),
    "notin": lambda left, right: left not in in_list(right),
}  # fmt: skip
_ORDERING = ("lt", "lteq", "gt", "gteq")
_COUNTED_FILTERS = {name: counted_filter(filter_) for name, filter_ in FILTERS.items()}


def function_of(tree: nodes.Node, words: Vocabulary, member: Inspect, needed: Inspect) -> Part:
    """What computes a formula, whose tree was found good (`formula_types`).

    `member` gives what stands in a value under a name; `needed` gives a value back, or refuses an absent one with what
    the formula's author wrote for it.
    """
    return _Maker(words, member, needed).of(tree)


class _Maker:
    """Makes the functions of one formula."""

    def __init__(self, words: Vocabulary, member: Inspect, needed: Inspect) -> None:
        self.words = words
        self.member = member
        self.needed = needed

    def of(self, node: nodes.Node) -> Part:
        """The function of a part. Raises KeyError for what formulas do not have."""
        return _MAKERS[type(node)](self, node)

    def all(self, items: Sequence[nodes.Node]) -> list[Part]:
        """The functions of some parts."""
        return [self.of(item) for item in items]

    def number(self, node: nodes.Node) -> Part:
        """The function of a part that must be there."""
        part, needed = self.of(node), self.needed
        if isinstance(node, CALCULATING) or (isinstance(node, nodes.Const) and node.value is not None):
            return part
        said = formula_text(node)
        return lambda names: needed(part(names), said)

    def name(self, node: nodes.Name) -> Part:
        """The value of a name."""
        key = node.name

        def found(names: FormulaNames) -> Result:
            try:
                return names[key]
            except KeyError:
                return StrictUndefined(name=key)

        return found

    def constant(self, node: nodes.Const) -> Part:
        """A constant; a number of the formula is a Decimal, by its text."""
        is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        value = Decimal(str(node.value)) if is_number else node.value
        return lambda _: value

    def attribute(self, node: nodes.Getattr) -> Part:
        """What stands in a value under a name."""
        holder, name, member = self.of(node.node), node.attr, self.member

        def found(names: FormulaNames) -> Result:
            value = holder(names)
            if isinstance(value, FormulaRow) and name in value:  # the usual case, as `member` has it
                return value[name]
            return member(value, name)

        return found

    def filter(self, node: nodes.Filter) -> Part:
        """What a filter makes of a list."""
        assert node.node is not None
        made, rows, items = _COUNTED_FILTERS[node.name], self.of(node.node), self.all(node.args)
        named = [(str(pair.key), self.of(pair.value)) for pair in node.kwargs if isinstance(pair, nodes.Keyword)]
        if named:
            return lambda names: made(
                rows(names), *[item(names) for item in items], **{key: item(names) for key, item in named}
            )
        return lambda names: made(rows(names), *[item(names) for item in items])

    def call(self, node: nodes.Call) -> Part:
        """What a function gives."""
        assert isinstance(node.node, nodes.Name)
        function, items = FUNCTIONS[node.node.name], self.all(node.args)
        call, words = function.call, [self.words]
        if function.uses_words:
            return lambda names: counted(call, words + [item(names) for item in items])
        if len(items) == 1:
            (only,) = items
            return lambda names: counted(call, (only(names),))
        return lambda names: counted(call, [item(names) for item in items])

    def comparison(self, node: nodes.Compare) -> Part:
        """Whether a comparison holds: `a < b`, or several in a row."""
        part = self.number if any(operand.op in _ORDERING for operand in node.ops) else self.of
        if any(_has_no_text(one) for one in (node.expr, *(operand.expr for operand in node.ops))):
            part = self.text
        first = part(node.expr)
        others = [(_COMPARED[operand.op], part(operand.expr)) for operand in node.ops]
        if len(others) == 1:
            ((compare, second),) = others
            return lambda names: compare(first(names), second(names))

        def holds(names: FormulaNames) -> Result:
            left, result = first(names), True
            for compare, other in others:
                right = other(names)
                result = compare(left, right)
                if not result:
                    break
                left = right
            return result

        return holds

    def text(self, node: nodes.Node) -> Part:
        """The function of a part that is compared with the empty text: so is a text that is not filled in."""
        part = self.of(node)

        def given(names: FormulaNames) -> Result:
            found = part(names)
            return "" if found is None else found

        return given

    def calculation(self, node: nodes.BinExpr) -> Part:
        """Two numbers added, subtracted, multiplied or divided."""
        compute, left, right = _TWO_SIDES[type(node)], self.number(node.left), self.number(node.right)
        return lambda names: compute(left(names), right(names))

    def both(self, node: nodes.And) -> Part:
        """`and`, as Python has it."""
        left, right = self.of(node.left), self.of(node.right)
        return lambda names: left(names) and right(names)

    def either(self, node: nodes.Or) -> Part:
        """`or`, as Python has it."""
        left, right = self.of(node.left), self.of(node.right)
        return lambda names: left(names) or right(names)

    def sign(self, node: nodes.UnaryExpr) -> Part:
        """A sign before a number, or `not`."""
        compute = _ONE_SIDE[type(node)]
        part = self.number(node.node) if isinstance(node, CALCULATING) else self.of(node.node)
        return lambda names: compute(part(names))

    def choice(self, node: nodes.CondExpr) -> Part:
        """One of two parts; without `else` what prints as nothing."""
        test, yes = self.of(node.test), self.of(node.expr1)
        no = self.of(node.expr2) if node.expr2 is not None else lambda _: Undefined()
        return lambda names: yes(names) if test(names) else no(names)

    def list(self, node: nodes.List) -> Part:
        """A list; one of constants is made once."""
        items = self.all(node.items)
        if all(isinstance(item, nodes.Const) for item in node.items):
            constant = RowList(item({}) for item in items)
            return lambda _: constant
        return lambda names: [item(names) for item in items]

    def tuple(self, node: nodes.Tuple) -> Part:
        """A tuple, which formulas use as a list."""
        items = self.all(node.items)
        return lambda names: tuple([item(names) for item in items])


def _has_no_text(node: nodes.Node) -> bool:
    """Whether a part is the empty text, or a list in which it is written."""
    if isinstance(node, nodes.List | nodes.Tuple):
        return any(map(_has_no_text, node.items))
    return isinstance(node, nodes.Const) and node.value == ""


_MAKERS: Mapping[type[nodes.Node], Callable[[_Maker, Any], Part]] = {
    nodes.Name: _Maker.name, nodes.Const: _Maker.constant, nodes.Getattr: _Maker.attribute,
    nodes.Filter: _Maker.filter, nodes.Call: _Maker.call, nodes.Compare: _Maker.comparison,
    **dict.fromkeys(_TWO_SIDES, _Maker.calculation), **dict.fromkeys(_ONE_SIDE, _Maker.sign),
    nodes.And: _Maker.both, nodes.Or: _Maker.either, nodes.CondExpr: _Maker.choice, nodes.List: _Maker.list,
    nodes.Tuple: _Maker.tuple,
}  # fmt: skip
