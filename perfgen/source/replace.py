"""A value in place of another of any kind: the change to the text, with the comment beside it kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.source import carry, style, writer
from perfgen.source.edits import Edit
from perfgen.source.entries import Entries, Entry
from perfgen.source.reader import Span

_COMMENT = re.compile(r"#[^\r\n]*")
_REST_OF_LINE = re.compile(r"[^\r\n]*")
_BLOCK = re.compile(r"(?P<head>\|[+-]?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))(?:[ \t]*(?:\r\n|\r|\n))*(?P<indent> *)[^\s]")
"""The beginning of a block text whose indent is that of its first line."""


@dataclass(frozen=True)
class New:
    """A member or an item that is added; `name` is None for an item, `schema` says how it is written."""

    value: Data
    schema: Field | None = None
    name: str | None = None
    origins: dict[ValuePath, ValuePath] = field(default_factory=dict, compare=False)
    """Where parts of it stood before: by the path in the value, the path in the old document."""


def replacement(entries: Entries, path: ValuePath, new: New, *, whole: bool = False) -> Edit:
    """The change that puts a value in another's place.

    With `whole`, what stood in a group or list is written anew, and all its comments stay below.
    """
    if not path:
        return _of_all(entries, new)
    if entries.in_brackets(path):
        return _in_brackets(entries, path, new)
    old, value = entries.document.value(path), new.value
    span = entries.span(path)
    if isinstance(value, str) and (block := _in_block(entries, span, value)):
        return block
    is_typed = old is not None and not isinstance(old, dict | list) and span.style not in ("|", ">")
    fits = value is not None and not isinstance(value, dict | list) and "\n" not in str(value)
    if is_typed and fits:
        typed = writer.in_style(value, span.style) if isinstance(value, str) else writer.scalar(value)
        # a comment one blank behind a plain text might be its end: it was a comment behind a number
        apart = entries.comment_at(span.end) if not isinstance(old, str) and typed == value else None
        return Edit(span.start, span.end, (typed, " " if apart and len(apart[0]) == 1 else ""))
    return _on_lines(entries, path, new, whole=whole)


def _of_all(entries: Entries, new: New) -> Edit:
    """The change of the whole document to another group."""
    span = entries.span(())
    typed = writer.inline(new.value, new.schema)
    if span.flow:
        return Edit(span.start, span.end, (typed,))
    below = entries.of(())
    return Edit(below[0].start, below[-1].end, (typed, entries.newline))


def _in_brackets(entries: Entries, path: ValuePath, new: New) -> Edit:
    span = entries.span(path)
    typed = writer.inline(new.value, new.schema)
    if isinstance(new.value, str):
        typed = writer.in_style(new.value, span.style, flow=True)
    if isinstance(path[-1], int):
        return Edit(span.start, span.end, (typed or "null",))
    if entries.document.stands_alone(path):
        typed = f": {typed}"
    elif entries.text[span.start - 1] == ":" and span.style != '"':
        typed = f" {typed}"
    return Edit(span.start, span.end, (typed,))


def _in_block(entries: Entries, span: Span, value: str) -> Edit | None:
    """The change of the lines of a block text, below the line with its sign, to other lines; None for other texts."""
    match = _BLOCK.match(entries.text, span.start) if span.style == "|" and "\n" in value else None
    if match is None or match.end() > span.end or not writer.fits_a_block(value):
        return None
    lines = (f"{match['indent']}{line}" if line else "" for line in value.split("\n"))
    return Edit(match.end("head"), span.end, (entries.newline.join(lines),))


def _on_lines(entries: Entries, path: ValuePath, new: New, *, whole: bool) -> Edit:
    """The change of an entry without brackets from its dash or colon to the end of its last line."""
    entry = entries.entry(path)
    beside, below = _comments(entries, entry, whole=whole)
    indent = " " * entry.column
    # a comment below would become the last line of a block text
    in_quotes = _has_lines(new.value) and (bool(below) or entry.end > entries.next_line(entries.span(path).end))
    lines = _typed(entries, entry, new, in_quotes=in_quotes)
    lines[0] += beside
    lines += [f"{indent}  {comment}" for comment in below]
    head = indent + _head(entry)
    has_plain_key = lines[0].startswith(head) and entries.text[entry.start] != "?"
    start, begun = (entries.head_end(entry), head) if has_plain_key else (entry.start, indent)
    return Edit(start, _line_end(entries, path), (entries.newline.join(lines).removeprefix(begun),))


def _typed(entries: Entries, entry: Entry, new: New, *, in_quotes: bool) -> list[str]:
    """The lines of an entry with another value."""
    name, parent = entry.path[-1], entry.path[:-1]
    like = [entry.path, *entries.paths_below(parent)]
    brackets = in_quotes or style.brackets(entries, like, new.value)
    key = None if isinstance(name, int) else name
    return writer.entry_lines(
        key, new.value, new.schema, " " * entry.column, brackets=brackets, flush=style.flush(entries),
        rows_apart=style.rows_apart(entries),
        typed=None if in_quotes else carry.lines_of(entries, new.origins),
    )  # fmt: skip


def _has_lines(value: Data) -> bool:
    """Whether a text of several lines is in a value."""
    if isinstance(value, dict | list):
        return any(_has_lines(below) for below in (value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and "\n" in value


def _head(entry: Entry) -> str:
    """What an entry begins with, as the writer types it."""
    name = entry.path[-1]
    return "-" if isinstance(name, int) else f"{writer.text(name)}:"


def _line_end(entries: Entries, path: ValuePath) -> int:
    match = _REST_OF_LINE.match(entries.text, entries.span(path).end)
    assert match
    return match.end()


def _comments(entries: Entries, entry: Entry, *, whole: bool) -> tuple[str, list[str]]:
    """The comment that stays beside an entry when its value goes, with the blanks before it, and those below."""
    head, span = entries.head_end(entry), entries.span(entry.path)
    found: list[str] = []
    beside = entries.comment_at(head)
    if entries.is_group(entry.path) and not span.flow:
        below = entries.of(entry.path)
        if below[0].shares_a_line:
            beside = None
        if whole:
            found = entries.comments(head, _line_end(entries, entry.path))[1 if beside else 0 :]
        else:
            for one in below:
                found += _COMMENT.findall(entries.text[one.before : one.lead])
    else:
        between = _COMMENT.findall(entries.text[head : span.start])
        header = entries.header_comment(entry.path) if span.style in ("|", ">") else entries.comment_at(span.end)
        inside = entries.comments(span.start, span.end) if whole and span.flow else []
        beside = beside or header
        found = [*between, *inside, *([header[1]] if header else [])]
        found = found[1:] if beside and found and found[0] == beside[1] else found
    if beside is None and found and not (entries.is_group(entry.path) and not span.flow):
        beside, found = ("  ", found[0]), found[1:]
    if beside is None:
        return "", found
    return (beside[0] if len(beside[0]) > 1 else "  ") + beside[1], found
