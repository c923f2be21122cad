"""Reads the site's settings: its names, and when each year's documents were approved and published.

Without both dates a unit's year has no public output.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.check.checks.private_texts import suspicious
from perfgen.check.checks.schema import check_against
from perfgen.data import Data, as_group, leaves, path_text
from perfgen.display import show
from perfgen.fields import Field, read_fields
from perfgen.findings import DataError, Finding, Place
from perfgen.form.schema import LoadedSchema, load_schema
from perfgen.project import faults, shipped
from perfgen.project.layout import DATA
from perfgen.project.snapshot import Project
from perfgen.report.publish import publish
from perfgen.source import reader
from perfgen.source.reader import Document

FILE = f"{DATA}/site.yaml"
DATES = "公开"
EXCEPTIONS = "单位"
APPROVED, PUBLISHED = "批复日期", "公开日期"


@dataclass(frozen=True)
class Publication:
    """When a unit's year was approved and published, as ISO dates."""

    approved: str
    published: str

    def has_come(self, day: str) -> bool:
        """Whether a day (ISO) is that of publication or later: before it, nothing of the unit's year is public."""
        return self.published <= day


@dataclass(frozen=True)
class Site:
    """The settings of a site; an absent file means no settings and nothing public."""

    settings: Mapping[str, Data]
    day: str = ""
    """The day (ISO) on which outputs are made; without it, nothing of other files counts as published."""

    def publication(self, year: str, unit: str) -> Publication | None:
        """The dates of a unit's year: its own where given, else the year's; None without both."""
        dates = self.dates(year, unit)
        return Publication(dates[APPROVED], dates[PUBLISHED]) if all(dates.values()) else None

    def shows(self, year: str, unit: str) -> bool:
        """Whether what a unit's year holds may be seen in the outputs of others: its day of publication has come."""
        publication = self.publication(year, unit)
        return publication is not None and bool(self.day) and publication.has_come(self.day)

    def dates(self, year: str, unit: str) -> dict[str, str]:
        """By name, the dates of a unit's year, empty where there is none: its own where given, else the year's."""
        of_year = as_group(as_group(self.settings.get(DATES)).get(year))
        own = as_group(as_group(of_year.get(EXCEPTIONS)).get(unit))
        return {name: show(own.get(name) or of_year.get(name)) for name in (APPROVED, PUBLISHED)}

    def has_own(self, name: str, year: str, unit: str) -> bool:
        """Whether a unit has a date of its own."""
        of_year = as_group(as_group(self.settings.get(DATES)).get(year))
        return bool(as_group(as_group(of_year.get(EXCEPTIONS)).get(unit)).get(name))


def load_site(project: Project) -> Site:
    """The site's settings.

    Raises DataError when the file is there and wrong.
    """
    return project.once(_load)


def document(project: Project) -> Document:
    """The file of the settings, with the place of every value; `load_site` has read it."""
    return project.once(_read)


def _read(project: Project) -> Document:
    return reader.load_yaml(project.read(FILE), FILE)


def shown(project: Project, site: Site) -> Site:
    """What a renderer gets of a site: the settings that the shipped schema marks as public, and no others."""
    return Site(as_group(publish(dict(site.settings), project.once(_fields)).data))


def _fields(project: Project) -> Field:
    schema = _schema(project)
    return read_fields(schema.content, schema.files[0], roles=())


def _schema(project: Project) -> LoadedSchema:
    """The shipped schema; a project's copy of it is for its editors."""
    path = shipped.PREFIX + shipped.SITE_SCHEMA
    with faults.in_hand(path):
        return load_schema(project, path)


def _load(project: Project) -> Site:
    if not project.holds(FILE):
        return Site({})
    document = project.once(_read)
    if project.holds(shipped.SITE_SCHEMA):  # a copy for editors; what it is, if it is no plain file, is said
        project.read(shipped.SITE_SCHEMA)
    if findings := list(_against_schema(project, document)):
        raise DataError(findings)
    if findings := list(_wrong_anyway(document)):
        raise DataError(findings)
    return Site(document.top)


def _against_schema(project: Project, document: Document) -> Iterator[Finding]:
    """What the shipped schema finds."""
    yield from check_against(document, _schema(project))


def _wrong_anyway(document: Document) -> Iterator[Finding]:
    """What settings may not be, whatever their schema says: no group, or with a private number, as all is published."""
    if not isinstance(document.data, dict):
        yield Finding(Place(FILE, 1, 1), "schema-type", "应该是一组“名称: 值”。", "写成“名称: 值”，不写 -。")
    for leaf in leaves(document.data):
        path = leaf.path[:-1] if leaf.is_name else leaf.path  # a name that is chosen freely is told of at its group
        for rule, kind, _, shown in suspicious(show(leaf.value)):
            if rule == "private-number":
                message = f"“{path_text(path)}”印在每个网页上，里面有像{kind}的内容 {shown}。"
                yield Finding(document.place(path), rule, message, "删去或改写。", path=path)
