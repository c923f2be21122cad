"""What is said of values that are no exact amount, or that cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfgen.check.covering import one_for_each_value
from perfgen.findings import Finding, Level, Place
from perfgen.form import forms
from perfgen.form.value_advice import in_place_of, in_terms_of, to_be_alike, why_unlike
from perfgen.form.wordings import Wording, meant
from perfgen.values import Vocabulary, parse
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

WORDS = Vocabulary({"率": "≥=", "成本": "≤"}, (("健全", "不健全"),))


@pytest.mark.parametrize(
    ("typed", "wording", "written"),
    [
        ("80%～85%", Wording.RANGE, "≥80%"), ("≥80%-85%", Wording.RANGE, "≥80%"),
        ("80%到85%之间", Wording.RANGE, "≥80%"),
        ("≥80%，≤85%", Wording.RANGE, "≥80%"), ("85-80%", Wording.RANGE, "≥80%"), ("82%±2%", Wording.RANGE, "≥80%"),
        ("控制在3%-5%以内", Wording.RANGE, "≤5%"), ("提升3%-5%", Wording.RANGE, "提升≥3%"),
        ("80%左右", Wording.ABOUT, "≥80%"), ("大约80%", Wording.ABOUT, "≥80%"), ("80%上下", Wording.ABOUT, "≥80%"),
        ("不低于80%左右", Wording.ABOUT, "不低于80%"), ("约≤80%", Wording.ABOUT, "≤80%"),
        ("全覆盖", Wording.ALL, "=100%"), ("应保尽保", Wording.ALL, "=100%"), ("百分之百", Wording.ALL, "=100%"),
        ("百分之八十五", Wording.SPELLED, "≥85%"), ("八成以上", Wording.SPELLED, "80%以上"),
        ("九成五", Wording.SPELLED, "≥95%"),
        ("较上年增长5%", Wording.CHANGE, "较上年增长≥5%"), ("下降3个百分点", Wording.CHANGE, "下降≥3个百分点"),
        ("95%", Wording.PLAIN, "≥95%"),
        ("5个百分点", Wording.CHANGE, "提高≥5个百分点"), ("3百分点", Wording.CHANGE, "提高≥3百分点"),
        ("95%以上（含）", Wording.INCLUSIVE, "≥95%"), ("≥95%（含本数）", Wording.INCLUSIVE, "≥95%"),
        ("大于95%（含）", Wording.INCLUSIVE, "≥95%"), ("95%（含）以上", Wording.INCLUSIVE, "≥95%"),
        ("不超过5次（含5次）", Wording.PLAIN, ""), ("0起", Wording.PLAIN, "=0起"),
    ],
)  # fmt: skip
def test_what_can_be_written_in_place_of_a_value(typed, wording, written):
    assert meant(parse(typed)).wording is wording
    assert in_place_of(WORDS, parse(typed), "合格率") == written
    assert not written or (parse(written).is_number and parse(written).high is None and parse(written).sign)


@pytest.mark.parametrize(
    "typed",
    [
        "2026年10月底前", "2026-10-31", "2026/10/31", "2026.10", "10月底前", "6月30日前完成", "2024-2026年", "年底前",
        "第三季度",
    ],
)  # fmt: skip
def test_a_date_is_no_amount_to_be_written_another_way(typed):
    assert meant(parse(typed)).wording is Wording.DATE and in_place_of(WORDS, parse(typed), "合格率") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "规范", "全面推进", "节约用水", "近三年平均90%", "每年举办3次", "5:1", "第3名", "2026.13", "有制度", "—",
        "2025年完成30个",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(typed):
    assert meant(parse(typed)).wording is Wording.PLAIN


def test_without_a_usual_direction_both_are_offered_or_that_of_the_same_name_elsewhere():
    assert in_place_of(WORDS, parse("60-70次"), "次数") == "≥60次（越多越好），或 ≤70次（越少越好）"
    assert in_place_of(WORDS, parse("60-70次"), "次数", "≤") == "≤70次"
    assert in_place_of(WORDS, parse("60-70元"), "成本", "≥") == "≤70元"


@pytest.mark.parametrize(
    ("old", "new", "why", "done"),
    [
        ("2.6", "≥2.9平方米", "没有单位", "写成 2.6平方米"), ("4个", "≥5个/年", "单位不同", "写成 4个/年"),
        ("600", "≥700万元", "没有单位", "写成 600万元"), ("4座", "≥5个", "单位不同（座、个）", "单位都用“个”"),
        ("12次", "≥60场（次）", "单位不同（次、场（次））", "单位都用“场（次）”"),
        ("12场", "≥60场（次）", "单位不同", "写成 12场（次）"),
        ("6.4%", "较上年增长5%", "是变化了多少", "两个都写做到多少"), ("约90%", "≥91%", "不是准数", "写成 90%"),
        ("38-40个", "≥41个", "是区间", "写成 38个，或 40个"), ("≤95%", "≥95%", "方向不同", "两个写一样的方向"),
        ("合格率95%", "合格率≥96%", "一个是数，一个是文字", "两个都写成数和单位"),
        ("健全", "≥3项", "一个是数", "两个都写成"),
    ],
)  # fmt: skip
def test_two_values_that_cannot_be_compared_say_why(old, new, why, done):
    assert why in why_unlike(WORDS, parse(old), parse(new), "次数")
    advice = to_be_alike(WORDS, parse(old), parse(new), "次数")
    assert advice.startswith(done)
    if advice.startswith("写成 ") and "或" not in advice:
        assert why_unlike(WORDS, parse(advice.removeprefix("写成 ")), parse(new), "次数") == ""


@pytest.mark.parametrize(("old", "new"), [("99%", "=100%"), ("—", "≥3项"), ("1.2万元", "≤12000元"), ("健全", "不健全")])
def test_two_values_that_can_be_compared_say_nothing(old, new):
    assert (
        why_unlike(WORDS, parse(old), parse(new), "处置率")
        == to_be_alike(WORDS, parse(old), parse(new), "处置率")
        == ""
    )


@pytest.mark.parametrize(
    ("typed", "last", "target", "name", "written"),
    [
        ("5个百分点", "90%", "", "合格率", "≥95%"), ("≥5个百分点", "90%", "", "合格率", "≥95%"),
        ("提高3个百分点", "95%", "≥96%", "合格率", "≥98%"), ("提高3个百分点", "92%", "≥96%", "合格率", "≥96%"),
        ("提高8个百分点", "95%", "", "合格率", "≥95%"), ("下降2个百分点", "95%", "", "合格率", "≥95%"),
        ("下降2个百分点", "9%", "", "发病", "≤7%"), ("增长5%", "650万元", "", "金额", "≥682.5万元"),
        ("增长5%", "55次", "", "次数", "≥58次"), ("增加3次", "55次", "", "次数", "≥58次"),
        ("压减10%", "1.2万元", "", "成本", "≤1.08万元"), ("增长5%", "90%", "", "合格率", "≥90%"),
        ("24小时内", "55次", "≥60次", "次数", "≥60次"), ("24小时内", "健全", "", "制度", "健全"),
        ("5个百分点", "2%", "", "变化", "≥2%（越多越好），或 ≤2%（越少越好）"),
    ],
)  # fmt: skip
def test_a_change_is_written_as_how_much_there_is_then(typed, last, target, name, written):
    assert in_terms_of(WORDS, parse(typed), (parse(last), parse(target)), name) == written


def test_zero_is_never_a_least_amount_and_a_change_is_offered_both_ways():
    assert in_place_of(WORDS, parse("0起"), "事件") == "=0起" and in_place_of(WORDS, parse("0元"), "成本") == "≤0元"
    assert in_place_of(WORDS, parse("5个百分点"), "变化") == "提高≥5个百分点，或 降低≥5个百分点"
    assert in_place_of(WORDS, parse("5个百分点"), "成本") == "降低≥5个百分点"


def finding(rule: str, level: Level = Level.WARNING, reason: str = "", value: str = "值") -> Finding:
    return Finding(Place("x.yaml", 1), rule, f"{rule} 不对。", "改。", level, (value,), reason)


RULES = forms.find(snapshot(REPOSITORY), "department-target").rules.rules


def test_what_follows_from_another_finding_is_not_said_at_the_same_value():
    found = [finding("D02a"), finding("E02", value="别的"), finding("D10"), finding("D18")]
    assert [one.rule for one in one_for_each_value(found, RULES)] == ["D02a", "E02"]


def test_what_follows_in_the_same_row_is_not_said_nor_what_another_row_says():
    row, other = (replace(finding("D19b"), path=("表", row, "上年")) for row in (0, 1))
    cause = replace(finding("D19d"), path=("表", 0, "指标值"))
    assert one_for_each_value([cause, row, other], RULES) == [cause, other]


def test_another_side_of_the_same_thing_is_said_with_it():
    (one,) = one_for_each_value([finding("D10"), finding("D19"), finding("D19a")], RULES)
    assert one.rule == "D19a" and one.message == "D19a 不对。D10 不对。"


def test_a_finding_with_its_own_reason_stands_alone_and_no_error_is_hidden():
    found = [finding("D19a", reason="上年偏高。"), finding("D10")]
    assert one_for_each_value(found, RULES) == found
    assert len(one_for_each_value([finding("D02a"), finding("D18", Level.ERROR)], RULES)) == 2
