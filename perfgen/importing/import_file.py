"""Reads one file into the text of a data file, with notes on what was changed or not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.data import Data
from perfgen.display import show
from perfgen.findings import DataError, Finding, FormError, UsageError
from perfgen.form import forms
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.importing import around, certainty, compare, pdf_data, printed_figures
from perfgen.importing.evidence import Evidence, evidence
from perfgen.importing.matching.bind import bind
from perfgen.importing.matching.columns import learn
from perfgen.importing.matching.fit import is_whole
from perfgen.importing.matching.match import MANY_ROWS, Match, match
from perfgen.importing.matching.pattern import Pattern
from perfgen.importing.matching.score import Scorer
from perfgen.importing.notes import UNSURE, Notes
from perfgen.importing.paper import word_table
from perfgen.importing.paper.word_package import refuse
from perfgen.importing.paper.word_table import WordForm
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.to_data import ReadBack, to_data
from perfgen.importing.witness import second_reading
from perfgen.project.snapshot import Project
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.source import reader, writer
from perfgen.table import expand, template
from perfgen.table.template import TemplateTable
from perfgen.table.view import make_view

_RECOGNISED = 2.0
"""A row of headings that costs less is recognised: some are reworded, but none is missing or is another one."""
_LEAST_SHARE = Fraction(1, 3)
"""The share of the rows of headings that a file must have: people drop or reword sections, but not most of them."""
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


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
    witnessed: int | None = None
    """How many cells LibreOffice shows alike; None where it was not asked, or could not open the file."""

    @property
    def year(self) -> str:
        """The year as printed."""
        return show(self.data[self.form.fields.with_role("year")])

    @property
    def is_certain(self) -> bool:
        """Whether nothing is left for a person to look at."""
        return not self.count.unsure and not self.count.elsewhere

    @property
    def stem(self) -> str:
        """A name for its data file: the unit's, without what a file name may not hold."""
        unit = show(self.data.get(self.form.fields.with_role("unit")))
        return _UNSAFE.sub("_", unit.replace("\n", "")).strip(" .")[:80] or Path(self.file).stem

    def text(self, to_root: str) -> str:
        """The data file's text; `to_root` leads from its folder to the project's."""
        header = [writer.schema_line(f"{to_root}schema/{self.form.name}{forms.SCHEMA_SUFFIX}"), *self.marks.header]
        above, beside = self.marks.above, self.marks.beside
        return writer.dump_yaml(self.data, self.form.fields, header=header, above=above, beside=beside)

    def checked(self, text: str, file: str, project: Project) -> list[Finding]:
        """What `check` will say of the file with this text, at its place in the project."""
        try:
            document = reader.load_yaml(text.encode(), file)
        except DataError as error:
            return error.findings
        try:
            return check.check_filing(Filing(document, self.form, loading.earlier(project, file, self.form)))
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
    form = _form_named(order, {value for value in loaded.values() if isinstance(value, str)})
    read_back = pdf_data.read_back(loaded, form, notes)
    data = _identified(read_back, form, order, notes)
    computed, _ = printed_figures.compute(data, read_back.figures, form)
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
    matched = _matched(word, order)
    form = matched.form
    root = bind(matched.match, matched.scorer, notes)
    around.read_around(word, matched.template, root, notes)
    read_back = to_data(root, form, around.fixed_text(matched.template), notes)
    data = _identified(read_back, form, order, notes)
    computed, failed = printed_figures.compute(data, read_back.figures, form)
    printed_figures.tell_of_failed(failed, notes)
    printed_figures.compare_figures(read_back.figures, computed, form, notes)
    units = {path: form.figures.units.get(names_of(path), "") for path in computed}
    view = make_view(data, form.figures.fields, computed, units, public=False)
    table = expand.expand(matched.template, view)
    proof = compare.compare_with_original(matched.match, table, read_back.held, matched.scorer.private, notes)
    witnessed = _witnessed(word, order, shown, notes) if order.witness else None
    marks = certainty.marks(notes.doubts, read_back.places, data)
    count = certainty.count(word.rows, notes.doubts)
    believed = evidence(notes.doubts, read_back)
    return Imported(file, form, data, notes.findings, proof, count, marks, believed, witnessed)


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


def _forms(order: ImportOrder) -> list[Form]:
    """The forms a Word file may be: the one that was named, or all that have a Word template."""
    candidates = [forms.chosen(order.project, order.form)] if order.form else forms.loaded(order.project)
    return [form for form in candidates if order.project.holds(form.template(TABLE_TEMPLATE))]


def _form_named(order: ImportOrder, texts: set[str]) -> Form:
    """The one form whose name is among some texts, or that the order names.

    Raises UsageError where there is none, or several.
    """
    candidates = [form for form in _forms(order) if order.form or form.name in texts]
    if len(candidates) != 1:
        raise UsageError("看不出是哪张表；用 --form 写明。")
    return candidates[0]


@dataclass(frozen=True)
class _Matched:
    """A form, its Word template, and how the rows of a Word file fit that."""

    form: Form
    template: TemplateTable
    scorer: Scorer
    match: Match

    @property
    def headed(self) -> set[int]:
        """The numbers of the template's rows that have a heading."""
        return {number for number, cells in self.scorer.cells.items() if any(cell.heading for cell in cells)}

    @property
    def recognised(self) -> set[int]:
        """Those of the rows with a heading that the file has."""
        placed = {row.spot.number for row in self.match.placed if row.cost < _RECOGNISED}
        return placed & self.headed


def _matched(word: WordForm, order: ImportOrder) -> _Matched:
    """The form whose template fits best, and how it fits.

    Raises DataError when none does, UsageError where the project has no form with a Word template.
    """
    candidates = [_match_with(form, word, order.project) for form in _forms(order)]
    if not candidates:
        raise UsageError(f"项目里没有带 {TABLE_TEMPLATE} 的表。")
    best = _by_columns(min(candidates, key=lambda candidate: candidate.match.cost), word)
    headed, recognised = len(best.headed), len(best.recognised)
    if not best.match.placed or recognised < _LEAST_SHARE * headed:
        if word.holder:
            raise refuse(
                word.file, "import-form", f"表格套在{word.holder}里，取出来再导入。",
                "在 Word 里选中里面的表格，剪切，粘贴到正文里；原来外面的那个删掉。",
            )  # fmt: skip
        where = "里面没有表格" if not word.rows else f"表头只有 {recognised} 行对得上，应该有 {headed} 行"
        raise refuse(
            word.file, "import-form", f"这不是《{best.form.title}》：{where}。", "核对文件；别的表用 --form 写明表名。"
        )
    return best


def _match_with(form: Form, word: WordForm, project: Project) -> _Matched:
    """How the rows of a Word file fit the template of one form."""
    table = template.read_template(project, form.template(TABLE_TEMPLATE))
    pattern = Pattern(table)
    scorer = Scorer(pattern, form.figures.fields)
    return _Matched(form, table, scorer, match(word.rows, pattern, scorer))


def _by_columns(matched: _Matched, word: WordForm) -> _Matched:
    """The same file matched again by its columns, which the rows tell that fit; as it was, where all rows fit.

    Files of very many rows are matched once, so that the time it takes is bounded.
    """
    if len(word.rows) > MANY_ROWS:
        return matched
    rows = [(placed.row, placed.fit.pairs) for placed in matched.match.placed]
    columns = learn(rows, word.grids, matched.template.widths)
    if not matched.match.unplaced and all(columns.agree(row, pairs) and is_whole(pairs) for row, pairs in rows):
        return matched
    matched.scorer.columns = columns
    again = match(word.rows, Pattern(matched.template), matched.scorer)
    return replace(matched, match=again)


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
    printed = printed_figures.year_from(read_back.figures, form)
    given = read_back.data.get(form.fields.with_role("year"))
    told = int(given) if isinstance(given, Decimal) else printed
    year = order.year or told or order.folder_year or _year_in_name(notes.file)
    if year is None:
        raise UsageError(f"{notes.file}：看不出是哪一年的表；用 --year 写明。")
    if told and told != year:
        notes.say(UNSURE, f"表上的年份像是 {told} 年的，按 {year} 年导入。")
    return year


def _year_in_name(file: str) -> int | None:
    """The year in a file's name, where it holds just one."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", Path(file).stem)
    return int(years[0]) if len(set(years)) == 1 else None
