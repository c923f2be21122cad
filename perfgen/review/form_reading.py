"""Reads a filled-in form with all that follows from it before anything is written; any process can do that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfgen.importing import import_file
from perfgen.importing.import_file import Imported, ImportOrder
from perfgen.importing.targets import Target
from perfgen.review import brought
from perfgen.review.brought import NewData


@dataclass(frozen=True)
class Reading:
    """A form that was read, and what it would be as a new data file."""

    imported: Imported
    path: Path
    """Where its data file belongs."""
    shown: str
    """The same in messages."""
    new: NewData


@dataclass(frozen=True)
class Form:
    """The bytes of a form, with what is known of it beforehand."""

    name: str
    """Its name in messages."""
    content: bytes
    by_office: bytes | None
    """The same file as LibreOffice saved it, where it was asked to."""

    def read(self, order: ImportOrder, target: Target, root: Path) -> Reading:
        """Reads it by an order whose project need not lie in the folder `root`, to which the target belongs.

        Raises DataError and UsageError for a form that cannot be imported, FormError for a broken form of the project.
        """
        imported = import_file.import_form(self.content, self.name, order, self.by_office)
        path = target.of(imported, root)
        shown = in_project(path, root)
        new = brought.as_new(order.project, imported, shown, is_inside=path.is_relative_to(root))
        return Reading(imported, path, shown, new)


def in_project(path: Path, root: Path) -> str:
    """A data file's name in messages: its path in the project, or the whole path of one that lies outside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
