"""A made-up form with every kind of place: texts, numbers, choices, flags, lists, groups in groups with open names."""

from __future__ import annotations

import json
from pathlib import Path

from perfgen.check import loading
from perfgen.filling.sheet import Sheet, sheet
from perfgen.project.layout import DataFile
from tests.helpers import tiny
from tests.helpers.projects import snapshot
from tests.helpers.words import docx_of

SOURCE = "data/2025/东园.yaml"
_TEXT = {"type": "string"}
_ROWS = {
    "type": "array",
    "x-rows": "行",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["作物", "亩数"],
        "properties": {
            "作物": {"title": "作物", **_TEXT},
            "亩数": {"title": "亩数", "type": "number"},
            "品种": {"title": "品种", "enum": ["早熟", "中熟", "晚熟"]},
            "产量": {"title": "产量", "type": ["string", "number"], "x-measure": True},
            "收入": {"title": "收入", "type": "number"},
        },
    },
}
_PLOTS = {
    "type": "object",
    "x-groups": "块",
    "x-label": "块名",
    "properties": {"水面": {"title": "水面", **_ROWS}, "道路": {"title": "道路", **_ROWS}},
    "additionalProperties": {"title": "地块", **_ROWS},
}
SCHEMA = {
    "title": "园子登记表",
    "type": "object",
    "additionalProperties": False,
    "required": ["form", "年", "园", "电话"],
    "properties": {
        "form": {"const": "garden", "x-role": "form", "x-printed": False},
        "年": {"type": "integer", "x-role": "year", "x-printed": False},
        "园": {"title": "园名", "type": "string", "x-role": "unit"},
        "电话": {"title": "电话", **_TEXT},
        "说明": {"title": "说明", **_TEXT},
        "面积": {"title": "面积", "type": "number"},
        "自留": {"title": "自留", "type": "boolean"},
        "土质": {"title": "土质", "enum": ["沙土", "黏土", "壤土"]},
        "产值": {"title": "产值", "type": ["string", "number"], "x-measure": True},
        "要点": {"title": "要点", "type": "array", "items": _TEXT},
        "开始": {"title": "开始年", "type": "integer"},
        "结束": {"title": "结束年", "type": "integer"},
        "地块": {
            "title": "地块",
            "type": "object",
            "x-groups": "区",
            "x-label": "区名",
            "properties": {"东区": {"title": "东区", **_PLOTS}, "西区": {"title": "西区", **_PLOTS}},
            "additionalProperties": {"title": "别的区", **_PLOTS, "properties": {}},
        },
        "备忘": {"title": "备忘", "type": "object", "x-printed": False, "additionalProperties": _TEXT},
        "合计": {"title": "合计", "type": "number"},
    },
}
RULES = """\
计算:
  合计: 面积 + 结束 - 开始
"""
TEMPLATE = docx_of(
    [
        ["园名", "{{ 园 }}", "电话", "{{ 电话 }}"],
        ["说明", "{{ 说明 }}", "面积", "{{ 面积 }}"],
        ["自留", "{{ 自留 }}", "土质", "{{ 土质 }}"],
        ["产值", "{{ 产值 }}", "年限", "{{ 开始 }}年—{{ 结束 }}年"],
        [("要点", 1), ("{%p for 要 in 要点 %}\n{{ loop.index }}.{{ 要 }}\n{%p endfor %}", 3)],
        ["区", "块", "作物", "亩数"],
        [("{%tr for 区 in 地块.区 %}", 4)],
        [("{%tr for 块 in 区.块 %}", 4)],
        [("{%tr for 行 in 块.行 %}", 4)],
        ["{{ 区.区名 }}", "{{ 块.块名 }}", "{{ 行.作物 }}", "{{ 行.亩数 }}"],
        [("{%tr endfor %}", 4)],
        [("{%tr endfor %}", 4)],
        [("{%tr endfor %}", 4)],
        ["合计", "{{ 合计 }}", "", ""],
    ]
)
TEXT = """\
# 东园的表
form: garden
年: 2025
园: 东园
电话: "0012"   # 门房
说明: 多年的园子

面积: 12.50
自留: false
土质: 沙土
产值: ≥90%
要点:
  - 头一条
  - 第二条  # 重要
地块:
  # 东边的
  东区:
    水面:
      - {作物: 莲, 亩数: 1}
    菜地:     # 自己的名称
      - {作物: 白菜, 亩数: 2}
      - {作物: 萝卜, 亩数: 3, 品种: 早熟}
    果园:
      - {作物: 梨, 亩数: 4}
  北坡:
    林地:
      - 作物: 松
        亩数: 5
备忘:
  一: 甲
合计: 15
"""


def make(root: Path) -> Path:
    """Writes the form to a project that does not exist yet, and returns it."""
    (root / "data/2025").mkdir(parents=True)
    (root / "data/site.yaml").write_text(tiny.SITE, "utf-8")
    return add(root)


def add(root: Path) -> Path:
    """Writes the form beside those of a project, and returns it."""
    (root / "schema").mkdir(exist_ok=True)
    (root / "templates/garden").mkdir(parents=True)
    (root / "schema/garden.schema.json").write_text(json.dumps(SCHEMA, ensure_ascii=False), "utf-8")
    (root / "schema/garden.rules.yaml").write_text(RULES, "utf-8")
    (root / "templates/garden/form.docx").write_bytes(TEMPLATE)
    return root


def filled(root: Path, text: str = TEXT) -> Sheet:
    """The form with a text."""
    (root / SOURCE).write_bytes(text.encode())
    project = snapshot(root)
    return sheet(project, loading.filing(project, DataFile.at(SOURCE)))
