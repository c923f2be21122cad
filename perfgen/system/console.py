"""Prints what the user sees; the only module that prints."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TextIO

from perfgen import formats
from perfgen.display import visible
from perfgen.findings import Finding, Level, ToolError, by_place
from perfgen.formats import Brief
from perfgen.formats.text import counts
from perfgen.project import invocation
from perfgen.project.snapshot import Project

_FEW = 5
_ORDER = re.compile("((?:^|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])\\s*)::")


def say(text: str) -> None:
    """Prints a line of a command's answer for people."""
    _print(_harmless(text), sys.stdout)


def answer(text: str) -> None:
    """Prints an answer in a format for programs, as it is: that format says what may stand in it."""
    _print(text, sys.stdout)


def complain(text: str) -> None:
    """Prints a line about what went wrong or why we wait; it may quote what a user typed."""
    _print(_harmless(visible(text)), sys.stderr)


def _harmless(text: str) -> str:
    """A text of which no line is an order to the program that shows it: a runner of GitHub, which takes them from both.

    Source: its ActionCommand, which takes a line that begins with `::`, blanks apart, and `##[` anywhere in one.
    """
    return _ORDER.sub(r"\1\\::", text).replace("##[", "#\\#[")


def _print(text: str, stream: TextIO) -> None:
    """Prints a line. Raises ToolError where there is no room for it, once: what follows is thrown away."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(stream)
        raise ToolError(f"要显示的内容写不出去：{error.strerror or error}。") from error


def show_findings(
    findings: Iterable[Finding],
    project: Project,
    name: str = formats.DEFAULT,
    brief: Brief | None = None,
    *,
    errors_first: bool = False,
    changed: Container[str] = (),
) -> None:
    """Prints findings in one of the formats, as the answer that was asked for: on stdout."""
    text = formats.render(name, findings, project, brief, errors_first=errors_first, changed=changed)
    if text or name != formats.DEFAULT:
        (say if name == formats.DEFAULT else answer)(text)


def complain_of(findings: Iterable[Finding], project: Project) -> None:
    """Prints findings for people that keep a command from its answer: on stderr."""
    if text := formats.render(formats.DEFAULT, findings, project):
        complain(text)


def show_grave(findings: Iterable[Finding], project: Project) -> None:
    """Shows errors in full, how many open warnings each file has, and how many other findings there are."""
    ordered = by_place(findings)
    complain_of((finding for finding in ordered if finding.level is Level.ERROR), project)
    open_warnings = [finding for finding in ordered if finding.is_open]
    for file, count in Counter(finding.place.file for finding in open_warnings).items():
        complain(_open(file, count))
    rest = [finding for finding in ordered if finding.level is not Level.ERROR and finding not in open_warnings]
    if rest:
        files = list(dict.fromkeys(finding.place.file for finding in rest))
        show = invocation.command("check", "--all", *(files if len(files) == 1 else ()))
        complain(f"另有 {counts(rest)}；运行 {show} 看全部。")


def remind(waiting: Mapping[str, int]) -> None:
    """Says how many warnings are still open in files that were not checked again: for each file, or for many in all."""
    if len(waiting) > _FEW:
        count = sum(waiting.values())
        show = invocation.command("check")
        complain(f"没有变化的 {len(waiting)} 个文件里还有 {count} 个警告没有答复；运行 {show} 看全部。")
        return
    for file, count in waiting.items():
        complain(_open(file, count))


def _open(file: str, count: int) -> str:
    return f"{file}：{count} 个警告，要改正或写明理由；运行 {invocation.command('check', file)} 看是哪些。"


def abandon(*streams: TextIO) -> None:
    """Throws away what is still to be printed, because nobody can take it; Python then reports no error at the end."""
    for stream in streams or (sys.stdout, sys.stderr):
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def use_utf8() -> None:
    """Makes the output UTF-8, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def restart_in_utf8() -> None:
    """Starts the program anew where names of files are not UTF-8, as in a GBK locale: git and YAML speak UTF-8.

    The arguments reach the new process as the bytes they were. It does nothing on Windows, where names are text.
    """
    if sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606  # itself


class Progress(Protocol):
    """Is told of each finished unit."""

    def __call__(self, text: str, *, failed: bool = False) -> None:
        """One more is done."""


@contextmanager
def progress(total: int, doing: str, *, shows_all: bool = False) -> Iterator[Progress]:
    """A progress bar on a terminal, a plain line for each unit elsewhere: one line, whatever a file is called.

    On a terminal only what failed stays, or, where `shows_all` says so, a line for each.
    """
    if sys.stdout.isatty() and sys.stderr.isatty():
        with _bar(total, doing, shows_all=shows_all) as advance:
            yield _on_one_line(advance)
    else:
        yield _on_one_line(_plain_lines(total))


def _on_one_line(advance: Progress) -> Progress:
    def tell(text: str, *, failed: bool = False) -> None:
        advance(visible(text).replace("\n", " "), failed=failed)

    return tell


def _plain_lines(total: int) -> Progress:
    done = 0

    def advance(text: str, *, failed: bool = False) -> None:
        nonlocal done
        done += 1
        say(f"[{done:>{len(str(total))}}/{total}] {'✗' if failed else '✓'} {text}")

    return advance


@contextmanager
def _bar(total: int, doing: str, *, shows_all: bool) -> Iterator[Progress]:
    from rich.console import Console  # slow to load, and only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(doing, total=total)

        def advance(text: str, *, failed: bool = False) -> None:
            bar.update(task, advance=1, description=text)
            if failed or shows_all:
                bar.console.print(f"{'✗' if failed else '✓'} {text}", markup=False, highlight=False)

        yield advance
