"""What is known of a data file that was checked, beside its findings: enough to count, small enough to keep."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.project.layout import DataFile


@dataclass(frozen=True)
class Looked:
    """A data file that was checked, with what is known of it beside the findings."""

    file: DataFile
    form: str
    """The form that it names; empty where it names none."""
    unit: str = ""
    """The unit that it names; empty where it could not be read."""
    subject: str = ""
    """What it is about beside its unit, in words; empty where a unit has one file of its form, or it does not say."""
    holes: int = 0
    """How many values are not filled in."""
    records: int = 0
    """How many records of approval count."""
    uncounted: int = 0
    """How many others it holds: not a reviewer's, or nobody can say."""
    fails: bool = False
    """Whether something keeps it from being built."""
    continues: tuple[DataFile, ...] = ()
    """The files of the year before that are the same unit's; see `loading.earlier_files`."""
