"""An outcome is no promise: its correction is no weakening, it is held to the unit of its promise, which it knows."""

from __future__ import annotations

import json

import pytest

from perfgen.check import loading
from perfgen.check.check import check_filing
from perfgen.comparison.classify import Class
from perfgen.fields import read_fields
from perfgen.findings import FormError
from perfgen.project.layout import DataFile
from perfgen.render.parts.html_templates import fill
from perfgen.review.settings.schema_changes import _of_field
from perfgen.table.view import make_view
from tests.helpers.projects import snapshot
from tests.helpers.versions import compared

MEASURE = {"type": ["string", "number"], "x-measure": True, "x-public": True}
SCHEMA = {
    "title": "自评表",
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "年", "户", "行"],
    "properties": {
        "form": {"const": "review", "x-role": "form", "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True},
        "户": {"type": "string", "x-role": "unit", "x-public": True},
        "说明": {"type": "object", "x-role": "waivers", "additionalProperties": {"type": "string"}},
        "为什么": {"type": "object", "x-role": "reasons", "additionalProperties": {"type": "string"}},
        "行": {
            "title": "各条",
            "type": "array",
            "x-identity": "名",
            "items": {
                "title": "一条",
                "type": "object",
                "additionalProperties": False,
                "required": ["名", "要做到"],
                "properties": {
                    "名": {"type": "string", "x-public": True},
                    "要做到": {**MEASURE, "title": "要做到"},
                    "做到": {**MEASURE, "title": "做到", "x-outcome": "要做到"},
                },
            },
        },
    },
}
RULES = """\
方向: {率: ≥=}
等级: [[好, 一般, 差]]
审核:
  R1:
    名称: 做到了
    级别: 提示
    对象: 行
    公式: 达成(要做到, 做到, 名) in ['', '达到']
    说法: 要做到 {{ 要做到 }}，{{ 达成(要做到, 做到, 名) }}。
    改法: 看一遍。
    指向: 做到
    依据: 无。
"""
FILE = "data/2025/东.yaml"


def text(*rows: tuple[str, str, str], year: int = 2025) -> str:
    lines = [
        f"  - {{名: {name}, 要做到: {promise!r}" + (f", 做到: {outcome!r}}}" if outcome else "}")
        for name, promise, outcome in rows
    ]
    return "\n".join(["form: review", f"年: {year}", "户: 东", "行:", *lines, ""])


@pytest.fixture
def root(tmp_path):
    (tmp_path / "schema").mkdir()
    (tmp_path / "data/2025").mkdir(parents=True)
    (tmp_path / "schema/review.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    (tmp_path / "schema/review.rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def found(root, *row: str):
    (root / FILE).write_text(text(row), "utf-8")
    return list(check_filing(loading.well_formed(snapshot(root), DataFile.at(FILE))))


@pytest.mark.parametrize(
    ("promise", "outcome", "why", "done"),
    [
        ("≥95%", "95件", "单位不同（件、%）", "单位都用“%”"), ("≥95%", "95", "“95”没有单位", "写成 95%"),
        ("≥95%", "≤95%", "方向不同", "两个写一样的方向"), ("≥95%", "约95%", "不是准数", "写成 95%"),
        ("≥95%", "好", "一个是数，一个是文字", "两个都写成数和单位"),
        ("2025年9月底前", "5天", "是日期", "两个都写日期"),
        ("2025年9月底前", "9月20日", "没有写哪一年", ""), ("提升≥10%", "12%", "是变化了多少", "两个都写做到多少"),
    ],
)  # fmt: skip
def test_an_outcome_that_cannot_be_held_against_its_promise_is_said(root, promise, outcome, why, done):
    (finding,) = [finding for finding in found(root, "甲", promise, outcome) if finding.rule == "outcome-unlike"]
    assert f"“甲”做到 {outcome}，要做到 {promise}：" in finding.message and "看不出有没有达到" in finding.message
    assert why in finding.message
    assert done in finding.hint and "outcome-unlike 甲" in finding.hint
    assert finding.path == ("行", 0, "做到")


@pytest.mark.parametrize(
    ("promise", "outcome"),
    [
        ("≥95%", "93%"), ("≥95%", ""), ("≥95%", "—"), ("好", "一般"), ("2025年9月底前", "2025年10月3日"),
        ("≥1.2万元", "13000元"), ("全覆盖", "100%"), ("=100%", "98%"), ("2025年9月底前", "2025.9"),
    ],
)  # fmt: skip
def test_an_outcome_that_can_be_held_is_left_alone(root, promise, outcome):
    assert [finding for finding in found(root, "甲", promise, outcome) if finding.rule == "outcome-unlike"] == []


@pytest.mark.parametrize(
    ("name", "promise", "outcome", "said"),
    [
        ("率", "≥95%", "94%", "没有达到"), ("率", "95%", "94%", "没有达到"), ("数", "95%", "94%", "不能比"),
        ("率", "=100%", "101%", ""), ("数", "=100%", "101%", "没有达到"), ("数", "好", "差", "没有达到"),
        ("数", "一般", "好", ""), ("时间", "2025年9月底前", "2025年10月", "没有达到"),
        ("时间", "2025年9月底前", "2025年9月", ""), ("时间", "2025年9月15日前", "2025年9月", "不能比"),
        ("数", "3-5个", "4个", ""), ("数", "3-5个", "6个", "没有达到"), ("数", "<5个", "5个", "没有达到"),
    ],
)  # fmt: skip
def test_rules_ask_whether_a_promise_was_kept(root, name, promise, outcome, said):
    told = [finding.message for finding in found(root, name, promise, outcome) if finding.rule == "R1"]
    assert told == ([f"要做到 {promise}，{said}。"] if said else [])


@pytest.mark.parametrize(
    ("old", "new", "meaning", "sentence"),
    [
        ("95%", "90%", Class.CORRECTED, "由 95% 改为 90%，更正结果"),
        ("90%", "95%", Class.CORRECTED, "由 90% 改为 95%，更正结果"),
        ("95%", "95件", Class.CORRECTED, "由 95% 改为 95件，更正结果，单位由“%”变成了“件”，前后不能直接比"),
        ("95%", "好", Class.CORRECTED, "由 95% 改为 好，更正结果，由数变成了文字，前后不能直接比"),
        ("95%", "—", Class.CORRECTED, "更正结果：不填了，原来是 95%"),
        ("95%", "", Class.CORRECTED, "更正结果：不填了，原来是 95%"),
        ("", "95%", Class.ADDED, "填了结果 95%"), ("—", "95%", Class.ADDED, "填了结果 95%"),
        ("12000元", "1.2万元", Class.WORDS, "写法由“12000元”改为“1.2万元”，意思没有变"),
        ("2025年9月3日", "2025年10月3日", Class.CORRECTED, "由 2025年9月3日 改为 2025年10月3日，更正结果：推迟 30 天"),
    ],
)  # fmt: skip
def test_another_outcome_is_a_correction_and_wants_no_reason(root, old, new, meaning, sentence):
    unit = compared(text(("率", "≥95%", old)), text(("率", "≥95%", new)), root, FILE)
    (change,) = unit.changes
    assert (change.meaning, change.sentence) == (meaning, sentence)
    assert not change.is_open and not change.is_promise and not change.rule and change.label.endswith("做到")


def test_the_promise_beside_it_is_still_one(root):
    unit = compared(text(("率", "≥95%", "95%")), text(("率", "≥90%", "90%")), root, FILE)
    assert {change.meaning: change.is_open for change in unit.changes} == {Class.WEAKER: True, Class.CORRECTED: False}


@pytest.mark.parametrize(
    ("old", "new", "meaning", "said"),
    [
        ("2025年9月底前", "2025年11月底前", Class.WEAKER, "放宽：推迟 61 天"),
        ("2025年9月底前", "2025年8月31日前", Class.STRICTER, "收紧：提前 30 天"),
        ("2025年12月底前", "2026年3月底前", Class.WEAKER, "放宽：推迟 90 天"),
        ("2025年9月1日起", "2025年8月1日起", Class.WEAKER, "放宽：提前 31 天"),
        ("2025年9月", "2025年9月30日前", Class.WORDS, "意思没有变"),
        ("2025.10", "2025.1", Class.STRICTER, "提前 273 天"),
        ("2025年9月底前", "≥95%", Class.REDEFINED, "由日期变成了数"),
        ("好", "2025年9月", Class.REDEFINED, "由文字变成了日期"),
        ("2025年9月底前", "2025年9月起", Class.REDEFINED, "方向由“≤”变成了“≥”"),
        ("2025年9月底前开工", "2025年9月底前验收", Class.REDEFINED, "前面的字由“开工”变成了“验收”"),
    ],
)  # fmt: skip
def test_a_deadline_is_put_off_or_brought_forward(root, old, new, meaning, said):
    (change,) = compared(text(("时间", old, "")), text(("时间", new, "")), root, FILE).changes
    assert change.meaning is meaning and said in change.sentence
    assert change.is_open == (meaning in (Class.WEAKER, Class.REDEFINED))


def test_a_schema_that_makes_a_promise_an_outcome_asks_less():
    (root_schema := json.loads(json.dumps(SCHEMA)))["properties"]["行"]["items"]["properties"]["做到"].pop("x-outcome")
    old, new = (read_fields(schema, "x").at(("行", 0, "做到")) for schema in (root_schema, SCHEMA))
    (told,) = _of_field(old, new)
    assert told.kind.value == "放松" and "“要做到”的结果" in str(told)


def test_a_page_asks_for_the_promise_of_an_outcome(root):
    (root / FILE).write_text(text(("率", "≥95%", "93%")), "utf-8")
    filing = loading.well_formed(snapshot(root), DataFile.at(FILE))
    (root / "templates/review").mkdir(parents=True)
    page = root / "templates/review/page.html"
    page.write_text("{% for 条 in 行 %}{{ 条.做到|promise|plain }}，{{ 条.做到|promise }}{% endfor %}", "utf-8")
    context = {"行": make_view(filing.document.top, filing.form.fields, {}, {}, public=True)["行"]}
    made = fill(snapshot(root), "templates/review", "page.html", context)
    assert made.startswith("≥95%，<span data-path=") and "要做到" in made and made.endswith(">≥95%</span>")
    page.write_text("{% for 条 in 行 %}{{ 条.名|promise }}{% endfor %}", "utf-8")
    with pytest.raises(FormError, match="x-outcome"):
        fill(snapshot(root), "templates/review", "page.html", context)


def test_a_promise_may_be_a_figure_and_days_late_are_counted(root):
    schema = json.loads(json.dumps(SCHEMA))
    row = schema["properties"]["行"]["items"]
    row["required"] = ["名"]
    row["properties"]["晚几天"] = {"type": "number", "x-public": True}
    members = {"名": {"type": "string"}, "值": MEASURE}
    item = {"type": "object", "additionalProperties": False, "properties": members}
    schema["properties"]["原定"] = {"type": "array", "x-identity": "名", "items": item}
    rules = (
        "计算:\n  行.要做到: (原定 | 选取(名=名) | 首个).值\n"
        "  行.晚几天: 做到.数 - 要做到.数 if 做到.是日期 and 要做到.是日期 else 无\n"
    )
    (root / "schema/review.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "schema/review.rules.yaml").write_text(rules + RULES, "utf-8")
    (root / FILE).write_text(
        "form: review\n年: 2025\n户: 东\n原定:\n  - {名: 率, 值: ≥95%}\n  - {名: 时间, 值: 2025年9月底前}\n"
        "行:\n  - {名: 率, 做到: 93件}\n  - {名: 时间, 做到: 2025年10月3日}\n",
        "utf-8",
    )
    filing = loading.well_formed(snapshot(root), DataFile.at(FILE))
    assert filing.figures[("行", 1, "晚几天")] == 3 and filing.figures[("行", 0, "晚几天")] is None
    told = {finding.rule: finding.message for finding in check_filing(filing) if finding.path[:2] == ("行", 0)}
    assert "单位不同（件、%）" in told["outcome-unlike"] and "不能比" in told["R1"]
    late = {finding.rule: finding.message for finding in check_filing(filing) if finding.path[:2] == ("行", 1)}
    assert "没有达到" in late["R1"] and "outcome-unlike" not in late
