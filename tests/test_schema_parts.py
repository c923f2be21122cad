"""Fields may be defined in another schema of the folder, for several forms: read, checked, published and compared."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli
from perfgen.findings import FormError
from perfgen.form import forms, schema_meaning
from perfgen.project import shipped
from perfgen.repository import contents
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.editor import Editor
from tests.helpers.projects import snapshot

FORM, COMMON = "schema/fruit.schema.json", "schema/common.schema.json"
SERVER = REPOSITORY / ".ci/node/node_modules/yaml-language-server/bin/yaml-language-server"
BACK = "fruit.schema.json#/properties/水果/items"
WEIGHT = {"type": "number", "minimum": 0, "x-public": True, "errorMessage": "斤数要填数。"}
ROW = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "名称": {"type": "string", "title": "名称", "x-public": True},
        "斤数": {"$ref": "#/$defs/斤", "title": "斤数"},
    },
}
DEFINITIONS = {"$id": "common.schema.json", "$defs": {"斤": WEIGHT, "一种": ROW}}


def put(root: Path, path: str, content: object) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")


def shared(root: Path, reference: str = "common.schema.json#/$defs/一种", definitions: object = DEFINITIONS, **top):
    """Takes the row of the list from another file."""
    schema = json.loads(tiny.SCHEMA_TEXT) | top
    schema["properties"]["水果"]["items"] = {"$ref": reference, "title": "一种水果"}
    put(root, FORM, schema)
    if definitions is not None:
        put(root, COMMON, definitions)
    return root


def refused(root: Path) -> str:
    with pytest.raises(FormError) as error:
        forms.find(snapshot(root), "fruit")
    return str(error.value.findings[0])


@pytest.mark.parametrize("top", [{}, {"$id": "fruit.schema.json"}], ids=["no $id", "$id"])
def test_fields_are_those_of_a_form_in_one_file(tiny_project, top):
    whole = forms.find(snapshot(tiny_project), "fruit")
    divided = forms.find(snapshot(shared(tiny_project, **top)), "fruit")
    rows, before = divided.fields.members["水果"].item, whole.fields.members["水果"].item
    assert [(name, field.kind, field.public, field.numeric) for name, field in rows.members.items()] == [
        (name, field.kind, field.public, field.numeric) for name, field in before.members.items()
    ]
    assert (rows.title, rows.members["斤数"].error_message) == ("一种水果", "斤数要填数。")
    assert set(divided.files) == {FORM, COMMON, "schema/fruit.rules.yaml"}


@pytest.mark.parametrize("reference", ["common.schema.json#/$defs/%E4%B8%80%E7%A7%8D", "common.schema.json#row"])
def test_other_ways_to_write_a_reference(tiny_project, reference):
    named = {"$defs": {**DEFINITIONS["$defs"], "一种": {**ROW, "$anchor": "row"}}}
    form = forms.find(snapshot(shared(tiny_project, reference, named)), "fruit")
    assert set(form.fields.members["水果"].item.members) == {"名称", "斤数"}


def test_references_of_the_other_file_start_from_it(tiny_project):
    """Both files have a definition of one name."""
    form = forms.find(snapshot(shared(tiny_project, **{"$defs": {"斤": {"type": "string"}}})), "fruit")
    assert form.fields.members["水果"].item.members["斤数"].numeric
    here = {"$defs": {"甲": {"$ref": "common.schema.json#/$defs/甲"}}}
    there = {"$defs": {**DEFINITIONS["$defs"], "甲": ROW}}
    form = forms.find(snapshot(shared(tiny_project, "#/$defs/甲", there, **here)), "fruit")
    assert set(form.fields.members["水果"].item.members) == {"名称", "斤数"}


def test_a_schema_of_definitions_is_no_form(tiny_project, capsys):
    shared(tiny_project)
    assert forms.names(snapshot(tiny_project)) == ["fruit"]
    assert cli.main(["-C", str(tiny_project), "check"]) == 0, capsys.readouterr()
    put(tiny_project, "schema/other.schema.json", {"title": "没有写完的表"})
    assert forms.names(snapshot(tiny_project)) == ["fruit", "other"]


def test_data_is_held_to_it(tiny_project, capsys):
    shared(tiny_project)
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园").replace("斤数: 2", "斤数: 两斤"))
    assert cli.main(["-C", str(tiny_project), "check"]) == 1
    said = capsys.readouterr().out
    assert "data/2025/东园.yaml:7:17: 错误" in said and "斤数要填数。" in said


def test_what_is_published_is_one_file_and_valid_alone(tiny_project, capsys):
    shared(tiny_project, **{"$id": "fruit.schema.json"})
    shutil.copytree(REPOSITORY / "templates/shared", tiny_project / "templates/shared")
    rows = "{% for 果 in 水果 %}{{ 果.名称 }}{{ 果.斤数 }}{% endfor %}"
    page = f"<html><body>{{{{ 果园 }}}}{{{{ items }}}}{{{{ 合计 }}}}{rows}</body></html>"
    (tiny_project / "templates/fruit/page.html").write_text(page, "utf-8")
    assert cli.main(["-C", str(tiny_project), "build", "--only", "data_json,data_schema"]) == 0, capsys.readouterr()
    folder = tiny_project / "build/public/2025/东园"
    schema, data = (json.loads((folder / name).read_bytes()) for name in ("data.schema.json", "data.json"))
    assert not {"$ref", "$id", "$anchor"} & set(keys(schema))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(data)
    assert "斤数" in schema["properties"]["水果"]["items"]["properties"]
    del data["果园"]
    data["水果"][0]["多"] = "一"
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data))


def keys(node: object) -> list[str]:
    if isinstance(node, list):
        return [key for one in node for key in keys(one)]
    return [*node, *(key for one in node.values() for key in keys(one))] if isinstance(node, dict) else []


@pytest.mark.parametrize(
    ("reference", "definitions", "file", "said"),
    [
        ("nowhere.schema.json#/$defs/一种", DEFINITIONS, FORM, "找不到"),
        ("common.schema.json#/$defs/没有", DEFINITIONS, FORM, "找不到"),
        ("../data/common.schema.json#/$defs/一种", DEFINITIONS, FORM, "找不到"),
        ("/etc/passwd", DEFINITIONS, FORM, "找不到"),
        ("file:///etc/passwd", DEFINITIONS, FORM, "找不到"),
        ("https://example.invalid/x.schema.json#/$defs/一种", DEFINITIONS, FORM, "不从网上取"),
        ("common.schema.json#/$defs/真", {"$defs": {"真": True}}, FORM, "要是一个对象"),
        ("common.schema.json", {"$defs": {}, "x-publik": True}, COMMON, "不认识的标注 x-publik"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"x-groups": "组"}}}, COMMON, "x-groups 和 x-label"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"properties": {"乙": {"x-next": "丙"}}}}}, COMMON, "丙"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"properties": {"乙": True}}}}, COMMON, "要是一个对象"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"$ref": BACK}}}, None, "绕回了自己"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"items": {"$ref": "#/$defs/甲"}}}}, COMMON, "绕回了自己"),
        ("fruit.schema.json", DEFINITIONS, FORM, "绕回了自己"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"$ref": "gone.json"}}}, COMMON, "找不到"),
        ("common.schema.json#/$defs/甲", {"$defs": {"甲": {"type": "mistake"}}}, COMMON, "不是 JSON Schema"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_said_where_it_stands(tiny_project, reference, definitions, file, said):
    message = refused(shared(tiny_project, reference, definitions))
    assert said in message and (file is None or message.startswith(file)), message


def test_what_another_file_says_wrong_names_who_uses_it(tiny_project):
    message = refused(shared(tiny_project, "common.schema.json#/$defs/甲", {"$defs": {"甲": {"x-groups": "组"}}}))
    assert message.startswith(f"{COMMON}: 错误 #/$defs/甲：") and f"{FORM} 的 #/properties/水果/items" in message


def test_too_many_fields_through_two_files(tiny_project):
    steps = {f"s{n}": {"properties": {"a": {"$ref": f"#/$defs/s{n + 1}"}, "b": {"$ref": f"#/$defs/s{n + 1}"}}}
             for n in range(30)}  # fmt: skip
    message = refused(shared(tiny_project, "common.schema.json#/$defs/s0", {"$defs": {**steps, "s30": {}}}))
    assert "越分越多" in message


def test_broken_json_is_said_of_the_other_file(tiny_project):
    shared(tiny_project)
    (tiny_project / COMMON).write_text('{"$defs": {', "utf-8")
    assert refused(tiny_project).startswith(f"{COMMON}:1:12: 错误 不是 JSON")


def test_a_change_of_the_other_file_is_seen_at_the_fields_it_defines(tiny_project):
    def asked(weight: dict) -> dict:
        there = {"$defs": {**DEFINITIONS["$defs"], "斤": weight}}
        return schema_meaning.asked_of_data(forms.find(snapshot(shared(tiny_project, definitions=there)), "fruit"))

    before, after = asked(WEIGHT), asked({**WEIGHT, "minimum": 1})
    assert [path for path in before if before[path] != after[path]] == [("水果", "[]", "斤数")]


def test_a_form_is_laid_with_what_it_refers_to(tiny_project, monkeypatch):
    shared(tiny_project)
    put(tiny_project, COMMON, {"$defs": {**DEFINITIONS["$defs"], "乙": {"$ref": "deeper.json"}}})
    put(tiny_project, "schema/deeper.json", {"type": "string"})
    put(tiny_project, "schema/alone.json", {})
    files = {str(path.relative_to(tiny_project)) for path in tiny_project.rglob("*") if path.is_file()}
    monkeypatch.setattr(shipped, "paths", lambda below="": tuple(sorted(one for one in files if one.startswith(below))))
    monkeypatch.setattr(shipped, "holds", lambda path: path in files)
    monkeypatch.setattr(shipped, "read", lambda path: (tiny_project / path).read_bytes())
    assert contents.form_names() == ["fruit"]
    assert set(contents.included("fruit")) == {COMMON, "schema/deeper.json"}


@pytest.mark.node
def test_the_real_editor_follows_it(tiny_project):
    if not SERVER.exists():
        pytest.skip("没有 yaml-language-server")
    shared(tiny_project)
    put(tiny_project, ".vscode/settings.json", {
        "yaml.schemas": {FORM: "data/[0-9]*/**/*.yaml"}, "yaml.validate": True, "yaml.schemaStore.enable": False,
    })  # fmt: skip
    editor = Editor(SERVER, tiny_project)
    try:
        editor.open("data/2025/东园.yaml", tiny.UNIT.format(name="东园"))
        assert editor.diagnostics("data/2025/东园.yaml") == []
        wrong = tiny.UNIT.format(name="西园").replace("斤数: 2", "斤数: 两斤")
        editor.open("data/2025/西园.yaml", wrong)
        (found,) = editor.diagnostics("data/2025/西园.yaml")
        assert (found["range"]["start"]["line"], found["message"]) == (6, "斤数要填数。")
    finally:
        editor.close()
