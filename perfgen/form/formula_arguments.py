"""Holds what functions of formulas are given to what they take."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from jinja2 import nodes

from perfgen.form.formula_functions import Function
from perfgen.form.formula_scope import KINDS_SAID, FormulaError, Type, TypeKind
from perfgen.form.formula_tiers import TABLE, TIERS
from perfgen.form.patterns import PatternError, compile_pattern

_PLAIN: dict[str, TypeKind] = {"number": "number", "text": "text", "flag": "flag"}


def taken(name: str, function: Function, count: int) -> list[str]:
    """What a function takes as so many arguments. Raises FormulaError where it takes another number."""
    takes = list(function.takes)
    if takes[-1:] == ["*"]:
        takes = takes[:-2] + takes[-2:-1] * max(count - len(takes) + 2, 1)
    if len(takes) != count:
        raise FormulaError(f"函数 {name} 要有 {len(takes)} 个参数，现在有 {count} 个。")
    return takes


def check_argument(name: str, wanted: str, node: nodes.Node, found: Type) -> None:
    """Raises FormulaError where a function takes another kind of argument."""
    if wanted == "pattern":
        _check_pattern(name, node)
    elif wanted in ("texts", "numbers", "results"):
        _check_list(name, wanted, found)
    elif wanted == "measure":
        if not found.is_measure and found.kind != "none":
            raise FormulaError(f"函数 {name} 这里要一个有方向、数和单位的值。")
    elif found.kind not in (wanted, "none", "any"):
        raise FormulaError(f"函数 {name} 这里要{KINDS_SAID[_PLAIN[wanted]]}，不是{KINDS_SAID[found.kind]}。")


def _check_pattern(name: str, node: nodes.Node) -> None:
    if not isinstance(node, nodes.Const) or not isinstance(node.value, str):
        raise FormulaError(f"函数 {name} 的正则表达式要写成加引号的文字。")
    try:
        compile_pattern(node.value)
    except PatternError as error:
        raise FormulaError(f"函数 {name} 的正则表达式{error}。") from None


def _check_list(name: str, wanted: str, found: Type) -> None:
    kinds = {"texts": ("text",), "numbers": ("number",), "results": ("number", "text")}[wanted]
    if found.kind != "list" or (found.item and found.item.kind not in (*kinds, "any")):
        said = {"texts": "文字的", "numbers": "数的", "results": "数或文字的"}[wanted]
        raise FormulaError(f"函数 {name} 这里要一个{said}列表。")


def check_lists(name: str, takes: Sequence[str], arguments: Sequence[nodes.Node]) -> None:
    """Raises FormulaError where lists that are written out do not go with one another."""
    if takes[-1:] != ["results"]:
        return
    first, results = arguments[-2], arguments[-1]
    if not isinstance(first, nodes.List) or not isinstance(results, nodes.List):
        return
    if takes[-2] == "texts" and len(first.items) != len(results.items):
        raise FormulaError(f"函数 {name} 的{TABLE}。")
    limits = [item.value for item in first.items if isinstance(item, nodes.Const)]
    falls = all(a > b for a, b in pairwise(limits) if _are_numbers(a, b))
    if takes[-2] == "numbers" and (len(results.items) != len(first.items) + 1 or not falls):
        raise FormulaError(f"函数 {name} 的{TIERS}。")


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int | float | Decimal) for value in values)


def given_by(function: Function, found: Sequence[Type]) -> Type:
    """The type of what a function gives for arguments of some types."""
    if function.gives == "texts":
        return Type("list", item=Type("text"))
    if function.gives == "result":
        item = found[-1].item
        return Type(item.kind if item else "any")
    return Type(_PLAIN[function.gives])
