"""What came of verifying, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from perfgen.verifying.candidates import Candidate
from perfgen.verifying.mirror import Mirror
from perfgen.verifying.outcome import Outcome, Version

FORMAT = 1


def dump(outcomes: Iterable[Outcome | Mirror]) -> str:
    """The outcomes as JSON: an object with the number of the format, and one result for each file or folder."""
    results = [_of_folder(one) if isinstance(one, Mirror) else _of_file(one) for one in outcomes]
    return json.dumps({"format": FORMAT, "results": results}, ensure_ascii=False, indent=1)


def _of_file(outcome: Outcome) -> Mapping[str, object]:
    shown = outcome.shown
    return {
        "file": outcome.file,
        "kind": outcome.kind.name.lower(),
        "status": outcome.status.value,
        "says": [
            {"form": one.form, "year": one.year, "unit": one.unit, "subject": one.subject} for one in outcome.heads
        ],
        "same_bytes": outcome.same_bytes,
        "data_file": shown.candidate.file.source if shown else None,
        "newest": _version(outcome.run[0]) if outcome.run else None,
        "first": _version(outcome.run[-1]) if outcome.run else None,
        "nearest": _version(outcome.nearest) if outcome.nearest else None,
        "differences": [
            {
                "place": one.place,
                "label": one.label,
                "path": list(one.path),
                "in": "print" if one.in_print else "data",
                "file": one.found,
                "data": one.wanted,
            }
            for one in (outcome.nearest.differences if outcome.nearest else ())
        ],
        "remarks": outcome.remarks,
        "trouble": outcome.trouble,
        "hint": outcome.hint,
    }


def _version(version: Version) -> Mapping[str, object]:
    """A version: no commit for the file on the disk."""
    candidate: Candidate = version.candidate
    commit = candidate.commit
    return {
        "commit": commit.name if commit else None,
        "date": commit.date if commit else None,
        "own_forms": version.own_forms,
        "edition": "official" if version.is_official else "public",
    }


def _of_folder(mirror: Mirror) -> Mapping[str, object]:
    return {
        "file": mirror.folder,
        "kind": "folder",
        "status": mirror.status.value,
        "files": mirror.count,
        "missing": mirror.missing,
        "changed": mirror.changed,
        "refused": mirror.refused,
        "unlisted": mirror.unlisted,
        "trouble": mirror.trouble,
        "hint": mirror.hint,
    }
