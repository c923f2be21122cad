"""Typed values are parsed once; what a step from one to another means follows from their direction."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.values import Change, Vocabulary, change, parse

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


@pytest.mark.parametrize(
    "text", ["规范", "较健全", "2025年底前完成", "12月31日前", "力争达到100%", "3项，其中1项", "第3名"]
)
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
        ("≥90%", "≥95%", "", Change.STRICTER),
        ("≥90%", "≥85%", "", Change.WEAKER),
        ("≤5%", "≤8%", "", Change.WEAKER),
        ("≤5%", "≤3%", "", Change.STRICTER),
        ("≥90%", ">90%", "", Change.STRICTER),
        ("≥90%", "=90%", "", Change.STRICTER),
        ("3项", "3个", "", Change.REDEFINED),
        ("≥80%", "≤80%", "", Change.REDEFINED),
        ("80%", "85%", "", Change.CHANGED),
        ("80%", "85%", "预算执行率", Change.STRICTER),
        ("100%", "105%", "公用经费控制率", Change.WEAKER),
        ("100%", "≤100%", "公用经费控制率", Change.SAME),
        ("1.2万元", "12000元", "", Change.SAME),
        ("≥80%", "不低于80%", "", Change.SAME),
        ("1.50", "1.5", "", Change.SAME),
        ("≥80%", "规范", "", Change.REDEFINED),
        ("健全", "较健全", "", Change.WEAKER),
        ("不健全", "健全", "", Change.STRICTER),
        ("健全", "良好", "", Change.REWORDED),
        ("规范", "规范", "", Change.SAME),
        ("≥3天", "—", "", Change.REDEFINED),
        ("3～5天", "3～6天", "工期变动率", Change.WEAKER),
        ("0%", "5%", "“三公”经费变动率", Change.WEAKER),
        ("≥5‰", "≥0.5%", "", Change.SAME),
        ("=100%", "=98%", "", Change.CHANGED),
    ],
)
def test_a_step(old, new, name, wanted):
    assert change(parse(old), parse(new), name, WORDS) is wanted


def test_the_longest_ending_decides():
    words = Vocabulary({"率": "≥", "变动率": "≤"})
    assert words.usual_signs("“三公”经费变动率") == "≤"
    assert words.usual_signs("覆盖率") == "≥"
    assert words.usual_signs("数量") == ""
