"""What is taken from other files is public only where it is so in both forms, and that file is published itself.

Marks are planted on both sides, in every private field and in what is public; they are looked for in every output.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import date

import pytest

from perfgen.build import batch
from perfgen.build.batch import BuildOrder
from perfgen.system.day import Day, Origin
from tests import test_privacy
from tests.helpers import cycle
from tests.helpers.projects import REPOSITORY, settings, snapshot
from tests.helpers.words import docx_of

PLAN, REVIEW, ORCHARD = "data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml", "data/2025/东园.yaml"
SECRETS = ("王机密", "7654321", "李机密")
GOAL = "东园的嫁接，多种果树"
SITE = settings("果园", "plan", "2025-05-20", "2025-06-01")
WITHOUT = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2025:
    表:
      review: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
      orchard: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
"""


@pytest.fixture
def root(tmp_path):
    """A review and an orchard's form that print all there is of the plans, on paper and on their pages."""
    root = cycle.filled(tmp_path / "p", pages=True)
    rows = [
        *cycle.REVIEW_ROWS,
        ["别人经办", ("{{ 目标表.经办 }}", 2)],
        ["别人底价", ("{{ 目标表.底价 }}", 2)],
        [("{%tr for 组 in 目标表.指标.组 %}", 3)],
        [("{%tr for 行 in 组.行 %}", 3)],
        ["{% merge 组 %}{{ 组.组名 }}", "{{ 行.名称 }}", "{{ 行.权重 }}"],
        [("{%tr endfor %}", 3)],
        [("{%tr endfor %}", 3)],
    ]
    (root / "templates/review/form.docx").write_bytes(docx_of(rows))
    listed = [*cycle.ORCHARD_ROWS[:-2], ["{{ 一个.项目 }}：{{ 一个.经办 }}", "{{ 一个.目标 }}"], cycle.ORCHARD_ROWS[-1]]
    (root / "templates/orchard/form.docx").write_bytes(docx_of(listed))
    edit(
        root / "templates/review/page.html", "{{ 目标表.目标 }}", "{{ 目标表.目标 }}{{ 目标表.经办 }}{{ 目标表.底价 }}"
    )
    edit(root / "templates/orchard/page.html", "{{ 一个.预算 }}", "{{ 一个.目标 }}{{ 一个.经办 }}{{ 一个.底价 }}")
    edit(root / PLAN, "王某某", "王机密")
    edit(root / PLAN, "77.5", "7654321")
    edit(root / REVIEW, "李某某", "李机密")
    return root


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def everything(path):
    """All that a file says, its name too."""
    content = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return path.name + "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    return path.name + content.decode("utf-8", "replace")


def built(root, day, settings=SITE):
    """What the public outputs and the official ones say, by the first part of their paths below the year."""
    cycle.write(root, "data/site.yaml", settings)
    today = Day(date.fromisoformat(day), Origin.OPTION)
    outcome = batch.build(BuildOrder(snapshot(root), day=today))
    assert outcome.exit_code == 0, outcome.findings
    said = {}
    for path in sorted((root / "build").rglob("*")):
        where = path.relative_to(root / "build").parts
        if path.is_file() and where[0] in ("public", "official") and len(where) > 2:
            kind = where[2].partition(".")[0]
            said[where[0], kind] = said.get((where[0], kind), "") + everything(path)
    return said


@pytest.mark.parametrize(
    ("day", "settings", "is_shown"),
    [("2025-03-01", SITE, False), ("2025-06-01", SITE, True), ("2025-06-01", WITHOUT, False)],
    ids=["before its day", "on its day", "no day"],
)
def test_a_value_of_another_file_waits_for_that_files_day(root, day, settings, is_shown):
    said = built(root, day, settings)
    for kind in ("自评", "东园"):
        assert (GOAL in said["public", kind]) is is_shown
        assert GOAL in said["official", kind]
        assert not any(secret in said["public", kind] for secret in SECRETS)
    assert (("public", "目标") in said) is is_shown
    assert all(secret in said["official", "自评"] for secret in SECRETS)
    assert "新种的树" in said["public", "自评"]  # the review's own row of that name


@pytest.mark.pdf
@pytest.mark.parametrize(("day", "is_shown"), [("2025-03-01", False), ("2025-06-01", True)])
def test_so_it_is_in_pdfs_and_what_they_carry(root, day, is_shown):
    for name in ("form.html", "print.css"):
        for form in ("review", "orchard"):
            shutil.copy(REPOSITORY / "templates/shared" / name, root / "templates" / form / name)
    (root / "data/2025/自评/东园/灌溉.yaml").unlink()
    built(root, day)
    made = list((root / "build").rglob("*.pdf"))
    for path in made:
        said = test_privacy.everything(path)
        is_public = "public" in path.parts
        assert (GOAL in said) is (is_shown or not is_public), path
        assert any(secret in said for secret in SECRETS) is (not is_public), path
    assert len(made) == 4


def test_of_files_that_are_not_published_not_even_their_number_is_told(root):
    page = built(root, "2025-03-01")["public", "东园"]
    assert "嫁接" not in page
    assert "灌溉" not in page
    assert "项目表/0" not in page


def test_of_several_files_those_that_are_published_are_shown(root):
    settings = SITE + "        单位:\n          目标/东园/灌溉: {批复日期: 2025-01-24, 公开日期: 2025-02-10}\n"
    settings = settings.replace(
        "      plan: {批复日期: 2025-05-20, 公开日期: 2025-06-01}\n",
        "      plan:\n        批复日期: 2025-05-20\n        公开日期: 2025-06-01\n",
    )
    page = built(root, "2025-03-01", settings)["public", "东园"]
    assert "灌溉" in page
    assert "嫁接" not in page


def test_a_field_that_is_private_here_is_private_of_the_other_file_too(root):
    schema = root / "schema/review.schema.json"
    there = '"经办": {"title": "经办", "type": "string"}'
    edit(schema, there, there + ', "目标": {"title": "目标", "type": "string", "x-printed": false}')
    said = built(root, "2025-06-01")
    assert GOAL not in said["public", "自评"]
    assert GOAL in said["public", "东园"]
    assert GOAL in said["official", "自评"]


def test_the_list_of_reports_names_none_that_is_not_published(root):
    built(root, "2025-03-01")
    index = (root / "build/public/index.html").read_text("utf-8") if (root / "build/public/index.html").exists() else ""
    assert "目标" not in index


FIGURES = """\
引用:
  目标表: {表: plan, 对上: [果园, 项目]}
计算:
  抄的目标: 目标表.目标
  差额: 目标表.预算 * 1000003 + 7
  再算: 差额 + 1
  低的: 目标表.底价 + 5
  自己的: 执行 * 1000003
  去年: 上年表.执行 * 1000003
"""
SHOWN_LATER = ("东园的嫁接，多种果树", "120000367", "120000368")
NEVER = ("7654326",)
ALWAYS = ("96500289.5",)


@pytest.fixture
def computing(root):
    """A review whose figures take from its plan and from last year's review, with a typed claim among them."""
    cycle.write(root, "schema/review.rules.yaml", FIGURES)
    schema = root / "schema/review.schema.json"
    there = '"经办": {"title": "经办", "type": "string"}'
    edit(schema, there, there + ', "差额": {"title": "差额", "type": "number", "x-public": true}')
    edit(root / REVIEW, "经办: 李机密", "经办: 李机密\n差额: 120000367")
    names = ("抄的目标", "差额", "再算", "低的", "自己的", "去年")
    rows = [*cycle.REVIEW_ROWS[:2], *cycle.REVIEW_ROWS[4:], *([name, (f"{{{{ {name} }}}}", 2)] for name in names)]
    (root / "templates/review/form.docx").write_bytes(docx_of(rows))
    edit(root / "templates/review/page.html", "{{ 目标表.目标 }}{{ 目标表.经办 }}{{ 目标表.底价 }}",
         "".join(f"<b>{{{{ {name} }}}}</b>" for name in names))  # fmt: skip
    return root


@pytest.mark.parametrize(
    ("day", "settings", "is_shown"),
    [("2025-03-01", SITE, False), ("2025-06-01", SITE, True), ("2025-06-01", WITHOUT, False)],
    ids=["before its day", "on its day", "no day"],
)
def test_a_figure_that_takes_from_another_file_waits_for_that_files_day(computing, day, settings, is_shown):
    """Also what a figure takes through another figure, and a claim that the author typed in its place."""
    (computing / "data/2025/自评/东园/灌溉.yaml").unlink()
    said = built(computing, day, settings)
    assert [mark in said["public", "自评"] for mark in SHOWN_LATER] == [is_shown] * len(SHOWN_LATER)
    assert not any(mark in said["public", "自评"] for mark in NEVER)
    assert all(mark in said["public", "自评"] for mark in ALWAYS)
    assert all(mark in said["official", "自评"] for mark in (*SHOWN_LATER, *NEVER, *ALWAYS))


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_figure_that_takes_from_an_earlier_year_waits_for_that_year(computing, is_shown):
    before = REVIEW.replace("2025", "2024")
    cycle.plan(computing, year=2024)
    cycle.review(computing, year=2024, spent="88.5")
    assert (computing / before).exists()
    settings = SITE.replace(
        "公开:\n", "公开:\n  2024: {批复日期: 2024-01-24, 公开日期: 2024-02-10}\n" if is_shown else "公开:\n"
    )
    said = built(computing, "2025-06-01", settings)
    of_this_year = "".join(
        everything(path) for path in (computing / "build/public/2025/自评").rglob("*") if path.is_file()
    )
    assert ("88500265.5" in of_this_year) is is_shown
    assert "88500265.5" in said["official", "自评"]
