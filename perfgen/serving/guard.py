"""Who may come in: a browser on this machine that was given the address, and no page of another site.

Source: OWASP, Cross-Site Request Forgery Prevention (verifying origin with standard headers); W3C, Fetch Metadata
Request Headers. DNS rebinding is kept out by the Host header, since a foreign name that leads to 127.0.0.1 still calls
itself by that name.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from perfgen.serving import refusal

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
"""What a browser on this machine calls it."""
_READING = frozenset({"GET", "HEAD"})
_WEB = 80
"""The port that browsers do not name."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of the window may load and do: scripts and styles of its own, nothing inline, nothing from elsewhere."""
_ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
_OF_DESK = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_OF_PREVIEW = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""A frame with a sandbox has an origin of its own, so what it loads comes from another one; who answers may say more
of what it may do."""


@dataclass(frozen=True)
class Keys:
    """What stands in addresses, so that nobody can guess them."""

    desk: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In every address of the window."""
    preview: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In the addresses of what templates made: who knows it can read that, and nothing else."""


class RefusedError(Exception):
    """A request may not come in; its text says why, for people."""


class Guard:
    """Lets a request through, or answers that it may not come in; says with each answer what a browser may do with it.

    An exception that nobody foresaw ends the request it came of, and no other; `troubled` is told.
    """

    def __init__(self, app: ASGIApp, port: int, keys: Keys, troubled: Callable[[Exception], None]) -> None:
        self.app = app
        self.keys = keys
        self.hosts = {f"{name}:{port}" for name in NAMES} | ({*NAMES} if port == _WEB else set())
        self._troubled = troubled

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        is_preview = False
        try:
            is_preview = self._admit(scope)
        except RefusedError as error:
            answer: ASGIApp = refusal.response(Headers(scope=scope), str(error), 403)
        else:
            answer = self.app
        try:
            await answer(scope, receive, _with_headers(send, _OF_PREVIEW if is_preview else _OF_DESK))
        except Exception as error:  # the application has answered already
            self._troubled(error)

    def _admit(self, scope: Scope) -> bool:
        """Whether a request is for what templates made. Raises RefusedError for one that may not come in."""
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if host not in self.hosts:
            raise RefusedError("只能在这台电脑上，用程序显示的地址打开。")
        key = scope["path"].partition("/")[2].partition("/")[0]
        reads = scope["method"] in _READING
        if _is(key, self.keys.preview) and reads:
            return True
        if not _is(key, self.keys.desk):
            raise RefusedError("这个地址不是这一次的：程序每次启动，地址都会换。回到打开程序的窗口，用那里显示的地址。")
        origin = headers.get("origin")
        if origin != f"http://{host}" and (origin is not None or not reads):
            raise RefusedError("别的网页不能改这里的文件。")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise RefusedError("别的网页不能打开这里。")
        return False


def _with_headers(send: Send, more: dict[str, str]) -> Send:
    """Sends an answer with headers that it does not set itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in (_ALWAYS | more).items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _is(one: str, other: str) -> bool:
    """Whether two keys are the same; how long that takes says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
