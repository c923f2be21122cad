"""A file in which git left both versions: one finding, with both in words, wherever the marks stand."""

from __future__ import annotations

import time

import pytest

from perfgen.findings import DataError, Finding
from perfgen.source import reader
from tests.conftest import REPOSITORY

BASE = (REPOSITORY / "data/2025/示例市档案馆.yaml").read_text("utf-8")
ROW = "        - {三级指标: 档案安全责任事故, 指标值: =0起, 依据: 行业标准, 分类: 绩效基本型}\n"
FIRST = "        - {三级指标: 甲, 指标值: ≥1次, 依据: 行业标准, 分类: 绩效基本型}\n"
SECOND = FIRST.replace("甲", "乙")


def findings(text: str) -> list[Finding]:
    try:
        reader.load_yaml(text.encode(), "x.yaml")
    except DataError as error:
        return list(error.findings)
    return []


def left(old: str, ours: str, theirs: str, base: str | None = None, *, text: str = BASE, size: int = 7) -> str:
    assert old in text
    marks = [mark * size for mark in "<|=>"]
    middle = "" if base is None else f"{marks[1]} 1234567\n{base}"
    return text.replace(old, f"{marks[0]} HEAD\n{ours}{middle}{marks[2]}\n{theirs}{marks[3]} 乙的\n", 1)


OURS, THEIRS = "这一边（HEAD）", "那一边（乙的）"
CASES = {
    "a value": (
        left(ROW, ROW, ROW.replace("=0", "=1")),
        f"“档案安全责任事故”的“指标值”，{OURS}是“=0起”，{THEIRS}是“=1起”",
    ),
    "with the version before": (
        left(ROW, ROW.replace("=0", "=2"), ROW.replace("=0", "=1"), ROW),
        f"“档案安全责任事故”的“指标值”，{OURS}是“=2起”，{THEIRS}是“=1起”",
    ),
    "long marks": (left(ROW, ROW, ROW.replace("=0", "=1"), size=9), f"“指标值”，{OURS}是“=0起”"),
    "new rows": (
        left(ROW, ROW + FIRST, ROW + SECOND),
        f"的“甲”，{OURS}有，{THEIRS}没有；“档案保管安全”的“乙”，{OURS}没有",
    ),
    "a row that went": (left(ROW, ROW, ""), f"“档案保管安全”，{OURS}是另外一组内容，{THEIRS}没有填"),
    "a text": (left("年度: 2025\n", "年度: 2025\n", "年度: 2026\n"), f"“年度”，{OURS}是“2025”，{THEIRS}是“2026”"),
    "sides that cannot be read": (
        left(ROW, "        - {a: [}\n", ROW + FIRST),
        f"{OURS}写的是“- {{a: [}}”，{THEIRS}写的是“- {{三级指标: 档案安全责任事故, 指标值: =0起, 依…”等 2 行",
    ),
    "nothing but comments": (
        left(ROW, "        # 甲\n" + ROW, ROW), f"{OURS}写的是“# 甲”等 2 行，{THEIRS}写的是“- {{三级指标",
    ),
    "a text in quotes, which reads well": (
        left("甲\n", "甲一\n", "甲二\n", text='表式: x\n说明: "上面\n甲\n下面"\n'),
        f"“说明”，{OURS}是“上面 甲一 下面”，{THEIRS}是“上面 甲二 下面”",
    ),
    "in brackets": (
        left("甲\n", "甲一\n", "甲二\n", text="说明: [上面,\n甲\n]\n"), f"“说明”的“甲一”，{OURS}有，{THEIRS}没有",
    ),
    "both sides whole": (
        left(BASE, BASE, BASE.replace("2029", "2030")), f"“长期目标”的“截止年”，{OURS}是“2029”，{THEIRS}是“2030”",
    ),
    "a control character beside": (left(ROW, ROW, FIRST, text=BASE.replace("示例\n", "示\x07例\n")), f"{OURS}写的是"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_it_is_one_finding_with_both_versions(case, newline):
    text, words = CASES[case]
    (found,) = findings(text.replace("\n", newline))
    assert found.rule == "yaml-conflict" and words in found.message
    line = text[: text.index("<<<<<<<")].count("\n") + 1
    assert (found.place.line, found.place.column) == (line, 1) and "删掉 <<<<<<<" in found.hint


def test_several_places_are_one_finding_and_the_rest_is_counted():
    text = BASE
    for number, row in enumerate([line + "\n" for line in BASE.splitlines() if "依据: 计划标准" in line][:6]):
        text = left(row, row, row.replace("计划标准", "行业标准"), text=text)
        assert number < 6
    (found,) = findings(text)
    assert "（6 处）" in found.message and "还有 3 项" in found.message and found.message.count("那一边") == 3


def test_what_only_looks_like_it_is_no_conflict():
    for text in (
        '甲: "<<<<<<< HEAD"\n',
        "# <<<<<<< HEAD\n# =======\n# >>>>>>> 乙\n甲: 1\n",
        "甲: |-\n  <<<<<<< HEAD\n  =======\n",
    ):
        assert findings(text) == []


@pytest.mark.parametrize(
    "line", ["<<<<<<< a\n", "<<<<<<< a\n=======\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "<<<<<<<< a\n"]
)
def test_very_many_marks_cost_little(line):
    begin = time.process_time()
    found = findings("甲: 1\n" + line * (1_000_000 // len(line)))
    assert time.process_time() - begin < 20 and found[0].rule == "yaml-conflict"
