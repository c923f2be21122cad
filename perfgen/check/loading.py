"""A data file made a filing: its document, the form its first key names, and the way to the years before."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace

from perfgen.check import check, documents, former_names, references, unread
from perfgen.check.filing import Earlier, Filing, Refer
from perfgen.check.former_names import Stated
from perfgen.data import as_scalar
from perfgen.display import show
from perfgen.findings import DataError, Finding, FindingsError
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
    document = documents.read_document(project, file)
    form = _form_of(project, document)
    forms.reached(project, form)
    for reference in form.references.values():
        references.files(project, reference, document, form)
    for years in EARLIER.values():
        # the filing looks there when it is asked, so it is made from them too
        _earlier_files(project, file, years, _stated(document, form))
    return filing_with(project, document, form)


def filing_with(project: Project, document: Document, form: Form) -> Filing:
    """A document of a form, whose file need not be there, with the way to the files around it."""
    others = earlier(project, document, form), referring(project, document, form)
    return Filing(document, form, *others, is_there=project.holds)


def filing_of(project: Project, source: str, content: bytes) -> Filing:
    """What would be the filing at the path `source`, with this content; the path may lie outside the project's data.

    Raises as `filing` does.
    """
    with faults.in_hand(source):
        document = unread.load(content, source)
        form = _form_of(project, document)
        return filing_with(project, document, form)


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


def earlier(project: Project, document: Document, form: Form) -> Earlier:
    """The way to the filings of earlier years of a document, which is, or will be, at the path that it is read from."""
    return functools.partial(_earlier, project, document, form)


def referring(project: Project, document: Document, form: Form) -> Refer:
    """The way to the filings that a document refers to; see `earlier`."""
    return functools.partial(_refer, project, document, form)


def _refer(project: Project, document: Document, form: Form, name: str) -> tuple[Filing, ...] | Unavailable:
    found = references.files(project, form.references[name], document, form)
    if isinstance(found, Unavailable):
        return found
    read = []
    for file in found:
        other = sound(project, file)
        if other is None:
            return Unavailable(f"{file} 有错误，不能引用", f"先改好 {file}。")
        read.append(other)
    return tuple(read)


def sound(project: Project, file: DataFile) -> Filing | None:
    """A filing whose shape is right; None for a file that has errors."""
    try:
        return well_formed(project, file)
    except DataError:
        return None


def _earlier(project: Project, document: Document, form: Form, years: int) -> Filing | Unavailable:
    file = DataFile.parse(document.file)
    if file is None or file.before(years) is None:
        return Unavailable(f"{document.file} 不在 {DATA}/<年度>/ 里，找不到上年的文件")
    stated = _stated(document, form)
    found = _earlier_files(project, file, years, stated)
    if not found:
        return Unavailable(_not_there(project, file, years, stated), is_missing=True)
    before = found[0]
    if len(found) > 1 and before.path != file.path:
        return Unavailable(f"以前的名称有几个文件：{'、'.join(map(str, found))}，不知道和哪一个比")
    try:
        read = filing(project, before)
    except FindingsError:
        return Unavailable(f"{before} 有错误，读不出来")
    if read.form is not form:
        return Unavailable(f"{before} 用的是另一张表")
    return Unavailable(f"{before} 有错误，不能拿来比较") if check.check_shape(read) else read


def _not_there(project: Project, file: DataFile, years: int, stated: Stated) -> str:
    """Why there is no file of an earlier year, in words: where it would be, and what of its names is in use."""
    paths = former_names.looked_for(project, file, years, stated)
    kept = [path for path in paths if path.path != file.path and project.holds(path.source)]
    if kept:
        return f"没有文件 {paths[0]}；曾用名的 {kept[0]} 没有当作它的，{kept[0].after(years)} 还在"
    return f"没有文件 {'，也没有曾用名的 '.join(map(str, paths))}"


def earlier_files(project: Project, file: DataFile, years: int) -> tuple[DataFile, ...]:
    """The files of `years` years before that are the same unit's, under whatever name; the one to compare with first.

    There are several where units became one. What keeps the file from being read is not said here.
    """
    return _earlier_files(project, file, years, _stated_in(project, file))


def deciding_files(project: Project, file: DataFile, years: int) -> tuple[DataFile, ...]:
    """The files beside those of `earlier_files` that decide which these are, and what is said where there are none.

    They lie where a name of the unit would have them, in the earlier year or, another unit's, in that of the file.
    """
    paths = former_names.looked_for(project, file, years, _stated_in(project, file))
    candidates = (one for path in paths for one in (path, DataFile(file.year, path.path), path.after(years)))
    return tuple(one for one in dict.fromkeys(candidates) if one and one != file and project.holds(one.source))


def files_before(project: Project, file: DataFile, form: Form) -> tuple[DataFile, ...]:
    """The same of a file of a form that is not there yet, for the year before."""
    return _earlier_files(project, file, 1, _placed(form))


def continued(project: Project, filing: Filing) -> tuple[DataFile, ...]:
    """The files of the year before of a filing that was read; see `earlier_files`."""
    return _earlier_files(project, DataFile.at(filing.document.file), 1, _stated(filing.document, filing.form))


def continuations(project: Project, year: str) -> Mapping[DataFile, DataFile]:
    """By a file of the year before, the first file of a year that is the same unit's under another name."""
    return project.once(_continuations, year)


def _continuations(project: Project, year: str) -> Mapping[DataFile, DataFile]:
    found: dict[DataFile, DataFile] = {}
    for file in project.data_files()[0]:
        for before in earlier_files(project, file, 1) if file.year == year else ():
            if before.path != file.path:
                found.setdefault(before, file)
    return found


def _earlier_files(project: Project, file: DataFile, years: int, stated: Stated) -> tuple[DataFile, ...]:
    """The same by what the file states: year by year where it had another name, as each year's file may say its own."""
    if years > 1:
        last = former_names.earlier_files(project, file, 1, stated)
        if last and last[0].path != file.path and (found := earlier_files(project, last[0], years - 1)):
            return found
    return former_names.earlier_files(project, file, years, stated)


def _stated_in(project: Project, file: DataFile) -> Stated:
    """What a data file says of the names of its unit; it is only read where it may say something."""
    try:
        form = named_form(project, file)
        section = form.fields.find_role("former-name") if form else None
        content = project.read(file.source) if section else b""
        # a name that is written with escapes has a backslash
        if form is None or section is None or (section.encode() not in content and b"\\" not in content):
            return _placed(form) if form else Stated()
        return _stated(documents.read_document(project, file), form)
    except (OSError, FindingsError):
        return Stated()


def _stated(document: Document, form: Form) -> Stated:
    """What a document says of the names of its unit."""
    section = form.fields.find_role("former-name")
    if section is None:
        return _placed(form)
    value = document.top.get(section)
    former = [show(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
    unit = as_scalar(document.top.get(form.fields.with_role("unit")))
    return replace(_placed(form), unit=show(unit), former=tuple(filter(None, former)))


def _placed(form: Form) -> Stated:
    """What a form says of the place of a unit's name in a path."""
    return Stated(pattern=form.path, unit_field=form.fields.with_role("unit"))
