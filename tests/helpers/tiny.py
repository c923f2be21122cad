"""A form made of three small files, and units that fill it: quick to build, and not the real form."""

from __future__ import annotations

import json
from pathlib import Path

from tests.helpers.words import docx_of

SCHEMA = {
    "title": "水果登记表",
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "年", "果园"],
    "properties": {
        "form": {"const": "fruit", "x-role": "form", "x-printed": False},
        "年": {"type": "integer", "x-role": "year", "x-public": True, "x-printed": False},
        "果园": {"title": "果园", "type": "string", "x-role": "unit", "x-public": True},
        "备注": {"title": "备注", "type": "string"},
        "items": {"title": "名目", "type": "string", "x-public": True},
        "水果": {
            "title": "水果",
            "type": "array",
            "items": {
                "title": "一种水果",
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "名称": {"type": "string", "x-public": True},
                    "斤数": {"type": "number", "x-public": True},
                },
            },
        },
        "合计": {"type": "number", "x-public": True},
    },
}
SCHEMA_TEXT = json.dumps(SCHEMA, ensure_ascii=False)
RULES = "计算:\n  合计: 水果 | 求和('斤数')\n"
TEMPLATE = docx_of(
    [
        ["果园", "{{ 果园 }}"],
        ["备注", "{{ 备注 }}"],
        ["名目", "{{ items }}"],
        [("{%tr for 果 in 水果 %}", 2)],
        ["{{ loop.index }}.{{ 果.名称 }}", "{{ 果.斤数 }}"],
        [("{%tr endfor %}", 2)],
        ["合计", "{{ 合计 }}"],
    ]
)
PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ 果园|plain }}</title></head>
<body>
<p>{{ 果园 }} {{ items }}</p>
{% for 果 in 水果 %}<p>{{ 果.名称 }} {{ 果.斤数 }}</p>{% endfor %}
<p>{{ 合计 }}</p>
</body>
</html>
"""
UNIT = """\
form: fruit
年: 2025
果园: {name}
备注: 内部
水果:
  - {{名称: 苹果, 斤数: 3.5}}
  - {{名称: 梨, 斤数: 2}}
"""
SITE = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
"""


def make(root: Path, units: tuple[str, ...] = ("东园", "西园")) -> Path:
    """Writes the project to `root` and returns it."""
    (root / "schema").mkdir(parents=True)
    (root / "templates/fruit").mkdir(parents=True)
    (root / "data/2025").mkdir(parents=True)
    (root / "schema/fruit.schema.json").write_text(SCHEMA_TEXT, "utf-8")
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    (root / "templates/fruit/form.docx").write_bytes(TEMPLATE)
    (root / "templates/fruit/page.html").write_text(PAGE, "utf-8")
    (root / "data/site.yaml").write_text(SITE, "utf-8")
    for name in units:
        write_unit(root, name)
    return root


def write_unit(root: Path, name: str, text: str | None = None) -> Path:
    """Writes a unit's data file."""
    path = root / f"data/2025/{name}.yaml"
    path.write_text(text if text is not None else UNIT.format(name=name), "utf-8")
    return path
