"""A file refers to others by their keys: which it finds, what is said where it finds none, and what its rules file may
say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.check import references as finding
from perfgen.check.filing import Filing
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.formulas import Unavailable
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from tests.helpers import cycle
from tests.helpers.cycle import change
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of

REVIEW = "data/2025/自评/东园/嫁接.yaml"


@pytest.fixture
def root(tmp_path):
    return cycle.filled(tmp_path / "p")


def referred(root, name="目标表", source=REVIEW):
    """What a file finds by a reference: the paths below the year, or why there is none."""
    found = loading.filing(snapshot(root), DataFile.at(source)).refer(name)
    if isinstance(found, Unavailable):
        return found.reason
    return [DataFile.at(one.document.file).stem for one in found]


@dataclass
class Said:
    code: int
    out: str


@pytest.fixture
def check(root, capsys):
    def run(*arguments):
        code = cli.main(["-C", str(root), "check", *arguments])
        told = capsys.readouterr()
        return Said(code, told.out + told.err)

    return run


class TestWhatIsFound:
    def test_the_file_whose_keys_agree(self, root):
        assert referred(root) == ["2025/目标/东园/嫁接"]

    def test_of_many_all_of_them_or_none(self, root):
        cycle.orchard(root, "西园")
        cycle.plan(root, "除草", "西园")
        assert referred(root, "项目表", "data/2025/东园.yaml") == ["2025/目标/东园/嫁接", "2025/目标/东园/灌溉"]
        assert referred(root, "项目表", "data/2025/西园.yaml") == ["2025/目标/西园/除草"]
        (root / "data/2025/目标/西园/除草.yaml").unlink()
        assert referred(root, "项目表", "data/2025/西园.yaml") == []

    def test_wherever_it_lies_and_however_it_is_called(self, root):
        (root / "data/2025/目标/东园/嫁接.yaml").rename(root / "data/2025/别的.yaml")
        assert referred(root) == ["2025/别的"]

    def test_years_back(self, root):
        cycle.plan(root, year=2024)
        assert referred(root, "上年目标") == ["2024/目标/东园/嫁接"]

    def test_a_number_and_a_text_that_read_alike_agree(self, root):
        change(root, REVIEW, ("项目: 嫁接", "项目: '2025'"))
        change(root, "data/2025/目标/东园/嫁接.yaml", ("项目: 嫁接", "项目: '2025'"))
        assert referred(root) == ["2025/目标/东园/嫁接"]

    @pytest.mark.parametrize("stated", ["data/units.yaml", "the file"])
    def test_an_earlier_file_of_a_unit_that_was_renamed(self, root, stated):
        cycle.plan(root, year=2024, orchard="老园")
        if stated == "the file":
            schema = json.loads((root / "schema/review.schema.json").read_text("utf-8"))
            schema["properties"]["曾用名"] = {"type": "string", "x-role": "former-name", "x-printed": False}
            cycle.write(root, "schema/review.schema.json", json.dumps(schema, ensure_ascii=False))
            change(root, REVIEW, ("果园: 东园", "果园: 东园\n曾用名: 老园"))
        else:
            cycle.write(root, stated, "单位:\n  东园: {曾用名: [{名称: 老园, 到: 2024}]}\n")
        assert referred(root, "上年目标") == ["2024/目标/老园/嫁接"]

    def test_the_year_of_a_text_that_lies_in_no_folder(self, root):
        content = (root / REVIEW).read_bytes()
        found = loading.filing_of(snapshot(root), "别处.yaml", content).refer("目标表")
        assert isinstance(found, tuple)


class TestWhyNot:
    def test_it_is_not_there(self, root):
        (root / "data/2025/目标/东园/嫁接.yaml").unlink()
        assert referred(root) == "没有 2025 年、“果园”是“东园”、“项目”是“嫁接”的“项目目标表”（plan）"

    def test_it_has_errors(self, root):
        change(root, "data/2025/目标/东园/嫁接.yaml", ("预算: 120", "预算: 很多"))
        assert referred(root) == "data/2025/目标/东园/嫁接.yaml 有错误，不能引用"

    def test_what_its_rules_find_is_no_error_of_its_shape(self, root):
        change(root, "data/2025/目标/东园/嫁接.yaml", ("预算: 120", "预算: 9000"))
        assert referred(root) == ["2025/目标/东园/嫁接"]

    def test_there_are_two(self, root):
        text = (root / "data/2025/目标/东园/嫁接.yaml").read_text("utf-8")
        cycle.write(root, "data/2025/抄的.yaml", text)
        said = referred(root)
        assert said.endswith("有 2 个：data/2025/抄的.yaml、data/2025/目标/东园/嫁接.yaml，不知道是哪一个")

    def test_a_key_is_not_filled_in(self, root):
        change(root, REVIEW, ("项目: 嫁接", "项目:"))
        assert referred(root) == "“项目”没有填，不知道引用哪一个文件"

    @pytest.mark.parametrize(
        ("name", "source"), [("目标表", REVIEW), ("项目表", "data/2025/东园.yaml")], ids=["one", "many"]
    )
    def test_a_file_that_cannot_be_read_may_be_it(self, root, name, source):
        change(root, "data/2025/目标/东园/嫁接.yaml", ("预算: 120", "预算: [120"))
        assert referred(root, name, source) == "data/2025/目标/东园/嫁接.yaml 有错误，不知道是不是要引用的"

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_also_one_without_a_first_line(self, root, encoding):
        """A merge that stopped half way: it names no form where forms are looked for."""
        path = root / "data/2025/目标/东园/嫁接.yaml"
        path.write_bytes(f"<<<<<<< HEAD\n{path.read_text('utf-8')}=======\n>>>>>>> x\n".encode(encoding))
        assert "嫁接.yaml 有错误" in referred(root, "项目表", "data/2025/东园.yaml")

    def test_a_file_that_cannot_be_read_and_speaks_of_another_is_not_it(self, root):
        cycle.plan(root, "除草", "西园")
        change(root, "data/2025/目标/西园/除草.yaml", ("预算: 120", "预算: [120"))
        assert len(referred(root, "项目表", "data/2025/东园.yaml")) == 2

    def test_a_file_whose_key_is_not_filled_in_may_be_one_of_many(self, root):
        change(root, "data/2025/目标/东园/嫁接.yaml", ("果园: 东园", "果园:"))
        assert "嫁接.yaml 有错误" in referred(root, "项目表", "data/2025/东园.yaml")

    def test_another_units_name_of_before_that_is_in_use_is_not_followed(self, root):
        cycle.plan(root, year=2024, orchard="老园")
        cycle.review(root, orchard="老园")
        cycle.write(root, "data/units.yaml", "单位:\n  东园: {曾用名: [老园]}\n  老园: {}\n")
        assert referred(root, "上年目标").startswith("没有 2024 年")


class TestFindings:
    def test_a_rule_that_needs_a_file_that_is_not_there_is_undecided(self, root, check):
        change(root, "schema/review.rules.yaml", ("公式: 执行 <= 目标表.预算", "公式: 执行 <= 上年目标.预算"))
        said = check("--all", REVIEW)
        assert said.code == 0
        assert "判断不了，没有 2024 年、“果园”是“东园”、“项目”是“嫁接”的“项目目标表”（plan）。" in said.out

    def test_what_the_form_prints_of_a_file_that_is_not_there_is_one_error_at_its_key(self, root, check):
        (root / "data/2025/目标/东园/嫁接.yaml").unlink()
        said = check(REVIEW)
        assert said.code == 1
        assert said.out.count("[reference-missing]") == 1
        assert f"{REVIEW}:4:5: 错误 引用“目标表”：没有 2025 年" in said.out

    def test_a_key_that_was_mistyped_is_guessed(self, root, check):
        change(root, REVIEW, ("项目: 嫁接", "项目: 嫁结"))
        assert "“项目”是不是“嫁接”？" in check(REVIEW).out

    def test_a_key_with_an_error_of_its_own_is_told_of_once(self, root, check):
        change(root, REVIEW, ("项目: 嫁接", "项目:"))
        said = check(REVIEW)
        assert said.code == 1
        assert "[reference-missing]" not in said.out

    def test_two_forms_look_at_each_other(self, root, check):
        change(root, "data/2025/目标/东园/嫁接.yaml", ("预算: 120", "预算: 600"))
        said = check()
        assert "[A1]" in said.out
        assert "总预算 500 不够 2 个项目用。 [C1]" in said.out


class TestTheSnapshot:
    def test_files_are_listed_once_and_read_once(self, root, monkeypatch):
        calls = []
        monkeypatch.setattr(finding, "_listed", _counted(finding._listed, calls))
        project = Project.on_disk(root)
        for file in project.data_files()[0]:
            filing = loading.filing(project, file)
            for name in filing.form.references:
                filing.refer(name)
            project.release([file])
        assert sorted(calls) == sorted(set(calls))
        assert len(calls) >= 3

    def test_a_file_that_appears_is_found_by_the_next_snapshot(self, root):
        path = root / "data/2025/目标/东园/嫁接.yaml"
        text = path.read_text("utf-8")
        path.unlink()
        assert "没有" in referred(root)
        path.write_text(text, "utf-8")
        assert referred(root) == ["2025/目标/东园/嫁接"]

    def test_forms_that_refer_to_each_other_are_reached(self, root):
        project = snapshot(root)
        reached = forms.reached(project, forms.find(project, "review"))
        assert [form.name for form in reached] == ["review", "plan", "orchard"]


def _counted(make, calls):
    def listed(project, form, year):
        calls.append((form, year))
        return make(project, form, year)

    return finding.lasting_of(finding._counts)(listed)


MISTAKES = {
    "项目表: {表: plam, 对上: [果园]}": "3:9: 错误 没有“plam”这张表。 是不是“plan”？",
    "项目表: {表: plan, 对上: [果圆]}": "3:18: 错误 plan 表最上一级没有“果圆”。 是不是“果园”？",
    "项目表: {表: plan, 对上: {项目: 果圆}}": "3:18: 错误 本表最上一级没有“果圆”。",
    "项目表: {表: plan, 对上: [经办]}": "不公开，不能用来对",
    "项目表: {表: plan, 对上: {指标: 果园}}": "plan 表的“指标”不能用来对",
    "项目表: {表: plan, 对上: {预算: 果园}}": "一个填数，一个填文字，不会一样。",
    "项目表: {表: plan, 对上: [年]}": "“年”不用对",
    "项目表: {表: plan, 对上: []}": "“对上”要写明哪些字段一样",
    "项目表: {表: plan, 对上: 果园}": "“对上”要写明哪些字段一样",
    "项目表: {表: plan}": "引用“项目表”要写成",
    "项目表: {表: plan, 对上: [果园], 往前: -1}": "“往前”要是 0 到 50 的整数",
    "项目表: {表: plan, 对上: [果园], 往前: 一}": "“往前”要是 0 到 50 的整数",
    "项目表: {表: plan, 对上: [果园], 几份: 两份}": "“几份”只能是 一份 或 多份。",
    "项目表: {表: plan, 对上: [果园], 几年: 1}": "引用“项目表”没有“几年”这一项。",
    "总预算: {表: plan, 对上: [果园]}": "“总预算”已经是一个字段了。",
    "上限: {表: plan, 对上: [果园]}": "“上限”已经是一个参数了。",
    "上年表: {表: plan, 对上: [果园]}": "“上年表”已经是别的年度了。",
    "2号: {表: plan, 对上: [果园]}": "不能用在公式和模板里",
    "自己: {表: orchard, 对上: [果园]}": "引用“自己”指的是这个文件自己。",
}


class TestMistakes:
    @pytest.mark.parametrize(("line", "wanted"), MISTAKES.items(), ids=range(len(MISTAKES)))
    def test_is_told_of_at_its_line(self, root, line, wanted):
        cycle.write(root, "schema/orchard.rules.yaml", f"参数: {{上限: 3}}\n引用:\n  {line}\n")
        with pytest.raises(FormError) as caught:
            forms.find(snapshot(root), "orchard")
        said = [f"{one.place.line}:{one.place.column}: 错误 {one.message} {one.hint}" for one in caught.value.findings]
        assert any(wanted in one for one in said), said
        assert all(
            one.place.line == 3 and one.place.file == "schema/orchard.rules.yaml" for one in caught.value.findings
        )

    def test_a_name_that_the_other_form_does_not_have(self, root):
        change(root, "schema/review.rules.yaml", ("公式: 执行 <= 目标表.预算", "公式: 执行 <= 目标表.预祘"))
        with pytest.raises(FormError, match=re.escape("没有“预祘”。")):
            forms.find(snapshot(root), "review")

    def test_a_rule_over_all_units_looks_at_no_other_files(self, root):
        rule = "汇审:\n  U1: {名称: 甲, 级别: 提示, 比较: 离群, 公式: 目标表.预算, 上限: 3, 依据: 无}\n"
        path = root / "schema/review.rules.yaml"
        path.write_text(path.read_text("utf-8") + rule, "utf-8")
        with pytest.raises(FormError, match="本表没有“目标表”。"):
            forms.find(snapshot(root), "review")

    def test_a_form_that_is_broken_is_told_of_where_it_is(self, root):
        cycle.write(root, "schema/plan.rules.yaml", "审核: {A1: 1}\n")
        cycle.write(root, "schema/plan.schema.json", "{")
        with pytest.raises(FormError) as caught:
            forms.find(snapshot(root), "review")
        assert {one.place.file for one in caught.value.findings} == {"schema/plan.schema.json"}


def test_a_filing_refers_to_filings(root):
    found = loading.filing(snapshot(root), DataFile.at(REVIEW)).refer("目标表")
    assert isinstance(found[0], Filing)
    assert found[0].form.name == "plan"


class TestTrouble:
    """What cannot be computed in another file is no empty value here."""

    @pytest.fixture
    def computing(self, root):
        change(root, "schema/plan.rules.yaml", ("审核:", "计算:\n  总额: 总表.总预算\n  比: 预算 / (预算 - 80)\n审核:"))
        change(root, "schema/review.rules.yaml", ("审核:", "计算:\n  甲: 求和(目标表.总额, 执行)\n  乙: 甲 + 1\n审核:"))
        return root

    def test_a_file_that_the_other_one_needs_is_not_there(self, computing, check):
        assert check(REVIEW).code == 0
        (computing / "data/2025/东园.yaml").unlink()
        said = check(REVIEW)
        assert said.code == 1
        assert said.out.count("[reference-missing]") == 1
        assert (
            f"{REVIEW}:4:5: 错误 引用“目标表”：data/2025/目标/东园/嫁接.yaml 的“总额”算不出来，没有 2025 年" in said.out
        )

    def test_the_other_one_divides_by_zero(self, computing, check):
        change(computing, "schema/review.rules.yaml", ("甲: 求和(目标表.总额, 执行)", "甲: 求和(目标表.比, 执行)"))
        assert check(REVIEW).code == 0
        said = check("data/2025/自评/东园/灌溉.yaml")
        assert "灌溉.yaml 的“比”算不出来，要除以的数是零。 [reference-missing]" in said.out

    def test_what_is_not_taken_does_not_matter(self, computing, check):
        assert check("data/2025/自评/东园/灌溉.yaml").code == 0

    def test_what_the_form_prints_matters(self, computing, check):
        rows = [*cycle.ORCHARD_ROWS[:-2], ["{{ 一个.项目 }}", "{{ 一个.比 }}"], cycle.ORCHARD_ROWS[-1]]
        (computing / "templates/orchard/form.docx").write_bytes(docx_of(rows))
        assert "灌溉.yaml 的“比”算不出来" in check("data/2025/东园.yaml").out

    def test_a_chain_of_years_begins_somewhere(self, root, check):
        change(root, "schema/review.rules.yaml", ("审核:", "计算:\n  累计: 求和(上年表.累计, 执行)\n审核:"))
        for year in (2023, 2024):
            cycle.plan(root, year=year)
            cycle.review(root, year=year)
        assert check(REVIEW).code == 0
        change(root, "data/2023/自评/东园/嫁接.yaml", ("执行: 96.5", "执行: 很多"))
        said = check(REVIEW)
        assert "data/2024/自评/东园/嫁接.yaml 的“累计”算不出来" in said.out
