"""Books of answers: what people read, word for word, in files beside the tests that a reviewer reads as well."""

from __future__ import annotations

import os
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"


def holds(name: str, text: str) -> None:
    """Compares a text with the book of that name; with PERFGEN_WRITE_ANSWERS set, it becomes the book first."""
    path = CASES / name
    if os.environ.get("PERFGEN_WRITE_ANSWERS"):
        path.write_text(text, "utf-8")
    assert text.splitlines() == path.read_text("utf-8").splitlines()
