"""Which approvals count where nobody looks at the history: all where there is no list of reviewers, else none yet."""

from __future__ import annotations

from perfgen.check import standing, units
from perfgen.check.standing import Verdicts
from perfgen.findings import DataError
from perfgen.project.snapshot import Project


def verdicts_alone(project: Project) -> Verdicts:
    """The verdict on the approvals of every file of a project, judged by its own list of reviewers alone."""
    try:
        return standing.UNJUDGED if units.load_names(project).reviewers else standing.UNLISTED
    except DataError:
        return standing.UNJUDGED  # whoever reads the list says what is wrong with it
