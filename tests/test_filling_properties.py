"""What must hold of anything that is typed: it is kept as it is, or refused, and nothing else becomes other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfgen.filling.change import changed
from perfgen.filling.clipboard import PastedTable, read_table
from perfgen.filling.edits import Add, EditError, Put, Rename
from perfgen.filling.meant import edit_for
from perfgen.filling.pasted import plan
from perfgen.source import reader
from tests.helpers import garden
from tests.helpers.anything import NOISE, RUNS, TARGETS, TEXT
from tests.helpers.edited import AnyForm, expected, is_as_expected, nothing_else_changed
from tests.helpers.form_edits import holes, is_free
from tests.helpers.odd_texts import ODD
from tests.helpers.random_edits import all_free, no_holes
from tests.helpers.styled import paths_of
from tests.test_properties import tries

ANY = st.one_of(st.text(max_size=60), NOISE, RUNS, TARGETS, TEXT)
DOCUMENTS = [reader.load_yaml(text.encode(), "x.yaml") for text in ODD.values()]
PLACES = [(number, path) for number, document in enumerate(DOCUMENTS) for path in paths_of(document.data) if path]


@pytest.fixture(scope="module")
def garden_root(tmp_path_factory):
    return garden.make(tmp_path_factory.mktemp("garden") / "project")


@tries(250)
@given(st.sampled_from(PLACES), ANY, st.sampled_from(["put", "rename", "add"]))
def test_any_text_is_kept_as_it_is_or_refused(place, text, kind):
    document, path = DOCUMENTS[place[0]], place[1]
    old = document.value(path)
    if kind == "rename":
        edit = Rename(path, text) if isinstance(path[-1], str) and text != path[-1] else Put(("新",), text)
    elif kind == "add" and isinstance(old, list):
        edit = Add(path, len(old), {"值": text, text: ["值", text]})
    else:
        edit = Put(path, text)
    try:
        new = changed(document, AnyForm(), edit)
    except EditError:
        assert kind == "rename" or isinstance(old, dict | list)
        return
    found = reader.load_yaml(new.encode(), "x.yaml").data
    assert is_as_expected(found, expected(document.data, edit, all_free, no_holes), all_free)
    assert nothing_else_changed(document, new, edit)


@tries(60)
@given(st.lists(st.tuples(st.sampled_from(range(14)), ANY), min_size=1, max_size=3))
def test_any_text_may_be_typed_in_any_place_of_a_form(garden_root, typed):
    text = garden.TEXT
    for number, one in typed:
        filling = garden.filled(garden_root, text)
        form, document = filling.filing.form, filling.filing.document
        paths = [path for path in sorted(filling.table.paths(), key=str) if path]
        path = paths[number % len(paths)]
        try:
            edit = edit_for(filling, path, one).edit
            new = changed(document, form, edit)
        except EditError:
            continue
        wanted = expected(document.data, edit, is_free(form), holes(form))
        text = new
        assert is_as_expected(reader.load_yaml(text.encode(), garden.SOURCE).data, wanted, is_free(form))


@tries(60)
@given(st.lists(st.lists(ANY | st.none(), min_size=1, max_size=5), max_size=4), st.sampled_from(range(14)))
def test_any_table_may_be_pasted_anywhere_and_nothing_of_it_is_lost(garden_root, rows, number):
    width = max((len(row) for row in rows), default=0)
    table = PastedTable(tuple(tuple([*row, *[None] * width][:width]) for row in rows))
    filling = garden.filled(garden_root)
    paths = [path for path in sorted(filling.table.paths(), key=str) if path]
    made = plan(filling, paths[number % len(paths)], table)
    text = changed(filling.filing.document, filling.filing.form, made.edit)
    reader.load_yaml(text.encode(), garden.SOURCE)
    said = {(cell.row, cell.column) for cell in (*made.cells, *made.left_over)}
    printed = {"".join(cell.text.split()) for cell in filling.table.cells()}
    for row, cells in enumerate(table.rows):
        for column, cell in enumerate(cells):
            assert not (cell or "").strip() or (row, column) in said or "".join(str(cell).split()) in printed


@tries(100)
@given(st.one_of(NOISE, st.text(max_size=80)), st.text(max_size=80))
def test_any_clipboard_is_read_or_refused(html, text):
    for shown in (html, f"<table><tr><td>{html}<td>{text}</table>"):
        try:
            table = read_table(shown, text)
        except EditError:
            continue
        assert len({len(row) for row in table.rows}) <= 1
