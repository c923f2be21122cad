"""Reads one file into the text of a data file, with notes on what was changed or not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.data import Data
from perfgen.display import show
from perfgen.findings import DataError, Finding, FormError, UsageError
from perfgen.form.forms import Form
from perfgen.form.path_pattern import PathError, text_of
from perfgen.importing import around, certainty, compare, defaults, pdf_data, printed_figures, which_form
from perfgen.importing.evidence import Evidence, evidence
from perfgen.importing.matching.bind import bind
from perfgen.importing.notes import UNSURE, Notes
from perfgen.importing.paper import word_table
from perfgen.importing.paper.word_table import WordForm
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.to_data import ReadBack, to_data
from perfgen.importing.witness import second_reading
from perfgen.project import names
from perfgen.project.layout import DATA, SCHEMA_SUFFIX, SUFFIX
from perfgen.project.snapshot import Project
from perfgen.report import referred
from perfgen.source import reader, writer
from perfgen.source.reader import Document
from perfgen.table import expand
from perfgen.table.referred_names import printed_references
from perfgen.table.view import Record, View, make_view, members


@dataclass(frozen=True)
class ImportOrder:
    """What the caller says beforehand, for all files of one call."""

    project: Project
    form: str | None = None
    year: int | None = None
    revisions: Revisions = Revisions.ACCEPT
    folder_year: int | None = None
    """The year of the folder that the data goes to, where it says one."""
    witness: bool = False
    """Whether what LibreOffice shows is held against what is read."""


@dataclass
class Imported:
    """A file that was read: its data, how much of it was proven, and the notes on it."""

    file: str
    form: Form
    data: dict[str, Data]
    notes: list[Finding]
    proof: compare.Proof | None = None
    count: certainty.Count = field(default_factory=certainty.Count)
    """How many cells are certain, and how many are not."""
    marks: certainty.Marks = field(default_factory=certainty.Marks)
    """What the data file says of the cells that are not."""
    evidence: Evidence | None = None
    """How far it may be believed where data stands already; None where only a part was to be read."""
    private: frozenset[Finding] = frozenset()
    """Those of the notes that only say that a row is missing of which all is private."""
    witnessed: int | None = None
    """How many cells LibreOffice shows alike; None where it was not asked, or could not open the file."""

    @property
    def year(self) -> str:
        """The year as printed."""
        return show(self.data[self.form.fields.with_role("year")])

    @property
    def unit(self) -> str:
        """The unit as printed, in one line; empty where it is not told."""
        return show(self.data.get(self.form.fields.with_role("unit"))).replace("\n", "")

    @property
    def is_certain(self) -> bool:
        """Whether nothing is left for a person to look at."""
        return not self.count.unsure and not self.count.elsewhere

    def as_published(self) -> Imported:
        """The same, taken for a published copy: that it leaves out private rows is no doubt."""
        notes = [note for note in self.notes if note not in self.private]
        count = replace(self.count, elsewhere=self.count.elsewhere - len(self.private))
        return replace(self, notes=notes, count=count)

    @property
    def subject(self) -> tuple[str, ...]:
        """What it is about beside its unit, as printed; empty texts where that is not told."""
        return tuple(text_of(self.data.get(name)) for name in self.form.subject)

    @property
    def path(self) -> str:
        """Where its data file belongs below its year, without suffix: as the form says, else under the unit's name.

        Raises UsageError where what the form needs for that is not told, or cannot be in a path.
        """
        if self.form.path is None:
            return names.part_of(self.unit) or Path(self.file).stem
        try:
            return self.form.path.place(self.data)
        except PathError as error:
            where = f"-o {DATA}/{self.year}/…{SUFFIX}"
            raise UsageError(f"看不出放在哪里，“{error.name}”不能做文件名：{error}；用 {where} 写明。") from None

    def text(self, to_root: str) -> str:
        """The data file's text; `to_root` leads from its folder to the project's."""
        header = [writer.schema_line(f"{to_root}schema/{self.form.name}{SCHEMA_SUFFIX}"), *self.marks.header]
        above, beside = self.marks.above, self.marks.beside
        return writer.dump_yaml(self.data, self.form.fields, header=header, above=above, beside=beside)

    def checked(self, text: str, file: str, project: Project) -> list[Finding]:
        """What `check` will say of the file with this text, at its place in the project."""
        try:
            document = reader.load_yaml(text.encode(), file)
        except DataError as error:
            return error.findings
        try:
            return check.check_filing(loading.filing_with(project, document, self.form))
        except FormError as error:
            return error.findings


def import_form(content: bytes, file: str, order: ImportOrder, shown: bytes | None = None) -> Imported:
    """Reads a filled-in form, or a PDF of perfgen's; `file` is its name in messages.

    `shown` is the same file as LibreOffice saved it (.odt); None where it could not, or was not asked.
    Raises DataError when it is neither, UsageError when form or year cannot be told.
    """
    notes = Notes(file)
    if content.lstrip()[:5] == b"%PDF-":
        return _import_pdf(content, file, order, notes)
    return _import_word(content, file, order, notes, shown)


def _import_pdf(content: bytes, file: str, order: ImportOrder, notes: Notes) -> Imported:
    """Reads the data that a PDF carries."""
    loaded = pdf_data.attached(content, file)
    form = which_form.form_named(
        order.project, order.form, {value for value in loaded.values() if isinstance(value, str)}
    )
    read_back = pdf_data.read_back(loaded, form, notes)
    data = _typed(_identified(read_back, form, order, notes), form, order, notes)
    computed, _ = printed_figures.compute(_filing(data, form, order, notes), read_back.figures)
    printed_figures.compare_figures(read_back.figures, computed, form, notes)
    if order.witness:
        notes.say(UNSURE, "不是 Word 文件，没有和 LibreOffice 显示的比较。")
    marks = certainty.marks(notes.doubts, read_back.places, data)
    count = certainty.Count(unsure=len(notes.doubts))
    return Imported(file, form, data, notes.findings, count=count, marks=marks)


def _import_word(content: bytes, file: str, order: ImportOrder, notes: Notes, shown: bytes | None) -> Imported:
    """Reads a Word file, and proves it: the data printed again is compared with the file."""
    word = word_table.read_word_form(content, file, order.revisions)
    notes.several_tables = word.tables > 1
    matched = which_form.matched(word, order.project, order.form)
    form = matched.form
    root = bind(matched.match, matched.scorer, notes)
    around.read_around(word, matched.template, root, notes)
    read_back = to_data(root, form, around.fixed_text(matched.template), notes)
    data = _typed(_identified(read_back, form, order, notes), form, order, notes)
    filing = _filing(data, form, order, notes)
    computed, failed = printed_figures.compute(filing, read_back.figures)
    printed_figures.tell_of_failed(failed, read_back.figures, form, notes)
    printed_figures.compare_figures(read_back.figures, computed, form, notes)
    units = {path: form.figures.unit_at(path) for path in computed}
    view = make_view(data, form.figures.fields, computed, units, public=False)
    table = expand.expand(matched.template, _with_others(view, filing, order, notes))
    proof = compare.compare_with_original(matched.match, table, read_back.held, matched.scorer.private, notes)
    witnessed = _witnessed(word, order, shown, notes) if order.witness else None
    marks = certainty.marks(notes.doubts, read_back.places, data)
    count = certainty.count(word.rows, notes.doubts)
    believed = evidence(notes.doubts, read_back)
    private = frozenset(notes.private)
    return Imported(file, form, data, notes.findings, proof, count, marks, believed, private, witnessed)


@dataclass(frozen=True)
class WordHeads:
    """A Word file whose rows were matched, and what it says that it is."""

    word: WordForm
    form: Form
    data: dict[str, Data]
    """What could be read of it, without what it does not print."""
    year: int | None
    """The year that its cells tell; None where they do not."""


def word_heads(content: bytes, file: str, project: Project) -> WordHeads:
    """Which form a Word file is, and what its cells say; its name in messages, `file`, tells nothing.

    Raises DataError and UsageError as `import_form` does.
    """
    notes = Notes(file)
    word = word_table.read_word_form(content, file)
    found = which_form.matched(word, project, None)
    root = bind(found.match, found.scorer, notes)
    around.read_around(word, found.template, root, notes)
    read_back = to_data(root, found.form, around.fixed_text(found.template), notes)
    return WordHeads(word, found.form, read_back.data, _year_told(read_back, found.form))


def _typed(data: dict[str, Data], form: Form, order: ImportOrder, notes: Notes) -> dict[str, Data]:
    """What was read, without what need not be typed."""
    return defaults.left_out(data, form, lambda found: _filing(found, form, order, notes))


def _filing(data: dict[str, Data], form: Form, order: ImportOrder, notes: Notes) -> Filing:
    """What was read as a filing, with the way to the files that it refers to."""
    return loading.filing_with(order.project, Document(notes.file, data, {}, {}), form)


def _with_others(view: View, filing: Filing, order: ImportOrder, notes: Notes) -> View:
    """What templates see, with the files that the form refers to: what it prints of them is only compared.

    Tells of the files that are not there.
    """
    if not filing.form.references:
        return view
    filing.print_references(printed_references(order.project, filing.form))
    others, missing = referred.beside(order.project, filing)
    for finding in missing:
        notes.say(UNSURE, f"{finding.message}表上印的没有核对。", hint=finding.hint)
    return Record((), {**members(view), **others})


def _witnessed(word: WordForm, order: ImportOrder, shown: bytes | None, notes: Notes) -> int | None:
    """How many cells LibreOffice shows alike; tells of those that it does not."""
    comparison = second_reading.compare(word, shown, order.revisions) if shown is not None else None
    if comparison is None:
        notes.say(UNSURE, "LibreOffice 打不开这个文件，或者太久没有打开：没有比较，读得对不对不知道。")
        return None
    for number in comparison.missing:
        notes.say(UNSURE, f"LibreOffice 不显示第 {number} 张表格，或者很不一样：没有比较，读得对不对不知道。")
    for difference in comparison.differences:
        if not difference.is_known:
            notes.say(UNSURE, difference.sentence, difference.at)
    return comparison.same


def _identified(read_back: ReadBack, form: Form, order: ImportOrder, notes: Notes) -> dict[str, Data]:
    """The data with what a form does not print: which form it is, and the year.

    Raises UsageError when nothing tells the year.
    """
    year = _year(read_back, form, order, notes)
    heads: dict[str, Data] = {form.fields.with_role("form"): form.name}
    return {**heads, **read_back.data, form.fields.with_role("year"): Decimal(year)}


def _year(read_back: ReadBack, form: Form, order: ImportOrder, notes: Notes) -> int:
    """The year of a form: as ordered, as the form tells, of the folder, or in the file's name.

    Raises UsageError when nothing tells the year.
    """
    told = _year_told(read_back, form)
    year = order.year or told or order.folder_year or _year_in_name(notes.file)
    if year is None:
        raise UsageError(f"{notes.file}：看不出是哪一年的表；用 --year 写明。")
    if told and told != year:
        notes.say(UNSURE, f"表上的年份像是 {told} 年的，按 {year} 年导入。")
    return year


def _year_told(read_back: ReadBack, form: Form) -> int | None:
    """The year that the cells of a form tell; None where they do not."""
    given = read_back.data.get(form.fields.with_role("year"))
    return int(given) if isinstance(given, Decimal) else printed_figures.year_from(read_back.figures, form)


def _year_in_name(file: str) -> int | None:
    """The year in a file's name, where it holds just one."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", Path(file).stem)
    return int(years[0]) if len(set(years)) == 1 else None
