"""A visit of many changes: what the server holds does not grow with them, but for the steps that can be taken back."""

from __future__ import annotations

import gc
import os

from perfgen.serving.desk import Desk
from perfgen.serving.window import payload
from tests.helpers.projects import snapshot

FILE, PATH = "data/2025/示例市档案馆.yaml", ("填报人",)
EDITS = int(os.environ.get("PERFGEN_VISIT", "36")) // 3
"""A third of the changes; `make nightly` makes more."""


def held(desk: Desk, numbers: range) -> int:
    """How many objects there are after some changes."""
    for number in numbers:
        desk.put(FILE, desk.look(FILE).version, PATH, f"张{number}")
        payload(desk, desk.look(FILE))
    gc.collect()
    return len(gc.get_objects())


def test_it_holds_no_more_after_many_changes_than_after_few(project):
    desk = Desk(snapshot(project))
    held(desk, range(3))
    made, before = len(desk.project._made), held(desk, range(3, 3 + EDITS))
    after = held(desk, range(3 + EDITS, 3 + 3 * EDITS))
    assert len(desk.project._made) <= made
    assert after - before < 2 * EDITS * 10
    assert sum(len(step.old) + len(step.new) for step in desk.histories[FILE].done) < 20 * len(
        desk.histories[FILE].done
    )
