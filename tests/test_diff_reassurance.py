"""A comparison never says that nothing got weaker over what it did not compare: unread, new, deleted or misshapen."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli
from perfgen.review.compare import Comparison
from perfgen.review.formats import markdown
from perfgen.review.headline import headline, in_short
from perfgen.review.versions import VersionRange
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.projects import snapshot, with_form
from tests.helpers.versions import CASES, FILE, commit, compared, edit

pytestmark = pytest.mark.long

OLD = CASES.joinpath("weaker-and-stricter/old.yaml").read_text("utf-8")
OTHER, NEXT = "data/2025/示例市另一局.yaml", "data/2026/示例市某局.yaml"
CALM = "没有放宽，没有取消"
SCHEMA = json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two units of 2025 in one commit."""
    with_form(tmp_path)
    (tmp_path / FILE).write_text(OLD, "utf-8")
    (tmp_path / OTHER).write_text(OLD.replace("示例市某局", "示例市另一局"), "utf-8")
    versions.git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "起点")
    return tmp_path


@pytest.fixture
def told(capsys, root):
    """What every format says of the work tree, by its name."""

    def tell() -> dict[str, str]:
        said = {}
        for name in ("text", "markdown", "html", "json", "github"):
            cli.main(["-C", str(root), "diff", "HEAD", "--format", name])
            said[name] = capsys.readouterr().out
        jsonschema.validate(json.loads(said["json"]), SCHEMA)
        return said

    return tell


def next_year(root: Path) -> None:
    """The unit's file of 2026, with a weaker target."""
    text = OLD.replace("年度: 2025", "年度: 2026", 1).replace("指标值: ≥97%", "指标值: ≥90%")
    (root / NEXT).parent.mkdir(exist_ok=True)
    (root / NEXT).write_text(text, "utf-8")


BROKEN = {
    "a bracket": ("年度: 2025", "年度: ["),
    "no form": ("表式:", "格式:"),
    "a conflict": ("年度: 2025", "<<<<<<< main\n年度: 2025\n=======\n年度: 2024\n>>>>>>> 支"),
    "a key twice": ("年度: 2025", "年度: 2025\n年度: 2024"),
}


@pytest.mark.parametrize("slip", BROKEN)
def test_a_file_that_could_not_be_read_stands_in_the_first_line(root, told, slip):
    edit(root, *BROKEN[slip])
    said = told()
    sentence = f"1 个文件有一个版本读不出来，没有比较：{FILE}。"
    assert said["text"].splitlines()[0] == sentence
    assert said["markdown"].splitlines()[:2] == [markdown.MARKER, f"### {sentence}"]
    assert f'<ul class="headline">\n<li>{sentence}</li>' in said["html"]
    assert json.loads(said["json"])["headline"][0] == sentence
    assert FILE in said["github"] and "没有比较" in said["github"]
    assert not any(CALM in text or "金额没有变" in text for text in said.values())


def test_what_was_compared_beside_an_unread_file_is_told_after_it(root, told):
    edit(root, "年度: 2025", "年度: [")
    edit(root, "联系电话: ", "联系电话: 0", OTHER)
    said = told()
    first, _, errors, second, *_ = said["text"].splitlines()
    assert "读不出来" in first
    assert errors == "新出现 1 个错误，要先改正：示例市另一局 1 个。"
    assert second.startswith("比较了的 1 个文件里，没有放宽的，也没有取消的；")
    assert CALM not in "".join(json.loads(said["json"])["headline"])
    units = json.loads(said["json"])["units"]
    assert [(unit["new_file"], unit["compared"]) for unit in units] == [(FILE, False), (OTHER, True)]


def test_a_weaker_target_beside_an_unread_file_is_counted(root, told):
    edit(root, "年度: 2025", "年度: [")
    edit(root, "指标值: ≥97%", "指标值: ≥96%", OTHER)
    assert told()["text"].splitlines()[2].startswith("放宽 1 项（都没有理由）")


def test_a_new_years_file_is_compared_with_last_years(root, told):
    next_year(root)
    said = told()
    for name, text in said.items():
        assert CALM not in text
        assert name == "github" or "新年度的 1 个文件和上一年的比较。放宽 1 项（都没有理由）。" in text.replace(
            "\\", ""
        )
    (unit,) = json.loads(said["json"])["units"]
    assert (unit["compared"], unit["last_year_file"], unit["old_file"], unit["old_year"]) == (True, None, FILE, "2025")


def test_a_new_years_file_whose_last_one_is_broken_is_said_not_to_be_compared(root, told):
    next_year(root)
    edit(root, "年度: 2025", "年度: [")
    said = told()
    assert f"新年度的文件，里面的要求没有和上一年的比较：{NEXT}（上一年 {FILE}）。" in said["text"]
    assert f"没有和上一年的 {FILE} 比较" in said["text"] and CALM not in said["text"]


def test_a_new_years_file_whose_last_one_goes_in_the_same_change(root, told):
    next_year(root)
    (root / FILE).unlink()
    said = told()
    assert "删除了 1 个文件，新增了 1 个文件。新年度的文件，" in said["text"] and CALM not in said["text"]


def test_many_new_files_are_counted(root, capsys):
    (root / "data/2026").mkdir()
    for number in range(7):
        text = OLD.replace("示例市某局", f"示例市{number}局")
        (root / f"data/2025/示例市{number}局.yaml").write_text(text, "utf-8")
    commit(root)
    for number in range(7):
        text = OLD.replace("示例市某局", f"示例市{number}局").replace("年度: 2025", "年度: 2026", 1)
        (root / f"data/2026/示例市{number}局.yaml").write_text(text, "utf-8")
    cli.main(["-C", str(root), "diff", "HEAD"])
    (line,) = [line for line in capsys.readouterr().out.splitlines()[:3] if line.startswith("新增了")]
    assert line.startswith("新增了 7 个文件。新年度的 7 个文件和上一年的比较。")
    for number in range(7):
        (root / f"data/2025/示例市{number}局.yaml").unlink()
    cli.main(["-C", str(root), "diff", "HEAD"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("删除了 7 个文件")]
    assert line.startswith("删除了 7 个文件，新增了 7 个文件。") and line.count("上一年 data/2025/") == 5
    assert line.endswith("等 7 个。")


def test_the_first_file_of_a_unit_has_no_last_year(root, told):
    (root / "data/2025/新局.yaml").write_text(OLD.replace("示例市某局", "新局"), "utf-8")
    said = told()
    assert "新增了 1 个文件。" in said["text"] and "上一年" not in said["text"]
    assert not any(CALM in text for text in said.values())
    assert json.loads(said["json"])["units"][0]["last_year_file"] is None


def test_nothing_is_said_to_stand_over_a_deleted_file(root, told):
    (root / FILE).unlink()
    said = told()
    assert "删除了 1 个文件。" in said["text"] and not any(CALM in text for text in said.values())


def test_another_file_beside_a_deleted_one(root, told):
    (root / FILE).unlink()
    edit(root, "联系电话: ", "联系电话: 0", OTHER)
    said = told()
    assert "删除了 1 个文件。比较了的 1 个文件里，没有放宽的，也没有取消的；" in said["text"]
    assert CALM not in "".join(json.loads(said["json"])["headline"])


@pytest.mark.parametrize("shape", ["节约", "{成本: 节约}", "{}"])
def test_a_block_of_another_kind_is_not_said_to_stand(shape):
    begin, end = OLD.index("\n年度绩效指标:"), len(OLD)
    unit = compared(OLD, f"{OLD[:begin]}\n年度绩效指标: {shape}\n{OLD[end:]}")
    assert CALM not in in_short(unit)
    assert CALM not in "".join(headline(whole(unit)))


def test_two_readable_files_are_still_told_to_stand():
    unit = compared(OLD, OLD.replace("联系电话: ", "联系电话: 0"))
    assert in_short(unit).startswith(CALM) and headline(whole(unit))[1].startswith(CALM)


def whole(*units) -> Comparison:
    return Comparison(snapshot(REPOSITORY), VersionRange("0" * 40, None, "main", "现在的文件"), units)
