"""`perfgen serve`: the window in the browser."""

from __future__ import annotations

import argparse
import webbrowser

from perfgen.project.arguments import count, open_project
from perfgen.system import console

HELP = "在浏览器里填表：看着正式的表填，检查就在旁边，改的是数据文件"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--port", type=count, metavar="号码", help="用哪个端口；不写就从 8710 起找一个空着的")
    parser.add_argument("--no-browser", action="store_true", help="只显示地址，不打开浏览器")


def run(options: argparse.Namespace) -> int:
    """Serves until it is interrupted."""
    from perfgen.serving import server  # no other command needs a server

    def ready(address: str) -> None:
        console.say(address)
        console.complain("用浏览器打开上面的地址；填完在这里按 Ctrl-C 结束。")
        if not options.no_browser:
            webbrowser.open(address)

    server.serve(open_project(options.directory), options.port, ready)
    return 0
