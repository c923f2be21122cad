"""A data file made a filing: its document, the form its first key names, and the way to the years before."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from perfgen.check import check, unread
from perfgen.check.filing import Earlier, Filing
from perfgen.findings import DataError, Finding, FindingsError, Place
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.form.rules import EARLIER
from perfgen.project import faults, invocation
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.reader import Document


def filing(project: Project, file: DataFile) -> Filing:
    """A data file with its form, and the way to the filings of the years before.

    Raises DataError for what is no YAML or names no form, FormError for a broken form.
    """
    with faults.in_hand(file.source):
        return project.once(_filing, file)


def _filing(project: Project, file: DataFile) -> Filing:
    document = project.once(_document, file)
    form = _form_of(project, document)
    for years in EARLIER.values():
        if before := file.before(years):
            project.holds(before.source)  # the filing looks there when it is asked, so it is made from them too
    return Filing(document, form, earlier(project, file.source, form))


def filing_of(project: Project, source: str, content: bytes) -> Filing:
    """What would be the filing at the path `source`, with this content; the path may lie outside the project's data.

    Raises as `filing` does.
    """
    with faults.in_hand(source):
        document = unread.load(content, source)
        form = _form_of(project, document)
        return Filing(document, form, earlier(project, source, form))


def _document(project: Project, file: DataFile) -> Document:
    try:
        content = project.read(file.source)
    except OSError as error:
        finding = Finding(Place(file.source), "file-unreadable", f"读不出来：{error.strerror}。", "检查文件的权限。")
        raise DataError([finding]) from error
    return unread.load(content, file.source)


def _form_of(project: Project, document: Document) -> Form:
    """The form that a document's first key names. Raises DataError where it names none."""
    if not isinstance(document.data, dict):
        message = "文件要写成一行行“名称: 值”，冒号是英文的，后面有一个空格。"
        first = _first_line(forms.loaded(project))
        new, from_word = invocation.command("new"), invocation.command("import")
        hint = f"{first}照别的文件写，或者用 {new} 做一个空的、用 {from_word} 从 Word 表导入。"
        raise DataError([Finding(document.place(()), "form", message, hint)])
    key = next(iter(document.data))
    value = document.data[key]
    form = forms.find(project, value) if isinstance(value, str) else None
    if form is not None and form.fields.with_role("form") == key:
        return form
    known = forms.loaded(project)
    message = f"第一项“{key}”没有说明用哪张表。"
    if isinstance(value, str) and key in {form.fields.with_role("form") for form in known}:
        message = f"没有“{value}”这张表。"
    raise DataError([Finding(document.place((key,)), "form", message, _first_line(known))])


def _first_line(known: Iterable[Form]) -> str:
    """What to write on the first line, with every form as an example."""
    lines = (f"{form.fields.with_role('form')}: {form.name}" for form in known)
    return f"第一行写用哪张表，例如 {'、'.join(lines)}。"


def named_form(project: Project, file: DataFile) -> Form | None:
    """The form that a data file names, whatever else is wrong with it; None where it names none, or cannot be read.

    Raises FormError for a broken form.
    """
    try:
        entry = reader.first_entry(project.read(file.source))
    except (OSError, DataError):
        return None
    form = forms.find(project, entry[1]) if entry else None
    return form if form and entry and form.fields.with_role("form") == entry[0] else None


def well_formed(project: Project, file: DataFile) -> Filing:
    """A filing that can be computed with.

    Raises DataError with what is wrong with its shape, and as `filing` does.
    """
    read = filing(project, file)
    if findings := check.check_shape(read):
        raise DataError(findings)
    return read


def earlier(project: Project, source: str, form: Form) -> Earlier:
    """The way to the filings of earlier years of the file that is, or will be, at the path `source`."""
    return functools.partial(_earlier, project, source, form)


def _earlier(project: Project, source: str, form: Form, years: int) -> Filing | Unavailable:
    file = DataFile.parse(source)
    before = file.before(years) if file else None
    if before is None:
        return Unavailable(f"{source} 不在 {DATA}/<年度>/ 里，找不到上年的文件")
    if not project.holds(before.source):
        return Unavailable(f"没有文件 {before}")
    try:
        read = filing(project, before)
    except FindingsError:
        return Unavailable(f"{before} 有错误，读不出来")
    if read.form is not form:
        return Unavailable(f"{before} 用的是另一张表")
    return Unavailable(f"{before} 有错误，不能拿来比较") if check.check_shape(read) else read
