"""A year against the year before, over a made-up city: what was planted is found, said once, in order, nothing else."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from benchmarks.measuring import PERFGEN, ROOT, in_turn, run
from perfgen import cli
from perfgen.build.check_batch import check_files
from perfgen.comparison.classify import Class
from perfgen.findings import UsageError
from perfgen.form.past_values import PastEvidence, evidence_of
from perfgen.project.snapshot import Project
from perfgen.review import formats, versions
from perfgen.review.compare import Comparison, compare, compare_years
from perfgen.review.headline import headline
from perfgen.review.redlines import redlines
from perfgen.review.years import Years
from tests.conftest import REPOSITORY
from tests.helpers import city
from tests.helpers.versions import commit, edit, git

OLD, NEW = str(city.YEAR), str(city.YEAR + 1)
SPAN = Years(city.YEAR, city.YEAR + 1)
SMALL = (
    (city.weakened, city.project_moved),
    (city.dropped, city.money_cut),
    (city.renamed_and_weakened, city.added),
    (city.lower_grade, city.reworded),
    (city.redefined, city.stricter),
    (city.value_gone,),
    (city.moved_to_another_group,),
    (),
)
ALL_OF_SHAPE = (
    Class.WEAKER,
    Class.DROPPED,
    Class.REDEFINED,
    Class.SHIFTED,
    Class.LESS_MONEY,
    Class.ADDED,
    Class.STRICTER,
)


def compared(root: Path, *wanted: str) -> Comparison:
    files = [(path, path) for path in wanted]
    return compare_years(Project.on_disk(root), SPAN, versions.of_years(root, None, (OLD, NEW)), files)


def told(comparison: Comparison) -> dict[str, list[city.Told]]:
    """What is said of each unit: class and last part of the label, sorted."""
    return {
        unit.unit: sorted((change.meaning.value, change.label.split(" › ")[-1]) for change in unit.changes)
        for unit in comparison.units
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, list[city.Unit]]:
    root = tmp_path_factory.mktemp("city")
    return root, city.city(root, SMALL)


@pytest.fixture
def root(made, tmp_path) -> Path:
    """A copy of the city that a test may change."""
    shutil.copytree(made[0], tmp_path / "city")
    return tmp_path / "city"


@pytest.fixture(scope="module")
def comparison(made) -> Comparison:
    return compared(made[0])


def keep(root: Path, *numbers: str) -> Path:
    """Takes all other units out of a city: what happens to one needs few beside it."""
    for path in root.glob("data/2*/*.yaml"):
        if not path.stem.endswith(tuple(f"{number}局" for number in numbers)):
            path.unlink()
    return root


class TestPlanted:
    def test_each_is_found_and_said_once_and_nothing_else(self, made, comparison):
        assert told(comparison) == {unit.name: sorted(unit.told) for unit in made[1] if unit.told}
        assert [unit.check_delta for unit in comparison.units if any(unit.check_delta)] == []
        assert [finding for unit in comparison.units for finding in unit.remarks] == []

    def test_every_class_is_planted(self, comparison):
        assert {change.meaning for change in comparison.changes} >= set(ALL_OF_SHAPE)

    def test_the_worst_stands_first(self, comparison):
        first = [unit.by_weight[0].meaning for unit in comparison.units]
        order = list(Class)
        assert first == sorted(first, key=order.index) and first[0] is Class.WEAKER
        assert first.count(Class.WEAKER) == 3 and first.count(Class.DROPPED) == 2

    def test_what_wants_a_reason_is_a_warning_once(self, made, comparison):
        graves = Counter(name for unit in made[1] for name, _ in unit.told if name in ("放宽", "取消", "口径变化"))
        assert Counter(finding.rule for finding in comparison.findings) == {
            "R01": graves["放宽"], "R02": graves["取消"], "R03": graves["口径变化"],
        }  # fmt: skip

    def test_check_finds_the_same_promises_gone(self, made, comparison):
        project = Project.on_disk(made[0])
        found = check_files(project, project.data_files()[0]).findings
        gone = {(finding.place.file, finding.message.split("”")[0][1:]) for finding in found if finding.rule == "Y04"}
        rows = [change for change in comparison.changes if change.meaning is Class.DROPPED and change.is_promise]
        assert gone == {(f"data/{NEW}/{change.unit}.yaml", change.label.split(" › ")[-1]) for change in rows}

    def test_the_headline(self, comparison):
        lines = headline(comparison)
        assert lines[0].startswith(
            "放宽 3 项（都没有理由），取消 2 项（都没有理由），口径变化 1 项（都没有理由）；趋严 1 项，新增 1 项"
        )
        assert "资金调整 1 处" in lines[0]
        assert lines[1].startswith("改动的 7 个单位，收入合计") and "减少 10 万元" in lines[1]
        assert "；全部 8 个单位 " in lines[1]

    def test_a_renaming_is_only_perhaps_one(self, comparison):
        (renamed,) = [change for change in comparison.changes if change.sentence.startswith("可能改名")]
        assert renamed.sentence.startswith("可能改名：原来叫“")
        (weaker,) = [change for change in comparison.changes if change.sentence.endswith("，可能改名）")]
        assert (weaker.meaning, weaker.unit) == (Class.WEAKER, renamed.unit)

    def test_the_sums_that_a_project_moves(self, comparison):
        (shifted,) = [change for change in comparison.changes if change.meaning is Class.SHIFTED]
        assert shifted.sentence.startswith("由 运转类项目支出 改为 特定目标类项目支出，随之调整的：项目本年度预算 ")

    def test_both_years_are_in_the_json(self, comparison):
        said = json.loads(formats.render("json", comparison))
        schema = json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8"))
        jsonschema.validate(said, schema)
        assert (
            {unit["old_year"] for unit in said["units"]} == {OLD} == {change["old_year"] for change in said["changes"]}
        )
        assert {(unit["year"], unit["compared"]) for unit in said["units"]} == {(NEW, True)}

    @pytest.mark.parametrize("name", ["text", "markdown", "html", "github"])
    def test_every_format_says_every_weakening(self, made, comparison, name):
        said = formats.render(name, comparison).replace("\\", "").replace("\u200b", "")
        assert all(label in said for unit in made[1] for meaning, label in unit.told if meaning in ("放宽", "取消"))

    def test_columns_of_earlier_years_are_not_marked_on_the_form(self, comparison):
        """Every number of last year moves a column on; a page on which all of them are marked marks nothing."""
        said = formats.render("html", comparison)
        wanted = sum(len(unit.changes) for unit in comparison.units)
        assert wanted <= said.count("<mark>") <= 8 * wanted


class TestUnits:
    @pytest.fixture
    def root(self, root) -> Path:
        return keep(root, "00", "01", "06", "07")

    def test_a_renamed_unit_that_the_list_knows(self, root):
        rename(root, "示例市第00局", "示例市新名局")
        (root / "data/units.yaml").write_text("单位:\n  示例市新名局:\n    曾用名: [示例市第00局]\n", "utf-8")
        comparison = compared(root)
        (unit,) = [unit for unit in comparison.units if unit.unit == "示例市新名局"]
        assert Counter(change.meaning for change in unit.changes) == {Class.WEAKER: 1, Class.SHIFTED: 1}
        (said,) = [one for one in json.loads(formats.render("json", comparison))["units"] if one["old_unit"]]
        assert (said["unit"], said["old_unit"]) == ("示例市新名局", "示例市第00局")
        assert unit.before == f"{OLD} 年叫“示例市第00局”"
        assert not any(change.is_whole_file for change in comparison.changes)

    def test_a_unit_that_only_has_another_name_is_said(self, root):
        rename(root, "示例市第07局", "示例市新名局")
        (unit,) = [unit for unit in compared(root).units if unit.unit == "示例市新名局"]
        assert unit.changes == () and unit.before.startswith(f"{OLD} 年叫“示例市第07局”")

    def test_a_renamed_unit_that_nobody_told_of_is_found_by_likeness(self, root):
        rename(root, "示例市第00局", "示例市新名局")
        comparison = compared(root)
        (unit,) = [unit for unit in comparison.units if unit.unit == "示例市新名局"]
        assert unit.before == f"{OLD} 年叫“示例市第00局”，是不是一个单位请核对"
        assert unit.by_weight[0].meaning is Class.WEAKER
        assert not any(change.is_whole_file for change in comparison.changes)

    def test_a_unit_without_a_file_this_year_and_a_new_one(self, root):
        (root / f"data/{NEW}/示例市第01局.yaml").unlink()
        text = (REPOSITORY / "tests/cases/diff/weaker-and-stricter/old.yaml").read_text("utf-8")
        (root / f"data/{NEW}/示例市某局.yaml").write_text(text.replace("年度: 2025", f"年度: {NEW}"), "utf-8")
        comparison = compared(root)
        said = f"1 个单位没有 {NEW} 年的文件：示例市第01局。1 个单位 {OLD} 年没有文件：示例市某局。"
        assert any(line.startswith(said) for line in headline(comparison))
        gone = next(unit for unit in comparison.units if not unit.check_delta.errors)
        assert (gone.unit, [change.rule for change in gone.changes]) == ("示例市第01局", ["R08"])

    def test_why_a_unit_has_no_file_stands_in_last_years(self, root):
        (root / f"data/{NEW}/示例市第01局.yaml").unlink()
        edit(
            root,
            "\n收入构成:",
            "\n审核说明:\n  Y03: 机构撤销，职能并入别的局\n收入构成:",
            f"data/{OLD}/示例市第01局.yaml",
        )
        (gone,) = [change for change in compared(root).changes if change.is_whole_file]
        assert (gone.is_open, gone.reason) == (False, "机构撤销，职能并入别的局")

    def test_a_unit_that_became_part_of_another(self, root):
        (root / f"data/{NEW}/示例市第01局.yaml").unlink()
        (root / "data/units.yaml").write_text("单位:\n  示例市第00局:\n    曾用名: [示例市第01局]\n", "utf-8")
        (gone,) = [change for change in compared(root).changes if change.is_whole_file]
        assert f"（并入了 data/{NEW}/示例市第00局.yaml，里面的要求没有比较）" in gone.sentence

    def test_what_cannot_be_read_stands_first_then_new_errors(self, root):
        edit(root, f"年度: {NEW}", "年度: [", f"data/{NEW}/示例市第07局.yaml")
        edit(root, "财政拨款: {当年: ", "财政拨款: {当年: 9", f"data/{NEW}/示例市第06局.yaml")
        comparison = compared(root)
        assert [Path(unit.file).stem for unit in comparison.units[:2]] == ["示例市第07局", "示例市第06局"]
        lines = headline(comparison)
        assert "读不出来" in lines[0] and lines[1].startswith("新出现 1 个错误，要先改正：示例市第06局 1 个")

    def test_a_past_value_that_is_not_last_years_is_said_once(self, root):
        file = f"data/{NEW}/示例市第07局.yaml"
        row = next(city.rows((root / file).read_text("utf-8")))
        edit(root, f"三级指标: {row['name']}, 前年: {row['second']}", f"三级指标: {row['name']}, 前年: 12.34%", file)
        (unit,) = [unit for unit in compared(root).units if unit.file == file]
        assert (unit.changes, [finding.rule for finding in unit.check_delta.appeared]) == ((), ["last-year"])

    def test_only_the_files_that_are_named(self, root):
        assert len(compared(root, f"data/{NEW}/示例市第00局.yaml").units) == 1
        assert len(compared(root, f"data/{OLD}/示例市第00局.yaml").units) == 1
        with pytest.raises(UsageError, match="不是这两年的文件"):
            compared(root, "data/2019/示例市第00局.yaml")

    def test_the_word_files_without_git(self, root, tmp_path):
        """The redline of a year shows all of both forms, for whoever accepts or refuses it in Word."""
        made = list(redlines(compared(root, f"data/{NEW}/示例市第00局.yaml")))
        assert [(one.path, one.why_not, one.content[:2]) for one in made] == [(f"{NEW}/示例市第00局.docx", "", b"PK")]


def rename(root: Path, old: str, new: str) -> None:
    """Gives a unit another name in the later year."""
    path = root / f"data/{NEW}/{old}.yaml"
    path.with_name(f"{new}.yaml").write_text(city.named(path.read_text("utf-8"), new), "utf-8")
    path.unlink()


class TestAnswers:
    FILE = f"data/{NEW}/示例市第00局.yaml"

    @pytest.fixture
    def root(self, root) -> Path:
        return keep(root, "00", "01")

    def weaker(self, root: Path):
        (change,) = [change for change in compared(root, self.FILE).changes if change.meaning is Class.WEAKER]
        return change

    def written(self, root: Path, section: str, line: str) -> None:
        edit(root, "\n收入构成:", f"\n{section}:\n  {line}\n收入构成:", self.FILE)

    def test_a_reason_by_the_row(self, root):
        name = self.weaker(root).label.split(" › ")[-1]
        self.written(root, "调整理由", f"{name}: 机构改革，任务移交")
        change = self.weaker(root)
        assert (change.is_open, change.reason) == (False, "机构改革，任务移交")

    def test_an_approval_is_for_both_years_and_answers_check_too(self, root):
        change = self.weaker(root)
        self.written(root, "审核记录", f'"{change.fingerprint}": {{审核人: 示例, 日期: 2026-01-10}}')
        assert not self.weaker(root).is_open
        project = Project.on_disk(root)
        found = check_files(project, [f for f in project.data_files()[0] if f.source == self.FILE]).findings
        answered = {finding.reason for finding in found if finding.rule in ("D19", "D19a")}
        assert answered == {"示例 已于 2026-01-10 同意"}

    def test_a_fingerprint_of_another_pair_of_years_is_another(self, root):
        before = self.weaker(root).fingerprint
        for year in (OLD, NEW):
            (root / f"data/{int(year) + 2}").mkdir()
            text = (root / f"data/{year}/示例市第00局.yaml").read_text("utf-8")
            later = text.replace(f"年度: {year}", f"年度: {int(year) + 2}")
            (root / f"data/{int(year) + 2}/示例市第00局.yaml").write_text(later, "utf-8")
        years = (str(city.YEAR + 2), str(city.YEAR + 3))
        ends = versions.of_years(root, None, years)
        later = compare_years(Project.on_disk(root), Years(*map(int, years)), ends, [])
        (change,) = [change for change in later.changes if change.meaning is Class.WEAKER]
        assert change.fingerprint != before

    def test_a_promise_gone_is_answered_by_its_reason(self, root):
        file = f"data/{NEW}/示例市第01局.yaml"
        (dropped,) = [c for c in compared(root, file).changes if c.meaning is Class.DROPPED]
        name = dropped.label.split(" › ")[-1]
        edit(root, "\n收入构成:", f'\n调整理由:\n  "{name}": 任务移交别的单位\n收入构成:', file)
        (answered,) = [c for c in compared(root, file).changes if c.meaning is Class.DROPPED]
        assert answered.reason == "任务移交别的单位"
        project = Project.on_disk(root)
        found = check_files(project, [one for one in project.data_files()[0] if one.source == file]).findings
        assert [f.reason for f in found if f.rule == "Y04" and f.place.file == file] == ["任务移交别的单位"]


class TestRequest:
    """A request that brings the later year's files is compared with the year before by itself."""

    @pytest.fixture
    def branch(self, root) -> Path:
        later = root / f"data/{NEW}"
        shutil.move(later, root.parent / "later")
        git(root, "init", "-q", "-b", "main")
        commit(root)
        shutil.move(root.parent / "later", later)
        return root.resolve()

    def test_it_says_what_the_years_say(self, branch, comparison):
        of_request = compare(Project.on_disk(branch), versions.range_of(branch, "HEAD"))
        assert {u: t for u, t in told(of_request).items() if t} == told(comparison)
        assert headline(of_request)[0].startswith("新增了 8 个文件。新年度的 8 个文件和上一年的比较。放宽 3 项")
        prints = {change.fingerprint for change in of_request.changes}
        assert prints == {change.fingerprint for change in comparison.changes}

    def test_an_answer_that_comes_later_is_not_called_void(self, branch):
        """The year was committed; what answers it comes with the next request, where nothing else changes."""
        fingerprint, name = next(
            (change.fingerprint, change.label.split(" › ")[-1])
            for change in compared(branch, TestAnswers.FILE).changes
            if change.meaning is Class.WEAKER
        )
        commit(branch)
        for section, line in (
            ("调整理由", f"{name}: 任务移交"),
            ("审核记录", f'"{fingerprint}": {{审核人: 示例, 日期: 2026-01-10}}'),
        ):
            edit(branch, "\n收入构成:", f"\n{section}:\n  {line}\n收入构成:", TestAnswers.FILE)
        of_request = compare(Project.on_disk(branch), versions.range_of(branch, "HEAD"))
        assert of_request.findings == []

    def test_who_changed_a_unit_stands_by_it(self, branch, capsys):
        commit(branch)
        cli.main(["-C", str(branch), "diff", "--years", f"{OLD}..{NEW}"])
        said = capsys.readouterr().out
        assert "  最后改的是 示例，2025-01-10，提交 " in said
        edit(branch, "≥", "＞", TestAnswers.FILE)
        cli.main(["-C", str(branch), "diff", "--years", f"{OLD}..{NEW}", TestAnswers.FILE])
        assert "  还没有提交。" in capsys.readouterr().out


class TestArguments:
    @pytest.mark.parametrize(
        "typed", ["2025", "2025-2026", "二五..二六", "2025..", "25..26", "2026..2025", "2025..2025"]
    )
    def test_what_is_no_pair_of_years(self, typed):
        with pytest.raises(UsageError, match=r"2025|25|二五"):
            Years.parse(typed)

    def test_a_year_without_files(self, made, capsys):
        assert cli.main(["-C", str(made[0]), "diff", "--years", "2019..2020"]) == 2
        assert "没有 2019 年的文件。" in capsys.readouterr().err

    def test_exit_code(self, made, capsys):
        assert cli.main(["-C", str(made[0]), "diff", "--years", f"{OLD}..{NEW}"]) == 1
        quiet = f"data/{NEW}/示例市第07局.yaml"
        assert cli.main(["-C", str(made[0]), "diff", "--years", f"{OLD}..{NEW}", quiet]) == 0
        assert "没有变化。" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"去": "≥95%", "前": "96.2%"}, {"去": "97%", "前": "96.2%"}, PastEvidence.SAME_ROW),
        ({"去": "≥95%", "前": "96.2%"}, {"去": "97%", "前": "91%"}, PastEvidence.NOTHING),
        ({"去": "≥95%", "前": "96.2%"}, {"去": "—", "前": "—"}, PastEvidence.NEW_ROW),
        ({"去": "≥95%", "前": "—"}, {"去": "—", "前": "—"}, PastEvidence.NEW_ROW),
        ({"去": "≥95%", "前": "100%"}, {"去": "97%", "前": "100%"}, PastEvidence.NOTHING),
        ({"去": "规范", "前": "规范"}, {"去": "规范", "前": "规范"}, PastEvidence.NOTHING),
        ({"去": "—", "前": "—"}, {"去": "—", "前": "—"}, PastEvidence.NOTHING),
        ({"去": "1,200件", "前": "0.11万件"}, {"去": "1200件", "前": "1100件"}, PastEvidence.SAME_ROW),
        ({"名": "甲"}, {"名": "乙"}, PastEvidence.NOTHING),
    ],
)
def test_what_past_values_say(old, new, says):
    assert evidence_of(old, new, frozenset({"去", "前"})) is says


WHOLE = tuple(
    (
        *([city.weakened] if number < 36 else []),
        *([city.dropped] if 30 <= number < 38 else []),
        *([city.renamed_and_weakened] if number in (40, 41) else []),
        *([city.project_moved] if number in (42, 43, 3) else []),
        *([city.money_cut] if number in (44, 45, 5) else []),
        *([city.added] if number in (46, 47) else []),
        *([city.reworded] if number in (48, 49, 7) else []),
        *([city.stricter] if number in (50, 51, 40) else []),
        *([city.redefined] if number in (52, 53) else []),
        *([city.lower_grade] if number in (54, 55) else []),
        *([city.value_gone] if number in (56, 57) else []),
        *([city.moved_to_another_group] if number in (58, 59) else []),
    )
    for number in range(75)
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, list[city.Unit]]:
    root = tmp_path_factory.mktemp("whole")
    return root, city.city(root, WHOLE, years=3)


def test_a_committed_file_of_last_year_that_cannot_be_read_is_not_called_uncommitted(tiny_project, capsys):
    (tiny_project / "data/2024").mkdir()
    east = (tiny_project / "data/2025/东园.yaml").read_text("utf-8")
    (tiny_project / "data/2024/东园.yaml").write_text(east.replace("2025", "2024"), "utf-8")
    (tiny_project / "data/2024/北园.yaml").write_text("form: fruit\n果园: [\n", "utf-8")
    git(tiny_project, "init", "-q", "-b", "main")
    commit(tiny_project)
    assert cli.main(["-C", str(tiny_project), "diff", "--years", "2024..2025"]) == 1
    said = capsys.readouterr().out
    assert "读不出来：data/2024/北园.yaml" in said and "还没有提交" not in said


@pytest.mark.long
class TestWholeCity:
    """75 units over three years: 38 weakened, 8 dropped, and some of every other kind."""

    def test_all_that_was_planted_and_nothing_else(self, whole):
        comparison = compared(whole[0])
        assert told(comparison) == {unit.name: sorted(unit.told) for unit in whole[1] if unit.told}
        assert [unit.check_delta for unit in comparison.units if any(unit.check_delta)] == []
        counts = Counter(change.meaning for change in comparison.changes if change.is_promise)
        assert (counts[Class.WEAKER], counts[Class.DROPPED]) == (36 + 2 + 2, 8 + 2)
        first = [unit.by_weight[0].weight[:2] for unit in comparison.units]
        assert first == sorted(first)

    @pytest.mark.nightly  # it measures, and takes a quarter of a minute
    def test_it_takes_at_most_three_times_a_check(self, whole):
        """Process time, children too, in turn in one run."""
        check = [*PERFGEN, "-C", str(whole[0]), "check", "-j1"]
        years = [*PERFGEN, "-C", str(whole[0]), "diff", "--years", f"{OLD}..{NEW}"]
        commands = [lambda: run(check, ROOT, codes=(0, 1)), lambda: run(years, ROOT, codes=(0, 1))]
        checked, of_years = in_turn(commands, 1, warm=False)
        assert of_years <= 3 * checked, f"{of_years / checked:.2f}"
