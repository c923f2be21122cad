"""What moved from last year's file must be what it says there; expectations are not held against what came of them."""

from __future__ import annotations

import re

import pytest

from perfgen.authoring import rollover
from perfgen.check.filing import Filing
from perfgen.check.last_year import differences_from_last_year
from perfgen.findings import Level
from perfgen.source import reader
from tests.conftest import SAMPLES
from tests.helpers import years
from tests.helpers.projects import document_and_form

OLD = """\
form: ledger
年: 2024
户: 东
到: 2030
话: []
钱:
  甲: {今: 10, 去: 9, 前: 8}
行:
  - {名: 一, 前: 1%, 去: 2%, 想: ≥80%, 花: 5}
  - {名: “二”, 去: 12000元, 想: 3项, 花: 0.25}
  - {名: 三, 去: —, 想: 规范}
"""
NEW = """\
form: ledger
年: 2025
户: 东
到: 2030
话: []
钱:
  甲: {去: 10.00, 前: 9}
  乙: {去: 5.25}
行:
  - {名: 一, 前: 2.0%, 去: 83%, 想: ≥85%, 花: 5}
  - {名: 二, 前: 1.2万元, 去: 3项, 想: 4项}
  - {名: 三, 前: 5项, 去: 规范, 想: 规范}
  - {名: 新, 前: 7项, 去: 8项, 想: 9项}
"""


@pytest.fixture
def compare(tmp_path):
    form = years.form(years.make(tmp_path / "ledger"))

    def run(new: str, old: str = OLD):
        filings = [
            Filing(reader.load_yaml(text.encode(), f"data/{year}/东.yaml"), form)
            for year, text in ((2025, new), (2024, old))
        ]
        return list(differences_from_last_year(*filings))

    return run


def test_the_same_in_other_words_is_no_difference(compare):
    assert compare(NEW) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("去: 10.00", "去: 10.01", 7, "“钱.甲.去”是 10.01，data/2024/东.yaml 的“今”是 10。"),
        ("前: 9}", "前: 0}", 7, "“钱.甲.前”是 0，data/2024/东.yaml 的“去”是 9。"),
        ("乙: {去: 5.25}", "乙: {去: 5}", 8, "“钱.乙.去”是 5，data/2024/东.yaml 的“今”是 5.25。"),
        ("  乙: {去: 5.25}\n", "", 6, "“钱.乙.去”没有填，data/2024/东.yaml 的“今”是 5.25。"),
        ("去: 5.25", "去: 5.25, 前: 3", 8, "“钱.乙.前”是 3，data/2024/东.yaml 的“去”没有填。"),
        ("前: 2.0%", "前: 3%", 10, "“行[1].前”是 3%，data/2024/东.yaml 的“去”是 2%。"),
        ("前: 2.0%, ", "", 10, "“行[1].前”没有填"),
        ("前: 1.2万元", "前: 1.2万人", 11, "“行[2].前”是 1.2万人"),
    ],
)
def test_a_difference_is_a_warning_at_its_place(compare, old, new, line, words):
    assert old in NEW
    (found,) = compare(NEW.replace(old, new))
    assert (found.rule, found.level, found.place.line) == ("last-year", Level.WARNING, line)
    assert words in found.message and "“理由”里写一行“last-year " in found.hint


def test_nothing_and_zero_are_the_same_money(compare):
    assert compare(NEW.replace("去: 5.25", "去: 5.25, 前: 0")) == []


def test_an_expectation_left_over_is_a_warning(compare):
    (found,) = compare(NEW.replace("去: 83%", "去: ≥80%"))
    assert (found.rule, found.level, found.path) == ("last-year-expected", Level.WARNING, ("行", 0, "去"))
    assert found.hint == "换成实际数；还没有实际数的，在“理由”里写一行“last-year-expected: 为什么”。"


def test_an_expectation_never_replaced_is_not_held_against_the_actual_value(compare):
    assert compare(NEW.replace("前: 2.0%", "前: 79%"), OLD.replace("去: 2%", "去: ≥80%")) == []


def test_one_warning_for_all_expectations_left_over(compare):
    (found,) = compare(
        NEW.replace("去: 83%", "去: ≥80%").replace("去: 3项", "去: ≤3项"), OLD.replace("想: 3项", "想: ≤3项")
    )
    assert "2 处照抄了 data/2024/东.yaml 的预期值" in found.message and "“行[1].去”：≥80%" in found.message
    assert re.search(r"第 \d+、\d+ 行", found.message)


def test_two_rows_of_one_name_are_not_guessed_at(compare):
    twice = NEW.replace("  - {名: 新, 前: 7项", "  - {名: 一, 前: 7项")
    assert compare(twice) == []


def test_rows_are_found_by_name_wherever_they_stand(compare):
    rows = NEW.index("  - {名: 一")
    turned = NEW[:rows] + "".join(reversed(NEW[rows:].splitlines(keepends=True)))
    assert compare(turned) == []
    (found,) = compare(turned.replace("前: 2.0%", "前: 4%"))
    assert found.path == ("行", 3, "前")


@pytest.mark.parametrize("source", [name for name in SAMPLES if "2025" in name])
def test_the_samples_agree_from_year_to_year_and_changes_in_them_are_seen(repository, source):
    document, form = document_and_form(repository, source)
    last = document_and_form(repository, source.replace("2025", "2024"))[0]
    before = Filing(last, form)
    assert list(differences_from_last_year(Filing(document, form), before)) == []
    text = (repository / source).read_text("utf-8")
    group = text.rindex("- 目标: ")
    renamed = text[:group] + "- 目标: 另一个说法。\n" + text[text.index("\n", group) + 1 :]
    other = reader.load_yaml(renamed.replace("前年: 9", "前年: 4").encode(), source)
    found = [
        finding for finding in differences_from_last_year(Filing(other, form), before) if finding.level is Level.WARNING
    ]
    assert len(found) > 3 and {finding.path[-1] for finding in found} <= {"前年"}


@pytest.mark.parametrize("source", SAMPLES)
def test_a_rollover_agrees_with_what_it_was_made_from(repository, source):
    document, form = document_and_form(repository, source)
    text = (repository / source).read_text("utf-8")
    rolled = rollover.roll(text, document, form, form.figures.compute(document.data))
    new = reader.load_yaml(rolled.text.encode(), "data/2099/x.yaml")
    found = list(differences_from_last_year(Filing(new, form), Filing(document, form)))
    assert {finding.rule for finding in found} <= {"last-year-expected"}
