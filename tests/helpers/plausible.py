"""Texts such as forms hold, made up: amounts, years, dates, ranges, lists, numbers of documents. None is private."""

from __future__ import annotations

import random

_UNITS = ["万元", "元", "亿元", "%", "个", "", " 万元", "平方米", "人次"]
_WORDS = ["完成", "投资", "安排", "面积", "印发", "共", "达到", "比上年增长", "合同号", "批准文号", "其中", "资产编码"]
_ENDS = ["，", "。", "；", "、", "：", "（", "）", " ", "", "\n"]


def _amount(dice: random.Random) -> str:
    value = dice.choice([100.0, 1e4, 1e6, 1e9, 9.9e9]) * dice.random()
    places = dice.choice([0, 0, 1, 2, 2, 2, 4, 6])
    return (f"{value:,.{places}f}" if dice.random() < 0.3 else f"{value:.{places}f}") + dice.choice(_UNITS)


def _year(dice: random.Random) -> str:
    return str(dice.randint(1990, 2035))


def _date(dice: random.Random) -> str:
    year, month, day = dice.randint(2000, 2030), dice.randint(1, 12), dice.randint(1, 28)
    return dice.choice([
        f"{year}年{month}月{day}日", f"{year}-{month:02}-{day:02}", f"{year}.{month}.{day}", f"{year}/{month}/{day}",
        f"{year}{month:02}{day:02}", f"{year}.{month:02}.{day:02}", f"{year}年{month}月", f"{month}月{day}日9:30",
    ])  # fmt: skip


def _range(dice: random.Random) -> str:
    make = dice.choice([_year, _date, _amount])
    return make(dice) + dice.choice(["-", "—", "——", "–", "~", "～", "至", " - "]) + make(dice)


def _document(dice: random.Random) -> str:
    year, number = _year(dice), dice.randint(1, 999)
    return dice.choice([
        f"某财发〔{year}〕{number}号", f"国发[{year}]{number}号", f"第{number}号", f"GB/T {13000 + number}-{year}",
        f"DB42/T {1000 + number}—{year}", f"CG{year}{number:08}", f"ZFCG-{year}-{number:04}",
        f"（{year}）某01民初{number}号", f"0000-{3000000 + number}", f"邮编{400000 + number}",
        f"420700{year}{number:010}", f"12420700{10000000 + number}X{number % 10}", f"2{number % 10}01{number % 90:02}",
    ])  # fmt: skip


def _list(dice: random.Random) -> str:
    amounts = [_amount(dice) for _ in range(dice.randint(2, 6))]
    begin = dice.choice(["{}.", "（{}）", "{}、", "第{}，"])
    return dice.choice([
        dice.choice(["、", "，", "；", "/", " 、"]).join(amounts),
        " ".join(f"{dice.uniform(1, 5000):.2f}" for _ in amounts),
        "；".join(begin.format(number + 1) + amount for number, amount in enumerate(amounts)),
        "、".join(f"{_year(dice)}年{amount}" for amount in amounts),
    ])  # fmt: skip


def _place(dice: random.Random) -> str:
    return f"东经{dice.uniform(73, 135):.6f}，北纬{dice.uniform(18, 53):.6f}"


def _in_words(dice: random.Random) -> str:
    return dice.choice(["二〇二五年", "二零二四年十二月三十一日", "一百二十三个", "第十三届", "三千二百一十四万元"])


_PARTS = [_amount, _year, _date, _range, _document, _list, _place, _in_words]


def text(dice: random.Random) -> str:
    """A text of up to eight parts, each a word, a figure and what ends it."""
    return "".join(
        dice.choice(_WORDS) + dice.choice(["", "：", " "]) + dice.choice(_PARTS)(dice) + dice.choice(_ENDS)
        for _ in range(dice.randint(1, 8))
    )
