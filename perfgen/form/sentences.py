"""Sentences of a rules file: fixed words with {{ formulas }} between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from perfgen.display import show
from perfgen.form.formula_scope import Scope
from perfgen.form.formula_types import FormulaError
from perfgen.form.formula_view import TEXT, FormulaNames, FormulaRow
from perfgen.form.formulas import Formula, Undecided, compile_formula
from perfgen.values import Vocabulary

# a formula ends before the next {{, so that a text of many of them is looked through once
_FORMULA = re.compile(r"\{\{((?:(?!\}\}|\{\{).)*)\}\}", re.DOTALL)
_ABSENT = "（没有填）"


@dataclass(frozen=True)
class Sentence:
    """A compiled sentence."""

    text: str
    parts: tuple[str | Formula, ...]

    def __call__(self, names: FormulaNames) -> str:
        """The sentence with its figures.

        Raises FormulaError when one cannot be computed; an absent one is said to be absent.
        """
        return "".join(part if isinstance(part, str) else _formula_in_words(part, names) for part in self.parts)


def compile_sentence(text: str, scope: Scope, words: Vocabulary) -> Sentence:
    """Compiles a sentence that may use the names of a scope.

    Raises FormulaError for a formula in it that cannot be used.
    """
    pieces = _FORMULA.split(text)
    parts: list[str | Formula] = []
    for number, piece in enumerate(pieces):
        if number % 2:
            parts.append(compile_formula(piece.strip(), scope, words))
        elif re.search(r"\{\{|\}\}|\{%", piece):
            raise FormulaError("句子里的 {{ … }} 没有写完整。")
        elif piece:
            parts.append(piece)
    return Sentence(text, tuple(parts))


def _formula_in_words(formula: Formula, names: FormulaNames) -> str:
    try:
        return in_words(formula(names))
    except Undecided:
        return _ABSENT


def in_words(value: object) -> str:
    """A value in a sentence, on one line: numbers as printed, lists with 、 between."""
    if value is None:
        return _ABSENT
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(in_words(item) for item in value) or "（没有）"
    if isinstance(value, FormulaRow):
        return in_words(value.get(TEXT, "、".join(v for v in value.values() if isinstance(v, str)))) or _ABSENT
    return show(value if isinstance(value, Decimal) else str(value).replace("\n", "↵"))
