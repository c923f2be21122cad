"""The pattern that says where the files of a form lie: values to a path, a path to values, and what is wrong in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfgen.check.identity import Identity, identity
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.path_pattern import PathError, PathPattern
from perfgen.project.layout import DataFile
from tests.helpers import by_project
from tests.helpers.projects import snapshot

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("pattern", "values", "path"),
    [
        ("项目/{甲}/{乙}", ("东园", "买树苗"), "项目/东园/买树苗"),
        ("{甲}-{乙}", ("东园", "买树苗"), "东园-买树苗"),
        ("项目/{甲}（{乙}）", ("东园", "买树苗"), "项目/东园（买树苗）"),
        ("项目/{甲}/{乙}", ("东园", "供水/排水（一期）"), "项目/东园/供水_排水（一期）"),
        ("项目/{甲}/{乙}", (" 东园 ", "买\n树苗. "), "项目/东园/买树苗"),
        ("项目/{甲}/{乙}", ("东园", "../../西园"), "项目/东园/_.._西园"),
        ("项目/{甲}/{乙}", ("东园", "a b [c] 'd'"), "项目/东园/a b [c] 'd'"),
        ("项目/{甲}/{乙}", ("东园", "e\u0301"), "项目/东园/\u00e9"),
        ("项目/{甲}/{乙}", ("东园", "长" * 200), "项目/东园/" + "长" * 80),
    ],
)
def test_values_become_a_path_that_every_system_takes(pattern: str, values: tuple[str, str], path: str):
    assert PathPattern(pattern).path(dict(zip("甲乙", values, strict=True))) == path


@pytest.mark.parametrize("value", ["", "  ", "..", ".", " . ", "CON", "nul.txt", "-rf", "~$甲", "甲\u200b", "\ud800"])
def test_a_value_that_cannot_stand_in_a_path_is_refused(value: str):
    with pytest.raises(PathError) as refused:
        PathPattern("项目/{甲}/{乙}").path({"甲": "东园", "乙": value})
    assert refused.value.name == "乙" and str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        ("项目/{甲}/{乙}", "项目/东园/买树苗", {"甲": "东园", "乙": "买树苗"}),
        ("{甲}-{乙}", "东园-买-苗", {"甲": "东园", "乙": "买-苗"}),
        ("{甲}（{乙}）", "东园（一（二））", {"甲": "东园", "乙": "一（二）"}),
        ("{甲}/{甲}", "东园/东园", {"甲": "东园"}),
        ("{甲}/{甲}", "东园/西园", None),
        ("项目/{甲}/{乙}", "项目/东园", None),
        ("项目/{甲}/{乙}", "自评/东园/买树苗", None),
        ("{甲}-{乙}", "东园", None),
        ("{甲}-{乙}", "东园-", None),
        ("{甲}/e\u0301", "东园/\u00e9", {"甲": "东园"}),
    ],
)
def test_a_path_is_read_back(pattern: str, path: str, values: dict[str, str] | None):
    assert PathPattern(pattern).match(path) == values


WRONG: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"x-path": "项目/{果圆}/{项目}"}, {}, "没有“果圆”这个顶层字段。是不是“果园”？"),
    ({"x-path": "{果园}/{项目}/{金额}"}, {}, "“金额”要是文字"),
    ({"x-path": "{果园}/{项目}/{备注}"}, {"备注": {**TEXT, "x-public": True}}, "“备注”要写在 required 里"),
    ({"x-path": "项目/{项目}"}, {}, "没有单位“果园”"),
    ({"x-path": "项目/{果园}"}, {}, "没有“项目”（x-role: subject）"),
    ({"x-path": "{果园}{项目}"}, {}, "连在一起"),
    ({"x-path": "{果园}/{}/{项目}"}, {}, "花括号"),
    ({"x-path": "{果园}/{项目"}, {}, "花括号"),
    ({"x-path": "../{果园}/{项目}"}, {}, "开头"),
    ({"x-path": "/{果园}/{项目}"}, {}, "有一段是空的"),
    ({"x-path": "{果园}/{项目}:"}, {}, "Windows 不许用"),
    ({"x-path": "con/{果园}/{项目}"}, {}, "设备名"),
    ({"x-path": 3}, {}, "要写成文字"),
    ({"x-path": ""}, {}, "要写成文字"),
    ({"x-path": "{果园}/{项目}" + "/{果园}" * 10}, {}, "最多 10 个"),
    ({"x-path": None}, {"项目": {**by_project.SCHEMA["properties"]["项目"], "type": "integer"}}, "“项目”要是文字"),
    ({"required": ["form", "年", "果园"]}, {}, "“项目”要写在 required 里"),
    ({}, {"项目": {**TEXT, "x-role": "subject"}}, "不公开"),
    (
        {},
        {"附": {"type": "array", "items": {"type": "object", "properties": {"项": {**TEXT, "x-role": "subject"}}}}},
        "“附”里面的不算",
    ),
    ({}, {"附": {"type": "object", "x-path": "{果园}", "properties": {}}}, "只写在最上一级"),
]


@pytest.mark.parametrize(("changed", "fields", "said"), WRONG)
def test_a_pattern_that_cannot_be_used_is_said_with_its_place(
    tmp_path: Path, changed: dict[str, Any], fields: dict[str, Any], said: str
):
    properties = {**by_project.SCHEMA["properties"], **fields}
    root = by_project.make(tmp_path / "p", by_project.schema(properties=properties, **changed))
    with pytest.raises(FormError) as wrong:
        forms.find(snapshot(root), "project")
    places = [finding.place for finding in wrong.value.findings]
    assert all(place.file == "schema/project.schema.json" and place.line for place in places)
    assert any(said in finding.message for finding in wrong.value.findings)


def test_a_file_says_what_it_is_about(tmp_path: Path):
    root = by_project.make(tmp_path / "p")
    file = DataFile.at(by_project.write(root, "东园", "供水/排水", path="项目/东园/甲"))
    assert identity(snapshot(root), file) == Identity("project", "2025", "东园", ("供水/排水",))
    (root / file).write_text("form: project\n年: 2025\n果园: 东园\n项目: [一, 二]\n", "utf-8")
    assert identity(snapshot(root), file) == Identity("project", "2025", "东园", ("",))
    (root / file).write_text("- 一\n", "utf-8")
    assert identity(snapshot(root), file) is None


def test_a_form_without_a_pattern_has_no_subject(tiny_project: Path):
    form = forms.find(snapshot(tiny_project), "fruit")
    assert form and form.path is None and form.subject == ()
    found = identity(snapshot(tiny_project), DataFile("2025", "东园"))
    assert found and found.words == "东园" and found.about == ""
