"""Which unit a file is of, and which forms a unit owes: by the list of units, or by what came last year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen.check import former_names, loading
from perfgen.check.identity import identity
from perfgen.check.looked import Looked
from perfgen.check.reasons import reasons_in
from perfgen.check.units import Unit, UnitList
from perfgen.findings import FindingsError
from perfgen.form import forms
from perfgen.form.all_units import missing
from perfgen.project import names
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project

NOT_LISTED = "名单里没有"
NOT_OWED = "名单里没有要它"
NO_FORM = "名单里没有写应报哪张表"
"""Remarks on a row."""


@dataclass(frozen=True)
class Owed:
    """A unit and a form: what it has handed in of it, and a remark where that was not expected."""

    unit: str
    form: str
    looked: tuple[Looked, ...] = ()
    listed: Unit | None = None
    remark: str = ""
    excuse: str = ""
    """Why nothing of it will come; empty where that is not said."""
    last_year: int | None = None
    """Of a form of which a unit has several files, how many there were the year before; None for any other form."""


@dataclass(frozen=True)
class _Year:
    """What is known of a year and the one before."""

    project: Project
    year: str
    by_unit: Mapping[str, list[Looked]]
    last: tuple[tuple[DataFile, str], ...]
    """The files of the year before, with the forms that they name."""


def owed(project: Project, year: str, listed: UnitList, looked: Iterable[Looked]) -> list[Owed]:
    """What there should be of a year and what there is, in the order of the list; `looked` are the year's files.

    Without a list, what will not come any more is there too, with the reason that last year's file gives.
    """
    by_unit: dict[str, list[Looked]] = {}
    for one in looked:
        by_unit.setdefault(unit_of(project, one, listed), []).append(one)
    known = _Year(project, year, by_unit, tuple(_last_year(project, year)))
    found = _by_list(known, listed) if listed.units else _by_last_year(known)
    return [_with_count(known, one) for one in found]


def unit_of(project: Project, looked: Looked, listed: UnitList) -> str:
    """The unit of a file: the one of the list that its path names, else the one that it names, else its own name."""
    form = forms.find(project, looked.form) if looked.form else None
    if form and form.path:
        return looked.unit or form.unit_in(looked.file.path) or looked.file.name
    parts = reversed(looked.file.path.split("/"))
    return next((part for part in parts if part in listed.units), "") or looked.unit or looked.file.name


def _has_several(project: Project, form: str) -> bool:
    """Whether a unit has several files of a form, so that nobody knows how many there should be."""
    found = forms.find(project, form) if form else None
    return bool(found and found.subject)


def _with_count(known: _Year, one: Owed) -> Owed:
    """The same with the number of the files of the year before, where a unit has several of the form."""
    if not _has_several(known.project, one.form):
        return one
    known_as = _known_as(known, one.unit)
    continued = {file for looked in one.looked for file in looked.continues}
    of_form = (file for file, form in known.last if form == one.form)
    mine = [file for file in of_form if file in continued or not _named_in(known, file, one.form).isdisjoint(known_as)]
    return replace(one, last_year=len(mine))


def _known_as(known: _Year, unit: str) -> set[str]:
    """What a unit may have been called the year before, also as a path has it."""
    called = former_names.earlier_names(known.project, unit, int(known.year) - 1)
    return {*called, *map(names.part_of, called)}


def _named_in(known: _Year, file: DataFile, form: str) -> set[str]:
    """What may be the name of a unit in the path of a file."""
    found = forms.find(known.project, form)
    unit = found.unit_in(file.path) if found else ""
    return {unit} if unit else {*file.path.split("/")}


def _last_year(project: Project, year: str) -> Iterator[tuple[DataFile, str]]:
    before = str(int(year) - 1)
    for file in project.data_files()[0]:
        if file.year == before and (form := loading.named_form(project, file)):
            yield file, form.name


def _by_list(known: _Year, listed: UnitList) -> Iterator[Owed]:
    for unit in listed.units.values():
        yield from _of_unit(known, unit)
    for name in sorted(known.by_unit.keys() - listed.units.keys()):
        yield from (Owed(name, form, files, None, NOT_LISTED) for form, files in _by_form(known.by_unit[name]))


def _of_unit(known: _Year, unit: Unit) -> Iterator[Owed]:
    """What a unit of the list owes, then what it has handed in beside."""
    handed_in = dict(_by_form(known.by_unit.get(unit.name, [])))
    wanted = unit.owed if unit.owed is not None else _forms_of_last_year(known, unit)
    for form in wanted or ([] if handed_in or unit.owed is not None else _the_only_form(known.project)):
        yield Owed(unit.name, form, handed_in.pop(form, ()), unit, "" if form else NO_FORM)
    remark = NOT_OWED if unit.owed is not None else ""
    yield from (Owed(unit.name, form, files, unit, remark) for form, files in handed_in.items())


def _forms_of_last_year(known: _Year, unit: Unit) -> list[str]:
    known_as = _known_as(known, unit.name)
    continued = {file for one in known.by_unit.get(unit.name, ()) for file in one.continues}
    found = (
        form for file, form in known.last if file in continued or not _named_in(known, file, form).isdisjoint(known_as)
    )
    return list(dict.fromkeys(found))


def _the_only_form(project: Project) -> list[str]:
    names = forms.names(project)
    return names if len(names) == 1 else [""]


def _by_last_year(known: _Year) -> Iterator[Owed]:
    """What came this year, and of what came last year what nothing of this year continues, in the order of the files.

    A unit hands in what it handed in last year.
    """
    here = [one for files in known.by_unit.values() for one in files]
    continued = {file for one in here for file in one.continues} | {one.file.before(1) for one in here}
    rows = [Owed(unit, form, looked) for unit, files in known.by_unit.items() for form, looked in _by_form(files)]
    several = [(file, form) for file, form in known.last if _has_several(known.project, form)]
    alone = [(file, form) for file, form in known.last if not _has_several(known.project, form)]
    rows += [
        Owed(file.path, form, excuse=_excuse(known.project, file, form))
        for file, form in alone
        if file not in continued
    ]
    there = {(names.part_of(row.unit), row.form) for row in rows}
    there |= {(_unit_then(known, file, form), form) for file, form in several if file in continued}
    owing = dict.fromkeys((_unit_then(known, file, form), form) for file, form in several)
    rows += [Owed(unit, form) for unit, form in owing if (unit, form) not in there]
    yield from sorted(rows, key=lambda row: (row.unit, row.form))


def _unit_then(known: _Year, file: DataFile, form: str) -> str:
    """The unit of a file of the year before, as a path has it; the file is only read where its path does not say."""
    found = forms.find(known.project, form)
    if found and (unit := found.unit_in(file.path)):
        return unit
    told = identity(known.project, file)
    return names.part_of(told.unit if told else "") or file.name


def _excuse(project: Project, file: DataFile, form: str) -> str:
    """The reason written in last year's file why none comes this year; empty where there is none.

    The file is only read where it names a rule about missing units.
    """
    found = forms.find(project, form)
    rules = [rule.id for rule in found.rules.all_units.values() if rule.kind == missing.KIND] if found else []
    try:
        content = project.read(file.source)
        if not any(rule.encode() in content for rule in rules):
            return ""
        reasons = reasons_in(loading.filing(project, file))
    except (OSError, FindingsError):
        return ""
    return next(filter(None, (reasons.of(rule, ()) for rule in rules)), "")


def _by_form(looked: Iterable[Looked]) -> Iterator[tuple[str, tuple[Looked, ...]]]:
    found: dict[str, list[Looked]] = {}
    for one in looked:
        found.setdefault(one.form, []).append(one)
    return ((form, tuple(files)) for form, files in found.items())
