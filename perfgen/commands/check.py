"""`perfgen check`: all problems of all files at once."""

from __future__ import annotations

import argparse

from perfgen import formats
from perfgen.authoring import repair
from perfgen.build import job
from perfgen.check import all_units
from perfgen.findings import DataError, Finding, FormError
from perfgen.form import forms
from perfgen.project import faults
from perfgen.project.arguments import chosen_files, open_project
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.system import console, write

HELP = "检查数据，一次列出全部问题"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="*", metavar="文件", help="只检查这些数据文件；不写就是全部")
    parser.add_argument("--format", choices=formats.names(), default=formats.DEFAULT, help="输出的格式（默认 text）")
    parser.add_argument("--fix", action="store_true", help="改正 YAML 会读错的写法和不能印的字符，显示改了什么")
    parser.add_argument("--templates", action="store_true", help="检查模板（不看数据）：标记、漏印的字段、各种格式")


def run(options: argparse.Namespace) -> int:
    """Checks; prints the findings; 1 when there are errors, or when something was repaired."""
    project = open_project(options.directory)
    if options.templates:
        return _templates(project, options)
    findings: list[Finding] = []
    if options.files:
        files = chosen_files(project, options.directory, options.files)
    else:
        files, findings = project.data_files()
    code = DataError.exit_code if findings else 0
    if options.fix and (repaired := _fix(project, files)):
        project = project.with_changes(repaired)
        code = DataError.exit_code
    for more_findings, exit_code in (_site(project), _files(project, files, compare=not options.files)):
        findings += more_findings
        code = max(code, exit_code)
    _show(findings, len(files), project, options.format)
    return code


def _site(project: Project) -> tuple[list[Finding], int]:
    """The findings about the settings of the site, and the exit code for them."""
    try:
        site.load_site(project)
    except DataError as error:
        return error.findings, DataError.exit_code
    return [], 0


def _files(project: Project, files: list[DataFile], *, compare: bool) -> tuple[list[Finding], int]:
    """The findings about data files, and the exit code for them; `compare` also checks all units against each other."""
    findings: list[Finding] = []
    code = 0
    extracts = []
    for of_path in by_path(files):
        for file in of_path:
            result, filing = job.check_file(project, file)
            findings += result.findings
            code = max(code, result.exit_code)
            if filing and not result.exit_code and compare:
                with faults.in_hand(file.source):
                    extracts.append(all_units.extract(filing))
        project.release(of_path)
    rules = {form.name: form.rules.all_units for form in forms.loaded(project)}
    return [*findings, *all_units.check_all_units(extracts, rules)], code


def _show(findings: list[Finding], files: int, project: Project, name: str) -> None:
    """Prints findings in a format; in the one for people also how many files are fine, or that `--fix` may help."""
    console.show_findings(findings, project, name)
    if name != "text":
        return
    if not findings:
        console.say(f"检查了 {files} 个文件，没有发现问题。")
    elif _is_repairable(project, findings):
        console.say("全角标点、引号这样的写法可以自动改正：perfgen check --fix。")


def _is_repairable(project: Project, findings: list[Finding]) -> bool:
    """Whether `--fix` would repair something; it does not look how much, which takes long in a file full of errors."""
    sources = dict.fromkeys(finding.place.file for finding in findings if finding.rule in repair.RULES)
    return any(repair.repair(project.read(source), source, most=1).answered for source in sources)


def _fix(project: Project, files: list[DataFile]) -> list[str]:
    """Repairs files; gives the paths of those it changed. Shows how on stderr, because programs read stdout."""
    changed = []
    for file in files:
        try:
            before = project.read(file.source)
        except OSError:
            continue  # reading it for the check says why
        with faults.in_hand(file.source):
            repaired = repair.repair(before, file.source)
        if repaired.content != before:
            write.replace(project.root / file, repaired.content)
            console.complain(repair.difference(before, repaired.content, file.source))
            console.complain(f"{file}：改了 {len(repaired.answered)} 处。")
            changed.append(file.source)
    return changed


def _templates(project: Project, options: argparse.Namespace) -> int:
    from perfgen.build import template_check

    """Checks the templates of all forms and of the site; gives the exit code."""
    all_forms = forms.loaded(project)
    findings = [finding for form in all_forms for finding in template_check.check_templates(form, project)]
    findings += template_check.check_site(project)
    console.show_findings(findings, project, options.format)
    if not findings and options.format == "text":
        console.say(f"检查了 {len(all_forms)} 张表的模板，没有发现问题。")
    return FormError.exit_code if findings else 0
