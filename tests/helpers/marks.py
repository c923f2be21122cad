"""What tests need beside Python: told by their fixtures and marks, and kept from those that do not say so.

`make test-fast` leaves out what needs any of it. What a test uses without a mark fails it, in `make test` too, so the
two cannot drift apart.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.helpers.outside.sitecustomize import MODULES, VARIABLE, keep

OUTSIDE = ("libreoffice", "browser", "node", "pdf", "cluster")
"""The marks of what stands outside Python, or takes as long: pyproject.toml says what each means."""
FIXTURES = {"soffice": "libreoffice", "convert": "libreoffice", "browser": "browser", "editor": "node"}
"""By the name of a fixture, the mark of the tests that ask for it."""
WHOLE_FORM = {"clean", "project", "project_root", "root"}
"""Fixtures that hold a whole form, or a project with it: a test that asks for one takes tenths of a second."""
FEW, FEW_OF_A_FORM = 3, 1
"""So many examples of a test are tried by `make test-fast`, and of one with a whole form; `make test` tries all."""
NIGHT = "PERFGEN_NIGHT"
"""The variable with which `make nightly` asks for the tests that are only for it."""
HOOK = Path(__file__).parent / "outside"
REPOSITORY = Path(__file__).resolve().parents[2]
OTHER_SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/*.yaml"))[1:]
"""The samples but for the first: `make test-fast` tries one."""


def add_marks(items: list[pytest.Item]) -> None:
    """Marks tests by the fixtures that they ask for, be it by way of others, and those that try many examples."""
    examples: Counter[str] = Counter()
    for item in items:
        name = item.nodeid.partition("[")[0]
        examples[name] += 1
        has_form = not WHOLE_FORM.isdisjoint(getattr(item, "fixturenames", ()))
        is_further = examples[name] > (FEW_OF_A_FORM if has_form else FEW)
        with_many = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_further or with_many or _is_about_another_sample(item):
            item.add_marker("long")
        for name in set(getattr(item, "fixturenames", ())) & FIXTURES.keys():
            item.add_marker(FIXTURES[name])


def leave_for_the_night(items: list[pytest.Item]) -> list[pytest.Item]:
    """Takes out the tests that are only for `make nightly`, unless this is it; gives those."""
    if os.environ.get(NIGHT):
        return []
    left = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    return left


def long_files_first(items: list[pytest.Item]) -> None:
    """Puts the files that need tools from outside before those of long tests, and the rest behind them.

    Processes that take a file at a time end together when the last ones are short.
    """
    first: dict[Path, int] = {}
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        rank = 0 if marks & set(OUTSIDE) else 1 if "long" in marks else 2
        first[item.path] = min(rank, first.get(item.path, rank))
    items.sort(key=lambda item: first[item.path])


def _is_about_another_sample(item: pytest.Item) -> bool:
    """Whether a test is tried on each sample, and this is not the first of them."""
    values = getattr(getattr(item, "callspec", None), "params", {}).values()
    return any(isinstance(value, str) and value in OTHER_SAMPLES for value in values)


@contextmanager
def only_what_is_marked(item: pytest.Item) -> Iterator[None]:
    """Keeps from a test, its fixtures and the processes that it starts what it is not marked for."""
    before = {name: os.environ.get(name) for name in (VARIABLE, "PYTHONPATH")}
    os.environ[VARIABLE] = ",".join(mark for mark in OUTSIDE if item.get_closest_marker(mark))
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HOOK), before["PYTHONPATH"]]))
    _watch_imported()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _watch_imported() -> None:
    """Looks at the use of WeasyPrint when an earlier test has imported it: no import tells of it then."""
    module = sys.modules.get("weasyprint")
    if module is None or hasattr(module, VARIABLE):
        return
    rendered = module.HTML.render

    def watched(self: object, *arguments: object, **names: object) -> object:
        keep("weasyprint", MODULES["weasyprint"])
        return rendered(self, *arguments, **names)

    module.HTML.render = watched
    setattr(module, VARIABLE, True)
