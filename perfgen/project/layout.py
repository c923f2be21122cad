"""Where a project's files lie: its folders, and the path of a data file with its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath
from urllib.parse import quote

DATA, BUILD = "data", "build"
SCHEMA_FOLDER, TEMPLATE_FOLDER = "schema", "templates"
SCHEMA_SUFFIX = ".schema.json"
"""How the names of the files end that make a form."""
PROGRAM = ("perfgen", "scripts", "requirements", "Makefile", "pyproject.toml", ".ci", ".github", ".gitlab-ci.yml")
"""What a repository runs, beside its forms: folders and files, there or not."""
SUFFIX = ".yaml"
UNITS_FILE = f"{DATA}/units{SUFFIX}"
"""The list of units; it is no unit's data file."""
MAX_YAML, MAX_OTHER = 2_000_000, 50_000_000
"""How many bytes a YAML file of a project may have, and any other file: a schema, a template."""
LOCKS = "~$"
"""How the names of the files begin that Word leaves behind."""
HIDDEN = (".", LOCKS)
"""How the names of files begin that programs leave behind; they are no data files."""


def page_of(stem: str) -> str:
    """Where the page of a data file lies, below the public root; `stem` is its path below data/, without the suffix."""
    return f"{stem}/index.html"


@dataclass(frozen=True, order=True)
class DataFile:
    """A data file by its place, data/<year>/<path>.yaml; which form, unit and year it is for, the form says."""

    year: str
    path: str
    """The path below the folder of the year, without the suffix."""

    @classmethod
    def parse(cls, source: str) -> DataFile | None:
        """The data file at a path of the project; None for a path where no data file can be."""
        parts = PurePosixPath(source).parts
        if len(parts) < 3 or parts[0] != DATA or not source.endswith(SUFFIX) or parts[-1].startswith(HIDDEN):
            return None
        return cls(parts[1], "/".join(parts[2:]).removesuffix(SUFFIX))

    @classmethod
    def at(cls, source: str) -> DataFile:
        """The data file at a path where one can be. Raises ValueError for another path."""
        file = cls.parse(source)
        if file is None:
            raise ValueError(f"{source} is no path of a data file")
        return file

    @property
    def source(self) -> str:
        """Its path in the project."""
        return f"{DATA}/{self.stem}{SUFFIX}"

    @property
    def stem(self) -> str:
        """Where its outputs go: its path below data/, without the suffix."""
        return f"{self.year}/{self.path}"

    @property
    def name(self) -> str:
        """What its outputs are called: the last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def page(self) -> str:
        """Where its page lies, below the public root."""
        return page_of(self.stem)

    @property
    def home(self) -> str:
        """The way up from its public folder to the public root, as a relative link."""
        return "../" * (self.stem.count("/") + 1)

    def address_of(self, other: DataFile) -> str:
        """The way from its public page to that of another data file, as a relative link."""
        return f"{self.home}{quote(other.page)}"

    def before(self, years: int) -> DataFile | None:
        """The file at the same path `years` years before, there or not; None where the folder is no year."""
        return DataFile(str(int(self.year) - years), self.path) if self.year.isdigit() else None

    def after(self, years: int) -> DataFile | None:
        """The file at the same path `years` years after; see `before`."""
        return self.before(-years)

    def __str__(self) -> str:
        return self.source

    def __fspath__(self) -> str:
        return self.source


def _by_path_and_year(file: DataFile) -> tuple[list[str], str]:
    """The sort key: as the files of one year are sorted, name by name, with their suffixes."""
    return file.source.split("/")[2:], file.year


def by_path(files: Iterable[DataFile]) -> Iterator[list[DataFile]]:
    """Gives data files in groups of one path, year after year: in this order each file is read once."""
    for _, of_path in groupby(sorted(files, key=_by_path_and_year), key=lambda file: file.path):
        yield list(of_path)
