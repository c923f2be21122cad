"""Compares what `check` says of both versions of a unit, whose rows may have other names and places now."""

from __future__ import annotations

from perfgen.comparison.difference import DifferenceKind
from perfgen.comparison.match import counterparts
from perfgen.form.similarity import Pairer
from perfgen.review import check_changes
from perfgen.review.change import Change
from perfgen.review.check_changes import CheckDelta
from perfgen.review.file_version import FileVersion, VersionPair


def check_delta(pair: VersionPair, told: FileVersion | None, changes: list[Change], pairer: Pairer) -> CheckDelta:
    """What `check` says now and did not say before; `told` is the new version with its answers."""
    if pair.old_year:
        return check_changes.of_a_year(told)
    forward = {}
    if pair.old and pair.new and pair.form:
        backward = counterparts(pair.old.data, pair.new.data, pair.form.fields, pairer)
        forward = {old: new for new, old in backward.items()}
        forward |= {
            d.old_path: d.new_path
            for change in changes
            if (d := change.difference).kind is DifferenceKind.MOVED and d.old_path and d.new_path
        }
    return check_changes.between(pair.old, told, changes, forward)
