"""A file is held against every form until it costs more than the best: the search that ends early finds the same."""

from __future__ import annotations

import math

import pytest

from perfgen.build import job
from perfgen.form import forms
from perfgen.importing import which_form
from perfgen.importing.matching.match import match, match_within
from perfgen.importing.paper.word_table import WordForm, read_word_form
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet

SOURCES = {
    "department-target": "data/2025/示例市档案馆.yaml",
    "department-review": "data/2024/部门自评/示例市档案馆.yaml",
    "project-target": "data/2024/项目目标/示例市档案馆/档案库房运行维护.yaml",
}


def spoilt(content: bytes, rows: int) -> bytes:
    """A form without its first rows, and with what nobody expects in the next."""
    sheet = Sheet(content)
    for number in range(rows, 0, -1):
        row = sheet.row(number)
        row.getparent().remove(row)
    sheet.insert_row(2, [("无名之语", 1, ""), ("合计", 1, "")])
    return sheet.save()


@pytest.fixture(scope="module", params=[0, 9], ids=["as it was made", "spoilt"])
def words(request) -> dict[str, WordForm]:
    """By form, a filled-in file of it."""
    found = {}
    for name, source in SOURCES.items():
        content = docx.render(
            job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL]
        )
        found[name] = read_word_form(spoilt(content, request.param) if request.param else content, "表.docx")
    return found


def scorers():
    project = snapshot(REPOSITORY)
    return {form.name: project.once(which_form._scorer, form) for form in forms.loaded(project)}


@pytest.mark.parametrize("name", SOURCES)
def test_the_cheapest_of_all_forms_is_chosen(words, name):
    costs = {form: match(words[name].rows, scorer).cost for form, scorer in scorers().items()}
    assert len(set(costs.values())) == len(costs)
    best = which_form._best(forms.loaded(snapshot(REPOSITORY)), words[name], snapshot(REPOSITORY))
    assert best.form.name == min(costs, key=costs.__getitem__) == name
    assert best.match.cost == costs[name]


@pytest.mark.long
@pytest.mark.parametrize("name", SOURCES)
def test_a_limit_changes_no_match_and_only_says_that_it_costs_more(words, name):
    for scorer in scorers().values():
        whole = match(words[name].rows, scorer)
        for most in (whole.cost, whole.cost + 1, math.inf):
            assert match_within(words[name].rows, scorer, most) == whole
        assert match_within(words[name].rows, scorer, math.nextafter(whole.cost, -1)) is None


def test_what_fits_rows_is_made_once_and_columns_of_a_file_do_not_stay_in_it(words):
    scorer = scorers()["department-target"]
    assert scorers()["department-target"] is scorer
    widened = Sheet(docx.render(
        job.reports(snapshot(REPOSITORY), DataFile.at(SOURCES["department-target"]), site.Site({}))[1][Edition.OFFICIAL]
    ))  # fmt: skip
    row = widened.row(18)
    row.remove(row.findall("{*}tc")[0])
    which_form.matched(read_word_form(widened.save(), "表.docx"), snapshot(REPOSITORY), None)
    assert scorer.columns is None
