"""Two made-up forms put beside those that are there: nothing may take the first form for the only one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.helpers import tiny

NAMES = ("fruit", "grain")
RULES = """\
计算:
  合计: 水果 | 求和('斤数')
审核:
  A02:
    名称: 写了果园
    级别: 错误
    公式: 果园 != ''
    说法: 没有写果园。
    改法: 写上。
    指向: 果园
    依据: 果园登记办法
"""
"""With a rule whose id the first form has, too."""


def add(root: Path) -> Path:
    """Writes the schemas, the rules of one of them, and the Word templates to a project, and returns it."""
    for name in NAMES:
        schema = json.loads(tiny.SCHEMA_TEXT.replace('"fruit"', f'"{name}"')) | {"title": f"{name}登记表"}
        (root / "schema" / f"{name}.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
        (root / "templates" / name).mkdir(parents=True, exist_ok=True)
        (root / "templates" / name / "form.docx").write_bytes(tiny.TEMPLATE)
    (root / "schema/fruit.rules.yaml").write_text(RULES, "utf-8")
    return root
