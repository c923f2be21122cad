"""Lists the reports of a site, for the files that are about all of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from perfgen.project import names
from perfgen.project.layout import page_of

if TYPE_CHECKING:
    from perfgen.project.snapshot import Project
    from perfgen.report.report import Report
    from perfgen.report.site import Site
    from perfgen.report.summary import Summary


_T = TypeVar("_T")
UNITS = "units"
"""The folder below the public root with a page for each unit."""


@dataclass(frozen=True, order=True)
class Entry:
    """What lists and links need to know of a published report."""

    year: str
    unit: str
    form: str
    stem: str
    published: str
    subject: str = ""
    """What the report is about beside its unit, as far as it is public; empty where a unit has one file."""

    @property
    def page(self) -> str:
        """Where its page lies, below the public root."""
        return page_of(self.stem)


class Made(NamedTuple):
    """An output as it was written."""

    sha256: str
    size: int


class Summaries(Mapping[str, "Summary"]):
    """By the stems of data files, their summaries; each is read when it is asked for."""

    @abstractmethod
    def state(self, stem: str) -> str:
        """A text that changes when a summary does, without reading it. Raises KeyError where there is none."""

    @abstractmethod
    def measure_states(self, stem: str) -> Mapping[str, str]:
        """By the names of the rows of a summary, what changes when these do. Raises KeyError where there is none."""


@dataclass(frozen=True, eq=False)
class Listing:
    """The reports of a site in one edition: all that are published, or those of all data files."""

    project: Project
    templates: str
    """The folder of the templates, as a path of the project."""
    site: Site
    entries: tuple[Entry, ...]
    """The published reports; of the official edition none."""
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    """By stem, what lists need to know of each report; of an edition, in the order of the stems."""
    path: str = ""
    """Which file is made, as a path under build/."""
    made: Mapping[str, Made] = field(default_factory=dict)
    """By path under build/, the public outputs that other formats have made."""
    known: dict[Callable[[Listing], Any], Any] = field(default_factory=dict, repr=False)
    """What `once` has made."""

    def once(self, make: Callable[[Listing], _T]) -> _T:
        """What a function makes of the reports: once for all formats, so that it must not look at `path` and `made`."""
        if make not in self.known:
            self.known[make] = make(self)
        return self.known[make]  # type: ignore[no-any-return]

    @property
    def home(self) -> str:
        """The way from the file that is made up to the folder of the edition, as a relative link."""
        return "../" * (self.path.count("/") - 1)

    def summary(self, stem: str) -> Summary:
        """What there is to say of a report. Raises KeyError where there is no such report."""
        return self.summaries[stem]

    def state(self, stem: str) -> str:
        """A text that changes when the summary of a report does; it is not read where that can be told without."""
        known = self.summaries
        return known.state(stem) if isinstance(known, Summaries) else repr(known[stem])

    def measure_states(self, stem: str) -> Mapping[str, str]:
        """By the names of the rows with target values of a report, a text that changes when these do."""
        known = self.summaries
        if isinstance(known, Summaries):
            return known.measure_states(stem)
        found: dict[str, str] = {}
        for number, row in enumerate(known[stem].measures):
            found[row.name] = f"{found.get(row.name, '')} {number}:{row}"
        return found


def unit_page(unit: str) -> str:
    """Where the page about a unit and all its years lies, below the public root; empty for a name no file can have."""
    return "" if not unit or "/" in unit or names.trouble(unit) else f"{UNITS}/{unit}/index.html"


def entry(report: Report) -> Entry:
    """The entry of a published report in a listing."""
    assert report.publication is not None
    published = report.publication.published
    return Entry(report.year, report.unit, report.form.title, report.file.stem, published, report.subject)
