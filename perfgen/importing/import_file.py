"""One file in, a data file's text out, with everything there is to tell about the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.data import Data
from perfgen.display import show
from perfgen.findings import DataError, Finding, FormError, UsageError
from perfgen.form import forms
from perfgen.form.figures import names_of
from perfgen.form.forms import Form
from perfgen.importing import around, compare, pdf_data, printed_figures
from perfgen.importing.matching.bind import bind
from perfgen.importing.matching.match import Match, match
from perfgen.importing.matching.pattern import Pattern
from perfgen.importing.matching.score import Scorer
from perfgen.importing.notes import UNSURE, Notes
from perfgen.importing.paper import word_table
from perfgen.importing.paper.word_package import refuse
from perfgen.importing.paper.word_table import WordForm
from perfgen.importing.paper.word_text import Revisions
from perfgen.importing.to_data import ReadBack, to_data
from perfgen.project.snapshot import Project
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.source import reader, writer
from perfgen.table import expand, template
from perfgen.table.view import make_view

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True)
class ImportOrder:
    """What is known beforehand, for all files of one call."""

    project: Project
    form: str | None = None
    year: int | None = None
    revisions: Revisions = Revisions.ACCEPT
    folder_year: int | None = None
    """The year of the folder that the data goes to, where it says one."""


@dataclass
class Imported:
    """A file that was read: its data, how much of it was proven, and what there is to tell."""

    file: str
    form: Form
    data: dict[str, Data]
    notes: list[Finding]
    proof: compare.Proof | None = None
    findings: list[Finding] = field(default_factory=list)
    """What the check says of the data, once it has a place."""

    @property
    def year(self) -> str:
        """The year as printed."""
        return show(self.data[self.form.fields.with_role("year")])

    @property
    def stem(self) -> str:
        """A name for its data file: the unit's, without what a file name may not hold."""
        unit = show(self.data.get(self.form.fields.with_role("unit")))
        return _UNSAFE.sub("_", unit.replace("\n", "")).strip(" .")[:80] or Path(self.file).stem

    def text(self, to_root: str) -> str:
        """The data file's text; `to_root` leads from its folder to the project's."""
        header = [writer.schema_line(f"{to_root}schema/{self.form.name}{forms.SCHEMA_SUFFIX}")]
        return writer.dump_yaml(self.data, self.form.fields, header=header)

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


def import_form(content: bytes, file: str, order: ImportOrder) -> Imported:
    """Reads a filled-in form, or a PDF of perfgen's; `file` is its name in messages.

    Raises DataError when it is neither, UsageError when form or year cannot be told.
    """
    notes = Notes(file)
    if content.lstrip()[:5] == b"%PDF-":
        loaded = pdf_data.attached(content, file)
        form = _form_named(order, {value for value in loaded.values() if isinstance(value, str)})
        read_back = pdf_data.read_back(loaded, form, notes)
        imported = Imported(file, form, _identified(read_back, form, order, file, notes), notes.found)
        computed = printed_figures.compute(imported.data, form, notes)
        printed_figures.compare_figures(read_back.figures, computed, form, notes)
        return imported
    word = word_table.read_word_form(content, file, order.revisions)
    notes.several = word.tables > 1
    form, scorer, found = _matched(word, order)
    known = template.read_template(order.project, form.template(TABLE_TEMPLATE))
    root = bind(found, scorer, notes)
    around.read_around(word, known, root, notes)
    read_back = to_data(root, form, around.fixed_text(known), notes)
    data = _identified(read_back, form, order, file, notes)
    computed = printed_figures.compute(data, form, notes)
    printed_figures.compare_figures(read_back.figures, computed, form, notes)
    units = {path: form.figures.units.get(names_of(path), "") for path in computed}
    view = make_view(data, form.figures.fields, computed, units, public=False)
    table = expand.expand(known, view)
    proof = compare.compare_with_original(found, table, read_back.held, notes)
    return Imported(file, form, data, notes.found, proof)


def _forms(order: ImportOrder) -> list[Form]:
    """The forms a Word file may be: the one that was named, or all that have a Word template."""
    known = [forms.chosen(order.project, order.form)] if order.form else forms.loaded(order.project)
    return [form for form in known if order.project.holds(form.template(TABLE_TEMPLATE))]


def _form_named(order: ImportOrder, texts: set[str]) -> Form:
    found = [form for form in _forms(order) if order.form or form.name in texts]
    if len(found) != 1:
        raise UsageError("看不出是哪张表；用 --form 写明。")
    return found[0]


def _matched(word: WordForm, order: ImportOrder) -> tuple[Form, Scorer, Match]:
    """The form whose template fits best, and how it fits.

    Raises DataError when none does.
    """
    best: tuple[Form, Scorer, Match] | None = None
    for form in _forms(order):
        pattern = Pattern(template.read_template(order.project, form.template(TABLE_TEMPLATE)))
        scorer = Scorer(pattern, form.figures.fields)
        found = match(word.rows, pattern, scorer)
        if best is None or found.cost < best[2].cost:
            best = form, scorer, found
    if best is None:
        raise UsageError(f"项目里没有带 {TABLE_TEMPLATE} 的表。")
    form, scorer, found = best
    with_heads = {number for number, shapes in scorer.shapes.items() if any(shape.fixed for shape in shapes)}
    heads = {placed.spot.number for placed in found.placed if placed.spot.number in with_heads and placed.cost < 2}
    if not found.placed or 3 * len(heads) < len(with_heads):
        where = "里面没有表格" if not word.rows else f"表头只有 {len(heads)} 行对得上，应该有 {len(with_heads)} 行"
        raise refuse(
            word.file, "import-form", f"这不是《{form.title}》：{where}。", "核对文件；别的表用 --form 写明表名。"
        )
    return best


def _identified(read_back: ReadBack, form: Form, order: ImportOrder, file: str, notes: Notes) -> dict[str, Data]:
    """The data with what a form does not print: which form it is, and the year.

    Raises UsageError when nothing tells the year.
    """
    data = read_back.data
    name = form.fields.with_role("year")
    printed = printed_figures.year_from(read_back.figures, form)
    given = data.get(name)
    told = int(given) if isinstance(given, Decimal) else printed
    in_name = re.findall(r"(?<!\d)20\d\d(?!\d)", Path(file).stem)
    year = order.year or told or order.folder_year or (int(in_name[0]) if len(set(in_name)) == 1 else None)
    if year is None:
        raise UsageError(f"{file}：看不出是哪一年的表；用 --year 写明。")
    if told and told != year:
        notes.say(UNSURE, f"表上的年份像是 {told} 年的，按 {year} 年导入。")
    return {form.fields.with_role("form"): form.name, **data, name: Decimal(year)}
