"""What a schema could make long or deep: each is a finding with a place, soon, and what is good stays good."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from referencing import Registry

from perfgen import cli
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.schema import load_schema, schema_validator
from tests.helpers import tiny
from tests.helpers.projects import snapshot

FILE = "schema/fruit.schema.json"


def changed(**members):
    return json.dumps(tiny.SCHEMA | members, ensure_ascii=False)


def fan(keyword, levels=40):
    """Schemas of which each refers twice to the next: 2^levels ways through them."""
    both = {"properties": lambda one: {"a": one, "b": one}, "allOf": lambda one: [one, dict(one)]}[keyword]
    steps = {f"s{n}": {keyword: both({"$ref": f"#/$defs/s{n + 1}"})} for n in range(levels)}
    return {**steps, f"s{levels}": {"type": "string"}}


def chain(levels):
    return {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}]} for n in range(levels)} | {f"s{levels}": {}}


def nested(keyword, levels):
    node = {"type": "string"}
    for _ in range(levels):
        node = {keyword: [node] if keyword == "allOf" else node}
    return node


def with_field(**field):
    return tiny.SCHEMA["properties"] | {"甲": field}


BROKEN = {
    "lists in lists": ("[" * 100_000, "套得太深"),
    "objects in objects": ('{"a":' * 100_000, "套得太深"),
    "closed lists in lists": ("[" * 500 + "]" * 500, "套得太深"),
    "not in not": (changed(**nested("not", 70)), "套得太深"),
    "allOf in allOf": (changed(**nested("allOf", 35)), "套得太深"),
    "a chain of not": (changed(**nested("not", 40)), "一个接一个"),
    "an integer of 5,000 digits": (changed(maxProperties=0).replace("0}", "9" * 5000 + "}"), "数字太长"),
    "a decimal of 5,000 digits": (changed(multipleOf=0).replace("0}", "0." + "9" * 5000 + "}"), "数字太长"),
    "no number": (changed(maximum=float("nan")), "不是一个数"),
    "an infinite number": (changed(maximum=float("-inf")), "不是一个数"),
    "a fan of fields": (
        changed(properties=with_field(**{"$ref": "#/$defs/s0"}), **{"$defs": fan("properties")}), "字段超过"),
    "a circle of fields": (changed(properties=with_field(**{"$ref": "#/$defs/a"}), **{
        "$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/a"}}}}}), "绕回了自己"),
    "a long row of fields": (changed(properties=with_field(**{"$ref": "#/$defs/s0"}), **{"$defs": {
        f"s{n}": {"type": "object", "properties": {"a": {"$ref": f"#/$defs/s{n + 1}"}}} for n in range(500)
    } | {"s500": {}}}), "套得太深"),
    "a circle in allOf": (changed(allOf=[{"$ref": "#"}]), "绕回了自己"),
    "a circle of two": (changed(allOf=[{"$ref": "#/$defs/a"}], **{
        "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"if": {"$ref": "#/$defs/a"}}}}), "绕回了自己"),
    "a dynamic circle": (changed(**{"$dynamicAnchor": "a", "allOf": [{"$dynamicRef": "#a"}]}), "绕回了自己"),
    "a chain of references": (changed(allOf=[{"$ref": "#/$defs/s0"}], **{"$defs": chain(500)}), "一个接一个"),
    "a chain of dependentSchemas": (changed(dependentSchemas={"form": nested("not", 31)}), "一个接一个"),
    "another dialect": (changed(**{"$schema": "http://json-schema.org/draft-07/schema#"}), "$schema 只能是"),
    "another dialect inside": (
        changed(allOf=[{"$schema": "http://json-schema.org/draft-04/schema#"}]), "$schema 只能是"),
    "an $id that is no address": (changed(**{"$id": "http://a/b", "allOf": [{"$id": "http://[x"}]}), "不是一个地址"),
    "an $id of its own that is none": (changed(**{"$id": "http://[x", "not": {"$ref": "y"}}), "找不到"),
    "a lone surrogate in a title": (
        changed(properties=with_field(title="@")).replace("@", "\\ud800"), "不能用的字符 U+D800"),
    "a control character in a name": (changed(properties={"@": {}}).replace("@", "\\u0001"), "不能用的字符 U+0001"),
    "a half of a pair in a list": (changed(examples=["@"]).replace("@", "a\\udc00"), "不能用的字符 U+DC00"),
    "no character in a sentence": (
        changed(properties=with_field(errorMessage="@")).replace("@", "\\uffff"), "不能用的字符 U+FFFF"),
    "what a reference leads to is no schema": (
        changed(x={"pattern": 5}, allOf=[{"$ref": "#/x"}]), "不是 JSON Schema"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_too_much_is_a_finding_with_a_place_soon(tiny_project, capsys, name):
    text, words = BROKEN[name]
    (tiny_project / FILE).write_text(text, "utf-8")
    begin = time.process_time()
    assert cli.main(["-C", str(tiny_project), "check"]) == 2
    assert time.process_time() - begin < 5
    said = capsys.readouterr().out
    assert words in said and said.startswith(f"{FILE}:") and len(said) < 5_000


def test_a_fan_over_the_data_is_a_finding_after_so_many_steps(tiny_project, capsys):
    schema = changed(allOf=[{"$ref": "#/$defs/s0"}], **{"$defs": fan("allOf", 10)})
    (tiny_project / FILE).write_text(schema.replace('"type": "string"}}', '"type": "object"}}'), "utf-8")
    assert cli.main(["-C", str(tiny_project), "check"]) == 0
    capsys.readouterr()
    for levels in (25, 28):
        (tiny_project / FILE).write_text(changed(allOf=[{"$ref": "#/$defs/s0"}], **{
            "$defs": fan("allOf", 10) | {"s10": {"allOf": [{"$ref": f"#/$defs/t{n}"} for n in range(levels)]}} | {
                f"t{n}": {"enum": [f"{m}" for m in range(200)]} for n in range(levels)}}), "utf-8")  # fmt: skip
        begin = time.process_time()
        assert cli.main(["-C", str(tiny_project), "check"]) == 2
        assert time.process_time() - begin < 20
        assert "步数太多" in capsys.readouterr().out


def test_rows_that_are_to_differ_are_looked_up_not_compared(tiny_project):
    (tiny_project / FILE).write_text(changed(properties=with_field(type="array", uniqueItems=True)), "utf-8")
    form = forms.find(snapshot(tiny_project), "fruit")
    rows = [{"名称": f"果{n}", "斤数": [Decimal(n)]} for n in range(20_000)]
    begin = time.process_time()
    assert [e.validator for e in form.validator.iter_errors({"甲": [*rows, dict(rows[5])]})][-1:] == ["uniqueItems"]
    assert "uniqueItems" not in [e.validator for e in form.validator.iter_errors({"甲": rows})]
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    ("value", "unit", "is_multiple"),
    [
        ("12345678901234567890123456789.01", "0.01", True),
        ("12345678901234567890123456789.011", "0.01", False),
        ("1e300", "0.01", True),
        ("1e999999", "0.01", False),  # more than is computed with
        ("0.3", "0.1", True),
        ("7", "2", False),
        ("0", "3", True),
        ("1e-40", "1", False),
    ],
)
def test_a_multiple_is_exact_however_long_the_number(tiny_project, value, unit, is_multiple):
    (tiny_project / "schema/x.json").write_text(f'{{"multipleOf": {unit}}}', "utf-8")
    errors = list(load_schema(snapshot(tiny_project), "schema/x.json").validator.iter_errors(Decimal(value)))
    assert [error.validator for error in errors] == ([] if is_multiple else ["multipleOf"])


@pytest.mark.parametrize(
    ("items", "differ"),
    [
        ([Decimal(1), Decimal("1.0")], False),
        ([Decimal(1), True], True),
        ([False, Decimal(0)], True),
        (["1", Decimal(1)], True),
        ([{"a": [Decimal(1)]}, {"a": [Decimal("1.0")]}], False),
        ([{"a": None}, {}], True),
        ([[], {}], True),
    ],
)
def test_items_are_unique_as_json_schema_has_it(tiny_project, items, differ):
    (tiny_project / "schema/x.json").write_text('{"uniqueItems": true}', "utf-8")
    errors = list(load_schema(snapshot(tiny_project), "schema/x.json").validator.iter_errors(items))
    assert not errors if differ else len(errors) == 1


def test_a_schema_that_names_its_dialect_is_used_whole_where_it_refers_to_itself(tiny_project):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": ["object", "integer"],
              "properties": {"a": {"$ref": "#"}}}  # fmt: skip
    (tiny_project / "schema/x.json").write_text(json.dumps(schema), "utf-8")
    validator = load_schema(snapshot(tiny_project), "schema/x.json").validator
    assert not list(validator.iter_errors({"a": Decimal(3)}))
    assert list(validator.iter_errors({"a": Decimal("3.5")}))


def test_the_place_is_that_of_the_last_of_two_members(tiny_project):
    (tiny_project / "schema/x.json").write_text('{"not": {},\n "not":\n  {"$ref": "a b"}}', "utf-8")
    with pytest.raises(FormError) as caught:
        load_schema(snapshot(tiny_project), "schema/x.json")
    assert str(caught.value.findings[0].place) == "schema/x.json:3:12"


_TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"$ref": "other.json#/$defs/name", "minLength": 2},
                "below": {"$ref": "#/$defs/all"},
            },
        },
        "all": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    },
}
_OTHER = {"$defs": {"name": {"allOf": [{"$ref": "#/$defs/text"}]}, "text": {"type": "string", "maxLength": 3}}}


def test_references_lead_where_they_led_when_the_schema_was_read(tiny_project):
    for name, content in (("x.json", _TREE), ("other.json", _OTHER)):
        (tiny_project / "schema" / name).write_text(json.dumps(content), "utf-8")
    loaded = load_schema(snapshot(tiny_project), "schema/x.json")
    data = {"name": "甲", "below": [{"name": "甲乙丙丁"}, {"below": [{"name": ["甲"]}, "乙"]}]}

    def errors(references):
        found = schema_validator(loaded.content, loaded.files, references).iter_errors(data)
        return [(error.validator, [*error.absolute_path], [*error.absolute_schema_path]) for error in found]

    known = errors(loaded.references)
    assert [(keyword, path) for keyword, path, _ in known] == [
        ("minLength", ["name"]), ("maxLength", ["below", 0, "name"]), ("type", ["below", 1, "below", 0, "name"]),
        ("type", ["below", 1, "below", 1]),
    ]  # fmt: skip
    assert errors(replace(loaded.references, targets={})) == known  # as the library finds them
    assert errors(replace(loaded.references, registry=Registry())) == known  # nothing is looked up again
