"""The settings of VS Code with other globs for schemas: only the values that change are written, comments stay.

The file is JSON with comments and trailing commas (JSONC, as VS Code reads it).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfgen.data import Data

KEY = "yaml.schemas"
OURS = "data/[0-9]*/"
"""How the globs begin that perfgen writes; any other one is the user's, and stays."""
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*"|//[^\n]*+|/\*.*?\*/|[{}\[\],:]|[^\s{}\[\],:"/]++|\S', re.DOTALL)
_COMMENT = ("//", "/*")


class UnclearError(Exception):
    """The settings are not understood well enough to be changed; the message says what of them."""


@dataclass(frozen=True)
class _Member:
    """A member of an object: its name, and where its key and its value stand in the text."""

    name: str
    key: int
    begin: int
    end: int


def with_globs(text: str, globs: Mapping[str, Sequence[str]]) -> str:
    """The settings with these globs, by the path of a schema; of other schemas, none that perfgen wrote.

    The user's own globs and all else stay as they are.

    Raises UnclearError, and then nothing is to be written.
    """
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    settings = _parsed(body)
    if not isinstance(settings, dict):
        raise UnclearError("不是一组设置（花括号）")
    known = settings.get(KEY, {})
    if not isinstance(known, dict):
        raise UnclearError(f"{KEY} 不是花括号")
    gone = [schema for schema, value in known.items() if schema not in globs and _is_ours(value)]
    wanted = {schema: _joined(schema, known, globs.get(schema, ())) for schema in (*globs, *gone)}
    changed = {schema: value for schema, value in wanted.items() if value != known.get(schema, [])}
    if not changed:
        return text
    made = _edited(body, changed)
    if _parsed(made) != {**settings, KEY: {**known, **changed}}:
        raise UnclearError(f"{KEY} 的写法")
    return mark + made


def _is_ours(value: Data) -> bool:
    """Whether a schema only has globs that perfgen wrote: it goes with its form."""
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(str(glob).startswith(OURS) for glob in listed)


def _joined(schema: str, known: Mapping[str, Data], globs: Sequence[str]) -> Data:
    """The user's globs of a schema, then ours: a text where it is one."""
    old = known.get(schema, [])
    listed = old if isinstance(old, list) else [old]
    if not all(isinstance(glob, str) for glob in listed):
        raise UnclearError(f"{schema} 后面的写法")
    joined = [*(glob for glob in listed if not str(glob).startswith(OURS)), *globs]
    return joined[0] if len(joined) == 1 else joined


def _parsed(text: str) -> Data:
    """The data of JSONC. Raises UnclearError for what it is not."""
    tokens = [token for token, _ in _tokens(text)]
    if not tokens:
        raise UnclearError("里面没有设置")
    kept = [one for one, after in zip(tokens, [*tokens[1:], ""], strict=True) if one != "," or after not in ("}", "]")]
    try:
        data: Data = json.loads(" ".join(kept))
    except (ValueError, RecursionError):
        raise UnclearError("不是合乎写法的 JSON") from None
    return data


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """What is no comment, each with its place."""
    for found in _TOKEN.finditer(text):
        if not found[0].startswith(_COMMENT):
            yield found[0], found.start()


def _members(text: str, at: int) -> list[_Member]:
    """The members of the object that begins at a place."""
    found: list[_Member] = []
    depth, key, begin, end = 0, None, -1, at
    for mark, place in _tokens(text):
        if place < at:
            continue
        if depth == 1 and mark in (",", "}") and key is not None:
            found.append(_Member(json.loads(key[0]), key[1], begin, end))
            key, begin = None, -1
        depth += (mark in "{[") - (mark in "}]")
        if depth == 0:
            break
        if depth == 1 and key is None and mark.startswith('"'):
            key = (mark, place)
        elif key is not None and mark != ":" and begin < 0:
            begin = place
        end = place + len(mark)
    return found


def _edited(text: str, changed: Mapping[str, Data]) -> str:
    """The text with other values for some schemas."""
    newline = "\r\n" if "\r\n" in text else "\n"
    root = next(place for _, place in _tokens(text))
    schemas = next((one for one in reversed(_members(text, root)) if one.name == KEY), None)
    if schemas is None:
        entries = ("," + newline).join(f"    {json.dumps(name)}: {_dump(value)}" for name, value in changed.items())
        comma = "," if _members(text, root) else ""
        whole = f'{newline}  "{KEY}": {{{newline}{entries}{newline}  }}{comma}'
        return text[: root + 1] + whole + text[root + 1 :]
    members = {one.name: one for one in _members(text, schemas.begin)}
    added = {name: value for name, value in changed.items() if name not in members}
    edits = [(one.begin, one.end, _dump(changed[name])) for name, one in members.items() if name in changed]
    for begin, end, _ in edits:
        if _has_comment(text[begin:end]):
            raise UnclearError("值里面有注释")
    edits += _insertions(text, schemas, list(members.values()), added, newline)
    for begin, end, new in sorted(edits, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def _has_comment(text: str) -> bool:
    return any(found[0].startswith(_COMMENT) for found in _TOKEN.finditer(text))


def _insertions(
    text: str, schemas: _Member, members: Sequence[_Member], added: Mapping[str, Data], newline: str
) -> list[tuple[int, int, str]]:
    """Where to put further members: each on a line behind that of the last one, whose comment stays with it."""
    if not added:
        return []
    if not members:
        entries = ("," + newline).join(f"    {json.dumps(name)}: {_dump(value)}" for name, value in added.items())
        return [(schemas.begin + 1, schemas.begin + 1, f"{newline}{entries}{newline}  ")]
    last = max(members, key=lambda one: one.begin)
    line = text.rfind("\n", 0, last.key) + 1
    indent = text[line : last.key] if not text[line : last.key].strip() else "    "
    entries = ("," + newline).join(f"{indent}{json.dumps(name)}: {_dump(value)}" for name, value in added.items())
    behind, after = next((token, place) for token, place in _tokens(text) if place >= last.end)
    end = after + 1 if behind == "," else last.end
    stop = text.find("\n", end)
    rest = text[end:stop] if stop >= 0 else text[end:]
    place = end + len(rest.rstrip()) if not list(_tokens(rest)) else end
    if behind == ",":
        return [(place, place, f"{newline}{entries},")]
    if place == last.end:
        return [(place, place, f",{newline}{entries}")]
    return [(last.end, last.end, ","), (place, place, f"{newline}{entries}")]


def _dump(value: Data) -> str:
    return json.dumps(value, ensure_ascii=False)
