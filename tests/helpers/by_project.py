"""A made-up form of which a unit has one file for each of its projects, and a second form of which it has one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.helpers.words import docx_of

PATTERN = "项目/{果园}/{项目}"
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "果园项目表",
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "年", "果园", "项目", "用途", "金额"],
    "x-path": PATTERN,
    "properties": {
        "form": {"const": "project", "x-role": "form", "x-printed": False, "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True, "x-printed": False},
        "果园": {"title": "果园", "type": "string", "minLength": 1, "x-role": "unit", "x-public": True},
        "项目": {"title": "项目名称", "type": "string", "minLength": 1, "x-role": "subject", "x-public": True},
        "用途": {"title": "用途", "type": "string", "x-public": True},
        "金额": {"title": "金额", "type": "number", "x-public": True, "x-unit": "万元"},
    },
}
TEMPLATE = docx_of([["果园", "{{ 果园 }}"], ["项目名称", "{{ 项目 }}"], ["用途", "{{ 用途 }}"], ["金额", "{{ 金额 }}"]])
PAGE = (
    "<!DOCTYPE html><html lang='zh-CN'><head><title>{{ report.heading }}</title>"
    "</head><body><h1>{{ 果园 }}{{ 年 }}年{{ report.title }}</h1><p>{{ 项目 }} {{ 用途 }} {{ 金额 }}</p></body></html>"
)
SITE = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
  2026: {批复日期: 2026-01-24, 公开日期: 2026-02-10}
"""


def schema(**changed: Any) -> dict[str, Any]:
    """The schema with some of its keywords changed; those that are None are left out."""
    return {name: value for name, value in {**SCHEMA, **changed}.items() if value is not None}


def make(root: Path, form: dict[str, Any] = SCHEMA) -> Path:
    """Writes the project to `root`, without data files, and returns it."""
    (root / "schema").mkdir(parents=True)
    (root / "templates/project").mkdir(parents=True)
    (root / "data").mkdir(parents=True)
    (root / "schema/project.schema.json").write_text(json.dumps(form, ensure_ascii=False, indent=1), "utf-8")
    (root / "templates/project/form.docx").write_bytes(TEMPLATE)
    (root / "templates/project/page.html").write_text(PAGE, "utf-8")
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    return root


def text_of(unit: str, subject: str, year: int = 2025, use: str = "买树苗", amount: str = "3.5") -> str:
    """The text of a data file."""
    return f"form: project\n年: {year}\n果园: {unit}\n项目: {subject}\n用途: {use}\n金额: {amount}\n"


def write(root: Path, unit: str, subject: str, year: int = 2025, path: str = "", **said: str) -> str:
    """Writes a project's file, where it belongs or at a path below the year; gives its path in the project."""
    source = f"data/{year}/{path or f'项目/{unit}/{subject}'}.yaml"
    (root / source).parent.mkdir(parents=True, exist_ok=True)
    (root / source).write_text(text_of(unit, subject, year, **said), "utf-8")
    return source
