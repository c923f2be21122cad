"""An edit is made in the text: what it is about becomes other, in the style of what stands around it."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from perfgen.filling.change import changed
from perfgen.filling.edits import Add, Drop, Edit, EditError, Many, Move, Put, Remove, Rename
from perfgen.form import forms
from perfgen.source import reader
from tests.helpers import garden
from tests.helpers.edited import AnyForm
from tests.helpers.projects import snapshot

ENDS = {"LF": lambda text: text, "CRLF": lambda text: text.replace("\n", "\r\n"), "open": lambda text: text[:-1]}


def after(text: str, edit: Edit) -> str:
    """A text after an edit, with each kind of line end; a byte order mark is no part of the text."""
    results = []
    for end in ENDS.values():
        typed = end(text)
        document = reader.load_yaml(b"\xef\xbb\xbf" + typed.encode(), "x.yaml")
        results.append(changed(document, AnyForm(), edit))
    assert results[1] == ENDS["CRLF"](results[0])
    assert results[2] == results[0].removesuffix("\n")
    return results[0]


def one(number: str) -> Decimal:
    return Decimal(number)


VALUES = [
    ("值: 甲\n", "乙", "值: 乙\n"),
    ("值: 甲   # 旁\n", "乙", "值: 乙   # 旁\n"),
    ('值: "甲"\n', "乙", '值: "乙"\n'),
    ("值: '甲'\n", "乙's", "值: '乙''s'\n"),
    ("值: 甲\n", "a: b", '值: "a: b"\n'),
    ("值: 甲\n", "a # b", '值: "a # b"\n'),
    ("值: 甲\n", "# b", '值: "# b"\n'),
    ("值: 甲\n", "  甲", '值: "  甲"\n'),
    ("值: 甲\n", "甲 ", '值: "甲 "\n'),
    ("值: 甲\n", '"甲"', '值: "\\"甲\\""\n'),
    ("值: 甲\n", "2025", '值: "2025"\n'),
    ("值: 甲\n", "0012", '值: "0012"\n'),
    ("值: 甲\n", "null", '值: "null"\n'),
    ("值: 甲\n", "yes", "值: yes\n"),
    ("值: 甲\n", "true", '值: "true"\n'),
    ("值: 甲\n", "- 甲", '值: "- 甲"\n'),
    ("值: 甲\n", "a\n\n b", "值: |-\n  a\n\n   b\n"),
    ("值: 甲\n", " a\nb", '值: " a\\nb"\n'),
    ("值: 12\n", one("12.50"), "值: 12.5\n"),
    ("值: 12  # 万元\n", None, "值:  # 万元\n"),
    ("值: true\n", False, "值: false\n"),
    ("值:\n", "甲", "值: 甲\n"),
    ("值: ~\n", "甲", "值: 甲\n"),
    ("值:   # 旁\n", "甲", "值: 甲   # 旁\n"),
    ("值: |\n    一\n    二\n", "一\n三", "值: |\n    一\n    三\n"),
    ("值: |-  # 旁\n  一\n\n  二\n", "一\n三\n二", "值: |-  # 旁\n  一\n  三\n  二\n"),
    ("值: |\n  一\n  二\n", "一", "值: 一\n"),
    ("值: >\n  一\n  二\n", "三", "值: 三\n"),
    ("值: >  # 旁\n  一\n  二\n", "三\n四", "值: |-  # 旁\n  三\n  四\n"),
    ("值: 一\n  二\n", "三", "值: 三\n"),
    ("? 值\n: 1\n", one("2"), "? 值\n: 2\n"),
    ('"值": 甲\n', "乙", '"值": 乙\n'),
    ("值   :   甲\n", "乙", "值   :   乙\n"),
    ("值: {}\n", "甲", "值: 甲\n"),
]


@pytest.mark.parametrize(("before", "value", "expected"), VALUES)
def test_a_value_is_put_in_place_of_another(before, value, expected):
    assert after(f"# 头\n前: 1\n{before}# 间\n后: 2\n", Put(("值",), value)) == f"# 头\n前: 1\n{expected}# 间\n后: 2\n"


@pytest.mark.parametrize(
    ("before", "edit", "expected"),
    [
        ("组: {a: 1, 值: 甲}\n", Put(("组", "值"), "x, y"), '组: {a: 1, 值: "x, y"}\n'),
        ("组: {a: 1, 值: }\n", Put(("组", "值"), "甲"), "组: {a: 1, 值: 甲}\n"),
        ("组: {a: 1, 值}\n", Put(("组", "值"), "甲"), "组: {a: 1, 值: 甲}\n"),
        ("组: {a: 1, 值: 甲}\n", Put(("组", "值"), None), "组: {a: 1, 值: }\n"),
        ("组: {a: 1, 值: 甲}\n", Put(("组", "值"), "一\n二"), '组: {a: 1, 值: "一\\n二"}\n'),
        ("组: [甲, '乙', 丙]\n", Put(("组", 1), "丁"), "组: [甲, '丁', 丙]\n"),
        ("组: [甲, 乙]\n", Put(("组", 1), None), "组: [甲, null]\n"),
        ("组:\n  - 甲\n  - 乙  # 旁\n", Put(("组", 1), None), "组:\n  - 甲\n  -  # 旁\n"),
        ("组:\n  -\n  - 乙\n", Put(("组", 0), "甲"), "组:\n  - 甲\n  - 乙\n"),
        ("组:\n- a: 1\n  值: 甲\n", Put(("组", 0, "值"), "乙"), "组:\n- a: 1\n  值: 乙\n"),
        ("{表: x, 组: {值: 1}, 列: [1]}\n", Put(("组", "值"), "甲"), "{表: x, 组: {值: 甲}, 列: [1]}\n"),
        ("组: {a: 1,\n  # 上\n  值: 甲,  # 旁\n  b: 2}\n", Put(("组", "值"), "乙"),
         "组: {a: 1,\n  # 上\n  值: 乙,  # 旁\n  b: 2}\n"),
    ],
)  # fmt: skip
def test_a_value_inside_of_something_is_put(before, edit, expected):
    assert after(before, edit) == expected


@pytest.mark.parametrize(
    ("before", "edit", "expected"),
    [
        ("甲: 1\n值: 2\n乙: 3\n", Drop(("值",)), "甲: 1\n乙: 3\n"),
        ("甲: 1\n# 上\n值: 2  # 旁\n乙: 3\n", Drop(("值",)), "甲: 1\n# 上\n# 旁\n乙: 3\n"),
        ("甲: {a: 1, 值: 2}\n", Drop(("甲", "值")), "甲: {a: 1}\n"),
        ("甲: {值: 2, a: 1}\n", Drop(("甲", "值")), "甲: {a: 1}\n"),
        ("甲: {值: 2}\n", Drop(("甲", "值")), "甲: {}\n"),
        ("甲:\n  值: 2\n乙: 1\n", Drop(("甲", "值")), "甲: {}\n乙: 1\n"),
        ("甲:\n  - 值: 1\n    a: 2\n", Drop(("甲", 0, "值")), "甲:\n  - a: 2\n"),
        ("甲:\n  - 值: 1\n", Drop(("甲", 0, "值")), "甲:\n  - {}\n"),
        ("甲:\n  值: |\n    一\n    二\n  a: 1\n", Drop(("甲", "值")), "甲:\n  a: 1\n"),
        ("甲:\n\n  值: 1\n\n  a: 1\n", Drop(("甲", "值")), "甲:\n\n\n  a: 1\n"),
    ],
)
def test_a_member_goes_and_its_comments_stay(before, edit, expected):
    assert after(before, edit) == expected


@pytest.mark.parametrize(
    ("before", "name", "expected"),
    [
        ("甲:\n  - 1\n", "乙", "乙:\n  - 1\n"),
        ("# 上\n甲:  # 旁\n  - 1\n", "乙", "# 上\n乙:  # 旁\n  - 1\n"),
        ('"甲":\n  - 1\n', "乙", '"乙":\n  - 1\n'),
        ("'甲':\n  - 1\n", "乙's", "'乙''s':\n  - 1\n"),
        ("甲: [1]\n", "2025", '"2025": [1]\n'),
        ("甲: [1]\n", "乙: 丙", '"乙: 丙": [1]\n'),
        ("? 甲\n: - 1\n", "乙", "? 乙\n: - 1\n"),
        ("组: {甲: [1], 丙: {}}\n", "乙", "组: {乙: [1], 丙: {}}\n"),
        ("组: {甲: [1]}\n", "a, b", '组: {"a, b": [1]}\n'),
    ],
)
def test_a_name_becomes_another_in_its_quotes(before, name, expected):
    path = ("组", "甲") if before.startswith("组") else ("甲",)
    assert after(before, Rename(path, name)) == expected


ROWS = [
    ("行: [a, b]\n", Add(("行",), 0, "新"), "行: [新, a, b]\n"),
    ("行: [a, b]\n", Add(("行",), 2, "新"), "行: [a, b, 新]\n"),
    ("行:\n  - a\n  # b 上\n  - b\n", Add(("行",), 1, "新"), "行:\n  - a\n  - 新\n  # b 上\n  - b\n"),
    ("行:\n- a\n- b\n后: 1\n", Add(("行",), 2, "新"), "行:\n- a\n- b\n- 新\n后: 1\n"),
    ("行: []\n", Add(("行",), 0, {"a": "x"}), "行:\n  - {a: x}\n"),
    ("行:\n后: 1\n", Add(("行",), 0, {"a": "x"}), "行:\n  - {a: x}\n后: 1\n"),
    ("后: 1\n", Add(("行",), 0, {"a": "x"}), "后: 1\n行:\n  - {a: x}\n"),
    ("组: {b: 1}\n", Add(("组", "行"), 0, "新"), "组: {b: 1, 行: [新]}\n"),
    ("行:\n  - {a: 1, b: 2}\n", Add(("行",), 1, {"b": "y", "a": "x"}), "行:\n  - {a: 1, b: 2}\n  - {b: y, a: x}\n"),
    ("行:\n  - a: 1\n    b: 2\n", Add(("行",), 0, {"a": "x", "b": None}),
     "行:\n  - a: x\n    b:\n  - a: 1\n    b: 2\n"),
    ("行:\n  - a: 1\n\n  - a: 2\n后: 1\n", Add(("行",), 2, {"a": "x"}),
     "行:\n  - a: 1\n\n  - a: 2\n\n  - a: x\n后: 1\n"),
    ("行:\n  - a: 1\n\n  - a: 2\n", Add(("行",), 0, {"a": "x"}), "行:\n  - a: x\n\n  - a: 1\n\n  - a: 2\n"),
    ("行:\n  - a: 1\n\n  - a: 2\n", Add(("行",), 1, {"a": "x"}), "行:\n  - a: 1\n\n  - a: x\n\n  - a: 2\n"),
    ("行: [a, b, c]\n", Remove(("行", 0)), "行: [b, c]\n"),
    ("行: [a]\n", Remove(("行", 0)), "行: []\n"),
    ("行:\n  - a\n后: 1\n", Remove(("行", 0)), "行: []\n后: 1\n"),
    ("行:\n  # a 上\n  - a  # 旁\n  # b 上\n  - b\n", Remove(("行", 0)), "行:\n  # b 上\n  - b\n"),
    ("行:\n  - a: 1\n    b:\n      - x\n  - a: 2\n", Remove(("行", 0)), "行:\n  - a: 2\n"),
    ("行:\n  - a: 1\n\n  - a: 2\n\n  - a: 3\n", Move(("行", 2), 0),
     "行:\n  - a: 3\n\n  - a: 1\n\n  - a: 2\n"),
    ("行:\n  - a: 1  # 一\n  - a: 2  # 二\n", Move(("行", 0), 1), "行:\n  - a: 2  # 二\n  - a: 1  # 一\n"),
    ("行: [a, b, c]\n", Move(("行", 2), 0), "行: [c, a, b]\n"),
    ("行:\n  - - 1\n    - 2\n  - - 3\n", Add(("行", 0), 2, "新"), "行:\n  - - 1\n    - 2\n    - 新\n  - - 3\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "edit", "expected"), ROWS)
def test_a_row_comes_goes_and_moves(before, edit, expected):
    assert after(before, edit) == expected


@pytest.mark.parametrize(
    ("before", "edit", "expected"),
    [
        ("甲: [1]\n\n乙: [2]\n", Move(("乙",), 0), "乙: [2]\n\n甲: [1]\n"),
        ("组:\n  甲: [1]  # 一\n  乙:\n    - 2\n", Move(("组", "乙"), 0), "组:\n  乙:\n    - 2\n  甲: [1]  # 一\n"),
        ("组:\n  甲: [1]\n", Add(("组",), 0, ["x"], "乙"), "组:\n  乙: [x]\n  甲: [1]\n"),
        ("组:\n  甲:\n    - 1\n", Add(("组",), 1, ["x"], "乙"), "组:\n  甲:\n    - 1\n  乙:\n    - x\n"),
        ("组: {甲: [1]}\n", Add(("组",), 0, ["x"], "乙"), "组: {乙: [x], 甲: [1]}\n"),
        ("组:\n", Add(("组",), 0, ["x"], "乙"), "组:\n  乙:\n    - x\n"),
        ("组: {}\n", Add(("组",), 0, {"a": "x"}, "乙"), "组:\n  乙: {a: x}\n"),
        ("组:\n  甲: [1]\n", Remove(("组", "甲")), "组: {}\n"),
        ("组:\n  # 甲\n  甲: [1]\n  # 乙\n  乙: [2]\n", Remove(("组", "甲")), "组:\n  # 乙\n  乙: [2]\n"),
    ],
)
def test_a_group_comes_goes_and_moves(before, edit, expected):
    assert after(before, edit) == expected


@pytest.mark.parametrize(
    ("before", "path", "expected"),
    [
        ("前: 1\n", ("行", 0, "值"), "前: 1\n行:\n  - {值: 新}\n"),
        ("前: 1\n行:\n", ("行", 0, "值"), "前: 1\n行:\n  - {值: 新}\n"),
        ("行:\n  - {值: 1}\n", ("行", 1, "值"), "行:\n  - {值: 1}\n  - {值: 新}\n"),
        ("行:\n  - {a: 1}\n", ("行", 0, "值"), "行:\n  - {a: 1, 值: 新}\n"),
        ("组: {a: 1}\n", ("组", "里", 0, "值"), "组: {a: 1, 里: [{值: 新}]}\n"),
        ("组:\n  a: 1\n", ("组", "里", "深", 0, "值"), "组:\n  a: 1\n  里:\n    深:\n      - {值: 新}\n"),
        ("行:\n  -\n", ("行", 0, "值"), "行:\n  - {值: 新}\n"),
    ],
)
def test_the_groups_and_rows_on_the_way_are_made(before, path, expected):
    assert after(before, Put(path, "新")) == expected


@pytest.mark.parametrize(
    ("row", "new"),
    [
        ("  - {a: 1, b: 2}\n", "  - {a: x, b: y}\n"),
        ("  - a: 1\n    b: 2\n", "  - a: x\n    b: y\n"),
    ],
)
def test_a_first_row_is_written_like_the_rows_of_other_lists(row, new):
    before = f"列:\n{row}行: []\n末: 1\n"
    expected = f"列:\n{row}行:\n{new}末: 1\n"
    assert after(before, Add(("行",), 0, {"a": "x", "b": "y"})) == expected


def test_a_new_row_has_its_members_in_the_order_of_its_neighbours(garden_form):
    text = "form: garden\n年: 2025\n园: 东园\n电话: x\n地块:\n  东区:\n    水面:\n      - {亩数: 1, 作物: 莲}\n"
    document = reader.load_yaml(text.encode(), "x.yaml")
    row = {"作物": "藕", "亩数": Decimal(2)}
    new = changed(document, garden_form, Add(("地块", "东区", "水面"), 1, row))
    assert new == text + "      - {亩数: 2, 作物: 藕}\n"


def test_many_changes_are_made_in_their_order():
    text = "组:\n  甲: [1]\n  乙: {a: 1, b: 2}\n"
    edit = Many(
        (
            Rename(("组", "甲"), "丙"),
            Add(("组", "丙"), 0, "新"),
            Put(("组", "丙", 1), "改"),
            Drop(("组", "乙", "b")),
            Move(("组", "乙"), 0),
            Put(("组", "乙", "b"), "回"),
        )
    )
    assert after(text, edit) == "组:\n  乙: {a: 1, b: 回}\n  丙: [新, 改]\n"


@pytest.mark.parametrize("row", ["  - a: 1\n    b: 2\n    c: 3\n", "  - {a: 1, b: 2, c: 3}\n"])
def test_a_thousand_changes_are_quick(row):
    document = reader.load_yaml(("行:\n" + row * 700).encode(), "x.yaml")
    drops = tuple(Drop(("行", number, "b")) for number in range(500))
    puts = tuple(Put(("行", number, "a"), f"字{number}\n两行") for number in range(500))
    adds = tuple(Add(("行",), 3 * number, {"a": "新"}) for number in range(100))
    begin = time.process_time()
    changed(document, AnyForm(), Many((*drops, *puts, *adds)))
    assert time.process_time() - begin < 2


def test_no_change_leaves_the_text_as_it_is():
    text = "值: 1.50\n组: {a: 'x'}\n"
    assert after(text, Many()) == text
    assert after(text, Put(("值",), Decimal("1.5"))) == text
    assert after(text, Put(("组", "a"), "x")) == text


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Put(("组",), "文字"), "写法不对"),
        (Put(("值", "里"), "文字"), "写法不对"),
        (Put(("行", 5), "文字"), "不在"),
        (Put(("组", "", 0, "值"), "文字"), "先给这一组起一个名称"),
        (Drop(("没有",)), "不在"),
        (Rename(("组", "没有"), "新"), "不在"),
        (Rename(("组", "甲"), "乙"), "已经有“乙”"),
        (Rename(("组", "甲"), "“乙 ”"), "已经有“乙”"),
        (Rename(("组", "甲"), "  "), "不能空着"),
        (Rename(("组", "甲"), "长" * 201), "太长"),
        (Add(("行",), 9, "新"), "不在"),
        (Add(("值",), 0, "新"), "写法不对"),
        (Add(("组",), 0, [], "乙"), "已经有“乙”"),
        (Add(("行",), 0, [], "名"), "写法不对"),
        (Add(("组",), 0, "无名"), "写法不对"),
        (Remove(("行", 9)), "不在"),
        (Remove(("组", "没有")), "不在"),
        (Move(("行", 0), 5), "头上或末尾"),
        (Move(("行", 9), 0), "不在"),
        (Put(("值",), "坏\ud800字"), "改不了"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(edit, said):
    text = "值: 1\n行: [a, b]\n组:\n  甲: [1]\n  乙: [2]\n"
    document = reader.load_yaml(text.encode(), "x.yaml")
    with pytest.raises(EditError, match=said):
        changed(document, AnyForm(), edit)
    with pytest.raises(EditError, match=said):
        changed(document, AnyForm(), Many((Put(("值",), "乙"), edit)))


@pytest.fixture(scope="module")
def garden_form(tmp_path_factory):
    form = forms.find(snapshot(garden.make(tmp_path_factory.mktemp("garden") / "project")), "garden")
    assert form is not None
    return form
