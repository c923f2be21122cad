"""Books of answers: what people read, word for word, in files beside the tests that a reviewer reads as well."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"


def holds(name: str, answers: Iterable[str]) -> None:
    """Compares answers one by one with the book of that name, which has an empty line between two.

    With PERFGEN_WRITE_ANSWERS set they become the book instead.
    """
    path = CASES / name
    if os.environ.get("PERFGEN_WRITE_ANSWERS"):
        path.write_text("\n\n".join(answers) + "\n", "utf-8")
        return
    for answer, wanted in itertools.zip_longest(answers, path.read_text("utf-8").rstrip("\n").split("\n\n")):
        assert answer == wanted
