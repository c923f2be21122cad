"""The addresses for a commit of the file that a window shows: what would be said of it, and the commit itself.

    GET  /KEY/api/commit?file=PATH            whether the file can be committed, and if not why; the branch
    GET  /KEY/api/commit/message?file=PATH    the message that is proposed
    POST /KEY/api/commit                      {file, version, message}

Git and its hooks run beside the desk, as long as they like; one commit at a time.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from perfgen.findings import PerfgenError, ToolError
from perfgen.project import faults
from perfgen.review import commit_message
from perfgen.serving import asked
from perfgen.serving.answers import given, refused, told
from perfgen.serving.desk import Desk
from perfgen.serving.office import office_of
from perfgen.system import git_as_user, git_user
from perfgen.system.git_as_user import Committed

_MOST = 100_000
"""How many bytes a message may have."""
_SHORT = 10
"""So many digits name a commit for people."""
_ONE = threading.Lock()
"""Held by the one commit that is made."""


async def _state(request: Request) -> Response:
    """Answers {hindrance, branch, changed, staged}."""
    desk = office_of(request).desk
    try:
        source = desk.file(request.query_params.get("file", "")).source
        return given(await asyncio.to_thread(_state_of, desk.project.root, source))
    except PerfgenError as error:
        return refused(str(error), 404)


def _state_of(root: Path, source: str) -> dict[str, object]:
    hindrance = git_as_user.hindrance(root, source)
    if hindrance:
        return {"hindrance": hindrance, "branch": "", "changed": False, "staged": 0}
    return {
        "hindrance": "",
        "branch": git_user.branch(root) or "",
        "changed": git_as_user.has_changed(root, source),
        "staged": git_as_user.others_staged(root, source),
    }


async def _message(request: Request) -> Response:
    """Answers {message, version}: what the file is now, in words."""
    source = request.query_params.get("file", "")

    def proposed(desk: Desk) -> dict[str, str]:
        desk.file(source)
        with faults.in_hand(source):
            return {"message": commit_message.proposed(desk.project, source), "version": desk.look(source).version}

    return await told(request, proposed, 404)


async def _commit(request: Request) -> Response:
    """Commits; answers {done, said}, what git and its hooks said among it."""
    office, body = office_of(request), await asked.body(request, _MOST)
    source, version, message = body.text("file"), body.text("version"), body.text("message").strip()
    if not message:
        return refused("写一句改了什么，再提交。")
    try:
        root = office.desk.project.root
        if await office.at_desk(lambda desk: desk.look(source).version) != version:
            return refused("文件刚刚又改了，没有提交；看过新的说明再提交。", 409)
        hindrance, made = await asyncio.to_thread(_committed, root, source, message)
    except PerfgenError as error:
        return refused(str(error))
    if hindrance:
        return refused(hindrance)
    if not made.name:
        return given({"trouble": _refusal(made), "said": made.said}, 400)
    office.hub.tell("committed", {"file": source})
    office.hub.tell("changed", {"files": [source]})
    late = "；hook 没有做完，等了太久" if made.is_late else ""
    return given({"done": f"已经提交（{made.name[:_SHORT]}），还没有推送{late}。", "said": made.said})


def _committed(root: Path, source: str, message: str) -> tuple[str, Committed]:
    """What keeps a file from being committed, or what came of it."""
    with _ONE:
        hindrance = git_as_user.hindrance(root, source)
        if hindrance:
            return hindrance, Committed("", "")
        if not git_as_user.has_changed(root, source):
            raise ToolError("没有要提交的：文件和上一次提交的一样。")
        return "", git_as_user.commit(root, source, message)


def _refusal(made: Committed) -> str:
    if made.is_late:
        return f"等了 {git_as_user.SECONDS} 秒还没有提交好，停掉了，什么都没有提交。可能是 hook 在等人回答。"
    return "没有提交：git 或者仓库的 hook 不同意，下面是它的话。"


ROUTES = [
    Route("/api/commit", _state),
    Route("/api/commit", _commit, methods=["POST"]),
    Route("/api/commit/message", _message),
]
