"""One answer to what changed in a text: the page and the Word redline mark the same pieces."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from perfgen.comparison.text_diff import PARAGRAPH_END, excerpt, pieces
from perfgen.display import visible
from perfgen.review import formats
from perfgen.review.compare import Comparison
from perfgen.review.redline.fragments import fragments
from perfgen.review.redline.markup import Marker
from perfgen.review.redline.resolve import resolve
from perfgen.table.template import W, run_text
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.versions import CASES, compared
from tests.test_diff import ENDS

SIGNS = {"same": "=", "gone": "-", "new": "+"}
IN_WORD = {"same": "same", "gone": "del", "new": "ins"}

PAIRS = {
    "the other sign": ("办结率≥95%以上", "办结率≤95%以上", "=办结率 -≥95% +≤95% =以上"),
    "the other sign in prose": (
        "按期办结来信来访，办结率≥95%，并公布结果",
        "按期办结来信来访，办结率≤95%，并公布结果",
        "=按期办结来信来访，办结率 -≥95% +≤95% =，并公布结果",
    ),
    "a sign in two characters": (
        "成本>=95元的站点有几个呢",
        "成本<=95元的站点有几个呢",
        "=成本 ->=95 +<=95 =元的站点有几个呢",
    ),
    "a sign and a blank": (
        "到场时间 ≥ 20 分钟的有几次",
        "到场时间 ≤ 20 分钟的有几次",
        "=到场时间  -≥ 20 +≤ 20 = 分钟的有几次",
    ),
    "an angle bracket is no sign": (
        "其中<团体标准> 5 项以内的",
        "其中<团体标准> 6 项以内的",
        "=其中<团体标准>  -5 +6 = 项以内的",
    ),
    "a sign comes": ("办结率95%以上的服务点数", "办结率≥95%以上的服务点数", "=办结率 -95% +≥95% =以上的服务点数"),
    "minus to plus": ("同比：-5%，按上年的口径算", "同比：+5%，按上年的口径算", "=同比： --5% ++5% =，按上年的口径算"),
    "a dash is no minus": (
        "每一批次在3-5天之内办结完",
        "每一批次在3-6天之内办结完",
        "=每一批次在3- -5 +6 =天之内办结完",
    ),
    "decimals": ("增长5.5%以上", "增长5.8%以上", "=增长 -5.5% +5.8% =以上"),
    "decimals come": (
        "服务对象满意度≥98%以上了",
        "服务对象满意度≥98.2%以上了",
        "=服务对象满意度 -≥98% +≥98.2% =以上了",
    ),
    "thousands": ("完成抽检 6,200 批次", "完成抽检 6,500 批次", "=完成抽检  -6,200 +6,500 = 批次"),
    "thousands go": ("今年完成食品抽检6,200批次", "今年完成食品抽检6200批次", "=今年完成食品抽检 -6,200 +6200 =批次"),
    "a comma after a number": (
        "已经完成了12,还要再做一次",
        "已经完成了13,还要再做一次",
        "=已经完成了 -12 +13 =,还要再做一次",
    ),
    "the wide percent sign": (
        "核查处置率=100％的产品种类",
        "核查处置率=99％的产品种类",
        "=核查处置率 -=100％ +=99％ =的产品种类",
    ),
    "per mille": ("万台设备死亡率＜0.05‰以内", "万台设备死亡率＜0.05%以内", "=万台设备死亡率 -＜0.05‰ +＜0.05% =以内"),
    "wide digits": (
        "本年度一共新建１２个服务站",
        "本年度一共新建１３个服务站",
        "=本年度一共新建 -１２ +１３ =个服务站",
    ),
    "a code": ("按照标准GB2312和有关规定", "按照标准GB18030和有关规定", "=按照标准 -GB2312 +GB18030 =和有关规定"),
    "a version": ("系统升级到v2.0版并且上线", "系统升级到v2.1版并且上线", "=系统升级到 -v2.0 +v2.1 =版并且上线"),
    "a short value": ("达到规范很好", "完全规范很差", "-达到规范很好 +完全规范很差"),
    "words": ("规范", "较规范", "+较 =规范"),
    "words in prose": (
        "负责全市的有关服务工作，受理来信",
        "指导全市的有关服务工作，办理来信",
        "-负责 +指导 =全市的有关服务工作， -受 +办 =理来信",
    ),
    "what stayed by chance": (
        "完成甲项和乙类检查任务各一次",
        "完成丙项和丁类检查任务各一次",
        "=完成 -甲项和乙 +丙项和丁 =类检查任务各一次",
    ),
    "a clause comes": ("接收档案，整理档案。", "接收档案，整理档案，保管档案。", "=接收档案，整理档案 +，保管档案 =。"),
    "a sentence comes last": (
        "已经接收了一批档案。",
        "已经接收了一批档案。又整理了档案。",
        "=已经接收了一批档案。 +又整理了档案。",
    ),
    "a sentence goes between": (
        "负责接收。负责整理。负责保管工作。",
        "负责接收。负责保管工作。",
        "=负责接收。 -负责整理。 =负责保管工作。",
    ),
    "each line by itself": ("做好甲\n乙事要办", "做好丙\n丁事要办", "=做好 -甲 +丙 =\n -乙 +丁 =事要办"),
    "short lines": ("甲\n乙", "丙\n丁", "-甲 +丙 =\n -乙 +丁"),
    "a line comes": (
        "第一行文字\n第二行文字",
        "第一行文字\n新的一行\n第二行文字",
        "=第一行文字\n +新的一行\n =第二行文字",
    ),
    "each paragraph by itself": (
        f"做好甲{PARAGRAPH_END}乙事要办",
        f"做好丙{PARAGRAPH_END}丁事要办",
        f"=做好 -甲 +丙 ={PARAGRAPH_END} -乙 +丁 =事要办",
    ),
    "emptied": ("负责有关的服务工作，受理来信", "", "-负责有关的服务工作，受理来信"),
    "filled": ("", "新", "+新"),
    "nothing": ("", "", ""),
    "equal": ("同", "同", "=同"),
    "controls": (
        "按期办结来信\u202e，并且公布结果",
        "按期办结来信\u202d，并且公布结果",
        "=按期办结来信 -\u202e +\u202d =，并且公布结果",
    ),
    "a control comes": (
        "按期办结来信，并且公布结果",
        "按期办结来信\x07，并且公布结果",
        "=按期办结来信 +\x07 =，并且公布结果",
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_page_and_redline_mark_the_same_pieces(name):
    old, new, wanted = PAIRS[name]
    assert " ".join(SIGNS[kind] + text for kind, text in pieces(old, new)) == wanted
    assert [(f.kind, f.text) for f in fragments(old, new)] == [(IN_WORD[kind], text) for kind, text in pieces(old, new)]
    assert excerpt(old, new) == [(kind, visible(text)) for kind, text in pieces(old, new)]


PROSE = "负责全市有关服务工作，受理群众来信来访，按期办结，办结率{}，并向社会公布办理结果，接受各方面的监督。"


def test_the_other_sign_of_a_number_is_one_change_on_the_page():
    """It was the sign alone on the page, and the whole value in the redline."""
    base = CASES.joinpath("prose/old.yaml").read_text("utf-8")
    first = re.search(r"部门职能概述:\n  - (.*)\n", base)
    assert first
    old, new = (base.replace(first[1], PROSE.format(value), 1) for value in ("≥95%", "≤95%"))
    unit = compared(old, new)
    page = formats.render("html", Comparison(snapshot(REPOSITORY), ENDS, (unit,)))
    assert (
        "<p>…访，按期办结，办结率<del>≥95%</del><ins>≤95%</ins>，并向社会公布办理结果，接受各方面的监督。</p>" in page
    )
    (change,) = unit.changes
    assert (
        change.sentence
        == "改了文字：…访，按期办结，办结率〔删：≥95%〕〔增：≤95%〕，并向社会公布办理结果，接受各方面的监督"
    )


def test_what_is_shown_is_never_cut_within_an_unseen_character():
    long = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往"
    old, new = (f"{long}\u202e九个字在这个后面呀{word}" for word in ("甲", "乙"))
    assert excerpt(old, new) == [("same", "…<U+202E>九个字在这个后面呀"), ("gone", "甲"), ("new", "乙")]


def test_paragraphs_that_both_changed_stay_apart_in_the_redline():
    """A paragraph's end went and came again, when the words on both sides of it changed."""
    cells = [[paragraph(text) for text in side] for side in (["做好甲", "乙事要办"], ["做好丙", "丁事要办"])]
    first, second = Marker("示例", "2025-01-10T08:00:00Z").paragraphs(*cells)
    for made, gone, come in ((first, "甲", "丙"), (second, "乙", "丁")):
        assert made.find(f"{W}pPr") is None
        assert ["".join(mark.itertext()) for mark in made.iter(f"{W}del")] == [gone]
        assert ["".join(mark.itertext()) for mark in made.iter(f"{W}ins")] == [come]


BITS = [*"甲乙，。、-+≥≤=%％‰ \n\t", PARAGRAPH_END, "\u202e", "\u0301", "𠮷", "\ud800", "12", "1.5", "6,200", "≥95%",
        "ab", "办结率", "服务工作。", "按计划接收"]  # fmt: skip
texts = st.lists(st.sampled_from(BITS), max_size=30).map("".join) | st.text(max_size=20)
long_texts = st.lists(st.sampled_from(BITS), min_size=150, max_size=400).map("".join)


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_pieces_are_lossless_and_in_order(old, new):
    hold(old, new)


@settings(max_examples=60, deadline=None)
@given(long_texts, long_texts, st.data())
def test_long_texts_too_and_with_small_edits(old, other, data):
    hold(old, other)
    at = data.draw(st.integers(0, len(old)))
    hold(old, old[:at] + data.draw(texts) + old[at + data.draw(st.integers(0, 9)) :])


def hold(old: str, new: str) -> None:
    """What is true of the pieces of any two texts."""
    found = pieces(old, new)
    before = [piece for piece in found if piece.kind != "new"]
    after = [piece for piece in found if piece.kind != "gone"]
    assert ("".join(text for _, text in before), "".join(text for _, text in after)) == (old, new)
    assert all(text for _, text in found)
    order = [(one.kind, following.kind) for one, following in itertools.pairwise(found)]
    assert not {(kind, kind) for kind in SIGNS}.union([("new", "gone")]).intersection(order)
    if old == new:
        assert found == ([("same", old)] if old else [])
    inner = [text for kind, text in found[1:-1] if kind == "same"]
    assert not [text for text in inner if len(text) < 3 and not {"\n", PARAGRAPH_END} & set(text)]
    assert "".join(text for kind, text in excerpt(old, new) if kind != "same") == visible(
        "".join(text for kind, text in found if kind != "same")
    )


@settings(max_examples=300, deadline=None)
@given(*[st.lists(st.text("甲乙12。，%≥\n", max_size=8), min_size=1, max_size=5)] * 2)
def test_tracked_paragraphs_resolve_to_both_versions(old, new):
    cells = [[paragraph(text) for text in side] for side in (old, new)]
    for accept, side in ((True, new), (False, old)):
        cell = etree.Element(f"{W}tc")
        cell.extend(Marker("示例", "2025-01-10T08:00:00Z").paragraphs(*cells))
        resolve(cell, accept=accept)
        assert [run_text(made) for made in cell] == side


def paragraph(text: str):
    made = etree.Element(f"{W}p")
    run = etree.SubElement(made, f"{W}r")
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        etree.SubElement(run, f"{W}t").text = line
    return made


NUMBER = re.compile(r"[≥≤]?\d+(?:[.,]\d+)*[%‰]?")
figures = st.lists(st.sampled_from(["≥", "≤", "1", "25", ",", ".", "%", "‰", "个", "办结率", "，"]), max_size=30).map(
    "".join
)


@settings(max_examples=500, deadline=None)
@given(figures, figures)
def test_no_number_is_cut(old, new):
    found = pieces(old, new)
    for text, without in ((old, "new"), (new, "gone")):
        own = [piece for piece in found if piece.kind != without]
        cuts = set(itertools.accumulate(len(piece.text) for piece in own))
        assert not [number for number in NUMBER.finditer(text) if cuts & set(range(number.start() + 1, number.end()))]


@pytest.mark.parametrize(
    "letters", ["天地玄黄宇宙洪荒日月盈昃，。", "甲乙", "甲，", "，。", "12", "1, ", "\n甲", "甲乙丙丁，"]
)
def test_huge_texts_are_compared_quickly(letters):
    choices = random.Random(1)
    old, other = ("".join(choices.choices(letters, k=20_000)) for _ in range(2))
    edited = "".join(choices.choice("甲9，") if choices.random() < 0.01 else letter for letter in old)
    begin = time.process_time()
    hold(old, other)
    hold(old, edited)
    assert time.process_time() - begin < 5


def test_a_number_in_a_huge_text_is_marked_alone():
    choices = random.Random(1)
    clauses = ["".join(choices.choices("天地玄黄宇宙洪荒", k=9)) + "，" for _ in range(2000)]
    old, new = (
        "".join([*clauses[:20], f"办结率{sign}95%，", *clauses[20:-20], f"{sign}3件，", *clauses[-20:]])
        for sign in "≥≤"
    )
    assert [piece for piece in pieces(old, new) if piece.kind != "same"] == [
        ("gone", "≥95%"), ("new", "≤95%"), ("gone", "≥3"), ("new", "≤3")]  # fmt: skip
