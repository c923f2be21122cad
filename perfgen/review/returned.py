"""A returned form onto its data file: what it changes there, in words and as the file's new text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfgen.check import loading
from perfgen.check.filing import Filing
from perfgen.comparison.difference import DifferenceKind
from perfgen.comparison.match import counterparts, differences
from perfgen.data import Data, ValuePath, as_scalar, is_same, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import DataError, Finding, UsageError
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.form.path_pattern import SUBJECT
from perfgen.form.similarity import Pairer
from perfgen.importing.evidence import Evidence
from perfgen.importing.import_file import Imported
from perfgen.importing.values import read_again
from perfgen.project.snapshot import Project
from perfgen.report import referred
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.review import formats
from perfgen.review.compare import Comparison, compare_pair
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.kept import kept_findings
from perfgen.review.merge import merge
from perfgen.review.merge_sides import Merged, Sides
from perfgen.review.version_reader import version_of
from perfgen.review.versions import VersionRange
from perfgen.source import rewrite
from perfgen.source.reader import Document
from perfgen.table import expand, template
from perfgen.table.view import Record, make_view, members
from perfgen.values import plain_name

_BOM = "\ufeff"


@dataclass(frozen=True)
class Standing:
    """The data file that a form is to change."""

    file: str
    filing: Filing
    content: bytes

    @property
    def document(self) -> Document:
        """Its document."""
        return self.filing.document

    @property
    def form(self) -> Form:
        """The form that it names."""
        return self.filing.form

    @property
    def year(self) -> int | None:
        """The year that it is for; None where it says none."""
        year = show(as_scalar(self.filing.of_role("year")))
        return int(year) if year.isdecimal() else None


def read_standing(project: Project, file: str, content: bytes) -> Standing:
    """The data file to be changed, with its form.

    Raises UsageError where it cannot be read, FormError for a broken form.
    """
    try:
        filing = loading.filing_of(project, file, content)
    except DataError as error:
        first = error.findings[0]
        raise UsageError(f"{file} 读不出来，没有动它：{first.place} {first.message}先改好它再导入。") from error
    return Standing(file, filing, content)


@dataclass(frozen=True)
class Returned:
    """What a returned form makes of a data file. Nothing is written yet."""

    standing: Standing
    merged: Merged
    content: bytes
    """The file as it is to be written."""
    comparison: Comparison
    new: FileVersion
    imported: Imported
    """What was read from the form."""
    is_published_copy: bool
    """Whether the form was taken for a published copy, which leaves out what is private."""

    @property
    def is_different(self) -> bool:
        """Whether the file is to be changed at all."""
        return self.content != self.standing.content

    def checked(self, *, written: bool) -> tuple[Finding, ...]:
        """What `check` says of the file, as it is to be; nothing where it is not written, and places would be wrong."""
        return self.new.findings if written or not self.is_different else ()

    def kept(self, *, written: bool) -> list[Finding]:
        """What the form has otherwise and the file keeps; places are those of the new file once it is written."""
        document = self.new.document if written else None
        return kept_findings(
            self.merged, self.imported.data, self.standing.document, document, self.standing.form.fields
        )

    def said(self) -> Iterator[str]:
        """The changes in words, and what a comparison of two versions does not say."""
        if self.comparison.units:
            yield formats.render("text", self.comparison)
        yield from self.remarks()

    def remarks(self) -> Iterator[str]:
        """What a comparison of two versions does not say."""
        if self.is_published_copy:
            yield "表上不公开的格子都是空的，当作公开的那一份：文件里不公开的没有动。"
        if self.merged.reordered:
            names = "、".join(dict.fromkeys(str(names_of(path)[-1]) for path in self.merged.reordered))
            yield f"照表上的次序重新排了：{names}。"


def returned(project: Project, imported: Imported, standing: Standing) -> Returned:
    """What a form that was read makes of the data file that stands.

    Raises UsageError where the two do not fit: another form, unit, subject or year, or only the public part.
    """
    _refuse_another(imported, standing)
    shown = _shown(project, standing)
    public = frozenset(path for path in shown if _is_public(standing.form.fields, path))
    is_published_copy = public != shown and not _holds_private(imported.data, standing.form.fields)
    sides = _sides(imported, standing, _with_heads(public if is_published_copy else shown))
    merged = merge(sides, standing.form.fields, standing.form.figures)
    content = _content(merged, imported, standing)
    old = version_of(standing.filing, standing.content)
    filing = loading.filing_of(project, standing.file, content)
    new = version_of(filing, content)
    unit = compare_pair(VersionPair(old, new))
    ends = VersionRange("", None, standing.file, imported.file)
    comparison = Comparison(project, ends, () if unit.is_empty else (unit,))
    read = imported.as_published() if is_published_copy else imported
    return Returned(standing, merged, content, comparison, new, read, is_published_copy)


def _refuse_another(imported: Imported, standing: Standing) -> None:
    """Raises UsageError where a form cannot be meant for a file."""
    file, form = standing.file, standing.form
    if imported.evidence is None:
        raise UsageError(f"{file} 已经有了，没有动它：PDF 里只有公开的部分，用 Word 文件来改。")
    if imported.form.name != form.name:
        raise UsageError(f"{file} 用的是《{form.title}》，这是《{imported.form.title}》，没有动它。")
    if standing.year is not None and imported.year != str(standing.year):
        raise UsageError(f"{file} 是 {standing.year} 年的，表是 {imported.year} 年的，没有动它；换 -o 的文件再导入。")
    for name in (form.fields.with_role("unit"), *form.subject):
        stands, read = (show(as_scalar(side)) for side in (standing.document.top.get(name), imported.data.get(name)))
        is_told = stands and read and not imported.evidence.is_unsure((name,))
        if is_told and plain_name(stands) != plain_name(read):
            raise UsageError(f"{file} 是“{stands}”的，表是“{read}”的，没有动它；真是改了名称，先在文件里改。")


def _sides(imported: Imported, standing: Standing, shown: frozenset[ValuePath]) -> Sides:
    """Both sides of the merge, and which items belong together; `shown` is what the form prints."""
    fields, stands, read = standing.form.fields, standing.document.data, imported.data
    evidence = imported.evidence or Evidence()
    # what the form cannot print tells nothing of how alike two rows are
    printable = _only(stands, (), shown)
    pairer = Pairer()
    pairs = counterparts(printable, read, fields, pairer)
    partner = {new: old for new, old in pairs.items() if new and isinstance(new[-1], int)}
    moved = {
        difference.new_path: difference.old_path
        for difference in differences(printable, read, fields, pairer=pairer)
        if difference.kind is DifferenceKind.MOVED and difference.new_path and difference.old_path
        if not evidence.is_unsure(difference.new_path)
    }
    return Sides(stands, read, partner | moved, frozenset(moved), shown, evidence)


def _shown(project: Project, standing: Standing) -> frozenset[ValuePath]:
    """The paths of the values that stand and that the form prints so that they can be read."""
    form, data = standing.form, standing.document.top
    computed, _ = form.figures.compute_what_can(data)
    units = {path: form.figures.unit_at(path) for path in computed}
    view = make_view(data, form.figures.fields, computed, units, public=False)
    others, _ = referred.beside(project, standing.filing)
    seen = Record((), {**members(view), **others})
    table = expand.expand(template.read_template(project, form.template(TABLE_TEMPLATE)), seen)
    return frozenset(path for path in table.paths() if _is_filled(value_at(data, path), form.fields.at(path)))


def _with_heads(paths: frozenset[ValuePath]) -> frozenset[ValuePath]:
    """Some paths, and those of the groups and lists around them."""
    return frozenset(path[:end] for path in paths for end in range(len(path) + 1))


def _is_public(fields: Field, path: ValuePath) -> bool:
    field = fields.at(path)
    return field is not None and field.public


def _is_filled(value: Data, field: Field | None) -> bool:
    """Whether a single value is there that can be seen on a form."""
    return field is not None and not isinstance(value, dict | list) and read_again(value, field) is not None


def _only(data: Data, path: ValuePath, shown: frozenset[ValuePath]) -> Data:
    """The part of some data that a form shows; the items of lists keep their numbers."""
    if isinstance(data, dict):
        return {name: _only(value, (*path, name), shown) for name, value in data.items() if (*path, name) in shown}
    if isinstance(data, list):
        return [_only(item, (*path, number), shown) for number, item in enumerate(data)]
    return data if path in shown else None


def _holds_private(data: Data, field: Field | None) -> bool:
    """Whether some data has a private value, beside those that say which form, year and unit it is for."""
    if isinstance(data, dict):
        return any(_holds_private(value, field.member(name) if field else None) for name, value in data.items())
    if isinstance(data, list):
        return any(_holds_private(item, field.item if field else None) for item in data)
    return data is not None and field is not None and not field.public and field.role in (None, SUBJECT)


def _content(merged: Merged, imported: Imported, standing: Standing) -> bytes:
    """The file with the wanted data: its own bytes where it holds that data already."""
    document = standing.document
    if is_same(merged.data, document.data) and not merged.reordered:
        return standing.content

    def partner(path: ValuePath, _: Sequence[Data], wanted: Sequence[Data]) -> list[int | None]:
        """Which item of the list in its place each wanted item is."""
        return [_number(merged, (*path, number)) for number in range(len(wanted))]

    above, beside = (_at_taken(comments, merged) for comments in (imported.marks.above, imported.marks.beside))
    text = rewrite.rewritten(
        document.text, document, merged.data, standing.form.fields, partner,
        moved={path: old for path, old in merged.origin.items() if _number(merged, path) is None},
        above=above, beside=beside,
    )  # fmt: skip
    bom = _BOM if standing.content.startswith(_BOM.encode()) else ""
    return (bom + text).encode()


def _number(merged: Merged, path: ValuePath) -> int | None:
    """The number that an item had in its list; None for a new one, and for one that was in another list."""
    old = merged.origin.get(path)
    is_in_place = old is not None and old[:-1] == _stood(merged, path[:-1])
    return int(old[-1]) if old and is_in_place else None


def _stood(merged: Merged, path: ValuePath) -> ValuePath:
    """Where in the data that stood a list is looked for, of which this is the path in the data wanted."""
    for end in range(len(path), 0, -1):
        if path[:end] in merged.origin:
            return (*merged.origin[path[:end]], *path[end:])
    return path


def _at_taken(comments: Mapping[ValuePath, str], merged: Merged) -> dict[ValuePath, str]:
    """The comments on what was put in, by their paths in the wanted data; what stands gets none."""
    places = {new: path for path, new in merged.taken.items() if value_at(merged.data, path) is not None}
    return {places[new]: text for new, text in comments.items() if new in places}
