"""Keeps one comment of a pull or merge request up to date with build/review/comment.md.

Runs on GitHub, GitLab and what speaks GitHub's language, with Python alone: no package, no action of a third
party. The comment's text was written by a job that may have run a stranger's code, so it is only ever text here:
it is cut to size and put into one request, and everything else comes from the forge.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MARKER = "<!-- perfgen diff -->"
LIMIT = 64_000


class Forge:
    """A forge's requests: its address, how it knows us, and where a request's comments are."""

    def __init__(self, comments: str, token: Mapping[str, str], writer: str | None) -> None:
        self.comments = comments
        self.token = token
        self.writer = writer

    def mine(self) -> str | None:
        """The address of our comment, None where there is none yet."""
        for comment in self._pages(self.comments):
            own = self.writer is None or (comment.get("user") or {}).get("login") == self.writer
            if own and str(comment.get("body", "")).startswith(MARKER):
                return str(comment.get("url") or f"{self.comments}/{comment['id']}")
        return None

    def ask(self, address: str, method: str = "GET", content: Any = None) -> Any:
        """The answer to a request, as JSON."""
        if not address.startswith(("https://", "http://127.0.0.1:")):
            raise ValueError("只用 https")
        headers = {**self.token, "Content-Type": "application/json", "User-Agent": "perfgen"}
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def _pages(self, address: str) -> Iterator[Any]:
        for page in range(1, 101):
            sign = "&" if "?" in address else "?"
            found = self.ask(f"{address}{sign}per_page=100&page={page}")
            yield from found
            if len(found) < 100:
                return


def github(given: Mapping[str, str]) -> Forge | None:
    """The pull request whose head is the commit that was built; None where it is no longer so.

    Its number is not taken from the artifact, where a stranger could have written another one.
    """
    repository = f"{given['GITHUB_API_URL']}/repos/{urllib.parse.quote(given['GITHUB_REPOSITORY'])}"
    token = {"Authorization": f"Bearer {given['COMMENT_TOKEN']}"}
    forge = Forge("", token, "github-actions[bot]")
    head = urllib.parse.quote(f"{given['HEAD_OWNER']}:{given['HEAD_BRANCH']}", safe="")
    found = forge.ask(f"{repository}/pulls?state=open&head={head}")
    numbers = [int(one["number"]) for one in found if one["head"]["sha"] == given["HEAD_SHA"]]
    if not numbers:
        return None
    forge.comments = f"{repository}/issues/{numbers[0]}/comments"
    return forge


def gitlab(given: Mapping[str, str]) -> Forge:
    """The merge request of this pipeline; its comments are called notes."""
    project, number = urllib.parse.quote(given["CI_PROJECT_ID"]), int(given["CI_MERGE_REQUEST_IID"])
    address = f"{given['CI_API_V4_URL']}/projects/{project}/merge_requests/{number}/notes"
    return Forge(address, {"PRIVATE-TOKEN": given["COMMENT_TOKEN"]}, None)


def main(given: Mapping[str, str], file: Path) -> int:
    """Puts the comment up, or the one that is there up to date; says in a line what it did."""
    text = file.read_text("utf-8", errors="replace")[:LIMIT]
    if not text.startswith(MARKER):
        sys.stderr.write(f"{file} 不是 perfgen diff 写的评论，没有发表。\n")
        return 1
    if link := given.get("COMMENT_LINK"):
        text += f"\n\n[附件：正式的表、比较的页面（有联系人，只供办公使用）]({link})\n"
    on_github = "GITHUB_API_URL" in given
    try:
        forge = github(given) if on_github else gitlab(given)
        if forge is None:
            sys.stdout.write("这次生成之后又有新的提交，或者合并请求已经关了，没有发表。\n")
            return 0
        mine = forge.mine()
        if mine:
            forge.ask(mine, "PATCH" if on_github else "PUT", {"body": text})
        else:
            forge.ask(forge.comments, "POST", {"body": text})
    except (urllib.error.URLError, TimeoutError, ValueError, KeyError) as error:
        sys.stderr.write(f"评论没有发表：{error}\n")
        return 3
    sys.stdout.write("评论已更新。\n" if mine else "评论已发表。\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ, Path(sys.argv[1] if len(sys.argv) > 1 else "build/review/comment.md")))
