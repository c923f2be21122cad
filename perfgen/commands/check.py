"""`perfgen check`: all problems of all files at once."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from perfgen import console, forms, project, site, work
from perfgen.findings import DataError, Finding, by_place, path_text

HELP = "检查数据，一次列出全部问题"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="*", metavar="文件", help="只检查这些数据文件；不写就是全部")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出的格式（默认 text）")
    parser.add_argument("--templates", action="store_true", help="检查模板（不看数据）：标记、漏印的字段、各种格式")


def run(options: argparse.Namespace) -> int:
    """Checks; prints the findings; 1 when there are errors."""
    root = project.find_root(options.directory)
    if options.templates:
        return _templates(root, options)
    findings: list[Finding] = []
    if options.files:
        files = project.chosen_files(root, options.directory, options.files)
    else:
        files, findings = project.data_files(root)
    code = work.EXIT_DATA if findings else 0
    try:
        settings = site.load(root)
    except DataError as error:
        findings += error.findings
        code = work.EXIT_DATA
        settings = site.Site({})
    for source in files:
        result, _ = work.reports(root, source, settings)
        findings += result.findings
        code = max(code, result.exit_code)
    _show(findings, options.format)
    if not findings and options.format == "text":
        console.say(f"检查了 {len(files)} 个文件，没有发现问题。")
    return code


def _templates(root: Path, options: argparse.Namespace) -> int:
    from perfgen import template_check

    names = forms.names(root)
    found = [form for name in names if (form := forms.find(root, name))]
    findings = [finding for form in found for finding in template_check.check(form, root)]
    findings += template_check.check_site(root)
    _show(findings, options.format)
    if not findings and options.format == "text":
        console.say(f"检查了 {len(found)} 张表的模板，没有发现问题。")
    return work.EXIT_FORM if findings else 0


def _show(findings: list[Finding], format_: str) -> None:
    if format_ == "json":
        console.say(json.dumps([_record(finding) for finding in by_place(findings)], ensure_ascii=False, indent=1))
    else:
        console.show_findings(findings)


def _record(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.place.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "path": path_text(finding.path),
        "rule": finding.rule,
        "level": finding.level.value,
        "message": finding.message,
        "hint": finding.hint,
    }
