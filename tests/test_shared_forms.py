"""What tests share of the repository's forms is what a project has byte for byte, and nothing else."""

from __future__ import annotations

import pytest

from perfgen.findings import FindingsError
from perfgen.form import forms
from perfgen.project.snapshot import Project
from perfgen.table.template import TABLE_TEMPLATE, read_template
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FORM = "department-target"


def form_of(root):
    form = forms.find(Project.on_disk(root), FORM)
    assert form
    return form


def test_a_copy_of_all_forms_has_those_of_the_repository(project):
    copy = Project.on_disk(project)
    assert [*forms.loaded(copy)] == [*forms.loaded(snapshot(REPOSITORY))]
    file = form_of(project).template(TABLE_TEMPLATE)
    assert read_template(copy, file) is read_template(snapshot(REPOSITORY), file)


def appended(path):
    path.write_bytes(path.read_bytes() + b"\n")


def linked(path):
    content = path.parent.parent / "elsewhere"
    path.rename(content)
    path.symlink_to(content)


CHANGES = {
    "its schema": ("schema/department-target.schema.json", appended),
    "its rules": ("schema/department-target.rules.yaml", appended),
    "what others include": ("schema/common.rules.yaml", appended),
    "a form that it refers to": ("schema/department-review.schema.json", appended),
    "no page": (f"templates/{FORM}/page.html", lambda path: path.unlink()),
    "a file more": ("schema/another.schema.json", lambda path: path.write_bytes(b"{}")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_form_is_read_again_where_anything_differs(project, change):
    path, differ = CHANGES[change]
    differ(project / path)
    assert form_of(project) is not form_of(REPOSITORY)


def test_a_link_is_nothing_of_ours(project):
    linked(project / f"schema/{FORM}.schema.json")
    with pytest.raises(FindingsError):
        form_of(project)
