"""Typed values are parsed once; what a step from one to another means follows from their direction."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.values import MeasureChange, Vocabulary, better, compare_measures, parse, plain_name

D = Decimal
WORDS = Vocabulary({"控制率": "≤", "执行率": "≥>", "变动率": "≤"}, (("健全", "较健全", "不健全"),))


@pytest.mark.parametrize(
    ("text", "sign", "amount", "unit"),
    [
        ("≥80%", "≥", "80", "%"),
        ("不低于80%", "≥", "80", "%"),
        (">= 85 分", "≥", "85", "分"),
        ("95％以上", "≥", "95", "%"),
        ("＞5％", ">", "5", "%"),
        ("成本<100万元", "<", "1000000", "元"),
        ("1.95万户", "", "19500", "户"),
        ("<0.05‰", "<", "0.005", "%"),
        ("-3.2%", "", "-3.2", "%"),
        ("0起", "", "0", "起"),
        ("3", "", "3", ""),
        ("1685元/㎡", "", "1685", "元/平方米"),
        ("1,234.5元", "", "1234.5", "元"),
        ("5年", "", "5", "年"),
        ("10400卷（件）", "", "10400", "卷(件)"),
        ("控制在20分钟以内", "≤", "20", "分钟"),
        ("＝100%", "=", "100", "%"),
    ],
)
def test_an_amount(text, sign, amount, unit):
    found = parse(text)
    assert (found.sign, found.amount, found.unit) == (sign, D(amount), unit)
    assert found.text == text
    assert not found.word


SIGNS = {
    "≥": "不低于# 不少于# 不小于# 至少# 达到# 大于等于# 大于或等于# #及以上 #以上 ≥# >=# =># ≧# ⩾#",
    "≤": "不超过# 不高于# 不大于# 不多于# 至多# 小于等于# 小于或等于# 控制在# #及以下 #以下 #以内 #之内 "
    "≤# <=# =<# ≦# ⩽#",
    ">": "大于# 超过# 高于# 多于# ># ＞#",
    "<": "小于# 低于# 少于# <# ＜#",
    "=": "等于# =# ＝#",
}


@pytest.mark.parametrize(("sign", "typed"), [(sign, typed) for sign, all_ in SIGNS.items() for typed in all_.split()])
def test_every_way_to_say_a_sign(sign, typed):
    found = parse(typed.replace("#", "20天"))
    assert (found.sign, found.amount, found.unit, found.label) == (sign, 20, "天", "")


@pytest.mark.parametrize(
    ("typed", "amount", "unit"),
    [
        ("2千人", 2000, "人"),
        ("2万人", 20_000, "人"),
        ("2百万人", 2_000_000, "人"),
        ("2千万人", 20_000_000, "人"),
        ("2亿元", 200_000_000, "元"),
        ("2万亿元", 2 * 10**12, "元"),
        ("2百人", 2, "百人"),
        ("5%点", 5, "%点"),
        ("3㎥", 3, "立方米"),
        ("3㎡", 3, "平方米"),
        ("+3.5℃", D("3.5"), "°C"),
        ("3 . 5", D("3.5"), ""),
        ("12,34元", None, ""),
        ("5年", 5, "年"),
        ("5月底前", None, ""),
        ("3元/人", 3, "元/人"),
        ("1:2", None, ""),
    ],
)
def test_scales_and_units(typed, amount, unit):
    found = parse(typed)
    assert (found.amount, found.unit) == (amount, unit)
    assert found.is_number == (amount is not None)


def test_what_stands_before_a_sign_is_its_label():
    assert (parse("成本<100万元").label, parse("<100万元").label, parse("成本100万元").label) == ("成本", "", "")


@pytest.mark.parametrize(
    ("typed", "amount", "said"),
    [
        ("≥1.2万元", 5000, "0.5万元"), ("3亿元", 150_000_000, "1.5亿元"), ("80%", 5, "5%"), ("5‰", D("0.25"), "0.25%"),
        ("3卷（件）", 2, "2卷（件）"), ("3", 1, "1"), ("2万", 10_000, "1万"),
    ],
)  # fmt: skip
def test_an_amount_is_said_in_the_scale_of_the_value(typed, amount, said):
    assert parse(typed).in_words(D(amount)) == said


@pytest.mark.parametrize(
    ("sign", "usual", "way"),
    [
        ("≥", "", 1), (">", "", 1), ("≤", "", -1), ("<", "", -1), ("=", "", 0), ("", "", 0), ("", "≥", 1),
        ("", "≤=", -1),
        ("=", "≥=", 1), ("=", "=", 0), ("≤", "≥", -1), ("≥", "≤", 1), ("", "=<", -1), ("", "><", 1),
    ],
)  # fmt: skip
def test_which_way_is_better(sign, usual, way):
    assert better(sign, usual) == way


def test_a_name_is_the_same_in_any_quotation_marks():
    assert {
        plain_name(name) for name in ("“三公”经费", "「三公」 经费", '"三公"经费', "《三公》经费", "‘三公’经费")
    } == {"三公经费"}


@pytest.mark.parametrize("text", ["规范", "较健全", "12月31日前", "力争达到100%", "3项，其中1项", "第3名"])
def test_words_stay_words(text):
    assert parse(text).word == text
    assert not parse(text).is_number


@pytest.mark.parametrize("text", ["—", "-", "/", "无", "——", "", None])
def test_a_dash_is_blank(text):
    assert parse(text).is_blank
    assert not parse(text).word


def test_a_range_has_two_ends():
    assert (parse("3～5天").amount, parse("3～5天").upper) == (3, 5)
    assert (parse("80%-90%").amount, parse("80%-90%").upper, parse("80%-90%").unit) == (80, 90, "%")


def test_a_number_of_yaml_is_an_amount():
    assert parse(D("3.50")).amount == D("3.5")


@pytest.mark.parametrize(
    ("old", "new", "name", "wanted"),
    [
        ("≥90%", "≥95%", "", MeasureChange.STRICTER),
        ("≥90%", "≥85%", "", MeasureChange.WEAKER),
        ("≤5%", "≤8%", "", MeasureChange.WEAKER),
        ("≤5%", "≤3%", "", MeasureChange.STRICTER),
        ("≥90%", ">90%", "", MeasureChange.STRICTER),
        ("≥90%", "=90%", "", MeasureChange.STRICTER),
        ("3项", "3个", "", MeasureChange.REDEFINED),
        ("≥80%", "≤80%", "", MeasureChange.REDEFINED),
        ("80%", "85%", "", MeasureChange.CHANGED),
        ("80%", "85%", "预算执行率", MeasureChange.STRICTER),
        ("100%", "105%", "公用经费控制率", MeasureChange.WEAKER),
        ("100%", "≤100%", "公用经费控制率", MeasureChange.SAME),
        ("1.2万元", "12000元", "", MeasureChange.SAME),
        ("≥80%", "不低于80%", "", MeasureChange.SAME),
        ("1.50", "1.5", "", MeasureChange.SAME),
        ("≥80%", "规范", "", MeasureChange.REDEFINED),
        ("健全", "较健全", "", MeasureChange.WEAKER),
        ("不健全", "健全", "", MeasureChange.STRICTER),
        ("健全", "良好", "", MeasureChange.REWORDED),
        ("规范", "规范", "", MeasureChange.SAME),
        ("≥3天", "—", "", MeasureChange.REDEFINED),
        ("3～5天", "3～6天", "工期变动率", MeasureChange.WEAKER),
        ("0%", "5%", "“三公”经费变动率", MeasureChange.WEAKER),
        ("≥5‰", "≥0.5%", "", MeasureChange.SAME),
        ("=100%", "=98%", "", MeasureChange.CHANGED),
        ("=100%", "=98%", "预算执行率", MeasureChange.WEAKER),
        (">90%", "≥90%", "", MeasureChange.WEAKER),
        ("=90%", "≥90%", "", MeasureChange.WEAKER),
        ("<5天", "≤5天", "", MeasureChange.WEAKER),
        ("≤5天", "5天", "", MeasureChange.SAME),
        ("3～5天", "2～5天", "", MeasureChange.CHANGED),
        ("≥3～5天", "≥3～4天", "", MeasureChange.CHANGED),
        ("—", "≥3天", "", MeasureChange.REDEFINED),
        ("—", "—", "", MeasureChange.SAME),
        ("—", "健全", "", MeasureChange.REWORDED),
        ("健全", "—", "", MeasureChange.REWORDED),
    ],
)
def test_a_step(old, new, name, wanted):
    assert compare_measures(parse(old), parse(new), name, WORDS) is wanted


def test_the_longest_ending_decides():
    words = Vocabulary({"率": "≥", "变动率": "≤"})
    assert words.usual_signs("“三公”经费变动率") == "≤"
    assert words.usual_signs("覆盖率") == "≥"
    assert words.usual_signs("数量") == ""
