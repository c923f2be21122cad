"""Nothing opens a network connection: every command runs with network sockets refused, whatever the schema."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from perfgen import cli, commands
from perfgen.findings import FormError
from perfgen.form import forms
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long

HOOK = REPOSITORY / "tests/helpers/no_network"
UNIT = "data/2025/东园.yaml"
COMMANDS = {
    "adopt": ["adopt"],
    "approve": ["approve", UNIT, "--dry-run"],
    "build": ["build"],
    "build in processes": ["build", "-j", "2", "--why"],
    "check": ["check", "--all"],
    "check as sarif": ["check", "--format", "sarif"],
    "check of templates": ["check", "--templates"],
    "diff": ["diff", "HEAD", "--redline", "build/redline"],
    "doctor": ["doctor"],
    "explain": ["explain", "schema-type", UNIT],
    "form": ["form", "add", "department-target"],
    "import": ["import", "form.docx", "-o", UNIT, "--yes"],
    "init": ["init", "another"],
    "merge": ["merge", UNIT, UNIT, UNIT, "--path", UNIT],
    "new": ["new", "2026", "南园"],
    "next": ["next", "data/2025"],
    "rollover": ["rollover", UNIT],
    "status": ["status", "2025"],
    "text": ["text", "form.docx"],
    "verify": ["verify", "form.docx"],
}


def run(root, tmp_path, *arguments):
    """A command in a process that may open no socket; gives its exit code, its output, and what it asked for."""
    asked = tmp_path / "asked.txt"
    path = os.pathsep.join([str(HOOK), str(REPOSITORY)])
    environment = {**os.environ, "PYTHONPATH": path, "PERFGEN_TESTS_SOCKETS": str(asked)}
    command = [sys.executable, "-m", "perfgen", "-C", str(root), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr, asked.read_text("utf-8") if asked.exists() else ""


def prepared(tiny_project):
    """The project with a filled Word form beside it, under git, with a change that is not committed."""
    assert cli.main(["-C", str(tiny_project), "build", UNIT, "--only", "docx"]) == 0
    shutil.move(tiny_project / "build/official/2025/东园.docx", tiny_project / "form.docx")
    shutil.rmtree(tiny_project / "build")
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "t"],
    ):
        subprocess.run(["git", "-C", tiny_project, *arguments], check=True)
    unit = tiny_project / UNIT
    unit.write_text(unit.read_text("utf-8").replace("3.5", "4"), "utf-8")
    return tiny_project


def test_the_hook_refuses_and_writes_down(tmp_path):
    asked = tmp_path / "asked.txt"
    environment = {**os.environ, "PYTHONPATH": str(HOOK), "PERFGEN_TESTS_SOCKETS": str(asked)}
    code = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "no network here" in done.stderr
    assert asked.read_text("utf-8")


def test_every_command_is_tried():
    listens = {"serve"}  # on this machine alone: tests/test_serving_door.py
    assert {name.split()[0] for name in COMMANDS} == set(commands.FOLDER.names()) - listens


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.pdf) if name == "doctor" else name for name in COMMANDS]
)
def test_no_command_asks_for_a_socket(tiny_project, tmp_path, name):
    code, said, asked = run(prepared(tiny_project), tmp_path, *COMMANDS[name])
    assert asked == ""
    assert "Traceback" not in said and "perfgen 自己出了错" not in said
    assert code in (0, 1) or name in ("doctor", "next"), said  # after the tiny form comes no other


FAR = "http://schema.example/x.json"
HOSTILE = {
    "in allOf": {"allOf": [{"$ref": FAR}]},
    "in anyOf": {"anyOf": [{"type": "object"}, {"$ref": FAR}]},
    "in not": {"not": {"$ref": FAR}},
    "in if": {"if": {"$ref": FAR}, "then": {}},
    "in else": {"if": {}, "else": {"$ref": f"{FAR}#/$defs/a"}},
    "in propertyNames": {"propertyNames": {"$ref": FAR}},
    "in patternProperties": {"patternProperties": {"^x": {"$ref": FAR}}},
    "in dependentSchemas": {"dependentSchemas": {"form": {"$ref": FAR}}},
    "in unevaluatedProperties": {"unevaluatedProperties": {"$ref": FAR}},
    "in prefixItems": {"$defs": {"a": {"prefixItems": [{"contains": {"$ref": FAR}}]}}},
    "dynamic": {"allOf": [{"$dynamicRef": f"{FAR}#a"}]},
    "relative under an http $id": {"$id": FAR, "allOf": [{"$ref": "y.json"}]},
    "relative under an inner $id": {"allOf": [{"$id": "http://schema.example/a/", "$ref": "b"}]},
    "of the meta-schema": {"allOf": [{"$ref": "https://json-schema.org/draft/2020-12/schema"}]},
    "of a file": {"allOf": [{"$ref": "file:///etc/passwd"}]},
    "of a file outside": {"allOf": [{"$ref": "../../../etc/passwd"}]},
    "by ftp": {"not": {"$ref": "ftp://schema.example/x"}},
    "by a urn": {"not": {"$ref": "urn:uuid:1"}},
    "of a name without a place": {"allOf": [{"$ref": "#nowhere"}]},
    "of a pointer to nowhere": {"allOf": [{"$ref": "#/$defs/nowhere"}]},
    "of what is no schema": {"allOf": [{"$ref": "#/title"}]},
    "of a letter of a text": {"allOf": [{"$ref": "#/title/0"}]},
    "an address that is none": {"allOf": [{"$ref": "http://[x"}]},
    "behind a reference to an unknown keyword": {"x": {"not": {"$ref": FAR}}, "allOf": [{"$ref": "#/x"}]},
}


def hostile(root, extra, file="schema/fruit.schema.json"):
    path = root / file
    schema = json.loads(path.read_text("utf-8")) if path.exists() else {"type": "object"}
    path.write_text(json.dumps(schema | extra, ensure_ascii=False, indent=1), "utf-8")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_reference_that_leads_out_is_a_finding_with_a_place(tiny_project, name, project_findings):
    hostile(tiny_project, HOSTILE[name])
    (found,) = project_findings(tiny_project)
    assert found.rule == "schema-invalid" and "找不到：不从网上取" in found.message
    text = (tiny_project / "schema/fruit.schema.json").read_text("utf-8").splitlines()
    # the place is that of the reference's own text
    assert text[found.place.line - 1][: found.place.column - 1].strip() in ('"$ref":', '"$dynamicRef":')


@pytest.fixture
def project_findings():
    def findings(root):
        with pytest.raises(FormError) as caught:
            forms.find(snapshot(root), "fruit")
        return caught.value.findings

    return findings


@pytest.mark.parametrize("name", ["in allOf", "relative under an http $id", "dynamic", "of a file"])
def test_a_check_of_a_hostile_schema_asks_for_no_socket(tiny_project, tmp_path, name):
    for command in (["check"], ["build"]):
        hostile(tiny_project, HOSTILE[name])
        code, said, asked = run(tiny_project, tmp_path, *command)
        assert (code, asked) == (2, "") and "不从网上取" in said and "Traceback" not in said


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_of_the_settings_is_not_asked(tiny_project, name, capsys):
    """The program's own one decides; that of the project is there for its editors."""
    hostile(tiny_project, HOSTILE[name] | {"title": "设置"}, "schema/site.schema.json")
    assert cli.main(["-C", str(tiny_project), "check"]) == 0
    said = capsys.readouterr()
    assert "site.schema.json" not in said.out + said.err


def test_the_settings_ask_for_no_socket(tiny_project, tmp_path):
    hostile(tiny_project, {"properties": {"站点": {"$ref": FAR}}}, "schema/site.schema.json")
    code, said, asked = run(tiny_project, tmp_path, "build")
    assert (code, asked) == (0, ""), said


def test_a_file_of_the_schema_folder_may_be_referred_to(tiny_project, capsys):
    hostile(tiny_project, {"allOf": [{"$ref": "shared.json#/$defs/名"}]})
    shared = {"$defs": {"名": {"properties": {"果园": {"maxLength": 1}}}}}
    (tiny_project / "schema/shared.json").write_text(json.dumps(shared), "utf-8")
    assert cli.main(["-C", str(tiny_project), "check", UNIT]) == 1
    assert "太长：2 个字，最多 1 个字" in capsys.readouterr().out


def test_a_file_that_is_referred_to_is_an_input(tiny_project, capsys):
    hostile(tiny_project, {"allOf": [{"$ref": "shared.json"}]})
    (tiny_project / "schema/shared.json").write_text("{}", "utf-8")
    assert cli.main(["-C", str(tiny_project), "build", UNIT]) == 0
    (tiny_project / "schema/shared.json").write_text('{"required": ["备注", "没有的"]}', "utf-8")
    capsys.readouterr()
    assert cli.main(["-C", str(tiny_project), "build", UNIT]) == 1
    assert "缺少“没有的”" in capsys.readouterr().err


def test_what_is_wrong_in_a_file_that_is_referred_to_is_said_there(tiny_project, project_findings):
    hostile(tiny_project, {"allOf": [{"$ref": "shared.json"}]})
    (tiny_project / "schema/shared.json").write_text('{\n "type": 5}', "utf-8")
    (found,) = project_findings(tiny_project)
    assert (found.place.file, found.place.line) == ("schema/shared.json", 2)
    (tiny_project / "schema/shared.json").write_text('{\n "not": {"$ref": "http://schema.example/"}}', "utf-8")
    (found,) = project_findings(tiny_project)
    assert (found.place.file, found.place.line) == ("schema/shared.json", 2)
    (tiny_project / "schema/shared.json").write_text("{", "utf-8")
    (found,) = project_findings(tiny_project)
    assert (found.place.file, found.rule) == ("schema/shared.json", "schema-json")
