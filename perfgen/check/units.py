"""Reads the bureau's list of units: who has to hand in what and until when, earlier names, contacts, reviewers.

The list is for work in the office: no renderer gets it, and no output is made from it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from perfgen.check.checks.schema import check_against
from perfgen.data import Data, ValuePath, as_group, as_list
from perfgen.display import show
from perfgen.findings import DataError, Finding, Place
from perfgen.form import forms
from perfgen.form.nearest import nearest
from perfgen.form.schema import load_schema
from perfgen.project import faults, layout, shipped
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.reader import Document

FILE = layout.UNITS_FILE
UNITS, REVIEWERS, DEADLINE = "单位", "审核人", "截止"
FORMER, NAME, UNTIL = "曾用名", "名称", "到"
CODE, GROUP, CONTACT, SUBMITTERS, OWED = "代码", "分组", "联系人", "提交人", "应报"
ADDRESS, KEY = "邮箱", "密钥"
"""What the list calls its parts."""
RULE = "units"


@dataclass(frozen=True)
class Reviewer:
    """Who may approve changes: the name, the address of the commits, and the signing key if there is one."""

    name: str
    address: str
    key: str = ""


@dataclass(frozen=True)
class FormerName:
    """An earlier name of a unit, and the last year in which it was called so, where that is known."""

    name: str
    until: int | None = None


@dataclass(frozen=True)
class Unit:
    """A unit of the list; what the list leaves out is empty."""

    name: str
    former: tuple[FormerName, ...] = ()
    code: str = ""
    group: str = ""
    contact: str = field(default="", repr=False)
    submitters: tuple[str, ...] = ()
    """The addresses of the commits that may change its files; empty where nobody is named."""
    reviewers: tuple[str, ...] = ()
    """The names of those who review it."""
    owed: tuple[str, ...] | None = None
    """The forms that it owes; None for all that it had last year."""
    deadline: str = ""
    """An ISO date: its own, else that of the list."""


@dataclass(frozen=True)
class UnitList:
    """The list of units in its own order, with the reviewers; empty where a project has none."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    reviewers: Mapping[str, Reviewer] = field(default_factory=dict)
    place: Callable[[ValuePath], Place] = field(default=lambda _: Place(FILE), repr=False)
    """Where something of the list stands, by its path: ("单位", name, "截止")."""

    @functools.cached_property
    def renamed(self) -> tuple[str, ...]:
        """The units with an earlier name whose last year is known."""
        return tuple(unit.name for unit in self.units.values() if any(former.until for former in unit.former))


def load_units(project: Project) -> UnitList:
    """The list of units of a project; an empty one where there is no such file.

    Raises DataError when the file is there and wrong.
    """
    return project.once(_load)


def load_names(project: Project) -> UnitList:
    """The same, whatever forms the list says that units owe: who is who depends on no form.

    Raises DataError when the file is there and wrong in anything else.
    """
    return project.once(_load_names)


def _load(project: Project) -> UnitList:
    return _sound(project.once(_typed), forms.names(project))


def _load_names(project: Project) -> UnitList:
    return _sound(project.once(_typed), None)


def _sound(typed: tuple[UnitList, Document] | None, form_names: list[str] | None) -> UnitList:
    """A list in which nothing is wrong; one that is not there is empty. Raises DataError with what is."""
    if typed is None:
        return UnitList()
    if findings := list(_wrong(*typed, form_names)):
        raise DataError(findings)
    return typed[0]


def _typed(project: Project) -> tuple[UnitList, Document] | None:
    """The list as it is typed, which its schema allows; None where there is none. Raises DataError for another one."""
    if not project.holds(FILE):
        return None
    document: Document = reader.load_yaml(project.read(FILE), FILE)
    if project.holds(shipped.UNITS_SCHEMA):  # a copy for editors; what it is, if it is no plain file, is said
        project.read(shipped.UNITS_SCHEMA)
    if findings := list(_against_schema(project, document)):
        raise DataError(findings)
    return _read(document), document


def _against_schema(project: Project, document: Document) -> Iterator[Finding]:
    """What the shipped schema finds; a project's copy of it is for its editors."""
    path = shipped.PREFIX + shipped.UNITS_SCHEMA
    with faults.in_hand(path):
        schema = load_schema(project, path)
    yield from check_against(document, schema)


def _read(document: Document) -> UnitList:
    """The list in a document that its schema allows."""
    people = as_group(document.top.get(REVIEWERS))
    reviewers = {
        name: Reviewer(name, _text(person, ADDRESS), _text(person, KEY))
        for name, person in ((name, as_group(person)) for name, person in people.items())
    }
    general = _text(document.top, DEADLINE)
    entries = as_group(document.top.get(UNITS))
    units = {name: _unit(name, as_group(entry), general) for name, entry in entries.items()}
    return UnitList(units, reviewers, document.place)


def _unit(name: str, entry: dict[str, Data], deadline: str) -> Unit:
    return Unit(
        name,
        tuple(_former(item) for item in as_list(entry.get(FORMER))),
        _text(entry, CODE),
        _text(entry, GROUP),
        _text(entry, CONTACT),
        _texts(entry, SUBMITTERS),
        _texts(entry, REVIEWERS),
        _texts(entry, OWED) if OWED in entry else None,
        _text(entry, DEADLINE) or deadline,
    )


def _former(item: Data) -> FormerName:
    until = as_group(item).get(UNTIL)
    name = as_group(item).get(NAME) if isinstance(item, dict) else item
    return FormerName(show(name), int(until) if isinstance(until, Decimal) else None)


def _text(entry: dict[str, Data], name: str) -> str:
    return show(entry.get(name))


def _texts(entry: dict[str, Data], name: str) -> tuple[str, ...]:
    return tuple(show(item) for item in as_list(entry.get(name)))


def _wrong(listed: UnitList, document: Document, form_names: list[str] | None) -> Iterator[Finding]:
    """What no schema can say: names that lead nowhere, and what two units cannot share.

    Names of forms are only looked at where `form_names` says which there are.
    """
    codes: dict[str, str] = {}
    for unit in listed.units.values():
        path = (UNITS, unit.name)
        yield from _unknown(document, (*path, REVIEWERS), unit.reviewers, listed.reviewers, "审核人里没有")
        if form_names is not None:
            yield from _unknown(document, (*path, OWED), unit.owed or (), form_names, "没有这张表：")
        if unit.code and (other := codes.setdefault(unit.code, unit.name)) != unit.name:
            message = f"代码 {unit.code} 和“{other}”的一样。"
            yield _finding(document, (*path, CODE), message, "改正其中一个。")
        yield from _wrong_former(unit, listed, document)


def _unknown(
    document: Document, path: ValuePath, typed: tuple[str, ...], known: Mapping[str, object] | list[str], said: str
) -> Iterator[Finding]:
    """A finding for each of the names at a path that is not known."""
    for number, name in enumerate(typed):
        if name not in known:
            hint = nearest(name, known) if known else "先在上面写上。"
            yield _finding(document, (*path, number), f"{said}“{name}”。", hint)


def _wrong_former(unit: Unit, listed: UnitList, document: Document) -> Iterator[Finding]:
    """What is wrong with the earlier names of a unit."""
    seen: set[str] = set()
    for number, former in enumerate(unit.former):
        path = (UNITS, unit.name, FORMER, number)
        if former.name in seen:
            yield _finding(document, path, f"“{former.name}”写了两次。", "删掉一个。")
        elif former.name == unit.name and former.until is None:
            yield _finding(document, path, f"曾用名“{former.name}”就是现在的名称。", "删掉它，或者改正。")
        elif former.name in listed.units and former.until is None:
            message = f"“{former.name}”是“{unit.name}”的曾用名，又是名单里的另一个单位。"
            hint = f"写明用到哪一年：{{{NAME}: {former.name}, {UNTIL}: 年度}}；不是曾用名就删掉。"
            yield _finding(document, path, message, hint)
        seen.add(former.name)


def _finding(document: Document, path: ValuePath, message: str, hint: str) -> Finding:
    return Finding(document.place(path), RULE, message, hint, path=path)
