"""A file with several slips: each is said at its line, nothing else is, and what has one meaning is repaired."""

from __future__ import annotations

import random

import pytest

from perfgen.authoring.repair import repair
from perfgen.check import unread
from perfgen.findings import DataError
from perfgen.source import reader, recovery
from perfgen.source.recovery import Unreadable
from tests.conftest import REPOSITORY

SAMPLE = REPOSITORY / "data/2025/示例市档案馆.yaml"
LINES = SAMPLE.read_text("utf-8").split("\n")


def said(text: str) -> list[tuple[int, str]]:
    """The lines and rules of what is found in a text; none where it can be read."""
    try:
        reader.load_yaml(text.encode(), "x")
    except DataError as error:
        return [(finding.place.line, finding.rule) for finding in error.findings]
    return []


def row_with(piece: str) -> int:
    """The row, from 0, of the first line of the sample that holds a piece."""
    return next(row for row, line in enumerate(LINES) if piece in line)


def changed(*changes: tuple[str, str]) -> tuple[str, list[int]]:
    """The sample with the first of each piece replaced by another, and the lines where that is."""
    lines, rows = list(LINES), []
    for old, new in changes:
        row = row_with(old)
        lines[row] = lines[row].replace(old, new, 1)
        rows.append(row + 1)
    return "\n".join(lines), sorted(rows)


FIVE = (
    ("填报人: 示例", "填报人：示例"),
    ("  - 编研", "  -编研"),
    ("前年: 522.55}", "前年: 522.55"),
    ("类别: 人员类项目支出, 总", "类别: 人员类项目支出 总"),
    ("指标值: ≤0.4元", "指标值: >=0.4元"),
)


def test_five_slips_are_five_findings_at_their_lines():
    text, lines = changed(*FIVE)
    assert [line for line, _ in said(text)] == lines


def test_what_can_be_repaired_behind_what_cannot_is_repaired():
    text, _ = changed(*FIVE)
    repaired = repair(text.encode(), "x")
    assert len(repaired.answered) == 3
    wanted, _ = changed(*FIVE[2:4], ("指标值: ≤0.4元", "指标值: ≥0.4元"))
    assert repaired.content.decode() == wanted
    assert repair(repaired.content, "x").answered == ()


SLIPS = {
    "no blank behind a dash": ("  - ", "  -"),
    "wide blank as indentation": ("  - ", "\u3000- "),
    "wide colon in brackets": ("{项目名称: ", "{项目名称："),
    "wide colon of a row": ("{三级指标: ", "{三级指标："),
    "no comma": (", 依据", " 依据"),
    "sign": ("指标值: ≥", "指标值: >="),
    "tab": ("        - {", "\t\t\t\t- {"),
    "no blank behind a colon": (", 依据: ", ", 依据:"),
    "twice": (", 依据: ", ", 依据: 计划标准, 依据: "),
    "wide comma": (", 依据: ", "，依据: "),
}


@pytest.mark.parametrize("seed", range(40))
def test_the_lines_of_random_slips_are_said_and_no_others(seed):
    choice = random.Random(seed)
    lines, rows = list(LINES), set()
    for name in choice.choices(sorted(SLIPS), k=choice.randint(1, 7)):
        old, new = SLIPS[name]
        row = choice.choice([row for row, line in enumerate(LINES) if old in line])
        if rows.isdisjoint((row - 1, row, row + 1)):
            lines[row] = lines[row].replace(old, new, 1)
            rows.add(row)
    assert [line for line, _ in said("\n".join(lines))] == sorted(row + 1 for row in rows)


def test_lines_keep_their_ends():
    text, _ = changed(*FIVE)
    repaired = repair(text.replace("\n", "\r\n").encode(), "x").content
    assert repaired == repair(text.encode(), "x").content.replace(b"\n", b"\r\n")


def test_a_value_is_put_into_quotes_once():
    """A member that is cut off from its row at the margin: what is wrong there is no colon of its value."""
    row = row_with("三级指标: 预算执行率, 前年")
    lines = ["::ma", *LINES[1:row], "依据: 计划标准, 分类: 绩效基本型}", *LINES[row + 1 :]]
    content = "\n".join(lines).encode()
    assert len(repair(content, "x").content) <= len(content) + 2
    with pytest.raises(Unreadable) as caught:
        reader.load_yaml(content, "x")
    assert len(caught.value.readable) <= len(content) + 2


def test_what_was_not_read_is_said():
    text = "".join(f"键{number}：值\n" for number in range(9))
    found = recovery.recover(text, _first, recovery.Limits(bytes=3 * len(text.encode())))
    assert not found.is_whole and 3 <= len(found.findings) < 9


def _first(text: str):
    found = reader.read(text, "x")
    return None if isinstance(found, reader.Document) else found


def found_by_check(text: str) -> list[tuple[int, str]]:
    """The lines and rules of what `check` finds in a file whose YAML cannot be read."""
    with pytest.raises(DataError) as caught:
        unread.load(text.encode(), "x")
    return [(finding.place.line, finding.rule) for finding in caught.value.findings]


TEXTS = (
    ("填报人: 示例", "填报人: 示　例", "text-spaced"),
    ("举办“国际档案日”等主题展览3场，", "举办“国际档案日”等主题展览3场，\n      ", "text-fold"),
    ("  - 建设和管理", "    - 建设和管理", "text-joined"),
    ("开展档案开放审核，", "开展档案开放审核 #", "text-comment"),
    ("编研档案文献", "编研档案文\ufa45", "character-lookalike"),
)


@pytest.mark.parametrize(("old", "new", "rule"), TEXTS)
def test_what_is_wrong_with_a_text_is_said_beside_mistakes_of_yaml(old, new, rule):
    text, _ = changed(("前年: 93.8}", "前年：93.8}"), (old, new))
    assert sorted(one for _, one in found_by_check(text)) == sorted(["yaml-colon", rule])


def test_what_follows_from_a_mistake_of_yaml_is_not_said_of_a_text():
    text, lines = changed(*FIVE)
    assert [line for line, _ in found_by_check(text)] == lines
