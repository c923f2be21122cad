"""A small form with every way a value goes from year to year, and filling in what a rollover leaves open."""

from __future__ import annotations

import json
from pathlib import Path

from perfgen.authoring import draft
from perfgen.check.filing import Filing
from perfgen.findings import Finding
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.source import reader
from tests.helpers.projects import snapshot

MONEY = {"type": "number", "minimum": 0, "x-public": True}


def _money(*, typed: bool) -> dict:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "今": {**MONEY, "description": "今年的数。" if typed else "由程序算。", "x-next": "clear"},
            "去": {**MONEY, "x-next": "今"},
            "前": {**MONEY, "x-next": "去"},
        },
    }


SCHEMA = {
    "title": "年账",
    "description": "一年一本。",
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "年", "户", "到", "话", "行"],
    "properties": {
        "form": {"const": "ledger", "x-role": "form", "x-printed": False},
        "年": {"type": "integer", "maximum": 2100, "x-role": "year", "x-public": True},
        "理由": {
            "type": "object", "x-role": "waivers", "x-printed": False, "x-next": "clear",
            "additionalProperties": {"type": "string"},
        },
        "批": {
            "type": "object", "x-printed": False, "x-next": "clear",
            "additionalProperties": {"type": "string"},
        },
        "户": {"type": "string", "x-role": "unit", "x-public": True},
        "到": {"type": "integer", "x-next": "later", "description": "到哪一年。"},
        "话": {"type": "array", "items": {"type": "string", "minLength": 1}, "x-next": "look"},
        "钱": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"甲": _money(typed=True), "乙": _money(typed=False)},
        },
        "行": {
            "type": "array",
            "x-identity": "名",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["名", "想"],
                "properties": {
                    "名": {"type": "string", "minLength": 1},
                    "前": {"type": ["string", "number"], "x-measure": True, "x-next": "去"},
                    "去": {"type": ["string", "number"], "x-measure": True, "x-next": "想"},
                    "想": {
                        "type": ["string", "number"], "minLength": 1, "x-measure": True, "x-next": "clear",
                        "description": "想做到多少。",
                    },
                    "总": {**MONEY, "x-next": "clear=花"},
                    "花": {**MONEY, "x-next": "clear"},
                    "注": {"type": "string"},
                },
            },
        },
    },
}  # fmt: skip
RULES = "计算:\n  钱.乙.今: 行 | 求和('花')\n"


def make(root: Path) -> Path:
    """Writes a project with that form and no data."""
    for folder in ("schema", "templates/ledger", "data"):
        (root / folder).mkdir(parents=True)
    (root / "schema/ledger.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    (root / "schema/ledger.rules.yaml").write_text(RULES, "utf-8")
    return root


def errors(text: str, file: str, form: Form) -> list[Finding]:
    """What check finds wrong with a text, but for what the form's own rules say of made-up numbers."""
    found = draft.errors(Filing(reader.load_yaml(text.encode(), file), form))
    return [finding for finding in found if finding.rule.startswith(("schema", "character", "location", "private"))]


def form(root: Path, name: str = "ledger") -> Form:
    """A project's form."""
    found = forms.find(snapshot(root), name)
    assert found is not None
    return found


def filled(text: str, holes: list[Finding], value_of) -> str:
    """The text with something typed at the place of each hole, as a person would; value_of(finding) -> text."""
    lines = text.split("\n")
    for hole in sorted(holes, key=lambda finding: finding.place, reverse=True):
        row, column = hole.place.line - 1, hole.place.column - 1
        head, tail = lines[row][:column], lines[row][column:]
        gap = "" if head.endswith((" ", "{")) else " "
        lines[row] = f"{head}{gap}{value_of(hole)}{tail}"
    return "\n".join(lines)
