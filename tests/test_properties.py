"""What must hold of any file: hostile text ends in findings, valid data passes, a wrong digit is found."""

from __future__ import annotations

import copy
import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from perfgen import formats, values
from perfgen.authoring import repair
from perfgen.authoring.repair import difference
from perfgen.build import job
from perfgen.findings import Finding, Level
from perfgen.form import forms
from perfgen.form.figures import FigureSet
from perfgen.project.layout import DataFile
from perfgen.report import site
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers import anything, tiny
from tests.helpers.anything import MONEY, NOISE, RUNS, TARGETS, TEXT
from tests.helpers.found import errors, unanswered
from tests.helpers.hangs import no_hang
from tests.helpers.projects import snapshot, with_form

SOURCE = "data/2025/示例市示例局.yaml"
SAMPLE = (REPOSITORY / "data/2025/示例市档案馆.yaml").read_text("utf-8")
FORM = forms.find(snapshot(REPOSITORY), "department-target")
assert FORM is not None

# Checking the sample takes some 30 ms; what is slower than this by two orders hangs.
SLOW = 4.0
# `make test` tries the same examples every time; `make nightly` new ones, this many times as many.
MORE = int(os.environ.get("PERFGEN_MORE_EXAMPLES", "0"))


PHASES = (Phase.explicit, Phase.generate) if os.environ.get("NOSHRINK") else tuple(Phase)


def tries(number: int) -> settings:
    """So many examples, the same ones in each run, unless more are asked for."""
    return settings(
        max_examples=number * (MORE or 1), derandomize=not MORE, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True, phases=PHASES,
    )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A project with the real form, to put one file into at a time."""
    root = tmp_path_factory.mktemp("any") / "project"
    root.mkdir()
    return with_form(root)


def check(root: Path, content: bytes) -> list[Finding]:
    """The findings of a file of these bytes, in no more than SLOW seconds of the processor."""
    (root / SOURCE).write_bytes(content)
    begin = time.process_time()
    with no_hang():
        result, _ = job.check_file(snapshot(root), DataFile.at(SOURCE))
    assert time.process_time() - begin < SLOW
    return result.findings


def is_fit_to_read(found: list[Finding], root: Path) -> None:
    """Each finding has a place in the file and words, and every format can say it in time."""
    for finding in found:
        assert finding.place.file == SOURCE and finding.place.line >= 0
        assert finding.message and finding.rule
    begin = time.process_time()
    with no_hang():
        for name in formats.names():
            assert formats.render(name, found, snapshot(root)) or not found
    assert time.process_time() - begin < SLOW


# ── any text ──


@tries(300)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode), NOISE.map(str.encode)))
@example(b"[" * 30_000)
@example(("{" * 30_000).encode())
@example(b"- " * 30_000)
@example("表式: department-target\n? - a".encode())
def test_any_bytes_end_in_findings(place, content):
    found = check(place, content)
    assert any(finding.level is Level.ERROR for finding in found)
    is_fit_to_read(found, place)


@tries(150)
@given(anything.damaged(SAMPLE))
def test_a_damaged_file_ends_in_findings(place, text):
    is_fit_to_read(check(place, text.encode("utf-8", "replace")), place)


@tries(60)
@given(RUNS, st.sampled_from(["", "表式: department-target\n年度: ", '表式: department-target\n部门名称: "']))
def test_nothing_makes_it_hang(place, run, before):
    check(place, (before + run).encode())


@tries(60)
@given(st.sampled_from(["用途: 办公", "指标值: 相符", "目标: 建设"]), RUNS)
def test_long_values_do_not_make_the_rules_hang(place, where, run):
    """A text as long as the schema lets it be reaches every rule."""
    text = SAMPLE.replace(where, f"{where.partition(' ')[0]} {anything.as_yaml({'x': run[:1900]}, flow=True)[5:]} #", 1)
    check(place, text.encode())


@tries(100)
@given(st.one_of(anything.damaged(SAMPLE[:1500]), NOISE))
def test_a_repair_never_fails_and_is_done_once(text):
    content = text.encode("utf-8", "replace")
    first = repair.repair(content, SOURCE)
    assert repair.repair(first.content, SOURCE).content == first.content
    assert bool(difference(content, first.content, SOURCE)) or not first.answered


@tries(500)
@given(*2 * [st.text(max_size=40) | TARGETS])
def test_any_target_value_can_be_read_and_compared(old, new):
    one, other = values.parse(old), values.parse(new)
    values.compare_measures(one, other, old, FORM.rules.vocabulary)
    assert one.is_number + one.is_date + one.is_blank + bool(one.word) == 1


@tries(150)
@given(anything.damaged(tiny.SCHEMA_TEXT), anything.damaged(tiny.RULES))
def test_a_damaged_form_is_the_forms_fault(tmp_path_factory, schema, rules):
    root = tiny.make(tmp_path_factory.mktemp("form"))
    (root / "schema/fruit.schema.json").write_text(schema, "utf-8", errors="replace")
    (root / "schema/fruit.rules.yaml").write_text(rules, "utf-8", errors="replace")
    result, _ = job.check_file(snapshot(root), DataFile.at("data/2025/东园.yaml"))
    assert result.exit_code in (0, 1, 2)


# ── valid data ──

INCOME, SPENDING = (
    ("财政拨款", "财政专户管理资金", "单位资金"),
    ("人员类项目支出", "运转类项目支出", "特定目标类项目支出"),
)
ANSWERS = "允许公开的内容|审核说明|调整理由|审核记录"
BLOCKS = {"长期绩效指标": "长期指标", "年度绩效指标": "年度指标"}
_PATHS: dict[str, st.SearchStrategy[Any]] = {
    "年度": st.just(2025),
    "长期目标.截止年": st.integers(2026, 2030),
    r".*\.(指标值|前年|上年)": TARGETS,
    "填报人": st.sampled_from(["示例", "甲乙·丙丁", "𠮷䶮"]),
    "联系电话": st.sampled_from(["0000-0000000", "0000000", "0000-0000000-123"]),
    f"{ANSWERS}|收入构成|支出构成|{'|'.join(BLOCKS)}": st.just({}),
}
_ROWS = anything.FromSchema(FORM.schema, _PATHS)
_WHOLE = _ROWS.all()
_FEW = {
    block: st.lists(_ROWS.of(FORM.schema["$defs"][row], "x"), min_size=2, max_size=4) for block, row in BLOCKS.items()
}
_PARTS = st.lists(MONEY, min_size=3, max_size=3)


@st.composite
def targets(draw: st.DrawFn, block: str) -> list[dict[str, Any]]:
    """Groups of target values under every name the form has, each row out of a few."""
    few = draw(_FEW[block])
    groups = []
    for _ in range(draw(st.integers(1, 2))):
        group: dict[str, Any] = {"目标": draw(TEXT)}
        chance = draw(st.randoms(use_true_random=False))
        for first, below in FORM.schema["properties"][block]["items"]["properties"].items():
            if first != "目标":
                names = below.get("properties") or [draw(TEXT)]
                group[first] = {second: chance.choices(few, k=chance.choice([1, 1, 2])) for second in names}
        groups.append(group)
    return groups


@st.composite
def filings(draw: st.DrawFn) -> dict[str, Any]:
    """Data the schema allows, whose sums are right: what comes in is what is spent, each year."""
    form = FORM.fields.with_role("form")
    drawn = draw(_WHOLE)
    data = {form: drawn[form]} | copy.deepcopy(drawn) | {block: draw(targets(block)) for block in BLOCKS}
    spent = {}
    for project in data.setdefault("项目支出", []):
        project["总预算"] = max(project["总预算"], project["本年度预算"])
        spent[project["类别"]] = spent.get(project["类别"], Decimal(0)) + project["本年度预算"]
    data["收入构成"], data["支出构成"] = {name: {} for name in INCOME}, {name: {} for name in SPENDING}
    for year in ("当年", "上年", "前年"):
        amounts = [spent.get(name, Decimal(0)) for name in SPENDING] if year == "当年" else draw(_PARTS)
        if year == "当年" and not spent:
            continue
        if year != "当年":
            for name, amount in zip(SPENDING, amounts, strict=True):
                data["支出构成"][name][year] = amount
        left = sum(amounts, Decimal(0))
        for name in INCOME[:2]:
            data["收入构成"][name][year] = part = draw(st.integers(0, int(left * 100))) / Decimal(100)
            left -= part
        data["收入构成"][INCOME[2]][year] = left
    return data


def claimed(data: dict[str, Any]) -> dict[str, Any]:
    """The same data with every total and share typed by hand as well, rightly."""
    plain = reader.load_yaml(anything.as_yaml(data, flow=True).encode(), SOURCE).data
    figures = FORM.figures.compute(plain)
    wanted = {
        path: f"{value}%" if FORM.figures.units.get(path) == "%" else value
        for path, value in figures.items()
        if value is not None and path[0] in ("收入构成", "支出构成")
    }
    return FigureSet.filled(data, wanted)


@tries(80)
@given(filings(), st.booleans(), st.booleans(), st.integers(20, 200))
def test_valid_data_passes(place, data, flow, with_claims, width):
    text = anything.as_yaml(claimed(data) if with_claims else data, flow=flow, width=width)
    found = check(place, text.encode())
    assert errors(found) == []
    is_fit_to_read(found, place)


@tries(6)
@given(filings())
def test_valid_data_builds(place, data):
    """Every cell of the Word file is read back and held against the data by the build itself."""
    check(place, anything.as_yaml(data, flow=False).encode())
    wanted = frozenset({("docx", "official"), ("data_json", "public")})
    result = job.build_file(snapshot(place), DataFile.at(SOURCE), site.load_site(snapshot(REPOSITORY)), wanted)
    assert errors(result.findings) == []
    assert {made.renderer for made in result.made} >= {"docx"} and all(made.cells for made in result.made)


# ── a wrong digit ──


def money_cells(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where amounts stand that a formula ties to another."""
    if isinstance(node, dict | list):
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from money_cells(value, (*path, step))
    elif isinstance(node, Decimal) and path[0] in ("收入构成", "支出构成", "项目支出") and path[-1] != "总预算":
        yield path


def with_digit(amount: Decimal, position: int, digit: int) -> Decimal:
    """An amount with one of its digits replaced by another."""
    text = format(amount, "f")
    places = [at for at, char in enumerate(text) if char.isdigit()]
    at = places[position % len(places)]
    new = str(digit) if text[at] != str(digit) else str((digit + 1) % 10)
    return Decimal(text[:at] + new + text[at + 1 :])


def changed(data: Any, path: tuple[Any, ...], value: Decimal) -> Any:
    """The data with another value at a path."""
    data = copy.deepcopy(data)
    here = data
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return data


@tries(120)
@given(filings(), st.data())
def test_a_single_wrong_digit_is_found(place, data, draws):
    right = claimed(data)
    cells = list(money_cells(right))
    path = draws.draw(st.sampled_from(cells))
    here: Any = right
    for step in path:
        here = here[step]
    wrong = with_digit(here, draws.draw(st.integers(0, 20)), draws.draw(st.integers(0, 9)))
    assert errors(check(place, anything.as_yaml(changed(right, path, wrong), flow=True).encode())), (path, here, wrong)


@pytest.mark.long
def test_every_digit_of_the_sample_matters(place):
    """Not by chance: each money cell of a real file, every one of its digits."""
    data = reader.load_yaml(SAMPLE.encode(), SOURCE).data
    right = claimed(data)
    assert unanswered(check(place, anything.as_yaml(right, flow=True).encode())) == []
    missed, tried = [], 0
    for path in money_cells(right):
        here: Any = right
        for step in path:
            here = here[step]
        for position in range(sum(char.isdigit() for char in format(here, "f"))):
            wrong = with_digit(here, position, (position * 3 + 1) % 10)
            text = anything.as_yaml(changed(right, path, wrong), flow=True)
            tried += 1
            if not errors(check(place, text.encode())):
                missed.append((path, here, wrong))
    assert tried > 80 and missed == []


def test_a_valid_file_read_as_blocks_or_in_brackets_is_the_same():
    data = reader.load_yaml(SAMPLE.encode(), SOURCE).data
    for flow in (True, False):
        assert reader.load_yaml(anything.as_yaml(data, flow=flow).encode(), SOURCE).data == data
