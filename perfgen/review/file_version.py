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
from perfgen.form.path_pattern import text_of
from perfgen.project.layout import DataFile
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

    @property
    def subject(self) -> tuple[str, ...]:
        """What it says that it is about beside its unit, by field; nothing where a unit has one file."""
        top = as_group(self.data)
        return tuple(text_of(top.get(name)) for name in self.form.subject) if self.form else ()

    @property
    def is_at_its_place(self) -> bool:
        """Whether its form says where it lies, and it lies there."""
        pattern, file = self.form.path if self.form else None, DataFile.parse(self.file)
        return bool(pattern and file and pattern.is_place(file.path, as_group(self.data)))

    @property
    def told(self) -> Data:
        """Its data; of a form of which a unit has several, without what says which file it is."""
        heads = self.form.heads if self.form and self.form.subject else ()
        if not heads:
            return self.data
        return {name: value for name, value in as_group(self.data).items() if name not in heads}

    def is_near(self, other: FileVersion) -> bool:
        """Whether both are of one unit, or about the same; true for forms of which a unit has one file."""
        return self.subject in ((), other.subject) or self.named("unit") == other.named("unit")

    @property
    def is_named(self) -> bool:
        """Whether it says which unit and year it is for, and what it is about."""
        return all((self.named("unit"), self.named("year"), *self.subject))

    def is_one_with(self, other: FileVersion) -> bool:
        """Whether both say that they are of one form, unit and year, and about the same."""
        mine, theirs = ((one.form, one.named("unit"), one.named("year"), one.subject) for one in (self, other))
        return self.is_named and mine == theirs


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
    def subject(self) -> str:
        """What the new version is about beside its unit, else the old one, in words; empty where it is nothing."""
        return " ".join(next(filter(any, (version.subject for version in (self.new, self.old) if version)), ()))

    @property
    def name(self) -> str:
        """The unit, and what the file is about; empty where neither can be read."""
        return f"{self.unit} {self.subject}".strip()

    @property
    def first_subject(self) -> tuple[str, ...]:
        """What the version is about whose unit is `first_name`."""
        version = (self.new or self.old) if self.old_year else (self.old or self.new)
        return version.subject if version else ()

    @property
    def renamed_subjects(self) -> tuple[tuple[str, str], ...]:
        """By the title of their fields, what the old version was about where the new one is about something else."""
        if not (self.old and self.new and self.new.form and self.old.form is self.new.form):
            return ()
        fields = self.new.form.fields.members
        both = zip(self.new.form.subject, self.old.subject, self.new.subject, strict=True)
        return tuple((fields[name].title or name, old) for name, old, new in both if old != new)

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
