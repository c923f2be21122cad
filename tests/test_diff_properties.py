"""Random edits: what is reported, applied to the old data, gives the new data; and nothing else is reported."""

from __future__ import annotations

import copy
import itertools
import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen.comparison.difference import Difference, DifferenceKind
from perfgen.comparison.match import differences
from perfgen.display import show
from perfgen.form import forms
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.versions import CASES, compared

FORM = forms.find(snapshot(REPOSITORY), "department-target")
BASE = reader.load_yaml(CASES.joinpath("prose/old.yaml").read_bytes(), "x.yaml").data
GONE = object()
VALUES = ["≥90%", "≤5%", "10个", "规范", "≥1.5万元", "—", "100%", "不低于3项"]
TEXTS = [
    "公用经费控制率",
    "预算执行率",
    "群众来信办结率",
    "甲",
    "一件新事。",
    "负责有关服务工作，办结来信不少于900件。",
    "“引号”率",
]


def rows_of(data: Any) -> list[list[Any]]:
    """Every list of a document."""
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return ([data] if isinstance(data, list) else []) + [rows for child in below for rows in rows_of(child)]


def edited(data: dict, choices: random.Random, count: int) -> dict:
    """A document after some edits of the kinds people make; names stay different within a list."""
    data = copy.deepcopy(data)
    for _ in range(count):
        lists = [rows for rows in rows_of(data) if rows]
        rows = choices.choice(lists)
        at = choices.randrange(len(rows))
        row = rows[at]
        act = choices.choice(["value", "value", "drop", "add", "shuffle", "rename", "move", "group"])
        names = {next(iter(r.values())) if isinstance(r, dict) else r for r in rows}
        fresh = [text for text in (*TEXTS, f"新{choices.randrange(99)}") if text not in names]
        if act == "drop":
            del rows[at]
        elif act == "shuffle":
            choices.shuffle(rows)
        elif act == "group":
            group = choices.choice(data["年度绩效指标"] or [{}])
            group.pop(choices.choice(["运行成本", "管理效率", "履职效能", "满意度"]), None)
        elif isinstance(row, str):
            rows[at] = choices.choice(fresh)
        elif act == "add":
            new = {**copy.deepcopy(row), next(iter(row)): choices.choice(fresh)}
            rows.insert(choices.randrange(len(rows) + 1), new)
        elif act == "rename":
            row[next(iter(row))] = choices.choice(fresh)
        elif act == "move":
            like = [r for r in lists if r and isinstance(r[0], dict) and r[0].keys() == row.keys() and r is not rows]
            if like and "三级指标" in row:
                target = choices.choice(like)
                if all(r["三级指标"] != row["三级指标"] for r in target):
                    target.append(rows.pop(at))
        elif "指标值" in row:
            row[choices.choice(["指标值", "上年"])] = choices.choice(VALUES)
        elif "本年度预算" in row:
            row["本年度预算"] = choices.choice([row["总预算"], row["本年度预算"] + 1])
    return data


def applied(old: dict, found: list[Difference]) -> dict:
    """The old data with the differences made in it."""
    data = copy.deepcopy(old)
    held = {id(d): holder(data, d.old_path) for d in found if d.old_path}
    groups = [d for d in found if d.kind is DifferenceKind.ADDED and d.field.kind == "object" and d.row is None]
    for d in groups:
        parent(data, d.steps).append(copy.deepcopy(d.new))
    for d in found:
        if d.kind is DifferenceKind.MOVED:
            parent(data, d.steps).append(held[id(d)][d.old_path[-1]])
            held[id(d)][d.old_path[-1]] = GONE
    for d in found:
        if d.kind is DifferenceKind.ADDED and d not in groups:
            into = parent(data, d.steps)
            if isinstance(into, list):
                into.append(copy.deepcopy(d.new))
            else:
                into[d.steps[-1].name] = copy.deepcopy(d.new)
    for d in found:
        if d.kind in (DifferenceKind.CHANGED, DifferenceKind.RENAMED):
            held[id(d)][d.old_path[-1]] = d.new
        elif d.kind is DifferenceKind.REMOVED:
            held[id(d)][d.old_path[-1]] = GONE
    return data


def holder(data: Any, path: tuple) -> Any:
    for step in path[:-1]:
        data = data[step]
    return data


def parent(data: Any, steps: tuple) -> Any:
    """What a new value goes into, by names; made where it is not there yet."""
    for step, following in itertools.pairwise(steps):
        if step.is_row:
            data = next(row for row in data if row is not GONE and next(iter(row.values())) == step.name)
        else:
            data = data.setdefault(step.name, [] if following.is_row else {})
    return data


def settled(value: Any) -> Any:
    """Data without order, without what is empty, numbers spelled one way."""
    if isinstance(value, dict):
        return {
            n: s for n, part in sorted(value.items()) if part is not GONE and (s := settled(part)) not in (None, {}, [])
        } or None
    if isinstance(value, list):
        kept = [s for part in value if part is not GONE and (s := settled(part)) is not None]
        return sorted(kept, key=lambda s: json.dumps(s, ensure_ascii=False, sort_keys=True))
    return None if value is None else show(value)


seeds = st.integers(0, 2**32)


@settings(max_examples=300, deadline=None)
@given(seeds, st.integers(0, 12), st.integers(0, 4))
def test_applying_the_changes_to_the_old_data_gives_the_new(seed, count, before):
    choices = random.Random(seed)
    old = edited(BASE, choices, before)
    new = edited(old, choices, count)
    found = differences(old, new, FORM.fields)
    assert settled(applied(old, found)) == settled(new)
    if settled(old) == settled(new):
        assert found == []


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(0, 8))
def test_a_thing_beside_itself_and_beside_its_shuffled_self_is_the_same(seed, count):
    choices = random.Random(seed)
    data = edited(BASE, choices, count)
    assert differences(data, copy.deepcopy(data), FORM.fields) == []
    other = copy.deepcopy(data)
    for rows in rows_of(other):
        choices.shuffle(rows)
    assert differences(data, other, FORM.fields) == []


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(1, 6))
def test_every_change_is_said_once_and_in_words(seed, count):
    """Never a traceback, whatever the edits; and each change has a sentence and a fingerprint of its own."""
    new = edited(BASE, random.Random(seed), count)
    unit = compared(as_yaml(BASE), as_yaml(new))
    assert not unit.broken
    assert all(change.sentence and change.label for change in unit.changes)
    assert len({change.fingerprint for change in unit.changes}) == len(unit.changes)


leaves = st.none() | st.booleans() | st.text(max_size=5) | st.decimals(0, 99, places=1)
names = st.sampled_from(["年度", "项目支出", "年度绩效指标", "甲"])
odd_data = st.recursive(
    leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3), max_leaves=12
)


@settings(max_examples=60, deadline=None)
@given(odd_data, seeds)
def test_data_of_any_shape_is_compared(odd, seed):
    choices = random.Random(seed)
    other = copy.deepcopy(BASE)
    other[choices.choice(list(BASE))] = odd
    for one, two in ((BASE, other), (other, BASE)):
        found = differences(one, two, FORM.fields)
        assert all(d.steps for d in found)
    assert differences(other, copy.deepcopy(other), FORM.fields) == []


def as_yaml(data: Any) -> str:
    """JSON is YAML."""
    return json.dumps(data, ensure_ascii=False, default=float)
