"""`perfgen text`: a Word file as text, for git diff and git log -p."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfgen.findings import UsageError
from perfgen.project import reading
from perfgen.review import docx_text
from perfgen.system import console, unpack

HELP = "把 Word 文件显示成文字，给 git diff 用"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("file", type=Path, metavar="文件.docx", help="Word 文件")


def run(options: argparse.Namespace) -> int:
    """Shows the file.

    Raises UsageError for what is no Word file.
    """
    try:
        text = docx_text.text_of(reading.typed(options.directory / options.file, unpack.MAX_FILE))
    except OSError as error:
        raise UsageError(f"{options.file}：读不出来：{error.strerror}。") from error
    except ValueError as error:
        raise UsageError(f"{options.file}：{error}。") from error
    console.say(text.rstrip("\n"))
    return 0
