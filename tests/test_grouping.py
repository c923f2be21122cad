"""Groups are rows in one way only: for data and for fields, for formulas, for templates, and on the way back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen import fields
from perfgen.form import figures, grouping
from perfgen.form.forms import Form
from perfgen.form.formula_view import formula_fields, formula_view
from perfgen.form.grouping import group_named, groups_of, list_name, members_of
from perfgen.importing.matching.bind import Node
from perfgen.importing.matching.names import Meaning
from perfgen.importing.notes import UNPLACED, Notes
from perfgen.importing.to_data import to_data
from perfgen.table.view import Record, Rows, Text, make_view, members

TEXT = {"type": "string", "x-public": True}
LIST = {"type": "array", "x-rows": "行", "items": TEXT}
GROUPED = {"type": "object", "x-groups": "组", "x-label": "组名"}
TREE = {
    **GROUPED,
    "properties": {
        "说": TEXT,
        "值": {"type": "string", "x-measure": True, "x-public": True},
        "东": LIST,
        "南": {"type": "object", "properties": {"数": TEXT, "组名": TEXT}},
        "西": {"type": "object", "x-groups": "小组", "x-label": "小名", "additionalProperties": LIST},
        "北": {"type": "array", "items": TEXT},
    },
}


def field(**tree):
    heads = {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit"},
    }
    return fields.read_fields({"type": "object", "properties": {**heads, "树": tree}}, "x.schema.json")


def tree_field(**tree):
    return field(**tree).members["树"]


def formula_tree(data, **tree):
    return formula_view({"树": data}, field(**tree))["树"]


def template_tree(data, **tree):
    return make_view({"树": data}, field(**tree), {}, {}, public=False)["树"]


def plain(node):
    """A template's view as data, with its texts."""
    if isinstance(node, Record):
        return {name: plain(below) for name, below in members(node).items()}
    return [plain(below) for below in node] if isinstance(node, Rows) else str(node)


def as_read(node):
    """A template's view as the cells of a form give it back."""
    if isinstance(node, Text):
        return Node(text=str(node))
    if isinstance(node, Rows):
        return Node(items=[as_read(below) for below in node])
    # a template prints a group once, by its row
    groups = {below["组名"] for below in node["组"]} if "组" in node else set()
    groups |= {below["小名"] for below in node["小组"]} if "小组" in node else set()
    return Node({name: as_read(below) for name, below in members(node).items() if name not in {*groups, "北"}})


def read_back(tree, root):
    known = field(**tree)
    notes = Notes("x.docx")
    form = Form("x", {}, known, figures.read_figures(None, known), None, None, ())
    return to_data(Node({"树": root}), form, "", notes).data, notes.findings


# the walk over data


def test_the_schema_says_the_order_and_open_members_follow():
    known = tree_field(**{**GROUPED, "properties": {"东": LIST, "说": TEXT}, "additionalProperties": LIST})
    walked = list(members_of({"新": [], "说": "好", "东": []}, known, ("树",)))
    assert [(m.name, m.path, m.is_group, m.is_row) for m in walked] == [
        ("东", ("树", "东"), True, True), ("说", ("树", "说"), False, False), ("新", ("树", "新"), True, True),
    ]  # fmt: skip


def test_an_absent_group_is_a_member_and_no_row_but_an_empty_one_is_a_row():
    walked = {m.name: m for m in members_of({"东": [], "北": None}, tree_field(**TREE), ())}
    assert [name for name, m in walked.items() if m.is_group] == ["东", "南", "西", "北"]
    assert [name for name, m in walked.items() if m.is_row] == ["东", "北"]
    assert (walked["南"].value, walked["北"].value, walked["东"].value) == (None, None, [])


def test_a_name_that_the_schema_does_not_allow_is_left_out():
    assert "新" not in [m.name for m in members_of({"新": []}, tree_field(**TREE), ())]


def test_without_x_groups_no_member_is_a_group():
    walked = list(members_of({"东": []}, tree_field(type="object", properties={"东": LIST}), ()))
    assert [(m.name, m.is_group, m.is_row) for m in walked] == [("东", False, False)]


@pytest.mark.parametrize("data", [None, "字", Decimal(1), True, ["东"]])
def test_what_is_no_object_counts_as_an_empty_one(data):
    walked = list(members_of(data, tree_field(**TREE), ()))
    assert [m.name for m in walked] == ["说", "值", "东", "南", "西", "北"]
    assert not any(m.is_given or m.value for m in walked)


# the walk over fields


def test_the_groups_of_fields_end_with_the_open_one():
    known = tree_field(**{**TREE, "additionalProperties": LIST})
    assert [name for name, _ in groups_of(known)] == ["东", "南", "西", "北", None]
    assert group_named(known, "新") is known.other
    assert group_named(known, "东") is known.members["东"]


def test_a_plain_value_is_no_group_and_an_open_one_opens_nothing():
    known = tree_field(**{**GROUPED, "properties": {"东": LIST, "说": TEXT}, "additionalProperties": TEXT})
    assert [name for name, _ in groups_of(known)] == ["东"]
    assert group_named(known, "说") is group_named(known, "新") is None


def test_an_object_without_groups_has_none():
    known = tree_field(type="object", properties={"东": LIST})
    assert not list(groups_of(known))
    assert group_named(known, "东") is grouping.grouping(known) is None


def test_a_row_names_a_list_and_opens_an_object():
    groups = dict(groups_of(tree_field(**TREE)))
    assert [list_name(groups[name]) for name in ("东", "南", "西", "北")] == ["行", None, None, grouping.NAMELESS]


# what the five places make of it


DATA = {"说": "好", "值": "≥8项", "东": ["1", "2"], "南": {"数": "3", "组名": "藏"}, "西": {"甲": ["4"], "乙": []}}
ROWS = [
    {"行": ["1", "2"], "组名": "东"},
    {"数": "3", "组名": "南"},
    {"小组": [{"行": ["4"], "小名": "甲"}, {"行": [], "小名": "乙"}], "组名": "西"},
]


def test_formulas_see_plain_members_and_rows_and_every_row_its_path():
    tree = formula_tree(DATA, **TREE)
    assert list(tree) == ["说", "值", "组"]
    assert tree["组"] == ROWS
    assert [row.path for row in tree["组"]] == [("树", "东"), ("树", "南"), ("树", "西")]
    assert tree["组"][2]["小组"][0].path == ("树", "西", "甲")
    assert tree["值"].path == ("树", "值")


def test_templates_see_the_same_rows_and_each_group_by_its_name_too():
    tree = template_tree(DATA, **TREE)
    assert plain(tree["组"]) == [*ROWS[:2], {"甲": ["4"], "乙": [], **ROWS[2]}]
    assert plain(tree["东"]) == ["1", "2"]
    assert plain(tree["北"]) == []
    assert list(members(tree)) == ["说", "值", "东", "南", "西", "北", "组"]
    assert members(tree["组"][0])["组名"].path == ("树", "东")


def test_the_fields_of_rows_hold_what_any_group_does():
    known = formula_fields(tree_field(**TREE), measures=False)
    assert list(known.members) == ["说", "值", "组"]
    row = known.members["组"].item
    assert list(row.members) == ["行", "数", "小组", grouping.NAMELESS, "组名"]
    assert list(row.members["小组"].item.members) == ["行", "小名"]
    assert row.members["组名"].title == "组名", "a group's name hides its member of the same name"


def test_a_target_value_beside_groups_stays_a_member_taken_apart_or_not():
    for measures, kind in ((True, "object"), (False, "value")):
        known = formula_fields(tree_field(**TREE), measures=measures)
        assert known.members["值"].kind == kind
        assert "值" not in known.members["组"].item.members


def test_names_of_a_template_lead_to_the_fields_that_a_row_shows():
    rows = Meaning((tree_field(**TREE),)).member("组")
    row = rows.item()
    assert (rows.role, row.role) == ("groups", "group")
    assert row.member("组名").choices == ("东", "南", "西", "北")
    assert row.member("行").item().field.kind == "value"
    assert row.member("数").field.kind == "value"
    assert row.member("小组").item().member("小名").role == "label"
    assert row.member("新").field.rows == "行", "the open group inside 西, which its row also holds by its name"


def test_names_of_a_template_do_not_lead_from_a_row_to_what_stands_beside_it():
    row = Meaning((tree_field(**{**GROUPED, "properties": {"说": TEXT, "东": LIST, "北": {**LIST, "x-rows": ""}}}),))
    row = row.member("组").item()
    assert row.member("行") is not None
    assert row.member("说") is row.member("东") is row.member("组") is None


def test_rows_go_back_to_the_groups_they_came_from():
    data, said = read_back(TREE, as_read(template_tree(DATA, **TREE)))
    kept = {**DATA, "南": {"数": "3"}, "西": {"甲": ["4"]}}
    assert (data, said) == ({"树": kept}, [])


@pytest.mark.parametrize("odd", ["字", Decimal(3), None, True])
@pytest.mark.parametrize("name", ["东", "南", "西"])
def test_a_value_in_place_of_a_group_is_an_empty_group(name, odd):
    """The check refuses such data before anybody looks; who looks at unchecked data is not stopped by it."""
    empty = {"东": {"行": []}, "南": {"数": None}, "西": {"小组": []}}[name]
    assert formula_tree({name: odd}, **TREE)["组"] == [{**empty, "组名": name}]
    printed = {part: "" if below is None else below for part, below in empty.items()}
    assert plain(template_tree({name: odd}, **TREE)["组"]) == [{**printed, "组名": name}]


@pytest.mark.parametrize("odd", ["字", ["东"], None])
def test_a_value_in_place_of_all_groups_has_no_rows(odd):
    assert formula_tree(odd, **TREE)["组"] == plain(template_tree(odd, **TREE)["组"]) == []


# what got lost, or got too much, on the way back


ROW = Node({"行": Node(items=[Node(text="1")])})


def named(name, row=ROW):
    return Node({"组": Node(items=[Node({"组名": Node(text=name), **row.members})])})


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("说", {**GROUPED, "properties": {"说": TEXT, "东": LIST}, "additionalProperties": LIST}),
        ("新", {**GROUPED, "properties": {"东": LIST}, "additionalProperties": TEXT}),
    ],
    ids=["the name of a plain value", "a name that only plain values may have"],
)
def test_rows_under_the_name_of_a_plain_value_have_no_place_and_that_is_said(name, tree):
    data, said = read_back(tree, named(name))
    assert data == {}
    assert [finding.rule for finding in said] == [UNPLACED]
    assert f"没有“{name}”这一组" in said[0].message


def test_a_new_group_is_a_group_where_groups_are_open():
    tree = {**GROUPED, "properties": {"说": TEXT, "东": LIST}, "additionalProperties": LIST}
    assert read_back(tree, named("新")) == ({"树": {"新": ["1"]}}, [])


@pytest.mark.parametrize(
    "group",
    [{"type": "object", "additionalProperties": TEXT}, {"type": "object", "properties": {"数": TEXT, "组名": TEXT}}],
    ids=["open members", "a member called as the label is"],
)
def test_the_name_of_a_group_does_not_become_a_member_of_it(group):
    tree = {**GROUPED, "properties": {"南": group}}
    data, said = read_back(tree, named("南", Node({"数": Node(text="3")})))
    assert (data, said) == ({"树": {"南": {"数": "3"}}}, [])


@pytest.mark.parametrize(("open_members", "choices"), [(False, ("东",)), (TEXT, ("东",)), (LIST, ())])
def test_the_names_of_groups_are_a_choice_unless_groups_are_open(open_members, choices):
    tree = {**GROUPED, "properties": {"说": TEXT, "东": LIST}, "additionalProperties": open_members}
    assert Meaning((tree_field(**tree),)).member("组").item().member("组名").choices == choices
