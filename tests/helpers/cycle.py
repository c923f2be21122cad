"""Three small forms that know each other: an orchard's plans, what came of each, and the orchard's own form.

A plan is for one project of an orchard (the weights and promises of its measures, in groups). A review of the same
project takes from the plan of its year, and looks at the plan of the year before. The orchard's own form sums its
plans; the plans look back at it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.helpers.projects import REPOSITORY
from tests.helpers.words import docx_of

Node = dict[str, Any]
TEXT: Node = {"type": "string", "minLength": 1, "x-public": True}
NUMBER: Node = {"type": "number", "x-public": True}
MEASURE: Node = {"type": ["string", "number"], "x-public": True, "x-measure": True}


def _object(required: list[str], **properties: Node) -> Node:
    titled = {name: {"title": name, **node} for name, node in properties.items()}
    return {"type": "object", "additionalProperties": False, "required": required, "properties": titled}


def _groups(rows: Node) -> Node:
    listed = {"type": "array", "x-rows": "行", "x-identity": "名称", "items": rows}
    return {
        "type": "object",
        "x-groups": "组",
        "x-label": "组名",
        "properties": {"产量": {"title": "产量", **listed}, "品质": {"title": "品质", **listed}},
        "additionalProperties": {"title": "其他", **listed},
    }


def _form(name: str, title: str, *required: str, **properties: Node) -> Node:
    head: dict[str, Node] = {
        "form": {"const": name, "x-role": "form", "x-printed": False, "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True, "x-printed": False},
        "果园": {**TEXT, "x-role": "unit"},
    }
    return {"title": title, **_object(["form", "年", "果园", *required], **head, **properties)}


PROJECT = dict(TEXT)
PLAN = _form(
    "plan", "项目目标表", "项目", "预算", "目标",
    项目=PROJECT, 预算=NUMBER, 目标=TEXT, 经办={"type": "string"}, 底价={"type": "number"},
    指标=_groups(_object(["名称", "目标值", "权重"], 名称=TEXT, 目标值=MEASURE, 权重=NUMBER)),
)  # fmt: skip
REVIEW = _form(
    "review", "项目自评表", "项目", "执行",
    项目=PROJECT, 执行=NUMBER, 经办={"type": "string"},
    指标=_groups(_object(["名称", "完成值"], 名称=TEXT, 完成值=MEASURE)),
)  # fmt: skip
ORCHARD = _form(
    "orchard", "果园总表", 总预算=NUMBER, 曾用名={"type": "string", "x-role": "former-name", "x-printed": False}
)
SCHEMAS = {"plan": PLAN, "review": REVIEW, "orchard": ORCHARD}

PLAN_RULES = """\
引用:
  总表: {表: orchard, 对上: [果园]}
审核:
  A1:
    名称: 预算在总预算里
    级别: 错误
    公式: 预算 <= 总表.总预算
    说法: 预算 {{ 预算 }}，总表的总预算只有 {{ 总表.总预算 }}。
    改法: 改正其中一个。
    指向: 预算
    依据: 果园的规定。
"""
REVIEW_RULES = """\
引用:
  目标表: {表: plan, 对上: [果园, 项目]}
  上年目标: {表: plan, 往前: 1, 对上: [果园, 项目]}
审核:
  B1:
    名称: 执行不超过预算
    级别: 错误
    公式: 执行 <= 目标表.预算
    说法: 执行 {{ 执行 }}，超过了预算 {{ 目标表.预算 }}。
    改法: 改正其中一个。
    指向: 执行
    依据: 果园的规定。
"""
ORCHARD_RULES = """\
引用:
  项目表: {表: plan, 对上: [果园], 几份: 多份}
审核:
  C1:
    名称: 总预算够用
    级别: 警告
    公式: 总预算 >= (项目表 | 求和('预算'))
    说法: 总预算 {{ 总预算 }} 不够 {{ 项目表 | 计数 }} 个项目用。
    改法: 改正其中一个。
    指向: 总预算
    依据: 果园的规定。
"""
RULES = {"plan": PLAN_RULES, "review": REVIEW_RULES, "orchard": ORCHARD_RULES}


def _for(source: str, variable: str, width: int) -> list[Any]:
    return [(f"{{%tr for {variable} in {source} %}}", width)]


def _end(width: int) -> list[Any]:
    return [("{%tr endfor %}", width)]


PLAN_ROWS: list[list[Any]] = [
    ["果园", ("{{ 果园 }}", 3)],
    ["项目", ("{{ 项目 }}", 3)],
    ["预算", ("{{ 预算 }}", 3)],
    ["目标", ("{{ 目标 }}", 3)],
    ["经办", ("{{ 经办 }}", 3)],
    ["底价", ("{{ 底价 }}", 3)],
    ["指标", "名称", "目标值", "权重"],
    _for("指标.组", "组", 4),
    _for("组.行", "行", 4),
    ["{% merge 组 %}{{ 组.组名 }}", "{{ 行.名称 }}", "{{ 行.目标值 }}", "{{ 行.权重 }}"],
    _end(4),
    _end(4),
]
REVIEW_ROWS: list[list[Any]] = [
    ["果园", ("{{ 果园 }}", 2)],
    ["项目", ("{{ 项目 }}", 2)],
    ["目标", ("{{ 目标表.目标 }}", 2)],
    ["预算", ("{{ 目标表.预算 }}", 2)],
    ["执行", ("{{ 执行 }}", 2)],
    ["经办", ("{{ 经办 }}", 2)],
    ["指标", "名称", "完成值"],
    _for("指标.组", "组", 3),
    _for("组.行", "行", 3),
    ["{% merge 组 %}{{ 组.组名 }}", "{{ 行.名称 }}", "{{ 行.完成值 }}"],
    _end(3),
    _end(3),
]
ORCHARD_ROWS: list[list[Any]] = [
    ["果园", "{{ 果园 }}"],
    ["总预算", "{{ 总预算 }}"],
    ["项目", "预算"],
    _for("项目表", "一个", 2),
    ["{{ 一个.项目 }}", "{{ 一个.预算 }}"],
    _end(2),
]
ROWS = {"plan": PLAN_ROWS, "review": REVIEW_ROWS, "orchard": ORCHARD_ROWS}

_PAGE = """\
{{% from 'table.html' import official %}}
<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{{{ 果园|plain }}}}{{{{ report.title }}}}</title>
<style>{{% include 'page.css' %}}</style></head>
<body><main>
<h1>{{{{ 果园 }}}}{{{{ report.title }}}}</h1>
{body}
{{{{ official(report.table, report.title, headers) }}}}
<p><a href="{{{{ report.home }}}}index.html">返回目录</a></p>
</main></body>
</html>
"""
_BODIES = {
    "plan": "<p>{{ 项目 }}：{{ 预算 }}，{{ 目标 }}</p>{% for 组 in 指标.组 %}"
    "<h2>{{ 组.组名 }}</h2>{% for 行 in 组.行 %}"
    "<p>{{ 行.名称 }} {{ 行.目标值 }} {{ 行.权重 }}</p>{% endfor %}{% endfor %}",
    "review": "<p>{{ 项目 }}：{{ 执行 }}；目标是 {{ 目标表.目标 }}</p>{% for 组 in 指标.组 %}"
    "<h2>{{ 组.组名 }}</h2>"
    "{% for 行 in 组.行 %}<p>{{ 行.名称 }} {{ 行.完成值 }}</p>{% endfor %}{% endfor %}",
    "orchard": "<p>{{ 总预算 }}</p>{% for 一个 in 项目表 %}<p>{{ 一个.项目 }} {{ 一个.预算 }}</p>{% endfor %}",
}
PAGES = {name: _PAGE.format(body=body) for name, body in _BODIES.items()}

PLAN_DATA = """\
form: plan
年: {year}
果园: {orchard}
项目: {project}
预算: {budget}
目标: {orchard}的{project}，多种果树
经办: 王某某
底价: 77.5
指标:
  产量:
    - {{名称: 新种的树, 目标值: ≥100棵, 权重: 30}}
    - {{名称: 采收, 目标值: ≥20吨, 权重: 20}}
  品质:
    - {{名称: 好果率, 目标值: ≥90%, 权重: 50}}
"""
REVIEW_DATA = """\
form: review
年: {year}
果园: {orchard}
项目: {project}
执行: {spent}
经办: 李某某
指标:
  产量:
    - {{名称: 新种的树, 完成值: 110棵}}
    - {{名称: 采收, 完成值: 15吨}}
  品质:
    - {{名称: 好果率, 完成值: 92%}}
"""
ORCHARD_DATA = """\
form: orchard
年: {year}
果园: {orchard}
总预算: {total}
"""
SITE = """\
站点: {名称: 果园, 域名: fruit.example, 标识码: bm00000000}
公开:
  2024: {批复日期: 2024-01-24, 公开日期: 2024-02-10}
  2025: {批复日期: 2025-01-24, 公开日期: 2025-02-10}
"""


def plan(root: Path, project: str = "嫁接", orchard: str = "东园", year: int = 2025, budget: str = "120") -> Path:
    """Writes a plan."""
    text = PLAN_DATA.format(year=year, orchard=orchard, project=project, budget=budget)
    return write(root, f"data/{year}/目标/{orchard}/{project}.yaml", text)


def review(root: Path, project: str = "嫁接", orchard: str = "东园", year: int = 2025, spent: str = "96.5") -> Path:
    """Writes a review."""
    text = REVIEW_DATA.format(year=year, orchard=orchard, project=project, spent=spent)
    return write(root, f"data/{year}/自评/{orchard}/{project}.yaml", text)


def orchard(root: Path, name: str = "东园", year: int = 2025, total: str = "500") -> Path:
    """Writes an orchard's own form."""
    return write(root, f"data/{year}/{name}.yaml", ORCHARD_DATA.format(year=year, orchard=name, total=total))


def write(root: Path, source: str, text: str) -> Path:
    """Writes a file of the project."""
    path = root / source
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def make(root: Path, *, pages: bool = False) -> Path:
    """Writes the three forms to `root`, without data; with `pages` also what makes their public pages."""
    for name, schema in SCHEMAS.items():
        write(root, f"schema/{name}.schema.json", json.dumps(schema, ensure_ascii=False))
        write(root, f"schema/{name}.rules.yaml", RULES[name])
        write(root, f"templates/{name}/form.docx", "").write_bytes(docx_of(ROWS[name]))
        if pages:
            write(root, f"templates/{name}/page.html", PAGES[name])
    if pages:
        without_pdf = shutil.ignore_patterns("form.html", "print.css")
        shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared", ignore=without_pdf)
    write(root, "data/site.yaml", SITE)
    return root


def filled(root: Path, *, pages: bool = False) -> Path:
    """The same, with the data of an orchard that has two plans and a review of each."""
    make(root, pages=pages)
    orchard(root)
    for project, budget in (("嫁接", "120"), ("灌溉", "80")):
        plan(root, project, budget=budget)
    review(root)
    review(root, "灌溉", spent="80")
    return root


def change(root: Path, source: str, *pairs: tuple[str, str]) -> None:
    """Changes words of a file that is there; each must stand in it."""
    path = root / source
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
