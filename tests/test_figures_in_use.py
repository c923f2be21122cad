"""Figures that take from other files, through the whole program: a review is scored by the plan of its project."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter

import pytest

from perfgen import cli
from perfgen.form.figure_sheet import Sheet
from tests.helpers import cycle
from tests.helpers.words import docx_of

SCORED = """\
引用:
  目标表: {表: plan, 对上: [果园, 项目]}
  上年自评: {表: review, 往前: 1, 对上: [果园, 项目]}
计算:
  指标.组.行.目标值: (目标表.指标.组.行 | 选取(名称=名称) | 首个).目标值
  指标.组.行.权重: (目标表.指标.组.行 | 选取(名称=名称) | 首个).权重
  指标.组.行.得分: 最小(权重, 四舍五入(完成值.数 / 目标值.数 * 权重, 2))
  总分: 指标.组.行 | 求和('得分')
  等次: 按档(总分, [90, 80, 60], ['优', '良', '中', '差'])
  累计: 执行 + (上年自评.累计 if 上年自评 else 0)
"""
ROWS = [
    ["果园", ("{{ 果园 }}", 4)],
    ["项目", ("{{ 项目 }}", 4)],
    ["执行", ("{{ 执行 }}", 4)],
    ["累计", ("{{ 累计 }}", 4)],
    ["经办", ("{{ 经办 }}", 4)],
    ["总分", ("{{ 总分 }}", 2), ("{{ 等次 }}", 2)],
    ["指标", "名称", "目标值", "完成值", "得分"],
    [("{%tr for 组 in 指标.组 %}", 5)],
    [("{%tr for 行 in 组.行 %}", 5)],
    ["{% merge 组 %}{{ 组.组名 }}", "{{ 行.名称 }}", "{{ 行.目标值 }}", "{{ 行.完成值 }}", "{{ 行.得分 }}"],
    [("{%tr endfor %}", 5)],
    [("{%tr endfor %}", 5)],
]


@pytest.fixture
def root(tmp_path):
    made = cycle.filled(tmp_path / "p")
    schema = json.loads(json.dumps(cycle.REVIEW))
    groups = schema["properties"]["指标"]
    for rows in (*groups["properties"].values(), groups["additionalProperties"]):
        rows["items"]["properties"] |= {
            "目标值": {**cycle.MEASURE, "title": "目标值"},
            "权重": {**cycle.NUMBER, "title": "权重", "x-printed": False},
            "得分": {**cycle.NUMBER, "title": "得分"},
        }
        rows["items"]["required"] += ["目标值", "得分"]
    cycle.write(made, "schema/review.schema.json", json.dumps(schema, ensure_ascii=False))
    cycle.write(made, "schema/review.rules.yaml", SCORED)
    (made / "templates/review/form.docx").write_bytes(docx_of(ROWS))
    return made


REVIEW = "data/2025/自评/东园/嫁接.yaml"


def edit(root, old: str, new: str, source: str = REVIEW) -> None:
    path = root / source
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def check(root, capsys) -> tuple[int, str]:
    code = cli.main(["-C", str(root), "check", REVIEW])
    return code, capsys.readouterr().out


def test_nothing_is_typed_twice_and_all_of_it_is_printed(root, capsys):
    code, said = check(root, capsys)
    assert code == 0, said
    assert cli.main(["-C", str(root), "build", "-j1", "--only", "docx"]) == 0
    word = zipfile.ZipFile(root / "build/official/2025/自评/东园/嫁接.docx").read("word/document.xml").decode()
    text = re.sub(r"</w:p>", "\n", word)
    text = re.sub(r"<[^>]+>", "", text)
    for shown in ("≥100棵", "≥20吨", "≥90%", "30", "15", "50", "95", "优"):
        assert shown in text
    assert "96.5" in text


def test_an_open_group_is_scored_too(root, capsys):
    edit(root, "指标:\n", "指标:\n  自起的:\n    - {名称: 新种的树, 完成值: 50棵}\n")
    assert check(root, capsys)[0] == 0


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("完成值: 15吨", "完成值: 尚未采收"), 10, "“完成值.数”没有填"),
        (("名称: 采收", "名称: 采果"), 10, "那一行"),
    ],
)
def test_a_hole_is_an_error_at_its_row_and_nothing_else_stops(root, capsys, change, line, words):
    edit(root, *change)
    edit(root, "执行: 96.5", "执行: 九十六")
    code, said = check(root, capsys)
    assert code == 1
    assert f"{REVIEW}:{line}:" in said and "figure-missing" in said and words in said
    assert f"{REVIEW}:5:" in said and "Traceback" not in said


def test_a_zero_to_divide_by_is_an_error_at_its_row(root, capsys):
    edit(root, "目标值: ≥20吨", "目标值: ≥0吨", "data/2025/目标/东园/嫁接.yaml")
    code, said = check(root, capsys)
    assert code == 1 and f"{REVIEW}:10:" in said and "要除以的数是零" in said
    assert said.count("figure-missing") == 1


def test_a_plan_that_is_missing_is_said_once_at_the_key(root, capsys):
    (root / "data/2025/目标/东园/嫁接.yaml").unlink()
    code, said = check(root, capsys)
    assert code == 1 and said.count("reference-missing") == 1 and "figure-missing" not in said
    assert f"{REVIEW}:4:" in said and "目标表" in said


def test_a_plan_that_has_an_error_of_shape_is_no_plan_but_one_that_breaks_a_rule_is(root, capsys):
    edit(root, "预算: 120", "预算: 999999", "data/2025/目标/东园/嫁接.yaml")
    assert check(root, capsys)[0] == 0
    edit(root, "预算: 999999", "预算: 很多", "data/2025/目标/东园/嫁接.yaml")
    code, said = check(root, capsys)
    assert code == 1 and said.count("reference-missing") == 1


def test_a_score_that_is_typed_is_held_to_the_computed_one(root, capsys):
    edit(root, "完成值: 15吨", "完成值: 15吨, 得分: 16")
    code, said = check(root, capsys)
    assert code == 1 and "写的是 16，计算结果是 15" in said
    edit(root, "得分: 16", "得分: 15.00")
    assert check(root, capsys)[0] == 0


def test_twenty_years_of_a_project_are_computed_once_each(root, capsys, monkeypatch):
    for year in range(2006, 2025):
        cycle.plan(root, year=year)
        cycle.review(root, year=year)
    counts: Counter[tuple[int, str]] = Counter()
    real = Sheet.compute

    def counted(sheet, figure, files):
        counts[id(sheet), ".".join(map(str, figure.path))] += 1
        return real(sheet, figure, files)

    monkeypatch.setattr(Sheet, "compute", counted)
    assert cli.main(["-C", str(root), "check", REVIEW]) == 0
    assert set(counts.values()) == {1}
    # the reviews of all years
    assert sum(number for (_, path), number in counts.items() if path == "累计") == 20
    assert sum(counts.values()) <= 20 * 6
    capsys.readouterr()
    assert cli.main(["-C", str(root), "check", "--all"]) == 0
    assert set(counts.values()) <= {1, 2}


def test_what_goes_round_within_a_year_is_an_error_of_the_rules(root, capsys):
    edit(root, "引用:\n", "引用:\n  自评: {表: review, 对上: [果园, 项目]}\n", "schema/plan.rules.yaml")
    edit(root, "审核:\n", "计算:\n  得过: 自评.总分\n审核:\n", "schema/plan.rules.yaml")
    edit(root, "  总分: 指标.组.行 | 求和('得分')\n", "  总分: 目标表.得过\n", "schema/review.rules.yaml")
    code, said = check(root, capsys)
    assert code == 2 and "成了圈" in said
    assert "schema/plan.rules.yaml:5:3" in said and "schema/review.rules.yaml:8:3" in said
