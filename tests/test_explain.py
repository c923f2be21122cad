"""`explain` says a rule in full and by which figures it was judged; the rule book is as fresh as the rules."""

from __future__ import annotations

import re

import pytest

from perfgen import cli
from perfgen.check import engine_rules, explanation, loading, rule_book
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.review import rules as comparison_rules
from tests.helpers.projects import snapshot


@pytest.fixture
def form(repository):
    return forms.find(snapshot(repository), "department-target")


def test_the_rule_books_are_fresh(repository):
    books, broken = rule_book.books(snapshot(repository))
    assert books and not broken
    for path, text in books.items():
        assert (repository / path).read_text("utf-8") == text, "make rules"


def test_every_rule_is_explained(form):
    formulas = {figure.path: figure.formula for figure in form.figures.figures}
    for rule in form.rules.rules.values():
        text = "\n".join(explanation.explain_rule(rule, formulas))
        assert rule.name in text and rule.source in text
        assert any(word in text for word in ("必须成立", "核对：", "怎样保证"))


def test_a_claim_is_explained_by_the_terms_of_its_sum(repository, form):
    filing = loading.well_formed(snapshot(repository), DataFile.at("data/2024/鄂州市财政局.yaml"))
    text = "\n".join(explanation.explain_verdicts(form.rules.rules["A08"], filing))
    assert "支出构成.特定目标类项目支出.当年 算出来是 1260" in text
    assert "458、30、55、200、444、73" in text


def test_a_broken_rule_is_said_with_place_and_figures(repository, form):
    filing = loading.well_formed(snapshot(repository), DataFile.at("data/2024/鄂州市财政局.yaml"))
    text = "\n".join(explanation.explain_verdicts(form.rules.rules["D01"], filing))
    assert "36 条指标里 15 条是定量的，占 41.67%" in text
    assert "data/2024/鄂州市财政局.yaml:" in text
    assert "定量比例下限：50" in text


def test_every_rule_can_be_applied_to_every_sample(repository, form):
    for path in sorted(repository.glob("data/2*/*.yaml")):
        filing = loading.well_formed(snapshot(repository), DataFile.at(path.relative_to(repository).as_posix()))
        for rule in form.rules.rules.values():
            assert list(explanation.explain_verdicts(rule, filing))


def test_every_id_of_the_engine_means_something(repository):
    source = "".join(p.read_text("utf-8") for p in (repository / "perfgen").rglob("*.py") if p.stem != "engine_rules")
    kinds = "yaml|character|location|private|waiver|last|file|import|rollover|template|proof|pdf|figure"
    ids = set(re.findall(rf'"((?:{kinds})-[a-z-]+)"', source)) - {"pdf-warning", "pdf-pages", "pdf-font", "pdf-fetch"}
    assert ids - set(engine_rules.RULES) == set()
    assert engine_rules.meaning_of("schema-required") and engine_rules.meaning_of("A99") is None


def test_no_shipped_form_has_a_rule_with_an_id_of_perfgens_own(repository):
    """A reason, a waiver and `explain` would mean two things by it."""
    known = forms.loaded(snapshot(repository))
    declared = {number for form in known for number in (*form.rules.rules, *form.rules.all_units)}
    assert len(known) > 1 and declared.isdisjoint({*comparison_rules.EXPLAINED, *engine_rules.RULES})


@pytest.mark.parametrize(("rule", "words"), [("R01", "放宽"), ("yaml-quote", "引号"), ("schema-enum", "可选的值")])
def test_ids_that_belong_to_no_form_are_explained_too(repository, capsys, rule, words):
    assert cli.main(["-C", str(repository), "explain", rule]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "meant"), [("D19A", "D19a"), ("r01", "R01"), ("YAML-TAB", "yaml-tab")])
def test_an_id_in_other_letters_is_told_as_it_is(repository, capsys, typed, meant):
    assert cli.main(["-C", str(repository), "explain", typed]) == 2
    assert f"没有 {typed} 这条规则。是不是“{meant}”？" in capsys.readouterr().err


@pytest.mark.parametrize(("rule", "words"), [("Y02", "上限 40"), ("Y03", "Y03: "), ("Y04", "年度绩效指标")])
def test_a_rule_over_all_units_is_explained(repository, capsys, rule, words):
    assert cli.main(["-C", str(repository), "explain", rule, "--form", "department-target"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{rule} 警告 ") and words in said and "理由写在哪里" in said


def test_the_command(repository, capsys):
    assert cli.main(["-C", str(repository), "explain", "A17", "data/2025/示例市档案馆.yaml"]) == 0
    assert "成立 1 处" in capsys.readouterr().out
    assert cli.main(["-C", str(repository), "explain"]) == 0
    assert "D19a" in capsys.readouterr().out
    assert cli.main(["-C", str(repository), "explain", "A99"]) == 2
    assert "没有 A99" in capsys.readouterr().err
