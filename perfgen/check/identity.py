"""Which file this is among all of a project: its form, its year, its unit, and what it is about beside the unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.data import Data
from perfgen.findings import DataError
from perfgen.form.forms import Form
from perfgen.form.path_pattern import text_of
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project


@dataclass(frozen=True, order=True)
class Identity:
    """What tells a file from all others: two files of a project with the same one are about the same."""

    form: str
    """The form's name."""
    year: str
    unit: str
    subject: tuple[str, ...] = ()
    """The values of the fields with `x-role: subject`, in the schema's order; without any, a unit has one file."""

    @property
    def about(self) -> str:
        """What the file is about beside its unit, in words; empty where there is no such thing."""
        return " ".join(self.subject)

    @property
    def words(self) -> str:
        """The unit, and what the file is about."""
        return f"{self.unit} {self.about}".strip()


def identity(project: Project, file: DataFile) -> Identity | None:
    """What a data file says that it is; None where it cannot be read, or names no form.

    A value that is not filled in, or is no text and no number, is empty. Raises FormError for a broken form.
    """
    return project.once(_identity, file)


def _identity(project: Project, file: DataFile) -> Identity | None:
    try:
        filing = loading.filing(project, file)
    except DataError:
        return None
    return identity_of(filing.form, filing.document.top)


def identity_of(form: Form, data: Mapping[str, Data]) -> Identity:
    """The same, of data whose form is known."""
    year, unit, *subject = (
        text_of(data.get(name))
        for name in (form.fields.with_role("year"), form.fields.with_role("unit"), *form.subject)
    )
    return Identity(form.name, year, unit, tuple(subject))
