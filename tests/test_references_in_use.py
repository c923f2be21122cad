"""What other files hold, as templates print it, imports read it back, and `explain` tells of it."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import dataclass

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.build.template_check import check_templates
from perfgen.form import forms
from perfgen.importing.import_file import ImportOrder, import_form
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.helpers import cycle
from tests.helpers.cycle import change
from tests.helpers.projects import snapshot
from tests.helpers.versions import commit, git
from tests.helpers.words import docx_of

REVIEW = "data/2025/自评/东园/嫁接.yaml"
PLAN = "data/2025/目标/东园/嫁接.yaml"
ORCHARD = "data/2025/东园.yaml"


@pytest.fixture
def root(tmp_path):
    return cycle.filled(tmp_path / "p", pages=True)


@dataclass
class Said:
    code: int
    out: str


@pytest.fixture
def run(root, capsys):
    def call(*arguments):
        code = cli.main(["-C", str(root), *map(str, arguments)])
        told = capsys.readouterr()
        return Said(code, told.out + told.err)

    return call


def report(root, source):
    result, editions = job.reports(snapshot(root), DataFile.at(source), site.load_site(snapshot(root)))
    assert not result.exit_code, result.findings
    return editions[Edition.OFFICIAL]


def cells(root, source):
    return [[cell.text for cell in row.cells] for row in report(root, source).table.rows]


class TestTemplates:
    def test_a_value_of_one_file(self, root):
        assert ["目标", "东园的嫁接，多种果树"] in cells(root, REVIEW)

    def test_a_loop_over_many_files(self, root):
        assert cells(root, ORCHARD)[-2:] == [["嫁接", "120"], ["灌溉", "80"]]

    def test_a_loop_over_no_files(self, root):
        shutil.rmtree(root / "data/2025/目标")
        assert cells(root, ORCHARD)[-1] == ["项目", "预算"]

    def test_every_format_is_made_and_proven(self, root, run):
        said = run("build")
        assert said.code == 0, said.out
        page = (root / "build/public/2025/自评/东园/嫁接/index.html").read_text("utf-8")
        assert '<span data-path="目标表/目标">东园的嫁接，多种果树</span>' in page

    def test_rows_in_groups_of_another_file(self, root):
        rows = [
            *cycle.REVIEW_ROWS,
            [("{%tr for 组 in 目标表.指标.组 %}", 3)],
            [("{%tr for 行 in 组.行 %}", 3)],
            ["{% merge 组 %}{{ 组.组名 }}", "{{ 行.名称 }}", "{{ 行.权重 }}"],
            [("{%tr endfor %}", 3)],
            [("{%tr endfor %}", 3)],
        ]
        (root / "templates/review/form.docx").write_bytes(docx_of(rows))
        assert cells(root, REVIEW)[-3:] == [["产量", "新种的树", "30"], ["采收", "20"], ["品质", "好果率", "50"]]

    @pytest.fixture
    def asking(self, root):
        """A form that prints last year's file where there is one."""
        asked = [[("{%tr if 上年目标 %}", 3)], ["上年", ("{{ 上年目标.预算 }}", 2)], [("{%tr endif %}", 3)]]
        (root / "templates/review/form.docx").write_bytes(docx_of([*cycle.REVIEW_ROWS, *asked]))
        return root

    def test_a_form_may_ask_whether_there_is_a_file(self, asking):
        assert "上年" not in str(cells(asking, REVIEW))
        cycle.plan(asking, year=2024, budget="99")
        assert ["上年", "99"] in cells(asking, REVIEW)

    def test_and_is_told_where_there_is_one_that_cannot_be_used(self, asking, run):
        cycle.plan(asking, year=2024, budget="很多")
        said = run("build", REVIEW)
        assert said.code == 1
        assert f"{REVIEW}:4:5: 错误 引用“上年目标”：data/2024/目标/东园/嫁接.yaml 有错误，不能引用。" in said.out

    def test_the_templates_are_sound(self, root):
        project = snapshot(root)
        for form in forms.loaded(project):
            assert check_templates(form, project) == []

    def test_a_name_that_the_other_form_does_not_have(self, root):
        project = snapshot(root)
        rows = [*cycle.REVIEW_ROWS, ["错", ("{{ 目标表.目标标 }}", 2)]]
        (root / "templates/review/form.docx").write_bytes(docx_of(rows))
        project = snapshot(root)
        [found] = check_templates(forms.find(project, "review"), project)
        assert "表里没有“目标表.目标标”。" in found.message

    def test_a_page_that_needs_a_file_that_is_not_there(self, root, run):
        """The Word template does not print it, so that only the page stops."""
        change(root, "templates/review/page.html", ("目标表.目标", "上年目标.目标"))
        said = run("build", REVIEW)
        assert said.code == 1
        assert f"{REVIEW}:4:5: 错误 引用“上年目标”：没有 2024 年" in said.out

    def test_a_page_that_needs_what_cannot_be_computed_there(self, root, run):
        change(root, "schema/plan.rules.yaml", ("审核:", "计算:\n  比: 预算 / (预算 - 80)\n审核:"))
        change(root, "templates/review/page.html", ("{{ 目标表.目标 }}", "{{ 目标表.目标 }}{{ 目标表.比 }}"))
        assert run("build", REVIEW).code == 0
        other = REVIEW.replace("嫁接", "灌溉")
        said = run("build", other)
        assert said.code == 1
        assert f"{other}:4:5: 错误 引用“目标表”：data/2025/目标/东园/灌溉.yaml 的“比”算不出来" in said.out


class TestImport:
    def imported(self, root, source):
        content = docx.render(report(root, source))
        return content, lambda: import_form(content, "x.docx", ImportOrder(snapshot(root), year=2025))

    @pytest.mark.parametrize("source", [REVIEW, ORCHARD])
    def test_what_another_file_holds_is_compared_and_not_taken(self, root, source):
        _, read = self.imported(root, source)
        found = read()
        assert found.notes == []
        assert found.proof.same == found.proof.cells
        assert not {"目标表", "上年目标", "项目表"} & found.data.keys()

    @pytest.mark.parametrize(("source", "wanted"), [(REVIEW, "原来是“120”，再印出来是“130”"), (ORCHARD, "“120”")])
    def test_where_it_differs_is_said(self, root, source, wanted):
        _, read = self.imported(root, source)
        change(root, PLAN, ("预算: 120", "预算: 130"))
        notes = read().notes
        assert [wanted in note.message for note in notes] == [True]

    def test_a_file_that_is_not_there_is_said_once(self, root):
        _, read = self.imported(root, REVIEW)
        (root / PLAN).unlink()
        said = [note.message for note in read().notes]
        assert sum("引用“目标表”：没有 2025 年" in one for one in said) == 1
        assert not any("上年目标" in one for one in said)

    def test_a_form_that_comes_back_changes_only_its_own_file(self, root, run, tmp_path):
        (tmp_path / "嫁接.docx").write_bytes(docx.render(report(root, REVIEW)))
        change(root, REVIEW, ("执行: 96.5", "执行: 90"))
        said = run("import", tmp_path / "嫁接.docx", "--year", "2025", "--yes", "-o", root / REVIEW)
        assert "执行: 96.5" in (root / REVIEW).read_text("utf-8"), said.out
        assert "目标表" not in (root / REVIEW).read_text("utf-8")


class TestExplain:
    def test_a_rule_says_which_file_it_looked_at(self, run):
        said = run("explain", "--form", "review", "B1", REVIEW)
        assert f"  目标表：{PLAN}" in said.out

    def test_or_why_there_is_none(self, root, run):
        (root / PLAN).unlink()
        said = run("explain", "--form", "review", "B1", REVIEW)
        assert "  目标表：没有 2025 年、“果园”是“东园”、“项目”是“嫁接”的“项目目标表”（plan）。" in said.out

    def test_a_reference_by_its_name(self, run):
        said = run("explain", "--form", "orchard", "项目表", ORCHARD)
        assert "  对上：果园 = 本表的 果园" in said.out
        assert f"  项目表：{PLAN}、data/2025/目标/东园/灌溉.yaml" in said.out

    def test_a_file_of_another_form(self, run):
        assert run("explain", "--form", "orchard", "项目表", PLAN).code == 2


class TestComparison:
    @pytest.fixture
    def compared(self, root):
        """The same repository at two moments: the plan and its review were both changed."""
        (root / "data/site.yaml").unlink()
        git(root, "init", "-q")
        commit(root, "一")
        change(root, PLAN, ("预算: 120", "预算: 130"))
        change(root, REVIEW, ("执行: 96.5", "执行: 99"))
        commit(root, "二")
        return root

    def test_each_side_is_printed_with_the_other_files_of_its_own_time(self, compared, run):
        page = compared.parent / "diff.html"
        assert run("diff", "HEAD~..HEAD", REVIEW, "--format", "html", "-o", page).code == 1
        marked = re.findall(r'<p class="marked"><mark>改</mark>([^<]*)</p>', page.read_text("utf-8"))
        assert marked == ["120", "96.5", "130", "99"]

    def test_tracked_changes_too(self, compared, run):
        assert run("diff", "HEAD~..HEAD", REVIEW, "--redline", compared.parent / "red").code == 1
        [word] = (compared.parent / "red").rglob("*.docx")
        with zipfile.ZipFile(word) as package:
            text = package.read("word/document.xml").decode()
        assert re.findall(r"<w:delText[^>]*>([^<]*)<", text) == ["120", "96.5"]

    def test_rules_look_at_the_other_files_of_their_own_time(self, compared, run):
        change(compared, REVIEW, ("执行: 99", "执行: 125"))
        commit(compared, "三")
        said = run("diff", "HEAD~2..HEAD", REVIEW)
        assert "[B1]" not in said.out
        change(compared, PLAN, ("预算: 130", "预算: 120"))
        commit(compared, "四")
        change(compared, REVIEW, ("执行: 125", "执行: 126"))
        commit(compared, "五")
        # what was wrong before is no news: before, the plan was another one
        assert "执行 126，超过了预算 120。 [B1]" in run("diff", "HEAD~2..HEAD", REVIEW).out
        assert "[B1]" not in run("diff", "HEAD~..HEAD", REVIEW).out


class TestNewFiles:
    @pytest.fixture
    def computing(self, root):
        """A review that computes with its plan, and keeps a figure of it as what last year's was."""
        rules = "计算:\n  结余: 目标表.预算 - 执行\n  指标.组.行.得分: 执行 / 目标表.预算 * 10\n审核:"
        change(root, "schema/review.rules.yaml", ("审核:", rules))
        schema = root / "schema/review.schema.json"
        there = '"经办": {"title": "经办", "type": "string"}'
        number = '"type": "number", "x-public": true, "x-printed": false'
        added = (
            f', "结余": {{"title": "结余", {number}}}, "上年结余": {{"title": "上年结余", {number}, "x-next": "结余"}}'
        )
        change(root, schema.relative_to(root), (there, there + added))
        return root

    def test_an_empty_file_wants_no_other_file_yet(self, computing, run):
        assert run("new", "2026", "东园", "--form", "review").code == 0

    def test_next_years_file_has_what_was_computed_from_others(self, computing, run):
        change(computing, REVIEW, ("经办: 李某某", "经办: 李某某\n上年结余: 1"))
        said = run("rollover", REVIEW)
        assert said.code == 0, said.out
        assert "上年结余: 23.5" in (computing / REVIEW.replace("2025", "2026")).read_text("utf-8")

    def test_an_imported_form_is_compared_with_what_is_computed_from_others(self, computing):
        names = ("结余",)
        rows = [*cycle.REVIEW_ROWS, *([name, (f"{{{{ {name} }}}}", 2)] for name in names)]
        (computing / "templates/review/form.docx").write_bytes(docx_of(rows))
        content = docx.render(report(computing, REVIEW))

        def notes():
            found = import_form(content, "x.docx", ImportOrder(snapshot(computing), year=2025))
            assert "结余" not in found.data
            return [note.message for note in found.notes]

        assert notes() == []
        change(computing, PLAN, ("预算: 120", "预算: 130"))
        assert [note for note in notes() if "33.5" in note], notes()
        (computing / PLAN).unlink()
        assert [note for note in notes() if "没有核对：结余。" in note], notes()
