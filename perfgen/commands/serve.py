"""`perfgen serve`: the window in the browser."""

from __future__ import annotations

import argparse
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from perfgen.findings import PerfgenError, ToolError
from perfgen.project.arguments import count, open_project
from perfgen.serving import needs
from perfgen.system import browser, console, fault_report

HELP = "在浏览器里填表：看着正式的表填，检查就在旁边，改的是数据文件"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--port", type=count, metavar="号码", help="用哪个端口；不写就从 8710 起找一个空着的")
    parser.add_argument("--no-browser", action="store_true", help="只显示地址，不打开浏览器")


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted."""
    if missing := needs.missing():
        raise ToolError(f"没有装 {'、'.join(missing)}，开不了填表的窗口。装上再试：{needs.install()}")
    from perfgen.serving import server  # no other command needs a server

    def ready(address: str) -> None:
        console.say(address)
        console.complain("用浏览器打开上面的地址；改了就已经存好。填完了，在这里按 Ctrl-C 结束，或者关掉这个窗口。")
        if not options.no_browser:
            browser.show(address)

    project = open_project(options.directory)
    server.serve(project, options.port, ready, _farewell, _told_once(project.root))
    return 0


def _farewell() -> None:
    """The last line; nobody may be there to read it."""
    with suppress(PerfgenError, OSError):
        console.complain("结束了；改过的都已经存好。")


def _told_once(root: Path) -> Callable[[Exception], None]:
    """Says of each exception that nobody foresaw once what to do, however often it comes."""
    said: set[tuple[object, ...]] = set()

    def tell(error: Exception) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1:]
        mark = (type(error), *((frame.filename, frame.lineno) for frame in last))
        if mark not in said:
            said.add(mark)
            with suppress(PerfgenError, OSError):
                fault_report.show(error, ["serve"], root)

    return tell
