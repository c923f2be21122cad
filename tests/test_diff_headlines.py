"""First lines that are true: whole files count, all units stand beside, one thing is said once, who changed what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.comparison.classify import Class
from perfgen.project.snapshot import Project
from perfgen.review import formats
from perfgen.review.compare import Comparison, compare
from perfgen.review.headline import headline, with_errors
from perfgen.review.versions import range_of
from perfgen.system import git_history
from tests.conftest import REPOSITORY
from tests.helpers.projects import with_form
from tests.helpers.versions import commit, compared, edit, git

SAMPLE = "data/2025/示例市档案馆.yaml"
TEXT = (REPOSITORY / SAMPLE).read_text("utf-8")
SMALL = (REPOSITORY / "tests/cases/diff/money/old.yaml").read_text("utf-8")
PAGES = "三级指标: 完成档案数字化页数, 前年: 43万页, 上年: 46.2万页, 指标值: "
D19 = "  D19 完成档案数字化页数: 永久档案数字化接近完成，剩余不到50万页。\n"
UNITS = ("甲", "乙", "丙", "丁")


@pytest.fixture
def root(tmp_path) -> Path:
    """A repository with four small units of one year, each with 600 万元."""
    folder = with_form(tmp_path / "project").resolve()
    for name in UNITS:
        (folder / file_of(name)).write_text(SMALL.replace("示例市某局", f"示例市{name}局"), "utf-8")
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def file_of(name: str) -> str:
    return f"data/2025/示例市{name}局.yaml"


def since_head(root: Path, *wanted: str) -> Comparison:
    return compare(Project.on_disk(root), range_of(root, "HEAD"), [(path, path) for path in wanted])


class TestMoney:
    def test_of_files_that_went_beside_all_units(self, root):
        for name in UNITS[:2]:
            (root / file_of(name)).unlink()
        edit(root, "负责全市", "负责本市", file_of("丙"))
        lines = headline(since_head(root))
        assert "删除了 2 个文件。" in lines[0]
        told = "改动的 3 个单位，收入合计 › 当年金额：1800 → 600 万元，减少 1200 万元（66.67%）；全部 4 个单位"
        wanted = f"{told} 2400 → 1200 万元。"
        assert wanted in lines and not any("没有变" in line for line in lines)

    def test_of_a_file_that_came(self, root):
        (root / file_of("戊")).write_text(SMALL, "utf-8")
        said = "改动的 1 个单位，收入合计 › 当年金额：0 → 600 万元，增加 600 万元；全部 5 个单位 2400 → 3000 万元。"
        assert said in headline(since_head(root))

    def test_all_units_changed(self, root):
        for name in UNITS:
            edit(root, "财政拨款: {当年: 600", "财政拨款: {当年: 610", file_of(name))
        said = "全部 4 个单位，收入合计 › 当年金额：2400 → 2440 万元，增加 40 万元（1.67%）。"
        assert said in headline(since_head(root))

    def test_what_cannot_be_added_up_is_counted(self, root):
        edit(root, "部门职能概述:", "职能:", file_of("丁"))
        commit(root)
        edit(root, "财政拨款: {当年: 600", "财政拨款: {当年: 610", file_of("甲"))
        line = next(line for line in headline(since_head(root)) if "收入合计" in line)
        assert line.endswith("；全部 3 个单位 1800 → 1810 万元（另有 1 个文件算不出，没有算在里面）。")

    def test_of_named_files_nothing_is_said_of_the_others(self, root):
        edit(root, "财政拨款: {当年: 600", "财政拨款: {当年: 610", file_of("甲"))
        assert not any("全部" in line for line in headline(since_head(root, file_of("甲"))))

    def test_nothing_moved(self, root):
        edit(root, "负责全市", "负责本市", file_of("丙"))
        assert "改动的文件里，各项合计的金额没有变。" in headline(since_head(root))

    def test_the_sums_are_in_the_json(self, root):
        (root / file_of("甲")).unlink()
        (one,) = json.loads(formats.render("json", since_head(root)))["sums"]
        assert (one["span"], one["units"], one["uncounted"]) == ("2025", 4, 0)
        assert {(total["old"], total["new"]) for total in one["totals"]} == {("2400", "1800")}


class TestOnce:
    def weaker(self, new: str, old: str = TEXT.replace(f"{PAGES}≥40万页", f"{PAGES}≥48万页").replace(D19, "")):
        return compared(old, new, file=SAMPLE)

    def test_a_relaxation_that_check_finds_too(self):
        unit = self.weaker(TEXT.replace(D19, ""))
        assert [change.rule for change in unit.changes if change.is_open] == ["R01"]
        assert [finding.rule for finding in unit.check_delta.appeared] == []

    def test_another_rule_that_asks_something_else_is_still_told(self):
        unit = self.weaker(TEXT.replace(D19, "").replace(f"{PAGES}≥40万页", f"{PAGES}≥140%"))
        assert "D19" not in {finding.rule for finding in unit.check_delta.appeared}
        assert unit.check_delta.appeared != ()

    def test_the_reason_stands_by_the_change_alone(self):
        unit = self.weaker(TEXT)
        assert [change.reason for change in unit.changes if change.meaning is Class.WEAKER] != [""]
        assert [finding.rule for finding in unit.check_delta.answered] == ["D19"]
        assert list(unit.check_to_tell.by_word()) == [] and unit.check_to_tell.lines() == []

    def test_what_was_dropped_makes_no_finding_vanish(self):
        row = next(line for line in TEXT.splitlines() if PAGES in line)
        unit = compared(TEXT.replace(D19, ""), TEXT.replace(D19, "").replace(f"{row}\n", ""), file=SAMPLE)
        assert [change.meaning for change in unit.changes] == [Class.DROPPED]
        assert unit.check_delta.gone == ()

    def test_what_was_mended_did_vanish(self):
        old = TEXT.replace(D19, "")
        unit = compared(old, old.replace(f"{PAGES}≥40万页", f"{PAGES}≥47万页"), file=SAMPLE)
        assert [finding.rule for finding in unit.check_delta.gone] == ["D19"]

    def test_a_file_that_went_mends_nothing(self):
        assert compared(TEXT.replace(D19, ""), None, file=SAMPLE).check_delta.gone == ()

    def test_a_row_under_another_name_has_its_findings_as_before(self):
        old = TEXT.replace(D19, "")
        unit = compared(old, old.replace("完成档案数字化页数", "完成馆藏档案数字化页数"), file=SAMPLE)
        assert {change.kind.value for change in unit.changes} == {"renamed"}
        assert (unit.check_delta.appeared, unit.check_delta.gone) == ((), ())


class TestErrors:
    def test_they_come_before_all_but_unread_files(self, root):
        edit(
            root,
            "公用经费, 类别: 运转类项目支出, 总预算: 100, 本年度预算: 100",
            "公用经费, 类别: 运转类项目支出, 总预算: 100, 本年度预算: 90",
            file_of("丙"),
        )
        edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of("甲"))
        comparison = since_head(root)
        assert headline(comparison)[0] == "新出现 1 个错误，要先改正：示例市丙局 1 个。"
        first, *_ = comparison.units
        assert first.unit == "示例市丙局" and with_errors(first).startswith("新出现 1 个错误；")
        said = formats.render("text", comparison)
        assert said.index("! 新出现") < said.index("[资金减]") and said.count("A05") == 1
        said = formats.render("markdown", comparison)
        assert said.index("- 错误：") < said.index("| 单位 |")


class TestQuiet:
    def test_layout_and_comments_are_counted(self, root):
        edit(root, "部门职能概述:", "# 一句话\n部门职能概述:", file_of("甲"))
        edit(root, "\n部门职能概述:", "\n\n部门职能概述:", file_of("乙"))
        assert headline(since_head(root)) == ["没有变化。", "另有 2 个文件只改了格式或注释。"]

    def test_beside_a_change(self, root):
        edit(root, "部门职能概述:", "# 一句话\n部门职能概述:", file_of("甲"))
        edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of("乙"))
        lines = headline(since_head(root))
        assert lines[-1] == "另有 1 个文件只改了格式或注释。"
        assert json.loads(formats.render("json", since_head(root)))["quiet"] == {"layout": 1, "answers": 0}

    def test_nothing_differs(self, root):
        assert headline(since_head(root)) == ["没有变化。"]


class TestAuthors:
    def test_who_when_and_in_which_commit(self, root, capsys):
        edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of("甲"))
        name = commit(root)
        for kind in ("text", "markdown", "html"):
            cli.main(["-C", str(root), "diff", "HEAD~1..HEAD", "--format", kind])
            said = capsys.readouterr().out.replace("\u200b", "").replace("\\", "")
            assert f"最后改的是 示例，2025-01-10，提交 {name[:8]}。" in said
        cli.main(["-C", str(root), "diff", "HEAD~1..HEAD", "--format", "json"])
        (unit,) = json.loads(capsys.readouterr().out)["units"]
        assert unit["last_change"] == {"author": "示例", "date": "2025-01-10T09:00:00+08:00", "commit": name}

    def test_what_is_not_committed(self, root):
        edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of("甲"))
        comparison = since_head(root)
        assert comparison.last_change(comparison.units[0]) == "还没有提交"

    def test_each_file_has_its_own_commit(self, root):
        wanted = {file_of("丁"): git(root, "rev-parse", "HEAD")}
        for name in UNITS[:3]:
            edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of(name))
            wanted[file_of(name)] = commit(root)
        found = git_history.last_commits(root, "HEAD", [*wanted, "data/2025/没有.yaml"])
        assert {file: one.name for file, one in found.items()} == wanted

    def test_a_change_that_only_a_merge_made(self, root):
        git(root, "checkout", "-q", "-b", "side")
        edit(root, "指标值: ≥95%", "指标值: ≥90%", file_of("甲"))
        commit(root)
        git(root, "checkout", "-q", "main")
        edit(root, "指标值: ≥95%", "指标值: ≥91%", file_of("乙"))
        commit(root)
        git(root, "merge", "-q", "--no-ff", "--no-commit", "side")
        edit(root, "指标值: ≥95%", "指标值: ≥92%", file_of("丙"))
        merge = commit(root)
        assert git_history.last_commits(root, "HEAD", [file_of("丙")])[file_of("丙")].name == merge
