"""Runs git so that it answers alike on every machine: fixed settings, no variable that points it elsewhere.

Only `system/git` asks here, and only for plumbing: what `git log` and `git diff` print is each user's to set.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.project.layout import MAX_OTHER

_SETTINGS = {
    "color.ui": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.fsmonitor": "false",
    "core.quotePath": "false",
    "core.safecrlf": "false",
    "i18n.logOutputEncoding": "UTF-8",
    "log.showSignature": "false",
}
"""What the user's own settings may not decide: `-c` comes after every file and every variable."""

_KEPT_VARIABLES = ("GIT_CONFIG_", "GIT_SSH", "GIT_SSL_", "GIT_HTTP_", "GIT_PROXY_")
_KEPT_NAMES = {
    "GIT_ASKPASS", "GIT_ALLOW_PROTOCOL", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH",
    "GIT_TEST_ASSUME_DIFFERENT_OWNER",
}  # fmt: skip
"""Variables that say how git gets at things, not which repository is read or how it answers."""
_WHO = ("GIT_AUTHOR_", "GIT_COMMITTER_")
"""Variables that say who commits."""
_FIXED = {
    "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
    "GIT_GRAFT_FILE": os.devnull,
}  # fmt: skip
"""Variables that make it answer alike everywhere."""
_GRACE = 5.0
"""Seconds that git has to take away its locks when it is ended."""


def _environment(more: tuple[str, ...] = ()) -> dict[str, str]:
    """The variables git runs with: none that a hook, a shell or a person set to point git elsewhere.

    `more` are beginnings of names that are kept too.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES + more) or name in _KEPT_NAMES
    }


def run(
    root: Path, *arguments: str, given: bytes | None = None, index: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Runs git with fixed settings; the index is not refreshed on the way, nor are messages translated.

    With `index`, git takes that file for its index. Raises ToolError when there is no git.
    """
    environment = _environment() | _FIXED | ({"GIT_INDEX_FILE": str(index)} if index else {})
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command = ["git", "--no-pager", "--no-replace-objects", "--literal-pathspecs", *settings, *arguments]
    try:
        return subprocess.run(
            command, cwd=root, input=given if given is not None else b"", capture_output=True, env=environment,
            check=False,
        )  # fmt: skip
    except OSError as error:
        raise ToolError("没有 git；装上再试。") from error


@dataclass(frozen=True)
class Said:
    """What came of a call of git as its user makes it."""

    code: int | None
    """None where it took too long and was ended."""
    said: str
    """All that it printed, and what it started."""


def as_user(root: Path, *arguments: str, given: bytes = b"", seconds: float = 60) -> Said:
    """Runs git as its user does: with their settings, hooks and language, though without a terminal to ask at.

    What takes longer than `seconds` is ended, with all that it has started. Raises ToolError where there is no git.
    """
    environment = _environment(_WHO) | {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"}
    # what it says goes to a file: a program that a hook leaves behind would hold a pipe open
    import tempfile  # slow to load, and not needed where git only answers

    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(given)
        asked.seek(0)
        try:
            process = subprocess.Popen(
                ["git", "--no-pager", *arguments], cwd=root, env=environment, stdin=asked, stdout=said,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise ToolError("没有 git；装上再试。") from error
        code = _ended(process, seconds)
        said.seek(0)
        return Said(code, said.read().decode("utf-8", "replace"))


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit code of a process; None where it took too long and was ended, its locks taken away."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            with suppress(ProcessLookupError, PermissionError, subprocess.TimeoutExpired):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, number)
                else:
                    process.kill()
                process.wait(_GRACE)
    return None


def answer(root: Path, *arguments: str) -> str | None:
    """Git's answer as text without blanks at its ends; None when it is empty or git fails."""
    finished = run(root, *arguments)
    return finished.stdout.decode("utf-8", "replace").strip() or None if finished.returncode == 0 else None


def output(root: Path, *arguments: str, given: bytes | None = None, index: Path | None = None) -> bytes:
    """The bytes of git's answer. Raises ToolError when git fails."""
    finished = run(root, *arguments, given=given, index=index)
    if finished.returncode:
        raise ToolError(f"git {arguments[0]} 失败：{finished.stderr.decode('utf-8', 'replace').strip()}")
    return finished.stdout


def lines(root: Path, *arguments: str) -> list[str]:
    """The parts of an answer of git that end in a zero byte."""
    listed = output(root, *arguments).decode("utf-8", "surrogateescape")
    return [line for line in listed.split("\0") if line]


def objects(root: Path, names: Sequence[str]) -> Iterator[tuple[bytes, bytes] | None]:
    """The kind and the contents of each object, in one call; None for one that is not there.

    Raises ToolError for one of more bytes than any file of a project may have.
    """
    given = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    _refuse_large(output(root, "cat-file", "--batch-check=%(objectsize)", given=given), names)
    listed = output(root, "cat-file", "--batch", given=given)
    at = 0
    while at < len(listed):
        end = listed.index(b"\n", at)
        kind, size = listed[at:end].rsplit(b" ", 2)[-2:]
        at = end + 1
        if not size.isdigit():  # `missing`: there is no size, and no contents follow
            yield None
            continue
        yield kind, listed[at : at + int(size)]
        at += int(size) + 1


def _refuse_large(sizes: bytes, names: Sequence[str]) -> None:
    """Raises ToolError where an object is too large to be read; git packs a thousand times as much into little."""
    for name, size in zip(names, sizes.splitlines(), strict=True):
        if size.isdigit() and int(size) > MAX_OTHER:
            shown = name.rpartition(":./")[2]
            raise ToolError(f"git 里的 {shown} 太大：{int(size)} 字节，最多 {MAX_OTHER} 字节，没有读。")
