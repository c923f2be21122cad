"""The bureau's list of units: what may stand in it, what is said of it, and that it goes nowhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import units
from perfgen.check.units import FormerName, Reviewer, Unit
from perfgen.findings import DataError
from perfgen.form import forms
from perfgen.project import shipped
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

LIST = """\
# yaml-language-server: $schema=../schema/units.schema.json
截止: 2025-02-20
审核人:
  王五: {邮箱: wangwu@example.com, 密钥: "0123456789ABCDEF"}
  赵六: {邮箱: zhaoliu@example.com}
单位:
  西园:
    曾用名: [老园, {名称: 旧园, 到: 2020}]
    代码: "101001"
    分组: 一组
    联系人: 张三 0711-0000000
    提交人: [a@example.com]
    审核人: [王五]
    应报: [fruit]
    截止: 2025-02-10
  东园:
"""


def write(root: Path, text: str) -> Path:
    path = root / units.FILE
    path.write_text(text, "utf-8")
    return path


def findings(root: Path, text: str) -> list[str]:
    write(root, text)
    with pytest.raises(DataError) as raised:
        units.load_units(snapshot(root))
    return [f"{finding.place}: {finding.message}{finding.hint}" for finding in raised.value.findings]


def test_the_list_is_read_in_its_own_order(tiny_project):
    write(tiny_project, LIST)
    listed = units.load_units(snapshot(tiny_project))
    assert list(listed.units) == ["西园", "东园"]
    former = (FormerName("老园"), FormerName("旧园", 2020))
    assert listed.units["西园"] == Unit(
        "西园", former, "101001", "一组", "张三 0711-0000000", ("a@example.com",), ("王五",), ("fruit",), "2025-02-10"
    )
    assert listed.units["东园"] == Unit("东园", deadline="2025-02-20")
    assert listed.reviewers["王五"] == Reviewer("王五", "wangwu@example.com", "0123456789ABCDEF")
    assert listed.place(("单位", "西园", "截止")).line == 15


def test_without_a_list_nothing_is_listed(tiny_project):
    assert units.load_units(snapshot(tiny_project)).units == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{邮箱: zhaoliu@example.com}", "{邮箱: 没有}", "data/units.yaml:5:12: "),
        ("{邮箱: zhaoliu@example.com}", "{密钥: 0123456789}", "缺少“邮箱”"),
        ("审核人: [王五]", "审核人: [王武]", "data/units.yaml:13:11: 审核人里没有“王武”。是不是“王五”？"),
        ("应报: [fruit]", "应报: [friut]", "data/units.yaml:14:10: 没有这张表：“friut”。是不是“fruit”？"),
        ("    截止: 2025-02-10", "    截止: 二月十日", "日期写成 2026-02-10 这样"),
        ("    截止: 2025-02-10", "    截止: 2025-02-30", "不是日历上有的一天"),
        ("  东园:", "  东园: {代码: '101001'}", "代码 101001 和“西园”的一样"),
        ('代码: "101001"', "代码: 101001", "加英文双引号"),
        ("曾用名: [老园,", "曾用名: [东园,", "写明用到哪一年：{名称: 东园, 到: 年度}"),
        ("曾用名: [老园,", "曾用名: [西园,", "曾用名“西园”就是现在的名称"),
        ("曾用名: [老园,", "曾用名: [旧园,", "“旧园”写了两次"),
        ("到: 2020}", "至: 2020}", "没有“至”这一项"),
        ("曾用名: [老园, {名称: 旧园, 到: 2020}]", "曾用名: 老园", "应该是一个列表"),
        ("分组: 一组", "组: 一组", "没有“组”这一项"),
        ("  东园:", "  东园: 有", "应该是一组“名称: 值”"),
        ("单位:\n", "单位\n", "data/units.yaml:"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tiny_project, old, new, said):
    assert old in LIST
    lines = findings(tiny_project, LIST.replace(old, new, 1))
    assert any(said in line for line in lines) and all(line.startswith("data/units.yaml:") for line in lines)


def test_a_dated_earlier_name_may_be_another_units_name_now(tiny_project):
    write(tiny_project, LIST.replace("曾用名: [老园,", "曾用名: [{名称: 东园, 到: 2019},"))
    assert units.load_units(snapshot(tiny_project)).units["西园"].former[0] == FormerName("东园", 2019)


def test_check_judges_the_list_with_every_file(tiny_project, capsys):
    write(tiny_project, LIST.replace("[王五]", "[王武]"))
    for arguments in ([], ["data/2025/东园.yaml"], ["data/units.yaml"]):
        names = [str(tiny_project / name) for name in arguments]
        code = cli.main(["-C", str(tiny_project), "check", *names])
        assert code == 1 and "data/units.yaml:13:11: 错误 审核人里没有“王武”" in capsys.readouterr().out


def test_what_is_typed_wrong_in_the_list_is_repaired(tiny_project, capsys):
    path = write(tiny_project, LIST.replace("分组: 一组", "分组：一组"))
    assert cli.main(["-C", str(tiny_project), "check", "--fix"]) == 1
    assert path.read_text("utf-8") == LIST and "data/units.yaml：改了 1 处" in capsys.readouterr().err


@pytest.mark.pdf
def test_the_installed_schema_decides(tiny_project, capsys):
    (tiny_project / "schema/units.schema.json").write_text('{"type": "string"}', "utf-8")
    write(tiny_project, LIST)
    assert cli.main(["-C", str(tiny_project), "check"]) == 0
    assert cli.main(["-C", str(tiny_project), "doctor"]) in (0, 3)
    assert "schema/units.schema.json：和程序带的不一样；程序用自己带的" in capsys.readouterr().out


def test_the_schema_of_the_list_is_no_form(tiny_project):
    for path in shipped.SETTINGS_SCHEMAS:
        shutil.copy(REPOSITORY / path, tiny_project / path)
    assert forms.names(snapshot(tiny_project)) == ["fruit"]


def test_a_new_repository_has_the_schema_for_its_editors(tmp_path):
    assert cli.main(["-C", str(tmp_path), "init", "新"]) == 0
    assert (tmp_path / "新" / shipped.UNITS_SCHEMA).read_bytes() == (REPOSITORY / shipped.UNITS_SCHEMA).read_bytes()
    settings = json.loads((tmp_path / "新/.vscode/settings.json").read_text("utf-8"))
    assert settings["yaml.schemas"]["schema/units.schema.json"] == "data/units.yaml"
