"""One reason for one relaxation: it answers a comparison and every rule that asks the same, wherever it is written."""

from __future__ import annotations

import json
import shutil

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.check.reasons import innermost
from perfgen.comparison.classify import Class
from perfgen.findings import Finding, FormError, Level
from perfgen.form.rules import Asked
from perfgen.project.layout import DataFile
from perfgen.review import formats, headline
from perfgen.review.compare import Comparison, compare
from perfgen.review.rules import WANTS_REASON
from perfgen.review.versions import VersionRange, range_of
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.projects import snapshot
from tests.helpers.versions import compared
from tests.test_rules_file import RULE, read

SOURCE, LAST = "data/2025/示例市档案馆.yaml", "data/2024/示例市档案馆.yaml"
PAGES, RULES = "完成档案数字化页数", "修订馆内管理制度"
OWN = f"""  D19 {PAGES}: 永久档案数字化接近完成，剩余不到50万页。
  D19 {RULES}: 主要制度上年已经修订，今年按需要进行。
"""
TEXT = REPOSITORY.joinpath(SOURCE).read_text("utf-8")
BARE = TEXT.replace(OWN, "")
OPEN = {("D19", PAGES), ("D19a", PAGES), ("D19", RULES), ("D19a", RULES)}


def written(waivers: str = "", reasons: str = "", approvals: str = "", text: str = BARE) -> str:
    """The sample with these reasons beside those it has for other rules."""
    text = text.replace("\n审核说明:\n", "\n审核说明:\n" + "".join(f"  {line}\n" for line in waivers.splitlines()), 1)
    for name, lines in (("调整理由", reasons), ("审核记录", approvals)):
        block = "".join(f"  {line}\n" for line in lines.splitlines())
        text = text.replace("\n审核说明:\n", f"\n{name}:\n{block}审核说明:\n", 1) if block else text
    return text


@pytest.fixture
def told(project, monkeypatch):
    """What `check` says of the sample beside last year's: the reason of each D19 and D19a, and of the reasons."""
    # each finding by itself: at one value one of the two tells the other
    monkeypatch.setattr("perfgen.check.covering.one_for_each_value", lambda findings, _: list(findings))
    (project / "data/2024").mkdir()
    shutil.copy(REPOSITORY / LAST, project / LAST)

    def tell(text: str) -> tuple[dict[tuple[str, str], str], list[Finding]]:
        (project / SOURCE).write_text(text, "utf-8")
        result, _ = job.check_file(snapshot(project), DataFile.at(SOURCE))
        assert not [f for f in result.findings if f.level is Level.ERROR]
        asked = [finding for finding in result.findings if finding.rule in ("D19", "D19a")]
        rows = {(f.rule, name): f.reason for f in asked for name in (PAGES, RULES) if f"“{name}”" in f.message}
        return rows, [f for f in result.findings if f.rule.startswith("waiver")]

    return tell


def test_the_sample_asks_twice_of_two_rows(told):
    assert told(BARE) == (dict.fromkeys(OPEN, ""), [])


@pytest.mark.parametrize(
    ("waivers", "reasons"),
    [
        ("", f"{PAGES}: 接近完成了"),
        (f"D19 {PAGES}: 接近完成了", ""),
        (f"D19a {PAGES}: 接近完成了", ""),
        ("", f"“{PAGES}”: 接近完成了"),
        ("", f"年度绩效指标 › {PAGES}: 接近完成了"),
        (f"D19a 年度绩效指标 › 履职效能 › {PAGES}: 接近完成了", ""),
    ],
)
def test_one_reason_answers_every_rule_that_asks_of_its_row_and_no_other_row(told, waivers, reasons):
    rows, idle = told(written(waivers, reasons))
    assert rows == {key: "接近完成了" if key[1] == PAGES else "" for key in OPEN} and idle == []


def test_reasons_in_three_places_answer_and_none_is_stale(told):
    both = f"D19 {PAGES}: 理由写在甲处\nD19a {PAGES}: 理由写在乙处\nD19 {RULES}: 制度已经修订\nD19a {RULES}: 同上不再写"
    rows, idle = told(written(both, f"{PAGES}: 理由写在丙处\n{RULES}: 制度已经修订"))
    assert all(rows.values()) and idle == []
    assert (rows["D19", PAGES], rows["D19a", PAGES]) == ("理由写在甲处", "理由写在乙处")


def test_reasons_for_the_whole_file_answer_their_own_rule_as_before(told):
    rows, idle = told(written("D19: 数字化接近完成\nD19a: 上年的目标偏高"))
    assert idle == [] and rows == {key: "数字化接近完成" if key[0] == "D19" else "上年的目标偏高" for key in OPEN}
    rows, idle = told(written("D19: 数字化接近完成"))
    assert idle == [] and rows == {key: "数字化接近完成" if key[0] == "D19" else "" for key in OPEN}


def test_a_reason_for_a_row_comes_before_one_for_the_whole_file_which_stays(told):
    rows, idle = told(written("D19: 数字化接近完成\nD19a: 上年的目标偏高", f"{PAGES}: 剩余不多了\n{RULES}: 已经修订"))
    assert rows == {key: "剩余不多了" if key[1] == PAGES else "已经修订" for key in OPEN} and idle == []


def test_a_reason_for_a_group_answers_what_lies_in_it(told):
    rows, idle = told(written("", "履职效能: 任务总量减少"))
    assert rows["D19a", PAGES] == rows["D19", PAGES] == "任务总量减少" and rows["D19", RULES] == "" and idle == []


def test_a_reason_about_another_row_answers_nothing(told):
    rows, _ = told(written("", "查档群众满意度: 上年的目标偏高"))
    assert not any(rows.values())


def test_the_name_of_a_member_is_no_name_of_a_row(told):
    assert not any(told(written("", "指标值: 上年的目标偏高"))[0].values())


def test_a_reason_that_is_taken_away_leaves_the_warnings(told):
    assert all(told(written("", f"{PAGES}: 接近完成了\n{RULES}: 已经修订"))[0].values())
    assert not any(told(BARE)[0].values())


@pytest.mark.parametrize(
    ("waivers", "said"),
    [
        (
            f"D19a {PAGES}量: 接近完成了",
            f"D19a 在“{PAGES}量”没有发现，这条说明用不着了。是不是“{PAGES}”？不是就删掉这一行。",
        ),
        ("D19 接收档案数量: 接收的减少了", "D19 在“接收档案数量”没有发现，这条说明用不着了。删掉这一行。"),
    ],
)
def test_a_reason_that_answers_nothing_is_still_stale(told, waivers, said):
    rows, (idle,) = told(written(waivers))
    assert not any(rows.values()) and idle.message + idle.hint == said


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("完成档案数字化页", True),
        ("履职效能 › 完成档案的数字化页数", True),
        ("接收档案数量", False),
        ("履职效能", False),
        ("别的一行", False),
    ],
)
def test_a_reason_by_a_name_that_nothing_has_is_told_where_a_row_waits(told, name, is_told):
    _, notes = told(written("", f"{name}: 接近完成了"))
    said = [(f.rule, f.level, f.message) for f in notes]
    assert said == [("waiver-name", Level.WARNING, f"没有叫“{name}”的，这条理由没有答复什么。")] * is_told
    assert all(f.hint.startswith(f"是不是“{PAGES}”？照抄名称") for f in notes)


def test_a_misspelt_name_is_not_told_once_its_row_has_a_reason(told):
    assert told(written(f"D19 {PAGES}: 接近完成了", "完成档案数字化页: 接近完成了"))[1] == []


def test_a_reason_about_last_years_value_is_stale_once_both_agree(told):
    (stale,) = told(written(f"last-year {PAGES}: 上年核减了"))[1]
    assert (stale.rule, stale.level) == ("waiver-stale", Level.WARNING)


def test_after_a_row_is_renamed_its_reason_no_longer_fits(told):
    text = written(f"D19 {PAGES}: 接近完成了", text=BARE.replace(f"三级指标: {PAGES}", "三级指标: 完成数字化页数"))
    rows, idle = told(text)
    assert [(f.rule, f.level) for f in idle] == [("waiver-stale", Level.WARNING)] and rows["D19", RULES] == ""


def test_reasons_that_were_row_by_row_still_fit_their_rows(told):
    rows, idle = told(TEXT)
    assert all(rows.values()) and idle == []


def test_the_hint_shows_the_line_to_type_and_that_line_answers(told, project):
    told(BARE)
    found = job.check_file(snapshot(project), DataFile.at(SOURCE))[0].findings
    hints = {f.hint.split("“调整理由”里写一行“")[1].split("”。")[0] for f in found if f.rule in ("D19", "D19a")}
    assert hints == {f"{PAGES}: 为什么", f"{RULES}: 为什么"}
    lines = "\n".join(line.replace("为什么", "接近完成了") for line in hints)
    assert set(told(written("", lines))[0].values()) == {"接近完成了"}


class TestComparison:
    """The target of PAGES weaker than before, in the year's own file."""

    OLD = BARE.replace("指标值: ≥40万页", "指标值: ≥48万页")

    def change(self, new: str, old: str | None = None):
        unit = compared(old or self.OLD, new, file=SOURCE)
        (weaker,) = [change for change in unit.changes if change.meaning is Class.WEAKER]
        return weaker, unit

    @pytest.mark.parametrize(
        ("waivers", "reasons"),
        [
            ("", f"{PAGES}: 接近完成了"),
            (f"D19 {PAGES}: 接近完成了", ""),
            (f"D19a {PAGES}: 接近完成了", ""),
            (f"D19 {PAGES}: 接近完成了\nD19a {PAGES}: 接近完成了", f"{PAGES}: 接近完成了"),
            ("", "履职效能: 接近完成了"),
            ("", f"履职效能 › {PAGES}: 接近完成了"),
        ],
    )
    def test_the_reason_answers_here_too(self, waivers, reasons):
        weaker, unit = self.change(written(waivers, reasons))
        assert (weaker.reason, weaker.is_open, unit.findings) == ("接近完成了", False, ())

    @pytest.mark.parametrize(
        "waivers", ["D19: 数字化接近完成", f"D10 {PAGES}: 数字化接近完成", f"D19 {RULES}: 已经修订"]
    )
    def test_what_is_not_about_this_row_and_relaxation_does_not(self, waivers):
        assert self.change(written(waivers))[0].is_open

    def test_an_old_reason_under_a_rule_does_not_count(self):
        waivers = f"D19 {PAGES}: 接近完成了"
        assert self.change(written(waivers), written(waivers, text=self.OLD))[0].is_open

    @pytest.mark.parametrize("name", [PAGES, "履职效能", f"履职效能 › {PAGES}"])
    def test_an_old_reason_is_to_be_rewritten_in_its_line(self, name):
        reasons = f"{name}: 接近完成了"
        new = written("", reasons)
        weaker, unit = self.change(new, written("", reasons, text=self.OLD))
        line = new.splitlines().index(f"  {reasons}") + 1
        assert (weaker.is_open, weaker.reason) == (True, "")
        assert weaker.remedy == f"已有的理由说的是上一次，改写第 {line} 行，写这一次为什么。"
        (finding,) = unit.findings
        assert "放宽了，已有的理由说的是上一次。" in finding.message and finding.hint == weaker.remedy
        assert headline.in_short(unit).startswith("放宽 1 项（理由说的都是上一次）")
        rewritten = written("", f"{name}: 只剩不到五十万页")
        assert not self.change(rewritten, written("", reasons, text=self.OLD))[0].is_open

    def test_a_reason_under_a_rule_that_asks_for_a_relaxation_answers_no_dropped_row(self):
        line = next(line for line in BARE.splitlines() if f"三级指标: {PAGES}" in line)
        unit = compared(self.OLD, written(f"D19 {PAGES}: 接近完成了").replace(f"{line}\n", ""), file=SOURCE)
        assert [change.is_open for change in unit.changes if change.meaning is Class.DROPPED] == [True]

    def test_the_old_and_the_new_name_of_a_renamed_row(self):
        for name in (PAGES, "完成数字化页数"):
            new = BARE.replace(f"三级指标: {PAGES}", "三级指标: 完成数字化页数")
            assert self.change(written("", f"{name}: 接近完成了", text=new))[0].reason == "接近完成了"

    def test_two_rows_of_one_name_are_told_apart_by_their_group(self):
        """预算执行率 stands in both blocks; both get weaker, one reason is for one of them."""
        lines = [line for line in BARE.splitlines() if "三级指标: 预算执行率," in line]
        assert len(lines) == 2
        new = BARE
        for line in lines:
            value = line.split("指标值: ")[1].split(",")[0]
            new = new.replace(line, line.replace(f"指标值: {value}", "指标值: ≥80%"))

        def answered(reason: str) -> list[tuple[str, bool]]:
            unit = compared(BARE, written("", reason, text=new), file=SOURCE)
            weaker = [change for change in unit.changes if change.meaning is Class.WEAKER]
            return sorted((change.label.split(" › ")[0], not change.is_open) for change in weaker)

        assert answered("预算执行率: 机构改革了") == [("年度绩效指标", True), ("长期绩效指标", True)]
        for name in ("年度绩效指标", "长期绩效指标"):
            told = answered(f"{name} › 预算执行率: 机构改革了")
            assert told == sorted((block, block == name) for block in ("年度绩效指标", "长期绩效指标"))

    def test_a_reason_that_answers_only_the_check_is_not_called_unused(self, project):
        (project / "data/2024").mkdir()
        shutil.copy(REPOSITORY / LAST, project / LAST)
        text = written("", f"{PAGES}: 接近完成了\n接收档案数目: 写错了名称")
        (project / SOURCE).write_text(BARE, "utf-8")
        versions.git(project, "init", "-q", "-b", "main")
        versions.commit(project)
        (project / SOURCE).write_text(text, "utf-8")
        (unit,) = compare(snapshot(project), range_of(project.resolve(), "HEAD")).units
        assert [finding.message for finding in unit.remarks] == [
            "理由“接收档案数目”对不上任何放宽、取消或换口径的内容。"
        ]

    def test_both_kinds_of_json_show_the_reason(self):
        weaker, unit = self.change(written("", f"{PAGES}: 接近完成了"))
        ends = VersionRange("0" * 40, None, "main", "现在的文件")
        said = json.loads(formats.render("json", Comparison(snapshot(REPOSITORY), ends, (unit,))))
        assert [c["reason"] for c in said["changes"] if c["fingerprint"] == weaker.fingerprint] == ["接近完成了"]
        assert {f["reason"] for f in said["units"][0]["waived"] if f["rule"] == "D19"} == {"接近完成了"}


class TestApprovals:
    """An approved change answers what `check` asks of its row, as long as the row is as it was approved."""

    OLD = BARE.replace("指标值: ≥40万页", "指标值: ≥45万页")  # as in last year's file

    def record(self, old: str, new: str = BARE, more: str = "") -> str:
        (weaker,) = [change for change in compared(old, new, file=SOURCE).changes if change.meaning is Class.WEAKER]
        return f'"{weaker.fingerprint}": {{审核人: 示例, 日期: 2025-01-10{more}}}'

    def test_of_a_target_that_was_carried_over_from_last_year(self, told):
        rows, idle = told(written(approvals=self.record(self.OLD)))
        said = "示例 已于 2025-01-10 同意"
        assert rows == {key: said if key[1] == PAGES else "" for key in OPEN} and idle == []

    def test_of_another_value_before_which_the_record_says(self, told):
        old = BARE.replace("指标值: ≥40万页", "指标值: ≥48万页")
        assert not any(told(written(approvals=self.record(old)))[0].values())
        rows, _ = told(written(approvals=self.record(old, more=", 原来: ≥48万页, 意见: 同意")))
        assert {rows["D19", PAGES], rows["D19a", PAGES]} == {"示例 已于 2025-01-10 同意，意见：同意"}
        assert not rows["D19", RULES]

    def test_is_void_once_the_row_changes_again(self, told):
        record = self.record(self.OLD)
        rows, _ = told(written(approvals=record, text=BARE.replace("指标值: ≥40万页", "指标值: ≥39万页")))
        assert not rows["D19", PAGES] and not rows["D19a", PAGES]

    def test_of_another_unit_is_no_approval(self, told):
        other = [text.replace("部门名称: 示例市档案馆", "部门名称: 示例市别的馆") for text in (self.OLD, BARE)]
        assert not any(told(written(approvals=self.record(*other)))[0].values())

    def test_in_a_comparison_it_answers_the_findings_of_check_too(self):
        old = BARE.replace("指标值: ≥40万页", "指标值: ≥48万页")
        unit = compared(old, written(approvals=self.record(old)), file=SOURCE)
        assert [f for f in unit.check_delta.appeared if f.rule == "D19"] == []
        assert [f.reason for f in unit.check_delta.answered if f.rule == "D19"] == ["示例 已于 2025-01-10 同意"]


class TestRulesFile:
    def test_what_a_rule_asks_is_read(self):
        rules = read(RULE.format("公式: 甲 > 1, 问的是: 放宽"))
        assert rules.rules["A01"].asks is Asked.WEAKER and rules.asking("放宽") == ("A01",)
        assert rules.asking("取消") == () and read(RULE.format("公式: 甲 > 1")).rules["A01"].asks is None

    @pytest.mark.parametrize(
        ("parts", "said"),
        [
            ("问的是: 放松", "“问的是”只能是 放宽、取消 或 口径变化。"),
            ("问的是: [放宽]", "“问的是”只能是 放宽、取消 或 口径变化。"),
            ("问的是: ''", "“问的是”只能是 放宽、取消 或 口径变化。"),
            ("问的: 放宽", "规则 A01 没有“问的”这一项。"),
        ],
    )
    def test_what_nobody_asks_is_a_finding(self, parts, said):
        with pytest.raises(FormError) as caught:
            read(RULE.format(f"公式: 甲 > 1, {parts}"))
        (found,) = caught.value.findings
        assert found.message == said and found.place.line == 2

    def test_an_error_asks_no_reason(self):
        with pytest.raises(FormError) as caught:
            read(RULE.replace("级别: 警告", "级别: 错误").format("公式: 甲 > 1, 问的是: 放宽"))
        assert [f.message for f in caught.value.findings] == ["“问的是”只用于警告和提示：错误要改正，不能写理由。"]

    def test_the_words_are_those_of_a_comparison(self):
        assert {kind.value for kind in WANTS_REASON} == set(Asked)

    def test_without_the_key_reasons_answer_as_they_did(self, told, project):
        """A rules file of before: three reasons, each for its own rule."""
        for name in ("department-target", "measures"):
            path = project / f"schema/{name}.rules.yaml"
            path.write_text(path.read_text("utf-8").replace("    问的是: 放宽\n", ""), "utf-8")
        rows, idle = told(written(f"D19 {PAGES}: 接近完成了", f"{PAGES}: 接近完成了"))
        assert rows == {key: "接近完成了" if key == ("D19", PAGES) else "" for key in OPEN} and idle == []


def test_explain_tells_where_the_reason_goes(capsys):
    assert cli.main(["-C", str(REPOSITORY), "explain", "D19"]) == 0
    said = capsys.readouterr().out
    assert "理由写在哪里：在“调整理由”里写一行“名称: 为什么”。" in said
    assert "这一条理由同时答复：D19a 和 perfgen diff 说的“放宽”。" in said
    cli.main(["-C", str(REPOSITORY), "explain", "R01"])
    assert "这一条理由同时答复：D19、D19a。" in capsys.readouterr().out
    cli.main(["-C", str(REPOSITORY), "explain", "D02"])
    assert "理由写在哪里：在“审核说明”里写一行“D02 名称: 为什么”。" in capsys.readouterr().out
    cli.main(["-C", str(REPOSITORY), "explain", "A05"])
    assert "理由写在哪里" not in capsys.readouterr().out


@pytest.mark.parametrize("file", sorted(path.name for path in (REPOSITORY / "data/2025").glob("*.yaml")))
def test_the_samples_answer_by_row(file):
    result, _ = job.check_file(snapshot(REPOSITORY), DataFile.at(f"data/2025/{file}"))
    assert not [f for f in result.findings if f.is_open]
    text = REPOSITORY.joinpath("data/2025", file).read_text("utf-8")
    keys = [
        line for line in text.split("\n收入构成:")[0].splitlines() if line.startswith("  D") or line.startswith("  E")
    ]
    assert keys and all(len(key.split(": ")[0].split()) >= 2 for key in keys)


@pytest.mark.parametrize(
    ("typed", "names", "wanted"),
    [
        (["乙"], ["甲", "乙"], "乙"),
        (["甲", "乙"], ["甲", "乙"], "乙"),
        (["甲 › 乙", "乙"], ["甲", "乙"], "甲 › 乙"),
        (["丙 › 乙"], ["甲", "乙"], None),
        (["乙 › 甲"], ["甲", "乙"], None),
        (["甲›丙"], ["甲", "乙", "丙"], "甲›丙"),
        (["", "›", "甲 ›"], ["甲", ""], None),
        (["甲 › 甲"], ["甲", "甲"], "甲 › 甲"),
        (["甲 › 甲"], ["甲"], None),
    ],
)
def test_the_innermost_name_counts_then_the_longest_way(typed, names, wanted):
    assert innermost(typed, names) == wanted
