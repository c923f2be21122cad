"""Says where a difference is: in words, and as a path in which rows go by their identity."""

from __future__ import annotations

from dataclasses import replace

from perfgen.comparison.difference import Difference, DifferenceKind, PathStep

BETWEEN = " › "
"""What stands between two steps."""


def label_of(steps: tuple[PathStep, ...]) -> str:
    """The steps to a value in words: 上级 › 下级."""
    return BETWEEN.join(step.title for step in steps if step.shown)


def identity_path(steps: tuple[PathStep, ...]) -> str:
    """The steps to a value as text, rows by their identity: `甲.乙[名称].丙`."""
    text = ""
    for step in steps:
        text += f"[{step.name}]" if step.is_row else f".{step.name}" if text else step.name
    return text


def place_label(difference: Difference) -> str:
    """The place of a change in words. A row with one target value needs no word for that value."""
    steps = difference.steps
    if difference.field.is_promise and difference.row and difference.row.promise() == steps[-1].name:
        steps = steps[:-1]
    if difference.kind is DifferenceKind.RENAMED:
        steps = (*steps[:-2], replace(steps[-2], title=str(difference.new), shown=True))
    return label_of(steps) or "文件"
