"""One version of a form's rules, and a change between two: each with the places in the files that were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from perfgen.data import Data, as_group
from perfgen.findings import Place
from perfgen.form.forms import Form
from perfgen.form.formula_meaning import of_value
from perfgen.review.settings.change import SettingChange, SettingClass


@dataclass(frozen=True)
class RulesVersion:
    """One version of a form with its rules file."""

    form: Form
    file: str

    def place(self, *path: str) -> Place | None:
        """Where something stands in the rules file; None where it is not there."""
        document = self.form.rules.document
        if document is None or path[-1] not in as_group(document.value(path[:-1])):
            return None
        return document.place(path, key=True)

    @property
    def parameters(self) -> Mapping[str, Data]:
        """The parameters by name."""
        return cast("Mapping[str, Data]", self.form.rules.parameters)

    @property
    def digests(self) -> dict[str, str]:
        """The digests of the parameters' values by name, as formulas have them."""
        return {name: of_value(value) for name, value in self.parameters.items()}


def change_at(
    kind: SettingClass, label: str, told: str, old: RulesVersion, new: RulesVersion, *path: str
) -> SettingChange:
    """A change of what stands at a path of the rules file."""
    places = old.place(*path), new.place(*path)
    return SettingChange(kind, file_of(places) or new.file, label, told, *places)


def file_of(places: tuple[Place | None, Place | None]) -> str:
    """The file that something was typed in, which may be one that the rules file includes."""
    before, after = places
    return after.file if after else before.file if before else ""
