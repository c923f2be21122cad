"""Formulas in rules files: Jinja expressions over Decimal, held to the schema when loaded.

A formula is compiled once, in an immutable sandbox. Before that its tree is walked: every name
must be a field of the form or a figure (strict undefined alone misses a typo inside a filter's
arguments), and every number literal becomes a Decimal, so that `合计 * 0.2` neither fails nor
turns into a float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.environment import TemplateExpression
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from perfgen.display import round_half_up
from perfgen.fields import Field
from perfgen.findings import Path


class FormulaError(Exception):
    """A formula that cannot be used: the message says why, in Chinese."""


@dataclass(frozen=True)
class Formula:
    """A compiled formula, and the paths of the fields and figures it reads."""

    text: str
    reads: frozenset[Path]
    _evaluate: Callable[..., Any]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The formula's value over completed data.

        Raises FormulaError when it cannot be computed, such as a division by zero.
        """
        try:
            return self._evaluate(values)
        except (DecimalException, ZeroDivisionError, TypeError, ValueError) as error:
            raise FormulaError(f"公式算不出来：{type(error).__name__}: {error}") from error


def add(*terms: Any) -> Decimal | None:
    """The sum of what is there; None if nothing is there."""
    present = [term for term in terms if term is not None]
    return sum(present, Decimal(0)) if present else None


def percentage(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """100 × part ÷ whole, half-up to two places; 0 for a zero, None for an absent part."""
    if part is None or whole is None:
        return None
    return round_half_up(100 * part / whole, 2) if whole else Decimal(0)


def _add_column(rows: Iterable[Mapping[str, Any]], column: str) -> Decimal | None:
    return add(*(row[column] for row in rows))


def _select(rows: Iterable[Mapping[str, Any]], **wanted: Any) -> list[Mapping[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


FUNCTIONS: dict[str, Callable[..., Any]] = {"求和": add, "百分比": percentage}
FILTERS: dict[str, Callable[..., Any]] = {"求和": _add_column, "选取": _select}


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in the data only, never among Python's attributes."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument)


_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False)
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.filters.update(FILTERS)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.globals.update(FUNCTIONS, __decimal=Decimal)

_PLAIN = (
    nodes.BinExpr, nodes.UnaryExpr, nodes.Compare, nodes.Operand, nodes.CondExpr, nodes.List, nodes.Tuple,
)  # fmt: skip


def compile_formula(text: str, fields: Field) -> Formula:
    """Compiles a formula that may use the names of `fields`.

    Raises FormulaError for bad syntax, an unknown name or function, or a construct formulas
    have no use for.
    """
    try:
        parser = Parser(_ENVIRONMENT, text, state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise FormulaError("公式后面有多余的内容。")
    except TemplateSyntaxError as error:
        raise FormulaError(f"公式写法不对：{error.message}") from None
    reads: set[Path] = set()
    _check(tree, fields, reads)
    body = [nodes.Assign(nodes.Name("result", "store"), _with_decimals(tree), lineno=1)]
    template = _ENVIRONMENT.from_string(nodes.Template(body, lineno=1))
    expression = TemplateExpression(template, undefined_to_none=False)
    return Formula(text, frozenset(reads), expression)


_Typed = tuple[Field, Path] | None
"""What a sub-expression stands for, as far as the schema says: a field and its path."""


def _check(node: nodes.Node, fields: Field, reads: set[Path]) -> _Typed:
    """Walks a formula against the fields; notes every leaf that is read."""

    def look_up(parent: Field, path: Path, name: str) -> _Typed:
        found = parent.member(name)
        if found is None:
            where = f"“{parent.title}”里" if parent.title and path else "本表"
            raise FormulaError(f"{where}没有“{name}”。")
        here = (*path, name)
        if found.kind == "value":
            reads.add(here)
        return found, here

    if isinstance(node, nodes.Const):
        return None
    if isinstance(node, nodes.Name):
        return look_up(fields, (), node.name)
    if isinstance(node, nodes.Getattr):
        target = _check(node.node, fields, reads)
        if target is None or target[0].kind != "object":
            raise FormulaError(f"“.{node.attr}”前面的不是一组字段。")
        return look_up(target[0], target[1], node.attr)
    if isinstance(node, nodes.Filter):
        return _check_filter(node, fields, reads, look_up)
    if isinstance(node, nodes.Call):
        if not isinstance(node.node, nodes.Name) or node.node.name not in FUNCTIONS:
            raise FormulaError(f"没有这个函数；可用的是 {'、'.join(FUNCTIONS)}。")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise FormulaError(f"函数 {node.node.name} 只接受逐个列出的数。")
        for argument in node.args:
            _check(argument, fields, reads)
        return None
    if isinstance(node, _PLAIN):
        for child in node.iter_child_nodes():
            _check(child, fields, reads)
        return None
    raise FormulaError(f"公式里不能用 {type(node).__name__}。")


def _check_filter(
    node: nodes.Filter, fields: Field, reads: set[Path], look_up: Callable[[Field, Path, str], _Typed]
) -> _Typed:
    if node.name not in FILTERS:
        raise FormulaError(f"没有“| {node.name}”；可用的是 {'、'.join(FILTERS)}。")
    target = _check(node.node, fields, reads) if node.node else None
    if target is None or target[0].kind != "array" or target[0].item is None:
        raise FormulaError(f"“| {node.name}”前面要是一个列表。")
    if node.dyn_args or node.dyn_kwargs:
        raise FormulaError(f"“| {node.name}”的参数要逐个写出。")
    item = target[0].item
    columns = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
    if len(columns) != len(node.args) or not all(isinstance(column, str) for column in columns):
        raise FormulaError(f"“| {node.name}”的参数要是加引号的字段名。")
    names = [pair.key for pair in node.kwargs if isinstance(pair, nodes.Keyword)] + columns
    if not names:
        raise FormulaError(f"“| {node.name}”要写明字段。")
    for name in names:
        look_up(item, target[1], name)
    for pair in node.kwargs:
        if isinstance(pair, nodes.Keyword):
            _check(pair.value, fields, reads)
    return target if node.name == "选取" else None


def _with_decimals(node: Any) -> Any:
    """The same tree with number literals as Decimals."""
    if isinstance(node, nodes.Const) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        literal = nodes.Const(str(node.value), lineno=node.lineno)
        return nodes.Call(nodes.Name("__decimal", "load"), [literal], [], None, None, lineno=node.lineno)
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, name, _with_decimals(value))
        elif isinstance(value, list):
            setattr(node, name, [_with_decimals(v) if isinstance(v, nodes.Node) else v for v in value])
    return node
