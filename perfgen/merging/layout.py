"""Three texts that hold the same data, as one: each comment, blank line and way of writing that a side changed is kept.

The texts are taken apart into the same entries, and each piece of an entry is chosen for itself: what differs from the
base is taken, from whichever side. Two sides that wrote one piece each in its own way cannot be joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from perfgen.data import ValuePath
from perfgen.merging.rows import CannotJoinError, arranged
from perfgen.source.entries import Entries, Entry
from perfgen.source.reader import Document

_STOP = "两边的注释或写法合不到一起"


def joined(documents: Sequence[Document], owner: Mapping[ValuePath, int]) -> str:
    """One text out of three with the same data: the base and both sides.

    `owner` says of what only one of the three had before, which: its way of writing counts there. Raises
    CannotJoinError where both sides wrote one piece otherwise than the base.
    """
    return _Layout([Entries(document.text, document) for document in documents], owner).document()


def _chosen(pieces: Sequence[str]) -> str | None:
    """What stands where at most one side changed the base's piece; None where both did, each in its own way."""
    base, ours, theirs = pieces
    if theirs in (ours, base):
        return ours
    return theirs if ours == base else None


def _lines(pieces: Sequence[str]) -> str:
    """Lines of comments and blank lines, with what both sides put in or took out."""
    if (chosen := _chosen(pieces)) is not None:
        return chosen
    base, ours, theirs = (_numbered(piece.splitlines(keepends=True)) for piece in pieces)
    kept = {line for line in (*base, *ours, *theirs) if line not in base or (line in ours and line in theirs)}
    gone = [line for line in base if line not in ours and line not in theirs]
    if gone and any(line not in base for line in ours) and any(line not in base for line in theirs):
        raise CannotJoinError(_STOP)
    return "".join(line for line, _ in arranged(base, ours, theirs, kept))


def _numbered(lines: Sequence[str]) -> list[tuple[str, int]]:
    """Lines, each with how often it stood before."""
    seen: dict[str, int] = {}
    numbered = []
    for line in lines:
        seen[line] = seen.get(line, -1) + 1
        numbered.append((line, seen[line]))
    return numbered


class _Layout:
    """Goes through the entries of all three texts together."""

    def __init__(self, sides: Sequence[Entries], owner: Mapping[ValuePath, int]) -> None:
        self.sides = sides
        self.owner = owner

    def document(self) -> str:
        """The whole text."""
        whole = _chosen([side.text for side in self.sides])
        if whole is not None:
            return whole
        flows = [side.document.spans[()].flow for side in self.sides]
        if any(flows) or not all(side.of(()) for side in self.sides):
            raise CannotJoinError(_STOP)
        return self.on_lines((), [0, 0, 0], [len(side.text) for side in self.sides])

    def cut(self, starts: Sequence[int], ends: Sequence[int]) -> list[str]:
        """The piece of each text between two offsets."""
        return [side.text[start:end] for side, start, end in zip(self.sides, starts, ends, strict=True)]

    def on_lines(self, path: ValuePath, starts: Sequence[int], ends: Sequence[int]) -> str:
        """A group or list without brackets, with what stands before and behind its entries."""
        found = [side.of(path) for side in self.sides]
        order = self.order(found)
        first = [entries[0] for entries in found]
        if any(entry.shares_a_line for entry in first) and len({entry.path for entry in first}) > 1:
            raise CannotJoinError(_STOP)
        head = self.head(path, starts, [entry.lead for entry in first])
        by_path = [{entry.path: entry for entry in entries} for entries in found]
        below = "".join(self.entry([entries[path] for entries in by_path], first) for path in order)
        return head + below + _lines(self.cut([entries[-1].end for entries in found], ends))

    def head(self, path: ValuePath, starts: Sequence[int], ends: Sequence[int]) -> str:
        """What stands before the first entry: the rest of the line of its key or dash, then lines."""
        pieces = self.cut(starts, ends)
        return self.behind(pieces) if path else _lines(pieces)

    def order(self, found: Sequence[Sequence[Entry]]) -> list[ValuePath]:
        """The paths of the entries in their order."""
        orders = [tuple(entry.path for entry in entries) for entries in found]
        base, ours, theirs = orders
        if ours != theirs and base not in (ours, theirs):
            raise CannotJoinError("两边都改了次序，各改各的")
        order = ours if theirs == base else theirs
        if not set(base) == set(ours) == set(theirs) or not order:
            raise CannotJoinError(_STOP)
        return list(order)

    def entry(self, entries: Sequence[Entry], first: Sequence[Entry]) -> str:
        """An entry, with the lines above it."""
        free = [
            "" if entry is begin else side.text[entry.before : entry.lead]
            for side, entry, begin in zip(self.sides, entries, first, strict=True)
        ]
        column = _one(" " * entry.column if entry.lead < entry.start else "" for entry in entries)
        leads = self.cut([entry.lead for entry in entries], [entry.start for entry in entries])
        above = _lines([lead.removesuffix(" " * entry.column) if entry.lead < entry.start else lead
                        for lead, entry in zip(leads, entries, strict=True)])  # fmt: skip
        return _lines(free) + above + column + self.body(entries)

    def body(self, entries: Sequence[Entry]) -> str:
        """An entry from its key or dash to its last line."""
        path, starts, ends = entries[0].path, [one.start for one in entries], [one.end for one in entries]
        whole = _chosen(self.cut(starts, ends))
        if whole is not None:
            return whole
        try:
            return self.parts(path, starts, ends)
        except CannotJoinError:
            if path not in self.owner:
                raise
            return self.cut(starts, ends)[self.owner[path]]

    def parts(self, path: ValuePath, starts: Sequence[int], ends: Sequence[int]) -> str:
        """An entry that is not written alike: what is below it, or its value."""
        is_group = all(side.is_group(path) and side.paths_below(path) for side in self.sides)
        if is_group and not any(side.document.spans[path].flow for side in self.sides):
            return self.on_lines(path, starts, ends)
        spans = [side.span(path) for side in self.sides]
        before = _one(self.cut(starts, [span.start for span in spans]))
        behind = self.cut([span.end for span in spans], ends)
        return before + self.value(path) + self.behind(behind)

    def behind(self, pieces: Sequence[str]) -> str:
        """The rest of a line, and the lines below it."""
        rest = [piece.splitlines(keepends=True)[:1] for piece in pieces]
        lines = [piece[len("".join(line)) :] for piece, line in zip(pieces, rest, strict=True)]
        return _one("".join(line) for line in rest) + _lines(lines)

    def value(self, path: ValuePath) -> str:
        """A single value, or what stands in brackets."""
        spans = [side.span(path) for side in self.sides]
        whole = _chosen(self.cut([span.start for span in spans], [span.end for span in spans]))
        if whole is not None:
            return whole
        found = [side.of(path) if span.flow else [] for side, span in zip(self.sides, spans, strict=True)]
        order = self.order(found)
        if any([entry.path for entry in entries] != order for entries in found):
            raise CannotJoinError(_STOP)
        text = ""
        at = [span.start for span in spans]
        for entries in zip(*found, strict=True):
            text += _one(self.cut(at, [entry.start for entry in entries])) + self.in_brackets(entries)
            at = [entry.end for entry in entries]
        return text + _one(self.cut(at, [span.end for span in spans]))

    def in_brackets(self, entries: Sequence[Entry]) -> str:
        """A member or item in brackets."""
        path, starts = entries[0].path, [entry.start for entry in entries]
        spans = [side.span(path) for side in self.sides]
        return _one(self.cut(starts, [span.start for span in spans])) + self.value(path)


def _one(pieces: Iterable[str]) -> str:
    """The piece that stands, where no lines are to be joined. Raises CannotJoinError where both sides changed it."""
    chosen = _chosen(list(pieces))
    if chosen is None:
        raise CannotJoinError(_STOP)
    return chosen
