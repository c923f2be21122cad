"""What is typed in a place of a form becomes a value; whatever is not kept as it was typed is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.fields import Field
from perfgen.filling.change import changed
from perfgen.filling.edits import Add, Drop, EditError, Many, Put, Rename
from perfgen.filling.meant import edit_for
from perfgen.filling.slots import SlotKind, slot
from perfgen.filling.turns import places
from perfgen.filling.typed import typed_value
from tests.helpers import garden

NUMBER = Field("value", "数", numeric=True)
TEXT = Field("value", "字", textual=True)
MEASURE = Field("value", "值", numeric=True, textual=True, measure=True)
CHOICE = Field("value", "选", textual=True, choices=("绩效基本型", "绩效创新型"))
FLAG = Field("value", "旗", flag=True)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return garden.make(tmp_path_factory.mktemp("garden") / "project")


@pytest.mark.parametrize(
    ("text", "field", "value", "is_said"),
    [
        ("12.5", NUMBER, Decimal("12.5"), False),
        (" 12 ", NUMBER, Decimal(12), True),
        ("1,234.5", NUMBER, Decimal("1234.5"), True),
        ("1，234", NUMBER, Decimal(1234), True),
        ("１２．５", NUMBER, Decimal("12.5"), True),
        ("1.50", NUMBER, Decimal("1.5"), True),
        ("—", NUMBER, None, True),
        ("无", NUMBER, None, True),
        ("90%", NUMBER, "90%", True),
        ("1,23", NUMBER, "1,23", True),
        ("1 234", NUMBER, "1 234", True),
        ("十二", NUMBER, "十二", True),
        ("90%", MEASURE, "90%", False),
        ("≥９０％", MEASURE, "≥９０％", False),
        ("—", MEASURE, "—", False),
        ("12", MEASURE, Decimal(12), False),
        ("0012", MEASURE, "0012", False),
        ("9" * 30, MEASURE, Decimal("9" * 30), False),
        ("9" * 31, MEASURE, "9" * 31, False),  # no number in a file is longer
        ("9" * 31, NUMBER, "9" * 31, True),
        ("1.50", MEASURE, "1.50", False),
        ("2025", TEXT, "2025", False),
        ("0012", TEXT, "0012", False),
        ("yes", TEXT, "yes", False),
        ("null", TEXT, "null", False),
        ("—", TEXT, "—", False),
        ("文字  ", TEXT, "文字", True),
        ("　　段首空两格", TEXT, "段首空两格", True),
        ("制表\t符", TEXT, "制表 符", True),
        ("不\u00a0换行", TEXT, "不 换行", True),
        ("看不\u200b见", TEXT, "看不见", True),
        ("第一句。\r\n第二句，说得这样很长很长很长很长很长很长很长很长很长很长。", TEXT,
         "第一句。\n第二句，说得这样很长很长很长很长很长很长很长很长很长很长。", False),
        ("第一行\n第二行", TEXT, "第一行\n第二行", True),
        ("文字\n", TEXT, "文字", False),
        ("绩效基本", CHOICE, "绩效基本型", True),
        ("绩效创新型", CHOICE, "绩效创新型", False),
        ("别的", CHOICE, "别的", True),
        ("—", CHOICE, None, True),
        ("是", FLAG, True, False),
        ("否", FLAG, False, False),
        ("true", FLAG, "true", True),
        ("", TEXT, None, False),
        (" \n", NUMBER, None, False),
    ],
)  # fmt: skip
def test_a_text_becomes_a_value_and_what_is_changed_is_said(text, field, value, is_said):
    typed = typed_value(text, field)
    assert (type(typed.value), typed.value) == (type(value), value)
    assert bool(typed.remarks) == is_said, typed.remarks


@pytest.mark.parametrize(
    ("path", "kind", "typed"),
    [
        (("电话",), SlotKind.TEXT, "0012"),
        (("面积",), SlotKind.NUMBER, "12.5"),
        (("自留",), SlotKind.CHOICE, "否"),
        (("土质",), SlotKind.CHOICE, "沙土"),
        (("产值",), SlotKind.MEASURE, "≥90%"),
        (("合计",), SlotKind.FIGURE, ""),
        (("form",), SlotKind.FIXED, "garden"),
        (("要点", 1), SlotKind.TEXT, "第二条"),
        (("地块", "东区"), SlotKind.FIXED, "东区"),
        (("地块", "东区", "水面"), SlotKind.FIXED, "水面"),
        (("地块", "东区", "菜地"), SlotKind.NAME, "菜地"),
        (("地块", "北坡"), SlotKind.NAME, "北坡"),
        (("地块", "东区", "菜地", 1, "品种"), SlotKind.CHOICE, "早熟"),
        (("没有",), SlotKind.FIXED, ""),
    ],
)
def test_each_kind_of_place_is_known(root, path, kind, typed):
    found = slot(garden.filled(root), path)
    assert (found.kind, found.typed) == (kind, typed)


@pytest.mark.parametrize(
    ("path", "text", "edit"),
    [
        (("电话",), "0013", Put(("电话",), "0013")),
        (("电话",), "0012", Many()),
        (("电话",), "", Put(("电话",), None)),
        (("说明",), " ", Drop(("说明",))),
        (("产值",), "95%", Put(("产值",), "95%")),
        (("自留",), "是", Put(("自留",), True)),
        (("要点", 0), "", Put(("要点", 0), None)),
        (("开始",), "", Many()),
        (("开始",), "2024", Put(("开始",), Decimal(2024))),
        (("地块", "东区", "菜地", 0, "亩数"), "", Put(("地块", "东区", "菜地", 0, "亩数"), None)),
        (("地块", "东区", "菜地", 1, "品种"), "", Drop(("地块", "东区", "菜地", 1, "品种"))),
        (("地块", "东区", "菜地"), "田", Rename(("地块", "东区", "菜地"), "田")),
        (("地块", "东区", "菜地"), "菜地", Many()),
        (("备忘", "一"), "", Drop(("备忘",))),  # the last one takes the group along
    ],
)
def test_what_is_typed_means_an_edit(root, path, text, edit):
    assert edit_for(garden.filled(root), path, text).edit == edit


def test_the_text_that_is_there_is_no_change_however_it_was_typed(root):
    filling = garden.filled(root, garden.TEXT.replace("产值: ≥90%", 'п: x\n产值: "12"').replace("п: x\n", ""))
    assert slot(filling, ("产值",)).typed == "12"
    assert edit_for(filling, ("产值",), "12").edit == Many()


@pytest.mark.parametrize("path", [("合计",), ("form",), ("地块", "东区"), ("没有",)])
def test_nothing_is_typed_in_what_is_fixed_or_computed(root, path):
    with pytest.raises(EditError):
        edit_for(garden.filled(root), path, "文字")


def test_a_claim_beside_a_figure_can_be_dropped(root):
    filling = garden.filled(root)
    assert slot(filling, ("合计",)).is_claimed
    filing = filling.filing
    assert changed(filing.document, filing.form, Drop(("合计",))) == garden.TEXT.replace("合计: 15\n", "")
    assert not slot(garden.filled(root, garden.TEXT.replace("合计: 15\n", "")), ("合计",)).is_claimed


EMPTY = "form: garden\n年: 2025\n园: 东园\n电话:\n"


def test_an_empty_form_is_filled_in_place_by_place(root):
    text = EMPTY
    for path, typed in [
        (("地块", "东区", "水面", 0, "亩数"), "3"),
        (("要点", 0), "头一条"),
        (("说明",), "新"),
        (("自留",), "是"),
        (("地块", "东区", "水面", 0, "作物"), "莲"),
        (("电话",), "0012"),
    ]:
        filling = garden.filled(root, text)
        assert slot(filling, path).is_editable
        text = changed(filling.filing.document, filling.filing.form, edit_for(filling, path, typed).edit)
    assert text == (
        'form: garden\n年: 2025\n园: 东园\n电话: "0012"\n说明: 新\n自留: true\n要点:\n  - 头一条\n'
        "地块:\n  东区:\n    水面:\n      - {作物: 莲, 亩数: 3}\n"
    )


def test_a_group_without_a_name_is_named_first(root):
    text = EMPTY + "地块:\n  北坡: {}\n"
    filling = garden.filled(root, text)
    assert ("地块", "北坡", "") in filling.blank
    assert slot(filling, ("地块", "北坡", "")).kind is SlotKind.NAME
    form, document = filling.filing.form, filling.filing.document
    with pytest.raises(EditError, match="先给这一组起一个名称"):
        changed(document, form, Put(("地块", "北坡", "", 0, "作物"), "松"))
    named = edit_for(filling, ("地块", "北坡", ""), "林地").edit
    assert named == Add(("地块", "北坡"), 0, None, "林地")
    assert changed(document, form, named) == EMPTY + "地块:\n  北坡:\n    林地:\n      - {作物: , 亩数: }\n"


def test_a_name_is_kept_on_one_line_and_that_is_said(root):
    meant = edit_for(garden.filled(root), ("地块", "东区", "菜地"), "大\n田 ")
    assert meant.edit == Rename(("地块", "东区", "菜地"), "大田")
    assert meant.remarks


def test_names_are_told_apart(root):
    filing = garden.filled(root).filing

    def renamed(path, name):
        return changed(filing.document, filing.form, Rename(path, name))

    plot = ("地块", "东区", "菜地")
    assert renamed(plot, "道路") == garden.TEXT.replace("    菜地:", "    道路:")
    for name in ("果园", "“果园”", "果 园", "水面", ""):
        with pytest.raises(EditError):
            renamed(plot, name)
    for fixed in (("地块", "东区"), ("地块", "东区", "水面"), ("园",)):
        with pytest.raises(EditError, match="固定"):
            renamed(fixed, "别的")


def test_single_values_of_ones_own_are_named_too(root):
    filing = garden.filled(root).filing

    def made(edit):
        return changed(filing.document, filing.form, edit)

    assert made(Rename(("备忘", "一"), "二")) == garden.TEXT.replace("  一: 甲", "  二: 甲")
    assert made(Add(("备忘",), 0, "乙", "二")) == garden.TEXT.replace("  一: 甲\n", "  一: 甲\n  二: 乙\n")
    for edit in (
        Rename(("备忘", "一"), " "),
        Add(("备忘",), 0, "乙", "“一”"),
        Add((), 0, "x", "新"),
        Add((), 0, "x", "园"),
    ):
        with pytest.raises(EditError):
            made(edit)


def test_groups_of_ones_own_move_among_themselves(root):
    found = places(garden.filled(root))
    east = ("地块", "东区")
    assert [(found[path].number, found[path].count, found[path].after, found[path].is_fixed) for path in
            [(*east, "水面"), (*east, "菜地"), (*east, "果园"), east, ("地块", "北坡")]] == [
        (0, 2, 0, True), (0, 2, 1, False), (1, 2, 2, False), (0, 1, 0, True), (0, 1, 1, False),
    ]  # fmt: skip
    assert found[*east, "菜地", 1].label == "菜地第 2 条"
    assert found[*east, "菜地"].names == ("道路",)
