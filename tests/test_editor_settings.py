"""Which files are of which form, in the settings of VS Code: written by perfgen, and nothing of the user's is lost."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.authoring import editor_globs
from perfgen.authoring.settings_text import UnclearError, with_globs
from tests.conftest import REPOSITORY
from tests.helpers import more_forms, tiny
from tests.helpers.editor import Editor
from tests.helpers.projects import snapshot

SERVER = REPOSITORY / ".ci/node/node_modules/yaml-language-server/bin/yaml-language-server"
A, B = "schema/a.schema.json", "schema/b.schema.json"
GLOB, OTHER = "data/[0-9]*/*.yaml", "data/[0-9]*/项目/*/*.yaml"
ITSELF = [
    '{}', '{"yaml.schemas": {}}', '{"a": 1}', '{"a": 1,}',
    '{"yaml.schemas": {"x": "y"}}', '{"yaml.schemas": {"x": "y",},}',
    '{\n  // 我的\n  "yaml.schemas": {\n    "x": "y" // 这一行\n  },\n  /* 末 */ "b": [1, 2,],\n}\n',
    '{\n  "yaml.schemas": {\n    // 先\n    "x": ["y", "z"], // 后\n    // 再后\n  }\n}\n',
    '\ufeff{\r\n  "yaml.schemas": {\r\n    "x": "y"\r\n  },\r\n  "a": "// 不是注释 {"\r\n}\r\n',
    '{"editor": {"yaml.schemas": {"x": 1}}, "yaml.schemas": {"x": "}"}}',
]  # fmt: skip


def data(text: str) -> dict:
    """JSONC as data, by other means than the code's: for texts whose strings hold no comment but the one above."""
    kept = re.sub(
        r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda found: found[1] or "", text.lstrip("\ufeff"), flags=re.S
    )
    return json.loads(re.sub(r",(\s*[}\]])", r"\1", kept))


@pytest.mark.parametrize("text", ITSELF)
def test_nothing_else_changes(text):
    made = with_globs(text, {A: [GLOB], B: [GLOB, OTHER]})
    before, after = data(text), data(made)
    assert after.pop("yaml.schemas") == {**before.pop("yaml.schemas", {}), A: GLOB, B: [GLOB, OTHER]}
    assert after == before
    comments = [one.rstrip() for one in re.findall(r"//[^\n]*|/\*.*?\*/", text)]
    assert all(comment in made for comment in comments)
    assert with_globs(made, {A: [GLOB], B: [GLOB, OTHER]}) == made
    assert (made.count("\r\n") == made.count("\n")) == ("\r\n" in text) or "\n" not in made
    again = with_globs(made, {A: [OTHER], B: []})
    assert data(again)["yaml.schemas"] == {**data(made)["yaml.schemas"], A: OTHER, B: []}


def test_a_comment_stays_at_its_line():
    text = '{\n  "yaml.schemas": {\n    "x": "y" // 这一行\n  }\n}\n'
    assert with_globs(text, {A: [GLOB]}) == (
        f'{{\n  "yaml.schemas": {{\n    "x": "y", // 这一行\n    "{A}": "{GLOB}"\n  }}\n}}\n'
    )


def test_globs_of_the_user_stay():
    """Those of perfgen begin with the folder of a year as it writes it."""
    text = json.dumps({"yaml.schemas": {A: ["data/[0-9]*/**/*.yaml", "草稿/*.yaml"]}}, ensure_ascii=False)
    assert data(with_globs(text, {A: [OTHER]}))["yaml.schemas"] == {A: ["草稿/*.yaml", OTHER]}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "{'a': 1}", '{"yaml.schemas": []}', '{"yaml.schemas": {"' + A + '": 1}}', "// 只有注释", "[" * 5000,
     '{"yaml.schemas": {"' + A + '": ["data/[0-9]*/x.yaml" /* 注 */]}}', '{"a": 1 "b": 2}', '{"yaml.schemas": null}'],
)  # fmt: skip
def test_what_is_unclear_is_left(text):
    with pytest.raises(UnclearError):
        with_globs(text, {A: [GLOB]})


def with_pattern(root: Path, name: str, pattern: str) -> None:
    file = root / f"schema/{name}.schema.json"
    schema = json.loads(file.read_text("utf-8")) | {"x-path": pattern}
    schema["properties"]["果园"]["minLength"] = 1
    file.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")


def put(root: Path, path: str, form: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(tiny.UNIT.format(name=Path(path).stem).replace("form: fruit", f"form: {form}"), "utf-8")


def test_globs_come_from_patterns_and_from_where_files_lie(tiny_project):
    every = editor_globs.globs(snapshot(tiny_project))
    assert every == ({"schema/fruit.schema.json": ["data/[0-9]*/**/*.yaml"]}, [])
    more_forms.add(tiny_project)
    with_pattern(tiny_project, "grain", "粮[一]/{果园}")
    globs, shared = editor_globs.globs(snapshot(tiny_project))
    assert globs == {
        "schema/fruit.schema.json": ["data/[0-9]*/*.yaml"], "schema/grain.schema.json": [
            "data/[0-9]*/粮?一?/*.yaml", "data/[0-9]*/%E7%B2%AE?%E4%B8%80?/*.yaml",
        ],
    }  # fmt: skip
    assert shared == []
    put(tiny_project, "data/2024/自评/a/东园.yaml", "fruit")
    put(tiny_project, "data/2025/粮[一]/北园.yaml", "fruit")  # where the pattern of another form says
    globs, shared = editor_globs.globs(snapshot(tiny_project))
    assert globs["schema/fruit.schema.json"] == [
        "data/[0-9]*/*.yaml", "data/[0-9]*/自评/a/*.yaml", "data/[0-9]*/%E8%87%AA%E8%AF%84/a/*.yaml",
    ]  # fmt: skip
    assert shared == ["粮[一]"]


def test_a_folder_of_two_forms_has_none(tiny_project, capsys):
    more_forms.add(tiny_project)
    put(tiny_project, "data/2025/北园.yaml", "grain")
    put(tiny_project, "data/2025/夹/南园.yaml", "grain")
    assert cli.main(["-C", str(tiny_project), "form", "editor"]) == 0
    said = capsys.readouterr().out
    assert "data/年度" in said and "第一行" in said
    written = data((tiny_project / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    assert "schema/fruit.schema.json" not in written
    assert written["schema/department-target.schema.json"] == []  # a form that is not here
    assert written["schema/grain.schema.json"] == ["data/[0-9]*/夹/*.yaml", "data/[0-9]*/%E5%A4%B9/*.yaml"]
    assert written["schema/site.schema.json"] == "data/site.yaml"


def test_settings_that_are_there_are_joined_or_left(tiny_project, capsys):
    settings = tiny_project / ".vscode/settings.json"
    settings.parent.mkdir()
    settings.write_text('{\n  // 我们的字号\n  "editor.fontSize": 18,\n}\n', "utf-8")
    assert cli.main(["-C", str(tiny_project), "form", "editor"]) == 0
    text = settings.read_text("utf-8")
    assert "// 我们的字号\n" in text and '"editor.fontSize": 18,\n}' in text
    assert data(text)["yaml.schemas"] == {"schema/fruit.schema.json": "data/[0-9]*/**/*.yaml"}
    assert cli.main(["-C", str(tiny_project), "form", "editor"]) == 0
    assert "没有要改的" in capsys.readouterr().out and settings.read_text("utf-8") == text
    settings.write_text("{ 乱的", "utf-8")
    assert cli.main(["-C", str(tiny_project), "form", "editor"]) == 2
    assert '"schema/fruit.schema.json": [' in capsys.readouterr().err and settings.read_text("utf-8") == "{ 乱的"
    assert cli.main(["-C", str(tiny_project), "form", "editor", "fruit"]) == 2
    assert cli.main(["-C", str(tiny_project), "form", "add"]) == 2


def test_a_form_that_is_added_is_told_to_the_editor(tiny_project, capsys):
    assert cli.main(["-C", str(tiny_project), "form", "add", "department-target"]) == 0, capsys.readouterr()
    written = data((tiny_project / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    assert written["schema/fruit.schema.json"] == "data/[0-9]*/*.yaml"
    assert (tiny_project / "templates/shared/print.css").exists()


def test_those_of_this_repository_are_fresh():
    text = (REPOSITORY / ".vscode/settings.json").read_text("utf-8")
    assert with_globs(text, editor_globs.globs(snapshot(REPOSITORY))[0]) == text, "perfgen form editor"


@pytest.mark.node
def test_the_real_editor_finds_the_schema_of_each_form(tiny_project):
    if not SERVER.exists() or not shutil.which("node"):
        pytest.skip("没有 yaml-language-server")
    more_forms.add(tiny_project)
    with_pattern(tiny_project, "grain", "粮/{果园}")
    assert cli.main(["-C", str(tiny_project), "form", "editor"]) == 0
    editor = Editor(SERVER, tiny_project)
    try:
        for path, form, lines in (
            ("data/2025/一.yaml", "fruit", []), ("data/2025/粮/二.yaml", "grain", []),
            ("data/2025/三.yaml", "grain", [0]), ("data/2026/粮/四.yaml", "fruit", [0]),
        ):  # fmt: skip
            editor.open(path, tiny.UNIT.format(name="园").replace("form: fruit", f"form: {form}"))
            assert [found["range"]["start"]["line"] for found in editor.diagnostics(path)] == lines, path
    finally:
        editor.close()
