"""300 random edits of the samples as the window sends them, and 40 typed in it: only what they say becomes other."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfgen.check import loading
from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Put, Remove, Rename
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.source import reader
from perfgen.source.reader import Document
from tests.helpers.edited import difference, expected, is_as_expected, nothing_else_changed
from tests.helpers.form_edits import MEASURES, NAMES, NUMBERS, TEXTS, holes, is_free
from tests.helpers.projects import REPOSITORY, snapshot
from tests.helpers.serving import Served, samples, serving

FILES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/**/*.yaml"))
EACH = 300 // len(FILES) + 1
KINDS = ("type", "type", "type", "fill", "empty", "add", "remove", "move", "name", "drop")
TYPED = 40
"""How many edits are typed in the browser."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples(tmp_path_factory.mktemp("random") / "项目")


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


class Window:
    """What a window knows of a data file, and edits of it by dice, with what each must become of the data."""

    def __init__(self, served: Served, root: Path, source: str, dice: random.Random) -> None:
        self.served, self.path, self.source, self.dice = served, root / source, source, dice
        self.form: Form = loading.filing(snapshot(REPOSITORY), DataFile.at(source)).form
        self.view: Any = served.view(source)

    def document(self) -> Document:
        """What the file holds."""
        return reader.load_yaml(self.path.read_bytes(), self.source)

    def send(self, address: str, members: dict[str, Any]) -> None:
        """Sends a change of what was last seen, and sees what comes of it."""
        answer = self.served.post(address, {"file": self.source, "version": self.view["version"], **members})
        assert answer.status == 200, (members, answer.text)
        self.view = answer.json()
        assert self.view["version"] == hashlib.sha256(self.path.read_bytes()).hexdigest()

    def pick(self, of: str, fits: Any) -> Any:
        """One of the slots or places, that fits; None where none does."""
        fitting = [one for one in self.view[of] if fits(one)]
        return self.dice.choice(fitting) if fitting else None

    def slot(self, data: Document, kind: str) -> Any:
        """A place to type into: `type` where a value stands, `fill` where none does, `name` for that of a group."""
        if kind == "name":
            return self.pick("slots", lambda one: one["kind"] == "name" and not one["blank"])
        return self.pick(
            "slots",
            lambda one: (
                one["editable"]
                and one["kind"] != "name"
                and "" not in one["path"]
                and (tuple(one["path"]) in data.spans) == (kind != "fill")
                and (kind != "empty" or one["typed"])
            ),
        )

    def text(self, slot: Any) -> tuple[str, Data]:
        """What is typed into a place, and the value that it is."""
        field = self.form.fields.at(tuple(slot["path"]))
        assert field is not None
        if slot["choices"]:
            text = self.dice.choice(slot["choices"])
            return text, text == "是" if field.flag else text
        known = {"number": NUMBERS, "measure": MEASURES}.get(slot["kind"], [] if field.numeric else TEXTS)
        return self.dice.choice(known or MEASURES)

    def typed(self, document: Document, kind: str) -> tuple[Any, str, Edit] | None:
        """A slot, what is typed into it, and what that must do."""
        slot = self.slot(document, kind)
        if slot is None:
            return None
        path = tuple(slot["path"])
        if kind == "name":
            name = self.dice.choice(NAMES)
            return None if name in _around(document, path) else (slot, name, Rename(path, name))
        if kind == "empty":
            around = self.form.fields.at(path[:-1])
            may_go = isinstance(path[-1], str) and around is not None and path[-1] not in around.required
            return slot, "", Drop(path) if may_go else Put(path, None)
        text, value = self.text(slot)
        return slot, text, Many() if text == slot["typed"] else Put(path, value)

    def row(self, document: Document, kind: str) -> tuple[dict[str, Any], Edit] | None:
        """An edit of a row or group as the window sends it, and what it must do."""
        if kind == "drop":
            names = [("审核说明", name) for name in document.data.get("审核说明") or ()]
            path = self.dice.choice(names) if names else None
            # the last of the names that people chose takes the group with it
            return ({"kind": "drop", "path": list(path)}, Drop(path if len(names) > 1 else path[:-1])) if path else None
        place = self.pick("places", lambda one: not one["blank"] and (kind != "move" or one["count"] > 1))
        if place is None or (kind == "move" and place["fixed"]):
            return None
        item, rows = tuple(place["item"]), tuple(place["rows"])
        if kind == "remove":
            return {"kind": "remove", "path": place["item"]}, Remove(item)
        if kind == "move":
            to = self.dice.choice([0, place["count"] - 1])
            return {"kind": "move", "path": place["item"], "to": to}, Move(item, to)
        return self._added(document, place, rows)

    def _added(self, document: Document, place: Any, rows: ValuePath) -> tuple[dict[str, Any], Edit] | None:
        at = self.dice.choice([place["number"], place["after"]])
        if not place["group"]:
            new = _blank(self.form, (*rows, at))
            return {"kind": "add", "rows": list(rows), "at": at}, Add(rows, at, new)
        names = [*place["names"], *(NAMES if place["open"] else ())]
        name = self.dice.choice(names) if names else None
        if name is None or name in _around(document, (*rows, "")):
            return None
        asked = {"kind": "add", "rows": list(rows), "at": at, "name": name}
        return asked, Add(rows, at, _blank(self.form, (*rows, name)), name)

    def check(self, old: Document, edit: Edit) -> None:
        """Whether the file is what an edit must make of it, and the same everywhere else."""
        new = self.document()
        wanted = expected(old.data, edit, is_free(self.form), holes(self.form))
        assert is_as_expected(new.data, wanted, is_free(self.form)), (edit, difference(old.text, new.text))
        if edit == Many():
            assert new.text == old.text
        else:
            assert nothing_else_changed(old, new.text, edit), (edit, difference(old.text, new.text))


def _around(document: Document, path: ValuePath) -> Any:
    around: Any = document.data
    for step in path[:-1]:
        around = around[step]
    return around or ()


def _blank(form: Form, path: ValuePath) -> Data:
    """What a new row holds: a hole for each thing that must be filled in and is not computed."""
    field = form.fields.at(path)
    assert field is not None
    return _holes(form, field, path)


def _holes(form: Form, field: Field, path: ValuePath) -> Data:
    if field.kind == "value":
        return None
    if field.kind == "array":
        assert field.item
        return [_holes(form, field.item, (*path, 0))]
    names = [name for name in field.members if name in field.required and not form.figures.at((*path, name))]
    return {name: _holes(form, field.members[name], (*path, name)) for name in names}


@pytest.mark.parametrize("source", FILES)
def test_random_edits_change_what_they_say_and_nothing_else(served: Served, root: Path, source: str) -> None:
    window = Window(served, root, source, random.Random(source))
    made = 0
    while made < EACH:
        old, kind = window.document(), window.dice.choice(KINDS)
        if kind in ("type", "fill", "empty", "name"):
            typed = window.typed(old, kind)
            if typed is None:
                continue
            slot, text, edit = typed
            window.send("api/put", {"path": slot["path"], "text": text})
        else:
            sent = window.row(old, kind)
            if sent is None:
                continue
            asked, edit = sent
            window.send("api/edit", {"edit": asked})
        window.check(old, edit)
        made += 1
        if edit != Many() and window.dice.random() < 0.2:
            window.send("api/undo", {})
            assert window.document().text == old.text, edit
