"""Which old entry each wanted one of a list or group comes from, where nobody knows better than the values do."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from perfgen.data import Data, ValuePath, frozen, is_same
from perfgen.fields import Field


def by_value(path: ValuePath, old: Sequence[Data], wanted: Sequence[Data]) -> list[int | None]:
    """For each wanted item the number of the old one: the same value, else what stands at its place between those."""
    del path
    codes = [frozen(item) for item in old]
    wanted_codes = [frozen(item) for item in wanted]
    partners: list[int | None] = [None] * len(wanted)
    left: list[tuple[int, int, int, int]] = []
    for tag, old_start, old_end, start, end in SequenceMatcher(None, codes, wanted_codes, autojunk=False).get_opcodes():
        if tag == "equal":
            partners[start:end] = range(old_start, old_end)
        else:
            left.append((old_start, old_end, start, end))
    free = [number for old_start, old_end, _, _ in left for number in range(old_start, old_end)]
    for number in (number for _, _, start, end in left for number in range(start, end)):
        moved = next((one for one in free if codes[one] == wanted_codes[number]), None)
        if moved is not None:
            free.remove(moved)
            partners[number] = moved
    for old_start, old_end, start, end in left:
        here = [one for one in range(old_start, old_end) if one in free]
        for number, one in zip([n for n in range(start, end) if partners[n] is None], here, strict=False):
            partners[number] = one
    return partners


def new_names(old: dict[str, Data], wanted: dict[str, Data], field: Field | None) -> dict[str, str]:
    """The members that only have another name: old name → wanted name.

    Names that the schema declares mean something else each, so only names that people choose change. A member is
    known again by its value, which must be more than a number or a flag, or by a row in it.
    """
    declared = field.members if field else {}
    gone = [name for name in old if name not in wanted and name not in declared]
    come = [name for name in wanted if name not in old and name not in declared]
    found: dict[str, str] = {}
    for name in come:
        match = next((one for one in gone if one not in found and _is_known(old[one], wanted[name])), None)
        if match is not None:
            found[match] = name
    return found


def _is_known(old: Data, wanted: Data) -> bool:
    if isinstance(old, list) and isinstance(wanted, list):
        return any(is_same(one, other) for one in old if one for other in wanted)
    return isinstance(old, str | dict) and bool(old) and is_same(old, wanted)
