"""What a unit's file changed that loosens what it is held to: the form that it names, what it may publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfgen.data import Data, as_group
from perfgen.display import show
from perfgen.fields import FieldRole
from perfgen.findings import Place
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.settings.change import SettingChange, SettingClass, cut, text_step

_ALLOW: FieldRole = "allow"
"""The role of the field that lists what may be published though it looks private."""


def unit_changes(pairs: Iterable[VersionPair]) -> Iterator[SettingChange]:
    """The changes of units' files that are changes of what they are judged by."""
    for pair in pairs:
        old, new = pair.old, pair.new
        if new is None or new.form is None:
            continue
        if old is not None and old.form is not None and old.form.name != new.form.name:
            told = f"{text_step(old.form.name, new.form.name)}：以后按另一张表的规则检查"
            yield SettingChange(SettingClass.LOOSER, new.file, f"{pair.unit} 用的表", told, None, _place(new, "form"))
        yield from _allowed(old, new)


def _place(version: FileVersion, role: str) -> Place | None:
    """Where the top-level field that plays a role stands."""
    members = version.form.fields.members if version.form else {}
    name = next((name for name, member in members.items() if member.role == role), None)
    return version.document.place((name,)) if version.document and name else None


def _allowed(old: FileVersion | None, new: FileVersion) -> Iterator[SettingChange]:
    """What may be published now though it looks private, and might not before."""
    name = new.form.fields.find_role(_ALLOW) if new.form else None
    if name is None or new.document is None:
        return
    before = as_group(as_group(old.data).get(name)) if old else {}
    for text, reason in as_group(as_group(new.data).get(name)).items():
        if text not in before:
            told = f"现在允许公开，虽然像不该公开的；理由：{_told(reason)}"
            place = new.document.place((name, text), key=True)
            label = f"{new.named('unit')} {name} “{cut(text)}”"
            yield SettingChange(SettingClass.PUBLIC, new.file, label, told, None, place)


def _told(reason: Data) -> str:
    return cut(show(reason)) if isinstance(reason, str) else "没有写"
