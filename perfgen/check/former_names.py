"""Which file of an earlier year is the same unit's: the one at the same path, or one under a name it had then.

What a unit was called is said by the list of units, with the last year of a name where it is known, or by the data
itself (`x-role: former-name`). A name with a year decides. One without a year is followed where nobody has a file of
that name any more: a unit that still hands in is not another one's past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from perfgen.check import units
from perfgen.check.units import FormerName, UnitList
from perfgen.findings import DataError, UsageError
from perfgen.form.path_pattern import PathError, PathPattern
from perfgen.project import names
from perfgen.project.layout import DataFile
from perfgen.project.names import part_of
from perfgen.project.snapshot import Project


@dataclass(frozen=True)
class Stated:
    """What a data file says of its unit: its name, and the names it had before; and where its form has it in a path."""

    unit: str = ""
    former: tuple[str, ...] = ()
    pattern: PathPattern | None = None
    """Where the files of the form lie; None where they may lie anywhere."""
    unit_field: str = ""
    """The field of the unit, which the pattern names."""


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
    after = file.after(1)
    if after is None:
        return file
    parts = file.path.split("/")
    for number, part in enumerate(parts):
        if later := later_unit(project, file.year, part, str):
            return DataFile(after.year, "/".join([*parts[:number], later, *parts[number + 1 :]]))
    return after


def later_unit(project: Project, year: str, unit: str, place: Callable[[str], str]) -> str:
    """What the list calls the unit of a name the year after; empty where the name stays.

    `place` gives the path of a unit's file below the year, by the unit's name. Raises as `later_file` does.
    """
    later = _later_names(project, units.load_units(project), year, unit, place) if year.isdigit() else []
    if len(later) > 1:
        raise UsageError(f"{units.FILE} 里“{unit}”是几个单位的曾用名：{'、'.join(later)}；不知道续写哪一个")
    return next(iter(later), "")


def _later_names(
    project: Project, known: UnitList, year_of_file: str, name: str, place: Callable[[str], str]
) -> list[str]:
    """What the units that had a name in a year are called the year after; nothing where the name stays."""
    year = int(year_of_file)
    had = [unit for unit in known.renamed if name in _dated(known, unit, year)]
    if had:
        later = {then for unit in had for then in _dated(known, unit, year + 1) or [unit]}
        return sorted(later - {name})
    if name in known.units:
        return []
    undated = [unit for unit in known.units.values() if FormerName(name) in unit.former]
    return [unit.name for unit in undated if not project.holds(DataFile(year_of_file, place(unit.name)).source)]


def listed(project: Project) -> UnitList:
    """The list of units; an empty one where it is wrong, which `check` says."""
    try:
        return units.load_names(project)
    except DataError:
        return UnitList()


def _paths(known: UnitList, file: DataFile, year: int, stated: Stated) -> Iterator[tuple[str, bool]]:
    """The paths that a file may have had in an earlier year, and whether each is certain."""
    values = stated.pattern.match(file.path) if stated.pattern else None
    if stated.pattern and values and stated.unit_field in values:
        yield from _paths_by_pattern(known, stated.pattern, values, year, stated)
        return
    parts = file.path.split("/")
    unit = next((part for part in reversed(parts) if part in known.units or part == stated.unit), parts[-1])
    for named in _names(known, unit, year, stated.former):
        path = "/".join(named.name if part == unit else part for part in parts)
        if named.name == unit or ("/" not in named.name and not names.trouble(path)):
            yield path, named.is_certain


def _paths_by_pattern(
    known: UnitList, pattern: PathPattern, values: dict[str, str], year: int, stated: Stated
) -> Iterator[tuple[str, bool]]:
    """The same of a file that lies where its form says; what else stands in its path is no name of a unit."""
    typed = values[stated.unit_field]
    unit = stated.unit if typed not in known.units and part_of(stated.unit) == typed else typed
    for named in _names(known, unit, year, stated.former):
        with suppress(PathError):
            yield pattern.path({**values, stated.unit_field: named.name}), named.is_certain


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
