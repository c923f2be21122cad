"""A part of a formula as its author wrote it."""

from __future__ import annotations

from jinja2 import nodes

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "notin": "not in"}


def formula_text(node: nodes.Node) -> str:
    """A part of a formula as its author wrote it, near enough for a message."""
    if isinstance(node, nodes.Operand):
        return formula_text(node.expr)
    if isinstance(node, nodes.Name):
        return str(node.name)
    if isinstance(node, nodes.Const):
        return f"'{node.value}'" if isinstance(node.value, str) else str(node.value)
    if isinstance(node, nodes.Getattr):
        inner = formula_text(node.node)
        return f"({inner}).{node.attr}" if isinstance(node.node, nodes.Filter) else f"{inner}.{node.attr}"
    if isinstance(node, nodes.Filter) and node.node is not None:
        named = [f"{pair.key}={formula_text(pair.value)}" for pair in node.kwargs if isinstance(pair, nodes.Keyword)]
        inside = ", ".join([*map(formula_text, node.args), *named])
        return f"{formula_text(node.node)} | {node.name}" + (f"({inside})" if inside else "")
    if isinstance(node, nodes.Call):
        return f"{formula_text(node.node)}({', '.join(map(formula_text, node.args))})"
    if isinstance(node, nodes.Compare):
        return " ".join([formula_text(node.expr), *(f"{_SIGNS.get(o.op, o.op)} {formula_text(o)}" for o in node.ops)])
    if isinstance(node, nodes.BinExpr):
        return f"{formula_text(node.left)} {node.operator} {formula_text(node.right)}"
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        return f"{formula_text(node.expr1)} if {formula_text(node.test)} else {formula_text(node.expr2)}"
    return "…"
