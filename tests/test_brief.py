"""The short answer of `perfgen check`: what is to be done in full, alike rows as one, the rest in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen import formats
from perfgen.findings import Finding, Level, Place
from perfgen.formats import Brief
from tests.helpers.projects import snapshot

OURS, THEIRS = "data/2025/甲.yaml", "data/2025/乙.yaml"


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "data/2025").mkdir(parents=True)
    for file in (OURS, THEIRS):
        (tmp_path / file).write_text("".join(f"行{number}: 值\n" for number in range(1, 40)), "utf-8")
    return tmp_path


def warning(line: int, message: str, *, file: str = OURS, hint: str = "照着改。", reason: str = "", rule: str = "D02"):
    return Finding(Place(file, line, 1), rule, message, hint, Level.WARNING, reason=reason)


def error(line: int, file: str = OURS) -> Finding:
    return Finding(Place(file, line, 1), "A01", "合计不对。", "改合计。")


def shown(root: Path, findings: list[Finding], brief: Brief | None = None) -> list[str]:
    return formats.render("text", findings, snapshot(root), brief or Brief()).split("\n")


ALIKE = [
    ["“甲”的指标值 60 没有写方向。", "“乙（人）”的指标值 4次 没有写方向。", "“丙”的指标值 12场（次） 没有写方向。"],
    ["“甲”说得空泛：明显改善。“明显改善”", "“乙”说得空泛：持续推进。“持续推进”"],
    ["“甲”上年做到 6.5%，今年的目标 ≥6% 反而低了。", "“乙”上年做到 90％，今年的目标 ≥8.5% 反而低了。"],
    ["占比是 1/3。", "占比是 2/3。"],
    ["没有填。", "没有填。"],
]
DIFFERENT = [
    ["“甲”和长期的目标单位不同。", "“甲”和长期的目标方向不同。"],
    ["缺少“甲”。", "多了“甲”。"],
    ["第 3 行太长。", "第 3 行太短。"],
]


@pytest.mark.parametrize("messages", ALIKE)
def test_the_same_of_several_rows_is_one_entry_with_its_lines(root, messages):
    lines = shown(root, [warning(12 + 3 * n, message) for n, message in enumerate(messages)])
    assert [line for line in lines if "[D02]" in line] == [f"{OURS}:12:1: 警告 {messages[0]} [D02]"]
    rows = "、".join(str(12 + 3 * n) for n in range(len(messages)))
    assert f"    同样的共 {len(messages)} 处：第 {rows} 行。" in lines
    assert lines.count("    改法：照着改。") == 1


@pytest.mark.parametrize("messages", DIFFERENT)
def test_what_is_not_the_same_stays_apart(root, messages):
    lines = shown(root, [warning(12 + n, message) for n, message in enumerate(messages)])
    assert len([line for line in lines if "[D02]" in line]) == len(messages)
    assert not any("同样的" in line for line in lines)


def test_another_rule_another_remedy_another_file_are_apart_and_errors_are_never_joined(root):
    found = [
        warning(1, "低。"), warning(2, "低。", rule="D03"), warning(3, "低。", hint="别的改法。"),
        warning(4, "低。", file=THEIRS), error(5), error(6),
    ]  # fmt: skip
    lines = shown(root, found)
    assert len([line for line in lines if line.startswith("data/") and line.endswith("]")]) == len(found)


def test_errors_come_first_then_warnings_then_numbers_and_what_to_do_first_is_last(root):
    found = [warning(1, "低。"), error(9), warning(2, "高。", reason="已商定。"),
             Finding(Place(OURS, 3, 1), "D16", "留意。", level=Level.NOTE),
             Finding(Place(OURS, 4, 1), "A17", "判断不了。", level=Level.UNDECIDED)]  # fmt: skip
    lines = shown(root, found)
    assert lines == [
        f"{OURS}:9:1: 错误 合计不对。 [A01]", "    行9: 值", "    ^", "    改法：改合计。",
        f"{OURS}:1:1: 警告 低。 [D02]", "    行1: 值", "    ^", "    改法：照着改。",
        f"{OURS}：另有 1 个警告已说明，1 个提示，1 个未定，不用改；perfgen check --all {OURS} 看是哪些。",
        "共 1 个错误，2 个警告（1 个已说明），1 个提示，1 个未定。",
        f"先看 {OURS}:9:1：改正，再运行 perfgen check {OURS}。",
    ]  # fmt: skip


def test_of_files_that_did_not_change_an_error_is_a_line_and_warnings_are_numbers(root):
    site = Finding(Place("data/site.yaml", 3, 1), "site", "日期不对。", "改日期。")
    found = [error(3, THEIRS), warning(4, "低。", file=THEIRS), warning(8, "高。"), site]
    lines = shown(root, found, Brief(frozenset({OURS})))
    assert lines[0] == "data/site.yaml:3:1: 错误 日期不对。 [site]", "what concerns everybody is told in full"
    at = lines.index("没有改过的文件里还有：")
    assert f"{OURS}:8:1: 警告 高。 [D02]" in lines[:at]
    assert lines[at + 1 : at + 3] == [
        f"{THEIRS}:3:1: 错误 合计不对。 [A01]", f"没有改过的文件里，还没有答复的警告：{THEIRS} 1 个。",
    ]  # fmt: skip
    assert lines[-1].startswith("先看 data/site.yaml:3:1：改正")


def test_the_first_open_warning_is_what_to_do_first_where_there_is_no_error(root):
    lines = shown(root, [warning(7, "低。", reason="已说明"), warning(8, "低。")])
    assert lines[-1] == f"先看 {OURS}:8:1：改正，或写明理由，再运行 perfgen check {OURS}。"
    lines = shown(root, [warning(7, "低。", file=THEIRS)], Brief(frozenset({OURS})))
    assert lines[-1].startswith(f"先看 {THEIRS}:7:1")
    assert not any(line.startswith("先看") for line in shown(root, [warning(7, "低。", reason="已说明")]))


def test_many_files_with_nothing_to_do_are_one_line(root):
    found = [warning(1, "低。", file=f"data/2025/{n}.yaml", reason="好") for n in range(75)]
    assert shown(root, found)[0] == "75 个文件另有 75 个警告已说明，不用改。"
    assert len(shown(root, found)) == 2
    waiting = [warning(1, "低。", file=f"data/2025/{n}.yaml") for n in range(75)]
    lines = shown(root, waiting, Brief(frozenset()))
    assert lines[0].endswith("，另外 70 个文件 70 个。") and len(lines) == 3


def test_commands_keep_to_the_files_that_were_asked_for(root):
    lines = shown(root, [error(1), error(1, THEIRS)], Brief(frozenset({OURS}), (OURS,), is_repairable=True))
    assert lines[-3] == f"共 2 个错误；perfgen check --all {OURS} 看全部。"
    assert lines[-2].endswith(f"perfgen check --fix {OURS}。")


@pytest.mark.parametrize("name", ["json", "github", "gitlab", "sarif"])
def test_formats_for_programs_hold_everything_whatever_is_brief(root, name):
    found = [warning(n, "低。", reason="好" if n % 2 else "") for n in range(1, 9)]
    assert formats.render(name, found, snapshot(root), Brief(frozenset())) == formats.render(
        name, found, snapshot(root)
    )


def test_errors_may_come_first_in_every_format(root):
    found = [warning(1, "低。"), error(9, THEIRS), error(2)]
    lines = formats.render("github", found, snapshot(root), errors_first=True).split("\n")
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::error", "::warning"]


def test_nothing_found_says_nothing(root):
    assert formats.render("text", [], snapshot(root), Brief()) == ""


def test_what_is_wrong_comes_before_what_is_not_filled_in_and_holes_alike_are_one_entry(root):
    holes = [
        Finding(Place(OURS, line, 3), "schema-type", "甲、乙没有填。", "一项一项填上。", unfilled=True)
        for line in (4, 9)
    ]
    lines = shown(root, [*holes, error(7, THEIRS), error(20)])
    assert [line for line in lines if ": 错误 " in line] == [
        f"{THEIRS}:7:1: 错误 合计不对。 [A01]", f"{OURS}:20:1: 错误 合计不对。 [A01]",
        f"{OURS}:4:3: 错误 甲、乙没有填。 [schema-type]",
    ]  # fmt: skip
    assert "    同样的共 2 处：第 4、9 行。" in lines
    assert lines[-1].startswith(f"先看 {THEIRS}:7:1")


def lowered(line: int, name: str, past: str) -> Finding:
    reason = f"确有原因的，在“调整理由”里写一行“{name}: 为什么”"
    return warning(
        line, f"“{name}”上年做到 {past}，今年的目标 ≥60% 反而不如上年。", hint=f"改成 ≥{past} 或更好的；{reason}。"
    )


def test_what_each_row_wants_written_is_said_for_each(root):
    found = [lowered(12, "执行率", "95%"), lowered(15, "监控、开展率", "90%"), lowered(18, "满意度，群众", "95%")]
    lines = shown(root, found)
    at = lines.index("    同样的共 3 处：第 12、15、18 行，要写的各不相同。")
    assert lines[at + 1 : at + 4] == [
        f"    改法：{found[0].hint}",
        "    第 15 行：改成 ≥90% 或更好的；确有原因的，在“调整理由”里写一行“监控、开展率: 为什么”。",
        "    第 18 行写“满意度，群众: 为什么”。",
    ]  # fmt: skip


def test_rows_that_want_the_same_written_are_told_of_together_and_others_by_their_names(root):
    values = ((1, "甲", "≥5项"), (2, "乙", "≥7次（人）"), (3, "丙", "≥5项"), (4, "丁", "≥8元"), (5, "戊", "≥8元"))
    lines = shown(root, [warning(n, f"“{name}”没有写方向。", hint=f"写成 {value}。") for n, name, value in values])
    assert "    同样的共 5 处：第 1、2、3、4、5 行，要写的各不相同。" in lines
    assert [line for line in lines if line.startswith("    第 ")] == [
        "    第 2 行“乙”：写成 ≥7次（人）。", "    第 4、5 行：写成 ≥8元。",
    ]  # fmt: skip


def test_lines_to_copy_that_differ_only_in_the_name_are_one_line(root):
    names = {1: "甲", 2: "乙", 3: "丙"}
    lines = shown(root, [warning(n, f"“{x}”太低。", hint=f"提高，或写一行“{x}: 为什么”。") for n, x in names.items()])
    assert "    第 2 行写“乙: 为什么”，第 3 行写“丙: 为什么”。" in lines


def test_what_is_to_be_taken_away_is_not_said_to_be_written(root):
    marks = {1: "（一）", 2: "2、", 3: "一、"}
    lines = shown(root, [warning(n, f"编号“{x}”写了两次。", hint=f"去掉“{x}”。") for n, x in marks.items()])
    assert [line for line in lines if line.startswith("    第 ")] == [
        "    第 2 行：去掉“2、”。", "    第 3 行：去掉“一、”。",
    ]  # fmt: skip


def test_holes_are_one_entry_also_where_the_hints_quote_rows(root):
    holes = [
        Finding(Place(OURS, n, 3), "schema-type", f"“{name}”没有填。", f"写“{name}”。", unfilled=True)
        for n, name in ((4, "甲"), (9, "乙"))
    ]
    assert len([line for line in shown(root, holes) if "第" in line]) == 1
