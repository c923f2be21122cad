"""A comparison of much that changed: the same answers as before where it is small, and an end where it is large."""

from __future__ import annotations

import difflib
import functools
import itertools
import random
import sys
from collections import Counter

import pytest

from perfgen.comparison.match import counterparts, differences
from perfgen.form import forms, similarity
from perfgen.form.likeness import MOST_STEPS, Budget, Text, _longest_common, ratio, ratio_within
from perfgen.form.similarity import Pairer, pair
from perfgen.review import formats
from perfgen.review.compare import Comparison
from perfgen.review.versions import VersionRange
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers.limited import limited
from tests.helpers.projects import snapshot
from tests.helpers.versions import CASES, compared

TIMES, LEAST = 60, 0.05
FORM_FIELDS = forms.find(snapshot(REPOSITORY), "department-target").fields
SAMPLE = CASES.joinpath("prose/old.yaml").read_text("utf-8")
HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也"

pytestmark = pytest.mark.long


def text(choices: random.Random, letters: int, alphabet: str = HAN) -> str:
    return "".join(choices.choice(alphabet) for _ in range(letters))


def changed(choices: random.Random, words: str, times: int) -> str:
    for _ in range(times):
        at = choices.randrange(len(words) + 1)
        words = words[:at] + choices.choice(["", "改", "新的"]) + words[at + choices.randrange(3) :]
    return words


def test_the_bounds_are_never_less_than_the_likeness():
    choices = random.Random(1)
    for _ in range(300):
        old = text(choices, choices.randrange(60), HAN[: choices.choice([2, 9, 80])])
        new = changed(choices, old, 9) if choices.random() < 0.5 else text(choices, choices.randrange(60), HAN[:9])
        matched = sum(block.size for block in difflib.SequenceMatcher(None, old, new, False).get_matching_blocks())
        assert matched <= _longest_common(Text(old), Text(new)) <= (Counter(old) & Counter(new)).total()
        least = choices.choice([0.35, 0.6])
        within, whole = ratio_within(Text(old), Text(new), least, Budget()), ratio(old, new)
        assert within == whole or (within == 0 and whole < least)


def pairs_as_they_were(old, new):
    """The rows of two lists of texts that belong together, all compared with all, as difflib has it."""
    free = [set(range(len(old))), set(range(len(new)))]
    pairs = {}
    for score in (
        lambda a, b: float(old[a] == new[b]),
        lambda a, b: r if (r := ratio(old[a], new[b])) >= 0.6 else 0.0,
    ):
        scored = [(score(a, b), a, b) for a, b in itertools.product(*map(sorted, free))]
        for s, a, b in sorted(scored, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1])):
            if s and a in free[0] and b in free[1]:
                free[0].discard(a), free[1].discard(b)
                pairs[b] = a
    order = [(pairs.get(b), b) for b in range(len(new))]
    for a in range(len(old)):
        if a not in pairs.values():
            previous = next((at for at, (b, _) in enumerate(order) if b is not None and b == a - 1), None)
            order.insert(0 if a == 0 else len(order) if previous is None else previous + 1, (a, None))
    return order


@pytest.mark.parametrize("seed", range(12))
def test_small_lists_are_paired_as_they_were(seed):
    choices = random.Random(seed)
    old = [text(choices, choices.randrange(1, 30), HAN[:20]) for _ in range(choices.randrange(14))]
    new = [changed(choices, row, choices.randrange(6)) for row in old if choices.random() < 0.8]
    new += [text(choices, 12, HAN[:20]) for _ in range(choices.randrange(4))]
    choices.shuffle(new)
    assert pair(old, new, None, Budget()) == pairs_as_they_were(old, new)


def test_equal_rows_are_those_that_are_equal():
    rows = [{"a": [1, None]}, {"a": [1, ""]}, [], None, {}, "", ["..."], {"a": {"b": True}}]
    assert pair(rows, rows[::-1], None, Budget()) == [(7 - n, n) for n in range(8)]


# --- what an attacker writes -----------------------------------------------------------------


def sentences(seed: int, count: int, letters: int, alphabet: str = HAN) -> list[str]:
    choices = random.Random(seed)
    return [text(choices, letters, alphabet) for _ in range(count)]


def near(count: int, letters: int) -> tuple[list[str], list[str]]:
    """Rows that are all alike: each old one with each new one nearly enough."""
    choices = random.Random(5)
    base = text(choices, letters)
    return tuple([changed(choices, base, letters // 8) for _ in range(count)] for _ in range(2))


def named(rows: list[str], first: int = 0) -> list[dict[str, str]]:
    return [{"名称": row, "值": f"{number}"} for number, row in enumerate(rows, first)]


MANY = {
    # 100 and two times 199 replaced texts of 200 characters
    "replaced": lambda: ([(sentences(1, 100, 200), sentences(2, 100, 200))], None),
    "replaced, two lists": lambda: ([(sentences(n, 199, 200), sentences(n + 9, 199, 200)) for n in (1, 2)], None),
    # others of the kind
    "the same letters": lambda: ([(sentences(1, 199, 290, "甲乙"), sentences(2, 199, 290, "甲乙"))], None),
    "nearly alike": lambda: ([near(199, 290)], None),
    "many lists": lambda: ([(sentences(n, 60, 60), sentences(n + 99, 60, 60)) for n in range(60)], None),
    "long texts": lambda: ([(sentences(1, 120, 2000), sentences(2, 120, 2000))], None),
    "one name": lambda: ([(named(["甲"] * 5000), named(["甲"] * 4999, 9000))], "名称"),
    "one name, fewer rows": lambda: ([(named(["甲"] * 190), named(["甲"] * 190, 9000))] * 9, "名称"),
    "equal rows": lambda: ([(["甲"] * 20_000, ["甲"] * 19_000)], None),
    "new names": lambda: ([(named(sentences(1, 199, 60)), named(sentences(2, 199, 60)))], "名称"),
    "rows that are gone": lambda: ([([f"{n}" for n in range(20_000)], ["甲"])], None),
}  # fmt: skip


def paired(lists, identity):
    pairer = Pairer()
    for number, (old, new) in enumerate(lists):
        pairer.pair((old, new), identity, ((number,), (number,)))
    return pairer.budget.left


@pytest.fixture(scope="module")
def usual():
    work = functools.partial(compared, SAMPLE, SAMPLE.replace("90%", "80%"))
    work()
    return max(limited(work).seconds, LEAST)


@pytest.mark.skipif(sys.platform != "linux", reason="the size of the process is asked of /proc")
@pytest.mark.parametrize("name", MANY)
def test_a_comparison_has_an_end(name, usual):
    cost = limited(functools.partial(paired, *MANY[name]()))
    assert cost.outcome.isdecimal()
    assert cost.seconds < TIMES * usual


def test_a_budget_is_one_for_all_lists():
    assert 0 <= paired(*MANY["nearly alike"]()) < MOST_STEPS
    budget = Budget(1000)
    pairer = Pairer(budget)
    rows = near(30, 100)
    first = pairer.pair(rows, None, ((0,), (0,)))
    assert budget.was_short
    assert budget.left < 1000
    assert len([None for old, new in pairer.pair(rows, None, ((1,), (1,))) if old is not None and new is not None]) <= 1
    assert pairer.pair(rows, None, ((0,), (0,))) is first


def test_what_was_not_compared_row_by_row_is_said(monkeypatch):
    lines = [f"- {row}" for row in sentences(1, 40, 60)]
    other = [f"- {row}" for row in sentences(2, 40, 60)]
    at = SAMPLE.index("\n", SAMPLE.index("部门职能概述:")) + 1
    old, new = ("".join([SAMPLE[:at], *(f"  {line}\n" for line in rows), SAMPLE[at:]]) for rows in (lines, other))
    assert [finding.rule for finding in compared(old, new).remarks] == []
    monkeypatch.setattr(similarity, "Budget", functools.partial(Budget, 5000))
    unit = compared(old, new)
    assert [finding.rule for finding in unit.remarks] == ["R07"]
    comparison = Comparison(snapshot(REPOSITORY), VersionRange("a", None, "a", "现在的文件"), (unit,))
    for name in ("text", "markdown", "html", "json"):
        assert "没有逐行比较" in formats.render(name, comparison)


def test_the_page_pairs_the_rows_as_the_changes_do():
    old = reader.load_yaml(SAMPLE.encode(), "x.yaml").data
    new = reader.load_yaml(SAMPLE.replace("90%", "80%").encode(), "x.yaml").data
    pairer = Pairer(Budget(200))
    told = differences(old, new, FORM_FIELDS, pairer=pairer)
    forward = counterparts(old, new, FORM_FIELDS, pairer)
    assert all(forward[d.new_path] == d.old_path for d in told if d.new_path and d.old_path and d.new_path in forward)
