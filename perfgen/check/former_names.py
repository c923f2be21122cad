"""Which file of an earlier year is the same unit's: the one at the same path, or one under a name it had then.

What a unit was called is said by the list of units, with the last year of a name where it is known, or by the data
itself (`x-role: former-name`). A name with a year decides. One without a year is followed where nobody has a file of
that name any more: a unit that still hands in is not another one's past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfgen.check import units
from perfgen.check.units import FormerName, UnitList
from perfgen.findings import DataError, UsageError
from perfgen.project import names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project


@dataclass(frozen=True)
class Stated:
    """What a data file says of its unit: its name, and the names it had before."""

    unit: str = ""
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """A name that a unit may have had in a year."""

    name: str
    is_certain: bool = True
    """Whether it counts though another unit has a file of that name in the later year."""


def earlier_names(project: Project, unit: str, year: int) -> tuple[str, ...]:
    """What a unit of the list may have been called in an earlier year, the likeliest first.

    Of a project whose list is wrong, and of a unit that it does not have, that is its present name.
    """
    return tuple(dict.fromkeys(named.name for named in _names(listed(project), unit, year, ())))


def names_then(project: Project, year: str, years: int, stated: Stated) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a unit of a year may have been called `years` years before: what is certain, and what is so where no other
    unit has that name any more; each the likeliest first."""
    named = list(_names(listed(project), stated.unit, int(year) - years, stated.former))
    certain = dict.fromkeys(one.name for one in named if one.is_certain)
    return tuple(certain), tuple(dict.fromkeys(one.name for one in named if one.name not in certain))


def earlier_files(project: Project, file: DataFile, years: int, stated: Stated = Stated()) -> tuple[DataFile, ...]:
    """The files of `years` years before that are the same unit's, the one to compare with first; none where none is.

    There are several where units became one.
    """
    before = file.before(years)
    if before is None:
        return ()
    found = []
    for path, is_certain in _paths(listed(project), file, int(before.year), stated):
        candidate = DataFile(before.year, path)
        if not is_certain and project.holds(DataFile(file.year, path).source):
            continue
        if project.holds(candidate.source):
            found.append(candidate)
    return tuple(dict.fromkeys(found))


def looked_for(project: Project, file: DataFile, years: int, stated: Stated = Stated()) -> tuple[DataFile, ...]:
    """Where the files of `earlier_files` would lie, there or not."""
    before = file.before(years)
    if before is None:
        return ()
    paths = (path for path, _ in _paths(listed(project), file, int(before.year), stated))
    return tuple(DataFile(before.year, path) for path in dict.fromkeys(paths))


def later_file(project: Project, file: DataFile) -> DataFile:
    """Where the next year's file of a unit belongs: at the same path, or under the name that the list says it has then.

    Raises DataError for a list that is wrong, UsageError where it says that several units had this one's name.
    """
    known, after = units.load_units(project), file.after(1)
    if after is None:
        return file
    parts = file.path.split("/")
    for number, part in enumerate(parts):
        later = _later_names(project, known, file, part)
        if len(later) > 1:
            raise UsageError(f"{units.FILE} 里“{part}”是几个单位的曾用名：{'、'.join(later)}；不知道续写哪一个")
        if later:
            return DataFile(after.year, "/".join([*parts[:number], later[0], *parts[number + 1 :]]))
    return after


def _later_names(project: Project, known: UnitList, file: DataFile, name: str) -> list[str]:
    """What the units that had a name in a file's year are called the year after; nothing where the name stays."""
    year = int(file.year)
    had = [unit for unit in known.renamed if name in _dated(known, unit, year)]
    if had:
        later = {then for unit in had for then in _dated(known, unit, year + 1) or [unit]}
        return sorted(later - {name})
    if name in known.units:
        return []
    undated = [unit for unit in known.units.values() if FormerName(name) in unit.former]
    return [unit.name for unit in undated if not project.holds(DataFile(file.year, unit.name).source)]


def listed(project: Project) -> UnitList:
    """The list of units; an empty one where it is wrong, which `check` says."""
    try:
        return units.load_units(project)
    except DataError:
        return UnitList()


def _paths(known: UnitList, file: DataFile, year: int, stated: Stated) -> Iterator[tuple[str, bool]]:
    """The paths that a file may have had in an earlier year, and whether each is certain."""
    parts = file.path.split("/")
    unit = next((part for part in reversed(parts) if part in known.units or part == stated.unit), parts[-1])
    for named in _names(known, unit, year, stated.former):
        path = "/".join(named.name if part == unit else part for part in parts)
        if named.name == unit or ("/" not in named.name and not names.trouble(path)):
            yield path, named.is_certain


def _names(known: UnitList, unit: str, year: int, stated: Sequence[str]) -> Iterator[Named]:
    """The names that a unit may have had in a year."""
    dated = _dated(known, unit, year)
    yield from (Named(name) for name in dated)
    is_anothers = any(unit in _dated(known, other, year) for other in known.renamed if other != unit)
    if unit not in dated and not is_anothers:
        # one that the list calls otherwise then has its own name only where nothing is there under the other
        yield Named(unit)
    former = known.units[unit].former if unit in known.units else ()
    undated = [one.name for one in former if one.until is None]
    yield from (Named(name, is_certain=False) for name in (*undated, *stated) if name not in (*dated, unit))


def _dated(known: UnitList, unit: str, year: int) -> list[str]:
    """What the list says a unit was called in a year; nothing where it had its present name, or no year is given."""
    if unit not in known.units:
        return []
    last_years = [(one.until, one.name) for one in known.units[unit].former if one.until and one.until >= year]
    nearest = min((until for until, _ in last_years), default=0)
    return [name for until, name in last_years if until == nearest]
