"""`perfgen verify`: which data a published file is of, and what in it was changed; a copied site against its list."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.project import reading
from perfgen.project.arguments import open_project
from perfgen.system import console
from perfgen.system.unpack import MAX_FILE
from perfgen.verifying import as_json, mirror, words
from perfgen.verifying.mirror import Mirror
from perfgen.verifying.outcome import Outcome
from perfgen.verifying.verify import Verifier

HELP = "核对公开的文件：数据和哪个提交相同，改了哪几处；文件夹和它的 checksums.json 比"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "files", nargs="+", metavar="文件",
        help="公开的 PDF、Word 文件、data.json 或 CSV；整个网站的副本写它的文件夹",
    )  # fmt: skip
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出的格式（默认 text）")


def run(options: argparse.Namespace) -> int:
    """Verifies each file and says what came of it; the gravest of their exit codes."""
    outcomes = _outcomes(options.directory, options.files)
    if options.format == "json":
        console.answer(as_json.dump(outcomes))
    else:
        for one in outcomes:
            console.say("\n".join(mirror.lines(one)) if isinstance(one, Mirror) else words.text([one]))
    return max(one.exit_code for one in outcomes)


def _outcomes(base: Path, wanted: list[str]) -> list[Outcome | Mirror]:
    """What came of each file and folder. Raises UsageError for what is not there, or where there is no project."""
    found: list[Outcome | Mirror] = []
    verifier: Verifier | None = None
    for typed in wanted:
        path = base / typed
        if not os.path.lexists(path):
            raise UsageError(f"没有 {typed} 这个文件。")
        if path.is_dir() or path.name == mirror.LIST:
            found.append(mirror.check(path if path.is_dir() else path.parent, typed))
            continue
        verifier = verifier or Verifier(open_project(base))
        try:
            content = reading.typed(path, MAX_FILE)
        except OSError as error:
            raise UsageError(f"{typed}：读不出来：{error.strerror}。") from error
        found.append(verifier.verify(typed, content))
    return found
