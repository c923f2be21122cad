"""One unit's job: load, check, compute, render, prove; bytes come out and nothing is written.

A job is a plain function of plain values, so that any executor can run it anywhere the project
can be read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from perfgen import render
from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.findings import DataError, Finding, FindingsError, FormError, Level
from perfgen.report import listing, report, site
from perfgen.report.listing import Entry
from perfgen.report.report import Edition, Report

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


def check_unit(root: Path, source: str) -> tuple[Result, Filing | None]:
    """A unit's findings, and its filing where it could be read."""
    result = Result(source)
    try:
        filing = result.timed("读取", loading.filing, root, source)
        result.findings = result.timed("检查", check.check_filing, filing)
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
