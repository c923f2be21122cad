"""What was public and changed wants an entry that tells the public: day, reason, path, value before."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.project.snapshot import Project
from perfgen.system import day
from tests.helpers import projects, tiny, versions

pytestmark = pytest.mark.long

REAL = "data/2025/示例市档案馆.yaml"
EAST = "data/2025/东园.yaml"
AFTER, BEFORE = "2025-03-05", "2025-02-11"
"""A day after the unit became public, and one before."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The real form and a unit that is public since 2025-02-12, committed."""
    root = projects.with_form(tmp_path / "仓库", "data/site.yaml", REAL)
    versions.git(root, "init", "-q", "-b", "main")
    versions.commit(root, "起点")
    return root


def diff(root: Path, *arguments: str, date: str = AFTER) -> dict:
    out = root / "build/diff.json"
    code = cli.main(["-C", str(root), "diff", "HEAD", "--date", date, "--format", "json", "-o", str(out), *arguments])
    assert code in (0, 1)
    return json.loads(out.read_text("utf-8"))


def wanted(root: Path, date: str = AFTER) -> dict[str, str]:
    """By path, the value before, of the corrections that are missing."""
    return {one["path"]: one["before"] for one in diff(root, date=date)["corrections"]}


def edit(root: Path, *changes: tuple[str, str], file: str = REAL) -> None:
    for old, new in changes:
        versions.edit(root, old, new, file)


def paste(root: Path, reason: str = "录入时看错了一行", file: str = REAL) -> list[str]:
    """Does what the comparison says to do: its lines, with a reason; gives the lines."""
    lines = [one["line"].replace("理由: ,", f"理由: {reason},") for one in diff(root)["corrections"]]
    text = (root / file).read_text("utf-8")
    head, field, rest = text.partition("更正记录:\n")
    field, rest = (field, rest) if field else ("更正记录:\n", "")
    (root / file).write_text(f"{head}{field}" + "".join(f"  {line}\n" for line in lines) + rest, "utf-8")
    return lines


PROJECT = "  - {项目名称: 馆库与数字档案系统运行维护"
NEW_PROJECT = "  - {项目名称: 库房改造, 类别: 运转类项目支出, 总预算: 1, 本年度预算: 1, 用途: 换门窗。}\n"
GOAL = "扩大档案开放范围，丰富档案文化产品，增强全社会档案意识。"


def test_each_kind_of_change_to_what_was_public(archive):
    edit(
        archive,
        ("当年: 548.46", "当年: 549.46"),
        ("总预算: 61.9, 本年度预算: 61.9", "总预算: 62.9, 本年度预算: 62.9"),
        (GOAL, "扩大档案开放范围。"),
        ("三级指标: 馆藏档案总量", "三级指标: 馆藏总量"),
        (PROJECT, NEW_PROJECT + PROJECT),
        ("填报人: 示例", "填报人: 另一人"),
    )  # fmt: skip
    found = wanted(archive)
    assert found["收入构成.财政拨款.当年"] == "548.46"
    assert found["项目支出[公用经费].总预算"] == "61.9"
    assert found["年度目标[2]"] == GOAL
    assert [before for path, before in found.items() if path.endswith("[馆藏档案总量].三级指标")] == ["馆藏档案总量"]
    assert found["项目支出[库房改造]"] == "没有"
    assert not any("填报人" in path for path in found) and len(found) == 6


def test_a_row_that_went_is_told_by_what_was_public_of_it(archive):
    text = (archive / REAL).read_text("utf-8")
    (line,) = re.findall(r"^ *- \{三级指标: 档案文化影响力,.*\n", text, re.MULTILINE)[:1]
    (archive / REAL).write_text(text.replace(line, "", 1), "utf-8")
    ((path, before),) = wanted(archive).items()
    assert path.endswith("[档案文化影响力]") and before.startswith("三级指标 档案文化影响力；") and "持续提升" in before


def test_a_row_that_moved_is_told_by_where_it_was(archive):
    text = (archive / REAL).read_text("utf-8")
    (line,) = re.findall(r"^ *- \{三级指标: 永久档案数字化率,.*\n", text, re.MULTILINE)[:1]
    moved = text.replace(line, "", 1).replace("      数字档案馆建设:\n", "", 1)
    at = moved.index("      档案保管安全:\n") + len("      档案保管安全:\n")
    (archive / REAL).write_text(moved[:at] + line + moved[at:], "utf-8")
    found = {path: before for path, before in wanted(archive).items() if path.endswith("[永久档案数字化率]")}
    ((path, before),) = found.items()
    assert ".档案保管安全[" in path and before == path.replace("档案保管安全", "数字档案馆建设")


def test_before_its_day_nothing_is_a_correction(archive):
    edit(archive, ("当年: 548.46", "当年: 549.46"))
    assert wanted(archive, BEFORE) == {} and list(wanted(archive, "2025-02-12")) == ["收入构成.财政拨款.当年"]
    (archive / "data/site.yaml").write_text("站点: {名称: 甲, 域名: a.cn, 标识码: bm00000000}\n", "utf-8")
    assert list(wanted(archive)) == ["收入构成.财政拨款.当年"], "what the old version published was public"


def test_a_repository_without_dates_is_asked_for_nothing(archive):
    (archive / "data/site.yaml").unlink()
    versions.commit(archive)
    edit(archive, ("当年: 548.46", "当年: 549.46"))
    assert wanted(archive) == {}


def test_the_lines_pasted_with_a_reason_are_the_answer(archive, capsys):
    edit(archive, ("当年: 548.46", "当年: 549.46"), (GOAL, "扩大开放：“范围”, {更} #大。"), ("≤0.4元", "≤0.5元"))
    assert len(paste(archive)) == 3
    assert wanted(archive) == {}
    assert not [f for unit in diff(archive)["units"] for f in unit["findings"] if f["rule"] in {"R10", "R11"}]
    capsys.readouterr()
    assert cli.main(["-C", str(archive), "check", "--changed", "HEAD", "--date", AFTER]) == 1, "the sum is another now"
    said = capsys.readouterr()
    assert "R10" not in said.out + said.err and "更正记录" not in said.out + said.err


def test_a_line_pasted_without_a_reason_is_an_error(archive, capsys):
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    paste(archive, reason="")
    assert cli.main(["-C", str(archive), "check", REAL]) == 1
    assert "“更正记录[1].理由”没有填" in capsys.readouterr().out


def test_an_entry_that_was_there_answers_no_later_change(archive):
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    paste(archive)
    versions.commit(archive)
    edit(archive, ("指标值: ≤0.3元", "指标值: ≤0.4元"))
    paste(archive, reason="上次改错了，改回来")
    versions.commit(archive)
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    ((path, before),) = wanted(archive).items()
    assert before == "≤0.4元" and path.endswith("[档案数字化单页成本].指标值")


def test_an_entry_that_is_changed_or_goes_is_itself_a_change(archive):
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    paste(archive)
    versions.commit(archive)
    edit(archive, ("录入时看错了一行", "另一个理由"))
    ((path, before),) = wanted(archive).items()
    assert path.startswith("更正记录[") and before == "录入时看错了一行"


def test_check_says_it_of_what_is_compared(archive, capsys):
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))

    def check(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.main(["-C", str(archive), "check", "--format", "json", *arguments])
        return code, capsys.readouterr().out

    code, said = check("--changed", "HEAD", "--date", AFTER)
    (found,) = [one for one in json.loads(said) if one["rule"] == "R10"]
    assert code == 0 and found["level"] == "警告" and found["file"] == REAL and found["line"] > 0
    assert "已经公开（2025-02-12）" in found["message"] and "- {日期: 2025-03-05, 理由: , 位置: " in found["hint"]
    assert found["hint"].startswith("加上“更正记录:”，下面加一行，行首空两格，写上理由：- {")
    assert "R10" not in check("--changed", "HEAD", "--date", BEFORE)[1]
    assert "R10" not in check("--date", AFTER)[1], "nothing to compare with"


def test_the_page_shows_entries_and_nothing_without_them(archive, pdf_stands_in):
    today = day.Day(day.parse(AFTER), day.Origin.OPTION)
    assert batch.build(BuildOrder(Project.on_disk(archive), day=today)).exit_code == 0
    folder = archive / "build/public/2025/示例市档案馆"
    bare = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".pdf"}
    assert not any("更正".encode() in content for content in bare.values())
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    paste(archive)
    assert batch.build(BuildOrder(Project.on_disk(archive), day=today)).exit_code == 0
    page = (folder / "index.html").read_text("utf-8")
    assert "公开以后的更正" in page and "录入时看错了一行" in page and "≤0.4元" in page
    data = json.loads((folder / "data.json").read_text("utf-8"))
    assert [list(row) for row in data["更正记录"]] == [["日期", "理由", "位置", "原来"]]
    assert "更正记录" in json.loads((folder / "data.schema.json").read_text("utf-8"))["properties"]


# other forms


def orchard(root: Path, item: dict | None) -> Path:
    """Two units of another form, public and committed; `item` are the rows of its list of corrections."""
    root = tiny.make(root)
    schema = json.loads(tiny.SCHEMA_TEXT)
    names = schema["properties"]["水果"]["items"]["properties"]
    names["名称"] = {"type": "string"}
    schema["properties"]["水果"]["x-identity"] = "名称"
    if item is not None:
        schema["properties"]["更正"] = {
            "type": "array", "x-role": "corrections", "x-printed": False, "items": {
                "type": "object", "additionalProperties": False, "properties": item}}  # fmt: skip
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    versions.git(root, "init", "-q", "-b", "main")
    versions.commit(root, "起点")
    edit(root, ("斤数: 2", "斤数: 4"), ("备注: 内部", "备注: 别的"), file=EAST)
    return root


TEXT = {"type": "string", "x-printed": False}


def test_a_form_without_the_field_is_said_and_nothing_more(tmp_path, capsys):
    root = orchard(tmp_path / "果园", None)
    found = diff(root)
    assert found["corrections"] == []
    (note,) = [f for unit in found["units"] for f in unit["findings"]]
    assert (note["rule"], note["level"]) == ("R11", "提示") and "改了 1 处" in note["message"]
    capsys.readouterr()
    assert cli.main(["-C", str(root), "check", "--changed", "HEAD", "--date", AFTER]) == 0


def test_a_private_name_is_in_no_path(tmp_path):
    parts = {"何时": TEXT, "为何": TEXT, "何处": TEXT, "曾是": TEXT}
    root = orchard(tmp_path / "果园", parts)
    (one,) = diff(root)["corrections"]
    assert (one["path"], one["before"]) == ("水果[2].斤数", "2") and "梨" not in one["line"]
    assert one["line"] == '- {何时: 2025-03-05, 为何: , 何处: "水果[2].斤数", 曾是: "2"}'


def test_a_field_with_too_few_parts_is_none(tmp_path):
    root = orchard(tmp_path / "果园", {"何时": TEXT, "何处": TEXT})
    assert diff(root)["corrections"] == []


def test_no_field_of_the_old_year_is_corrected_by_the_next(archive):
    """A new year's file is no correction of the last one."""
    text = (archive / REAL).read_text("utf-8").replace("年度: 2025", "年度: 2026").replace("548.46", "600")
    (archive / "data/2026").mkdir()
    (archive / REAL.replace("2025", "2026")).write_text(text, "utf-8")
    (archive / REAL).unlink()
    assert wanted(archive) == {}


@pytest.mark.parametrize("rule", ["R10", "R11", "R12"])
def test_the_rules_can_be_told(archive, capsys, rule):
    assert cli.main(["-C", str(archive), "explain", rule]) == 0
    said = capsys.readouterr().out
    assert rule in said and "为什么：" in said and "怎样改：" in said and "{" not in said


def test_broken_dates_of_the_old_version_are_said_once(archive):
    (archive / "data/site.yaml").write_text("站点: 5\n", "utf-8")
    versions.commit(archive)
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    found = diff(archive)
    rules = [f["rule"] for unit in found["units"] for f in unit["findings"]]
    assert found["corrections"] == [] and rules.count("R12") == 1


def test_diff_takes_the_day_from_the_variable_too(archive, monkeypatch):
    edit(archive, ("指标值: ≤0.4元", "指标值: ≤0.3元"))
    out = archive / "build/diff.json"
    for seconds, count in (("1739030400", 0), ("1741100000", 1)):
        monkeypatch.setenv(day.VARIABLE, seconds)
        cli.main(["-C", str(archive), "diff", "HEAD", "--format", "json", "-o", str(out)])
        assert len(json.loads(out.read_text("utf-8"))["corrections"]) == count
