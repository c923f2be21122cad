"""Who may come in: a browser on this machine that was given the address, and no page of another site.

Source: OWASP, Cross-Site Request Forgery Prevention (verifying origin with standard headers); DNS rebinding is kept out
by the Host header, since a foreign name that leads to 127.0.0.1 still calls itself by that name.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
_READING = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of the window may load and do: scripts and styles of its own, nothing inline, nothing from elsewhere."""


@dataclass(frozen=True)
class Keys:
    """What stands in addresses, so that nobody can guess them."""

    desk: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In every address of the window."""
    preview: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """In the addresses of what templates made: who knows it can read that, and nothing else."""


class Guard:
    """Lets a request through, or answers that it may not come in."""

    def __init__(self, app: ASGIApp, port: int, keys: Keys) -> None:
        self.app = app
        self.keys = keys
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await PlainTextResponse(refusal, 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        """Why a request may not come in, for people; None where it may."""
        headers = Headers(scope=scope)
        if headers.get("host") not in self.hosts:
            return "只从这台电脑上打开。"
        key = scope["path"].split("/")[1]
        reads = scope["method"] in _READING
        if not (_is(key, self.keys.desk) or (reads and _is(key, self.keys.preview))):
            return "地址不全：从 perfgen serve 显示的地址打开。"
        origin = headers.get("origin")
        if not reads and origin not in self.origins:
            return "别的网页不能改这里的文件。"
        if _is(key, self.keys.desk) and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "别的网页不能打开这里。"
        return None


def _is(one: str, other: str) -> bool:
    """Whether two keys are the same; how long that takes says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
