"""A number that is typed where the template prints one is said and taken away; a text that begins with one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen import cli
from perfgen.authoring.repair_values import repair_values
from perfgen.build import job
from perfgen.fields import Field
from perfgen.findings import Finding
from perfgen.form.numbered import typed_number, without_number
from perfgen.project.layout import DataFile
from perfgen.source import reader
from perfgen.table import numbering
from perfgen.table.tags import Literal_, Open, Print
from perfgen.table.template import Repeat, TemplateParagraph
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"
DUTY = "贯彻执行档案工作法律法规"
GOAL = "建设馆藏丰富、管理规范、安全可靠的现代化综合档案馆"


def numbered(root: Path, *changes: tuple[str, str]) -> list[Finding]:
    path = root / SOURCE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    result, _ = job.check_file(snapshot(root), DataFile.at(SOURCE))
    return [finding for finding in result.findings if finding.rule in ("numbering", "E01", "E01a")]


@pytest.mark.parametrize(
    "number",
    ["1.", "1. ", "5、", "（一）", "(一)", "( 二 )", "（三）、", "３．", "3）", "一、", "十二、", "①", "⑵", "第一，",
     "第二、", "1．", "目标1：", "目标 2:", "目标三、", "目标4."],
)  # fmt: skip
def test_a_typed_number_is_known(number):
    assert typed_number(f"{number}{DUTY}", ("目标",)) == number
    assert without_number(f"{number}{DUTY}", ("目标",)) == DUTY


@pytest.mark.parametrize(
    "text",
    ["2025年建成", "1个中心", "5G网络建设", "（市级）医院", "12345热线办理", "一、二级医院", "5、6月份开展",
     "1.5亿元投资", "3.15消费者权益日", "第一、第二产业协调", "第一书记驻村", "一网通办", "7:30前开门", "1:N模式",
     "110、119联动", "（2025年）", "三公经费", "目标明确", "目标1个以上", "十百千工程", "①", "（一）", "", "  "],
)  # fmt: skip
def test_a_text_that_begins_with_a_number_is_left_alone(text):
    assert typed_number(text, ("目标",)) == ""


def test_each_list_that_the_template_numbers_is_told(project):
    found = numbered(
        project, (f"- {DUTY}", f"- 1.{DUTY}"), ("- 做好档案接收征集", "- （一）做好档案接收征集"),
        (f"    - {GOAL}", f"    - 目标1：{GOAL}"), ("  - 做好档案接收、", '  - "目标1：做好档案接收、'),
        ("保障单位正常运转。\n  - 扩", '保障单位正常运转。"\n  - 扩'),
    )  # fmt: skip
    assert [(one.rule, one.path) for one in found] == [
        ("numbering", ("部门职能概述", 0)), ("numbering", ("年度工作任务", 0)), ("numbering", ("长期目标", "目标", 0)),
        ("numbering", ("年度目标", 0)),
    ]  # fmt: skip
    assert all("编号由模板加" in one.message and one.hint.startswith("去掉“") for one in found)


def test_where_the_template_prints_no_number_none_is_doubled(project):
    assert numbered(project, ("用途: 在职人员工资", "用途: 1.在职人员工资")) == []


def test_a_copied_goal_is_told_the_same_cause(project):
    (found,) = numbered(project, (f"  - 目标: {GOAL}", f"  - 目标: 目标1：{GOAL}"))
    assert found.rule == "numbering" and "照抄" in found.message


def test_fix_takes_it_away_and_nothing_else(project, capsys):
    before = (project / SOURCE).read_text("utf-8")
    numbered(
        project, (f"- {DUTY}", f"- 1. {DUTY}"), (f"    - {GOAL}", f"    - 目标1：{GOAL}"),
        (f"目标: {GOAL}", f"目标: 目标1：{GOAL}"),
    )  # fmt: skip
    assert cli.main(["-C", str(project), "check", "--fix", SOURCE]) == 1
    assert (project / SOURCE).read_text("utf-8") == before
    capsys.readouterr()


def test_words_in_an_amount_go_with_their_member_or_leave_it_empty(project):
    text = (project / SOURCE).read_text("utf-8")
    data = reader.load_yaml(text.encode(), SOURCE).data
    old = data["收入构成"]["财政拨款"]
    typed = text.replace("总预算: 61.9,", "总预算: 无,").replace(f"前年: {old['前年']}", "前年: —", 1)
    assert typed != text
    repaired = repair_values(snapshot(project), SOURCE, typed.encode())
    fixed = reader.load_yaml(repaired.content, SOURCE).data
    assert "前年" not in fixed["收入构成"]["财政拨款"]
    assert fixed["项目支出"][1]["总预算"] is None
    assert {one.path[-1] for one in repaired.answered} == {"前年", "总预算"}
    again = repair_values(snapshot(project), SOURCE, repaired.content)
    assert again.content == repaired.content and again.answered == ()


def test_a_group_whose_name_the_template_numbers_is_found_by_its_name():
    inner = Field("object", "组", members={"数": Field("value", "数", numeric=True)})
    fields = Field("object", "", members={"各组": Field("object", "各组", groups="组们", label="名", other=inner)})
    data = {"各组": {"（一）甲": {"数": 1}, "乙": {"数": 2}}}
    pieces = (Literal_("（"), Print(("loop", "index"), "中文数字"), Literal_("）"), Print(("组", "名")))
    loop = Repeat(Open("p", ("各组", "组们"), "组"), (TemplateParagraph(pieces, "left"),))
    found = list(numbering._walk((loop,), numbering._Seen((), fields, data, ""), {}))
    assert [(one.path, one.text, one.is_name) for one in found] == [
        (("各组", "（一）甲"), "（一）甲", True), (("各组", "乙"), "乙", True),
    ]  # fmt: skip
    assert typed_number(found[0].text, found[0].words) == "（一）"
