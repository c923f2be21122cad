"""A comparison in, text out: a module for each format.

A module of this package holds

    render(comparison) -> str

and its name is what `perfgen diff --format` offers.
"""

from __future__ import annotations

from perfgen.plugins import Folder
from perfgen.review.compare import Comparison

FOLDER = Folder(__name__, __path__, ("render",))


def names() -> list[str]:
    """The names of all formats."""
    return FOLDER.names()


def render(name: str, comparison: Comparison) -> str:
    """A comparison in the format of that name.

    Raises FormError when a template is broken.
    """
    return str(FOLDER.module(name).render(comparison))
