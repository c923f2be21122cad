"""Random edits of the samples, as somebody makes them who fills in a form: only what they say becomes other."""

from __future__ import annotations

import random

import pytest

from perfgen.check import loading
from perfgen.filling.change import changed
from perfgen.filling.edits import Many
from perfgen.filling.sheet import Sheet, sheet
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.conftest import REPOSITORY
from tests.helpers import garden
from tests.helpers.edited import difference, expected, is_as_expected, nothing_else_changed
from tests.helpers.form_edits import FormEdits, holes, is_free
from tests.helpers.projects import snapshot

FILES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/**/*.yaml"))
EACH = 300 // len(FILES) + 1


MADE_UP = {
    "as it is": garden.TEXT,
    "with line ends of Windows": garden.TEXT.replace("\n", "\r\n"),
    "without one at its end": garden.TEXT.rstrip("\n"),
    "empty": "form: garden\n年: 2025\n园: x\n电话:\n",
    "on one line": "{form: garden, 年: 2025, 园: x, 电话: , 要点: [a, b],"
    " 地块: {东区: {水面: [{作物: a, 亩数: 1}], 田: [{作物: b, 亩数: 2}]}, 南: {}}}\n",
}


@pytest.mark.parametrize("source", FILES)
def test_300_random_edits_change_what_they_say_and_nothing_else(source):
    project = snapshot(REPOSITORY)
    made(sheet(project, loading.filing(project, DataFile.at(source))), source, EACH)


@pytest.mark.parametrize("name", MADE_UP)
def test_random_edits_of_a_made_up_form_change_what_they_say_and_nothing_else(tmp_path, name):
    made(garden.filled(garden.make(tmp_path / "project"), MADE_UP[name]), name, 40)


def made(filling: Sheet, seed: str, count: int) -> None:
    """Makes random edits of a file, each of it as it is, and holds each against the same change of its data."""
    document, form = filling.filing.document, filling.filing.form
    edits = FormEdits(random.Random(seed), filling)
    for _ in range(count):
        tried = edits.one()
        new = changed(document, form, tried.made)
        wanted = expected(document.data, tried.meant, is_free(form), holes(form))
        assert is_as_expected(reader.load_yaml(new.encode(), "x.yaml").data, wanted, is_free(form)), tried
        if tried.meant == Many():
            assert new == document.text, tried
        else:
            assert nothing_else_changed(document, new, tried.meant), (tried, difference(document.text, new))
