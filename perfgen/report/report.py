"""Makes a report of a checked document and its figures, for one edition; a renderer sees nothing else."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, as_group
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Place
from perfgen.form.figures import FigureValue
from perfgen.form.forms import Form
from perfgen.form.path_pattern import text_of
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import linked_data, referred, tags
from perfgen.report.amounts import Amount, amounts
from perfgen.report.changes import Shown, SinceLastYear, YearChange, since_last_year
from perfgen.report.correction_rows import CorrectionRow, correction_rows
from perfgen.report.facts import Facts
from perfgen.report.measure_rows import MeasureRow, measure_rows, with_results
from perfgen.report.publication import Publication
from perfgen.report.publish import Published
from perfgen.report.site import Site, shown
from perfgen.report.site_words import SiteWords
from perfgen.report.summary import Summary, summary
from perfgen.report.tags import Article, Tag
from perfgen.source.reader import Document
from perfgen.table import expand, template
from perfgen.table.model import Table
from perfgen.table.view import FileView, Record, View, ViewNode, form_of, make_view, members

TABLE_TEMPLATE = template.TABLE_TEMPLATE
"""The Word template whose table is the form's table."""


Figures: TypeAlias = Mapping[ValuePath, FigureValue]
"""Computed numbers by their paths."""
MOST_PAGED_ROWS = 1500
"""A longer table is not broken into pages: setting it takes minutes, and nobody would leaf through it."""


class Edition(StrEnum):
    """For whom a document is made: the bureau, which sees everything, or the public."""

    OFFICIAL = "official"
    PUBLIC = "public"


@dataclass(frozen=True, eq=False)
class Report:
    """One unit's form for one year, in one edition.

    The public edition holds nothing private, neither in its data nor in its figures. Its `document` has the places of
    the whole file, but only the public data.
    """

    project: Project
    form: Form
    document: Document
    edition: Edition
    data: dict[str, Data]
    figures: Figures
    site: Site
    """Of the settings what may be published: a renderer sees nothing else of them."""
    publication: Publication | None
    file: DataFile
    unit: str
    year: str
    fields: Field
    """The form's fields with its figures; of the public edition, private is also what others' files do not show yet."""
    others: Mapping[str, ViewNode] = field(default_factory=dict)
    """What templates see under the names of the form's references."""
    published: Published | None = None
    """Of the public edition, where its values come from."""
    hidden_pages: frozenset[str] = frozenset()
    """Of the public edition, the addresses of pages of files that it refers to, which are not public."""
    compare: Callable[[], SinceLastYear] = SinceLastYear
    """Compares it with last year's file; see `since_last_year`, which does it once."""

    @property
    def subjects(self) -> dict[str, str]:
        """By field, what it is about beside its unit; of the public edition only the fields that are public."""
        names = self.form.subject
        if self.edition is Edition.PUBLIC:
            names = tuple(name for name in names if self.form.fields.members[name].public)
        return {name: text_of(self.data.get(name)) for name in names}

    @property
    def subject(self) -> str:
        """The same in words; empty where there is nothing to say."""
        return " ".join(filter(None, self.subjects.values()))

    @property
    def heading(self) -> str:
        """Its name in one line, which tells the reports of a unit apart: unit, year, title, subject."""
        return f"{self.unit}{self.year}年{self.form.title}{f'：{self.subject}' if self.subject else ''}"

    @property
    def home(self) -> str:
        """The way up from the report's public folder to the public root, as a relative link."""
        return self.file.home

    @functools.cached_property
    def view(self) -> View:
        """What templates see of the file itself."""
        printed_units = {path: self.form.figures.unit_at(path) for path in self.figures}
        public = self.edition is Edition.PUBLIC
        return make_view(self.data, self.fields, self.figures, printed_units, public=public)

    @functools.cached_property
    def seen(self) -> View:
        """All that templates see: the file itself and, by the names of its references, the files that it refers to."""
        return Record((), {**members(self.view), **self.others}) if self.others else self.view

    @functools.cached_property
    def table(self) -> Table:
        """The official table with this report's data."""
        return expand.expand(template.read_template(self.project, self.form.template(TABLE_TEMPLATE)), self.seen)

    @functools.cached_property
    def since_last_year(self) -> SinceLastYear:
        """What changed against last year's file, as far as this edition may say so; only who asks waits for it."""
        return self.compare()

    @property
    def changes(self) -> tuple[YearChange, ...]:
        """The changes against last year's file, the most important first; none where there is no such file."""
        return self.since_last_year.changes

    @property
    def compared_with(self) -> str:
        """The year of that file; empty where there is none, or none that this edition may show."""
        return self.since_last_year.year

    @functools.cached_property
    def amounts(self) -> tuple[Amount, ...]:
        """The large sums of money that it shows."""
        return amounts(self.view, self.form, self.year)

    @functools.cached_property
    def measures(self) -> tuple[MeasureRow, ...]:
        """All rows with a target value that it shows, with what the files that it refers to say came of them."""
        own = measure_rows(self.view, self.fields, self.form.rules.vocabulary, self.year)
        others = [node for node in self.others.values() if isinstance(node, FileView)]
        return with_results(own, [_measures_of(file, self.year) for file in others])

    @property
    def is_paged(self) -> bool:
        """Whether its table is short enough to be broken into pages."""
        return len(self.table.rows) <= MOST_PAGED_ROWS

    @property
    def facts(self) -> Facts:
        """What a template may know of the report beside its view."""
        return Facts(self, self.table)

    @functools.cached_property
    def summary(self) -> Summary:
        """What lists of all reports need to know of it."""
        return summary(self)

    @functools.cached_property
    def dataset(self) -> Mapping[str, object] | None:
        """The description of its data for search engines (see `linked_data`); None for what is not published."""
        return linked_data.dataset(self.summary, SiteWords(self.site)) if self.publication else None

    @property
    def corrections(self) -> tuple[CorrectionRow, ...]:
        """What was corrected after publication, in the order of the data."""
        return correction_rows(self.form.fields, self.view)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """What its page carries in its head; none of what is not published."""
        if self.publication is None:
            return ()
        published = self.publication.published
        keywords = (self.unit, self.subject, f"{self.year}年", self.form.title)
        description = f"{self.heading}，{self.publication.approved} 批复，{published} 公开。"
        article = Article(self.heading, self.unit, published, keywords, description, self.file.page)
        return tags.content(self.site, self.form.name, article)

    def place(self, path: ValuePath) -> Place:
        """Where a value stands in the data file; of a value of another file, where that file is named."""
        if path and path[0] in self.form.references:
            return self.document.place((self.form.references[str(path[0])].keys[-1].here,))
        return self.document.place(self.published.origin(path) if self.published else path)


def _measures_of(file: FileView, year: str) -> tuple[MeasureRow, ...]:
    """The rows with a target value of another file; none of a form where nothing comes of them."""
    form = form_of(file)
    return measure_rows(file, form.figures.fields, form.rules.vocabulary, year) if form.has_outcomes else ()


def assemble(project: Project, filing: Filing, site: Site) -> dict[Edition, Report]:
    """The reports of a checked filing, by edition; the public one only with dates of approval and publication."""
    form, document, computed = filing.form, filing.document, filing.figures
    year, unit = show(filing.of_role("year")), show(filing.of_role("unit"))
    file = DataFile.at(document.file)
    publication = site.publication(file, form)
    settings = shown(project, site)

    def edition(
        which: Edition, data: dict[str, Data], figures: Figures, fields: Field, published: Published | None = None
    ) -> Report:
        public_by = site if which is Edition.PUBLIC else None
        seen = referred.views(project, filing, public_by)
        of_edition = replace(document, data=data)
        compare = functools.partial(since_last_year, project, filing, Shown(data, figures), public_by)
        return Report(
            project, form, of_edition, which, data, figures, settings, publication, file, unit, year, fields, seen,
            published, compare=compare,
        )  # fmt: skip

    reports = {Edition.OFFICIAL: edition(Edition.OFFICIAL, document.top, computed, form.figures.fields)}
    if publication:
        part = referred.public_part(project, filing, site)
        public = edition(Edition.PUBLIC, as_group(part.published.data), part.figures, part.fields, part.published)
        reports[Edition.PUBLIC] = replace(public, hidden_pages=frozenset(referred.hidden_pages(filing, site)))
    return reports
