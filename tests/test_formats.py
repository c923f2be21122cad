"""Findings for people and for programs: places, carets, escapes, and the published schema of SARIF."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli, formats
from perfgen.findings import Finding, Level, Place
from perfgen.formats.text import columns
from tests.helpers.projects import snapshot

FILE = "data/2025/甲, 乙.yaml"
FOUND = [
    Finding(Place(FILE, 2, 5), "A05", "收入 10%，支出 20%。", "改正: 其中一个。", Level.ERROR, ("收入", 0, "数")),
    Finding(Place(FILE, 1, 1), "D02", "没有方向。", "", Level.WARNING, reason="已商定。"),
    Finding(Place(FILE, 3, 99), "D06", "第一行\n第二行", "", Level.NOTE),
    Finding(Place(FILE), "yaml-size", "文件太大。"),
    Finding(Place("没有.yaml", 7, 1), "X", "文件不在。"),
    Finding(Place(FILE, 1, 1), "A17", "判断不了，没有文件。", "", Level.UNDECIDED),
]


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "data/2025").mkdir(parents=True)
    (tmp_path / FILE).write_bytes("\ufeff年度: 1\r\n  收入: 中文\r\n".encode() + ("长" * 200).encode())
    return tmp_path


def test_all_formats_are_found_by_listing():
    assert formats.names() == ["text", "github", "gitlab", "json", "sarif"]


def test_text_has_the_line_a_caret_and_what_to_do(root):
    text = formats.render("text", FOUND, snapshot(root))
    lines = text.split("\n")
    at = lines.index(f"{FILE}:2:5: 错误 收入 10%，支出 20%。 [A05]")
    assert lines[at + 1 : at + 4] == ["      收入: 中文", "          ^", "    改法：改正: 其中一个。"]
    assert "    已说明：已商定。" in lines
    assert lines[0] == f"{FILE}: 错误 文件太大。 [yaml-size]"
    assert lines[-3].startswith("下面这些现在判断不了") and "[A17]" in lines[-2]
    assert lines[-1] == "共 3 个错误，1 个警告（1 个已说明），1 个提示，1 个未定。"


def test_a_caret_stands_under_its_column_however_wide_and_long(root):
    lines = formats.render("text", FOUND, snapshot(root)).split("\n")
    at = next(i for i, line in enumerate(lines) if "[D06]" in line or line == "第二行 [D06]")
    shown, caret = lines[at + 1], lines[at + 2]
    assert columns(shown) <= 4 + 76 + 2 + 2 and shown.startswith("    …") and shown.endswith("…")
    assert shown[: len(shown) - 1].encode() and columns(caret) - 1 <= columns(shown)


def test_no_order_reaches_the_terminal_and_the_caret_stays_under_its_column(tmp_path):
    """What others typed may hold escape sequences, and signs that turn the reading direction."""
    (tmp_path / "x.yaml").write_text("甲: \x1b[31m\u202e乙\u200b丙\n", "utf-8")
    found = [Finding(Place("x.yaml", 1, 12), "D06", "“\x1b[2J”。", "\x07")]
    text = formats.render("text", found, snapshot(tmp_path))
    assert not any(char in text for char in "\x1b\x07\u202e\u200b")
    _, shown, caret, hint, _ = text.split("\n")
    assert shown == "    甲: <U+001B>[31m<U+202E>乙<U+200B>丙" and hint == "    改法：<U+0007>"
    assert columns(caret) - 1 == columns(shown[: shown.index("丙")])


def test_nothing_found_says_nothing(root):
    assert formats.render("text", [], snapshot(root)) == ""
    assert json.loads(formats.render("json", [], snapshot(root))) == []
    assert formats.render("github", [], snapshot(root)) == ""


def test_json_is_what_the_contract_says(root):
    first = json.loads(formats.render("json", FOUND[:1], snapshot(root)))[0]
    assert first == {
        "file": FILE, "line": 2, "column": 5, "path": "收入[1].数", "rule": "A05", "level": "错误",
        "message": "收入 10%，支出 20%。", "hint": "改正: 其中一个。", "reason": "",
    }  # fmt: skip


def test_github_annotations_are_escaped(root):
    lines = formats.render("github", FOUND, snapshot(root)).split("\n")
    assert len(lines) == len(FOUND)
    where = "file=data/2025/甲%2C 乙.yaml,line=2,col=5,title=错误 A05"
    assert f"::error {where}::收入 10%25，支出 20%25。%0A改法：改正: 其中一个。" in lines
    assert any(line.startswith("::notice") and "已说明" in line for line in lines)
    assert f"::error file={FILE.replace(',', '%2C')},title=错误 yaml-size::文件太大。" in lines


def test_gitlab_fingerprints_stay_when_lines_move(root):
    first = json.loads(formats.render("gitlab", FOUND, snapshot(root)))
    moved = [Finding(Place(f.place.file, f.place.line + 3, 1), f.rule, f.message, path=f.path) for f in FOUND]
    again = json.loads(formats.render("gitlab", moved, snapshot(root)))
    assert {i["fingerprint"] for i in first} == {i["fingerprint"] for i in again}
    assert len({i["fingerprint"] for i in first}) == len(FOUND)
    assert {i["severity"] for i in first} == {"critical", "info"}
    assert all(issue["location"]["lines"]["begin"] >= 1 for issue in first)


def sarif_schema() -> dict:
    found = os.environ.get("PERFGEN_SARIF_SCHEMA")
    if not found:
        if os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
            pytest.fail("PERFGEN_SARIF_SCHEMA is required here")
        pytest.skip("没有 SARIF 的 schema；.ci/run 会取来")
    return json.loads(Path(found).read_text("utf-8-sig"), parse_float=Decimal)


def test_sarif_keeps_its_schema(root):
    schema = sarif_schema()
    for findings in (FOUND, []):
        document = json.loads(formats.render("sarif", findings, snapshot(root)))
        jsonschema.Draft7Validator(schema).validate(document)


def test_sarif_says_where_how_grave_and_what_was_answered(root):
    (run,) = json.loads(formats.render("sarif", FOUND, snapshot(root)))["runs"]
    results = {result["ruleId"]: result for result in run["results"]}
    physical = results["A05"]["locations"][0]["physicalLocation"]
    assert physical["region"] == {"startLine": 2, "startColumn": 5}
    assert physical["artifactLocation"]["uri"].startswith("data/2025/%E7%94%B2")
    assert results["D02"]["suppressions"] == [{"kind": "inSource", "justification": "已商定。"}]
    assert "region" not in results["yaml-size"]["locations"][0]["physicalLocation"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert results["A17"]["kind"] == "open" and results["A05"]["kind"] == "fail"


@pytest.mark.parametrize("name", formats.names())
def test_the_command_writes_every_format(tiny_project, name, capsys):
    path = tiny_project / "data/2025/东园.yaml"
    path.write_text(path.read_text("utf-8").replace("斤数: 2}", "斤数: 二}"), "utf-8")
    assert cli.main(["-C", str(tiny_project), "check", "--format", name]) == 1
    answer = capsys.readouterr()
    assert "data/2025/" in answer.out + answer.err
    assert answer.err == "", "findings are the answer: they go to standard output"


def test_a_build_says_errors_in_full_and_counts_the_rest(repository, capsys):
    from perfgen.system import console

    found = [f for f in FOUND if f.place.line != 7]
    console.show_grave(
        [*found, Finding(Place("b.yaml", 1, 1), "D09", "低。", level=Level.WARNING)], snapshot(repository)
    )
    said = capsys.readouterr().err
    assert "收入 10%，支出 20%。" in said and "没有方向" not in said
    assert "b.yaml：1 个警告" in said and "另有 1 个警告（1 个已说明），1 个提示，1 个未定" in said


def test_what_waits_in_many_files_is_said_in_one_line(capsys):
    from perfgen.system import console

    console.remind({f"data/2025/{number}.yaml": number for number in range(1, 5)})
    assert [line[:18] for line in capsys.readouterr().err.splitlines()] == [
        f"data/2025/{number}.yaml：{number}" for number in range(1, 5)
    ]
    console.remind({f"data/2025/{number}.yaml": number for number in range(1, 11)})
    assert capsys.readouterr().err == "没有变化的 10 个文件里还有 55 个警告没有答复；运行 perfgen check 看全部。\n"
