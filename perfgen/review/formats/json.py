"""Writes a comparison for programs, as docs/diff.schema.json says; every value is a text, numbers as printed."""

from __future__ import annotations

import json

from perfgen.check.approvals import Approval
from perfgen.data import ValuePath
from perfgen.display import as_texts
from perfgen.findings import Place
from perfgen.formats.json import record
from perfgen.review.authors import LastChange
from perfgen.review.change import Change
from perfgen.review.compare import Comparison
from perfgen.review.correction import WantedCorrection
from perfgen.review.headline import headline
from perfgen.review.settings.change import SettingChange
from perfgen.review.settings.review import SettingsReview
from perfgen.review.sums import YearSum
from perfgen.review.totals import Total
from perfgen.review.unit_comparison import UnitComparison


def render(comparison: Comparison) -> str:
    """The comparison as JSON."""
    ends = comparison.range
    content = {
        "base": {"name": ends.base_name, "commit": ends.base or None},
        "head": {"name": ends.head_name, "commit": ends.head},
        "headline": headline(comparison),
        "changes": [_change(change) for change in comparison.changes],
        "units": [_unit(unit, comparison.last_changes.get(unit.file)) for unit in comparison.units],
        "others": list(comparison.others),
        "unused": list(comparison.unused),
        "sums": [_sum(one) for one in comparison.sums],
        "quiet": {"layout": comparison.quiet.layout, "answers": comparison.quiet.answers},
        "corrections": [_correction(wanted) for wanted in comparison.corrections],
        "settings": _settings(comparison.settings),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _settings(settings: SettingsReview) -> dict[str, object]:
    effect = settings.effect
    return {
        "changes": [_setting(change) for change in settings.changes],
        "effect": effect
        and {
            "files": effect.files,
            "appeared": [record(finding) for finding in effect.appeared],
            "gone": [record(finding) for finding in effect.gone],
            "relevelled": [
                {"rule": one.rule, "old": one.old.value, "new": one.new.value, "count": one.count}
                for one in effect.relevelled
            ],
        },
        "stale": [{"format": one.format, "files": one.files, "because": list(one.because)} for one in settings.stale],
    }


def _setting(change: SettingChange) -> dict[str, object]:
    return {
        "class": change.kind.value,
        "level": change.level.value,
        "file": change.file,
        "label": change.label,
        "sentence": change.sentence,
        "old_place": _place(change.old_place),
        "new_place": _place(change.new_place),
        "layout": change.is_only_layout,
    }


def _change(change: Change) -> dict[str, object]:
    approval = change.approval
    return {
        "unit": change.unit,
        **({"subject": change.subject} if change.subject else {}),
        "year": change.year,
        "old_year": change.old_year or None,
        "class": change.meaning.value,
        "level": change.level.value,
        "kind": change.kind.value,
        "promise": change.is_promise,
        "path": change.path,
        "label": change.label,
        "sentence": change.sentence,
        "old": as_texts(change.old),
        "new": as_texts(change.new),
        "old_path": _path(change.difference.old_path),
        "new_path": _path(change.difference.new_path),
        "old_place": _place(change.old_place),
        "new_place": _place(change.new_place),
        "fingerprint": change.fingerprint,
        "rule": change.rule,
        "reason": change.reason,
        "approval": approval and _approval(approval),
        "refusal": change.refusal,
    }


def _approval(approval: Approval) -> dict[str, object]:
    verdict = approval.verdict
    said = {"reviewer": approval.reviewer, "date": approval.date, "opinion": approval.opinion}
    return {**said, "standing": verdict.standing.value, "commit": verdict.commit}


def _unit(unit: UnitComparison, last: LastChange | None) -> dict[str, object]:
    old, new = unit.pair.old, unit.pair.new
    return {
        "unit": unit.unit,
        **({"subject": unit.pair.subject} if unit.pair.subject else {}),
        "year": unit.year,
        "old_year": unit.pair.old_year or None,
        "old_unit": unit.pair.old_name or None,
        "last_change": last and {"author": last.author, "date": last.date, "commit": last.commit or None},
        "old_file": old.file if old else None,
        "new_file": new.file if new else None,
        "compared": unit.is_compared,
        "last_year_file": unit.pair.last_year or None,
        "totals": [_total(total) for total in unit.totals],
        "findings": [record(finding) for finding in unit.findings],
        "appeared": [record(finding) for finding in unit.check_delta.appeared],
        "gone": [record(finding) for finding in unit.check_delta.gone],
        "waived": [record(finding) for finding in unit.check_delta.answered],
        "broken": [record(finding) for finding in unit.broken],
    }


def _sum(whole: YearSum) -> dict[str, object]:
    return {
        "span": whole.span,
        "units": whole.units,
        "uncounted": whole.uncounted,
        "totals": [_total(total) for total in whole.totals],
    }


def _correction(wanted: WantedCorrection) -> dict[str, object]:
    return {
        "unit": wanted.unit,
        "year": wanted.year,
        "file": wanted.file,
        "public_since": wanted.since,
        "label": wanted.label,
        "path": wanted.path,
        "before": wanted.before,
        "line": wanted.line,
        "place": _place(wanted.place),
    }


def _total(total: Total) -> dict[str, object]:
    return {"label": total.label, "unit": total.unit, "old": as_texts(total.old), "new": as_texts(total.new)}


def _path(path: ValuePath | None) -> list[str | int] | None:
    return None if path is None else list(path)


def _place(place: Place | None) -> dict[str, object] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place else None
