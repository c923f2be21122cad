"""Reads the site's settings: its names, and when the documents of each year and form were approved and published.

Without both dates a data file has no public output. The dates of a year hold for all forms but those that have a
section of their own there (`表`), and those that only know dates of their own (`x-own-dates`): what is published in
autumn must not become public by the dates of the budget. Within a year, and within a form, dates may differ by the path
below the year's folder (`单位`): that of a file, of a folder for all that lies in it, or the name of a file or a unit.

A file with both dates stays in the house all the same where the settings ask for a review before publication and its
own does not let it out (`disclosure`). `Site.publication` is the one place that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from perfgen.check import loading
from perfgen.check.checks.private_texts import suspicious
from perfgen.check.checks.schema import check_against
from perfgen.data import Data, ValuePath, as_group, as_scalar, leaves, path_text, value_at
from perfgen.display import show
from perfgen.fields import Field, read_fields
from perfgen.findings import DataError, Finding, FindingsError, Place
from perfgen.form.forms import Form
from perfgen.form.schema import LoadedSchema, load_schema
from perfgen.project import faults, shipped
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import disclosure
from perfgen.report.publication import Publication
from perfgen.report.publish import publish
from perfgen.source import reader
from perfgen.source.reader import Document

FILE = f"{DATA}/site.yaml"
DATES = "公开"
EXCEPTIONS, FORMS = "单位", "表"
APPROVED, PUBLISHED = "批复日期", "公开日期"
NAMES, ADDRESS = "站点", "网址"
COLUMN, HOME = "栏目", "首页"


@dataclass(frozen=True)
class Site:
    """The settings of a site; an absent file means no settings and nothing public."""

    settings: Mapping[str, Data]
    day: str = ""
    """The day (ISO) on which outputs are made; without it, nothing of other files counts as published."""
    project: Project | None = field(default=None, repr=False, compare=False)
    """The project whose files are asked for their reviews; a renderer sees none."""

    def publication(self, file: DataFile, form: Form | None) -> Publication | None:
        """The dates of a data file of a form; None without both, and where its review keeps it back."""
        dated = self.dated(file, form)
        return None if dated is None or self.obstacle(file, form) else dated

    def dated(self, file: DataFile, form: Form | None) -> Publication | None:
        """The dates of a data file of a form, whatever its review says; None without both."""
        dates = self.dates(file, form)
        return Publication(dates[APPROVED], dates[PUBLISHED]) if all(dates.values()) else None

    def obstacle(self, file: DataFile, form: Form | None) -> str:
        """Why its review keeps a data file back, in words; empty where it does not, or none is asked for.

        What was made of a file whose form is not known may stay until it can be read again.
        """
        if form is None or not disclosure.asks(self.settings, file.year):
            return ""
        return disclosure.obstacle(self.project, file, form, self.dates(file, form)[PUBLISHED])

    def shows(self, file: DataFile, form: Form | None) -> bool:
        """Whether what a data file holds may be seen in the outputs of others: it is published, its day has come."""
        publication = self.publication(file, form) if form and form.has_page else None
        return publication is not None and bool(self.day) and publication.has_come(self.day)

    def dates(self, file: DataFile, form: Form | None) -> dict[str, str]:
        """By name, the dates of a data file of a form, empty where there is none; a form of None is not known."""
        return {name: show(self._at(self.place(name, file, form))) for name in (APPROVED, PUBLISHED)}

    def place(self, name: str, file: DataFile, form: Form | None) -> ValuePath:
        """Where the date of a name stands for a data file of a form; of one that is not there, where it would."""
        here = self.section(file.year, form)
        for exception in _exceptions(file, form):
            path = (*here, EXCEPTIONS, exception, name)
            if self._at(path):
                return path
        return (*here, name)

    def section(self, year: str, form: Form | None) -> ValuePath:
        """Where the dates of a form stand in a year: in a section of its own, where it has or needs one."""
        own = (DATES, year, FORMS, form.name) if form else ()
        return own if form and (form.has_own_dates or self._at(own) is not None) else (DATES, year)

    def column(self, form: str = "") -> dict[str, str]:
        """The column in which the pages of a form stand, by the names of the settings; empty where there is none."""
        here = as_group(self._at((COLUMN,)))
        own = as_group(as_group(here.get(FORMS)).get(form))
        return {name: show(as_scalar(value)) for name, value in {**here, **own}.items() if name != FORMS}

    def address(self, path: str) -> str:
        """The whole address of a public page by its path below the site; empty where nobody said where the site is."""
        base = show(as_scalar(self._at((NAMES, ADDRESS))))
        return f"{base}{quote(path)}" if base else ""

    def _at(self, path: ValuePath) -> Data:
        return value_at(dict(self.settings), path)


def form_of(project: Project, file: DataFile) -> Form | None:
    """The form of a data file, as far as dates depend on it; None where it cannot be told, which others say."""
    try:
        return loading.named_form(project, file)
    except FindingsError:
        return None


def _exceptions(file: DataFile, form: Form | None) -> Iterator[str]:
    """By what the dates of a data file may differ from the others', the narrowest first.

    Where a form says where its files lie, the name is that of the unit: the last part of the path may be a project.
    """
    values = form.path.match(file.path) if form and form.path else None
    name = values.get(form.fields.with_role("unit")) if form and values else None
    yield from (file.path, name or file.name)
    folders = file.path.split("/")[:-1]
    yield from ("/".join(folders[:length]) for length in range(len(folders), 0, -1))


def load_site(project: Project) -> Site:
    """The site's settings.

    Raises DataError when the file is there and wrong.
    """
    return replace(project.once(_load), project=project)  # kept without it, as another snapshot may take it over


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
