"""A form that was read, on its way to another process: a form of a project does not travel, its name does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from perfgen.form import forms
from perfgen.importing.import_file import Imported
from perfgen.project.snapshot import Project

_FORM = "form"


@dataclass(frozen=True)
class Sent:
    """All of an import but its form."""

    form: str
    parts: Mapping[str, Any]
    """By the names of its fields."""

    @classmethod
    def of(cls, imported: Imported) -> Sent:
        """An import, ready to travel."""
        parts = {one.name: getattr(imported, one.name) for one in fields(imported) if one.name != _FORM}
        return cls(imported.form.name, parts)

    def taken_back(self, project: Project) -> Imported:
        """The import, with the form that the project has by that name. Raises FormError for a broken form."""
        form = forms.find(project, self.form)
        assert form is not None, "it was read by a project with the same forms"
        return Imported(form=form, **self.parts)
