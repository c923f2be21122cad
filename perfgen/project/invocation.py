"""How a command is written in a message, so that the reader can type it where he stands.

A person who typed `make check` is told `make fix`; one who started the program itself is told the program as he
started it, `.venv/bin/perfgen` or `python -m perfgen`. Our Makefile says that it is there by an environment variable,
which holds how make was called. Who fills in a form in the browser is told which button to press.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

MAKE = "PERFGEN_MAKE"
"""The environment variable that our Makefile sets to `make`."""
NAME = "perfgen"

_VALUES = {
    "build": ("FILE",),
    "check": ("FILE",),
    "diff": ("BASE", "FILE"),
    "doctor": (),
    "explain": ("RULE", "FILE"),
    "import": ("FILE",),
    "new": ("YEAR", "UNIT"),
    "next": ("FILE",),
    "rollover": ("FILE",),
    "serve": (),
    "status": ("YEAR",),
}
"""The commands that the Makefile has a target for, and its variables for their arguments, in their order."""
_TARGETS = {"build": "all"}
"""The targets that are not called as the command is."""
_FLAGS = {("check", "--all"): "ALL=1"}
_FIX = ("check", "--fix")
_BUTTONS = {
    "diff": "“改了什么”",
    "import": "“导入”",
    "new": "“新建”",
    "next": "“下一步”",
    "rollover": "“续写到下一年”",
}
"""What the window in the browser calls what a command does."""

_is_process = False
"""Whether a person started this process as perfgen; a program that only calls it reads `perfgen …`."""
_program = NAME
_folder = ""
_make = ""
_is_window = False


State: TypeAlias = tuple[bool, str, str, str, bool]
"""What this module remembers."""


def started(argv: Sequence[str], environment: Mapping[str, str]) -> None:
    """Remembers how this process was started."""
    global _is_process, _program, _make  # noqa: PLW0603  # a process is started once
    _is_process = True
    _program = _as_started(argv)
    _make = environment.get(MAKE, "")
    stands = environment.get("PWD", "")
    if _make and stands and Path(stands).is_dir() and not Path(stands).samefile(Path.cwd()):
        _make += f" -C {shlex.quote(os.path.relpath(Path.cwd(), stands))}"


def in_folder(root: Path) -> None:
    """Remembers which project a command is for; from elsewhere it is reached with `-C`."""
    global _folder  # noqa: PLW0603
    if not _is_process:
        return
    here = Path.cwd().resolve()
    _folder = "" if root == here else os.path.relpath(root, here) if here.is_relative_to(root) else str(root)


def in_window() -> None:
    """Remembers that messages are read in the browser, where buttons stand for commands."""
    global _is_window  # noqa: PLW0603
    _is_window = True


def state() -> State:
    """What is remembered, for another process that speaks for this one."""
    return _is_process, _program, _folder, _make, _is_window


def resume(state: State) -> None:
    """Remembers what another process remembered."""
    global _is_process, _program, _folder, _make, _is_window
    _is_process, _program, _folder, _make, _is_window = state


def program() -> str:
    """The program as it was started, for its own usage lines."""
    return _program


def command(*words: str) -> str:
    """A command with its arguments, as the reader can type it: `command("check", "--fix", "data/甲.yaml")`.

    In the browser the button that does the same.
    """
    if _is_window and (button := "“改正”" if words[:2] == _FIX else _BUTTONS.get(words[0])):
        return button
    if _make and (target := _as_target(words)):
        return f"{_make} {target}"
    where = ["-C", _folder] if _folder and words[0] != "init" else []
    return " ".join([_program, *map(quoted, [*where, *words])])


def _as_started(argv: Sequence[str]) -> str:
    """The program as it was typed: a path, a name that the shell finds, or Python with the module."""
    program = Path(argv[0])
    if program.name == "__main__.py":
        return f"{quoted(_named(Path(sys.orig_argv[0])))} -m {NAME}"
    return quoted(_named(program)) if program.name.partition(".")[0] == NAME else NAME


def _named(program: Path) -> str:
    """The bare name where the shell finds this very program by it; else its path, from here where it lies below."""
    found = shutil.which(program.name)
    if found and Path(found).absolute() == program.absolute():
        return program.name
    if program.is_absolute() and program.is_relative_to(Path.cwd()):
        return str(program.relative_to(Path.cwd()))
    return str(program)


def _as_target(words: Sequence[str]) -> str:
    """What stands after `make`; empty where the Makefile has no way to say it."""
    name, *rest = words
    values = [word for word in rest if not word.startswith("--")]
    flags = [word for word in rest if word.startswith("--") and (name, word) != _FIX]
    variables = _VALUES.get(name)
    if variables is None or len(values) > len(variables) or any((name, flag) not in _FLAGS for flag in flags):
        return ""
    target = "fix" if len(flags) + len(values) < len(rest) else _TARGETS.get(name, name)
    given = [f"{variable}={quoted(value)}" for variable, value in zip(variables, values, strict=False)]
    return " ".join([target, *given, *(_FLAGS[name, flag] for flag in flags)])


def quoted(word: str) -> str:
    """A word as a shell takes it; letters of any language, and an ellipsis that stands for what to write, are bare."""
    return word if word and not set(word) & set(" \t\n'\"\\$`!*?[]{}()<>|&;#~") else shlex.quote(word)
