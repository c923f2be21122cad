"""What changed in the settings that are plain data: dates of publication, names of the site, the list of units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from perfgen.data import Data, ValuePath, as_group
from perfgen.display import show
from perfgen.findings import Place
from perfgen.report import site
from perfgen.report.disclosure import REVIEW
from perfgen.review.settings.change import SettingChange, SettingClass, step
from perfgen.source.reader import Document

_DATES = (site.APPROVED, site.PUBLISHED)
_WHAT_IS_PUBLIC = ((site.DATES,), (REVIEW,))
"""The sections of the site's settings that decide which files are public."""
_NOT_SAID = frozenset({"联系人", "联系电话", "邮箱", "密钥"})
"""Members whose values are about a person: that they changed is said, what they are is not."""
_MOST = 200
"""So many changes of one file are told; the rest is counted."""


class _Step(NamedTuple):
    """A value that differs, None where it is not there."""

    path: ValuePath
    old: Data
    new: Data


def plain_changes(old: Document | None, new: Document | None, file: str) -> list[SettingChange]:
    """The changes between two versions of a settings file, None where there is none; each value that differs."""
    before, after = (document.data if document else None for document in (old, new))
    found = list(_differences(before, after, ()))
    changes = [_change(one, file, _place(old, one.path), _place(new, one.path)) for one in found[:_MOST]]
    if len(found) > _MOST:
        told = f"还有 {len(found) - _MOST} 处没有列出"
        changes.append(SettingChange(max((c.kind for c in changes), key=_weight), file, "其余", told))
    return changes


def _weight(kind: SettingClass) -> int:
    return -list(SettingClass).index(kind)


def _differences(old: Data, new: Data, path: ValuePath) -> Iterator[_Step]:
    """The values that differ, with their paths; a list is one value, and so is a group beside something else."""
    is_group = isinstance(old, dict) and isinstance(new, dict)
    if is_group or (isinstance(old, dict) and new is None) or (isinstance(new, dict) and old is None):
        before, after = as_group(old), as_group(new)
        if not before and not after:
            yield from [_Step(path, old, new)] if old != new else []
        for name in {**before, **after}:
            yield from _differences(before.get(name), after.get(name), (*path, name))
    elif old != new:
        yield _Step(path, old, new)


def _change(one: _Step, file: str, old_place: Place | None, new_place: Place | None) -> SettingChange:
    is_public = file == site.FILE and one.path[:1] in _WHAT_IS_PUBLIC
    kind = SettingClass.PUBLIC if is_public else SettingClass.CHANGED
    label = " › ".join(map(str, one.path)) or file
    return SettingChange(kind, file, label, _sentence(*one), old_place, new_place)


def _place(document: Document | None, path: ValuePath) -> Place | None:
    return document.place(path, key=True) if document and path in document.values else None


def _sentence(path: ValuePath, old: Data, new: Data) -> str:
    if _NOT_SAID.intersection(map(str, path)):
        return "新增" if old is None else "去掉了" if new is None else "改了"
    told = step(old, new)
    days = [_day(value) for value in (old, new)]
    if path[-1:] and path[-1] in _DATES and days[0] and days[1]:
        moved = (days[1] - days[0]).days
        told += f"，{'推后' if moved > 0 else '提前'} {abs(moved)} 天"
    elif path[-1:] and path[-1] in _DATES:
        told += "：两个日期都有才公开"
    return told


def _day(value: Data) -> date | None:
    try:
        return date.fromisoformat(show(value))
    except ValueError:
        return None
