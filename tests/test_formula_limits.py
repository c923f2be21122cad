"""What a formula could make long, deep or large: each is a finding with a place, soon; a name may be a function's."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import pytest

from perfgen import cli
from perfgen.fields import Field
from perfgen.form import steps
from perfgen.form.formula_functions import FUNCTIONS
from perfgen.form.formulas import FormulaError, compile_formula
from tests.helpers import tiny

RULES = "schema/fruit.rules.yaml"
FIELDS = Field("object", "", members={
    "数": Field("value", "数", numeric=True),
    "文": Field("value", "文", textual=True),
    "行": Field("array", "行", item=Field("object", "行", members={
        "名": Field("value", "名", textual=True), "数": Field("value", "数", numeric=True)})),
})  # fmt: skip


def check(capsys, root, *arguments):
    code = cli.main(["-C", str(root), *(arguments or ("check",))])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err and "perfgen 自己出了错" not in said.out + said.err
    return code, said.out + said.err


def with_rule(**parts):
    rule = {"名称": "试", "级别": "警告", "说法": "不对。", "依据": "试"} | parts
    return tiny.RULES + "审核:\n  A01: " + json.dumps(rule, ensure_ascii=False) + "\n"


REFUSED = {
    "a number of 5,000 digits": ("数 < " + "9" * 5_000, "数太长"),
    "a decimal of 5,000 digits": ("数 < 0." + "9" * 5_000, "数太长"),
    "an infinite number": ("四舍五入(数, 1e999) > 0", "数太大"),
    "an infinite number to compare with": ("数 < 1e400", "数太大"),
    "brackets in brackets": ("(" * 3_000 + "数 > 1" + ")" * 3_000, "套得太深"),
    "brackets that compute": ("(1 + " * 100 + "数" + ")" * 100 + " > 1", "套得太深"),
    "lists in lists": ("[" * 3_000 + "]" * 3_000, "套得太深"),
    "a function of a function": ("绝对值(" * 900 + "数" + ")" * 900 + " > 1", "套得太深"),
    "not not": ("not " * 2_000 + "数 > 1", "套得太深"),
    "minus minus": ("-" * 3_000 + "数 > 1", "套得太深"),
    "a sum of 3,000": ("+".join(["数"] * 3_000) + " > 1", "套得太深"),
    "and and": (" and ".join(["数 > 1"] * 900), "套得太深"),
    "if else if else": ("1 if 数 > 1 else " * 400 + "2 > 1", "套得太深"),
    "a chain of members": ("行" + ".名" * 3_000, "套得太深"),
    "a chain of filters": ("行" + "|选取(数=1)" * 1_000 + "|计数 > 1", "套得太深"),
    "a very long formula": ("数 in [" + "1, " * 9_000 + "1]", "太长"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused_when_it_is_compiled(name):
    text, words = REFUSED[name]
    begin = time.process_time()
    with pytest.raises(FormulaError, match=words):
        compile_formula(text, FIELDS)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("name", ["a number of 5,000 digits", "an infinite number", "brackets in brackets", "not not"])
@pytest.mark.parametrize("where", ["计算", "公式", "说法", "其中"])
def test_it_is_a_finding_with_a_place_wherever_the_formula_stands(tiny_project, capsys, name, where):
    text, words = REFUSED[name][0].replace("行", "水果").replace("数", "合计"), REFUSED[name][1]
    if where == "计算":
        rules = f"计算:\n  合计: 水果 | 求和('斤数')\n  某数: {json.dumps(text, ensure_ascii=False)}\n"
    elif where == "公式":
        rules = with_rule(公式=text)
    elif where == "说法":
        rules = with_rule(公式="合计 > 100", 说法="{{ " + text + " }}")
    else:
        rules = with_rule(公式="合计 > 100", 其中={"某": text})
    (tiny_project / RULES).write_text(rules, "utf-8")
    code, said = check(capsys, tiny_project)
    assert code == 2 and words in said
    assert said.startswith(f"{RULES}:{3 if where == '计算' else 4}:")


LONG = {
    "each row with each": "行 | 选取(数=数)",
    "texts of texts": "缺少(行.名, 行.名)",
    "ends of texts": "结尾的(行.名, 行.名)",
    "parts of texts": "有共同的字(文, 行.名, 3)",
    "words in a text": "找词(文, 行.名)",
}


@pytest.mark.parametrize("name", LONG)
def test_a_formula_counts_its_steps(name):
    row = {"名": "某" * 200, "数": Decimal(1)}
    names = {"数": Decimal(1), "文": "文" * 50_000, "行": [row] * 3_000}
    begin = time.process_time()
    formula = compile_formula(f"{LONG[name]} | 计数 > 0" if "有共同" not in LONG[name] else LONG[name], FIELDS)
    with pytest.raises(FormulaError, match="步数太多"), steps.limited(1_000_000):
        for _ in range(300):
            formula(names)
    assert time.process_time() - begin < 5
    left = compile_formula("数 > 0", FIELDS)
    assert left(names)  # a count that was used up is over


def test_the_steps_are_the_same_each_time():
    formula = compile_formula("(行.名 | 重复 | 计数) > 3 or 符合(文, '(a|b)*a(a|b){9}$') or 数 in [1, 2]", FIELDS)
    names = {"数": Decimal(1), "文": "ab" * 100, "行": [{"名": "某", "数": Decimal(1)}] * 50}

    def taken():
        for limit in range(0, 20_000, 50):
            try:
                with steps.limited(limit):
                    formula(names)
            except FormulaError:
                continue
            return limit
        raise AssertionError

    assert taken() == taken() > 100


def test_the_rules_of_a_file_have_a_count_for_all(tiny_project, capsys):
    many = "\n".join(f"  - {{名称: 果{n}, 斤数: 1}}" for n in range(1_500))
    tiny.write_unit(tiny_project, "东园", f"form: fruit\n年: 2025\n果园: 东园\n水果:\n{many}\n")
    again = " or ".join(["(水果 | 选取(名称=名称) | 计数) > 9999"] * 20)
    (tiny_project / RULES).write_text(with_rule(对象="水果", 公式=f"not ({again})"), "utf-8")
    begin = time.process_time()
    code, said = check(capsys, tiny_project)
    assert time.process_time() - begin < 40
    assert code == 2 and "步数太多" in said and said.startswith(f"{RULES}:4:")


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_field_may_be_called_like_a_function(name):
    fields = Field("object", "", members={
        name: Field("value", name, numeric=True), "文": Field("value", "文", textual=True)})  # fmt: skip
    formula = compile_formula(f"{name} + 字数(文) + 求和(1, 1)", fields)
    assert formula({name: Decimal(3), "文": "两字"}) == 7


def test_a_figure_may_be_called_like_a_function(tiny_project, capsys):
    (tiny_project / RULES).write_text(
        "计算:\n  合计: 水果 | 求和('斤数')\n  字数: 合计 + 字数(果园)\n审核:\n"
        "  A01: {名称: 试, 级别: 警告, 其中: {数量: 字数 + 1}, 公式: 数量 < 字数(果园),\n"
        "    说法: '是 {{ 数量 }}。', 依据: 试}\n",
        "utf-8")  # fmt: skip
    code, said = check(capsys, tiny_project)
    assert code == 0 and "是 8.5。" in said


def test_groups_that_are_named_by_the_clerk_are_no_fields(tiny_project, capsys):
    group = {
        "type": "object",
        "x-groups": "组",
        "x-label": "组名",
        "x-printed": False,
        "additionalProperties": {
            "type": "array",
            "x-rows": "行",
            "items": {"type": "object", "properties": {"名": {"type": "string"}}},
        },
    }
    schema = tiny.SCHEMA | {"properties": tiny.SCHEMA["properties"] | {"内部组": group}}
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    for formula, wrong in (
        ("内部组.组 | 计数", ""),
        ("内部组.甲 | 计数", "没有“甲”"),
    ):
        (tiny_project / RULES).write_text(f"计算:\n  合计: 水果 | 求和('斤数')\n  某数: {formula}\n", "utf-8")
        code, said = check(capsys, tiny_project)
        assert code == (2 if wrong else 0)
        assert said.startswith(f"{RULES}:3:3: 错误") is bool(wrong) and wrong in said


def test_a_name_that_the_data_lack_is_a_finding_with_a_place(tiny_project, capsys):
    open_ = {"type": "object", "x-printed": False, "additionalProperties": {"type": "number"}}
    schema = tiny.SCHEMA | {"properties": tiny.SCHEMA["properties"] | {"另外": open_}}
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (tiny_project / RULES).write_text("计算:\n  合计: 水果 | 求和('斤数')\n  某数: 另外.甲 + 1\n", "utf-8")
    code, said = check(capsys, tiny_project)
    assert code == 2 and said.startswith(f"{RULES}:3:3: 错误") and "算不出来" in said


@pytest.mark.parametrize(
    "formula",
    [
        "四舍五入(合计, 99999999999999999999)", "四舍五入(合计, 1000)", "1e300 * 1e300 * 1e300",
        "1e-300 * 1e-300", "四舍五入(合计, -999999999)",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_a_finding_with_a_place(tiny_project, capsys, formula):
    (tiny_project / RULES).write_text(f"{tiny.RULES}  某数: {formula}\n", "utf-8")
    code, said = check(capsys, tiny_project)
    assert code == 2 and said.startswith(f"{RULES}:3:3: 错误") and len(said) < 3_000


@pytest.mark.parametrize("typed", ["\\ud800", "\\x1b[31m", "\\x00", "\\x9b31m", "\\udfff", "\\u2028", "\\x85"])
@pytest.mark.parametrize("form", ["sarif", "github", "text"])
def test_a_character_that_no_file_may_hold_is_a_finding_with_a_place(tiny_project, capsys, typed, form):
    (tiny_project / RULES).write_text(with_rule(公式="合计 > 100", 说法="{{ '" + typed + "' }}"), "utf-8")
    code, said = check(capsys, tiny_project, "check", "--format", form)
    assert code == 2 and "不能用的字符" in said and "schema/fruit.rules.yaml" in said


def test_a_sentence_of_very_many_braces_is_read_once(tiny_project, capsys):
    (tiny_project / RULES).write_text(with_rule(公式="合计 > 100", 说法="{{" * 100_000), "utf-8")
    begin = time.process_time()
    code, said = check(capsys, tiny_project)
    assert code == 2 and "没有写完整" in said and said.startswith(f"{RULES}:4:")
    assert time.process_time() - begin < 20
