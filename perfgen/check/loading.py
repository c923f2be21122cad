"""A data file read: its document, the form its first key names, and the way to the years before."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from perfgen.check import check
from perfgen.check.filing import Earlier, Filing
from perfgen.findings import DataError, Finding, FindingsError, Place
from perfgen.form import forms
from perfgen.form.formulas import Unavailable
from perfgen.project import DATA
from perfgen.source import reader
from perfgen.source.reader import Document


def load(root: Path, source: str, content: bytes | None = None) -> tuple[Document, forms.Form]:
    """A data file and the form its first key names; `content` stands in for what is on the disk.

    Raises DataError for what is no YAML or names no form, FormError for a broken form.
    """
    try:
        content = (root / source).read_bytes() if content is None else content
    except OSError as error:
        finding = Finding(Place(source), "file-unreadable", f"读不出来：{error.strerror}。", "检查文件的权限。")
        raise DataError([finding]) from error
    document = reader.load_yaml(content, source)
    known = forms.names(root)
    first = f"第一行写用哪张表，例如 {'、'.join(_first_lines(root, known))}。"
    if not isinstance(document.data, dict):
        message = "文件要写成一行行“名称: 值”，冒号是英文的，后面有一个空格。"
        hint = f"{first}照别的文件写，或者用 perfgen new 做一个空的、用 perfgen import 从 Word 表导入。"
        raise DataError([Finding(document.place(()), "form", message, hint)])
    key = next(iter(document.data))
    value = document.data[key]
    form = forms.find(root, value) if isinstance(value, str) else None
    if form is None or form.fields.with_role("form") != key:
        place, message = document.place((key,)), f"第一项“{key}”没有说明用哪张表。"
        if isinstance(value, str) and f"{key}:" in first:
            message = f"没有“{value}”这张表。"
        raise DataError([Finding(place, "form", message, first)])
    return document, form


def _first_lines(root: Path, names: Iterable[str]) -> list[str]:
    found = (forms.find(root, name) for name in names)
    return [f"{form.fields.with_role('form')}: {form.name}" for form in found if form]


def filing(root: Path, source: str) -> Filing:
    """A data file with its form, and the way to the unit's files of earlier years.

    Raises as `load` does.
    """
    document, form = load(root, source)
    return Filing(document, form, earlier(root, source, form))


def well_formed(root: Path, source: str) -> Filing:
    """A data file that can be computed with.

    Raises DataError with what is wrong with its shape, FormError for a broken form.
    """
    found = filing(root, source)
    if findings := check.check_shape(found):
        raise DataError(findings)
    return found


def earlier(root: Path, source: str, form: forms.Form) -> Earlier:
    """The way to the filings of earlier years of the unit whose file is, or will be, `source`."""
    return functools.partial(_earlier, root, source, form)


def earlier_source(source: str, years: int) -> str | None:
    """The data file of the same unit so many years before, there or not; None for one outside the folders of years."""
    folder, year, *rest = [*PurePosixPath(source).parts, "", ""]
    if folder != DATA or not year.isdigit():
        return None
    return "/".join((folder, str(int(year) - years), *filter(None, rest)))


def _earlier(root: Path, source: str, form: forms.Form, years: int) -> Filing | Unavailable:
    before = earlier_source(source, years)
    if before is None:
        return Unavailable(f"{source} 不在 {DATA}/<年度>/ 里，找不到上年的文件")
    try:
        status = (root / before).stat()
    except OSError:
        return Unavailable(f"没有文件 {before}")
    return _well_formed(root, before, form, (status.st_mtime_ns, status.st_size))


@functools.lru_cache(maxsize=8)
def _well_formed(root: Path, source: str, form: forms.Form, _: tuple[int, int]) -> Filing | Unavailable:
    """An earlier file, read once for the units and years that ask for it while it stays the same."""
    try:
        found = filing(root, source)
    except FindingsError:
        return Unavailable(f"{source} 有错误，读不出来")
    if found.form is not form:
        return Unavailable(f"{source} 用的是另一张表")
    return Unavailable(f"{source} 有错误，不能拿来比较") if check.check_shape(found) else found
