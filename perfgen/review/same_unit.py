"""Joins a file that went and a file that came where they are one unit's: its file was renamed."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.form.likeness import ENOUGH, Budget, Text, ratio_within
from perfgen.review.file_version import FileVersion, VersionPair

_COMPARED_CHARACTERS = 4000
"""So many characters of two files decide whether one is the other under a new name."""


def joined(pairs: list[VersionPair]) -> Iterator[VersionPair]:
    """The pairs, with a file that went and a file that came joined where they are one unit's; files that went last."""
    gone = [pair.old for pair in pairs if pair.old and not pair.new]
    texts = {version.file: _text(version) for version in (*gone, *(p.new for p in pairs if p.new and not p.old))}
    budget = Budget()
    for pair in pairs:
        if pair.new and not pair.old:
            match = next((old for old in gone if _is_one_unit(old, pair.new)), None)
            match = match or _closest(pair.new, gone, texts, budget)
            if match:
                gone.remove(match)
            yield VersionPair(match, pair.new)
        elif pair.new:
            yield pair
    yield from (VersionPair(old, None) for old in gone)


def _is_one_unit(old: FileVersion, new: FileVersion) -> bool:
    named = old.named("unit"), old.named("year")
    return old.content == new.content or (
        all(named) and named == (new.named("unit"), new.named("year")) and old.form is new.form
    )


def _closest(new: FileVersion, gone: list[FileVersion], texts: dict[str, Text], budget: Budget) -> FileVersion | None:
    """The file of the same year and form that is most like a new one: a unit that changed its name."""
    like = [old for old in gone if old.form is new.form and old.named("year") == new.named("year")]
    ratios = {old.file: ratio_within(texts[old.file], texts[new.file], ENOUGH, budget) for old in like}
    best = max(like, key=lambda old: ratios[old.file], default=None)
    return best if best and ratios[best.file] > ENOUGH else None


def _text(version: FileVersion) -> Text:
    return Text((version.content or b"").decode("utf-8", "replace")[:_COMPARED_CHARACTERS])
