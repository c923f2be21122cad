"""What the public reads of a unit's year: its promises, what came of them where that is published, and its projects."""

from __future__ import annotations

import html
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from perfgen import cli
from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.project.layout import DataFile
from tests.helpers.cycle import change, write
from tests.helpers.found import unanswered
from tests.helpers.projects import REPOSITORY, restored, settings, snapshot, with_form

UNIT = "示例市市场监督管理局"
TARGET, REVIEW = f"data/2025/{UNIT}.yaml", f"data/2025/部门自评/{UNIT}.yaml"
PROJECTS = f"data/2025/项目目标/{UNIT}"
LIFTS = f"{PROJECTS}/A&B 类特种设备安全监察.yaml"
BEFORE, AFTER = "2026-08-14", "2026-08-15"
SITE = settings("示例市绩效公开", "department-review", "2026-07-31", "2026-08-15")
SECRETS = {TARGET: ("甲机密", "0711-7654321"), REVIEW: ("乙机密", "0711-1234567"), LIFTS: ("丙机密", "0711-2345678")}
NOTES = {TARGET: "内部说明甲不外传", REVIEW: "内部说明乙不外传"}
HEADING = "自评：达到"
"""What the page counts where the evaluation is published."""
ONLY = ("--only", "html")


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Path:
    """The repository's forms with a unit's target, its projects' targets and its review; private parts are marked."""
    root = with_form(
        tmp_path_factory.mktemp("forms"),
        TARGET,
        REVIEW,
        *(f"{PROJECTS}/{path.name}" for path in (REPOSITORY / PROJECTS).iterdir()),
    )
    for source, (who, number) in SECRETS.items():
        text = re.sub("^填报人: .*", f"填报人: {who}", (root / source).read_text("utf-8"), flags=re.MULTILINE)
        write(root, source, re.sub("^联系电话: .*", f"联系电话: {number}", text, flags=re.MULTILINE))
    change(root, TARGET, ("按清单销号。", f"按清单销号。{NOTES[TARGET]}"))
    change(root, REVIEW, ("\n单位名称:", f"\n审核说明:\n  S08: {NOTES[REVIEW]}\n单位名称:"))
    write(root, "data/site.yaml", SITE)
    return root


@pytest.fixture
def root(laid) -> Iterator[Path]:
    """The same, for a test that changes it."""
    with restored(laid) as root:
        yield root


def built(root: Path, day: str, *more: str, code: int = 0) -> dict[str, bytes]:
    """The public files, by path below the year."""
    assert cli.main(["-C", str(root), "build", "--date", day, *more]) == code
    folder = root / "build/public/2025"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def page(files: dict[str, bytes]) -> str:
    return files[f"{UNIT}/index.html"].decode()


def said(root: Path, source: str) -> list[str]:
    filing = loading.filing(snapshot(root), DataFile.at(source))
    return [finding.rule for finding in unanswered(check_filing(filing))]


def words(text: str) -> str:
    """A page without its tags."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


def test_each_promise_stands_beside_what_came_of_it(root):
    text = page(built(root, AFTER, *ONLY))
    read = words(text)
    assert HEADING in read and "自评：97.9分，优" in read
    assert re.search("食品抽检批次[^。]*权重3实际得分32025年目标≥6,500批次不低于做到6,544批次达到", read)
    late = "实际得分2.9未完成原因：两个新建小区的救援站点年底才投入使用；2026年起由三级站点覆盖。"
    assert f"{late}2025年目标＜18分钟低于做到18.6分钟没有达到" in read
    assert re.search("中长期规划相符性[^。]*实际得分1.4未完成原因：[^。]*。2025年目标相符做到基本相符", read)
    assert '<a href="../../2025/%E9%83%A8%E9%97%A8%E8%87%AA%E8%AF%84/' in text


def test_the_evaluation_leads_back_to_the_promises(root):
    text = built(root, AFTER, *ONLY)[f"部门自评/{UNIT}/index.html"].decode()
    assert re.search(f'<a href="[^"]*/{quote(UNIT)}/index.html">年初的承诺</a>', text)


def test_a_page_is_as_before_where_the_evaluation_is_not_published(root):
    """Before its day, without dates, without a file, while it is a draft with errors: the same bytes."""
    before = page(built(root, BEFORE, *ONLY))
    assert HEADING not in words(before) and "没有达到" not in words(before)
    change(root, REVIEW, ("完成值: 18.6分钟, ", "完成值: , "), ("执行数: 5389.62", "执行数: "))
    assert page(built(root, BEFORE, TARGET, *ONLY)) == before
    write(root, "data/site.yaml", SITE.partition("    表:")[0])
    assert page(built(root, AFTER, TARGET, *ONLY)) == before
    (root / REVIEW).unlink()
    assert page(built(root, AFTER, TARGET, *ONLY)) == before


def test_an_evaluation_that_is_published_and_wrong_stops_the_page(root, capsys):
    change(root, REVIEW, ("执行数: 5389.62", "执行数: "))
    assert cli.main(["-C", str(root), "build", "--date", AFTER, *ONLY]) == 1
    assert REVIEW in capsys.readouterr().out


def test_the_page_is_made_again_on_the_day(root):
    assert HEADING not in words(page(built(root, BEFORE, *ONLY)))
    assert HEADING in words(page(built(root, AFTER, *ONLY)))
    change(root, REVIEW, ("完成值: 18.6分钟", "完成值: 19.2分钟"))
    assert "19.2分钟" in words(page(built(root, AFTER, *ONLY)))


def test_a_measure_without_an_evaluation_says_so(root):
    """A target may be changed after it was evaluated; the review's own check says what is missing there."""
    row = "        - {三级指标: 食品抽检批次, "
    change(root, TARGET, (row, row.replace("批次", "样品数")))
    assert "Z01" in said(root, REVIEW)


@pytest.mark.pdf
def test_nothing_private_of_either_side_is_in_a_public_file(root):
    files = built(root, AFTER)
    marks = [mark for found in SECRETS.values() for mark in found] + [*NOTES.values()]
    for path, content in files.items():
        texts = [content]
        if path.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                texts = [package.read(name) for name in package.namelist()]
        for mark in marks:
            assert not any(mark.encode() in text for text in texts), (path, mark)
    for source, (who, _) in SECRETS.items():
        path = root / "build/official" / source.removeprefix("data/").replace(".yaml", ".docx")
        with zipfile.ZipFile(path) as package:
            assert who in package.read("word/document.xml").decode()


class TestEachProjectWithItsOwnTarget:
    def test_a_unit_whose_projects_all_have_one(self, root):
        assert said(root, TARGET) == []

    def test_a_project_without_one_is_named_where_others_have_theirs(self, root):
        lifts = (root / LIFTS).read_text("utf-8")
        (root / LIFTS).unlink()
        assert said(root, TARGET) == ["E04"]
        write(root, LIFTS, lifts)
        assert said(root, TARGET) == []

    def test_a_unit_that_does_not_use_the_form_is_left_alone(self, root):
        shutil.rmtree(root / PROJECTS)
        assert said(root, TARGET) == []

    def test_they_are_listed_with_links(self, root):
        text = page(built(root, AFTER, *ONLY))
        listed = text.partition("项目，大的在前</h2>")[2].partition("</dl>")[0]
        for path in (root / PROJECTS).iterdir():
            name = re.escape(html.escape(path.stem.replace("_", "/"), quote=False).replace(" ", ""))
            row = next(row for row in listed.split("<dt>") if re.match(name, words(row.replace("&amp;", "&amp;amp;"))))
            assert f'{quote(UNIT)}/{quote(path.stem)}/index.html">目标</a>' in row
        assert all((root / "build/public/2025/项目目标" / UNIT).joinpath(path.stem, "index.html").is_file()
                   for path in (root / PROJECTS).iterdir())  # fmt: skip


def test_rules_of_before_go_with_the_page_of_now(root):
    """A bureau's own rules file does not name the other forms: its page is as it was."""
    before = page(built(root, BEFORE, *ONLY))
    rules = root / "schema/department-target.rules.yaml"
    text = rules.read_text("utf-8")
    own = re.sub(
        r"^引用:\n(  .*\n)+", "", re.sub(r"^  E04:\n(    .*\n)+", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    rules.write_text(own, "utf-8")
    projects = re.compile(r'<a href="[^"]*">目标</a>')
    assert projects.search(before)
    assert words(page(built(root, AFTER, TARGET, *ONLY))) == words(projects.sub("", before))
