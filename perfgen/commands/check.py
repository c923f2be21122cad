"""`perfgen check`: all problems of all files at once."""

from __future__ import annotations

import argparse
import json

from perfgen import console, project, site, work
from perfgen.findings import DataError, Finding, by_place, path_text

HELP = "检查数据，一次列出全部问题"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("files", nargs="*", metavar="文件", help="只检查这些数据文件；不写就是全部")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出的格式（默认 text）")


def run(options: argparse.Namespace) -> int:
    """Checks; prints the findings; 1 when there are errors."""
    root = project.find_root(options.directory)
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
    if options.format == "json":
        console.say(json.dumps([_record(finding) for finding in by_place(findings)], ensure_ascii=False, indent=1))
    else:
        console.show_findings(findings)
        if not findings:
            console.say(f"检查了 {len(files)} 个文件，没有发现问题。")
    return code


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
