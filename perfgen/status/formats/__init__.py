"""A status in, text out: a module for each format.

A module of this package holds

    render(status, project) -> str

and its name is what `perfgen status --format` offers.
"""

from __future__ import annotations

from perfgen.plugins import Folder
from perfgen.project.snapshot import Project
from perfgen.status.rows import Status

FOLDER = Folder(__name__, __path__, ("render",))


def names() -> list[str]:
    """The names of all formats."""
    return FOLDER.names()


def render(name: str, status: Status, project: Project) -> str:
    """A status in the format of that name.

    Raises FormError when a template is broken.
    """
    return str(FOLDER.module(name).render(status, project))
