"""Fields of a schema whose nodes refer to others: what stands beside a `$ref`, and what leads nowhere."""

from __future__ import annotations

import dataclasses
from typing import Any

import jsonschema
import pytest

from perfgen.fields import Field, Next, read_fields
from perfgen.findings import FormError
from perfgen.form import forms
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FILE = "schema/x.schema.json"
TOP = {
    "表": {"const": "x", "x-role": "form"},
    "年": {"type": "integer", "x-role": "year"},
    "名": {"type": "string", "x-role": "unit"},
}
TEXT = {"type": "string", "title": "文字", "description": "一段话。", "x-public": True, "errorMessage": "填文字。"}
PLACE = {
    "type": "object",
    "title": "地点",
    "required": ["省"],
    "properties": {"省": {"$ref": "#/$defs/文字", "title": "省份"}, "市": {"type": "string", "title": "城市"}},
}


def schema(node: Any, **defs: Any) -> dict[str, Any]:
    """A form with one field of its own, and definitions."""
    return {"type": "object", "properties": {**TOP, "甲": node}, "$defs": {"文字": TEXT, "地点": PLACE, **defs}}


def read(node: Any, **defs: Any) -> Field:
    whole = schema(node, **defs)
    jsonschema.Draft202012Validator.check_schema(whole)
    return read_fields(whole, FILE).members["甲"]


def test_annotations_beside_a_reference_override_the_referenced_ones():
    about = read({"$ref": "#/$defs/文字", "title": "用途", "x-public": False, "errorMessage": "填用途。"})
    assert (about.title, about.public, about.error_message) == ("用途", False, "填用途。")
    assert (about.description, about.textual, about.kind) == ("一段话。", True, "value")


def test_a_reference_to_a_reference_is_followed_and_the_nearest_word_wins():
    about = read({"$ref": "#/$defs/乙"}, 乙={"$ref": "#/$defs/文字", "title": "乙"})
    assert (about.title, about.description) == ("乙", "一段话。")


def test_members_beside_a_reference_add_up_in_order():
    about = read({"$ref": "#/$defs/地点", "properties": {"县": TEXT}})
    assert list(about.members) == ["省", "市", "县"]
    assert about.members["省"].title == "省份" and about.members["省"].description == "一段话。"
    assert (about.title, about.required) == ("地点", {"省"})


def test_the_same_member_beside_a_reference_adds_what_differs():
    about = read({"$ref": "#/$defs/地点", "properties": {"市": {"title": "地市"}, "省": {"x-public": False}}})
    assert list(about.members) == ["省", "市"]
    assert (about.members["市"].title, about.members["市"].textual) == ("地市", True)
    assert (about.members["省"].title, about.members["省"].public) == ("省份", False)


def test_a_reference_of_the_same_member_counts_as_standing_there():
    bare = {"type": "object", "properties": {"丙": {"title": "丙一", "description": "说明。"}}}
    about = read({"$ref": "#/$defs/空", "properties": {"丙": {"$ref": "#/$defs/地点"}}}, 空=bare)
    assert list(about.members["丙"].members) == ["省", "市"]
    assert (about.members["丙"].title, about.members["丙"].description) == ("地点", "说明。")


def test_required_names_add_up():
    assert read({"$ref": "#/$defs/地点", "required": ["市"]}).required == {"省", "市"}


@pytest.mark.parametrize("keyword", ["items", "additionalProperties"])
def test_what_is_said_of_items_and_of_open_members_adds_up(keyword):
    kind = "array" if keyword == "items" else "object"
    many = {"type": kind, keyword: {"$ref": "#/$defs/地点"}}
    about = read({"$ref": "#/$defs/多", keyword: {"title": "一处", "properties": {"市": {"title": "地市"}}}}, 多=many)
    below = about.item if keyword == "items" else about.other
    assert below is not None and below.title == "一处"
    assert [member.title for member in below.members.values()] == ["省份", "地市"]


def test_open_members_can_be_closed_beside_a_reference():
    many = {"type": "object", "additionalProperties": {"$ref": "#/$defs/地点"}}
    assert read({"$ref": "#/$defs/多", "additionalProperties": False}, 多=many).other is None
    opened = read({"$ref": "#/$defs/关", "additionalProperties": TEXT}, 关={"additionalProperties": False})
    assert opened.other is not None and opened.other.title == "文字"


def test_the_same_reference_twice_is_no_circle():
    """Two members of one kind, one inside a member that is beside the reference."""
    about = read({"$ref": "#/$defs/地点", "properties": {"邻": {"$ref": "#/$defs/地点"}}})
    assert list(about.members) == ["省", "市", "邻"]
    assert list(about.members["邻"].members) == ["省", "市"]


def test_data_that_the_validator_takes_has_a_field_for_every_name():
    node = {"$ref": "#/$defs/地点", "properties": {"县": {"type": "string"}}, "unevaluatedProperties": False}
    data = {"甲": {"省": "一", "市": "二", "县": "三"}}
    jsonschema.Draft202012Validator(schema(node)).validate(data)
    assert set(data["甲"]) <= set(read(node).members)


CIRCLES = {
    "itself": ({"$ref": "#/$defs/圈"}, {"圈": {"$ref": "#/$defs/圈"}}, "#/properties/甲"),
    "its own place": ({"$ref": "#/properties/甲"}, {}, "#/properties/甲"),
    "two": (
        {"$ref": "#/$defs/一", "title": "甲"},
        {"一": {"$ref": "#/$defs/二"}, "二": {"$ref": "#/$defs/一"}},
        "#/properties/甲",
    ),
    "a member": (
        {"$ref": "#/$defs/圈"},
        {"圈": {"properties": {"子": {"$ref": "#/$defs/圈"}}}},
        "#/properties/甲/properties/子",
    ),
    "a member beside": (
        {"$ref": "#/$defs/圈"},
        {"圈": {"$ref": "#/$defs/地点", "properties": {"市": {"$ref": "#/$defs/圈"}}}},
        "#/properties/甲/properties/市",
    ),
    "items": (
        {"$ref": "#/$defs/圈", "items": {"title": "子"}},
        {"圈": {"type": "array", "items": {"$ref": "#/$defs/圈"}}},
        "#/properties/甲/items",
    ),
    "open members": (
        {"$ref": "#/$defs/圈"},
        {"圈": {"additionalProperties": {"$ref": "#/$defs/一"}}, "一": {"$ref": "#/$defs/圈"}},
        "#/properties/甲/additionalProperties",
    ),
    "each to both": (
        {"$ref": "#/$defs/一"},
        {
            name: {"properties": {to: {"$ref": f"#/$defs/{to}"} for to in "一二三四五六七八九"}}
            for name in "一二三四五六七八九"
        },
        "#/properties/甲/properties/一",
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_the_forms_error_with_its_place(name):
    node, defs, place = CIRCLES[name]
    with pytest.raises(FormError, match="绕回了自己") as caught:
        read(node, **defs)
    (finding,) = caught.value.findings
    assert finding.place.file == FILE and finding.rule == "schema-annotation"
    assert finding.message.startswith(f"{place}：引用 #/")


@pytest.mark.parametrize(
    "reference",
    [
        "other.json", "other.json#/$defs/文字", "https://example.com/x.json", "/etc/passwd", "file:///etc/passwd",
        "#", "", "#/", "#/$defs/没有", "#/$defs/文字/title", "#/$defs/文字/没有/下面", "#/required/0",
        "#/$defs/%E6%96%87%E5%AD%97", "文字", "#文字", "#/$defs/文字/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("beside", [{}, {"title": "甲", "properties": {"乙": {"type": "string"}}}])
def test_a_reference_out_of_the_file_or_to_nowhere_is_the_forms_error_with_its_place(reference, beside):
    with pytest.raises(FormError) as caught:
        read({"type": "object", "properties": {"丙": {"$ref": reference, **beside}}})
    (finding,) = caught.value.findings
    place = "#/properties/甲/properties/丙"
    assert finding.place.file == FILE and finding.message.startswith(f"{place}：")
    assert f"引用 {reference} 找不到" in finding.message or finding.message == f"{place}：这里要是一个对象。"


def test_a_map_of_definitions_is_no_reference():
    """A definition may have any name, and a validator would read the map as a node."""
    with pytest.raises(FormError, match=r"#/properties/甲：引用 .* 找不到"):
        read({"$ref": "#/$defs"}, **{"$ref": TEXT})


def test_what_is_no_object_beside_a_reference_is_the_forms_error_with_its_place():
    with pytest.raises(FormError, match=r"#/properties/甲/properties/市：这里要是一个对象。"):
        read({"$ref": "#/$defs/地点", "properties": {"市": True}})


def test_a_mistake_beside_a_reference_is_found_at_its_place():
    with pytest.raises(FormError, match="#/properties/甲/properties/省：不认识的标注 x-publik。"):
        read({"$ref": "#/$defs/地点", "properties": {"省": {"x-publik": True}}})
    with pytest.raises(FormError, match="#/properties/甲/properties/市：x-next 里的“县”不是同级的一项。"):
        read({"$ref": "#/$defs/地点", "properties": {"市": {"x-next": "县"}}})
    assert read({"$ref": "#/$defs/地点", "properties": {"市": {"x-next": "省"}}}).members["市"].source == "省"


NEXT = {
    "keep": Next("keep"),
    "look": Next("look"),
    "clear": Next("clear"),
    "later": Next("later"),
    "省": Next("take", "省"),
    "clear=省": Next("clear=", "省"),
}


@pytest.mark.parametrize("annotation", NEXT)
def test_what_next_year_starts_with_is_read_once(annotation):
    member = read({"$ref": "#/$defs/地点", "properties": {"市": {"x-next": annotation}}}).members["市"]
    assert member.next == NEXT[annotation]
    assert member.is_past == (member.source == "省") == (annotation == "省")


def test_without_a_word_next_year_starts_with_the_same():
    assert read({"$ref": "#/$defs/地点"}).members["市"].next == Next("keep")


@pytest.mark.parametrize(
    ("annotation", "named"), [("县", "县"), ("clear=县", "县"), ("Keep", "Keep"), ("look=省", "look=省")]
)
def test_next_year_takes_nothing_from_what_is_no_sibling(annotation, named):
    with pytest.raises(FormError, match=f"#/properties/甲/properties/市：x-next 里的“{named}”不是同级的一项。"):
        read({"$ref": "#/$defs/地点", "properties": {"市": {"x-next": annotation}}})


# ── what the form says twice, because a reference has no parameters ──


def without(about: Field, *parts: str) -> Field:
    """A field with some parts as if nothing were said of them."""
    plain = Field(kind="value", title="")
    return dataclasses.replace(about, **{part: getattr(plain, part) for part in parts})


@pytest.fixture(scope="module")
def both() -> tuple[Field, Field]:
    """A group of long-term indicators and one of the year's."""
    form = forms.find(snapshot(REPOSITORY), "department-target")
    assert form is not None
    long_term, annual = (form.fields.members[block].item for block in ("长期绩效指标", "年度绩效指标"))
    assert long_term and annual
    return long_term, annual


def lists(first: Field) -> dict[str, Field]:
    """The lists of rows below a first-level indicator; the open one is called *."""
    return first.members | ({"*": first.other} if first.other else {})


def test_both_trees_have_the_same_names_titles_and_descriptions(both):
    long_term, annual = both
    assert list(long_term.members) == list(annual.members) and len(annual.members) == 7
    assert without(annual.members["目标"], "next") == long_term.members["目标"]
    compared = 0
    for name in list(annual.members)[1:]:
        first, other = long_term.members[name], annual.members[name]
        marks = ("members", "other", "highlight")  # which of them a page says first, the year alone decides
        assert without(first, *marks) == without(other, *marks)
        assert list(lists(first)) == list(lists(other))
        for second in lists(first):
            assert without(lists(first)[second], "item") == without(lists(other)[second], "item")
            compared += 1
    assert compared == 18


def test_the_rows_of_both_trees_differ_in_what_the_year_adds(both):
    rows = [next(iter(group.members["运行成本"].members.values())).item for group in both]
    long_term, annual = (row.members for row in rows if row)
    assert list(annual) == ["三级指标", "前年", "上年", "指标值", "依据", "分类"]
    assert [name for name in annual if name in long_term] == list(long_term)
    for name in long_term:
        assert without(annual[name], "title", "next") == without(long_term[name], "title", "next")
    assert without(annual["前年"], "title", "description", "next") == without(
        annual["上年"], "title", "description", "next"
    )


def test_sums_are_asked_for_as_what_is_summed_is():
    form = forms.find(snapshot(REPOSITORY), "department-target")
    assert form is not None
    parts, sums = form.schema["$defs"]["汇总金额"], form.schema["$defs"]["合计金额"]
    for keyword in ("errorMessage", "defaultSnippets"):
        assert sums[keyword] == parts[keyword] != form.schema["$defs"]["各年金额"][keyword]
    assert list(sums["properties"]) == list(parts["properties"])


MEASURE = {"type": ["string", "number"], "x-measure": True}


def row(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def test_an_outcome_names_its_promise_and_promises_nothing():
    done = {**MEASURE, "x-outcome": "要做到"}
    last = {**MEASURE, "x-next": "要做到"}
    about = read(row(做到=done, 上年=last, 要做到=MEASURE))
    assert about.promise() == "要做到" and about.outcomes() == {"做到": "要做到"}
    assert [name for name, member in about.members.items() if member.is_promise] == ["要做到"]


@pytest.mark.parametrize(
    "members",
    [
        {"做到": {**MEASURE, "x-outcome": "没有"}, "要做到": MEASURE},
        {"做到": {**MEASURE, "x-outcome": "做到"}, "要做到": MEASURE},
        {"做到": {**MEASURE, "x-outcome": "要做到"}, "要做到": {"type": "string"}},
        {"做到": {"type": "string", "x-outcome": "要做到"}, "要做到": MEASURE},
        {"做到": {**MEASURE, "x-outcome": "要"}, "要": {**MEASURE, "x-outcome": "要做到"}, "要做到": MEASURE},
    ],
    ids=["nothing", "itself", "no measure", "is no measure", "an outcome"],
)
def test_an_outcome_is_one_of_a_measured_sibling(members):
    with pytest.raises(FormError, match="#/properties/甲/properties/做到：x-outcome"):
        read(row(**members))
