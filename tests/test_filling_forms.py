"""Random edits of the samples, as somebody makes them who fills in a form: only what they say becomes other."""

from __future__ import annotations

import random

import pytest

from perfgen.check import loading
from perfgen.filling.change import changed
from perfgen.filling.edits import Many
from perfgen.filling.sheet import sheet
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers.edited import difference, expected, is_as_expected, nothing_else_changed
from tests.helpers.form_edits import FormEdits, holes, is_free
from tests.helpers.projects import snapshot

FILES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/**/*.yaml"))
EACH = 300 // len(FILES) + 1


@pytest.mark.parametrize("source", FILES)
def test_300_random_edits_change_what_they_say_and_nothing_else(source):
    project = snapshot(REPOSITORY)
    filing = loading.filing(project, DataFile.at(source))
    document, form = filing.document, filing.form
    edits = FormEdits(random.Random(source), sheet(project, filing))
    for _ in range(EACH):
        tried = edits.one()
        new = changed(document, form, tried.made)
        wanted = expected(document.data, tried.meant, is_free(form), holes(form))
        assert is_as_expected(reader.load_yaml(new.encode(), source).data, wanted, is_free(form)), tried
        if tried.meant == Many():
            assert new == document.text, tried
        else:
            assert nothing_else_changed(document, new, tried.meant), (tried, difference(document.text, new))
