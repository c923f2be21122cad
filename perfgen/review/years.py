"""Pairs the files of two years: a unit's file with the same unit's file of an earlier year, both of one version."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING

from perfgen.check import former_names, loading
from perfgen.check.filing import Filing
from perfgen.check.identity import Identity, identity
from perfgen.check.standing import Judgement
from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.form.likeness import Budget
from perfgen.form.past_values import moved_on
from perfgen.form.similarity import Pairer
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review import version_reader
from perfgen.review.file_version import FileVersion, VersionPair

if TYPE_CHECKING:
    from perfgen.review.version_checks import VersionChecks

_ONE_UNIT = 0.75
"""Two files under different names with such a share of equal values are taken for one unit's. Files of different units
have the form's own words in common, and no more."""


@dataclass(frozen=True)
class Years:
    """Two years, the earlier one first."""

    old: int
    new: int

    @classmethod
    def parse(cls, text: str) -> Years:
        """Reads `2025..2026`. Raises UsageError for anything else."""
        match = re.fullmatch(r"(\d{4})\.\.(\d{4})", text.strip(), re.ASCII)
        if match is None:
            raise UsageError(f"“{text}”不是两个年度；写成 2025..2026。")
        old, new = map(int, match.groups())
        if old >= new:
            raise UsageError(f"“{text}”：前面写早的一年，例如 {new}..{old}。" if old > new else f"“{text}”是同一年。")
        return cls(old, new)

    @property
    def gap(self) -> int:
        """How many years lie between them."""
        return self.new - self.old


def with_last_year(pair: VersionPair) -> VersionPair:
    """A pair whose file came, beside the same unit's file of last year in the same version; any other as it is."""
    of_years = of_last_year(pair.new) if pair.new and not pair.old else None
    return replace(of_years, came=True) if of_years else pair


def of_last_year(new: FileVersion) -> VersionPair | None:
    """A file beside the same unit's file of the year before; None where there is none that can be compared with."""
    last = new.filing.earlier(1) if new.filing else None
    if not isinstance(last, Filing):
        return None
    old = FileVersion(last.document.file, last, is_sound=True)
    return VersionPair(old, new, old_year=DataFile.at(old.file).year, new_year=DataFile.at(new.file).year)


def pairs(
    project: Project,
    years: Years,
    wanted: Collection[tuple[str, str]],
    judgement: Judgement | None = None,
    checks: VersionChecks | None = None,
) -> list[VersionPair]:
    """The files of two years by unit, both read in this version; those of the earlier year without a partner last.

    `wanted` are files or folders, as typed and as a path of the project, of either year; none means all. `judgement`
    says which approvals count; without it, nobody looked at the history. `checks` asks `check`; without it, it is asked
    here. Raises UsageError for a year without files and for a path where there is none, FormError for a broken form.
    """
    forms.loaded(project)
    files = project.data_files()[0]
    old, new = ([file for file in files if file.year == str(year)] for year in (years.old, years.new))
    for year, of_year in ((years.old, old), (years.new, new)):
        if not of_year:
            raise UsageError(f"没有 {year} 年的文件。")
    asking = [(file.source, judgement.of(file.source) if judgement else None) for file in new]
    answers = checks.each(project, asking) if checks else repeat(None)
    versions = (version_reader.read_version(project, *one, asked) for asked, one in zip(answers, asking, strict=False))
    found = [_pair(version, project, years) for version in versions]
    found = list(_with_other_places(found, project, old, years))
    taken = {pair.old.file for pair in found if pair.old}
    left = [version_reader.read_unchecked(project, file.source) for file in old if file.source not in taken]
    merged = {before.source: file.source for file in new for before in loading.earlier_files(project, file, years.gap)}
    joined = [
        replace(pair, merged_into=merged.get(pair.old.file, "")) if pair.old and not pair.new else pair
        for pair in _with_renamed(found, left, years)
    ]
    return joined if not wanted else _wanted(joined, wanted)


def _wanted(all_pairs: Iterable[VersionPair], wanted: Collection[tuple[str, str]]) -> list[VersionPair]:
    """The pairs with a file that is named, or lies in a folder that is. Raises UsageError for what is in none."""
    chosen = []
    found: set[str] = set()
    for pair in all_pairs:
        files = [side.file for side in (pair.old, pair.new) if side]
        named = {path for _, path in wanted if any(file == path or file.startswith(f"{path}/") for file in files)}
        found |= named
        if named:
            chosen.append(pair)
    for typed, path in wanted:
        if path not in found:
            raise UsageError(f"{typed} 不是这两年的文件。")
    return chosen


def _pair(new: FileVersion, project: Project, years: Years) -> VersionPair:
    """A file of the later year beside the same unit's file of the earlier one, where there is one of its form."""
    old = _earlier(new, project, years.gap)
    is_other = bool(old and old.form and new.form and old.form is not new.form)
    return VersionPair(None if is_other else old, new, old_year=str(years.old), new_year=str(years.new))


def _earlier(new: FileVersion, project: Project, gap: int) -> FileVersion | None:
    """The version of the same unit's file so many years before; broken where it cannot be read, None for none."""
    before = new.filing.earlier(gap) if new.filing else None
    if isinstance(before, Filing):
        return FileVersion(before.document.file, before, is_sound=True)
    same_place = DataFile.at(new.file).before(gap)
    if same_place is None or not project.holds(same_place.source):
        return None
    return version_reader.read_unchecked(project, same_place.source)


def _with_other_places(
    found: list[VersionPair], project: Project, old: list[DataFile], years: Years
) -> Iterator[VersionPair]:
    """The pairs, with the file of the earlier year that is about the same where it lay at another place then."""
    free = {file.source for file in old} - {pair.old.file for pair in found if pair.old}
    of_identity: dict[Identity, str] = {}
    if any(pair.new and pair.new.subject for pair in found):
        known = ((source, identity(project, DataFile.at(source))) for source in sorted(free))
        of_identity = {one: source for source, one in known if one and all(one.subject)}
    for pair in found:
        source = next(filter(None, (of_identity.pop(one, "") for one in _before(project, pair, years))), "")
        yield replace(pair, old=version_reader.read_unchecked(project, source)) if source else pair


def _before(project: Project, pair: VersionPair, years: Years) -> list[Identity]:
    """What a file that has no partner may have been in the earlier year, under each name that its unit had then."""
    new = pair.new
    if pair.old or not new or not new.form or not any(new.subject):
        return []
    units = former_names.earlier_names(project, new.named("unit"), years.old)
    return [Identity(new.form.name, str(years.old), unit, new.subject) for unit in units]


def _with_renamed(found: list[VersionPair], left: list[FileVersion], years: Years) -> Iterator[VersionPair]:
    """The pairs, with a file that came and one that went joined where they are most alike; then those that went."""
    budget = Budget()
    for pair in found:
        best = _closest(pair.new, left, budget) if pair.new and not pair.old else None
        if best:
            left.remove(best)
        yield replace(pair, old=best, is_guessed=True) if best else pair
    yield from (VersionPair(old, None, old_year=str(years.old), new_year=str(years.new)) for old in left)


def _closest(new: FileVersion, left: list[FileVersion], budget: Budget) -> FileVersion | None:
    """Of some files of the earlier year the one of the same form that is so much like a new one that it is one unit."""
    form = new.form
    if form is None:
        return None
    pairer = Pairer(budget)
    shares = {
        old.file: pairer.alike(moved_on(old.told, form.fields), new.told)
        for old in left
        if old.form is form and not old.broken and old.is_near(new)
    }
    best = max((old for old in left if old.file in shares), key=lambda old: shares[old.file], default=None)
    return best if best and shares[best.file] >= _ONE_UNIT else None
