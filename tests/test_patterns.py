"""Patterns are run in a time that grows with the text: they find what Python's own machine finds, and never hang."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfgen import cli
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form import steps
from perfgen.form.formulas import FormulaError, compile_formula
from perfgen.form.patterns import PatternError, compile_pattern
from perfgen.form.schema import load_schema
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot

_ATOMS = st.sampled_from(
    ["a", "b", "1", "中", "_", " ", "\\n", "\\.", ".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^a]",
     "[a-c]", "[^\\d]", "[\\w-]", "[]a]", "[^\\W]", "\\b", "^", "$", "\\A", "\\Z", "(?i:A)", "(?i:[b-c])", "(?s:.)",
     "(?m:^)", "(?m:$)", "(?a:\\w)", "", "(?<=a)", "(?<![ab])", "(?<=\\w\\d)", "(?<!ab)"]
)  # fmt: skip
_TIMES = st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,3}", "*?", "+?", "{2,}", "{,2}", "{0}"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda below: st.one_of(
        st.tuples(below, below).map("".join),
        st.tuples(below, below).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(
            below, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,3}", "*?", "+?", "{2,}", "{,2}", "{0}"])
        ).map(lambda two: f"({two[0]}){two[1]}"),
        below.map("(?={})".format),
        below.map("(?!{})".format),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(pattern=_PATTERNS, texts=st.lists(st.text("aab1 _\n中A.-B", max_size=8), min_size=3, max_size=6))
@example(pattern="(a|ab)(c|bcd)(d*)", texts=["abcd", "acd", ""])
@example(pattern="(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])", texts=["中 中", "中 a", "a 中", " 中"])
@example(pattern="a\\b.*?\\bb$", texts=["a b", "a b\n", "ab", "a\nb"])
def test_what_is_found_is_what_python_finds(pattern, texts):
    for text in texts:
        assert compile_pattern(pattern).occurs(text) == bool(re.search(pattern, text)), (pattern, text)


def patterns_of_the_form():
    schema = (REPOSITORY / "schema/department-target.schema.json").read_text("utf-8")
    rules = (REPOSITORY / "schema/department-target.rules.yaml").read_text("utf-8")
    found = {json.loads(typed) for typed in re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', schema)}
    return sorted(found | {typed.replace("\\\\", "\\") for typed in re.findall(r"符合\([^,]+, '([^']+)'\)", rules)})


@pytest.mark.parametrize("pattern", patterns_of_the_form())
def test_the_patterns_of_the_form_find_what_python_finds(pattern):
    texts = ["", " 前", "后 ", "中间 有空", "两  个", "（注）", "a（注）", "13800000000", "0711-3388765", "2025-01-24",
             "abcdef012345", "欧阳·某", "核心业务产出一", "核心业务", "/月", "每月", "一\n二", "HYPERLINK"]  # fmt: skip
    for text in texts:
        assert compile_pattern(pattern).occurs(text) == bool(re.search(pattern, text)), text


MANY_WAYS = [
    ("(a+)+$", "a" * 20_000 + "b"),
    ("(a|a)*$", "a" * 20_000 + "b"),
    ("^(a|aa)+$", "a" * 20_000 + "b"),
    ("(\\w+\\s?)+$", "a " * 10_000 + "!"),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 20_000),
    ("(x+x+)+y", "x" * 20_000),
    ("(.*a){20}$", "a" * 2_000 + "b"),
    ("(?=(a+)+$)b", "a" * 20_000 + "b"),
    ("(?!(a*)*$)b", "a" * 20_000 + "b"),
    ("(a?){100}a{100}", "a" * 100 + "b"),
    ("[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+", "a" * 20_000),
    (".*.*.*.*.*.*=$", "=" * 5_000 + "x"),
]


@pytest.mark.parametrize(("pattern", "text"), MANY_WAYS)
def test_a_pattern_with_many_ways_ends_soon(pattern, text):
    begin = time.process_time()
    compile_pattern(pattern).occurs(text)
    assert time.process_time() - begin < 2


REFUSED = [
    ("(a)\\1", "反向引用"),
    ("(?P<x>a)(?P=x)", "反向引用"),
    ("(a)?(?(1)b|c)", "反向引用"),
    ("(?>a+)b", "反向引用"),
    ("a*+b", "反向引用"),
    ("((a{1,100}){1,100}){1,100}", "太复杂"),
    ("(?:(?:){1000}){1000}", "太复杂"),
    ("a{99999999999}", "次数太多"),
    ("a{5000}", "次数太多"),
    ("(" * 60 + "a" + ")" * 60, "套得太深"),
    ("(" * 900 + "a" + ")" * 900, "套得太深"),
    ("a" * 3_000, "太长"),
    ("[a", "写法不对，从第 1 个字开始"),
    ("\\p{Han}", "写法不对"),
    ("(?<=a*)b", "写法不对"),
    ("*", "写法不对"),
]


@pytest.mark.parametrize(("pattern", "words"), REFUSED)
def test_a_pattern_that_cannot_be_used_says_why(pattern, words):
    with pytest.raises(PatternError, match=words):
        compile_pattern(pattern)


@pytest.mark.parametrize(("pattern", "words"), REFUSED)
def test_it_is_an_error_of_the_form_where_it_stands(tmp_path, pattern, words):
    typed = pattern.replace("\\", "\\\\")
    with pytest.raises(FormulaError, match=words):
        compile_formula(f"符合(甲, '{typed}')", Field("object", "", members={"甲": Field("value", "甲", textual=True)}))
    tiny.make(tmp_path / "p")
    for schema in ({"not": {"pattern": pattern}}, {"patternProperties": {pattern: True}}):
        (tmp_path / "p/schema/x.json").write_text(json.dumps(schema, indent=1), "utf-8")
        with pytest.raises(FormError, match=words) as caught:
            load_schema(snapshot(tmp_path / "p"), "schema/x.json")
        assert caught.value.findings[0].place.line in (2, 3)


@pytest.mark.parametrize("schema", [
    {"additionalProperties": False, "patternProperties": {"^(a|a)*$": {}}},
    {"additionalProperties": {"type": "null"}, "patternProperties": {"(a+)+$": {}}},
    {"propertyNames": {"pattern": "(\\w+\\s?)+$"}},
    {"additionalProperties": {"pattern": "(a|aa)+$"}},
])  # fmt: skip
def test_the_names_and_texts_of_data_are_matched_soon(tiny_project, schema):
    (tiny_project / "schema/x.json").write_text(json.dumps(schema), "utf-8")
    validator = load_schema(snapshot(tiny_project), "schema/x.json").validator
    begin = time.process_time()
    assert [error.validator for error in validator.iter_errors({"a" * 5_000 + "!": "a" * 5_000 + "!"})]
    assert not list(validator.iter_errors({"aa": None if schema.get("additionalProperties") else "aa"}))
    assert time.process_time() - begin < 3


def test_names_of_the_schema_are_told_from_others(tiny_project):
    schema = {"properties": {"甲": {}}, "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False}
    (tiny_project / "schema/x.json").write_text(json.dumps(schema), "utf-8")
    validator = load_schema(snapshot(tiny_project), "schema/x.json").validator
    assert not list(validator.iter_errors({"甲": "一", "x-a": "一"}))
    assert [error.validator for error in validator.iter_errors({"x-a": True})] == ["type"]
    assert [error.validator for error in validator.iter_errors({"乙": "一"})] == ["additionalProperties"]


def test_the_library_is_not_asked_to_match(tiny_project):
    (tiny_project / "schema/x.json").write_text(
        '{"patternProperties": {"a": {}},\n "unevaluatedProperties": false}', "utf-8")  # fmt: skip
    with pytest.raises(FormError, match="不能用在同一个") as caught:
        load_schema(snapshot(tiny_project), "schema/x.json")
    assert caught.value.findings[0].place.line == 2


def test_a_pattern_costs_steps_by_the_text_whatever_was_seen_before():
    costs = [0]
    for _ in range(2):
        with pytest.raises(steps.TooManyStepsError), steps.limited(5_000):
            for number in range(1_000):
                costs[-1:] = [number]
                compile_pattern("(a|b)*a(a|b){9}$").occurs("ab" * 50)
        costs.append(0)
    assert costs[0] == costs[1] > 0


def test_a_pattern_over_a_long_text_of_a_unit_is_the_forms_error(tiny_project, capsys):
    schema = tiny.SCHEMA | {"properties": tiny.SCHEMA["properties"] | {
        "备注": {"type": "string", "allOf": [{"pattern": f"^(.{{0,{300 + n}}}a)*$"} for n in range(99)]}}}  # fmt: skip
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema), "utf-8")
    unit = tiny_project / "data/2025/东园.yaml"
    unit.write_text(unit.read_text("utf-8").replace("内部", "甲" * 1_000), "utf-8")
    begin = time.process_time()
    assert cli.main(["-C", str(tiny_project), "check"]) == 2
    assert time.process_time() - begin < 20
    said = capsys.readouterr().out
    assert "schema/fruit.schema.json: 错误" in said and "步数太多" in said
