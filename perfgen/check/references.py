"""Which files a file refers to: those of the form and year meant whose keys agree with its own.

The files of a form and year are listed once for a snapshot, by the values that stand at their top (`_Listed`). A key
that is a unit's name finds the file under the name that the unit had then, as `former_names` knows it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from perfgen.check import documents, former_names
from perfgen.check.documents import Heading
from perfgen.check.former_names import Stated
from perfgen.data import Data, as_scalar
from perfgen.display import show
from perfgen.findings import DataError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.form.nearest import guess
from perfgen.form.references import Key, Reference
from perfgen.project import invocation
from perfgen.project.layout import DataFile
from perfgen.project.made import lasting_of
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.reader import Document

_NAMED = 5
"""How many files a sentence names at most."""


@dataclass(frozen=True)
class Sought:
    """The files that a file looks for by a reference."""

    form: str
    year: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    """By the name of a field there, the values that it may have, the likeliest first."""


@dataclass(frozen=True)
class _Listed:
    """The files of a form and a year, by what stands at their top."""

    values: Mapping[DataFile, Mapping[str, str]]
    """The plain values of each that could be read; none that is not filled in."""
    unread: Mapping[DataFile, str]
    """The text of each that could not."""
    by_value: Mapping[tuple[str, str], tuple[DataFile, ...]]
    """By the name of a field and its value."""
    counts: Mapping[str, int]
    """By the name of a field, how many of the files have it."""
    _lacking: dict[tuple[str, ...], list[DataFile]] = field(default_factory=dict)

    def lacking(self, names: tuple[str, ...]) -> list[DataFile]:
        """The files in which at least one of some fields is not filled in; they are looked for once."""
        if names not in self._lacking:
            found = [file for file, has in self.values.items() if not all(name in has for name in names)]
            self._lacking[names] = found
        return self._lacking[names]


def files(project: Project, reference: Reference, document: Document, form: Form) -> tuple[DataFile, ...] | Unavailable:
    """The files that a document of a form refers to by a reference, or why there is none, or not one alone.

    There may be none where the reference is to many. Whether they are sound is not looked at.
    """
    wanted = sought(project, reference, document, form)
    if isinstance(wanted, Unavailable):
        return wanted
    listed = project.once(_listed, wanted.form, wanted.year)
    found, hidden = _met(listed, wanted, reference)
    if hidden:
        return _unread(hidden)
    if reference.many or len(found) == 1:
        return tuple(found)
    words = in_words(project, wanted)
    if found:
        message = f"{words}有 {len(found)} 个：{'、'.join(map(str, found[:_NAMED]))}，不知道是哪一个"
        return Unavailable(message, "只留一个，或者改对其中写错的。")
    return Unavailable(f"没有{words}", _advice(listed, wanted, reference), is_missing=True)


def met(project: Project, reference: Reference, document: Document | Heading, form: Form) -> tuple[DataFile, ...]:
    """The files that decide what a reference leads to: those that `files` gives, or that keep it from giving one."""
    wanted = sought(project, reference, document, form)
    if isinstance(wanted, Unavailable):
        return ()
    found, hidden = _met(project.once(_listed, wanted.form, wanted.year), wanted, reference)
    return (*found, *hidden)


def deciding(project: Project, reference: Reference, document: Document | Heading, form: Form) -> tuple[DataFile, ...]:
    """The files beside those of `met` that decide what `files` gives or says.

    Those of units that use a name that another one had before; where none is found, all among which it was sought.
    """
    wanted = sought(project, reference, document, form)
    if isinstance(wanted, Unavailable):
        return ()
    listed = project.once(_listed, wanted.form, wanted.year)
    found, hidden = _met(listed, wanted, reference)
    sought_among = () if found or hidden or reference.many else (*listed.values, *listed.unread)
    return (*_Seeker(project, document, form).users(reference), *sought_among)


def sought(project: Project, reference: Reference, document: Document | Heading, form: Form) -> Sought | Unavailable:
    """What a document looks for by a reference; why it cannot look where a key is not filled in."""
    seeker = _Seeker(project, document, form)
    if not seeker.year.isdigit():
        return Unavailable(f"{document.file} 没有年度，找不到要引用的文件")
    for key in reference.keys:
        if not _plain(document.top.get(key.here)):
            return Unavailable(f"“{key.here}”没有填，不知道引用哪一个文件", f"填上“{key.here}”。")
    keys = tuple((key.there, seeker.values(key, reference)) for key in reference.keys)
    return Sought(reference.form, str(int(seeker.year) - reference.years), keys)


def referring(project: Project, form: Form, year: str, values: Mapping[str, Data]) -> tuple[DataFile, ...]:
    """The files of a form and a year that have these values in their top-level fields."""
    wanted = [(name, _plain(value)) for name, value in values.items()]
    listed = project.once(_listed, form.name, year)
    return tuple(file for file, has in listed.values.items() if all(has.get(name) == text for name, text in wanted))


def in_words(project: Project, wanted: Sought) -> str:
    """The files that are sought, as a sentence names them: the year, the form, and what their keys must be."""
    form = forms.find(project, wanted.form)
    keys = "、".join(f"“{name}”是“{'”或“'.join(values)}”" for name, values in wanted.keys)
    return f" {wanted.year} 年、{keys}的“{form.title if form else wanted.form}”（{wanted.form}）"


@dataclass(frozen=True)
class _Seeker:
    """A document that refers to others."""

    project: Project
    document: Document | Heading
    form: Form

    @property
    def year(self) -> str:
        """The year of its folder, or what it says where it lies in none."""
        file = DataFile.parse(self.document.file)
        return file.year if file else _plain(self.document.top.get(self.form.fields.with_role("year")))

    def values(self, key: Key, reference: Reference) -> tuple[str, ...]:
        """What a key may be in the files that are sought: what it is here, and the names that a unit had then."""
        value = _plain(self.document.top.get(key.here))
        certain, others = self.names(key, reference)
        if reference.years == 0:
            return tuple(dict.fromkeys((*certain, value)))
        return (*certain, *(name for name in others if not self.using(name)))

    def names(self, key: Key, reference: Reference) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a key may be in the files that are sought: what is certain, and what is so where nobody else uses it."""
        value = _plain(self.document.top.get(key.here))
        here, there = self.form.fields.members[key.here], reference.fields.members[key.there]
        if "unit" not in (here.role, there.role):
            return (value,), ()
        stated = Stated(value, self.former if here.role == "unit" else ())
        return former_names.names_then(self.project, self.year, reference.years, stated)

    @property
    def former(self) -> tuple[str, ...]:
        """The names that it says its unit had before."""
        section = self.form.fields.find_role("former-name")
        typed = self.document.top.get(section) if section else None
        return tuple(filter(None, map(_plain, typed if isinstance(typed, list) else [typed])))

    def using(self, name: str) -> tuple[DataFile, ...]:
        """The files of units that still hand in under a name."""
        taken = self.project.once(_listed, self.form.name, self.year)
        return taken.by_value.get((self.form.fields.with_role("unit"), name), ())

    def users(self, reference: Reference) -> tuple[DataFile, ...]:
        """The files of units that hand in under a name that the sought one may have had."""
        names = [name for key in reference.keys for name in self.names(key, reference)[1]] if reference.years else []
        return tuple(file for name in names for file in self.using(name))


def _plain(value: Data) -> str:
    return show(as_scalar(value)).strip()


def _met(listed: _Listed, wanted: Sought, reference: Reference) -> tuple[list[DataFile], list[DataFile]]:
    """The files whose keys agree, and those of which that cannot be told though it matters."""
    found = list(_found(listed, wanted, is_one=not reference.many))
    return found, _may_be_meant(listed, wanted) if reference.many or not found else []


def _found(listed: _Listed, wanted: Sought, *, is_one: bool) -> Iterator[DataFile]:
    """The files whose keys agree; with `is_one`, only those under the likeliest names that there are."""
    for values in product(*(values for _, values in wanted.keys)):
        pairs = [(name, value) for (name, _), value in zip(wanted.keys, values, strict=True)]
        fewest = min((listed.by_value.get(pair, ()) for pair in pairs), key=len)
        found = [file for file in fewest if all(listed.values[file].get(name) == value for name, value in pairs)]
        yield from found
        if found and is_one:
            return


def _may_be_meant(listed: _Listed, wanted: Sought) -> list[DataFile]:
    """The files that cannot be read, or have a key that is not filled in, and may be among those that are sought."""
    unread = [
        file
        for file, text in listed.unread.items()
        if all(any(value in text for value in values) for _, values in wanted.keys)
    ]
    unfilled = [
        file
        for file in listed.lacking(tuple(name for name, _ in wanted.keys))
        if all(listed.values[file].get(name, values[0]) in values for name, values in wanted.keys)
    ]
    return [*unread, *unfilled]


def _unread(hidden: list[DataFile]) -> Unavailable:
    more = f"等 {len(hidden)} 个" if len(hidden) > _NAMED else ""
    named = "、".join(map(str, hidden[:_NAMED])) + more
    return Unavailable(f"{named} 有错误，不知道是不是要引用的", f"先改好 {named}。")


def _advice(listed: _Listed, wanted: Sought, reference: Reference) -> str:
    """What to do where no file is found: the value that was probably meant, or how to begin a file."""
    last, here = reference.keys[-1], wanted.keys[-1]
    others = [
        has[last.there]
        for has in listed.values.values()
        if last.there in has and all(has.get(name) in values for name, values in wanted.keys[:-1])
    ]
    meant = guess(here[1][0], others)
    begin = f"用 {invocation.command('new')} 做一个" if not listed.values else f"改对“{last.here}”，或者补上那个文件"
    return f"“{last.here}”{meant}" if meant else f"{begin}。"


def _counts(project: Project, path: str, form: str, year: str) -> bool:
    """Whether a file is one of those that `_listed` reads."""
    file = DataFile.parse(path)
    return file is not None and file.year == year and _may_be_of(project, file, form)


@lasting_of(_counts)
def _listed(project: Project, form: str, year: str) -> _Listed:
    """The files of a form and a year. Raises nothing for a file that is wrong."""
    values: dict[DataFile, Mapping[str, str]] = {}
    unread: dict[DataFile, str] = {}
    by_value: dict[tuple[str, str], list[DataFile]] = defaultdict(list)
    are_few = documents.are_few(project)
    of_year = [file for file in project.data_files()[0] if file.year == year]
    for file in project.fetched(of_year):
        if not _may_be_of(project, file, form):
            continue
        try:
            top = documents.read_heading(project, file, are_few=are_few).top
        except DataError:
            unread[file] = _text(project.read(file.source))
            continue
        values[file] = {name: text for name, value in top.items() if (text := _plain(value))}
        for pair in values[file].items():
            by_value[pair].append(file)
    counts = Counter(name for has in values.values() for name in has)
    return _Listed(values, unread, {pair: tuple(found) for pair, found in by_value.items()}, counts)


def _may_be_of(project: Project, file: DataFile, form: str) -> bool:
    """Whether a file's first line names a form; of a file without a first line that can be read, any line."""
    try:
        content = project.read(file.source)
    except (OSError, DataError):
        return False
    entry = reader.first_entry(content)
    return entry[1] == form if entry else form in _text(content)


def _text(content: bytes) -> str:
    """What a file says, also in the encoding of old programs on Windows, to look for words in it."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")
