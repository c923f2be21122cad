"""A year of an orchard in three forms made of files alone, in which nothing is typed twice.

`target` is for one project of an orchard: what its measures promise, with weights, in groups of which the author may
name some. `score` is the review of the same project: it has what came of each measure, and takes everything else from
the target; scores, the sum and the rating are computed. `own` is the orchard's form: it sums its projects' budgets and
holds what it typed itself against them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.helpers.cycle import MEASURE, NUMBER, SITE, TEXT, Node, write
from tests.helpers.projects import REPOSITORY
from tests.helpers.words import docx_of


def _object(required: list[str], **properties: Node) -> Node:
    titled = {name: {"title": name, **node} for name, node in properties.items()}
    return {"type": "object", "additionalProperties": False, "required": required, "properties": titled}


def _groups(rows: Node) -> Node:
    """Groups in groups; the authors may name some of both."""
    listed = {"type": "array", "minItems": 1, "x-rows": "行", "x-identity": "名称", "items": rows}
    small = {"type": "object", "x-groups": "小类", "x-label": "小类名", "additionalProperties": listed}
    small = {**small, "properties": {name: {"title": name, **listed} for name in ("数量", "质量", "时效")}}
    named = {name: {"title": name, **small} for name in ("产出", "效益")}
    return {
        "type": "object", "x-groups": "大类", "x-label": "大类名",
        "properties": named, "additionalProperties": {"title": "其他", **small},
    }  # fmt: skip


def _form(name: str, title: str, required: list[str], about: Node, **properties: Node) -> Node:
    head: dict[str, Node] = {
        "form": {"const": name, "x-role": "form", "x-printed": False, "x-public": True},
        "年": {"type": "integer", "minimum": 2000, "maximum": 2100, "x-role": "year", "x-public": True},
        "果园": {**TEXT, "x-role": "unit"},
    }
    schema = "https://json-schema.org/draft/2020-12/schema"
    body = _object(["form", "年", "果园", *required], **head, **properties)
    return {"$schema": schema, "title": title, **about, **body}


MONEY: Node = {"type": "number", "minimum": 0, "multipleOf": 0.01, "x-public": True, "x-unit": "万元"}
PROJECT: Node = {**TEXT, "x-role": "subject"}
ANSWERS: dict[str, Node] = {
    "说明": {"type": "object", "x-role": "waivers", "x-printed": False, "additionalProperties": {"type": "string"}},
    "理由": {"type": "object", "x-role": "reasons", "x-printed": False, "additionalProperties": {"type": "string"}},
    "审核记录": {
        "type": "object", "x-role": "approvals", "x-printed": False,
        "additionalProperties": _object(
            ["审核人", "日期"],
            审核人={"type": "string"}, 日期={"type": "string"}, 意见={"type": "string"},
            改以前={"type": "string"}, 哪里={"type": "string"}, 规则={"type": "string"},
        ),
    },
}  # fmt: skip
TARGET_ROW = _object(["名称", "目标值", "权重"], 名称=TEXT, 目标值=MEASURE, 权重=NUMBER)
SCORE_ROW = _object(
    ["名称", "完成值", "得分"],
    名称=TEXT, 目标值=MEASURE, 权重=NUMBER, 完成值={**MEASURE, "x-outcome": "目标值"}, 得分=NUMBER, 原因=TEXT,
)  # fmt: skip
SCHEMAS = {
    "target": _form(
        "target", "项目目标表", ["项目", "预算", "目标", "行"], {"x-path": "目标/{果园}/{项目}"},
        项目=PROJECT, 负责人=TEXT, 经办={"type": "string"}, 预算=MONEY, 目标=TEXT, 行=_groups(TARGET_ROW), **ANSWERS,
    ),
    "score": _form(
        "score", "项目自评表", ["项目", "执行", "行"], {"x-path": "自评/{果园}/{项目}", "x-rollover": False},
        项目=PROJECT, 负责人=TEXT, 经办={"type": "string"}, 目标=TEXT, 预算=MONEY, 执行=MONEY, 行=_groups(SCORE_ROW),
        **ANSWERS,
    ),
    "own": _form(
        "own", "果园总表", ["项目数"], {"x-path": "{果园}"}, 总预算=MONEY, 项目数={**NUMBER, "type": "integer"},
        **ANSWERS,
    ),
}  # fmt: skip

COMMON = """\
等级:
  - [优, 良, 中, 差]
方向: {合格率: ≥=, 费用: ≤}
审核:
  G1:
    名称: 没有多余的空格
    级别: 警告
    对象: 全部文字
    公式: not 有多余空格(原文)
    说法: “{{ 原文 }}”里有多余的空格。
    改法: 删掉它。
    指向: 位置
    依据: 整洁。
"""
TARGET_RULES = """\
包括: [words.rules.yaml]
计算:
  满分: 行.大类.小类.行 | 求和('权重')
审核:
  T1:
    名称: 权重合计一百
    级别: 警告
    公式: 满分 == 100
    说法: 权重合计 {{ 满分 }}。
    改法: 改成 100。
    指向: 行
    依据: 果园的规定。
"""
SCORE_RULES = """\
包括: [words.rules.yaml]
参数: {反向: 差额, 良档: 0.8, 中档: 0.6, 每天扣: 0.1}
引用:
  目标表: {表: target, 对上: [果园, 项目], 照抄: [负责人]}
计算:
  目标: 目标表.目标
  预算: 目标表.预算
  执行率: {公式: '百分比(执行, 预算)', 单位: '%'}
  行.大类.小类.行.(目标值、权重):
    其中:
      同组: (目标表.行.大类 | 选取(大类名=大类.大类名) | 首个).小类
      同行: (同组 | 选取(小类名=小类.小类名) | 首个).行 | 选取(名称=名称) | 首个
    公式: 同行.*
  行.大类.小类.行.得分:
    其中:
      越少越好: 目标值.方向 in ['≤', '<'] or (目标值.方向 == '' and '≤' in 常用方向(名称))
      超出: (完成值.数 - 目标值.上限) / 目标值.上限
      按差额: 0 if 超出 >= 1 else 权重 * (1 - 超出)
      按倒数: 权重 * 目标值.上限 / 完成值.数
      超了: 0 if 目标值.上限 <= 0 else 按差额 if 反向 == '差额' else 按倒数
      多了: 权重 if 完成值.数 <= 目标值.上限 else 超了
      是零: 目标值.数 == 0 and 目标值.方向 in ['=', '']
      够了: 完成值.数 >= 目标值.数
      少了: 权重 if 够了 else 0 if 完成值.数 <= 0 else 权重 * 完成值.数 / 目标值.数
      看上限: 越少越好 or 是零 or (目标值.上限 > 目标值.数 and 完成值.数 > 目标值.上限)
      数分: 多了 if 看上限 else 少了
      迟: (完成值.数 - 目标值.数) * 每天扣
      日分: 权重 if 迟 <= 0 else 0 if 迟 >= 1 else 权重 * (1 - 迟)
      达: 达成(目标值, 完成值, 名称)
      等分: 权重 * (1 if 达 == '达到' else 良档 if 完成值.等级 == '良' else 中档 if 完成值.等级 == '中' else 0)
      增减不同: 目标值.是增减 and 达 == '不能比'
      不同: 目标值.单位 != 完成值.单位 or 目标值.是增减 != 完成值.是增减 or 增减不同
    公式: 无 if 不同 else 四舍五入(日分 if 目标值.是日期 else 数分 if 目标值.是数 else 等分, 2)
  总分: 行.大类.小类.行 | 求和('得分')
  等次: 按档(总分, [90, 80, 60], ['优', '良', '中', '差'])
审核:
  S1:
    名称: 执行不超过预算
    级别: 错误
    公式: 执行 <= 目标表.预算
    说法: 执行 {{ 执行 }}，超过了预算 {{ 目标表.预算 }}。
    改法: 改正其中一个。
    指向: 执行
    依据: 果园的规定。
  S2:
    名称: 没有得满分的写明原因
    级别: 警告
    对象: 行.大类.小类.行
    公式: 得分 >= 权重 or 原因 != ''
    说法: “{{ 名称 }}”得 {{ 得分 }} 分，满分 {{ 权重 }}，没有写原因。
    改法: 写上原因。
    指向: 完成值
    依据: 果园的规定。
"""
OWN_RULES = """\
包括: [words.rules.yaml]
引用:
  项目表: {表: target, 对上: [果园], 几份: 多份}
计算:
  总预算: 项目表 | 求和('预算')
审核:
  O1:
    名称: 项目数和目标表一样
    级别: 错误
    公式: 项目数 == (项目表 | 计数)
    说法: 写的是 {{ 项目数 }} 个项目，目标表有 {{ 项目表 | 计数 }} 份。
    改法: 改正其中一个。
    指向: 项目数
    依据: 果园的规定。
"""
RULES = {"words": COMMON, "target": TARGET_RULES, "score": SCORE_RULES, "own": OWN_RULES}


def _loop(source: str, variable: str, width: int) -> list[Any]:
    return [(f"{{%tr for {variable} in {source} %}}", width)]


def _rows(width: int, *cells: str) -> list[list[Any]]:
    """The rows of the table in which the measures stand, by group."""
    merged = ["{% merge 大 %}{{ 大.大类名 }}", "{% merge 小 %}{{ 小.小类名 }}", *cells]
    loops = [_loop("行.大类", "大", width), _loop("大.小类", "小", width), _loop("小.行", "一", width)]
    return [*loops, merged, *[[("{%tr endfor %}", width)]] * 3]


def _line(name: str, width: int, value: str = "") -> list[Any]:
    return [name, (f"{{{{ {value or name} }}}}", width - 1)]


ROWS: dict[str, list[list[Any]]] = {
    "target": [
        *(_line(name, 5) for name in ("年", "果园", "项目", "负责人", "经办", "预算", "目标")),
        ["大类", "小类", "名称", "目标值", "权重"],
        *_rows(5, "{{ 一.名称 }}", "{{ 一.目标值 }}", "{{ 一.权重 }}"),
        _line("满分", 5),
    ],
    "score": [
        *(_line(n, 8) for n in ("年", "果园", "项目", "负责人", "经办", "目标", "预算", "执行", "执行率")),
        ["大类", "小类", "名称", "目标值", "完成值", "权重", "得分", "原因"],
        *_rows(8, *(f"{{{{ 一.{n} }}}}" for n in ("名称", "目标值", "完成值", "权重", "得分", "原因"))),
        _line("总分", 8),
        _line("等次", 8),
    ],
    "own": [
        *(_line(name, 2) for name in ("年", "果园", "项目数", "总预算")),
        *[_loop("项目表", "个", 2), ["{{ 个.项目 }}", "{{ 个.预算 }}"], [("{%tr endfor %}", 2)]],
    ],
}

_PAGE = """\
<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>{{ report.heading|plain }}</title>
<style>{% include 'page.css' %}</style></head>
<body><main>
<h1>{{ report.heading }}</h1>
<p>{{ 年 }} {{ 果园 }}</p>
BODY
<p><a href="{{ report.home }}index.html">返回目录</a></p>
</main></body>
</html>
"""
_GROUPS = (
    "{% for 大 in 行.大类 %}<h2>{{ 大.大类名 }}</h2>{% for 小 in 大.小类 %}<h3>{{ 小.小类名 }}</h3>"
    "{% for 一 in 小.行 %}<p>CELLS</p>{% endfor %}{% endfor %}{% endfor %}"
)
_BODIES = {
    "target": "<p>{{ 项目 }} {{ 负责人 }} {{ 预算 }} {{ 目标 }}</p>"
    + _GROUPS.replace("CELLS", "{{ 一.名称 }} {{ 一.目标值 }} {{ 一.权重 }}")
    + "<p>{{ 满分 }}</p>",
    "score": "<p>{{ 项目 }} {{ 负责人 }} {{ 目标 }} {{ 预算 }} {{ 执行 }} {{ 执行率 }}</p>"
    + _GROUPS.replace(
        "CELLS", "{{ 一.名称 }} {{ 一.目标值 }} {{ 一.完成值 }} {{ 一.权重 }} {{ 一.得分 }} {{ 一.原因 }}"
    )
    + "<p>{{ 总分 }} {{ 等次 }}</p>",
    "own": "<p>{{ 项目数 }} {{ 总预算 }}</p>{% for 个 in 项目表 %}<p>{{ 个.项目 }} {{ 个.预算 }}</p>{% endfor %}",
}
PAGES = {name: _PAGE.replace("BODY", body) for name, body in _BODIES.items()}

TARGET_DATA = """\
form: target
年: 2025
果园: 东园
项目: {project}
负责人: 王园长
经办: 甲某
预算: {budget}
目标: 把{project}做好
行:
  产出:
    数量:
      - {{名称: 种树, 目标值: ≥100棵, 权重: 30}}
      - {{名称: 采收, 目标值: 20～30吨, 权重: 10}}
    质量:
      - {{名称: 好果合格率, 目标值: ≥90%, 权重: 20}}
      - {{名称: 果品评级, 目标值: 优, 权重: 10}}
    时效:
      - {{名称: 完工时间, 目标值: 2025年9月底前, 权重: 10}}
  自己的大类:
    自己的小类:
      - {{名称: 每亩费用, 目标值: ≤500元, 权重: 20}}
"""
OWN_DATA = "form: own\n年: 2025\n果园: 东园\n项目数: {count}\n"
OUTCOMES = {
    "种树": "90棵", "采收": "25吨", "好果合格率": "92%", "果品评级": "良",
    "完工时间": "2025年9月20日", "每亩费用": "550元",
}  # fmt: skip
"""What came of the measures of a target: 27, 10, 20, 8, 10 and 18 points."""
TARGETS = ("嫁接", "灌溉")


def target(root: Path, project: str, budget: str = "120") -> Path:
    """Writes a target."""
    return write(root, f"data/2025/目标/东园/{project}.yaml", TARGET_DATA.format(project=project, budget=budget))


def own(root: Path, count: int = 2) -> Path:
    """Writes the orchard's own form."""
    return write(root, "data/2025/东园.yaml", OWN_DATA.format(count=count))


def fill(path: Path, spent: str = "96.5", **outcomes: str) -> Path:
    """Fills in a review that `next` has started: what was spent, and what came of the measures."""
    text = path.read_text("utf-8").replace("执行:\n", f"执行: {spent}\n").replace("经办:\n", "经办: 乙某\n")
    lines = []
    for line in text.splitlines():
        found = next((value for name, value in {**OUTCOMES, **outcomes}.items() if f"名称: {name}," in line), None)
        lines.append(line.replace("完成值: }", f"完成值: {found}, 原因: 天气不好}}") if found else line)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def forms(root: Path, *, pages: bool = False) -> Path:
    """Writes the three forms to `root`, without data; with `pages` also what makes their public pages."""
    for name, schema in SCHEMAS.items():
        write(root, f"schema/{name}.schema.json", json.dumps(schema, ensure_ascii=False, indent=1))
        write(root, f"templates/{name}/form.docx", "").write_bytes(docx_of(ROWS[name]))
        if pages:
            write(root, f"templates/{name}/page.html", PAGES[name])
    for name, text in RULES.items():
        write(root, f"schema/{name}.rules.yaml", text)
    if pages:
        shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    write(root, "data/site.yaml", SITE)
    return root


def targets(root: Path, *, pages: bool = False) -> Path:
    """The same with two targets and the orchard's own form: what is there before the review."""
    forms(root, pages=pages)
    for project, budget in zip(TARGETS, ("120", "80"), strict=True):
        target(root, project, budget)
    own(root)
    return root
