"""The self-evaluation of a department (Hubei): its table, its rules, its samples, and who may see what of it."""

from __future__ import annotations

from perfgen.form import forms
from tests.helpers.projects import REPOSITORY, snapshot


def test_what_is_taken_by_the_names_of_groups_in_a_list_is_public():
    """A promise is found by the names of its groups, which stand in the rows of a list: they are public there too."""
    form = forms.find(snapshot(REPOSITORY), "department-review")
    row = ("年度绩效指标", 0, "运行成本", "公用经费控制", 0)
    assert form.figures.fields.at((*row, "指标值")).public
    assert form.figures.fields.at((*row, "得分")).public
    assert form.figures.fields.at(("总分",)).public
