"""docs/form.md shows what is shipped: its excerpts are those of the files, and what it says to change is changed so."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import docx as python_docx
import pytest

from perfgen import cli
from perfgen.build import job, template_check
from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.report import site
from perfgen.report.report import Edition
from scripts import structure
from tests.conftest import REPOSITORY
from tests.helpers.cycle import change
from tests.helpers.described import described, in_lines
from tests.helpers.found import unanswered
from tests.helpers.projects import restored, settings, snapshot, with_form
from tests.helpers.words import edit

PAGE = (REPOSITORY / "docs/form.md").read_text("utf-8")
BLOCKS = re.findall(r"<!-- ([^>]+) -->\n```\w+\n(.*?)\n```", PAGE, re.DOTALL)
EXCERPTS = [(name, text) for name, text in BLOCKS if (REPOSITORY / name).is_file() and not name.endswith(".docx")]
ARCHIVE = "data/2025/项目监控/示例市档案馆/馆库与数字档案系统运行维护.yaml"
LIFTS = "data/2025/项目自评/示例市市场监督管理局/A&B 类特种设备安全监察.yaml"
LIFTS_TARGET = LIFTS.replace("项目自评", "项目目标")


def of_page(name: str) -> str:
    """What the page shows under a name."""
    (text,) = [text for known, text in BLOCKS if known == name]
    return text


def is_excerpt(part: str, whole: str) -> bool:
    """Whether some lines stand in a text one after the other, with lines left out only where … stands."""
    lines, at, free = whole.splitlines(), 0, False
    for line in part.splitlines():
        if line == "…":
            free = True
            continue
        found = next((n for n in range(at, len(lines)) if lines[n] == line), None) if free else at
        if found is None or found >= len(lines) or lines[found] != line:
            return False
        at, free = found + 1, False
    return free or at == len(lines)


def test_an_excerpt_is_told_from_what_is_none():
    whole = "a\nb\nc\nd"
    assert is_excerpt(whole, whole) and is_excerpt("…\nb\n…\nd", whole) and is_excerpt("a\nb\n…", whole)
    assert not is_excerpt("a\nb", whole) and not is_excerpt("b\n…", whole) and not is_excerpt("a\nc\n…", whole)
    assert not is_excerpt("…\nc\n…\nb\n…", whole) and not is_excerpt("…\nx\n…", whole)


def test_each_kind_of_file_is_shown():
    assert {Path(name).suffix for name, _ in EXCERPTS} == {".json", ".yaml", ".html"} and len(EXCERPTS) == 5


@pytest.mark.parametrize(("name", "text"), EXCERPTS, ids=range(len(EXCERPTS)))
def test_what_the_page_shows_is_what_is_shipped(name, text):
    whole = (REPOSITORY / name).read_text("utf-8")
    assert is_excerpt(text, whole), f"{name} differs from docs/form.md"


def test_the_word_form_is_described_as_it_is():
    assert of_page("templates/project-monitor/form.docx") == described(
        REPOSITORY / "templates/project-monitor/form.docx"
    )


def test_the_lines_of_each_form_are_counted():
    written = structure.FORM_PAGE.read_text("utf-8")
    assert structure.page(structure.FORM_PAGE) == written, "run: python scripts/structure.py --write"
    table = written.partition("<!-- lines -->")[2].partition("<!-- end of lines -->")[0]
    names = re.findall(r"`([\w-]+)` \| \d+ \| \d+ \| \d+ \| \d+ \|", table)
    assert {"project-monitor", "department-target"} <= set(names) and "site" not in names


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Path:
    """The shipped forms, with the files of one project each of two units."""
    return with_form(
        tmp_path_factory.mktemp("forms"),
        ARCHIVE,
        ARCHIVE.replace("监控", "目标"),
        LIFTS,
        LIFTS_TARGET,
        "data/2025/示例市档案馆.yaml",
        "data/2025/示例市市场监督管理局.yaml",
    )


@pytest.fixture
def root(laid) -> Iterator[Path]:
    """The same, for a test that changes it."""
    with restored(laid) as root:
        yield root


SITE = settings("示例市绩效公开", "project-review", "2026-07-31", "2026-08-15")


def rules_said(root: Path, source: str) -> list[str]:
    """The rules that ask something of a file."""
    found = unanswered(check_filing(loading.filing(snapshot(root), DataFile.at(source))))
    return sorted({finding.rule for finding in found})


def figures(root: Path, source: str) -> dict[str, Decimal]:
    """The scores of a review, by measure, and its total."""
    view = job.reports(snapshot(root), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL].view
    rows = [row for first in view["绩效指标"]["一级指标"] for second in first["二级指标"] for row in second["指标"]]
    return {row["三级指标"]: Decimal(str(row["得分"])) for row in rows} | {"总分": Decimal(str(view["总分"]))}


def test_the_example_prints_what_the_page_says(root, capsys):
    assert cli.main(["-C", str(root), "build", "--only", "docx", ARCHIVE]) == 0
    made = root / "build/official" / ARCHIVE.removeprefix("data/").replace(".yaml", ".docx")
    assert made.relative_to(root).as_posix() in PAGE
    assert is_excerpt(of_page("the Word file"), in_lines(made.read_bytes()))


def add_column(path: Path, head: str, marker: str) -> None:
    """What Word does to insert a column on the right: a cell in each row, which all but two rows join to the last."""
    document = python_docx.Document(str(path))
    (table,) = document.tables
    table._tbl.tblGrid.append(copy.deepcopy(table._tbl.tblGrid.gridCol_lst[-1]))
    for row in table._tbl.tr_lst:
        last = row.tc_lst[-1]
        text = "".join(node.text or "" for node in last.iter("{*}t"))
        if text.replace("\n", "") in ("偏差原因分析及改进措施", "{{ 指标.原因 }}"):
            added = copy.deepcopy(last)
            last.addnext(added)
            texts = list(added.iter("{*}t"))
            texts[0].text = marker if "{{" in text else head
            for node in texts[1:]:
                node.text = ""
        else:
            last.grid_span = last.grid_span + 1
    document.save(str(path))


@pytest.mark.pdf
def test_a_column_more(root, capsys):
    schema = root / "schema/project-review.schema.json"
    tree = json.loads(schema.read_text("utf-8"))
    tree["$defs"]["指标"]["properties"].update(json.loads(f"{{{of_page('add a column: schema')}}}"))
    schema.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    change(root, LIFTS, ("完成值: 312台}", "完成值: 312台, 佐证材料: 评估报告 312 份}"))
    assert cli.main(["-C", str(root), "build", "--only", "docx", LIFTS]) == 2
    assert "没有印它的地方" in capsys.readouterr().err
    add_column(root / "templates/project-review/form.docx", "佐证材料", "{{ 指标.佐证材料 }}")
    assert template_findings(root, "project-review") == []
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    assert cli.main(["-C", str(root), "build", "--only", "docx,html", "--date", "2026-09-01", LIFTS]) == 0
    public = root / "build/public" / LIFTS.removeprefix("data/").replace(".yaml", "/index.html")
    assert "佐证材料 评估报告 312 份" in re.sub("<span[^>]*>|</span>", "", public.read_text("utf-8"))
    made = root / "build/official" / LIFTS.removeprefix("data/").replace(".yaml", ".docx")
    (row,) = [line for line in in_lines(made.read_bytes()).splitlines() if "老旧电梯评估" in line]
    assert row.endswith("｜评估报告 312 份")
    assert "｜佐证材料" in in_lines(made.read_bytes())


@pytest.mark.pdf
def test_the_page_of_a_form_with_dates_of_its_own_is_tried_without_data(root):
    """Its page leads to that of another form, which has dates of the year."""
    assert template_findings(root, "project-monitor") == []
    change(root, "templates/project-monitor/page.html", ("{{ 偏差原因|whole }}", "{{ 偏差原由|whole }}"))
    assert set(template_findings(root, "project-monitor")) == {"templates/project-monitor/page.html"}


def template_findings(root: Path, name: str) -> list[str]:
    """The files of a form's templates that `check --templates` finds fault with."""
    project = snapshot(root)
    form = forms.find(project, name)
    assert form is not None
    return [finding.place.file for finding in template_check.check_templates(form, project)]


def set_parameters(root: Path, shown: str) -> None:
    """Does what the page says under a name: parameters that are there get their values; a section is added."""
    name = shown.partition(": ")[2]
    text = of_page(shown)
    path = root / name
    if text.startswith("参数:"):
        assert "\n参数:" not in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8") + "\n" + text + "\n", "utf-8")
        return
    for line in text.splitlines():
        parameter = line.partition(":")[0]
        found = re.findall(rf"^{parameter}: \S+", path.read_text("utf-8"), re.MULTILINE)
        assert len(found) == 1, parameter
        change(root, name, (found[0], line))


def test_scores_of_another_kind(root):
    """For <18 and 18.9: 8·(1−0.9/18) = 7.6; turned round, 8·18/18.9 = 7.619…"""
    measure = "电梯困人救援到场时间"
    before = figures(root, LIFTS)
    set_parameters(root, "change scoring: schema/project-review.rules.yaml")
    after = figures(root, LIFTS)
    assert (before[measure], after[measure]) == (Decimal("7.6"), Decimal("7.62"))
    assert after["总分"] - before["总分"] == Decimal("0.02")
    assert {name for name in before if before[name] != after[name]} == {measure, "总分"}


def test_a_formula_of_ones_own(root):
    """A form that computes the same place itself is not scored by the shared formula."""
    change(
        root,
        "schema/project-review.rules.yaml",
        ("计算:\n", "计算:\n  评分指标.得分: 权重 if 达成情况 == '达成' else 0\n"),
    )
    assert figures(root, LIFTS)["电梯困人救援到场时间"] == 0


SCHEMA, RULES = "schema/project-monitor.schema.json", "schema/project-monitor.rules.yaml"
MISTAKES = [
    (RULES, ("求和(目标表.年度资金.财政拨款, 0)", "求和(目标表.年度资金.财政播款, 0)")),
    (SCHEMA, ('      "x-label": "名称",\n      "additionalProperties": {\n        "title": "一级指标"',
              '      "additionalProperties": {\n        "title": "一级指标"')),
    (SCHEMA, ('"x-role": "subject"', '"x-role": "subject", "x-publik": true')),
    (SCHEMA, ('"x-role": "unit"', '"x-printed": true')),
    ("templates/project-monitor/form.docx", ("指标.备注", "指标.备住")),
    (ARCHIVE, ("项目名称: 馆库与", "项目名称: 馆舍与")),
]  # fmt: skip
"""What goes wrong, in the order of the page's table; its last row is that of a column more."""


@pytest.mark.parametrize(("number", "source", "pair"), [(n, *case) for n, case in enumerate(MISTAKES)])
def test_a_mistake_is_told_as_the_page_says(root, capsys, number, source, pair):
    rows = PAGE.partition("## 写错了会怎样")[2].strip().splitlines()[2:]
    assert len(rows) == len(MISTAKES) + 1
    message = rows[number].split("|")[1].strip().strip("`")
    if source.endswith(".docx"):
        content = (root / source).read_bytes()
        (root / source).write_bytes(edit(content, "word/document.xml", lambda text: text.replace(*pair)))
    else:
        change(root, source, pair)
    cli.main(["-C", str(root), "build", "--only", "docx", ARCHIVE])
    told = capsys.readouterr()
    parts = message.split("…")
    said = told.out + told.err
    assert any(all(part in line for part in parts) for line in said.splitlines()), f"{message}\n{said}"


def test_other_weights(root):
    """90 points for the measures and 10 for the money become 80 and 20: what is to be changed is said, then right."""
    assert rules_said(root, LIFTS_TARGET) == [] and rules_said(root, LIFTS) == []
    for shown in [name for name, _ in BLOCKS if name.startswith("change weights")]:
        set_parameters(root, shown)
    assert rules_said(root, LIFTS_TARGET) == ["P02"] and rules_said(root, LIFTS) == ["V06"]
    change(root, LIFTS_TARGET, ("权重: 20}", "权重: 15}"), ("权重: 12}", "权重: 7}"))  # costs, and benefits
    assert rules_said(root, LIFTS_TARGET) == [] and rules_said(root, LIFTS) == []
    # 272.6 of 279.8 is 97.43 %: 20·0.9743 = 19.486
    scores = figures(root, LIFTS)
    total = scores.pop("总分")
    assert total == sum(scores.values()) + Decimal("19.49")
