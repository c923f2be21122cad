"""`perfgen check`: all problems of all files at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen import formats, project
from perfgen.authoring import repair
from perfgen.build import job
from perfgen.check import all_units
from perfgen.findings import DataError, Finding, FormError
from perfgen.form import forms
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
    root = project.find_root(options.directory)
    if options.templates:
        return _templates(root, options)
    findings: list[Finding] = []
    if options.files:
        files = project.chosen_files(root, options.directory, options.files)
    else:
        files, findings = project.data_files(root)
    code = DataError.exit_code if findings else 0
    if options.fix and _fix(root, files):
        code = DataError.exit_code
    try:
        site.load_site(root)
    except DataError as error:
        findings += error.findings
        code = DataError.exit_code
    extracts = []
    for source in files:
        result, filing = job.check_unit(root, source)
        findings += result.findings
        code = max(code, result.exit_code)
        if filing and not result.exit_code and not options.files:
            extracts.append(all_units.extract(filing))
    findings += all_units.check_all_units(extracts, {form.name: form.rules.all_units for form in forms.loaded(root)})
    console.show_findings(findings, root, options.format)
    if options.format == "text":
        if not findings:
            console.say(f"检查了 {len(files)} 个文件，没有发现问题。")
        elif _is_repairable(root, findings):
            console.say("全角标点、引号这样的写法可以自动改正：perfgen check --fix。")
    return code


def _is_repairable(root: Path, findings: list[Finding]) -> bool:
    """Whether `--fix` would mend something; how much is not looked for, which takes long in a file full of slips."""
    sources = dict.fromkeys(finding.place.file for finding in findings if finding.rule in repair.RULES)
    return any(repair.repair((root / source).read_bytes(), source, most=1).answered for source in sources)


def _fix(root: Path, files: list[str]) -> bool:
    """Repairs files and shows how; says whether anything was changed. A program's answer stays clean."""
    changed = False
    for source in files:
        try:
            before = (root / source).read_bytes()
        except OSError:
            continue  # reading it for the check says why
        repaired = repair.repair(before, source)
        if repaired.content != before:
            write.replace(root / source, repaired.content)
            console.complain(repair.difference(before, repaired.content, source))
            console.complain(f"{source}：改了 {len(repaired.answered)} 处。")
            changed = True
    return changed


def _templates(root: Path, options: argparse.Namespace) -> int:
    from perfgen.build import template_check

    found = forms.loaded(root)
    findings = [finding for form in found for finding in template_check.check_templates(form, root)]
    findings += template_check.check_site(root)
    console.show_findings(findings, root, options.format)
    if not findings and options.format == "text":
        console.say(f"检查了 {len(found)} 张表的模板，没有发现问题。")
    return FormError.exit_code if findings else 0
