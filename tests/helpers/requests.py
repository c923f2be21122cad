"""A request in a real repository: a main branch with a list of reviewers, and a branch that weakens targets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from perfgen.comparison.classify import Class
from perfgen.review.change import Change
from perfgen.review.compare import Comparison, compare
from perfgen.review.versions import range_of
from tests.helpers.people import Person, commit_as, git_as
from tests.helpers.projects import snapshot, with_form
from tests.helpers.versions import CASES, FILE

UNIT = "示例市某局"
UNITS = "data/units.yaml"
LI = Person("李四", "li@example.cn")
"""Whoever submits."""
OLD, NEW = (CASES.joinpath(f"weaker-and-stricter/{side}.yaml").read_text("utf-8") for side in ("old", "new"))


def units_text(people: Sequence[Person], unit: str = "", more: str = "") -> str:
    """A list with some reviewers and one unit; `unit` are its members."""
    reviewers = "".join(f"  {person.name}: {person.listed}\n" for person in people)
    listed = f"审核人:\n{reviewers}" if people else ""
    return f"{listed}单位:\n  {UNIT}: {{{unit}}}\n{more}"


def started(root: Path, units: str | None, top: Path | None = None) -> Path:
    """A repository whose main branch has one unit's file and the list; its top may lie above the project."""
    top = top or root
    with_form(root)
    (root / FILE).write_text(OLD, "utf-8")
    if units is not None:
        (root / UNITS).write_text(units, "utf-8")
    git_as(LI, top, "init", "-q", "-b", "main")
    commit_as(LI, top)
    git_as(LI, root, "checkout", "-q", "-b", "送审")
    return root


def weaken(root: Path, text: str = NEW) -> str:
    """The submitter weakens targets; gives the commit."""
    (root / FILE).write_text(text, "utf-8")
    return commit_as(LI, root)


def comparison(root: Path, ends: str | None = None) -> Comparison:
    """The request beside where it parted from main."""
    return compare(snapshot(root), range_of(root.resolve(), ends))


def weaker(root: Path, ends: str | None = None) -> list[Change]:
    """The weakened targets, in the order of the file."""
    (unit,) = comparison(root, ends).units
    return [change for change in unit.changes if change.meaning is Class.WEAKER]


def line(change: Change, reviewer: str, more: str = "") -> str:
    """A record as a line of a file."""
    return f'  "{change.fingerprint}": {{审核人: {reviewer}, 日期: 2025-01-10{more}}}\n'


def put(root: Path, *lines: str, file: str = FILE) -> None:
    """Writes records into a file, in place of those that are there."""
    text = (root / file).read_text("utf-8")
    text = re.sub('审核记录:\n(?:  "?[0-9a-f]{12,}.*\n)*\n?', "", text)
    (root / file).write_text(
        text.replace("填报人:", f"审核记录:\n{''.join(lines)}填报人:", 1) if lines else text, "utf-8"
    )


def approve(root: Path, person: Person, *changes: Change, reviewer: str = "", options: Sequence[str] = ()) -> str:
    """Somebody writes records by hand and commits them; gives the commit."""
    put(root, *(line(change, reviewer or person.name) for change in changes))
    return commit_as(person, root, *options)


def standings(root: Path, ends: str | None = None) -> list[str]:
    """How the approvals of the weakened targets stand, or why they do not count; empty where there is none."""
    return [
        change.approval.verdict.standing.value if change.approval else change.refusal for change in weaker(root, ends)
    ]
