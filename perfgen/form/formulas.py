"""Formulas in rules files: Jinja expressions over Decimal, held to the schema when loaded.

A formula is compiled once, in an immutable sandbox. Its tree is checked before (`formula_types`),
every number literal becomes a Decimal, so that `合计 * 0.2` neither fails nor turns into a float,
and a number that is needed and absent makes the formula undecided instead of wrong.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.exceptions import SecurityError
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form import steps
from perfgen.form.formula_cost import counted, counted_filter, in_list
from perfgen.form.formula_functions import FILTERS, FUNCTIONS
from perfgen.form.formula_reads import Reads
from perfgen.form.formula_scope import Scope, Type, scope_of
from perfgen.form.formula_size import TOO_DEEP, check_text, check_tree
from perfgen.form.formula_text import formula_text
from perfgen.form.formula_types import CONSTANTS, FormulaError, infer
from perfgen.form.formula_view import FormulaNames
from perfgen.form.holes import Hole, HoleNeededError
from perfgen.form.row_list import RowList, column
from perfgen.values import Vocabulary

__all__ = ["Formula", "FormulaError", "Unavailable", "Undecided", "Unfilled", "compile_formula"]

_T = TypeVar("_T")

Result: TypeAlias = Any
"""What a formula gives: its kind is known from its type, not from Python's."""

_WORDS, _NEEDED, _DECIMAL, _IN_LIST, _RESULT = "__words", "__needed", "__decimal", "__in_list", "result"
_EXPORTED = {_RESULT}
_FUNCTION = "__function_"
"""Before the name of a function, so that a field of the same name does not hide it."""
_STEPS = 2_000_000
"""How many steps one formula may take over one object."""
_LARGEST = 100
"""How many places a number may have before or behind the point."""
_NUMBERS_NEEDED = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.Neg, nodes.Pos)
_ORDERING = ("lt", "lteq", "gt", "gteq")


_TOO_MANY_STEPS = "公式要算的步数太多：少看几遍长的列表，正则表达式写简单些。"


class Undecided(FormulaError):
    """What the formula needs is not there; `reason` says what, without a full stop."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"公式算不出来：{reason}。")


class Unfilled(Undecided):
    """What the formula needs is a hole, which has a finding of its own."""

    def __init__(self) -> None:
        super().__init__("还有没填好的")


@dataclass(frozen=True)
class Unavailable:
    """Stands for data that is not there; whoever looks into it learns why."""

    reason: str


@dataclass(frozen=True, eq=False)
class Formula:
    """A compiled formula, its type, and the paths of the fields and figures it reads."""

    text: str
    reads: frozenset[ValuePath]
    type: Type
    _tree: nodes.Node
    _words: Vocabulary
    wholes: frozenset[ValuePath] = frozenset()
    """The paths of the lists and objects that it uses whole."""

    def mentions(self, name: str) -> bool:
        """Whether the formula uses a bare name."""
        used = [self._tree, *self._tree.find_all(nodes.Name)]
        return any(isinstance(node, nodes.Name) and node.name == name for node in used)

    @property
    def computes(self) -> bool:
        """Whether it calculates, which may fail where everything is there: a division by zero, a number too large."""
        return any(isinstance(self._tree, kind) or self._tree.find(kind) for kind in _NUMBERS_NEEDED)

    @functools.cached_property
    def _template(self) -> Template:
        """Compiled at the first use: most sentences of most rules are never needed."""
        body = [nodes.Assign(nodes.Name(_RESULT, "store"), _prepared(self._tree), lineno=1)]
        try:
            return _ENVIRONMENT.from_string(nodes.Template(body, lineno=1))
        except (SyntaxError, RecursionError, MemoryError):  # Python has no more than 200 brackets in one another
            raise FormulaError(TOO_DEEP) from None

    def _computed(self, context: Context) -> None:
        for _ in self._template.root_render_func(context):
            pass

    def __call__(self, names: FormulaNames) -> Result:
        """The formula's value over completed data.

        Raises Undecided when a value it needs is absent, Unfilled when it is a hole, FormulaError
        when it cannot be computed, such as a division by zero.
        """
        context = _Names(names, self._words)
        try:
            steps.run(self._computed, context, _STEPS)
        except HoleNeededError:
            raise Unfilled from None
        except steps.TooManyStepsError:
            raise FormulaError(_TOO_MANY_STEPS) from None
        except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, TemplateError) as error:
            raise FormulaError(f"公式算不出来：{type(error).__name__}: {error}") from error
        if isinstance(result := context.vars[_RESULT], Hole):
            raise Unfilled
        if isinstance(result, Decimal) and abs(result.adjusted()) > _LARGEST:
            raise FormulaError("公式算不出来：数太大，或者太小。")
        return result


def operands(formula: Formula) -> list[Formula]:
    """The parts of a formula whose values explain its own: the sides of a comparison, the terms of a
    sum, the column that is added up. Constants explain nothing and are left out."""
    tree = parsed(formula.text)
    parts: list[nodes.Node] = []
    if isinstance(tree, nodes.Compare):
        parts = [tree.expr, *(operand.expr for operand in tree.ops)]
    elif isinstance(tree, nodes.Call):
        parts = list(tree.args)
    elif isinstance(tree, nodes.Filter) and tree.name == "求和" and tree.node is not None:
        column = tree.args[0].value if isinstance(tree.args[0], nodes.Const) else ""
        parts = [nodes.Getattr(tree.node, column, "load", lineno=1)]
    elif isinstance(tree, nodes.And | nodes.Or):
        parts = [tree.left, tree.right]
    telling = [part for part in parts if not isinstance(part, nodes.Const | nodes.List)]
    return [Formula(formula_text(part), frozenset(), Type("any"), part, formula._words) for part in telling]


class _Names(Context):
    """What a formula may look at. Jinja's own context takes longer to make than most formulas to compute."""

    def __init__(self, names: FormulaNames, words: Vocabulary) -> None:
        self.vars = {_WORDS: words}
        self.exported_vars = _EXPORTED
        self.names = names

    def resolve_or_missing(self, key: str) -> object:
        """The value of a name: of the data before a function of that name."""
        if key in self.vars:
            return self.vars[key]
        return self.names[key] if key in self.names else _GLOBALS.get(key, missing)


class _Environment(ImmutableSandboxedEnvironment):
    """Looks names up in the data only, never among Python's attributes; through lists as through objects."""

    def call(self, _: Context, obj: Callable[..., Result], /, *arguments: object, **named: object) -> Result:
        """Only what formulas may call is called at all; the sandbox need not look at each call."""
        if obj in _COUNTED:
            return counted(obj, arguments)
        if obj not in _CALLABLE:
            raise SecurityError(f"{obj!r} is no function of formulas")
        return obj(*arguments, **named)

    def getattr(self, obj: object, attribute: str) -> Result:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, list):
            member = self.getattr
            found, cost = obj.column(attribute, member) if isinstance(obj, RowList) else column(obj, attribute, member)
            steps.spend(cost)
            return found
        if isinstance(obj, Hole):
            raise HoleNeededError
        if isinstance(obj, Unavailable):
            raise Undecided(obj.reason)
        if obj is None:
            raise Undecided(f"找不到要看“{attribute}”的那一行")
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> Result:
        return self.getattr(obj, str(argument))


def _needed(value: _T | None, name: str) -> _T:
    if value is None:
        raise Undecided(f"“{name}”没有填")
    return value


_GLOBALS: dict[str, Callable[..., Result]] = {
    **{f"{_FUNCTION}{name}": function.call for name, function in FUNCTIONS.items()}, _NEEDED: _needed,
    _DECIMAL: Decimal, _IN_LIST: in_list,
}  # fmt: skip
_CALLABLE = frozenset(_GLOBALS.values())
_COUNTED = frozenset(function.call for function in FUNCTIONS.values())
_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False)
_ENVIRONMENT.filters.clear()
_ENVIRONMENT.filters.update({name: counted_filter(filter_) for name, filter_ in FILTERS.items()})
_ENVIRONMENT.globals.clear()


def compile_formula(text: str, names: Field | Scope, words: Vocabulary | None = None) -> Formula:
    """Compiles a formula that may use the members of some fields, or the names of a scope.

    Raises FormulaError for bad syntax, an unknown name or function, kinds that do not fit, or a
    construct formulas have no use for.
    """
    tree = parsed(text)
    reads = Reads()
    found = infer(tree, scope_of(names) if isinstance(names, Field) else names, reads)
    return Formula(text, frozenset(reads.leaves), found, tree, words or Vocabulary(), frozenset(reads.wholes))


def parsed(text: str) -> nodes.Node:
    """A formula's tree, with the words for nothing, true and false as constants. Raises FormulaError."""
    check_text(text)
    try:
        # a backslash that begins no escape is a slip in a pattern; Python only warns of it
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)
            parser = Parser(_ENVIRONMENT, text, state="variable")
            tree: nodes.Node = parser.parse_expression()
        if not parser.stream.eos:
            raise FormulaError("公式后面有多余的内容。")
    except RecursionError:
        raise FormulaError(TOO_DEEP) from None
    except TemplateSyntaxError as error:
        raise FormulaError(
            f"公式写法不对：看看括号、引号是不是成对，运算符号两边是不是都有值（{error.message}）。"
        ) from None
    check_tree(tree)
    return _with_constants(tree)


def _with_constants(node: nodes.Node) -> nodes.Node:
    """The same tree with the words for nothing, true and false as constants."""
    if isinstance(node, nodes.Name) and node.name in CONSTANTS:
        return nodes.Const(CONSTANTS[node.name], lineno=node.lineno)
    return _rebuilt(node, _with_constants)


def _prepared(node: nodes.Node) -> nodes.Node:
    """The same tree with literals as Decimals, needed numbers guarded, the vocabulary handed on."""
    if isinstance(node, nodes.Const) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return _call(_DECIMAL, [nodes.Const(str(node.value), lineno=node.lineno)], node.lineno)
    orders = isinstance(node, nodes.Compare) and any(operand.op in _ORDERING for operand in node.ops)
    if orders or isinstance(node, _NUMBERS_NEEDED):
        return _rebuilt(node, _guarded)
    made = _rebuilt(node, _prepared)
    if isinstance(made, nodes.Operand) and made.op in ("in", "notin"):
        return nodes.Operand(made.op, _call(_IN_LIST, [made.expr], made.lineno), lineno=made.lineno)
    if isinstance(made, nodes.Call) and isinstance(made.node, nodes.Name) and made.node.name in FUNCTIONS:
        if FUNCTIONS[made.node.name].uses_words:
            made.args.insert(0, nodes.Name(_WORDS, "load", lineno=made.lineno))
        made.node = nodes.Name(f"{_FUNCTION}{made.node.name}", "load", lineno=made.lineno)
    return made


def _guarded(node: nodes.Node) -> nodes.Node:
    """A number that must be there: its absence is said by the name its author wrote."""
    if isinstance(node, nodes.Operand):
        return _rebuilt(node, _guarded)
    said = nodes.Const(formula_text(node), lineno=node.lineno)
    return _call(_NEEDED, [_prepared(node), said], node.lineno)


def _call(name: str, arguments: list[nodes.Node], lineno: int) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load", lineno=lineno), arguments, [], None, None, lineno=lineno)


def _rebuilt(node: nodes.Node, change: Callable[[nodes.Node], nodes.Node]) -> nodes.Node:
    """A node with every child changed."""
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, name, change(value))
        elif isinstance(value, list):
            setattr(node, name, [change(part) if isinstance(part, nodes.Node) else part for part in value])
    return node
