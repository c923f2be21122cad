"""What the process that checks tells the server, ready for the windows: plain data, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from perfgen.check.looked import Looked
from perfgen.check.units import UnitList
from perfgen.form import forms
from perfgen.project.snapshot import Project
from perfgen.serving.states.state import State
from perfgen.status import owed, words
from perfgen.status.rows import Row

Shown = dict[str, Any]
"""A state as a window shows it: it can be sent as JSON."""


@dataclass(frozen=True)
class Report:
    """What came of a part of the work."""

    states: dict[str, Shown]
    """By file, those that are new, or not what they were."""
    gone: list[str]
    """The files that are there no more."""
    missing: list[dict[str, str]] | None
    """What the newest year lacks; None where that is not known yet."""
    left: int
    """How many files are still to be checked."""
    total: int
    is_done: bool
    """Whether nothing is left to do: the rules over all units are judged, too."""
    troubles: list[str]
    """What is wrong beside the files, in words."""


def shown(state: State, row: Row) -> Shown:
    """What a window shows of a file."""
    return {
        "stage": row.stage.value,
        "said": words.said(row),
        "unit": row.unit,
        "group": row.group,
        "subject": state.subject,
        "errors": row.errors,
        "warnings": row.warnings,
        "holes": row.holes,
    }


def missing(project: Project, year: str, listed: UnitList, looked: Iterable[Looked]) -> list[dict[str, str]]:
    """What units should have handed in of a year and have not, and what is written why they will not."""
    wanted = (one for one in owed.owed(project, year, listed, looked) if not one.looked)
    return [
        {
            "year": year,
            "unit": one.unit,
            "form": one.form,
            "title": form.title if one.form and (form := forms.find(project, one.form)) else one.form,
            "group": one.listed.group if one.listed else "",
            "excuse": one.excuse,
            "deadline": one.listed.deadline if one.listed else "",
        }
        for one in wanted
    ]
