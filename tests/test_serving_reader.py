"""The process that reads a file that was brought, when it does not come back: it is ended, and the next one works."""

from __future__ import annotations

import asyncio
import os
import time
from types import SimpleNamespace

import pytest

from perfgen.findings import DataError, ToolError
from perfgen.importing.import_file import ImportOrder
from perfgen.project.snapshot import Project
from perfgen.serving import bringing
from perfgen.serving.desk import Desk
from perfgen.serving.guard import Keys
from perfgen.serving.office import Office


def _sleeps(*_: object) -> None:
    time.sleep(600)


def _dies(*_: object) -> None:
    os._exit(9)


class _Asking:
    """A request, as far as the reading of a file asks it."""

    def __init__(self, office: Office, *, waits: bool = True) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(office=office))
        self.waits = waits

    async def is_disconnected(self) -> bool:
        return not self.waits


def _is_ended(office: Office) -> bool:
    return office.background("import")._worker is None


@pytest.mark.parametrize(
    ("work", "waits", "raised"),
    [(_sleeps, True, TimeoutError), (_sleeps, False, TimeoutError), (_dies, True, ToolError)],
    ids=["too long", "nobody waits", "died"],
)
def test_a_reader_that_does_not_come_back_is_ended(tiny_project, monkeypatch, work, waits, raised):
    monkeypatch.setattr(bringing, "SECONDS", 1 if waits and work is _sleeps else 60)
    monkeypatch.setattr(bringing, "read", work)
    office = Office(Desk(Project.on_disk(tiny_project)), Keys())

    async def asks() -> None:
        order = ImportOrder(office.desk.project)
        with pytest.raises(raised):
            await bringing._brought(_Asking(office, waits=waits), order, b"", "x.docx", "")
        assert _is_ended(office)
        monkeypatch.undo()
        with pytest.raises(DataError):
            await bringing._brought(_Asking(office), order, b"no form", "x.docx", "")

    try:
        asyncio.run(asks())
    finally:
        office.close()
