"""A formula as a sentence for people who fill in the form: `求和(甲.乙, 丙)` is `甲·乙 + 丙`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from jinja2 import nodes

from perfgen.display import show
from perfgen.form.formula_text import formula_text

_COMPARED = {
    "eq": "等于", "ne": "不等于", "lt": "小于", "lteq": "不超过", "gt": "大于", "gteq": "不小于",
    "in": "是其中一个：", "notin": "不是其中一个：",
}  # fmt: skip
_SIGNS: Mapping[type[nodes.Node], str] = {nodes.Add: "+", nodes.Sub: "−", nodes.Mul: "×", nodes.Div: "÷"}


def in_words(node: nodes.Node) -> str:
    """A formula, or a part of one, in words."""
    found = _WORDS.get(type(node))
    return found(node) if found else formula_text(node)


def _constant(node: nodes.Const) -> str:
    if node.value is None:
        return "没有"
    if isinstance(node.value, bool):
        return "是" if node.value else "否"
    is_number = isinstance(node.value, int | float)
    return show(Decimal(str(node.value))) if is_number else f"“{node.value}”" if node.value else "空着"


def _attribute(node: nodes.Getattr) -> str:
    is_path = isinstance(node.node, nodes.Name | nodes.Getattr)
    return f"{in_words(node.node)}{'·' if is_path else '的'}{node.attr}"


def _filter(node: nodes.Filter) -> str:
    rows = in_words(node.node) if node.node is not None else ""
    inside = [in_words(one) for one in node.args]
    chosen = [_chosen(str(pair.key), pair.value) for pair in node.kwargs if isinstance(pair, nodes.Keyword)]
    match node.name:
        case "求和" if node.args and isinstance(node.args[0], nodes.Const):
            return f"{rows}每一行{str(node.args[0].value).replace('.', '·')}相加"
        case "选取":
            return f"{rows}里{'、'.join(chosen)}的"
        case "首个":
            return f"{rows}那一行"
        case "计数":
            return f"{rows}有几行"
    more = "、".join([*inside, *chosen])
    return f"{rows}（{node.name}{f'：{more}' if more else ''}）"


def _chosen(name: str, wanted: nodes.Node) -> str:
    """Which rows are taken: those where a member is something, or the same as it is here."""
    value = in_words(wanted)
    return f"{name}相同" if value.rpartition("·")[2] == name else f"{name}是{value}"


def _call(node: nodes.Call) -> str:
    name = formula_text(node.node)
    inside = [_enclosed(one) for one in node.args]
    if name == "求和":
        return " + ".join(inside)
    if name == "百分比" and len(inside) == 2:
        return f"{inside[0]} ÷ {inside[1]} × 100"
    return f"{name}（{'，'.join(map(in_words, node.args))}）"


def _compared(node: nodes.Compare) -> str:
    others = (f"{_COMPARED.get(one.op, one.op)}{in_words(one.expr)}" for one in node.ops)
    return in_words(node.expr) + "，并且".join(others)


def _two_sides(node: nodes.BinExpr) -> str:
    return f"{_enclosed(node.left)} {_SIGNS[type(node)]} {_enclosed(node.right)}"


def _enclosed(node: nodes.Node) -> str:
    """A part in brackets where it could be taken apart with what stands beside it."""
    is_whole = not isinstance(node, nodes.BinExpr | nodes.CondExpr) or isinstance(node, nodes.Mul | nodes.Div)
    return in_words(node) if is_whole else f"（{in_words(node)}）"


def _condition(node: nodes.CondExpr) -> str:
    other = f"，不然是{in_words(node.expr2)}" if node.expr2 is not None else ""
    return f"{in_words(node.test)}的时候是{in_words(node.expr1)}{other}"


_WORDS: Mapping[type[nodes.Node], Callable[..., str]] = {
    nodes.Name: lambda node: str(node.name),
    nodes.Const: _constant,
    nodes.TemplateData: lambda node: f"“{node.data}”",
    nodes.List: lambda node: "、".join(map(in_words, node.items)),
    nodes.Tuple: lambda node: "、".join(map(in_words, node.items)),
    nodes.Getattr: _attribute,
    nodes.Filter: _filter,
    nodes.Call: _call,
    nodes.Compare: _compared,
    nodes.CondExpr: _condition,
    nodes.And: lambda node: f"{in_words(node.left)}，并且{in_words(node.right)}",
    nodes.Or: lambda node: f"{in_words(node.left)}，或者{in_words(node.right)}",
    nodes.Not: lambda node: f"不是（{in_words(node.node)}）",
    nodes.Neg: lambda node: f"−{_enclosed(node.node)}",
    nodes.Pos: lambda node: in_words(node.node),
    **dict.fromkeys(_SIGNS, _two_sides),
}
