"""Formulas in rules files: Jinja expressions over Decimal, held to the schema when loaded.

Jinja reads a formula; its tree is checked (`formula_types`) and compiled once (`formula_code`), without anything that
would reach Python's own objects. Every number literal becomes a Decimal, so that `合计 * 0.2` neither fails nor turns
into a float, and a number that is needed and absent makes the formula undecided instead of wrong.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeVar

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.form import steps
from perfgen.form.formula_code import CALCULATING, Part, Result, function_of
from perfgen.form.formula_functions import FILTERS
from perfgen.form.formula_reads import Foreign, Reads
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

_STEPS = 2_000_000
"""How many steps one formula may take over one object."""
_LARGEST = 100
"""How many places a number may have before or behind the point."""

_TOO_MANY_STEPS = "公式要算的步数太多：少看几遍长的列表，正则表达式写简单些。"


class Undecided(FormulaError):
    """What the formula needs is not there: `reason` says what, without a full stop; `missing` is a file that is not."""

    def __init__(self, reason: str, missing: Unavailable | None = None) -> None:
        self.reason = reason
        self.missing = missing
        super().__init__(f"公式算不出来：{reason}。")


class Unfilled(Undecided):
    """What the formula needs is a hole, which has a finding of its own."""

    def __init__(self) -> None:
        super().__init__("还有没填好的")


@dataclass(frozen=True)
class Unavailable:
    """Stands for data that is not there; whoever looks into it learns why.

    A formula may ask whether it is there (`甲 == 无`, `if 甲`): a file that does not exist is nothing. Of one that
    cannot be used, or is not one alone, nothing can be said.
    """

    reason: str
    advice: str = ""
    """What to do about it."""
    is_missing: bool = False
    """Whether there is no such file; else there is one that cannot be used, or several."""

    def __bool__(self) -> bool:
        return self != None  # noqa: E711 - what stands for nothing is equal to it, and is not it

    def __eq__(self, other: object) -> bool:
        if other is None and not self.is_missing:
            self._refuse()
        is_same = isinstance(other, Unavailable) and (self.reason, self.advice) == (other.reason, other.advice)
        return is_same or other is None

    def __hash__(self) -> int:
        return hash((self.reason, self.advice))

    def _refuse(self, *_: object) -> NoReturn:
        raise Undecided(self.reason, self)

    __len__ = __iter__ = __contains__ = __getitem__ = _refuse


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
    contents: frozenset[Foreign] = frozenset()
    """The rows and lists, here (under no name) and elsewhere, of which everything counts that stands in them."""
    foreign: frozenset[Foreign] = frozenset()
    """What it reads in other files: the name that leads there (上年表, a reference), and the path there."""
    foreign_wholes: frozenset[Foreign] = frozenset()

    def mentions(self, name: str) -> bool:
        """Whether the formula uses a bare name."""
        used = [self._tree, *self._tree.find_all(nodes.Name)]
        return any(isinstance(node, nodes.Name) and node.name == name for node in used)

    @property
    def computes(self) -> bool:
        """Whether it calculates, which may fail where everything is there: a division by zero, a number too large."""
        return any(isinstance(self._tree, kind) or self._tree.find(kind) for kind in CALCULATING)

    @property
    def tree(self) -> nodes.Node:
        """What it says, part by part; nobody changes one."""
        return self._tree

    def part(self, node: nodes.Node) -> Formula:
        """A part of it as a formula of its own, which is computed from the same names."""
        return Formula(formula_text(node), frozenset(), Type("any"), node, self._words)

    @functools.cached_property
    def _computed(self) -> Part:
        """Made at the first use: most sentences of most rules are never needed."""
        return function_of(self._tree, self._words, _member, _needed)

    def __call__(self, names: FormulaNames) -> Result:
        """The formula's value over completed data.

        Raises Undecided when a value it needs is absent, Unfilled when it is a hole, FormulaError
        when it cannot be computed, such as a division by zero.
        """
        try:
            result = steps.run(self._computed, names, _STEPS)
            if result is True or result is False:
                return result
        except HoleNeededError:
            raise Unfilled from None
        except steps.TooManyStepsError:
            raise FormulaError(_TOO_MANY_STEPS) from None
        except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, TemplateError) as error:
            raise FormulaError(f"公式算不出来：{type(error).__name__}: {error}") from error
        if isinstance(result, Hole):
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
        part = tree.node
        for name in tree.args[0].value.split(".") if isinstance(tree.args[0], nodes.Const) else ():
            part = nodes.Getattr(part, name, "load", lineno=1)
        parts = [part]
    elif isinstance(tree, nodes.And | nodes.Or):
        parts = [tree.left, tree.right]
    telling = [part for part in parts if not isinstance(part, nodes.Const | nodes.List)]
    return [formula.part(part) for part in telling]


def _member(obj: object, name: str) -> Result:
    """What stands in a value under a name: of the data only, never an attribute of Python; through lists as through
    objects."""
    if isinstance(obj, dict) and name in obj:
        return obj[name]
    if isinstance(obj, list):
        found, cost = obj.column(name, _member) if isinstance(obj, RowList) else column(obj, name, _member)
        steps.spend(cost)
        return found
    if isinstance(obj, Hole):
        raise HoleNeededError
    if isinstance(obj, Unavailable):
        raise Undecided(obj.reason, obj)
    if obj is None:
        raise Undecided(f"找不到要看“{name}”的那一行")
    return StrictUndefined(obj=obj, name=name)


def _needed(value: _T | None, name: str) -> _T:
    if value is None:
        raise Undecided(f"“{name}”没有填")
    return value


_KEPT = 4_096
"""How many trees are remembered; a form has some hundreds."""
_SYNTAX = Environment(autoescape=True)  # it only reads formulas
_SYNTAX.filters.clear()
_SYNTAX.filters.update(FILTERS)
_SYNTAX.globals.clear()


def compile_formula(text: str, names: Field | Scope, words: Vocabulary | None = None) -> Formula:
    """Compiles a formula that may use the members of some fields, or the names of a scope.

    Raises FormulaError for bad syntax, an unknown name or function, kinds that do not fit, or a
    construct formulas have no use for.
    """
    tree = parsed(text)
    reads = Reads()
    found = infer(tree, scope_of(names) if isinstance(names, Field) else names, reads)
    return Formula(
        text, frozenset(reads.leaves), found, tree, words or Vocabulary(), frozenset(reads.wholes),
        frozenset(reads.contents), frozenset(reads.foreign), frozenset(reads.foreign_wholes),
    )  # fmt: skip


@functools.lru_cache(maxsize=_KEPT)  # half of a form's formulas stand in it twice, and two versions share most
def parsed(text: str) -> nodes.Node:
    """A formula's tree, with the words for nothing, true and false as constants; nobody changes one.

    Raises FormulaError.
    """
    check_text(text)
    try:
        # a backslash that begins no escape is a slip in a pattern; Python only warns of it
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)
            parser = Parser(_SYNTAX, text, state="variable")
            tree: nodes.Node = parser.parse_expression()
        if not parser.stream.eos:
            raise FormulaError("公式后面有多余的内容。")
    except RecursionError:
        raise FormulaError(TOO_DEEP) from None
    except TemplateSyntaxError as error:
        said = str(error.message)
        said = said if "(" in said else said.rstrip(")")  # some versions of Python leave half a bracket of theirs
        raise FormulaError(f"公式写法不对：看看括号、引号是不是成对，运算符号两边是不是都有值（{said}）。") from None
    check_tree(tree)
    return _with_constants(tree)


def _with_constants(node: nodes.Node) -> nodes.Node:
    """The same tree with the words for nothing, true and false as constants."""
    if isinstance(node, nodes.Name) and node.name in CONSTANTS:
        return nodes.Const(CONSTANTS[node.name], lineno=node.lineno)
    return _rebuilt(node, _with_constants)


def _rebuilt(node: nodes.Node, change: Callable[[nodes.Node], nodes.Node]) -> nodes.Node:
    """A node with every child changed."""
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, name, change(value))
        elif isinstance(value, list):
            setattr(node, name, [change(part) if isinstance(part, nodes.Node) else part for part in value])
    return node
