"""Refuses every network socket of the Python process it is loaded into, and writes down that one was asked for.

Python imports a module of this name at its start. PERFGEN_TESTS_SOCKETS names the file that is written to.
"""

import os
import socket
import sys
from pathlib import Path

_NETWORK = {socket.AF_INET, socket.AF_INET6}


def _refuse(event: str, arguments: tuple) -> None:
    asked = event == "socket.__new__" and arguments[1] in _NETWORK
    if asked or event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        with Path(os.environ["PERFGEN_TESTS_SOCKETS"]).open("a", encoding="utf-8") as file:
            file.write(f"{event} {arguments!r}\n")
        raise OSError("no network here")


sys.addaudithook(_refuse)
