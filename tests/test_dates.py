"""Dates are values: read with their direction, compared, and never taken for an amount or guessed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen.form.wordings import Wording, date_problem, meant
from perfgen.values import (
    DATE_UNIT,
    DateProblem,
    MeasureChange,
    Period,
    Unlike,
    compare_measures,
    days_between,
    parse,
    unlike,
    way_of_date,
    with_year,
)

SAME, STRICTER, WEAKER = MeasureChange.SAME, MeasureChange.STRICTER, MeasureChange.WEAKER
REDEFINED, CHANGED = MeasureChange.REDEFINED, MeasureChange.CHANGED


@pytest.mark.parametrize(
    ("typed", "sign", "day"),
    [
        ("2025年9月底前", "≤", "2025-09-30"), ("2026-10-31", "", "2026-10-31"), ("2026/10/31", "", "2026-10-31"),
        ("2021.12", "", "2021-12-31"), ("2021.1", "", "2021-01-31"), ("2024.2", "", "2024-02-29"),
        ("2025-06", "", "2025-06-30"), ("2025．9．30", "", "2025-09-30"), ("2025年12月31日前", "≤", "2025-12-31"),
        ("2025年9月30号以前", "≤", "2025-09-30"), ("2025 年 9 月 30 日 前", "≤", "2025-09-30"),
        ("２０２５年９月底前", "≤", "2025-09-30"), ("2025年第三季度", "", "2025-09-30"),
        ("2025年3季度末", "", "2025-09-30"), ("2025年第一季度内", "≤", "2025-03-31"),
        ("2025年上半年", "", "2025-06-30"),
        ("2025年下半年内", "≤", "2025-12-31"), ("2025年6月", "", "2025-06-30"), ("2025年6月份", "", "2025-06-30"),
        ("2025年6月上旬", "", "2025-06-10"), ("2024年2月下旬", "", "2024-02-29"), ("二〇二五年", "", "2025-12-31"),
        ("二零二五年十二月三十一日前", "≤", "2025-12-31"), ("二○二五年十月底前", "≤", "2025-10-31"),
        ("二〇二五年二十月", None, ""), ("2025年内", "≤", "2025-12-31"), ("2025年度内", "≤", "2025-12-31"),
        ("2025年底", "", "2025-12-31"), ("2025年年底前完成", "≤", "2025-12-31"), ("2025年末前", "≤", "2025-12-31"),
        ("≤2025年9月", "≤", "2025-09-30"), ("<=2025-09-30", "≤", "2025-09-30"), ("＝2025年9月30日", "=", "2025-09-30"),
        ("不迟于2025年9月", "≤", "2025-09-30"), ("截至2025年9月底", "≤", "2025-09-30"),
        ("2025年9月30日（含）前", "≤", "2025-09-30"), ("2025年9月30日止", "≤", "2025-09-30"),
        ("2025年9月1日起", "≥", "2025-09-01"), ("自2025年9月起", "≥", "2025-09-01"),
        ("2025年9月底后", "≥", "2025-09-30"),
        ("2025年前三季度", "", "2025-09-30"), ("2025年年内", "≤", "2025-12-31"), ("2025年年终前", "≤", "2025-12-31"),
        ("2025年12月31", "", "2025-12-31"), ("2025年12月31前", "≤", "2025-12-31"), ("至2025年终", "≤", "2025-12-31"),
        ("不早于2025年9月", "≥", "2025-09-01"), ("≥2025年第三季度", "≥", "2025-07-01"),
        ("完成时间为2022年12月30日", "", "2022-12-30"), ("完成时间：2022年12月", "", "2022-12-31"),
        ("于2025年9月底前完成", "≤", "2025-09-30"), ("2025年底前全部完成。", "≤", "2025-12-31"),
    ],
)  # fmt: skip
def test_a_date_is_read(typed, sign, day):
    found = parse(typed)
    if sign is None:
        assert not found.is_date and date_problem(found) == DateProblem.NO_SUCH_DAY
        return
    assert found.is_date and not found.is_number and not found.word and not found.is_blank
    assert (found.sign, found.day, found.unit, found.label) == (
        sign, datetime.date.fromisoformat(day).toordinal(), DATE_UNIT, "",
    )  # fmt: skip
    assert found.text == typed and meant(found).wording is Wording.DATE and not date_problem(found)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("9月底前", DateProblem.NO_YEAR), ("6月30日前完成", DateProblem.NO_YEAR), ("第三季度", DateProblem.NO_YEAR),
        ("上半年", DateProblem.NO_YEAR), ("年底前", DateProblem.NO_YEAR), ("今年底", DateProblem.NO_YEAR),
        ("十月底前", DateProblem.NO_YEAR), ("明年3月底前", DateProblem.NO_YEAR), ("年内", DateProblem.NO_YEAR),
        ("2025-02-30", DateProblem.NO_SUCH_DAY), ("2025年2月29日前", DateProblem.NO_SUCH_DAY),
        ("2025年9月31日", DateProblem.NO_SUCH_DAY), ("2025年13月底前", DateProblem.NO_SUCH_DAY),
        ("2025年9月0日", DateProblem.NO_SUCH_DAY), ("2025年1月-2025年12月", DateProblem.SPAN),
        ("2020年1月--2020年11月", DateProblem.SPAN), ("2025年1月至12月", DateProblem.SPAN),
        ("2024-2026年", DateProblem.SPAN), ("2025年9月前", DateProblem.EDGE), ("2025年前", DateProblem.EDGE),
        ("2025年第三季度前", DateProblem.EDGE), ("<2025年9月", DateProblem.EDGE), ("2025年9月以后", DateProblem.EDGE),
        ("2025年9月中旬前", DateProblem.EDGE), ("2025年9月左右", DateProblem.VAGUE),
        ("力争2025年底前", DateProblem.VAGUE),
        ("高于2025年水平", DateProblem.VAGUE), ("≥2025年9月底前", DateProblem.VAGUE), ("2025年标准", DateProblem.VAGUE),
    ],
)  # fmt: skip
def test_what_is_no_date_that_can_be_compared_says_why(typed, problem):
    found = parse(typed)
    assert not found.is_date and found.word == typed
    assert date_problem(found) == problem and meant(found).wording is Wording.DATE


@pytest.mark.parametrize(
    "typed",
    [
        "5年", "3年末", "5月", "3个月内", "5日内", "2025", "2025元", "≥2025.10", "2025.10元", "2025.13", "19.5",
        "每月5日前",
        "2025年底前完成80%", "2025年9月30日12时前", "2025个", "第3季", "25年9月", "—", "规范", "1/3", "12月",
        "2025年完成30个", "二级", "十分满意", "一日游人数", "2025学年", "2025财年度", "2025年12月31个",
    ],
)  # fmt: skip
def test_what_is_about_something_else_is_no_date(typed):
    assert not parse(typed).is_date and date_problem(parse(typed)) == ""


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("2025年9月底前", "2025年10月底前", WEAKER), ("2025年9月底前", "2025年8月31日前", STRICTER),
        ("2025年9月", "2025年9月30日前", SAME), ("2025年9月", "2025-09-30", SAME), ("2025年9月", "2025.9", SAME),
        ("2025.10", "2025.1", STRICTER), ("2025年第三季度", "2025年12月", WEAKER), ("2025年", "2026年3月底前", WEAKER),
        ("2025年9月1日起", "2025年10月1日起", STRICTER), ("2025年9月1日起", "2025年8月起", WEAKER),
        ("2025年9月30日", "<2025年9月30日", STRICTER), ("2025年9月底前", "2025年9月起", REDEFINED),
        ("2025年9月底前开工", "2025年9月底前验收", REDEFINED), ("2025年9月底前完成", "2025年8月底前", STRICTER),
        ("2025年9月底前", "≥95%", REDEFINED), ("≤30天", "2025年9月底前", REDEFINED),
        ("2025年9月底前", "规范", REDEFINED), ("2025年9月底前", "9月底前", REDEFINED),
        ("9月底前", "10月底前", MeasureChange.REWORDED), ("二〇二五年九月底前", "2025年9月底前", SAME),
    ],
)  # fmt: skip
def test_a_step_from_one_date_to_another(old, new, change):
    assert compare_measures(parse(old), parse(new), "完成时间") is change


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("2024年9月底前", "2025年9月底前", SAME),  # each within its own year
        ("2024年9月底前", "2025年11月底前", WEAKER), ("2024年9月底前", "2025年6月底前", STRICTER),
        ("2024年2月29日前", "2025年2月28日前", SAME), ("2025年3月底前", "2026年3月底前", SAME),  # of the year after
        ("2025年6月底前", "2025年6月底前", SAME),  # the same work, as promised
        ("2025年6月底前", "2025年12月底前", WEAKER),  # the same work, put off
        ("2024年6月底前", "2026年3月底前", CHANGED),  # nobody can say
    ],
)  # fmt: skip
def test_dates_of_two_years_are_compared_within_their_years(old, new, change):
    assert compare_measures(parse(old).about(2024), parse(new).about(2025)) is change


def test_a_month_typed_as_a_number_is_an_amount_where_its_name_or_its_neighbour_says_so():
    assert compare_measures(parse("2021.12"), parse("≥5万元")) is REDEFINED
    assert unlike(parse("2021.12"), parse("≥5万元")) is Unlike.UNIT
    assert parse("2021.12").under("投入（万元）").amount == parse("2021.12元").amount
    assert compare_measures(parse("2021.12"), parse("2021.9"), "成本（万元）") is CHANGED
    assert compare_measures(parse("2021.12"), parse("2021.9"), "开工时间") is STRICTER
    assert parse("≥5日期").word


def test_a_year_is_put_in_only_where_it_is_known():
    assert with_year("9月底前", 2025) == "2025年9月底前" and with_year("年底前", 2025) == "2025年底前"
    assert with_year("今年底", 2025) == "2025年底" and with_year("明年3月底前", 2025) == "2026年3月底前"
    assert with_year("2月29日前", 2025) == "" and with_year("2月29日前", 2024) == "2024年2月29日前"
    assert with_year("每年12月底前", 2025) == "" and with_year("≥95%", 2025) == ""


DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
WAYS = {
    "{0.year}年{0.month}月{0.day}日前": "≤", "{0.year}-{0.month:02}-{0.day:02}": "", "{0.year}.{0.month}.{0.day}": "",
    "{0.year}/{0.month}/{0.day}": "", "不迟于{0.year}年{0.month:02}月{0.day:02}日": "≤",
    "≤{0.year}年{0.month}月{0.day}号": "≤",
    "{0.year} 年 {0.month} 月 {0.day} 日 起": "≥", "完成时间：{0.year}年{0.month}月{0.day}日": "",
}  # fmt: skip


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(DAYS, st.sampled_from(sorted(WAYS)), DAYS, st.sampled_from(sorted(WAYS)))
def test_any_day_is_read_in_any_way_and_two_of_them_are_compared(day, way, other, other_way):
    old, new = parse(way.format(day)), parse(other_way.format(other))
    assert (old.sign, old.day) == (WAYS[way], day.toordinal()) and new.day == other.toordinal()
    assert days_between(old, new) == (other - day).days == -days_between(new, old)
    step, back = compare_measures(old, new), compare_measures(new, old)
    turned = {STRICTER: WEAKER, WEAKER: STRICTER}
    assert back is turned.get(step, step)
    if way_of_date(old) == way_of_date(new) == -1 and day != other:
        assert step is (WEAKER if other > day else STRICTER)


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(DAYS, st.integers(2000, 2099))
def test_a_year_in_chinese_digits_and_a_moved_year_are_the_same_day(day, year):
    typed = f"{str(day.year).translate(CHINESE)}年{day.month}月{day.day}日前"
    assert parse(typed).day == day.toordinal()
    moved = Period(day, day).in_year(year).last
    assert (moved.year, moved.month) == (year, day.month) and moved.day in (day.day, 28)


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.text("年月日底末前后内起至到-./0123456789二〇五季度上下半第旬≥≤<（含）力争完成 ", max_size=24))
def test_any_text_that_looks_like_a_date_is_read_or_says_why(typed):
    found = parse(typed)
    assert found.is_date + found.is_number + bool(found.word) + found.is_blank == 1
    assert not (found.is_date and date_problem(found))
    assert compare_measures(found, found) is SAME
    if dated := with_year(typed, 2025):
        assert parse(dated).is_date
