"""How long and how deep a formula may be: beyond that, Python's compiler and Jinja's parser give up in many ways."""

from __future__ import annotations

import math
import re

from jinja2 import nodes

from perfgen.form.formula_types import FormulaError
from perfgen.source.characters import NOT_IN_A_FILE, name_of

LONGEST = 10_000
"""How many characters a formula may have."""
LONGEST_NUMBER = 40
"""How many characters a number in a formula may have."""
DEEPEST = 30
"""How many brackets, or parts of a formula, may stand in one another."""
LONGEST_ROW = 80
"""How many parts may stand in one another where each only goes on: a + b + c."""

TOO_DEEP = f"公式套得太深：括号最多 {DEEPEST} 层，连着的加减最多 {LONGEST_ROW} 项。分成几个公式。"
_MARK = re.compile(r"""'(?:[^'\\]++|\\.)*'|"(?:[^"\\]++|\\.)*"|[()\[\]{}]|\d[\d_.]*+""", re.DOTALL)


def check_text(text: str) -> None:
    """Raises FormulaError for a formula that is too long, or has brackets that are too deep, or too long a number."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式太长：最多 {LONGEST} 个字。")
    depth = 0
    for mark in _MARK.finditer(text):
        depth += (mark[0] in "([{") - (mark[0] in ")]}")
        if depth > DEEPEST:
            raise FormulaError(TOO_DEEP)
        if mark[0][0].isdigit() and len(mark[0]) > LONGEST_NUMBER:
            raise FormulaError(f"公式里的数太长：最多 {LONGEST_NUMBER} 个字。")


def check_tree(tree: nodes.Node) -> None:
    """Raises FormulaError for a tree that is too deep, a number that is none, a text that no file may hold."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > LONGEST_ROW:
            raise FormulaError(TOO_DEEP)
        if isinstance(node, nodes.Const) and isinstance(node.value, float) and not math.isfinite(node.value):
            raise FormulaError("公式里的数太大。")
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and (bad := NOT_IN_A_FILE.search(node.value)):
            raise FormulaError(f"公式的文字里有不能用的字符 {name_of(bad[0])}。")
        waiting += [(below, depth + 1) for below in node.iter_child_nodes()]
