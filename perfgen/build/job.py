"""The job of a data file: load, check, compute, render, prove; bytes come out and nothing is written.

A job is a plain function of plain values, so that any executor can run it anywhere the files that it needs
(`needs`) can be read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import ParamSpec, TypeVar

from perfgen import render
from perfgen.check import alone, approvals, check, loading
from perfgen.check.filing import Filing
from perfgen.check.standing import Judgement
from perfgen.findings import DataError, Finding, FindingsError, FormError, Level, Place, ToolError, by_place
from perfgen.project import faults, invocation
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.render.parts import remarks
from perfgen.report import listing, report, site
from perfgen.report.listing import Entry
from perfgen.report.report import Edition, Report
from perfgen.table.numbering import numbered_texts
from perfgen.table.referred_names import printed_references

_T = TypeVar("_T")
_P = ParamSpec("_P")

OutputChoice = frozenset[tuple[str, str]] | None
"""The (renderer, edition) pairs that are to be made; None means all."""


@dataclass(frozen=True)
class Made:
    """One rendered and proven file, by its path under build/."""

    path: str
    renderer: str
    content: bytes = field(repr=False)
    sha256: str
    """That of the content where it was proven, in hexadecimal: it may travel before it is written."""
    cells: int
    remarks: tuple[str, ...] = ()
    """What its renderer remarked on the way, in Chinese."""


def as_proven(made: Made) -> bytes:
    """The content of a file, which is still what was proven. Raises ToolError where it is not."""
    if digest(made.content) != made.sha256:
        raise ToolError(f"{made.path} 和做好的时候不一样了（{made.sha256[:12]}…），没有写；再运行一次。")
    return made.content


@dataclass
class Result:
    """The result of a data file: its outputs, its findings, and the processor time of each stage in seconds."""

    file: DataFile
    made: list[Made] = field(default_factory=list)
    unmade: list[str] = field(default_factory=list)
    """Paths under build/ of what is not made of a form that is too long."""
    findings: list[Finding] = field(default_factory=list)
    exit_code: int = 0
    entry: Entry | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, stage: str, call: Callable[_P, _T], *arguments: _P.args, **names: _P.kwargs) -> _T:
        """Makes a call and gives its result; its time is added to a stage."""
        begin = time.process_time()
        try:
            return call(*arguments, **names)
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.process_time() - begin


def check_file(project: Project, file: DataFile, judgement: Judgement | None = None) -> tuple[Result, Filing | None]:
    """The findings of a data file, and its filing where it could be read.

    `judgement` says which approvals count; without it, nobody looked at the history.
    """
    result = Result(file)
    try:
        filing = result.timed("读取", loading.filing, project, file)
        with faults.in_hand(file.source):
            result.findings = result.timed("检查", _findings, project, filing, judgement)
    except FindingsError as error:
        result.findings = error.findings
        result.exit_code = error.exit_code
        return result, None
    if any(finding.level is Level.ERROR for finding in result.findings):
        result.exit_code = DataError.exit_code
    return result, filing


def _findings(project: Project, filing: Filing, judgement: Judgement | None) -> list[Finding]:
    """Everything wrong with a filing, beside what its template prints."""
    numbered = numbered_texts(project, filing.form, filing.document.data)
    filing.number(numbered)
    filing.print_references(printed_references(project, filing.form))
    verdicts = judgement.of(filing.document.file) if judgement else alone.verdicts_alone(project)
    findings = check.check_filing(filing, verdicts)
    refused = list(approvals.refused(filing, verdicts))
    return by_place([*findings, *refused]) if refused else findings


def reports(project: Project, file: DataFile, settings: site.Site) -> tuple[Result, dict[Edition, Report]]:
    """The reports of a checked data file, by edition; none when it has errors.

    A file is checked once for a snapshot, so that the copies of a process need not check what it has checked before.
    """
    checked, filing = project.once(check_file, file)
    # what is kept stays as it is: the lists of each result are its own
    result = replace(
        checked,
        made=list(checked.made),
        unmade=list(checked.unmade),
        findings=list(checked.findings),
        seconds=dict(checked.seconds),
    )
    if result.exit_code or filing is None:
        return result, {}
    with faults.in_hand(file.source):
        return result, result.timed("计算", report.assemble, project, filing, settings)


def build_file(project: Project, file: DataFile, settings: site.Site, wanted: OutputChoice = None) -> Result:
    """Makes the outputs of a data file.

    All or nothing: a file with an error yields findings and no outputs. Raises ToolError where a
    library is missing.
    """
    result, editions = reports(project, file, settings)
    if not editions:
        return result
    try:
        with faults.in_hand(file.source):
            for renderer in map(render.find, render.names()):
                if renderer.scope is render.Scope.FILE:
                    _render(result, renderer, editions, wanted)
    except FindingsError as error:
        result.findings += error.findings
        result.exit_code = (DataError if is_about(error.findings, file.source) else FormError).exit_code
        result.made = []
        return result
    if Edition.PUBLIC in editions:
        result.entry = listing.entry(editions[Edition.PUBLIC])
    return result


def build_files(
    project: Project, files: Sequence[tuple[DataFile, OutputChoice]], day: str, work: Hashable
) -> list[Result]:
    """Makes the outputs of the files of one path, year after year; `day` (ISO) decides what of others is public.

    What was read stays for the files of the same `work`, which look at the same ones, so that each is read once. Raises
    ToolError where a library is missing.
    """
    project.turn_to(work)
    settings = replace(site.load_site(project), day=day)
    return [build_file(project, file, settings, wanted) for file, wanted in files]


def died(file: str, tries: int, name: str = "") -> Finding:
    """Says of a file, or of a unit by its name, that whoever did its job died each time; all else is done."""
    message = f"做{name}的时候工作进程每次都被终止（试了 {tries} 次），先放下了；别的都做了。"
    hint = f"可能是内存不够，或者模板有毛病；在本机上单独做一次看：{invocation.command('build', file)}。"
    return Finding(Place(file), "worker-died", message, hint)


def is_about(findings: list[Finding], *sources: str) -> bool:
    """Whether all findings concern some data files: a failed proof concerns the form or perfgen."""
    return all(finding.place.file in sources and not finding.rule.startswith("proof") for finding in findings)


def _render(
    result: Result,
    renderer: render.Renderer,
    editions: dict[Edition, Report],
    wanted: OutputChoice,
) -> None:
    """Makes the wanted outputs of a renderer and adds them to the result."""
    for edition, content in editions.items():
        pattern = renderer.targets.get(edition.value)
        if pattern is None or (wanted is not None and (renderer.name, edition.value) not in wanted):
            continue
        if edition is Edition.PUBLIC and not content.form.has_page:
            continue
        if not renderer.serves(content.project, content.form.templates):
            continue
        path = pattern.format(stem=content.file.stem, name=content.file.name)
        result.timed("展开", attrgetter("table"), content)
        if renderer.is_paged and not content.is_paged:
            _leave_out(result, renderer, path, len(content.table.rows))
            continue
        with remarks.heard() as remarked:
            output = result.timed(f"渲染 {renderer.name}", renderer.render, content)
        cells = result.timed(f"核对 {renderer.name}", renderer.prove, output, content)
        result.made.append(Made(path, renderer.name, output, digest(output), cells, tuple(remarked)))


def _leave_out(result: Result, renderer: render.Renderer, path: str, rows: int) -> None:
    """Notes that an output is not made of a form of so many rows; says so once for all editions."""
    result.unmade.append(path)
    finding = Finding(
        Place(result.file.source), "too-long", f"表有 {rows} 行，超过 {report.MOST_PAGED_ROWS} 行：不做"
        f" {renderer.name.upper()}，别的都做了。", "要 PDF 就分成几份；或者用 Word 表。", Level.WARNING,
    )  # fmt: skip
    if all(other.rule != finding.rule for other in result.findings):
        result.findings.append(finding)
