"""The `perfgen` command: arguments in, exit code out; errors become messages here and nowhere else.

Exit codes: 0 fine, 1 the data has errors, 2 wrong use or a broken form, 3 a tool or the system
failed, or a fault of perfgen, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from perfgen import __version__, commands
from perfgen.findings import FindingsError, PerfgenError, ToolError, UsageError
from perfgen.project import invocation
from perfgen.project.arguments import find_root, open_project
from perfgen.project.snapshot import Project
from perfgen.system import console, fault_report, garbage

EXIT_FAULT = 3
EXIT_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """argparse with headings and errors in Chinese."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份帮助")

    def format_usage(self) -> str:
        """The usage line."""
        return super().format_usage().replace("usage:", "用法：", 1)

    def format_help(self) -> str:
        """The help text."""
        return super().format_help().replace("usage:", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Raises UsageError, with the message in Chinese and the usage."""
        raise UsageError(f"{_in_chinese(message)}\n{self.format_usage().strip()}")


def _in_chinese(message: str) -> str:
    """A message of argparse in Chinese."""
    for english, chinese in (
        ("the following arguments are required:", "缺少参数："),
        ("unrecognized arguments:", "不认识的参数："),
        ("invalid choice:", "没有这个选择："),
        ("expected one argument", "后面要写一个值"),
        ("choose from", "可选"),
        ("argument ", "参数 "),
        ("ambiguous option:", "选项不明确："),
    ):
        message = message.replace(english, chinese)
    return message


def _parser(argv: Sequence[str]) -> _Parser:
    """The parser; a command's module is imported only when its name is among the arguments."""
    parser = _Parser(prog=invocation.program(), description="从 YAML 生成正式的 Word 表格、PDF 和公开网页。")
    parser.add_argument("-C", dest="directory", type=Path, default=Path(), metavar="目录", help="先进入这个目录")
    parser.add_argument("--version", action="version", version=f"perfgen {__version__}", help="显示版本")
    choices = parser.add_subparsers(title="命令", dest="command", metavar="命令", required=True, parser_class=_Parser)
    names = commands.FOLDER.names()
    called = [name for name in argv if name in names]
    for name in called[:1]:
        module = commands.FOLDER.module(name)
        command = choices.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    if not called:  # they are only listed
        for name in names:
            choices.add_parser(name, help=commands.FOLDER.text(name, "HELP"))
    return parser


def _project(start: Path) -> Project:
    """The project of the findings' files; where there is none, the folder itself."""
    try:
        return open_project(start)
    except UsageError:
        return Project.on_disk(start)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit code; prints errors in Chinese, without a traceback."""
    if argv is None:
        garbage.collect_seldom()
        console.restart_in_utf8()
    console.use_utf8()
    if _stands_nowhere():
        console.complain("错误：现在所在的目录已经删除或移走了。先 cd 到别的目录，再运行。")
        return UsageError.exit_code
    if argv is None:
        invocation.started(sys.argv, os.environ)
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        return _run(arguments)
    except ToolError as error:  # nobody can be told: what was said of an error could not be printed
        return error.exit_code
    except Exception as error:
        fault_report.show(error, arguments, _directory(arguments))
        return EXIT_FAULT


def _stands_nowhere() -> bool:
    """Whether the folder that a command is run in is gone: no path leads anywhere from there."""
    try:
        Path.cwd()
    except OSError:
        return True
    return False


def _run(arguments: list[str]) -> int:
    """Runs a command; what was foreseen becomes a message and an exit code."""
    directory = Path()
    try:
        options = _parser(arguments).parse_args(arguments)
        if not options.directory.is_dir():
            raise UsageError(f"没有 {options.directory} 这个目录。")
        directory = options.directory
        _remember_project(directory)
        return int(options.run(options))
    except FindingsError as error:
        console.complain_of(error.findings, _project(directory))
        return error.exit_code
    except PerfgenError as error:
        console.complain(f"错误：{error}")
        return error.exit_code
    except BrokenPipeError:  # the reader stopped reading: `| head`, a pager that was closed
        console.abandon()
        return EXIT_INTERRUPTED
    except KeyboardInterrupt:
        console.complain("已中断；已经写好的文件是完整的。")
        return EXIT_INTERRUPTED


def _remember_project(directory: Path) -> None:
    """Lets messages name commands that reach the project that a command was called for."""
    with suppress(UsageError):
        invocation.in_folder(find_root(directory))


def _directory(arguments: list[str]) -> Path:
    """The folder that `-C` names, however the command ended."""
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("-C", dest="directory", type=Path, default=Path())
    try:
        directory: Path = parser.parse_known_args(arguments)[0].directory
    except argparse.ArgumentError:
        return Path()
    return directory
