"""What changed in rules, schema, templates and settings, in words: nobody weakens a rule unseen."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from perfgen.project.snapshot import Project
from perfgen.project.trees import Contents
from perfgen.review.settings.change import SettingClass
from perfgen.review.settings.review import _all_changes
from perfgen.review.settings.sides import Changed, Side
from tests.helpers import tiny
from tests.helpers.words import docx_of

SCHEMA, RULES = "schema/fruit.schema.json", "schema/fruit.rules.yaml"
WORD, PAGE, STYLE = "templates/fruit/form.docx", "templates/fruit/page.html", "templates/fruit/page.css"
SITE, PIN = "data/site.yaml", "requirements/perfgen.txt"
PUBLIC, LOOSER, CHANGED = SettingClass.PUBLIC, SettingClass.LOOSER, SettingClass.CHANGED
STRICTER, WORDS, SAME = SettingClass.STRICTER, SettingClass.WORDS, SettingClass.SAME
PROGRAM, UNREAD = SettingClass.PROGRAM, SettingClass.UNREAD

RULES_TEXT = """\
计算:
  合计: 水果 | 求和('斤数')
参数:
  最少斤数: 3
  好水果: [苹果, 梨, 桃]
方向:
  损耗率: ≤
等级:
  - [好, 中, 差]
审核:
  A01:
    名称: 斤数够
    级别: 错误
    对象: 水果
    其中: {多的: 斤数 + 1}
    公式: 斤数 >= 最少斤数 and 多的 > 1
    说法: "{{ 名称 }} 只有 {{ 斤数 }}"
    改法: 改。
    依据: 惯例
  A02:
    名称: 认得的水果
    级别: 警告
    对象: 水果
    公式: 名称 in 好水果
    说法: 不认得 {{ 名称 }}
    改法: 改。
    依据: 惯例
  A03:
    名称: 合计核对
    级别: 错误
    核对: [合计]
    依据: 惯例
"""
FILES: dict[str, bytes] = {
    SCHEMA: tiny.SCHEMA_TEXT.encode(),
    RULES: RULES_TEXT.encode(),
    WORD: tiny.TEMPLATE,
    PAGE: "<html>\n<p>{{ 果园 }}</p>\n</html>\n".encode(),
    STYLE: b".row { color: black }\n",
    SITE: tiny.SITE.encode(),
    PIN: b"perfgen==1.0 \\\n    --hash=sha256:aa\n",
}


def said(new: dict[str, bytes | None], old: dict[str, bytes | None] | None = None) -> list[tuple[SettingClass, str]]:
    """What is said of files that differ from `FILES`; None takes a file away."""
    before, after = ({**FILES, **(changed or {})} for changed in (old, new))
    sides = (Side("原来的", _project(before)), Side("现在的", _project(after)))
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    changed = [Changed(path, before.get(path) is not None, after.get(path) is not None) for path in sorted(paths)]
    found = sorted(_all_changes(sides, changed), key=lambda change: change.weight)
    assert all(change.file in paths or change.kind is UNREAD for change in found)
    return [(change.kind, f"{change.label}：{change.sentence}") for change in found]


def _project(files: dict[str, bytes | None]) -> Project:
    return Project(
        Contents({path: content for path, content in files.items() if content is not None}), Path("/nowhere")
    )


def rules(*edits: tuple[str, str]) -> dict[str, bytes | None]:
    text = RULES_TEXT
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return {RULES: text.encode()}


def schema(change: Any) -> dict[str, bytes | None]:
    content = json.loads(tiny.SCHEMA_TEXT)
    change(content["properties"], content)
    return {SCHEMA: json.dumps(content, ensure_ascii=False).encode()}


def one(found: list[tuple[SettingClass, str]]) -> tuple[SettingClass, str]:
    assert len(found) == 1, found
    return found[0]


def test_the_same_files_say_nothing():
    assert said({}) == []


# rules


def test_a_parameter():
    kind, told = one(said(rules(("最少斤数: 3", "最少斤数: 2"))))
    assert (kind, told) == (CHANGED, "参数 最少斤数：由 3 改为 2；用它的规则：A01")


def test_a_word_list_that_was_shortened():
    kind, told = one(said(rules(("[苹果, 梨, 桃]", "[苹果, 梨, 桃, 石头]"))))
    assert (kind, told) == (CHANGED, "参数 好水果：加了 石头；用它的规则：A02")


def test_a_parameter_that_was_renamed_is_one_line_beside_its_rules():
    found = said(rules(("最少斤数", "最低斤数")))
    assert found == [
        (SAME, "参数 最少斤数：改名为“最低斤数”，值没有变：3"),
        (SAME, "规则 A01 斤数够：公式改写了，参数按值算，意思一样"),
    ]


def test_a_parameter_that_was_renamed_and_lowered_at_once():
    found = said(rules(("最少斤数: 3", "最少斤数: 2"), ("最少斤数", "最低斤数")))
    assert [kind for kind, _ in found] == [CHANGED, CHANGED, CHANGED]
    assert any("A01" in told and "最低斤数" in told for _, told in found)


def test_a_rule_that_was_deleted():
    text = RULES_TEXT[: RULES_TEXT.index("  A02:")] + RULES_TEXT[RULES_TEXT.index("  A03:") :]
    assert one(said({RULES: text.encode()})) == (LOOSER, "规则 A02 认得的水果：删掉了这条规则，原来是警告")


def test_a_level():
    assert one(said(rules(("名称: 斤数够\n    级别: 错误", "名称: 斤数够\n    级别: 警告")))) == (
        LOOSER,
        "规则 A01 斤数够：级别由错误降为警告",
    )


SAME_MEANING = {
    "sides": ("斤数 >= 最少斤数 and 多的 > 1", "最少斤数 <= 斤数 and not (多的 <= 1)"),
    "a constant for the parameter": ("斤数 >= 最少斤数 and 多的 > 1", "斤数 >= 3.0 and 多的 > 1"),
    "the definition written out": ("斤数 >= 最少斤数 and 多的 > 1", "斤数 >= 最少斤数 and (斤数 + 1) > 1"),
    "the definition renamed": ("多的", "更多的"),
    "brackets and blanks": ("斤数 >= 最少斤数 and 多的 > 1", "((斤数) >=  最少斤数)  and  (1 + 斤数 > 1)"),
}


@pytest.mark.parametrize("name", SAME_MEANING)
def test_a_rewriting_with_the_same_meaning_is_one_line(name):
    kind, told = one(said(rules(SAME_MEANING[name])))
    assert kind is SAME and "意思一样" in told


OTHER_MEANING = {
    "weaker sign": ("名称 in 好水果", "名称 in 好水果 or 斤数 > 0", LOOSER, "要求的更少"),
    "a demand gone": ("斤数 >= 最少斤数 and 多的 > 1", "斤数 >= 最少斤数", LOOSER, "要求的更少"),
    "a demand more": ("名称 in 好水果", "名称 in 好水果 and 斤数 > 0", STRICTER, "要求的更多"),
    "a condition": ("    公式: 名称 in", "    当: 斤数 > 100\n    公式: 名称 in", LOOSER, "加了条件“当”“斤数 > 100”"),
    "always true": ("名称 in 好水果", "名称 == 名称", CHANGED, "“公式”由“名称 in 好水果”改为“名称 == 名称”"),
    "a definition that cannot be computed": (
        "    公式: 名称 in", "    其中: {坏: 斤数 / (斤数 - 斤数)}\n    公式: 名称 in", CHANGED, "算不出来的时候不判断",
    ),
    "a changed definition": ("多的: 斤数 + 1", "多的: 斤数 + 100", CHANGED, "由“斤数 + 1”改为“斤数 + 100”"),
    "no longer by the program": ("核对: [合计]", "由: 人工", LOOSER, "程序不再检查"),
    "covered by another": ("    其中", "    盖过: [A02]\n    其中", LOOSER, "“盖过”加了 A02"),
    "order that matters": (
        "斤数 >= 最少斤数 and 多的 > 1", "多的 > 1 and 斤数 >= 最少斤数", CHANGED, "改为“多的 > 1 and",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_MEANING)
def test_another_meaning_is_never_called_the_same(name):
    old, new, wanted, words = OTHER_MEANING[name]
    kind, told = one(said(rules((old, new))))
    assert kind is wanted and words in told, told


def test_figures_directions_and_grades():
    assert one(said(rules(("水果 | 求和('斤数')", "水果 | 选取(名称='梨') | 求和('斤数')"))))[0] is CHANGED
    assert one(said(rules(("损耗率: ≤", "损耗率: ≥"))))[1].startswith("方向 损耗率：由“≤”改为“≥”")
    assert one(said(rules(("[好, 中, 差]", "[好, 差, 中]"))))[0] is CHANGED


def test_a_rules_file_that_does_not_load_any_more():
    kind, told = one(said(rules(("名称 in 好水果", "名称 in 坏水果"))))
    assert kind is UNREAD and told.startswith("fruit.rules.yaml：现在的读不出来，没有比较：") and "坏水果" in told


def test_an_old_rules_file_that_does_not_load():
    kind, told = one(said({}, rules(("名称 in 好水果", "名称 in"))))
    assert kind is UNREAD and "原来的读不出来" in told


def test_layout_is_one_line():
    kind, told = one(said({RULES: ("# 注释\n" + RULES_TEXT.replace("级别: 错误", "级别: '错误'")).encode()}))
    assert kind is SAME and told.startswith("fruit.rules.yaml：改写了，读出来和原来一样")


# schema


def test_a_private_field_that_becomes_public():
    found = said(schema(lambda p, _: p["备注"].update({"x-public": True})))
    assert one(found) == (PUBLIC, "公开 备注：由不公开改为公开：生成以后谁都看得到")


def test_a_change_of_the_schema_has_the_line_of_its_field():
    content = json.loads(tiny.SCHEMA_TEXT)
    content["$defs"] = {"文": content["properties"]["备注"]}
    content["properties"]["备注"] = {"$ref": "#/$defs/文"}
    texts = [json.dumps({**content, **more}, ensure_ascii=False, indent=1) for more in ({}, {"required": ["form"]})]
    content["properties"]["备注"]["x-public"] = True
    texts.append(json.dumps(content, ensure_ascii=False, indent=1))
    before, *after = ({**FILES, SCHEMA: text.encode()} for text in texts)
    for files, wanted in zip(after, ("{", '"备注": {'), strict=True):
        sides = (Side("原来的", _project(before)), Side("现在的", _project(files)))
        changes = list(_all_changes(sides, [Changed(SCHEMA, True, True)]))
        assert all(files[SCHEMA].decode().splitlines()[change.place.line - 1].strip() == wanted for change in changes)
        assert changes


def test_a_figure_that_becomes_public_with_what_it_reads():
    private = schema(lambda p, _: p["水果"]["items"]["properties"]["斤数"].pop("x-public"))
    found = said({}, private)
    assert {told for kind, told in found if kind is PUBLIC} == {
        "公开 水果.斤数、合计：由不公开改为公开：生成以后谁都看得到"
    }


SCHEMA_EDITS = {
    "required": (lambda p, s: s["required"].remove("果园"), LOOSER, "必填 整张表：去掉了 果园"),
    "a new word": (
        lambda p, s: p["备注"].update(enum=["甲", "乙"]), STRICTER, "可选的词 备注：加了 乙、甲",
    ),
    "a pattern": (lambda p, s: p["备注"].update(pattern="^a"), STRICTER, "写法 备注：新增，“^a”"),
    "other names": (lambda p, s: s.update(additionalProperties=True), LOOSER, "别的名称 整张表：可以写别的名称了"),
    "a title": (lambda p, s: p["备注"].update(title="附注"), WORDS, "标题 备注（附注）：由“备注”改为“附注”"),
    "not printed": (lambda p, s: p["备注"].update({"x-printed": False}), PUBLIC, "印不印 备注：由印在表上改为不印"),
    "a field gone": (lambda p, s: p.pop("items"), LOOSER, "去掉的一项 items（名目）：表里没有了，原来公开"),
    "a role": (
        lambda p, s: p["备注"].update({"x-role": "allow"}), CHANGED, "用处（x-role） 备注：新增，“allow”",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMA_EDITS)
def test_a_change_of_the_schema(name):
    edit, kind, told = SCHEMA_EDITS[name]
    assert (kind, told) in said(schema(edit))


LIMITED = schema(lambda p, _: p["备注"].update(enum=["甲", "乙"], pattern="^[甲乙]$", minLength=1))


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        ({"enum": ["甲", "乙", "丙"]}, LOOSER, "可选的词 备注：加了 丙"),
        ({"enum": ["甲"]}, STRICTER, "可选的词 备注：去掉了 乙"),
        ({"pattern": "."}, CHANGED, "写法 备注：由“^[甲乙]$”改为“.”"),
        ({"minLength": 0}, LOOSER, "最少字数 备注：由 1 改为 0"),
        ({"allOf": [{"maxLength": 3}]}, STRICTER, "allOf 备注：新增"),
    ],
)
def test_a_limit(change, kind, told):
    def edit(properties, _):
        properties["备注"].update({"enum": ["甲", "乙"], "pattern": "^[甲乙]$", "minLength": 1, **change})

    assert said(schema(edit), LIMITED) == [(kind, told)]


def test_a_definition_that_is_written_out_asks_the_same():
    def defined(properties, content):
        content["$defs"] = {"文": properties["备注"]}
        properties["备注"] = {"$ref": "#/$defs/文"}

    kind, told = one(said(schema(defined)))
    assert kind is SAME and "读出来和原来一样" in told


def test_what_stands_behind_a_reference_inside_all_of_is_seen():
    def with_maximum(most):
        def edit(properties, content):
            content["$defs"] = {"短": {"maxLength": most}}
            properties["备注"]["allOf"] = [{"$ref": "#/$defs/短"}]

        return edit

    assert said(schema(with_maximum(9)), schema(with_maximum(3))) == [(CHANGED, "allOf 备注：改了")]


def test_a_schema_that_is_none():
    kind, told = one(said({SCHEMA: b"{"}))
    assert kind is UNREAD and "不是 JSON" in told


# templates


ROWS = [
    ["果园", "{{ 果园 }}"],
    ["备注", "{{ 备注 }}"],
    ["名目", "{{ items }}"],
    [("{%tr for 果 in 水果 %}", 2)],
    ["{{ loop.index }}.{{ 果.名称 }}", "{{ 果.斤数 }}"],
    [("{%tr endfor %}", 2)],
    ["合计", "{{ 合计 }}"],
]


def word(*edits: tuple[int, int, str]) -> dict[str, bytes | None]:
    rows = [list(row) for row in ROWS]
    for row, cell, text in edits:
        rows[row][cell] = text
    return {WORD: docx_of(rows)}


def test_an_emptied_label_cell():
    assert (CHANGED, "表格第 2 行第 1 格：原来是“备注”，现在是空的") in said(word((1, 0, "")))


def test_a_tag_that_prints_another_field():
    assert (CHANGED, "表格第 1 行第 2 格：原来印“果园”，现在印“备注”") in said(word((0, 1, "{{ 备注 }}")))


def test_a_row_that_came():
    rows = [*ROWS[:2], ["新", "行"], *ROWS[2:]]
    assert (CHANGED, "表格第 3 行：加了一行：“新 | 行”") in said({WORD: docx_of(rows)})


def test_a_text_that_is_there_and_no_longer_seen():
    shown = '<w:r><w:t xml:space="preserve">备注<'
    hidden = _with_part(
        FILES[WORD], "word/document.xml", shown, shown.replace("<w:t", "<w:rPr><w:vanish/></w:rPr><w:t")
    )
    found = said({WORD: hidden})
    assert any("表格第 2 行第 1 格：字都在，但有的看不见了" in told for _, told in found), found


def _with_part(content: bytes, name: str, old: str, new: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for info in source.infolist():
            part = source.read(info)
            if info.filename == name:
                assert old.encode() in part
                part = part.replace(old.encode(), new.encode(), 1)
            target.writestr(info, part)
    return made.getvalue()


def test_a_word_file_that_is_none():
    assert one(said({WORD: b"PK"})) == (UNREAD, "模板：没有比较：不是 Word 文件（.docx）")


def test_a_style_that_hides_a_row():
    kind, told = one(said({STYLE: FILES[STYLE] + b"tr:nth-child(3) { display : none }\n"}))
    assert kind is LOOSER and "第 2 行加了“tr:nth-child(3) { display : none }”" in told


def test_a_page_and_what_is_only_blank():
    assert one(said({PAGE: FILES[PAGE].replace(b"<p>", b"<p>!")}))[0] is CHANGED
    assert one(said({PAGE: FILES[PAGE].replace(b"\n", b"\n\n")}))[0] is SAME
    commented = FILES[STYLE] + b'.a::before { content: "/*" } .row { display: none } .b::after { content: "*/" }\n'
    assert one(said({STYLE: commented}))[0] is LOOSER


def test_a_template_that_went():
    assert one(said({STYLE: None})) == (CHANGED, "模板：去掉了，生成不再用它")


# settings and the pin


def test_a_date_of_publication_that_moved():
    kind, told = one(said({SITE: tiny.SITE.replace("2025-02-10", "2025-03-10").encode()}))
    assert (kind, told) == (
        PUBLIC,
        "公开 › 2025 › 公开日期：由“2025-02-10”改为“2025-03-10”，推后 28 天",
    )


def test_a_unit_that_is_to_be_published():
    more = tiny.SITE + "  2024: {批复日期: 2024-01-24, 公开日期: 2024-02-10}\n"
    assert [kind for kind, _ in said({SITE: more.encode()})] == [PUBLIC, PUBLIC]


def test_the_pin():
    found = said({PIN: b"perfgen==1.1 \\\n    --hash=sha256:bb\n"})
    assert one(found) == (PROGRAM, "锁定的版本：perfgen 由 1.0 改为 1.1")
    found = said({PIN: b"perfgen==1.0 \\\n    --hash=sha256:bb\n"})
    assert one(found) == (PROGRAM, "锁定的版本：perfgen 1.0 的哈希变了，内容不再是原来的")
    found = said({PIN: FILES[PIN] + b"--index-url https://elsewhere.example\n"})
    assert one(found) == (PROGRAM, "锁定的版本：加了“--index-url https://elsewhere.example”")
    assert one(said({PIN: b"# x\n" + FILES[PIN]}))[0] is SAME


def test_what_the_repository_runs():
    found = said({"vendor/perfgen-1.0.whl": b"x", "Makefile": b"all:\n", ".github/workflows/build.yml": b"on: push\n"})
    assert [(kind, told.partition("：")[0]) for kind, told in found] == [
        (PROGRAM, "CI 的设置"),
        (PROGRAM, "怎样运行"),
        (PROGRAM, "随仓库带的安装包"),
    ]


# hostile versions


def test_long_formulas_that_all_changed_are_compared_soon():
    """Each part of a formula is read once: ten rules of 70 comparisons take a few seconds at the most."""
    long = " and ".join(f"(斤数 + {number} > {number})" for number in range(70))
    body = "\n".join(
        f"  B{number}:\n    名称: 长\n    级别: 提示\n    对象: 水果\n    公式: {long} and {{}}\n    说法: 长\n"
        f"    改法: 改。\n    依据: 惯例"
        for number in range(10)
    )
    old, new = (
        {RULES: f"计算: {{}}\n审核:\n{body.replace('{}', text)}\n".encode()} for text in ("斤数 > 1", "斤数 > 2")
    )
    begin = time.process_time()
    found = said(new, old)
    assert len(found) == 10 and {kind for kind, _ in found} == {CHANGED}
    assert time.process_time() - begin < 10


@pytest.mark.parametrize("count", [3_000, 50_000])
def test_lines_without_end_are_not_lined_up(count):
    old, new = (f"{first}\n" + "}\n{\n" * count for first in ("a", "b"))
    begin = time.process_time()
    assert one(said({STYLE: new.encode()}, {STYLE: old.encode()})) == (CHANGED, "模板：行太多，没有逐行比较")
    assert time.process_time() - begin < 10


def test_a_word_file_of_many_equal_rows_is_not_lined_up():
    rows = [["甲", "乙"]] * 1_000
    found = said({WORD: docx_of([["丙", "丁"], *rows])}, {WORD: docx_of([*rows, ["丙", "戊"]])})
    assert found == [(CHANGED, "表格：行太多，没有逐格比较")]


def test_a_schema_whose_references_go_round_inside_all_of():
    def round_about(properties, content):
        content["$defs"] = {"树": {"properties": {"枝": {"$ref": "#/$defs/树"}}, "maxProperties": content["most"]}}
        properties["备注"]["allOf"] = [{"$ref": "#/$defs/树"}]
        del content["most"]

    def of(most):
        return schema(lambda p, s: (s.update(most=most), round_about(p, s)))

    assert said(of(3), of(2)) == [(CHANGED, "allOf 备注：改了")]
    assert said(of(3), of(3)) == []
