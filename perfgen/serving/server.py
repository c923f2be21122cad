"""Opens the door: a server on this machine alone, until somebody ends it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import uvicorn

from perfgen.findings import ToolError
from perfgen.project import invocation
from perfgen.project.snapshot import Project
from perfgen.serving.app import make_app
from perfgen.serving.desk import Desk
from perfgen.serving.guard import HOST, Keys
from perfgen.serving.office import Office

FIRST_PORT, PORTS = 8710, 50
"""The port that is tried first, and how many after it."""


def serve(project: Project, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves a project until it is interrupted; `ready` is given the address.

    Without a port, the first free one is taken. Raises ToolError where none is free.
    """
    door = _door(port)
    invocation.in_window()
    number = door.getsockname()[1]
    office = Office(Desk(project), Keys())
    app = make_app(office, number)
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, lifespan="on", server_header=False, date_header=False,
        timeout_graceful_shutdown=0,
    )  # fmt: skip
    ready(f"http://{HOST}:{number}{office.root}")
    try:
        uvicorn.Server(config).run(sockets=[door])
    finally:
        office.close()
        door.close()


def _door(port: int | None) -> socket.socket:
    """A socket that listens on this machine alone."""
    ports = [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS)
    for number in ports:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            door.bind((HOST, number))
            door.listen(128)
        except OSError as error:
            door.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise ToolError(f"端口 {number} 打不开：{error.strerror}。") from error
        else:
            return door
    raise ToolError(f"端口 {ports[0]} 已经有程序在用；换一个：--port 号码。" if port else "没有空着的端口。")
