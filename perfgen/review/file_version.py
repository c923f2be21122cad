"""One version of a unit's file, read and checked; and both versions of it as a pair."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from perfgen.check.approvals import span_of
from perfgen.check.filing import Filing
from perfgen.check.standing import UNLISTED, Verdicts
from perfgen.data import Data, as_group, as_scalar
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.form.forms import Form
from perfgen.source.reader import Document


@dataclass(frozen=True)
class FileVersion:
    """One version of a unit's file: read, or not there (no findings), or broken (findings say why)."""

    file: str
    filing: Filing | None = None
    broken: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What `check` says of it."""
    is_sound: bool = False
    """Whether it has the form's shape, so that its figures can be computed."""
    content: bytes | None = field(default=None, repr=False)
    verdicts: Verdicts = UNLISTED
    """Which of the approvals in it count."""

    @property
    def document(self) -> Document | None:
        """Its document, None where it was not read."""
        return self.filing.document if self.filing else None

    @property
    def form(self) -> Form | None:
        """Its form, None where it was not read."""
        return self.filing.form if self.filing else None

    @property
    def data(self) -> Data:
        """Its data, None where it was not read."""
        return self.filing.document.data if self.filing else None

    @property
    def own_rules(self) -> Collection[str]:
        """The rules of its form's own, which `check` comes to last."""
        return self.form.rules.rules if self.form else ()

    @property
    def is_fully_checked(self) -> bool:
        """Whether no error kept `check` from going on to the form's own rules."""
        return self.is_sound and all(f.level is not Level.ERROR or f.rule in self.own_rules for f in self.findings)

    def named(self, role: Literal["unit", "year"]) -> str:
        """The unit or year it says it is for; empty where it cannot be read."""
        if self.form is None:
            return ""
        return show(as_scalar(as_group(self.data).get(self.form.fields.with_role(role))))


@dataclass(frozen=True)
class VersionPair:
    """Both versions of one unit's file; None where there is none, never both."""

    old: FileVersion | None
    new: FileVersion | None
    last_year: str = ""
    """For a file that came: the same unit's file of the year before, with which it is not compared; else empty."""
    old_year: str = ""
    """Where the two are files of two years in one version of the data: the year of the old one; else empty."""
    new_year: str = ""
    """Of two years: the later one, also where there is no file of it."""
    is_guessed: bool = False
    """Of two years: whether only likeness says that the two are one unit's."""
    merged_into: str = ""
    """Of two years: the file of the later one that this unit became part of; else empty."""
    came: bool = False
    """Of two years: whether the new file came with what is compared, so that all of it is new."""

    @property
    def latest(self) -> FileVersion:
        """The new version, else the old one."""
        version = self.new or self.old
        assert version is not None
        return version

    @property
    def unit(self) -> str:
        """The unit's name in the new version, else in the old one; empty where it cannot be read."""
        return self._named("unit")

    @property
    def year(self) -> str:
        """The year in the new version, else in the old one; empty where it cannot be read."""
        return self._named("year")

    @property
    def first_name(self) -> str:
        """The unit's name in the old version, or the file's; in the new version where there is no old one.

        Of two years it is this year's name, which is all that this year's file knows.
        """
        version = (self.new or self.old) if self.old_year else (self.old or self.new)
        return (version.named("unit") or version.file) if version else ""

    @property
    def old_name(self) -> str:
        """Of two years: what the unit was called in the earlier one, where it has another name now; else empty."""
        was = self.old.named("unit") if self.old_year and self.old and self.new else ""
        return was if was != self.unit else ""

    @property
    def span(self) -> str:
        """The year, or both years as `2025..2026`: what the pair is about."""
        return span_of(self.old_year, self.new_year or self.year) if self.old_year else self.year

    @property
    def form(self) -> Form | None:
        """The form of the new version, else of the old one."""
        forms = (version.form for version in (self.new, self.old) if version)
        return next(filter(None, forms), None)

    @property
    def is_broken(self) -> bool:
        """Whether a version could not be read."""
        return any(version.broken for version in (self.old, self.new) if version)

    def _named(self, role: Literal["unit", "year"]) -> str:
        names = (version.named(role) for version in (self.new, self.old) if version)
        return next(filter(None, names), "")
