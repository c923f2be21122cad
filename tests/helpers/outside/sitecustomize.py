"""Keeps from a test what it is not marked for: LibreOffice, a browser, Node.js, what makes PDFs, and Dask.

Python imports a module of this name at its start, so this holds in the processes that a test starts, too.
PERFGEN_TESTS_MAY_USE names the marks of the test that runs now; without it everything may be used.
"""

import os
import sys
from pathlib import PurePath

VARIABLE = "PERFGEN_TESTS_MAY_USE"
PROGRAMS = {
    "soffice": ("libreoffice",), "chromium": ("browser",), "node": ("node", "browser"), "java": ("pdf", "browser"),
}  # fmt: skip
"""By the name of a program, the marks one of which a test must have."""
MODULES = {"weasyprint": ("pdf", "cluster"), "distributed": ("cluster",)}
"""The same of modules; a cluster's workers are asked for the libraries below WeasyPrint."""
_SHELLS = ("sh", "bash")


class NotMarkedError(BaseException):
    """A test uses what `make test-fast` does without, and has no mark for it; no `except Exception` hides it."""


def keep(what: str, marks: tuple[str, ...]) -> None:
    """Raises NotMarkedError unless the test that runs now has one of the marks."""
    may_use = os.environ.get(VARIABLE)
    if may_use is not None and not set(marks) & set(may_use.split(",")):
        raise NotMarkedError(f"this test uses {what}: mark it pytest.mark.{marks[0]} (docs/testing.md)")


def _name(word: object) -> str:
    return PurePath(os.fsdecode(word)).name if isinstance(word, str | bytes | os.PathLike) else ""


def _on_event(event: str, arguments: tuple) -> None:
    if event == "import" and arguments[0] in MODULES:
        keep(arguments[0], MODULES[arguments[0]])
    elif event == "subprocess.Popen":
        program, words = _name(arguments[0]), arguments[1]
        # LibreOffice is started by a shell that sets limits
        called = [program, *map(_name, words)] if program in _SHELLS and isinstance(words, list | tuple) else [program]
        for name in called:
            if name in PROGRAMS:
                keep(name, PROGRAMS[name])


sys.addaudithook(_on_event)
