"""Random edits of random files: the data becomes what it must, and all text outside the edit stays, byte for byte."""

from __future__ import annotations

import random

import pytest

from perfgen.filling.change import changed
from perfgen.filling.edits import EditError
from perfgen.source import reader
from tests.helpers.edited import AnyForm, difference, expected, is_as_expected, nothing_else_changed
from tests.helpers.odd_texts import ODD
from tests.helpers.random_edits import Editors, all_free, no_holes
from tests.helpers.styled import Typist

ENDS = {
    "LF": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "open": lambda text: text.rstrip("\n"),
}


def try_one(document, edit, case) -> None:
    """Makes one edit, and holds it against the same change made on the data."""
    new = changed(document, AnyForm(), edit)
    found = reader.load_yaml(new.encode(), "x.yaml").data
    assert is_as_expected(found, expected(document.data, edit, all_free, no_holes), all_free), (case, edit)
    assert nothing_else_changed(document, new, edit), (case, edit, difference(document.text, new))


@pytest.mark.parametrize("seeds", [range(start, start + 100) for start in range(0, 600, 100)])
def test_any_edit_of_any_text_changes_that_and_nothing_else(seeds):
    for seed in seeds:
        typist, editors = Typist(seed), Editors(random.Random(seed))
        document = reader.load_yaml(typist.text(typist.document()).encode(), "x.yaml")
        for _ in range(3):
            try_one(document, editors.one(document.data), seed)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", ODD)
def test_any_edit_of_an_odd_text_changes_that_and_nothing_else_or_is_refused(name, end):
    document = reader.load_yaml(ENDS[end](ODD[name]).encode(), "x.yaml")
    editors, refused = Editors(random.Random(name)), 0
    for _ in range(25):
        try:
            try_one(document, editors.one(document.data), name)
        except EditError:
            refused += 1
    assert refused <= 1


@pytest.mark.parametrize("seeds", [range(start, start + 100) for start in range(0, 200, 100)])
def test_many_edits_are_made_as_one(seeds):
    for seed in seeds:
        typist, editors = Typist(seed), Editors(random.Random(seed))
        document = reader.load_yaml(typist.text(typist.document()).encode(), "x.yaml")
        edit = editors.many(document.data, 5)
        new = changed(document, AnyForm(), edit)
        found = reader.load_yaml(new.encode(), "x.yaml").data
        assert is_as_expected(found, expected(document.data, edit, all_free, no_holes), all_free), (seed, edit)
