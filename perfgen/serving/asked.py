"""What a request asks for, out of its JSON; what is not as it should be is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from perfgen.data import ValuePath
from perfgen.filling.edits import Add, Drop, Edit, Many, Move, Remove, Rename
from perfgen.project.names import is_text

BODY_SECONDS = 60.0
"""So long may the body of a request take."""
_DEEPEST = 100
"""How many steps a path may have."""
_MOST_WITHIN = 3
"""So deep may edits of many stand in one another."""


@dataclass(frozen=True)
class Body:
    """The members of a request."""

    members: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A text. Raises HTTPException (400) where there is none."""
        return _text(self.members.get(name), name)

    def texts(self, name: str) -> dict[str, str]:
        """Texts by their names. Raises HTTPException (400) for anything else."""
        members = self.members.get(name)
        if not isinstance(members, dict):
            raise HTTPException(400, name)
        return {_text(key, name): _text(value, name) for key, value in members.items()}

    def path(self, name: str) -> ValuePath:
        """The path of a value. Raises HTTPException (400) where there is none."""
        return _path(self.members.get(name), name)

    def edit(self, name: str) -> Edit:
        """An edit, as `edit_of` reads it."""
        return edit_of(self.members.get(name))


async def body(request: Request, most: int) -> Body:
    """The JSON of a request. Raises HTTPException as `whole` does, and for what is no group (400)."""
    content = await whole(request, most)
    try:
        members = json.loads(content)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(members, dict):
        raise HTTPException(400)
    return Body(members)


async def whole(request: Request, most: int) -> bytes:
    """The bytes of a request. Raises HTTPException for more than `most` (413), and where they do not come (408)."""
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                content += part
                if len(content) > most:
                    raise HTTPException(413)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(content)


def edit_of(asked: object, within: int = 0) -> Edit:
    """An edit out of JSON: `{kind: add|remove|move|rename|drop|many, …}` with the members of that edit.

    `within` is how many edits of many it stands in. Raises HTTPException (400) for anything else.
    """
    if not isinstance(asked, dict):
        raise HTTPException(400, "edit")
    match asked.get("kind"):
        case "drop":
            return Drop(_path(asked.get("path"), "path"))
        case "rename":
            return Rename(_path(asked.get("path"), "path"), _text(asked.get("name"), "name"))
        case "add":
            name = asked.get("name")
            given = None if name is None else _text(name, "name")
            return Add(_path(asked.get("rows"), "rows"), _number(asked.get("at"), "at"), None, given)
        case "remove":
            return Remove(_path(asked.get("path"), "path"))
        case "move":
            return Move(_path(asked.get("path"), "path"), _number(asked.get("to"), "to"))
        case "many" if isinstance(asked.get("edits"), list) and within < _MOST_WITHIN:
            return Many(tuple(edit_of(one, within + 1) for one in asked["edits"]))
    raise HTTPException(400, "edit")


def as_asked(edit: Edit) -> dict[str, Any]:
    """An edit that takes something out, as `edit_of` reads it. Raises TypeError for any other."""
    match edit:
        case Drop(path):
            return {"kind": "drop", "path": list(path)}
        case Remove(path):
            return {"kind": "remove", "path": list(path)}
        case Many(edits):
            return {"kind": "many", "edits": [as_asked(one) for one in edits]}
    raise TypeError(edit)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not is_text(value):
        raise HTTPException(400, name)
    return value


def _number(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise HTTPException(400, name)
    return value


def path_of(asked: object) -> ValuePath:
    """The path of a value out of JSON: names and numbers. Raises HTTPException (400) for anything else."""
    return _path(asked, "path")


def _path(value: object, name: str) -> ValuePath:
    if not isinstance(value, list) or not 0 < len(value) <= _DEEPEST:
        raise HTTPException(400, name)
    for step in value:
        if isinstance(step, bool) or not isinstance(step, str | int) or (isinstance(step, int) and step < 0):
            raise HTTPException(400, name)
        if isinstance(step, str) and not is_text(step):
            raise HTTPException(400, name)
    return tuple(value)
