"""Joins a file that went and a file that came where both are one unit's and about the same: it was renamed or moved."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.form.likeness import ENOUGH, Budget, Text, ratio_within
from perfgen.form.similarity import Pairer
from perfgen.review.file_version import FileVersion, VersionPair

_COMPARED_CHARACTERS = 4000
"""So many characters of two files decide whether one is the other under a new name."""


def joined(pairs: list[VersionPair]) -> Iterator[VersionPair]:
    """The pairs, with a file that went and a file that came joined where they are one unit's; files that went last.

    What files say of themselves goes before likeness, for all files.
    """
    gone = [pair.old for pair in pairs if pair.old and not pair.new]
    came = [pair.new for pair in pairs if pair.new and not pair.old]
    partners: dict[str, FileVersion] = {}
    for new in came:
        if match := next((old for old in gone if old.content == new.content or old.is_one_with(new)), None):
            gone.remove(match)
            partners[new.file] = match
    left = [new for new in came if new.file not in partners]
    texts = {version.file: _text(version) for version in (*gone, *left)}
    budget = Budget()
    for new in left:
        if match := _closest(new, gone, texts, budget):
            gone.remove(match)
            partners[new.file] = match
    for pair in pairs:
        if pair.new:
            yield pair if pair.old else VersionPair(partners.get(pair.new.file), pair.new)
    yield from (VersionPair(old, None) for old in gone)


def _closest(new: FileVersion, gone: list[FileVersion], texts: dict[str, Text], budget: Budget) -> FileVersion | None:
    """The file of the same year and form that is most like a new one: its unit, or what it is about, was renamed.

    Of a form of which a unit has several, it is of the same unit or about the same, and its values decide: such files
    have most of their words in common.
    """
    like = [old for old in gone if old.form is new.form and old.named("year") == new.named("year") and old.is_near(new)]
    if new.subject:
        pairer = Pairer(budget)
        ratios = {old.file: _likeness(old, new, pairer, budget) for old in like}
    else:
        ratios = {old.file: ratio_within(texts[old.file], texts[new.file], ENOUGH, budget) for old in like}
    best = max(like, key=lambda old: ratios[old.file], default=None)
    return best if best and ratios[best.file] > ENOUGH else None


def _likeness(old: FileVersion, new: FileVersion, pairer: Pairer, budget: Budget) -> float:
    """How alike two files are that say themselves what they are about: by their values, or by these and their names."""
    values = pairer.alike(old.told, new.told)
    is_of_one_unit = old.named("unit") == new.named("unit")
    was, is_now = (Text(" ".join(one.subject) if is_of_one_unit else one.named("unit")) for one in (old, new))
    return max(values, (values + ratio_within(was, is_now, ENOUGH, budget)) / 2)


def _text(version: FileVersion) -> Text:
    return Text((version.content or b"").decode("utf-8", "replace")[:_COMPARED_CHARACTERS])
