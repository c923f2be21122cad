"""One unit's job: load, check, compute, render, prove; bytes come out and nothing is written.

A job is a plain function of plain values, so that any executor can run it anywhere the project
can be read.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from perfgen import check, forms, listing, render, report, site, yaml_source
from perfgen.filing import Earlier, Filing
from perfgen.findings import (
    DataError,
    Finding,
    FindingsError,
    FormError,
    Level,
    Place,
)
from perfgen.formulas import Unavailable
from perfgen.listing import Entry
from perfgen.project import DATA
from perfgen.report import Edition, Report
from perfgen.yaml_source import Document

_T = TypeVar("_T")


@dataclass(frozen=True)
class Made:
    """One rendered and proven file, by its path under build/."""

    path: str
    renderer: str
    content: bytes = field(repr=False)
    cells: int


@dataclass
class Result:
    """What came of a unit: its files, what was found, and where the time went (seconds)."""

    source: str
    made: list[Made] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    exit_code: int = 0
    entry: Entry | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, stage: str, call: Callable[..., _T], *arguments: Any) -> _T:
        """The result of a call, its time added to a stage."""
        begin = time.perf_counter()
        try:
            return call(*arguments)
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begin


def load(root: Path, source: str, content: bytes | None = None) -> tuple[Document, forms.Form]:
    """A data file and the form its first key names; `content` stands in for what is on the disk.

    Raises DataError for what is no YAML or names no form, FormError for a broken form.
    """
    try:
        content = (root / source).read_bytes() if content is None else content
    except OSError as error:
        finding = Finding(Place(source), "file-unreadable", f"读不出来：{error.strerror}。", "检查文件的权限。")
        raise DataError([finding]) from error
    document = yaml_source.load(content, source)
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


def file(root: Path, source: str) -> Filing:
    """A data file with its form, and the way to the unit's files of earlier years.

    Raises as `load` does.
    """
    document, form = load(root, source)
    return Filing(document, form, earlier(root, source, form))


def well_formed(root: Path, source: str) -> Filing:
    """A data file that can be computed with.

    Raises DataError with what is wrong with its shape, FormError for a broken form.
    """
    filing = file(root, source)
    if findings := check.shape(filing):
        raise DataError(findings)
    return filing


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
        filing = file(root, source)
    except FindingsError:
        return Unavailable(f"{source} 有错误，读不出来")
    if filing.form is not form:
        return Unavailable(f"{source} 用的是另一张表")
    return Unavailable(f"{source} 有错误，不能拿来比较") if check.shape(filing) else filing


def check_unit(root: Path, source: str) -> tuple[Result, Filing | None]:
    """A unit's findings, and its filing where it could be read."""
    result = Result(source)
    try:
        filing = result.timed("读取", file, root, source)
        result.findings = result.timed("检查", check.check, filing)
    except FindingsError as error:
        result.findings = error.findings
        result.exit_code = error.exit_code
        return result, None
    if any(finding.level is Level.ERROR for finding in result.findings):
        result.exit_code = DataError.exit_code
    return result, filing


def reports(root: Path, source: str, settings: site.Site) -> tuple[Result, dict[Edition, Report]]:
    """A unit's checked reports, by edition; none when it has errors."""
    result, filing = check_unit(root, source)
    if result.exit_code or filing is None:
        return result, {}
    return result, result.timed("计算", report.assemble, root, filing, settings)


def build_unit(root: Path, source: str, settings: site.Site, wanted: frozenset[tuple[str, str]] | None) -> Result:
    """Makes a unit's outputs; `wanted` holds (renderer, edition) pairs, None means all.

    All or nothing: a unit with an error yields findings and no files. Raises ToolError where a
    library is missing.
    """
    result, editions = reports(root, source, settings)
    if not editions:
        return result
    try:
        for name in render.names():
            _render(result, render.find(name), editions, wanted)
    except FindingsError as error:
        result.findings += error.findings
        result.exit_code = (DataError if _is_about(error.findings, source) else FormError).exit_code
        result.made = []
        return result
    if Edition.PUBLIC in editions:
        result.entry = listing.entry(editions[Edition.PUBLIC])
    return result


def _is_about(findings: list[Finding], source: str) -> bool:
    return all(finding.place.file == source and not finding.rule.startswith("proof") for finding in findings)


def _render(
    result: Result,
    renderer: render.Renderer,
    editions: dict[Edition, Report],
    wanted: frozenset[tuple[str, str]] | None,
) -> None:
    for edition, one in editions.items():
        pattern = renderer.targets.get(edition.value)
        if pattern is None or (wanted is not None and (renderer.name, edition.value) not in wanted):
            continue
        if not renderer.serves(one.form):
            continue
        result.timed("展开", getattr, one, "table")
        content = result.timed(f"渲染 {renderer.name}", renderer.render, one)
        cells = result.timed(f"核对 {renderer.name}", renderer.prove, content, one)
        path = pattern.format(stem=one.stem, name=one.name)
        result.made.append(Made(path, renderer.name, content, cells))
