"""What a formula means before there is data: every name held to the fields, every kind to its use.

Strict undefined alone misses a typo inside a filter's arguments, and Python compares a text with
a number only when it comes to it; so a formula's tree is walked against the schema at load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from jinja2 import nodes

from perfgen.form.formula_arguments import check_argument, check_lists, given_by, taken
from perfgen.form.formula_functions import FILTERS, FUNCTIONS
from perfgen.form.formula_reads import Reads
from perfgen.form.formula_scope import EARLIER, KINDS_SAID, FormulaError, Scope, Type, TypeKind, type_of
from perfgen.form.nearest import guess, nearest

__all__ = ["CONSTANTS", "FormulaError", "infer"]

CONSTANTS: dict[str, bool | None] = {"无": None, "真": True, "假": False}
_ORDERING = ("lt", "lteq", "gt", "gteq")


def infer(node: nodes.Node, scope: Scope, reads: Reads) -> Type:
    """The type of a formula's tree; notes all that it reads.

    Raises FormulaError for an unknown name, a construct formulas have no use for, or kinds that
    do not fit.
    """
    return _Walk(scope, reads).used(node)


class _Walk:
    def __init__(self, scope: Scope, reads: Reads) -> None:
        self.scope = scope
        self.reads = reads

    def read(self, found: Type) -> Type:
        leaf = found.item if found.kind == "list" and found.item else found
        if leaf.kind not in ("object", "list") or leaf.is_measure:
            self.reads.leaf(leaf)
        return found

    def used(self, node: nodes.Node) -> Type:
        """The type of a part whose value itself is used: a list or an object there is read whole."""
        return self.whole(self.type(node))

    def whole(self, found: Type) -> Type:
        if found.kind in ("list", "object"):
            self.reads.whole(found, found.rows if found.rows is not None else found.path)
        return found

    def given(self, node: nodes.Node) -> Type:
        """The type of a part whose value goes on to something that may look at all that stands in it."""
        found = self.used(node)
        row = found.item if found.kind == "list" and found.item else found
        if row.kind == "object" and not row.is_measure:
            self.reads.content(row)
        return found

    def looked_through(self, found: Type, wanted: nodes.Node | None) -> Type:
        """A list in which a value is looked for; rows that do not have it do not count in a column."""
        is_told = isinstance(wanted, nodes.Const) and wanted.value is not None
        return found if found.rows is not None and is_told else self.whole(found)

    def type(self, node: nodes.Node) -> Type:
        if isinstance(node, nodes.Name):
            if node.name not in self.scope:
                raise FormulaError(f"本表没有“{node.name}”。{guess(node.name, self.scope)}")
            return self.read(self.scope[node.name])
        if isinstance(node, nodes.Const):
            return Type(_kind_of_constant(node.value))
        for kind, method in _METHODS.items():
            if isinstance(node, kind):
                return method(self, node)
        raise FormulaError(f"公式里不能用“{_WRITTEN.get(type(node), type(node).__name__)}”。")

    def member(self, parent: Type, name: str, said: str) -> Type:
        if parent.kind == "list" and parent.item:
            found = self.member(parent.item, name, said)
            rows = parent.rows if parent.rows is not None else parent.path
            if found.kind == "list":
                return replace(found, rows=rows)
            return Type("list", None, found, found.path, rows, parent.origin)
        if parent.kind != "object" or parent.field is None:
            raise FormulaError(f"“{said}”前面的不是一组字段。")
        field = parent.field.member(name)
        if field is None:
            where = f"“{parent.field.title or parent.path[-1]}”里" if parent.path else self.whose(parent)
            raise FormulaError(f"{where}没有“{name}”。{guess(name, parent.field.members)}")
        if parent.field.groups and name not in parent.field.members:
            raise FormulaError(f"“{said}”前面的是几组，各组的名称由填表人起，这里不能用它们。")
        if parent.field.measure:
            return Type(type_of(field).kind)  # reading a part is reading the whole, noted already
        return self.read(type_of(field, (*(parent.path or ()), name), parent.origin))

    @staticmethod
    def whose(file: Type) -> str:
        """How a sentence calls a file: by the name that leads there."""
        return f"“{file.origin}”里" if file.origin and file.origin not in EARLIER else "本表"

    def attribute(self, node: nodes.Getattr) -> Type:
        return self.member(self.type(node.node), node.attr, f".{node.attr}")

    def arithmetic(self, node: nodes.BinExpr) -> Type:
        for side in (node.left, node.right):
            self.wants(self.type(side), "number", "加减乘除只能用在数上")
        return Type("number")

    def sign(self, node: nodes.UnaryExpr) -> Type:
        self.wants(self.type(node.node), "number", "正负号只能用在数上")
        return Type("number")

    def logic(self, node: nodes.Node) -> Type:
        for child in node.iter_child_nodes():
            self.used(child)
        return Type("flag")

    def choice(self, node: nodes.CondExpr) -> Type:
        self.used(node.test)
        found = self.given(node.expr1)
        if node.expr2 is not None:
            other = self.given(node.expr2)
            if other.kind != found.kind and not {"none", "any"} & {other.kind, found.kind}:
                raise FormulaError(f"if 前后要是同一种值，这里是{KINDS_SAID[found.kind]}和{KINDS_SAID[other.kind]}。")
            found = other if found.kind == "none" else found
        return found

    def listing(self, node: nodes.List | nodes.Tuple) -> Type:
        items = [self.given(item) for item in node.items]
        return Type("list", item=items[0] if items else Type("any"))

    def comparison(self, node: nodes.Compare) -> Type:
        left, before = self.used(node.expr), node.expr
        for operand in node.ops:
            right = self.type(operand.expr)
            if operand.op in ("in", "notin"):
                self.looked_through(right, before)
                self.given(before)
                if right.kind not in ("list", "text", "any"):
                    raise FormulaError("in 后面要是列表或文字。")
            elif "none" not in (self.whole(left).kind, self.whole(right).kind):
                self.comparable(left, right, operand.op)
            elif operand.op in _ORDERING:
                raise FormulaError("和“无”不能比大小；看有没有填，写 == 无 或 != 无。")
            left, before = right, operand.expr
        return Type("flag")

    def comparable(self, left: Type, right: Type, operator: str) -> None:
        for side in (left, right):
            if side.is_measure:
                raise FormulaError("这个值要拆开来比较：写 .数、.单位、.方向 或 .等级。")
            if side.kind in ("object", "list"):
                raise FormulaError(f"{KINDS_SAID[side.kind]}不能比较。")
            if operator in _ORDERING:
                self.wants(side, "number", "大小只能在数之间比较")
        if left.kind != right.kind and "any" not in (left.kind, right.kind):
            raise FormulaError(f"{KINDS_SAID[left.kind]}和{KINDS_SAID[right.kind]}不能比较。")

    def wants(self, found: Type, kind: TypeKind, message: str) -> None:
        if found.is_measure and kind == "number":
            raise FormulaError("这个值要拆开来用：写 .数、.单位、.方向 或 .等级。")
        if found.kind not in (kind, "any"):
            raise FormulaError(f"{message}，这里是{KINDS_SAID[found.kind]}。")

    def call(self, node: nodes.Call) -> Type:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        function = FUNCTIONS.get(name)
        if function is None:
            raise FormulaError(f"没有这个函数。{nearest(name, FUNCTIONS)}")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise FormulaError(f"函数 {name} 的参数要逐个写出。")
        takes = taken(name, function, len(node.args))
        found = [self.type(argument) for argument in node.args]
        for wanted, argument, kind in zip(takes, node.args, found, strict=True):
            check_argument(name, wanted, argument, kind)
        for argument in node.args:
            if isinstance(argument, nodes.List):
                self.alike(name, argument)
        check_lists(name, takes, node.args)
        return given_by(function, found)

    def alike(self, name: str, node: nodes.List) -> None:
        """Raises FormulaError where the items of a list that a function is given are of several kinds."""
        if len({self.type(item).kind for item in node.items} - {"none", "any"}) > 1:
            raise FormulaError(f"函数 {name} 的一个列表里要是同一种值。")

    def filter(self, node: nodes.Filter) -> Type:
        if node.name not in FILTERS:
            raise FormulaError(f"没有“| {node.name}”。{nearest(node.name, FILTERS)}")
        target = self.type(node.node) if node.node else Type("none")
        if target.kind != "list" or target.item is None:
            raise FormulaError(f"“| {node.name}”前面要是一个列表。")
        if node.dyn_args or node.dyn_kwargs:
            raise FormulaError(f"“| {node.name}”的参数要逐个写出。")
        return _FILTERS[node.name](self, node, target)

    def sum_of(self, node: nodes.Filter, target: Type) -> Type:
        message = "只能把数加起来" if node.name == "求和" else f"“| {node.name}”只能用在数上"
        self.wants(self.column(node, target), "number", message)
        return Type("number")

    def rows_again(self, node: nodes.Filter, target: Type) -> Type:
        self.wants(self.whole(self.column(node, target)), "text", "只能看文字有没有出现过")
        return target

    def column(self, node: nodes.Filter, target: Type) -> Type:
        """The column of the rows of a list that a filter names."""
        constants = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
        columns = [constant for constant in constants if isinstance(constant, str)]
        if len(columns) != len(node.args):
            raise FormulaError(f"“| {node.name}”的参数要是加引号的字段名。")
        if len(columns) != 1 or node.kwargs:
            raise FormulaError(f"“| {node.name}”要写明字段。")
        assert target.item is not None
        found = target.item
        for name in columns[0].split("."):
            found = self.member(found, name, name)
        return found

    def selection(self, node: nodes.Filter, target: Type) -> Type:
        if node.args or not node.kwargs:
            raise FormulaError(f"“| {node.name}”要写明字段，例如 {node.name}(字段='值')。")
        assert target.item is not None
        for pair in node.kwargs:
            assert isinstance(pair, nodes.Keyword)
            column, value = self.member(target.item, pair.key, pair.key), self.used(pair.value)
            if "none" not in (self.whole(column).kind, value.kind):
                self.comparable(column, value, "eq")
        return target

    def counting(self, node: nodes.Filter, target: Type) -> Type:
        if len(node.args) > 1 or node.kwargs:
            raise FormulaError(f"“| {node.name}”最多写一个值。")
        for argument in node.args:
            self.given(argument)
        self.looked_through(target, node.args[0] if node.args else None)
        return Type("number")

    def plain(self, node: nodes.Filter, target: Type) -> Type:
        if node.args or node.kwargs:
            raise FormulaError(f"“| {node.name}”没有参数。")
        assert target.item is not None
        if node.name == "首个":
            return target.item
        self.wants(target.item, "text", "只能数文字的重复")
        return target


def _kind_of_constant(value: object) -> TypeKind:
    if value is None:
        return "none"
    return "flag" if isinstance(value, bool) else "number" if isinstance(value, int | float | Decimal) else "text"


_WRITTEN: dict[type[nodes.Node], str] = {
    nodes.Concat: "~", nodes.FloorDiv: "//", nodes.Pow: "**", nodes.Mod: "%", nodes.Dict: "{…}",
    nodes.Getitem: "[…]", nodes.Test: "is",
}  # fmt: skip
_METHODS: dict[type[nodes.Node], Callable[[_Walk, Any], Type]] = {
    nodes.Getattr: _Walk.attribute, nodes.Filter: _Walk.filter, nodes.Call: _Walk.call, nodes.Compare: _Walk.comparison,
    nodes.And: _Walk.logic, nodes.Or: _Walk.logic, nodes.Not: _Walk.logic, nodes.CondExpr: _Walk.choice,
    nodes.Neg: _Walk.sign, nodes.Pos: _Walk.sign, nodes.Add: _Walk.arithmetic, nodes.Sub: _Walk.arithmetic,
    nodes.Mul: _Walk.arithmetic, nodes.Div: _Walk.arithmetic, nodes.List: _Walk.listing, nodes.Tuple: _Walk.listing,
}  # fmt: skip
_FILTERS: dict[str, Callable[[_Walk, nodes.Filter, Type], Type]] = {
    "求和": _Walk.sum_of, "选取": _Walk.selection, "计数": _Walk.counting, "首个": _Walk.plain, "重复": _Walk.plain,
    "再次出现": _Walk.rows_again, **dict.fromkeys(("平均", "最大", "最小"), _Walk.sum_of),
}  # fmt: skip
