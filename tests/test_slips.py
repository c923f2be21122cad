"""The table of slips: what somebody types by mistake in a sample, the line that is named, and what `--fix` makes of it.

A slip is a piece of the sample and what stands in its place, both with the line breaks they need. The line is that of
the first difference. What `--fix` should give is the sample again (MEANT), another piece, or the slip as it is (LEFT).
"""

from __future__ import annotations

import pytest

from perfgen.authoring.repair import repair
from perfgen.check.checks import text_lines
from perfgen.findings import DataError
from perfgen.source import reader
from tests.conftest import REPOSITORY

SAMPLE = (REPOSITORY / "data/2025/示例市档案馆.yaml").read_text("utf-8")
MEANT, LEFT = "meant", "left"

ROW = "{项目名称: 公用经费, 类别: 运转类项目支出, 总预算: 61.9, "
END = "用途: 办公、水电、邮电、差旅、培训等日常运转支出。}"
EFFICIENCY = SAMPLE[SAMPLE.index("    管理效率:") : SAMPLE.index("    履职效能:")]
DEEP = "".join(EFFICIENCY.splitlines(keepends=True)[1:3])
REASONS = SAMPLE[SAMPLE.index("  D06 档案文化影响力: ") : SAMPLE.index("\n收入构成:")]
LONE = REASONS.partition("\n")[0]


def _moved(block: str, blanks: int) -> str:
    lines = block.splitlines(keepends=True)
    return "".join(" " * blanks + line if blanks > 0 else line[-blanks:] for line in lines)


SLIPS = {
    "an item without a blank behind its dash": ("  - 编研档", "  -编研档", MEANT),
    "the first item of a list so": ("  - 贯彻执行", "  -贯彻执行", MEANT),
    "the last item of a list so": ("  - 完成上级", "  -完成上级", MEANT),
    "a wide blank as indentation": ("  - 编研档", "\u3000- 编研档", MEANT),
    "two wide blanks as indentation": ("  - 编研档", "\u3000\u3000- 编研档", MEANT),
    "a wide blank before a name": ("  人员类项目支出: {", "\u3000人员类项目支出: {", MEANT),
    "two wide blanks before the first name": ("  人员类项目支出: {", "\u3000\u3000人员类项目支出: {", MEANT),
    "two wide blanks before the last name": ("  运转类项目支出: {上", "\u3000\u3000运转类项目支出: {上", MEANT),
    "two wide blanks before the first reason": ("\n  D06 档案", "\n\u3000\u3000D06 档案", MEANT),
    "two wide blanks before the first item": ("  - 贯彻执行", "\u3000\u3000- 贯彻执行", MEANT),
    "two other blanks too many": ("  运转类项目支出: {上", "\xa0\xa0\xa0\xa0运转类项目支出: {上", MEANT),
    "a wide blank before a row": (f"  - {ROW}", f"\u3000- {ROW}", MEANT),
    "a wide dash": ("  - 编研档", "  － 编研档", MEANT),
    "a point as a dash": ("  - 编研档", "  · 编研档", MEANT),
    "no dash": ("  - 编研档", "  编研档", LEFT),
    "no dash before a row": (f"  - {ROW}", f"  {ROW}", LEFT),
    "no colon behind the name of a group": ("      预算执行:\n", "      预算执行\n", MEANT),
    "so, one level up": ("    管理效率:\n", "    管理效率\n", MEANT),
    "so, before a list": ("\n年度目标:\n", "\n年度目标\n", MEANT),
    "so, before the rows of money": ("\n收入构成:\n", "\n收入构成\n", MEANT),
    "so, before groups": ("\n长期绩效指标:\n", "\n长期绩效指标\n", MEANT),
    "no colon before a bracket": ("  财政拨款: {", "  财政拨款 {", MEANT),
    "no colon before a value": ("填报人: 示例", "填报人 示例", LEFT),
    "a wide colon at the top": ("填报人: ", "填报人：", MEANT),
    "a wide colon before a list": ("\n年度目标:\n", "\n年度目标：\n", MEANT),
    "a wide colon before groups": ("      预算执行:\n", "      预算执行：\n", MEANT),
    "a wide colon in brackets": ("{项目名称: 公用", "{项目名称：公用", MEANT),
    "wide colons and commas in brackets": (ROW, "{项目名称：公用经费，类别：运转类项目支出，总预算：61.9, ", MEANT),
    "a wide colon in a group of reasons": ("  D06 档案文化影响力: ", "  D06 档案文化影响力：", MEANT),
    "so, behind a name with a blank": ("  D19 完成档案数字化页数: ", "  D19 完成档案数字化页数：", MEANT),
    "so, in the last line of the group": ("  D19 修订馆内管理制度: ", "  D19 修订馆内管理制度：", MEANT),
    "so, as the only line of the group": (REASONS, LONE.replace("力: ", "力：") + "\n", LONE + "\n"),
    "so, the only line and a name with a blank": (
        REASONS, LONE.replace("D06 档案文化影响力: ", "D19 甲：") + "\n",
        LONE.replace("D06 档案文化影响力: ", "D19 甲: ") + "\n",
    ),
    "no blank behind a colon": ("填报人: ", "填报人:", MEANT),
    "no blank behind a colon in brackets": ("总预算: 61", "总预算:61", MEANT),
    "wide braces": (ROW + "本年度预算: 61.9, " + END, f"｛{ROW[1:]}本年度预算: 61.9, {END[:-1]}｝", MEANT),
    "a wide left brace": (ROW, f"｛{ROW[1:]}", MEANT),
    "a wide right brace": (END, f"{END[:-1]}｝", MEANT),
    "a wide comma": ("公用经费, 类别", "公用经费，类别", MEANT),
    "no comma": ("公用经费, 类别", "公用经费 类别", LEFT),
    "two commas": ("公用经费, 类别", "公用经费,, 类别", MEANT),
    "a wide semicolon": ("公用经费, 类别", "公用经费；类别", LEFT),
    "a row without its right brace": (END, END[:-1], MEANT),
    "an amount without its right brace": ("前年: 522.55}", "前年: 522.55", LEFT),
    "two right braces": ("前年: 522.55}", "前年: 522.55}}", MEANT),
    "no left brace": (ROW, ROW[1:], MEANT),
    "a comma in a number": ("当年: 548.46", "当年: 2,350.6", "当年: 2350.6"),
    "a comma in a number with its unit": ("当年: 548.46", "当年: 2,350.6万元", "当年: 2350.6万元"),
    "no colon in brackets": ("类别: 运转", "类别 运转", MEANT),
    "an English comma in a text": (END, END.replace("公、", "公,"), f'用途: "{END[4:-1].replace("公、", "公,")}"}}'),
    "so, with a blank behind it": (END, END.replace("、", ", "), f'用途: "{END[4:-1].replace("、", ", ")}"}}'),
    "a # in brackets": ("公用经费, 类别", "公用 #经费, 类别", '"公用 #经费", 类别'),
    "a tab before a name": ("  财政拨款: ", "\t财政拨款: ", MEANT),
    "a tab before an item": ("  - 编研档", "\t- 编研档", MEANT),
    "a tab before a row four levels deep": ("        - {三级指标: 公用经费", "\t- {三级指标: 公用经费", MEANT),
    "a tab before the second of two rows": ("        - {三级指标: 预算执行率", "\t- {三级指标: 预算执行率", MEANT),
    "a tab before the name of a group": ("      预算执行:\n", "\t预算执行:\n", MEANT),
    "a tab before the first name below an item": ("    运行成本:\n", "\t运行成本:\n", MEANT),
    "blanks and a tab before an item": ("  - 编研档", "  \t- 编研档", MEANT),
    "blanks and a tab before the first item": ("  - 贯彻执行", "  \t- 贯彻执行", MEANT),
    "an open quote": ("填报人: 示例", '填报人: "示例', '填报人: "示例"'),
    "an open quote before an item": (
        "- 完成上级交办的其他工作。", '- "完成上级交办的其他工作。', '- "完成上级交办的其他工作。"',
    ),
    "an open quote in brackets": (END, END.replace("办公", '"办公'), END.replace("办公", '"办公').replace("}", '"}')),
    "an open quote that a later one closes": (
        "示例市档案馆\n填报人: 示例\n联系电话: 0000-0000002\n",
        '"示例市档案馆\n填报人: 示例\n联系电话: "0000-0000002"\n',
        '"示例市档案馆"\n填报人: 示例\n联系电话: "0000-0000002"\n',
    ),
    "a quote closed by a curly one": (
        END, '用途: "办公、水电”}', '用途: "办公、水电"}',
    ),
    "a quote opened by a curly one": (END, '用途: “办公、水电"}', '用途: "办公、水电"}'),
    "a quote only at the end": ("填报人: 示例", '填报人: 示例"', LEFT),
    "a name twice": ("联系电话: ", "填报人: 示例二\n联系电话: ", LEFT),
    "a name twice in brackets": (", 总预算: 61.9", ", 总预算: 61.9, 总预算: 61.9", LEFT),
    "a group twice": ("      预算执行:\n", "      预算编制:\n", LEFT),
    "a name one blank too far": ("  运转类项目支出: {上", "   运转类项目支出: {上", MEANT),
    "an item one blank too far": ("  - 编研档", "   - 编研档", MEANT),
    "an item one blank too near": ("  - 编研档", " - 编研档", MEANT),
    "a group one blank too far": ("      预算执行:\n", "       预算执行:\n", MEANT),
    "a group one level too near": ("      预算执行:\n", "    预算执行:\n", MEANT),
    "the first member one level too deep": ("  人员类项目支出: {上", "    人员类项目支出: {上", MEANT),
    "the first member one blank too far": ("  人员类项目支出: {上", "   人员类项目支出: {上", MEANT),
    "the second member one level too deep": ("  运转类项目支出: {上", "    运转类项目支出: {上", MEANT),
    "the first item one level too deep": ("  - 贯彻执行", "    - 贯彻执行", MEANT),
    "the first two items one level too deep": (
        "  - 贯彻执行档案工作法律法规，集中统一管理市级党政机关、团体和直属单位的重要档案。\n  - 接收",
        "    - 贯彻执行档案工作法律法规，集中统一管理市级党政机关、团体和直属单位的重要档案。\n    - 接收",
        MEANT,
    ),
    "the first project one level too deep": ("\n项目支出:\n  - {", "\n项目支出:\n    - {", MEANT),
    "the first reason one level too deep": ("\n  D06 档案", "\n    D06 档案", MEANT),
    "the first group one level too deep": (DEEP, _moved(DEEP, 2), MEANT),
    "a list one blank too near": ("  目标:\n", " 目标:\n", MEANT),
    "a block one blank too far": (EFFICIENCY, _moved(EFFICIENCY, 1), MEANT),
    "a block one blank too near": (EFFICIENCY, _moved(EFFICIENCY, -1), MEANT),
    "a name of two characters with a blank": ("填报人: 示例", "填报人: 示\u3000例", MEANT),
    "a sign that YAML keeps": ("指标值: ≤0.4元", "指标值: >=0.4元", "指标值: ≥0.4元"),
    "so, with a blank in it": ("指标值: ≤0.4元", "指标值: > =0.4元", "指标值: ≥0.4元"),
    "so, with blanks around": ("指标值: ≤0.4元", "指标值: >  = 0.4元", "指标值: ≥0.4元"),
    "a colon in a text with a wide comma": (
        END, "用途: 全民健身运动会，马拉松: 社区赛事的组织。}", '用途: "全民健身运动会，马拉松: 社区赛事的组织。"}',
    ),
    "two colons in a text with wide commas": (
        END, "用途: 办公，其中: 水电，另有: 差旅。}", '用途: "办公，其中: 水电，另有: 差旅。"}',
    ),
    "a colon in a text with other wide marks": (END, "用途: 办公、其中: 水电。}", '用途: "办公、其中: 水电。"}'),
    "wide colons in a text behind a wide colon": (END, "用途：办公，其中：水电。}", "用途: 办公，其中：水电。}"),
    "a wide comma behind one of a text": (
        "公用经费, 类别", "公用经费，含水电，类别", "公用经费，含水电, 类别",
    ),
    "a colon in a value": ("公用经费, 类别", "经费: 公用, 类别", '"经费: 公用", 类别'),
    "the first name of a group without its colon": ("      战略管理:\n", "      战略管理\n", MEANT),
    "the first group of an item so": ("    运行成本:\n", "    运行成本\n", MEANT),
    "the first value of a group so": ("  截止年: 2029", "  截止年 2029", LEFT),
    "the first value of an item so": ("  - 目标: 建设", "  - 目标 建设", LEFT),
    "the first line so": ("表式: department", "表式 department", LEFT),
    "the first line one blank too far": ("表式: department", " 表式: department", MEANT),
    "a comment behind a wide blank": ("  - 编研", "\u3000# 注\n  - 编研", "  # 注\n  - 编研"),
    "a line with wide blanks only": ("  - 编研", "\u3000\n  - 编研", "  \n  - 编研"),
    "three points between two groups": ("\n年度目标:", "\n...\n年度目标:", LEFT),
    "two dashes": ("  - 编研档", "  -- 编研档", MEANT),
    "an item behind the name of its list": ("\n年度目标:\n  - ", "\n年度目标: - ", LEFT),
    "a row over two lines without the comma between": ("支出, 总预算: 61.9", "支出\n     总预算: 61.9", LEFT),
    "so, with a wide comma": ("支出, 总预算: 61.9", "支出，\n     总预算: 61.9", "支出,\n     总预算: 61.9"),
    "a bracket closed too early": (", 前年: 98.0%, ", ", 前年: 98.0%}, ", MEANT),
    "wide square brackets around a group": ("{上年: 441.28, 前年: 428.75}", "［上年: 441.28, 前年: 428.75］", MEANT),
    "round brackets around a group": ("{上年: 441.28, 前年: 428.75}", "(上年: 441.28, 前年: 428.75)", MEANT),
    "wide round ones": ("{上年: 441.28, 前年: 428.75}", "（上年: 441.28, 前年: 428.75）", MEANT),
    "no brackets around a group": ("{上年: 441.28, 前年: 428.75}", "上年: 441.28, 前年: 428.75", MEANT),
    "brackets in a text in brackets": ("用途: 办公、", "用途: 办公[甲]、", LEFT),
    "a colon before the wide comma of a text": (END, "用途: 按1: 2，办公。}", '用途: "按1: 2，办公。"}'),
    "a wide colon and a wide comma before a member": (
        "类别: 运转类项目支出, 总预算: 61.9, ", "类别：运转类项目支出，总预算: 61.9, ", MEANT,
    ),
}  # fmt: skip


def slip(name: str) -> tuple[str, str, int]:
    """The sample with a slip, what `--fix` should make of it, and the line of the first difference."""
    old, new, fixed = SLIPS[name]
    assert old in SAMPLE, name
    text = SAMPLE.replace(old, new, 1)
    meant = {MEANT: SAMPLE, LEFT: text}.get(fixed, SAMPLE.replace(old, fixed, 1))
    pairs = zip(SAMPLE.split("\n"), text.split("\n"), strict=False)
    return text, meant, next(number for number, (one, other) in enumerate(pairs, 1) if one != other)


def said(text: str) -> list[int]:
    """The lines of what is found in a text, whether it can be read or not."""
    try:
        return [finding.place.line for finding in text_lines.findings(reader.load_yaml(text.encode(), "x"))]
    except DataError as error:
        return [finding.place.line for finding in error.findings]


@pytest.mark.parametrize("name", SLIPS)
def test_the_line_of_a_slip_is_named_and_no_other(name):
    text, _, line = slip(name)
    assert said(text) == [line]


@pytest.mark.parametrize(
    ("old", "new", "below"),
    [("  - 编研", "# 甲\n      # 乙\n  -编研", 2), ("档案展览，发", "档案展览，\n发", 1)],
)
def test_the_line_is_named_that_is_wrong_below_new_lines(old, new, below):
    first = SAMPLE[: SAMPLE.index(old)].count("\n") + 1
    assert said(SAMPLE.replace(old, new, 1)) == [first + below]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_repaired_as_it_was_meant_or_left(name):
    text, meant, _ = slip(name)
    content = repair(text.encode(), "x").content
    assert content.decode() == meant
    assert repair(content, "x").content == content


def test_several_lines_with_wide_blanks_stand_beside_the_one_without():
    lines = ["支出:", "  甲: {上年: 1}", "  乙: {上年: 2}", "  丙: {上年: 3}", ""]
    typed = [line.replace("  ", "\u3000\u3000", 1) if line[2:3] in ("甲", "乙") else line for line in lines]
    assert repair("\n".join(typed).encode(), "x").content.decode() == "\n".join(lines)


def test_a_wide_blank_that_leads_out_of_a_group_does_so():
    text = "a:\n  b:\n    c: 1\n\u3000d: 2\n"
    assert repair(text.encode(), "x").content.decode() == text.replace("\u3000", "  ")


@pytest.mark.parametrize(
    "text",
    [
        "a:\n    b:\n      c:\n        d: 1\n  e:\n    c: 2\n",
        "a:\n  b: 1\nc:\n   d: 1\n  e:\n    - x\n",
        "x: 1\na:\n    b: 1\n   c: 2\n  d: 3\n",
    ],
)
def test_what_stands_too_deep_without_a_like_is_said_and_left(text):
    assert said(text)
    assert repair(text.encode(), "x").content.decode() == text


def test_there_are_enough_of_them():
    assert len(SLIPS) >= 60
