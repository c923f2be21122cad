"""docs/values.md is what people are told of values: each row of its table is a case."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest

from perfgen.findings import Level
from perfgen.form.value_advice import achievement
from perfgen.form.wordings import date_problem
from perfgen.values import DATE_UNIT, MeasureChange, Vocabulary, compare_measures, parse
from tests.conftest import REPOSITORY
from tests.helpers.versions import version

PAGE = REPOSITORY / "docs/values.md"
ROWS = re.findall(r"^\| `([^`]+)` \| (读懂|说|不收) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
DATES = re.findall(
    r"^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text("utf-8").partition("## 日期")[2], re.MULTILINE
)
OUTCOMES = [row for row in DATES if row[2] in ("达到", "没有达到", "不能比")]
DATES = [row for row in DATES if row not in OUTCOMES]
FILE = "data/2025/示例市档案馆.yaml"
VALUE = "三级指标: 征集史料数量, 前年: 188件, 上年: 215件, 指标值: "


def test_every_row_of_the_table_is_read():
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    heads = 6  # three tables; two of them are read elsewhere
    assert len(lines) == len(ROWS) + len(DATES) + len(OUTCOMES) + heads and {result for _, result, _ in ROWS} == {
        "读懂",
        "说",
        "不收",
    }


@pytest.mark.parametrize(("typed", "wanted"), [(typed, wanted) for typed, result, wanted in ROWS if result == "读懂"])
def test_what_is_understood(typed, wanted):
    words, _, change = wanted.partition("，")
    sign, amount, unit = words.split(" ")
    measure = parse(typed)
    if unit == DATE_UNIT:
        day = datetime.date.fromisoformat(amount).toordinal()
        assert (measure.sign or "没写", measure.day, measure.unit, measure.text) == (sign, day, unit, typed)
        return
    assert (measure.sign, measure.amount, measure.unit) == (sign, Decimal(amount), unit)
    assert measure.is_change == (change == "变")
    assert measure.text == typed


@pytest.mark.parametrize(("typed", "result", "rule"), [row for row in ROWS if row[1] != "读懂"])
def test_what_is_said_and_what_is_refused(typed, result, rule):
    text = (REPOSITORY / FILE).read_text("utf-8")
    assert f"{VALUE}≥240件" in text
    alone = VALUE.replace("188件", "—").replace("215件", "—")  # beside those, another unit is what is said
    text = text.replace(f"{VALUE}≥240件", f"{alone}{typed!r}")
    line = 1 + text[: text.index(alone)].count("\n")
    findings = version(text.encode(), FILE).findings
    found = {finding.rule: finding.level for finding in findings if finding.place.line == line}
    assert rule in found, found
    assert (found[rule] is Level.ERROR) == (result == "不收")


def test_an_amount_in_ten_thousands_for_a_month_is_asked_for_its_unit():
    text = (REPOSITORY / FILE).read_text("utf-8").replace(f"{VALUE}≥240件", f"{VALUE}≤620万/月")
    (finding,) = [finding for finding in version(text.encode(), FILE).findings if finding.rule == "B11"]
    assert finding.hint == "写上单位，例如 620万元/月：“/”前面也要有单位；单位也可以写在名称最后的括号里。"


@pytest.mark.parametrize("typed", ["提升≥10%", "增长率≥150%", "比上年提高≥10%"])
def test_a_change_is_no_level(typed):
    """It is not held to what a level has to be: neither to last year's level nor to 0 to 100%."""
    assert compare_measures(parse("95%"), parse(typed), "满意度") is MeasureChange.REDEFINED
    assert compare_measures(parse(typed), parse(typed.replace("≥1", "≥2")), "满意度") is MeasureChange.STRICTER
    text = (REPOSITORY / FILE).read_text("utf-8")
    row = f"三级指标: 查档满意度, 前年: 88%, 上年: 90%, 指标值: {typed}"
    text = text.replace(f"{VALUE}≥240件", row)
    line = 1 + text[: text.index("查档满意度")].count("\n")
    found = {finding.rule for finding in version(text.encode(), FILE).findings if finding.place.line == line}
    assert not found & {"D03", "D10", "D18", "D19", "B11"}


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("超13万元/年", ">130000元/年"), ("每亩300元", "300元/亩"), ("100%（1.0）", "100%"), ("═100%", "=100%"),
        ("95百分比", "95%"), ("每人每年≤300元", "每人每年≤300元"),
    ],
)  # fmt: skip
def test_two_ways_to_say_the_same(typed, other):
    assert compare_measures(parse(typed), parse(other)) is MeasureChange.SAME


@pytest.mark.parametrize(
    "typed",
    ["每年举办3次", "每百人3名", "每亩300", "98%（1.0）", "100%（1.0）1", "3①项", "2½天", "10²件"],
)
def test_a_part_is_never_taken_for_the_whole(typed):
    assert parse(typed).word == typed


def test_more_and_less_are_two_changes():
    assert compare_measures(parse("提升≥10%"), parse("比上年减少≥10%")) is MeasureChange.REDEFINED
    assert compare_measures(parse("提升≥10%"), parse("提高≥10%")) is MeasureChange.SAME
    assert parse("增长率提高≥10%").change == 1 and parse("增加人数≥10人").change == 0


@pytest.mark.parametrize(
    "typed",
    [
        "≥56 78个", "≥5\n6个", "≥1\u3000000元", "5 000", "5万余元", "5多个", "10来个", "5个左右", "近≥5个",
        "100%以上（含）",
        "不≥5%", "不低于≤5%", "≤5%以上", "=5个以上", "不低于80%以下", "90～80%", "≥100·%", "5个/", "≤5%%", "①个", "≥½",
        "2025-2026年", "环比≥5%", "较上年≥5%", "：≥95%", "≥5以上个",
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_is_not_exact_is_words(typed):
    assert parse(typed).word == typed


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("每季度≥5个", "每季度不少于5个"), ("每季度≥5次", "≥5次每季度"), ("≤2个月内", "≤2个月"),
        ("不能超过5万元", "≤5（万元）"), ("5%以内", "≤5%"),
        ("节约≥5万元", "节约≥50000元"), ("≥10km²", "≥10㎢"), ("不超过5%以内", "≤5%"), ("超过3项以上", ">3项"),
        ("80%～90%", "80～90%"),
    ],
)  # fmt: skip
def test_more_ways_to_say_the_same(typed, other):
    assert compare_measures(parse(typed), parse(other)) is MeasureChange.SAME


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("每季度≥5次", "≥5次"), ("每人每年≤300元", "每人≤300元"), ("合格率≥95%", "覆盖率≥95%"), ("增幅≥5%", "≥5%"),
        ("降低为≤5%", "降低≤5%"),
    ],
)  # fmt: skip
def test_what_is_not_the_same_is_not_called_so(old, new):
    assert compare_measures(parse(old), parse(new)) is MeasureChange.REDEFINED


def test_what_a_date_lacks_is_said():
    typed = [text for row in DATES for text in re.findall("`([^`]+)`", row[0])]
    assert len(typed) > 10
    for text in typed:
        value = Decimal(text) if text == "2025.10" else text
        assert bool(date_problem(parse(value))) == (text != "25年9月") and not parse(value).is_date


@pytest.mark.parametrize(("promise", "outcome", "said"), OUTCOMES)
def test_whether_an_outcome_reaches_its_promise(promise, outcome, said):
    words = Vocabulary(grades=(("健全", "较健全", "不健全"),))
    assert achievement(words, parse(promise.strip("`")), parse(outcome.strip("`")), "名称") == said
