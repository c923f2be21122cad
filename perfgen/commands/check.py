"""`perfgen check`: all problems of all files at once; what somebody works on first, the rest in numbers."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfgen import formats
from perfgen.authoring import repair, repair_values
from perfgen.build import check_batch, elsewhere
from perfgen.check import units
from perfgen.check.standing import Judgement
from perfgen.findings import DataError, Finding, FindingsError, FormError, Level, UsageError
from perfgen.form import forms
from perfgen.formats import Brief
from perfgen.project import faults
from perfgen.project.arguments import chosen_files, count, open_project
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import columns, deadline, site, unreviewed
from perfgen.review import corrections, since
from perfgen.system import console, day, write
from perfgen.system.day import Day

if TYPE_CHECKING:
    from perfgen.system.dispatch import Elsewhere

HELP = "检查数据，一次列出全部问题"
_SETTINGS = (site.FILE, units.FILE)
"""The files below data/ that are no unit's."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="*", metavar="文件", help="只检查这些数据文件；不写就是全部")
    parser.add_argument("--all", action="store_true", help="逐条列出全部：已说明的、提示、未定，每一行都有")
    parser.add_argument(
        "--changed", metavar="版本", help="错误看全部文件，警告等只看和这个版本不同的文件，例如 origin/main"
    )
    day.add_argument(parser, "今天")
    parser.add_argument(
        "--base",
        metavar="版本",
        help="审核记录是不是审核人提交的，看从这个版本以来的历史，例如 origin/main；写了 --changed 就不用写",
    )
    parser.add_argument("--format", choices=formats.names(), default=formats.DEFAULT, help="输出的格式（默认 text）")
    parser.add_argument("-j", "--jobs", type=count, metavar="N", help="同时用几个进程；不写就自动决定")
    elsewhere.add_argument(parser)
    parser.add_argument(
        "--fix",
        action="store_true",
        help="改正 YAML 会读错的写法、不能印的字符、写了两遍的编号、一个符号的两种写法，显示改了什么",
    )
    parser.add_argument("--templates", action="store_true", help="检查模板（不看数据）：标记、漏印的字段、各种格式")


@dataclass(frozen=True)
class _Chosen:
    """What is judged: the files, what is wrong with their names, and of which files only errors count."""

    files: list[DataFile]
    findings: list[Finding]
    changed: frozenset[str] | None
    """The files that somebody works on; None where they are not known, or files were named."""
    is_narrow: bool
    """Whether of files that did not change only errors are judged."""

    def judged(self, findings: list[Finding]) -> list[Finding]:
        """The findings of what is judged: what is printed, whatever the format."""
        if not self.is_narrow or self.changed is None:
            return findings
        return [
            finding for finding in findings
            if finding.level is Level.ERROR or finding.place.file in self.changed
            or DataFile.parse(finding.place.file) is None
        ]  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Checks; prints the findings; 1 when there are errors, or when something was repaired."""
    project = open_project(options.directory)
    if options.templates:
        return _templates(project, options)
    today = day.find(options.date)
    chosen = _chosen(project, options)
    findings = list(chosen.findings)
    code = DataError.exit_code if findings else 0
    if options.fix and (repaired := _fix(project, chosen.files)):
        project = project.with_changes(repaired)
        code = DataError.exit_code
    base = options.changed if options.base is None else options.base
    judgement = None if base is None else since.judged_since(project, base)
    settings = _settings(project, chosen.files, today)
    with elsewhere.asked(options, project, console.complain) as pool:
        files = _files(project, chosen.files, options.jobs, judgement, pool)
    for more_findings, exit_code in (settings, files, _corrections(project, base, today)):
        findings += more_findings
        code = max(code, exit_code)
    _show(chosen.judged(findings), chosen, project, options)
    return code


def _chosen(project: Project, options: argparse.Namespace) -> _Chosen:
    """What the arguments choose. Raises UsageError for what cannot be chosen."""
    if options.files and options.changed is not None:
        raise UsageError("写了文件，就不写 --changed；只用一个。")
    if options.files:
        settings = [(project.root / file).resolve() for file in _SETTINGS]  # they are judged with every file
        named = [typed for typed in options.files if (options.directory / typed).resolve() not in settings]
        return _Chosen(chosen_files(project, options.directory, named), [], None, is_narrow=False)
    files, findings = project.data_files()
    if options.changed is not None:
        return _Chosen(files, findings, since.changed_since(project.root, options.changed), is_narrow=True)
    changed = since.changed_on_branch(project.root) if options.format == formats.DEFAULT and not options.all else None
    return _Chosen(files, findings, changed, is_narrow=False)


def _settings(project: Project, files: list[DataFile], today: Day) -> tuple[list[Finding], int]:
    """The findings about the site's settings, its dates for some files, and the list of units; and the exit code."""
    findings: list[Finding] = []
    errors: list[Finding] = []
    try:
        findings += deadline.check(project, files, today.date)
        findings += columns.check(project)
        findings += unreviewed.check(project, files, today.date)
    except DataError as error:
        errors += error.findings
    try:
        units.load_units(project)
    except DataError as error:
        errors += error.findings
    return [*findings, *errors], DataError.exit_code if errors else 0


def _files(
    project: Project, files: list[DataFile], jobs: int | None, judgement: Judgement | None, pool: Elsewhere | None
) -> tuple[list[Finding], int]:
    """The findings about data files, and the exit code for them; a broken form is one, too."""
    try:
        checked = check_batch.check_files(project, files, jobs, judgement, pool)
    except FindingsError as error:
        return error.findings, error.exit_code
    return checked.findings, checked.exit_code


def _corrections(project: Project, base: str | None, today: Day) -> tuple[list[Finding], int]:
    """What was public in a version and changed without a word to the public; that needs a version to compare with."""
    if base is None:
        return [], 0
    try:
        return corrections.findings(project, base, today), 0
    except FindingsError:
        return [], 0  # a broken form, which the check of the files tells of


def _show(findings: list[Finding], chosen: _Chosen, project: Project, options: argparse.Namespace) -> None:
    """Prints findings in a format; in the one for people the short answer, and that there is nothing wrong."""
    is_for_people = options.format == formats.DEFAULT
    brief = None
    if is_for_people and not options.all:
        changed = None if chosen.is_narrow else chosen.changed  # what is judged of other files is all grave
        brief = Brief(changed, _asked(project, options), _is_repairable(project, findings))
    worked_on = chosen.changed or frozenset()
    console.show_findings(findings, project, options.format, brief, errors_first=chosen.is_narrow, changed=worked_on)
    if is_for_people and not any(finding.level is Level.ERROR or finding.is_open for finding in findings):
        console.say(
            f"检查了 {len(chosen.files)} 个文件，没有要改的。" if findings else _ALL_FINE.format(len(chosen.files))
        )


def _asked(project: Project, options: argparse.Namespace) -> tuple[str, ...]:
    """The files and folders that arguments name, as paths of the project."""
    return tuple((options.directory / typed).resolve().relative_to(project.root).as_posix() for typed in options.files)


_ALL_FINE = "检查了 {} 个文件，没有发现问题。"


def _is_repairable(project: Project, findings: list[Finding]) -> bool:
    """Whether `--fix` would repair an error or an open warning; it does not look how many, which takes long."""
    known = repair.RULES | repair_values.RULES
    asking = [finding for finding in findings if finding.level is Level.ERROR or finding.is_open]
    for source in dict.fromkeys(finding.place.file for finding in asking if finding.rule in known):
        content = project.read(source)
        if repair.repair(content, source, most=1).answered:
            return True
        if repair_values.repair_values(project, source, content).answered:
            return True
    return False


def _fix(project: Project, files: list[DataFile]) -> list[str]:
    """Repairs files and settings, which are judged too; gives the paths of those it changed.

    Shows how on stderr, because programs read stdout.
    """
    changed = []
    for source in (*_SETTINGS, *(file.source for file in files)):
        try:
            before = project.read(source)
        except (OSError, FindingsError):
            continue  # reading it for the check says why
        with faults.in_hand(source):
            repaired = _repaired(project, source, before)
        if repaired.content != before:
            write.replace(project.root / source, repaired.content, top=project.root)
            console.complain(repair.difference(before, repaired.content, source))
            console.complain(f"{source}：改了 {len(repaired.answered)} 处。")
            changed.append(source)
    return changed


def _repaired(project: Project, source: str, before: bytes) -> repair.Repaired:
    """A file with what is typed wrong put right, and with what its form says more of, if it has one."""
    return repair.repair(before, source) if source in _SETTINGS else repair_values.repaired(project, source, before)


def _templates(project: Project, options: argparse.Namespace) -> int:
    from perfgen.build import template_check

    """Checks the templates of all forms and of the site; gives the exit code."""
    all_forms = forms.loaded(project)
    findings = [finding for form in all_forms for finding in template_check.check_templates(form, project)]
    findings += template_check.check_site(project)
    console.show_findings(findings, project, options.format)
    if not findings and options.format == formats.DEFAULT:
        console.say(f"检查了 {len(all_forms)} 张表的模板，没有发现问题。")
    return FormError.exit_code if findings else 0
