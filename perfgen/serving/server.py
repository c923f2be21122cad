"""Opens the door: a server on this machine alone, until somebody ends it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from perfgen.findings import ToolError
from perfgen.project import invocation
from perfgen.project.snapshot import Project
from perfgen.serving import ending, patience
from perfgen.serving.app import make_app
from perfgen.serving.desk import Desk
from perfgen.serving.guard import HOST, Keys
from perfgen.serving.office import Office

FIRST_PORT, PORTS = 8710, 50
"""The port that is tried first, and how many after it."""
_LAST_PORT = 65535
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
"""What the system says of a port that somebody has; Windows says the second of one that it keeps for itself."""


class _Server(uvicorn.Server):
    """uvicorn, which leaves signals to `ending`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Does nothing."""
        yield

    def end(self) -> None:
        """Lets it end; what is under way is not waited for."""
        self.should_exit = True


def serve(
    project: Project,
    port: int | None,
    ready: Callable[[str], None],
    farewell: Callable[[], None],
    troubled: Callable[[Exception], None],
) -> None:
    """Serves a project until it is told to end; `ready` is given the address, `farewell` is called at the end.

    `troubled` is given each exception that nobody foresaw. Without a port, the first free one is taken. Raises
    ToolError where none is free.
    """
    invocation.in_window()
    with _door(port) as door:
        number = door.getsockname()[1]
        office = Office(Desk(project), Keys())
        office.troubled = troubled
        server = _Server(_config(make_app(office, number)))
        with ending.calmly(server.end, farewell):
            ready(f"http://{HOST}:{number}{office.root}")
            try:
                server.run(sockets=[door])
            finally:
                office.close()


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application
        log_config=None, log_level="critical", access_log=False, lifespan="on", ws="none", loop="asyncio",
        http=patience.PatientProtocol, limit_concurrency=patience.CONNECTIONS, proxy_headers=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=0,
    )  # fmt: skip


def _door(port: int | None) -> socket.socket:
    """A socket that listens on this machine alone. Raises ToolError where that cannot be."""
    if port and port > _LAST_PORT:
        raise ToolError(f"没有端口 {port}；最大是 {_LAST_PORT}。")
    ports = [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS)
    for number in ports:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            _take(door, number)
        except OSError as error:
            door.close()
            if error.errno not in _TAKEN:
                raise ToolError(f"端口 {number} 打不开：{error.strerror}。") from error
        else:
            return door
    taken = f"端口 {ports[0]} 已经有程序在用，或者系统不许用；换一个：--port 号码，或者不写。"
    raise ToolError(taken if port else f"端口 {ports[0]} 到 {ports[-1]} 都有程序在用；写明用哪个：--port 号码。")


def _take(door: socket.socket, number: int) -> None:
    """Listens at a port that nobody listens at: on Windows two programs could, elsewhere one waits after the last."""
    alone = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
    door.setsockopt(socket.SOL_SOCKET, alone, 1)
    door.bind((HOST, number))
    door.listen(128)
