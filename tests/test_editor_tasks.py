"""What VS Code reads beside the schema: tasks whose problem matchers know our lines, and files that are JSON."""

from __future__ import annotations

import json
import re

import pytest

from perfgen.cli import main
from perfgen.findings import Finding, Level, Place
from tests.conftest import REPOSITORY, SAMPLES

SETTINGS = REPOSITORY / ".vscode"
TASKS = json.loads((SETTINGS / "tasks.json").read_text("utf-8"))["tasks"]
SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "info", Level.UNDECIDED: "info"}


def problems(output: str, matchers: list[dict]) -> list[tuple]:
    """What VS Code puts into its list of problems: file, line, column, severity, message, code."""
    found = []
    for line in output.splitlines():
        for matcher in matchers:
            pattern = matcher["pattern"]
            if match := re.search(pattern["regexp"], line):
                place = [int(match[pattern[name]]) if name in pattern else 0 for name in ("line", "column")]
                text = (match[pattern["message"]], match[pattern["code"]])
                found.append((match[pattern["file"]], *place, matcher["severity"], *text))
    return found


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["label"])
@pytest.mark.parametrize("level", Level)
def test_every_kind_of_line_becomes_one_problem(task, level):
    file = "data/2025/示例市 [一]: 局.yaml"
    finding = Finding(Place(file, 12, 7), "schema-type", "“年度”应该是整数，例如 [2024]: 现在是“x”。", level=level)
    expected = [(file, 12, 7, SEVERITY[level], finding.message, finding.rule)]
    assert problems(str(finding), task["problemMatcher"]) == expected


def test_a_file_as_a_whole():
    finding = Finding(Place("data/2025/示例市教育局.yml"), "file-suffix", "文件名要以 .yaml 结尾，否则不会处理。")
    expected = [("data/2025/示例市教育局.yml", 0, 0, "error", finding.message, "file-suffix")]
    assert problems(str(finding), TASKS[0]["problemMatcher"]) == expected


def test_real_output_is_read_whole(project, capsys):
    path = project / "data/2025/示例市档案馆.yaml"
    text = path.read_text("utf-8").replace("年度: 2025", "年度: 今年", 1).replace("分类: 绩效基本型", "分类: 基本型", 1)
    path.write_text(text, "utf-8")
    (project / "data/2025/多余.yml").write_text("x", "utf-8")
    assert main(["-C", str(project), *TASKS[0]["args"]]) == 1
    output = capsys.readouterr()
    found = problems(output.out + output.err, TASKS[0]["problemMatcher"])
    assert main(["-C", str(project), "check", "--format", "json"]) == 1
    records = [r for r in json.loads(capsys.readouterr().out) if r["level"] != Level.UNDECIDED.value]
    assert found == [
        (r["file"], r["line"], r["column"], SEVERITY[Level(r["level"])], r["message"], r["rule"])
        for r in records
        if r["level"] != Level.UNDECIDED.value
    ]
    assert len(found) >= 3


def test_each_task_is_a_command_that_is_there(capsys):
    for task in TASKS:
        assert re.search(r"perfgen(\.exe)?$", task["command"]) and task["windows"]["command"].endswith("perfgen.exe")
        with pytest.raises(SystemExit) as ended:
            main([task["args"][0], "--help"])
        assert ended.value.code == 0


def test_the_first_line_snippet_is_what_samples_begin_with():
    snippet = json.loads((SETTINGS / "perfgen.code-snippets").read_text("utf-8"))["数据文件的第一行"]
    line = re.sub(r"\$\{\d+:([^}]+)\}", r"\1", snippet["body"][0]).replace("\\$", "$")
    for name in SAMPLES:
        assert (REPOSITORY / name).read_text("utf-8").split("\n")[0] == line
