"""What is not filled in is said once for each row, keeps nothing else from being judged, and causes nothing else."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, put
from perfgen.findings import Finding, Level
from perfgen.form.formula_functions import add_column, count
from perfgen.form.holes import HOLE, HoleNeededError
from perfgen.project.layout import DataFile
from perfgen.source import reader
from perfgen.source.editor import Editor
from perfgen.source.replace import New
from perfgen.table.numbering import numbered_texts
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long

SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "data").glob("2*/*.yaml"))


SKIPPED = ("表式", "审核说明", "调整理由")


def filing(source: str) -> Filing:
    return loading.well_formed(snapshot(REPOSITORY), DataFile.at(source))


def with_text(of: Filing, text: str) -> Filing:
    return Filing(reader.load_yaml(text.encode(), of.document.file), of.form, of.earlier)


def changed(of: Filing, change: Callable[[Editor], None]) -> str:
    editor = Editor(of.document.text, of.document)
    change(editor)
    return editor.text()


def emptied(of: Filing, *paths: ValuePath) -> str:
    editor = Editor(of.document.text, of.document)
    for path in paths:
        editor.empty(path)
    return editor.text()


def values_of(node: Data, path: ValuePath = ()) -> Iterator[ValuePath]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from values_of(value, (*path, name))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from values_of(value, (*path, number))
    else:
        yield path


def about(finding: Finding) -> tuple[str, ValuePath]:
    """Its message may name the row, which may not have its name yet."""
    return finding.rule, finding.path


@pytest.mark.parametrize("source", SAMPLES)
def test_a_single_value_emptied_is_one_finding_and_no_other_is_new(source, monkeypatch):
    whole = filing(source)
    with monkeypatch.context() as patch:  # what another finding at the same value covers was there before, too
        patch.setattr(check.covering, "one_for_each_value", lambda findings, _: list(findings))
        before = {about(finding) for finding in check.check_filing(whole)}
    rng = random.Random(source)
    paths = [path for path in values_of(whole.document.data) if path[0] not in SKIPPED]
    for path in rng.sample(paths, 60):
        found = check.check_filing(with_text(whole, emptied(whole, path)))
        (hole,) = [finding for finding in found if finding.unfilled]
        assert hole.path == path and hole.level is Level.ERROR and "没有填" in hole.message
        new = {about(one) for one in found if not one.unfilled and one.level is not Level.UNDECIDED} - before
        assert new == set(), path
        assert found[-1] == hole


@pytest.mark.parametrize("source", SAMPLES[:3])
def test_filled_in_step_by_step_a_finding_stays_until_it_is_answered(source):
    """From empty to complete: what is said of a step but for holes is still said at the end."""
    whole = filing(source)
    at_the_end = {about(finding) for finding in check.check_filing(whole)}
    paths = [path for path in values_of(whole.document.data) if path[0] not in SKIPPED]
    said: set[object] = set()
    holes = None
    for step in range(0, len(paths) + 1, max(1, len(paths) // 25)):
        found = check.check_filing(with_text(whole, emptied(whole, *paths[step:])))
        now = {about(one) for one in found if not one.unfilled and one.level is not Level.UNDECIDED}
        assert now <= at_the_end and said <= now, step
        said, still = now, sum(finding.unfilled for finding in found)
        assert holes is None or still <= holes
        holes = still


@pytest.mark.parametrize("source", SAMPLES[1::4])
def test_a_value_that_is_wrong_or_gone_is_one_finding_too(source):
    whole = filing(source)
    before = {about(finding) for finding in check.check_filing(whole)}
    rng = random.Random(source)
    for path in rng.sample([path for path in values_of(whole.document.data) if path[0] not in SKIPPED], 20):
        field = whole.form.fields.at(path)
        around = whole.form.fields.at(path[:-1])
        wrong = "甲" * 3000 if field.measure else "三百" if field.numeric else "别的" if field.choices else Decimal(5)
        texts = [changed(whole, lambda editor, path=path, wrong=wrong: editor.replace(path, New(wrong)))]
        if path[-1] in around.required:
            texts.append(changed(whole, lambda editor, path=path: editor.remove(path)))
        for text in texts:
            found = [one for one in check.check_filing(with_text(whole, text)) if one.level is not Level.UNDECIDED]
            (new,) = {about(one) for one in found} - before
            assert new[1] == path and new[0].startswith("schema-")


def test_a_total_is_judged_once_its_parts_stand():
    whole = filing(SAMPLES[-1])
    data = whole.document.data
    first = next(name for name in data["收入构成"] if "当年" in data["收入构成"][name])
    more = data["收入构成"][first]["当年"] + 1

    def change(editor: Editor, *paths: ValuePath) -> None:
        editor.replace(("收入构成", first, "当年"), New(more))
        for path in paths:
            editor.empty(path)

    elsewhere = ("年度目标", 0)
    rules = [one.rule for one in check.check_filing(with_text(whole, changed(whole, lambda e: change(e, elsewhere))))]
    assert "A05" in rules
    part = ("项目支出", 0, "本年度预算")
    rules = [one.rule for one in check.check_filing(with_text(whole, changed(whole, lambda e: change(e, part))))]
    assert "A05" not in rules and "A15" not in rules


def test_a_reason_is_not_stale_while_what_it_answers_cannot_be_judged():
    source = next(one for one in SAMPLES if "审核说明" in filing(one).document.data)
    whole = filing(source)
    rule = next(iter(whole.document.data["审核说明"])).split()[0]
    answered = [one.path for one in check.check_filing(whole) if one.reason and one.rule == rule]
    paths = [path for path in values_of(whole.document.data) if path[0] not in SKIPPED]
    inside = [path for path in paths if any(path[: len(one)] == one or one[:-1] == path[:-1] for one in answered)]
    found = check.check_filing(with_text(whole, emptied(whole, *inside)))
    assert inside and not any(one.rule == "waiver-stale" for one in found)


def test_rows_and_groups_are_one_finding_each():
    whole = filing(SAMPLES[0])
    row = ("长期绩效指标", 0, "运行成本", "公用经费控制", 0)
    names = [(*row, name) for name in ("三级指标", "指标值", "依据", "分类")]
    (hole,) = [one for one in check.check_filing(with_text(whole, emptied(whole, *names))) if one.unfilled]
    assert hole.message == "三级指标、指标值、依据、分类没有填。"
    (hole,) = [one for one in check.check_filing(with_text(whole, emptied(whole, *names[2:]))) if one.unfilled]
    assert hole.message == f"“{whole.document.value(names[0])}”的依据、分类没有填。"
    group = [("收入构成", "财政拨款", name) for name in ("当年", "上年")]
    (hole,) = [one for one in check.check_filing(with_text(whole, emptied(whole, *group))) if one.unfilled]
    assert hole.message == "“收入构成.财政拨款”的当年、上年没有填。"


def test_an_empty_group_is_not_called_by_the_sentence_of_its_block():
    whole = filing(SAMPLES[0])
    for block in ("长期绩效指标", "年度绩效指标"):
        goal = whole.document.value((block, 0, "目标"))
        assert isinstance(goal, str) and "，" in goal
        for path in (
            (block, 0, "履职效能", next(iter(whole.document.value((block, 0, "履职效能"))))),
            (block, 0, "满意度"),
        ):
            (hole,) = [one for one in check.check_filing(with_text(whole, emptied(whole, path))) if one.path == path]
            assert hole.unfilled and "没有填。" in hole.message


def test_real_errors_come_before_holes():
    whole = filing(SAMPLES[0])

    def change(editor: Editor) -> None:
        editor.empty(("填报人",))
        editor.replace(("年度绩效指标", 0, "目标"), New(Decimal(5)))

    found = check.check_filing(with_text(whole, changed(whole, change)))
    errors = [one.path for one in found if one.level is Level.ERROR]
    assert errors == [("年度绩效指标", 0, "目标"), ("填报人",)]


def test_what_is_undecided_is_one_finding_a_file():
    whole = filing(SAMPLES[0])
    alone = Filing(whole.document, whole.form)
    (undecided,) = [one for one in check.check_filing(alone) if one.level is Level.UNDECIDED]
    assert undecided.rule == "undecided" and all(rule in undecided.message for rule in ("A16", "A17b", "D19a"))


def test_whatever_is_done_with_a_hole_is_refused():
    for do in (
        lambda: HOLE + 1, lambda: 1 - HOLE, lambda: HOLE == 1, lambda: HOLE < 1, lambda: bool(HOLE), lambda: len(HOLE),
        lambda: str(HOLE), lambda: HOLE["甲"], lambda: HOLE.measure, lambda: abs(HOLE), lambda: 1 in [HOLE],
        lambda: {HOLE}, lambda: list(HOLE), lambda: add_column([{"甲": HOLE}], "甲"), lambda: count([HOLE]),
    ):  # fmt: skip
        with pytest.raises(HoleNeededError):
            do()


def test_several_names_that_are_lacking_are_said_once():
    whole = filing(SAMPLES[0])

    def change(editor: Editor) -> None:
        for name in ("填报人", "联系电话"):
            editor.remove((name,))
        for name in ("依据", "分类"):
            editor.remove(("长期绩效指标", 0, "运行成本", "公用经费控制", 0, name))

    holes = [one for one in check.check_filing(with_text(whole, changed(whole, change))) if one.unfilled]
    assert [hole.message.partition("的")[2] or hole.message for hole in holes] == [
        "填报人、联系电话没有填。", "依据、分类没有填。",
    ]  # fmt: skip
    assert all(hole.rule == "schema-required" and "补上" in hole.hint for hole in holes)


WEIRD = (None, True, "", [], {}, "文", Decimal(-5), [None], [[]], [{}], {"甲": None}, {"甲": {"乙": [1]}}, {"甲": "乙"})


@pytest.mark.parametrize("source", SAMPLES[:2])
def test_nothing_that_a_file_may_hold_is_a_fault(source):
    whole = filing(source)
    rng = random.Random(source)
    for _ in range(30):
        data = copy.deepcopy(whole.document.data)
        for _ in range(rng.choice((1, 3))):
            paths = [path[: rng.randint(1, len(path))] for path in values_of(data) if path and path[0] != "表式"]
            put(data, rng.choice(paths), copy.deepcopy(rng.choice(WEIRD)))
        of = Filing(replace(whole.document, data=data), whole.form, whole.earlier)
        of.number(numbered_texts(snapshot(REPOSITORY), of.form, data))
        assert all(isinstance(finding, Finding) for finding in check.check_filing(of))
