"""A made-up project with forms of all kinds, and what may be wrong or unusual in it, by name."""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.helpers import by_project, cycle, scored_cycle, tiny
from tests.helpers.words import docx_of

FRUIT = json.loads(tiny.SCHEMA_TEXT)
FRUIT["properties"]["原名"] = {"type": ["string", "array"], "items": {"type": "string"}, "x-role": "former-name"}
FRUIT_RULES = """\
包括: [words.rules.yaml]
计算:
  合计: 水果 | 求和('斤数')
审核:
  R01:
    名称: 不比上年少
    级别: 警告
    公式: 合计 >= 上年表.合计
    说法: 现在 {{ 合计 }}，上年 {{ 上年表.合计 }}。
    改法: 改。
    依据: 规定
  R02:
    名称: 不比前年少
    级别: 警告
    公式: 合计 >= 前年表.合计
    说法: 现在 {{ 合计 }}，前年 {{ 前年表.合计 }}。
    改法: 改。
    依据: 规定
汇审:
  Y01: {名称: 单位都在, 级别: 警告, 比较: 缺少, 依据: 规定}
"""


def fruit(root: Path, name: str, year: int, weight: float = 3, more: str = "", *, path: str = "") -> Path:
    """Writes a file of the form that knows former names."""
    text = f"form: fruit\n年: {year}\n果园: {name}\n水果:\n  - {{名称: 梨, 斤数: {weight}}}\n{more}"
    return cycle.write(root, f"data/{year}/果/{path or name}.yaml", text)


def world(root: Path) -> Path:
    """Forms that refer to each other, a form that looks back two years, one that says where its files lie."""
    cycle.filled(root, pages=True)
    cycle.orchard(root, "西园")
    cycle.orchard(root, year=2024)
    cycle.plan(root, "嫁接", orchard="西园")
    cycle.plan(root, "嫁接", year=2024)
    cycle.write(root, "schema/fruit.schema.json", json.dumps(FRUIT, ensure_ascii=False))
    cycle.write(root, "schema/fruit.rules.yaml", FRUIT_RULES)
    cycle.write(root, "schema/words.rules.yaml", scored_cycle.COMMON)
    cycle.write(root, "templates/fruit/form.docx", "").write_bytes(tiny.TEMPLATE)
    cycle.write(root, "templates/fruit/page.html", tiny.PAGE)
    for name in ("东园", "西园"):
        for year in (2023, 2024, 2025):
            fruit(root, name, year, year - 2000)
    cycle.write(root, "schema/project.schema.json", json.dumps(by_project.SCHEMA, ensure_ascii=False))
    cycle.write(root, "templates/project/form.docx", "").write_bytes(by_project.TEMPLATE)
    cycle.write(root, "templates/project/page.html", by_project.PAGE)
    for year in (2024, 2025):
        by_project.write(root, "东园", "买树", year)
    return root


def text_of(root: Path, source: str) -> str:
    return (root / source).read_text("utf-8")


PLAN, REVIEW, OWN = "data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml", "data/2025/东园.yaml"
FRUITS = "data/2025/果/东园.yaml"


def units(root: Path, text: str) -> None:
    cycle.write(root, "data/units.yaml", f"单位:\n{text}")


def settings(root: Path, *pairs: tuple[str, str], more: str = "") -> None:
    cycle.change(root, "data/site.yaml", *pairs)
    cycle.write(root, "data/site.yaml", text_of(root, "data/site.yaml") + more)


def schema(root: Path, name: str, change: Callable[[dict], object]) -> None:
    path = root / f"schema/{name}.schema.json"
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


OWES = "  东园: {应报: [orchard, fruit, review]}\n  新园: {曾用名: [西园], 应报: [fruit]}\n"
STRANGE = "form: {}\n年: 2025\n果园: 东园\n"


def renamed(root: Path, *, stays: bool = False, name: str = "新园", more: str = "") -> None:
    """The western orchard's files of 2025 get another name; with `stays`, others still hand in under the old one."""
    for source in ("data/2025/西园.yaml", "data/2025/果/西园.yaml", "data/2025/目标/西园/嫁接.yaml"):
        text = text_of(root, source)
        if not stays:
            (root / source).unlink()
        about = more if "/果/" in source else more.replace("原名", "曾用名") if source.count("/") == 2 else ""
        cycle.write(root, source.replace("西园", name), text.replace("西园", name) + about)


PERTURBED: dict[str, Callable[[Path], object]] = {
    "nothing": lambda root: None,
    # references
    "a reference finds nothing, and another name is near": lambda root: cycle.change(
        root, REVIEW, ("项目: 嫁接", "项目: 稼接")
    ),
    "a reference finds nothing, and nothing is near": lambda root: cycle.change(
        root, REVIEW, ("项目: 嫁接", "项目: 完全不同的一个")
    ),
    "a reference finds nothing, of a unit that has none": lambda root: cycle.change(
        root, REVIEW, ("果园: 东园", "果园: 南园")
    ),
    "there is no file of the form in the year": lambda root: shutil.rmtree(root / "data/2025/目标"),
    "nor in the year before": lambda root: shutil.rmtree(root / "data/2024/目标"),
    "a reference finds several": lambda root: cycle.write(root, "data/2025/目标/东园/又一份.yaml", text_of(root, PLAN)),
    "what is referred to is no YAML": lambda root: cycle.write(root, PLAN, text_of(root, PLAN) + "\n  : [\n"),
    "what is referred to has no first line": lambda root: cycle.write(root, PLAN, "---\n: plan 东园 嫁接 [\n"),
    "what is referred to is no UTF-8": lambda root: (root / PLAN).write_bytes(text_of(root, PLAN).encode("gb18030")),
    "what is referred to is empty": lambda root: cycle.write(root, PLAN, ""),
    "what is referred to has an error": lambda root: cycle.change(root, PLAN, ("预算: 120", "预算: 很多")),
    "what is referred to has a rule's error": lambda root: cycle.change(root, PLAN, ("预算: 120", "预算: 99999")),
    "a key is not filled in": lambda root: cycle.change(root, REVIEW, ("项目: 嫁接", "项目:")),
    "a key there is not filled in": lambda root: cycle.change(root, PLAN, ("项目: 嫁接", "项目:")),
    "the unit there is not filled in": lambda root: cycle.change(root, PLAN, ("果园: 东园", "果园:")),
    "the referrer is no YAML": lambda root: cycle.write(root, REVIEW, text_of(root, REVIEW) + "\n  : [\n"),
    "the referrer to many is no YAML": lambda root: cycle.write(root, OWN, text_of(root, OWN) + "\n  : [\n"),
    "the referrer has no year": lambda root: cycle.change(root, REVIEW, ("年: 2025", "年:")),
    "another year is typed": lambda root: cycle.change(root, REVIEW, ("年: 2025", "年: 2024")),
    "what is referred to is called otherwise in the list": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [西园]}\n"),
        cycle.review(root, orchard="新园"),
        cycle.plan(root, orchard="西园", year=2024),
    ),
    "and somebody hands in under the old name": lambda root: (
        renamed(root, stays=True),
        units(root, "  新园: {曾用名: [西园]}\n"),
        cycle.review(root, orchard="新园"),
        cycle.plan(root, orchard="西园", year=2024),
    ),
    "circles": lambda root: cycle.write(
        root,
        "schema/plan.rules.yaml",
        cycle.PLAN_RULES + "计算:\n  底价: {公式: 预算 - 总表.总预算, 留着: 是}\n".replace(", 留着: 是", ""),
    ),
    # earlier years
    "no last year": lambda root: shutil.rmtree(root / "data/2024"),
    "no year before": lambda root: shutil.rmtree(root / "data/2023"),
    "last year is broken": lambda root: cycle.write(root, "data/2024/果/东园.yaml", "form: fruit\n: [\n"),
    "last year has no form": lambda root: cycle.write(root, "data/2024/果/东园.yaml", "甲: 乙\n"),
    "last year has an unknown form": lambda root: cycle.write(root, "data/2024/果/东园.yaml", STRANGE.format("friut")),
    "last year has another form": lambda root: cycle.write(
        root, "data/2024/果/东园.yaml", by_project.text_of("东园", "买树", 2024)
    ),
    "last year has another form that is broken": lambda root: (
        cycle.write(root, "data/2024/果/东园.yaml", by_project.text_of("东园", "买树", 2024)),
        cycle.write(root, "schema/project.schema.json", "{"),
    ),
    "the year before has another form": lambda root: cycle.write(
        root, "data/2023/果/东园.yaml", by_project.text_of("东园", "买树", 2023)
    ),
    "last year has a form that refers": lambda root: cycle.write(
        root, "data/2024/果/东园.yaml", text_of(root, REVIEW).replace("2025", "2024")
    ),
    "last year has errors": lambda root: cycle.change(root, "data/2024/果/东园.yaml", ("斤数: 24", "斤数: 多")),
    "last year is no UTF-8": lambda root: (root / "data/2024/果/东园.yaml").write_bytes(
        "form: fruit\n果园: 东园".encode("gb18030")
    ),
    "last year's first line is typed wrong": lambda root: cycle.change(
        root, "data/2024/果/东园.yaml", ("form: fruit", "form : fruit ")
    ),
    # names
    "renamed by the list": lambda root: (renamed(root), units(root, "  新园: {曾用名: [西园]}\n")),
    "renamed by the list, with a year": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [{名称: 西园, 到: 2024}]}\n"),
    ),
    "renamed twice": lambda root: (
        renamed(root),
        (root / "data/2024/果/西园.yaml").unlink(),
        fruit(root, "中园", 2024, 24, "原名: 西园\n"),
        units(root, "  新园: {曾用名: [{名称: 中园, 到: 2024}]}\n"),
    ),
    "renamed by the data": lambda root: renamed(root, more="原名: 西园\n"),
    "renamed by the data, and the old name is in use": lambda root: renamed(root, stays=True, more="原名: 西园\n"),
    "the same, which cannot be read": lambda root: (
        renamed(root, stays=True, more="原名: 西园\n"),
        cycle.write(root, "data/2025/果/西园.yaml", ": ["),
    ),
    "renamed by the list, and the old name is in use": lambda root: (
        renamed(root, stays=True),
        units(root, "  新园: {曾用名: [西园]}\n"),
    ),
    "merged": lambda root: (renamed(root), units(root, "  新园: {曾用名: [西园, 东园]}\n")),
    "merged, and nobody has the name": lambda root: (
        renamed(root),
        [(root / f"data/2025/{one}东园.yaml").unlink() for one in ("", "果/")],
        units(root, "  新园: {曾用名: [西园, 东园]}\n"),
    ),
    "merged by the data": lambda root: (
        renamed(root, more="原名: [西园, 东园]\n".replace("[西园, 东园]", "西园")),
        (root / "data/2025/果/东园.yaml").unlink(),
        cycle.change(root, "data/2025/果/新园.yaml", ("原名: 西园", "原名: [西园, 东园]")),
    ),
    "a name of the year before the year before": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [{名称: 西园, 到: 2024}, {名称: 老园, 到: 2023}]}\n"),
        (root / "data/2023/果/西园.yaml").unlink(),
        fruit(root, "老园", 2023, 30),
    ),
    "the data of last year say the name before": lambda root: (
        renamed(root, more="原名: 西园\n"),
        (root / "data/2023/果/西园.yaml").unlink(),
        fruit(root, "老园", 2023, 30),
        fruit(root, "西园", 2024, 24, "原名: 老园\n"),
    ),
    "the same, and the name before is in use last year": lambda root: (
        renamed(root, more="原名: 西园\n"),
        (root / "data/2023/果/西园.yaml").unlink(),
        fruit(root, "老园", 2023, 30),
        fruit(root, "老园", 2024, 30),
        fruit(root, "西园", 2024, 24, "原名: 老园\n"),
    ),
    "a name that is another's now": lambda root: units(
        root, "  东园: {曾用名: [{名称: 西园, 到: 2024}]}\n  西园: {曾用名: [{名称: 东园, 到: 2024}]}\n"
    ),
    "units that owe other forms": lambda root: (renamed(root), units(root, OWES)),
    "units that owe a form that is not there": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [西园], 应报: [gone]}\n"),
    ),
    "the list of units is broken": lambda root: (renamed(root), units(root, "  新园: {曾用名: [西园], 甲: 乙}\n")),
    "the list of units is no YAML": lambda root: (renamed(root), units(root, "  新园: [\n")),
    "reviewers": lambda root: cycle.write(
        root,
        "data/units.yaml",
        "审核人:\n  王某: {邮箱: wang@example.com}\n单位:\n  东园: {审核人: [王某], 应报: [plan]}\n",
    ),
    # what is no data file of a form
    "a form that is not known": lambda root: cycle.write(root, FRUITS, STRANGE.format("friut")),
    "no form is named": lambda root: cycle.write(root, FRUITS, "年: 2025\n"),
    "a list": lambda root: cycle.write(root, FRUITS, "- 甲\n- 乙\n"),
    "empty": lambda root: cycle.write(root, FRUITS, ""),
    "no YAML": lambda root: cycle.write(root, FRUITS, "form: fruit\n果园: [\n"),
    "no UTF-8": lambda root: (root / FRUITS).write_bytes("form: fruit\n果园: 东园".encode("gb18030")),
    "a mistake of UTF-16": lambda root: (root / FRUITS).write_bytes("form: fruit\n果园: 东园".encode("utf-16")),
    "the form stands further down": lambda root: cycle.write(root, FRUITS, "年: 2025\nform: fruit\n果园: 东园\n"),
    "a conflict of git": lambda root: cycle.write(
        root, FRUITS, "<<<<<<< 甲\n" + text_of(root, FRUITS) + "=======\n>>>>>>> 乙\n"
    ),
    "a file that nobody may read": lambda root: (root / FRUITS).unlink() or (root / FRUITS).mkdir(),
    "a link to a file outside": lambda root: (root / FRUITS).unlink() or (root / FRUITS).symlink_to("/etc/passwd"),
    "last year is a link to a file outside": lambda root: (
        (root / "data/2024/果/东园.yaml").unlink(),
        (root / "data/2024/果/东园.yaml").symlink_to("/etc/passwd"),
    ),
    "what is referred to is a link to a file outside": lambda root: (
        (root / PLAN).unlink(),
        (root / PLAN).symlink_to("/etc/passwd"),
    ),
    "a file that is too big": lambda root: (root / FRUITS).write_bytes(b"# " + b"x" * 2_000_001),
    "last year is too big": lambda root: (root / "data/2024/果/东园.yaml").write_bytes(
        b"form: fruit\n# " + b"x" * 2_000_001
    ),
    "renamed, and no YAML": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [西园]}\n"),
        [
            cycle.write(root, f"data/2025/{one}.yaml", text_of(root, f"data/2025/{one}.yaml") + "\n : [\n")
            for one in ("新园", "果/新园", "目标/新园/嫁接")
        ],
    ),
    "renamed, and of no form": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [西园]}\n"),
        [cycle.write(root, f"data/2025/{one}.yaml", "甲: 乙\n") for one in ("新园", "果/新园", "目标/新园/嫁接")],
    ),
    # where files lie
    "a file lies elsewhere": lambda root: by_project.write(root, "东园", "修路", path="项目/东园/修 路"),
    "a file lies elsewhere, and there is one": lambda root: by_project.write(
        root, "东园", "买树", path="项目/东园/又买树"
    ),
    "a year that is none": lambda root: cycle.write(root, "data/去年/果/东园.yaml", text_of(root, FRUITS)),
    "other characters": lambda root: fruit(root, "Café", 2025, path=unicodedata.normalize("NFD", "Café")),
    "twins": lambda root: [
        fruit(root, "Café", year, path=path)
        for year in (2024, 2025)
        for path in (("Café", "café") if year == 2024 else ("Café",))
    ],
    "twins that are referred to": lambda root: (
        cycle.write(root, "data/2025/目标/东园/A.yaml", text_of(root, PLAN))
        and cycle.write(root, "data/2025/目标/东园/a.yaml", text_of(root, PLAN))
    ),
    "a twin that a form refers to": lambda root: (
        cycle.write(
            root,
            "schema/fruit.rules.yaml",
            "引用: {去年的: {表: fruit, 往前: 1, 对上: [果园]}}\n" + FRUIT_RULES.replace("上年表.合计", "去年的.合计"),
        ),
        fruit(root, "Ab", 2025),
        fruit(root, "Ab", 2024),
        fruit(root, "Ab", 2024, path="AB"),
    ),
    "odd names": lambda root: fruit(root, "东 园（#1）&%41", 2025),
    # forms
    "a broken schema": lambda root: cycle.write(root, "schema/fruit.schema.json", "{"),
    "a schema that is none": lambda root: schema(root, "fruit", lambda it: it.update(type=7)),
    "a schema that leads nowhere": lambda root: schema(
        root, "fruit", lambda it: it["properties"].update(备注={"$ref": "gone.json"})
    ),
    "a schema that uses another": lambda root: (
        cycle.write(
            root, "schema/parts.schema.json", json.dumps({"$defs": {"话": {"type": "string", "maxLength": 3}}})
        ),
        schema(root, "fruit", lambda it: it["properties"].update(备注={"$ref": "parts.schema.json#/$defs/话"})),
    ),
    "a schema that uses another by its address": lambda root: (
        cycle.write(
            root, "schema/z.json", json.dumps({"$id": "https://example.com/z", "type": "string", "maxLength": 3})
        ),
        schema(root, "fruit", lambda it: it["properties"].update(备注={"$ref": "https://example.com/z"})),
    ),
    "a schema that uses a form": lambda root: schema(
        root, "fruit", lambda it: it["properties"].update(备注={"$ref": "plan.schema.json#/properties/果园"})
    ),
    "a broken rules file": lambda root: cycle.write(root, "schema/fruit.rules.yaml", "计算: [\n"),
    "a rule that is wrong": lambda root: cycle.change(
        root, "schema/fruit.rules.yaml", ("合计 >= 上年表", "合汁 >= 上年表")
    ),
    "an included file that is not there": lambda root: (root / "schema/words.rules.yaml").unlink(),
    "an included file that is broken": lambda root: cycle.write(root, "schema/words.rules.yaml", "审核: [\n"),
    "an included file that includes": lambda root: (
        cycle.write(root, "schema/words.rules.yaml", "包括: [more.rules.yaml]\n" + scored_cycle.COMMON),
        cycle.write(root, "schema/more.rules.yaml", "参数: {甲: 1}\n"),
    ),
    "a form that refers to none": lambda root: cycle.change(
        root, "schema/plan.rules.yaml", ("表: orchard", "表: orchid")
    ),
    "a form that refers to a broken one": lambda root: cycle.write(root, "schema/orchard.schema.json", "{"),
    "a form that is broken beside": lambda root: cycle.write(root, "schema/project.schema.json", "{"),
    "a circle of includes": lambda root: cycle.write(root, "schema/words.rules.yaml", "包括: [fruit.rules.yaml]\n"),
    "a schema that uses a part of one that cannot be alone": lambda root: (
        schema(root, "plan", lambda it: it["properties"].update(乙={"$ref": "words.schema.json"})),
        schema(root, "fruit", lambda it: it["properties"].update(备注={"$ref": "plan.schema.json#/properties/经办"})),
        cycle.write(root, "schema/words.schema.json", json.dumps({"$defs": {}, "type": "string"})),
    ),
    "no rules": lambda root: (root / "schema/fruit.rules.yaml").unlink(),
    "a rule that divides by zero": lambda root: cycle.change(
        root, "schema/fruit.rules.yaml", ("合计 >= 上年表.合计", "合计 / 0 >= 上年表.合计")
    ),
    "a schema that is a link outside": lambda root: (root / "schema/linked.schema.json").symlink_to("/etc/passwd"),
    "copies of the settings' schemas": lambda root: [
        shutil.copy(REPOSITORY / f"schema/{name}.schema.json", root / "schema") for name in ("units", "site")
    ],
    "a copy of the units' schema that is a link outside": lambda root: (
        renamed(root),
        units(root, "  新园: {曾用名: [西园]}\n"),
        (root / "schema/units.schema.json").symlink_to("/etc/passwd"),
    ),
    "a copy of the site's schema that is a link outside": lambda root: (root / "schema/site.schema.json").symlink_to(
        "/etc/passwd"
    ),
    # templates
    "no page": lambda root: (root / "templates/plan/page.html").unlink(),
    "no page of the orchard": lambda root: (root / "templates/orchard/page.html").unlink(),
    "no shared templates": lambda root: shutil.rmtree(root / "templates/shared"),
    "no Word template": lambda root: (root / "templates/plan/form.docx").unlink(),
    "a Word template that is none": lambda root: cycle.write(root, "templates/plan/form.docx", "PK"),
    "a Word template that prints what is not there": lambda root: (root / "templates/fruit/form.docx").write_bytes(
        docx_of([["果园", "{{ 果圆 }}"]])
    ),
    "a page that includes another": lambda root: (
        cycle.write(root, "templates/fruit/more.html", "<p>{{ 果园 }}</p>"),
        cycle.change(root, "templates/fruit/page.html", ("</body>", "{% include 'more.html' %}</body>")),
    ),
    "a page that includes one in a folder": lambda root: (
        cycle.write(root, "templates/fruit/parts/more.html", "<p>{{ 果园 }}</p>"),
        cycle.change(root, "templates/fruit/page.html", ("</body>", "{% include 'parts/more.html' %}</body>")),
    ),
    "a page that includes what is no page": lambda root: (
        cycle.write(root, "templates/fruit/more.txt", "甲"),
        cycle.change(root, "templates/fruit/page.html", ("</body>", "{% include 'more.txt' %}</body>")),
    ),
    "a page that includes a script": lambda root: (
        cycle.write(root, "templates/fruit/more.svg", "<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
        cycle.change(root, "templates/fruit/page.html", ("</body>", "{% include 'more.svg' %}</body>")),
    ),
    "a page that includes nothing": lambda root: cycle.change(
        root, "templates/fruit/page.html", ("</body>", "{% include 'gone.html' %}</body>")
    ),
    "a page that is wrong": lambda root: cycle.change(
        root, "templates/fruit/page.html", ("</body>", "{{ 甲.乙 }}</body>")
    ),
    "a page that is no UTF-8": lambda root: (root / "templates/fruit/page.html").write_bytes(
        tiny.PAGE.encode("gb18030")
    ),
    "own shared assets": lambda root: cycle.write(root, "templates/shared/assets/mine.css", "p { color: red }\n"),
    "an asset of a name that cannot be": lambda root: cycle.write(
        root, "templates/shared/assets/Mine.css", "p { color: red }\n"
    ),
    "an asset in a folder": lambda root: cycle.write(
        root, "templates/shared/assets/sub/mine.css", "p { color: red }\n"
    ),
    "an asset that is hidden": lambda root: cycle.write(
        root, "templates/shared/assets/.mine.css", "p { color: red }\n"
    ),
    "an asset that is a link outside": lambda root: (root / "templates/shared/assets/mine.css").symlink_to(
        "/etc/passwd"
    ),
    "a template that is a link outside": lambda root: (
        (root / "templates/fruit/page.html").unlink(),
        (root / "templates/fruit/page.html").symlink_to("/etc/passwd"),
    ),
    "an unused template that is a link outside": lambda root: (root / "templates/fruit/more.html").symlink_to(
        "/etc/passwd"
    ),
    # settings
    "no settings": lambda root: (root / "data/site.yaml").unlink(),
    "broken settings": lambda root: settings(root, more="甲: 乙\n"),
    "settings that are no YAML": lambda root: settings(root, more="甲: [\n"),
    "dates by form": lambda root: settings(
        root,
        ("公开日期: 2025-02-10}", "公开日期: 2025-02-10, 表: {plan: {批复日期: 2025-03-01, 公开日期: 2027-01-01}}}"),
    ),
    "dates by unit": lambda root: settings(
        root, ("公开日期: 2025-02-10}", "公开日期: 2025-02-10, 单位: {东园: {公开日期: 2027-01-01}}}")
    ),
    "dates by folder": lambda root: settings(
        root, ("公开日期: 2025-02-10}", "公开日期: 2025-02-10, 单位: {目标: {公开日期: 2027-01-01}}}")
    ),
    "dates by file": lambda root: settings(
        root, ("公开日期: 2025-02-10}", "公开日期: 2025-02-10, 单位: {目标/东园/嫁接: {公开日期: 2027-01-01}}}")
    ),
    "last year is not published": lambda root: settings(root, ("公开日期: 2024-02-10}", "公开日期: 2027-02-10}")),
    "a review before publication": lambda root: (
        settings(root, more="公开审查: {自: 2025}\n"),
        review_first(root, PLAN),
    ),
    "a review before publication, of last year": lambda root: (
        settings(root, more="公开审查: {自: 2024}\n"),
        review_first(root, OWN, form="orchard"),
    ),
    "columns": lambda root: settings(root, more="栏目: {首页: 'https://example.com/', 表: {plan: {名称: 甲}}}\n"),
}


def review_first(root: Path, source: str, form: str = "plan") -> None:
    """One form has a place for the review, and one file has been looked at."""
    field = {
        "type": "object",
        "title": "审查",
        "x-role": "disclosure",
        "x-printed": False,
        "additionalProperties": False,
        "properties": {"人": {"type": "string"}, "日": {"type": "string"}, "果": {"enum": ["可以公开", "不公开"]}},
    }
    schema(root, form, lambda it: it["properties"].update(审查=field))
    cycle.write(root, source, text_of(root, source) + "审查: {人: 王某, 日: 2025-01-01, 果: 可以公开}\n")
