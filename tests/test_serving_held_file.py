"""A file that another program holds open: it is tried again for a moment, said, and is as it was."""

from __future__ import annotations

import os

import pytest

from perfgen.findings import ToolError
from perfgen.serving.desk import Desk
from perfgen.system import write
from tests.helpers.projects import snapshot

FILE = "data/2025/东园.yaml"


def held(monkeypatch, times: int) -> list[int]:
    """Windows as it is while a program has a file open: so many tries to put another in its place fail."""
    tries: list[int] = []
    real = os.replace

    def replace(*arguments, **named):
        tries.append(1)
        if len(tries) <= times:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return real(*arguments, **named)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(write.time, "sleep", lambda _: None)
    return tries


def test_a_moment_is_waited_out(tiny_project, monkeypatch):
    tries = held(monkeypatch, 2)
    desk = Desk(snapshot(tiny_project))
    desk.put(FILE, desk.look(FILE).version, ("备注",), "写进去了")
    assert len(tries) == 3
    assert "写进去了" in (tiny_project / FILE).read_text("utf-8")


def test_what_stays_open_is_said_and_nothing_is_left(tiny_project, monkeypatch):
    before, names = (tiny_project / FILE).read_bytes(), sorted((tiny_project / "data/2025").iterdir())
    tries = held(monkeypatch, 99)
    desk = Desk(snapshot(tiny_project))
    version = desk.look(FILE).version
    with pytest.raises(ToolError, match="别的程序正打开着它；关掉那个程序再试"):
        desk.put(FILE, version, ("备注",), "没写进去")
    assert 1 < len(tries) < 10
    assert (tiny_project / FILE).read_bytes() == before
    assert sorted((tiny_project / "data/2025").iterdir()) == names
    assert desk.look(FILE).version == version
    assert not desk.histories.get(FILE) or not desk.histories[FILE].done


def test_what_is_written_meanwhile_is_not_overwritten(tiny_project, monkeypatch):
    held(monkeypatch, 1)
    path = tiny_project / FILE
    old = path.read_bytes()
    looks = iter([True, False])
    assert not write.replace_if(path, b"new", lambda: next(looks), top=tiny_project)
    assert path.read_bytes() == old
