"""Where figures stand: a path through groups leads to a place in each, a path of the data to its figure."""

from __future__ import annotations

import pytest

from perfgen import fields
from perfgen.form import figures
from perfgen.form.figure_places import OPEN, place_of, places_of
from perfgen.source import reader

ROWS = {
    "type": "array",
    "x-rows": "指标",
    "items": {"type": "object", "properties": {"名": {"type": "string"}, "得分": {"type": "number"}}},
}
SECOND = {"type": "object", "x-groups": "二级", "x-label": "名称", "properties": {"数量": ROWS, "质量": ROWS}}
SCHEMA = {
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit"},
        "绩效": {
            "type": "object",
            "x-groups": "一级",
            "x-label": "名称",
            "properties": {"产出": SECOND, "满意度": ROWS},
            "additionalProperties": SECOND,
        },
        "行": {"type": "array", "items": {"type": "object", "properties": {"数": {"type": "number"}}}},
    },
}
FIELDS = fields.read_fields(SCHEMA, "x.schema.json")


def dotted(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


@pytest.mark.parametrize(
    ("seen", "places"),
    [
        ("行.数", ["行.数"]),
        ("绩效.一级.二级.指标.得分", [
            "绩效.产出.数量.得分", "绩效.产出.质量.得分", f"绩效.{OPEN}.数量.得分", f"绩效.{OPEN}.质量.得分",
        ]),
        ("绩效.一级.指标.得分", ["绩效.满意度.得分"]),
        ("绩效.产出.二级.指标.得分", ["绩效.产出.数量.得分", "绩效.产出.质量.得分"]),
        ("绩效.产出.数量.得分", ["绩效.产出.数量.得分"]),
        ("绩效.一级.名称", []),
        ("绩效.三级.得分", []),
    ],
)  # fmt: skip
def test_a_path_as_formulas_see_it_leads_to_places_of_the_schema(seen, places):
    assert places_of(FIELDS, dotted(seen)) == {dotted(place) for place in places}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("行", 0, "数"), "行.数"),
        (("绩效", "产出", "数量", 3, "得分"), "绩效.产出.数量.得分"),
        (("绩效", "自起的名", "数量", 3, "得分"), f"绩效.{OPEN}.数量.得分"),
        (("没有", "这个"), "没有.这个"),
    ],
)
def test_a_path_of_the_data_has_one_place(path, place):
    assert place_of(FIELDS, path) == dotted(place)


def test_a_figure_behind_groups_is_found_by_the_paths_of_the_data():
    rules = "计算:\n  行.数: '1'\n"
    found = figures.read_figures(reader.load_yaml(rules.encode(), "x"), FIELDS)
    assert found.at(("行", 2, "数")) is found.figures[0]
    assert found.at(("绩效", "产出", "数量", 0, "得分")) is None


def test_places_of_figures_are_known_before_their_formulas_are_looked_at():
    rules = "计算:\n  绩效.一级.二级.指标.等次: 错\n  总分: 错\n  没有.地方: 错\n"
    known = figures.with_places(reader.load_yaml(rules.encode(), "x"), FIELDS)
    assert "总分" in known.members and "没有" not in known.members
    for group in ("产出", "自起的名"):
        assert known.at(("绩效", group, "数量", 0, "等次")) is not None
    assert known.at(("绩效", "满意度", 0, "等次")) is None
