"""Next year's file of a data file: where it goes, what is in it, and what the author has to look at."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from perfgen.authoring import draft, next_step, rollover
from perfgen.check import former_names, loading, new_name
from perfgen.check.filing import Filing
from perfgen.data import Data, as_scalar
from perfgen.display import show
from perfgen.findings import DataError, Finding, FormError, Place, UsageError
from perfgen.form.forms import Form
from perfgen.form.formulas import FormulaError
from perfgen.form.path_pattern import PathError, PathPattern, text_of
from perfgen.project import invocation
from perfgen.project.layout import UNITS_FILE, DataFile
from perfgen.project.snapshot import Project
from perfgen.source import encoding
from perfgen.source.reader import Document

_BOM = "\ufeff"


class NoRolloverError(UsageError):
    """A form's files are not continued in the next year."""


@dataclass(frozen=True)
class NextYear:
    """Next year's file, not written yet."""

    file: DataFile
    target: DataFile
    before: str
    """This year's text."""
    rolled: rollover.Rolled
    draft: draft.Draft
    bom: bool
    """Whether this year's file begins with a byte order mark, which the next then has too."""
    form: Form
    is_renamed: bool
    """Whether the list of units calls the unit otherwise in the next year."""

    @property
    def words(self) -> str:
        """The form, the unit, and what the file is about."""
        form, top = self.form, self.draft.document.top
        about = (text_of(top.get(name)) for name in (form.fields.with_role("unit"), *form.subject))
        return f"《{form.title}》{' '.join(filter(None, about))}"

    @property
    def content(self) -> bytes:
        """The file as it is to be written."""
        return (_BOM * self.bom + self.rolled.text).encode()

    def difference(self) -> Iterator[str]:
        """The lines that differ between the two years, as `diff -u` shows them."""
        before, after = (text.replace("\r\n", "\n").split("\n") for text in (self.before, self.rolled.text))
        return difflib.unified_diff(before, after, str(self.file), str(self.target), lineterm="", n=1)

    def remarks(self) -> Iterator[str]:
        """What its author should know beside the holes, a line each."""
        rolled, place = self.rolled, self.draft.document.place
        if self.is_renamed:
            yield f"{self.target}: {UNITS_FILE} 里的名称变了，原来是 {self.file}；文件里别处的名称自己看一遍。"
        for path in rolled.expired:
            yield f"{place(path)}: “{rollover.named([path])}”不在 {rolled.year} 年以后，没有照抄，要重新填。"
        if rolled.dropped:
            yield f"{self.target}: 没有带过来（只管上一年）：{rollover.named(rolled.dropped)}。"
        if rolled.dated:
            lines = dict.fromkeys(str(place(path).line) for path in rolled.dated)
            yield f"{self.target}: 文字里还写着 {rolled.year - 1} 年，看看要不要改：第 {'、'.join(lines)} 行。"


def next_year(project: Project, file: DataFile) -> NextYear:
    """Makes the next year's file of a data file.

    Raises DataError for a file with errors, FormError for a form that cannot be computed, NoRolloverError for one whose
    files are not continued, UsageError where next year's file is there already.
    """
    read = loading.filing(project, file)
    document, form = read.document, read.form
    alone = Filing(document, form, refer=read.refer)  # what earlier years say of this one does not concern the next
    if not form.rolls_over:
        raise NoRolloverError(_not_by_rollover(project, form))
    if wrong := draft.errors(alone):
        raise DataError(wrong)
    try:
        computed = read.figures
    except FormulaError as error:
        raise FormError([Finding(Place(file.source), "formula", str(error))]) from error
    content = project.read(file.source)
    before = encoding.decode(content, file.source)
    year = str(int(show(alone.of_role("year"))) + 1)
    target, unit = _target(project, file, document, form, year)
    is_renamed = bool(unit) if form.path else target.path != file.path
    if there := target if project.holds(target.source) else loading.continuations(project, year).get(file):
        raise UsageError(f"{there} 已经有了，没有动它")
    if why := new_name.trouble(project, target.source):
        raise UsageError(f"“{target}”不能做文件名：{why}")
    rolled = rollover.roll(before, document, form, computed, unit)
    new = draft.read_back(rolled.text, target.source, form)
    return NextYear(file, target, before, rolled, new, content.startswith(_BOM.encode()), form, is_renamed)


def _not_by_rollover(project: Project, form: Form) -> str:
    """That a form's files are not continued, and what its next file is started from."""
    before = next_step.starting_forms(project, form)
    names = "、".join(f"《{other.title}》" for other in before)
    begin = invocation.command("next", "文件") if before else invocation.command("new", "年度", "单位")
    how = f"从{names}的文件做：{begin}" if before else f"做一个空的：{begin}"
    return f"《{form.title}》不逐年续写（x-rollover: false），{how}"


def _target(project: Project, file: DataFile, document: Document, form: Form, year: str) -> tuple[DataFile, str]:
    """Where next year's file goes, and the unit's name there; empty where the name stays. Raises as `later_file`."""
    pattern = form.path
    if pattern is None:
        target = DataFile(year, former_names.later_file(project, file).path)
        return target, _new_name(document, form, file, target)
    name = form.fields.with_role("unit")
    unit = text_of(document.top.get(name))
    try:
        at = partial(_place_of_unit, pattern, document.top, name)
        later = former_names.later_unit(project, file.year, unit, at)
        return DataFile(year, at(later or unit)), later
    except PathError:
        return DataFile(year, file.path), ""


def _place_of_unit(pattern: PathPattern, data: Mapping[str, Data], name: str, unit: str) -> str:
    """The place of a file as if its unit had another name. Raises PathError as `PathPattern.place` does."""
    return pattern.place({**data, name: unit})


def _new_name(document: Document, form: Form, file: DataFile, target: DataFile) -> str:
    """The unit's name for next year's file, where the file goes under another one; empty where the name stays."""
    old, new = file.path.split("/"), target.path.split("/")
    typed = show(as_scalar(document.top.get(form.fields.with_role("unit"))))
    return next((after for before, after in zip(old, new, strict=True) if before == typed != after), "")
