"""What says quickly that data is valid says what the library says, and counts the same steps."""

from __future__ import annotations

import random
from decimal import Decimal

import jsonschema
import pytest
from referencing import Registry

from benchmarks.forms import form as measured_form
from perfgen.data import copied
from perfgen.form import forms, meta_schema, steps
from perfgen.form.schema_keywords import bounded_validator
from perfgen.form.schema_quick import quick_check
from perfgen.form.schema_text import read_json
from perfgen.source.reader import load_yaml
from tests.helpers.projects import REPOSITORY, snapshot

MOST = 1_000_000
LEAVES = [
    {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": ["string", "null"]}, {"type": "boolean"},
    {"type": "object"}, {"type": "array"}, {"const": Decimal(1)}, {"const": True}, {"enum": ["a", Decimal(0), None]},
    {"minLength": Decimal(1)}, {"maxLength": Decimal(1)}, {"minimum": Decimal(1)}, {"exclusiveMaximum": Decimal(2)},
    {"multipleOf": Decimal("0.01")}, {"pattern": "^a"}, {"format": "date"}, {"format": "date", "type": "string"},
    {"minItems": Decimal(1)}, {"maxItems": Decimal(1)}, {"uniqueItems": True}, {"minProperties": Decimal(2)},
    {"required": ["a"]}, {"title": "无"}, {}, True, False,
]  # fmt: skip
VALUES = [None, True, False, "", "a", "ab", "2025-01-31", "2025-02-31", Decimal(0), Decimal(1), Decimal("1.001")]


def random_part(dice, depth):
    """A schema of the keywords that are quick, which may lead to itself."""
    if depth == 0 or dice.random() < 0.2:
        return dice.choice([*LEAVES, {"$ref": "#"}, {"$ref": "#/$defs/一"}])
    return random_schema(dice, depth)


def random_schema(dice, depth):
    """The same, with members or items."""
    parts = {
        "properties": lambda: {name: random_part(dice, depth - 1) for name in dice.sample("abc", 2)},
        "additionalProperties": lambda: random_part(dice, depth - 1),
        "items": lambda: random_part(dice, depth - 1),
        "propertyNames": lambda: dice.choice(LEAVES),
        "allOf": lambda: [random_properties(dice, depth), dice.choice(LEAVES)],
        "required": lambda: dice.sample("abc", 1),
    }
    return {name: parts[name]() for name in dice.sample(sorted(parts), 3)}


def random_properties(dice, depth):
    """A schema that only says something of members, so that no value is held to the same schema without end."""
    return {"properties": {"a": random_part(dice, depth - 1)}}


def random_value(dice, depth):
    if depth == 0 or dice.random() < 0.3:
        return dice.choice(VALUES)
    below = [random_value(dice, depth - 1) for _ in range(dice.randint(0, 3))]
    return dict(zip("abc", below, strict=False)) if dice.random() < 0.6 else below


def compiled(schema, targets):
    library = bounded_validator(targets)(schema, registry=Registry(), format_checker=jsonschema.FormatChecker(["date"]))
    return library, quick_check(schema, library, targets)


def spent(call):
    """What a call gives, and how many steps it takes."""
    with steps.limited(MOST):
        found = call()
        return found, steps._OPEN.get()[-1].left


def agree(library, quick, value):
    """Whether both say the same; of valid data also in the same steps."""
    (errors, left), (is_valid, quick_left) = (
        spent(lambda: list(library.iter_errors(value))), spent(lambda: quick(value)),
    )  # fmt: skip
    assert is_valid == (not errors), value
    assert not is_valid or left == quick_left, value
    return is_valid


def nodes(schema):
    """The objects in a schema."""
    yield schema
    for part in schema.values():
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, dict):
                yield from nodes(one)


@pytest.mark.parametrize("seed", range(8))
def test_random_schemas_and_values(seed):
    dice, valid = random.Random(seed), 0
    for _ in range(60):
        schema = {**random_schema(dice, 3), "$defs": {"一": random_schema(dice, 1)}}
        ends = {"#": schema, "#/$defs/一": schema["$defs"]["一"]}
        resolver = Registry().resolver()
        targets = {id(node): (ends[node["$ref"]], resolver) for node in nodes(schema) if "$ref" in node}
        library, quick = compiled(schema, targets)
        valid += sum(agree(library, quick, random_value(dice, 3)) for _ in range(12))
    assert valid > 20


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"type": "string"}]}, {"not": {}}, {"items": {"if": {}, "then": False}}, {"prefixItems": [{}]},
        {"patternProperties": {"^a": {}}, "additionalProperties": False}, {"$ref": "#/$defs/一", "$defs": {"一": {}}},
        {"dependentRequired": {"a": ["b"]}}, {"unevaluatedProperties": False}, {"contains": {}},
    ],
)  # fmt: skip
def test_what_is_not_quick_is_left_to_the_library(schema):
    assert compiled(schema, {})[1] is None


def test_a_form_with_any_value_changed():
    form = forms.find(snapshot(REPOSITORY), "department-target")
    validator = form.validator
    assert validator.quick is not None
    good = load_yaml(measured_form("示例市第一局", 2025, 7).encode(), "data/2025/示例市第一局.yaml").data
    assert agree(validator.compiled, validator.quick, good)
    dice, valid = random.Random(0), 0
    for _ in range(60):
        valid += agree(validator.compiled, validator.quick, mutated(good, dice))
    assert 0 < valid < 60


def test_a_schema_with_any_keyword_changed_is_one_for_the_meta_schema_where_the_library_says_so():
    library = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    dice, valid, tried = random.Random(0), 0, 0
    for file in sorted((REPOSITORY / "schema").glob("*.schema.json")):
        good = read_json(file.read_bytes(), file.name)
        assert meta_schema._quick()(good)
        for _ in range(20):
            data = mutated(good, dice)
            is_schema = meta_schema._quick()(data)
            assert is_schema == library.is_valid(data) == (not list(meta_schema.errors_of(data)))
            valid, tried = valid + is_schema, tried + 1
    assert 0 < valid < tried


@pytest.mark.parametrize(
    "data",
    [
        True, {}, {"type": ["string", "null"]}, {"type": []}, {"type": "text"}, {"minItems": 1}, {"minItems": -1},
        {"minItems": Decimal("1.5")}, {"minimum": Decimal("1.5")}, {"minimum": "1"}, {"$id": "a#b"}, {"$anchor": "1"},
        {"dependencies": {"a": ["b"], "c": {}}}, {"dependencies": {"a": 1}}, {"enum": 1}, {"required": ["a", "a"]},
        {"items": {"items": {"type": 1}}}, {"multipleOf": 0}, {"allOf": []}, {"$vocabulary": {"a": 1}}, None, [], "a",
    ],
)  # fmt: skip
def test_the_meta_schema_of_small_schemas(data):
    library = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    assert meta_schema._quick()(data) == library.is_valid(data)


def mutated(data, dice):
    """The same data with one value, or one name, in another way."""
    data = copied(data)
    here, key = data, dice.choice(list(data))
    while isinstance(here[key], dict | list) and here[key] and dice.random() < 0.9:
        here = here[key]
        key = dice.choice(list(here) if isinstance(here, dict) else range(len(here)))
    kind = dice.choice(["value", "gone", "more", "text"])
    if kind == "gone":
        del here[key]
    elif kind == "more" and isinstance(here, dict):
        here["多"] = "一"
    else:
        here[key] = dice.choice(VALUES) if kind == "value" else "另一段文字"
    return data
