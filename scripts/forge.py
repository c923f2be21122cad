"""What the scripts of a pull or merge request ask of a forge.

With Python alone: no package, no action of a third party.
"""

from __future__ import annotations

import json
import ssl
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: the token would go along, even from https to http."""

    def redirect_request(self, *_: Any) -> None:
        """Follows nothing: then the answer is an error."""


class Forge:
    """A forge's requests: its address, how it knows us, and where a request's comments are."""

    def __init__(self, comments: str, token: Mapping[str, str], writer: str | None, given: Mapping[str, str]) -> None:
        """`given` are the variables of the job; an administrator's may say PERFGEN_COMMENT_HTTP=1 and PERFGEN_CA."""
        self.comments = comments
        self.token = token
        self.writer = writer
        self.beginnings = ["https://", "http://127.0.0.1:"]
        if given.get("PERFGEN_COMMENT_HTTP") == "1":
            self.beginnings.append("http://")
        self.authority = given.get("PERFGEN_CA") or None

    def mine(self, marker: str) -> str | None:
        """The address of our comment, which begins with a marker; None where there is none yet."""
        for comment in self._pages(self.comments):
            own = self.writer is None or (comment.get("user") or {}).get("login") == self.writer
            if own and str(comment.get("body", "")).startswith(marker):
                return str(comment.get("url") or f"{self.comments}/{comment['id']}")
        return None

    def ask(self, address: str, method: str = "GET", content: Any = None) -> Any:
        """The answer to a request, as JSON."""
        if not address.startswith(tuple(self.beginnings)):
            raise ValueError("只用 https，不然令牌谁都看得到；内网里没有 https 的，由管理员设 PERFGEN_COMMENT_HTTP=1")
        headers = {**self.token, "Content-Type": "application/json", "User-Agent": "perfgen"}
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310
        context = ssl.create_default_context()
        if self.authority:
            context.load_verify_locations(self.authority)
        handlers = (urllib.request.HTTPSHandler(context=context), _NoRedirect())
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer:
            return json.load(answer)

    def _pages(self, address: str) -> Iterator[Any]:
        for page in range(1, 101):
            sign = "&" if "?" in address else "?"
            found = self.ask(f"{address}{sign}per_page=100&page={page}")
            yield from found
            if len(found) < 100:
                return


def repository(given: Mapping[str, str]) -> str:
    """The address of the repository on GitHub."""
    return f"{given['GITHUB_API_URL']}/repos/{urllib.parse.quote(given['GITHUB_REPOSITORY'])}"


def on_github(given: Mapping[str, str]) -> Forge:
    """GitHub, or what speaks its language; no request is chosen yet."""
    return Forge("", {"Authorization": f"Bearer {given['COMMENT_TOKEN']}"}, "github-actions[bot]", given)


def open_requests(forge: Forge, given: Mapping[str, str]) -> list[Any]:
    """The open pull requests whose head is the commit that was built; none where it is no longer so.

    Their numbers come from the forge and from no artifact, where a stranger could have written others.
    """
    head = urllib.parse.quote(f"{given['HEAD_OWNER']}:{given['HEAD_BRANCH']}", safe="")
    found = forge.ask(f"{repository(given)}/pulls?state=open&head={head}")
    return [one for one in found if one["head"]["sha"] == given["HEAD_SHA"]]
