"""A comparison as one self-contained page; its words are in templates/review/diff.html."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.data import ValuePath
from perfgen.display import visible
from perfgen.findings import Finding
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.render.parts.html_templates import fill
from perfgen.report.report import Report
from perfgen.review.change import Change, Class
from perfgen.review.compare import Comparison, UnitComparison
from perfgen.review.difference import DifferenceKind
from perfgen.review.formats.text import agreed, answer_to, where
from perfgen.review.headline import headline, in_short
from perfgen.review.match import counterparts
from perfgen.review.official import official
from perfgen.review.text_diff import Piece, excerpt
from perfgen.table.model import Table
from perfgen.table.view import printed_values

FOLDER, TEMPLATE = f"{TEMPLATE_FOLDER}/review", "diff.html"
_FORMS = 60
"""So many units have their form before and after on the page; more would make it too heavy to open."""
_LONG = 40


@dataclass(frozen=True)
class _Form:
    """One version of the official table, and by cell and paragraph what became of it."""

    table: Table
    marks: Mapping[str, str]


def render(comparison: Comparison) -> str:
    """The page.

    Raises FormError when a template is broken.
    """
    units = [_unit(unit, comparison.project, with_form=number < _FORMS) for number, unit in enumerate(comparison.units)]
    forms = [unit[side] for unit in units for side in ("before", "after")]
    context = {
        "base": comparison.range.base_name,
        "head_name": comparison.range.head_name,
        "headline": [visible(line) for line in headline(comparison)],
        "units": units,
        "forms": _FORMS,
        "widths": list(dict.fromkeys(form.table.widths for form in forms if isinstance(form, _Form))),
        "site": {},
    }
    return fill(comparison.project, FOLDER, TEMPLATE, context).rstrip("\n")


def _unit(unit: UnitComparison, project: Project, *, with_form: bool) -> dict[str, object]:
    before, after = _forms(unit, project) if with_form else (None, None)
    return {
        "name": visible(unit.unit or unit.file),
        "year": unit.year,
        "file": visible(unit.file),
        "short": visible(in_short(unit)),
        "totals": [visible(total.sentence) for total in unit.moved_totals],
        "checked": unit.check_delta.lines(),
        "findings": [
            (word, visible(finding.message + answer_to(finding)), str(finding.place), finding.level.value)
            for word, finding in unit.check_delta.by_word()
        ],
        "broken": [(visible(finding.message), str(finding.place)) for finding in unit.broken],
        "remarks": [_remark(finding) for finding in unit.remarks],
        "changes": [_change(change) for change in unit.by_weight],
        "before": before,
        "after": after,
    }


def _remark(finding: Finding) -> tuple[str, str, str]:
    return finding.level.value, visible(f"{finding.message}{finding.hint}"), str(finding.place)


def _change(change: Change) -> dict[str, object]:
    old, new = change.old, change.new
    long = isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _LONG
    marked: list[Piece] = excerpt(str(old), str(new)) if long else []
    return {
        "class": change.meaning.value,
        "open": change.is_open,
        "label": visible(change.label),
        "before": visible(change.before),
        "after": visible(change.after),
        "parts": marked,
        "outcome": "" if marked else visible(change.outcome),
        "rule": change.rule,
        "remedy": visible(change.remedy) if change.is_open else "",
        "reason": visible(change.reason),
        "agreed": visible(agreed(change)),
        "place": where(change),
        "fingerprint": change.fingerprint,
    }


def _forms(unit: UnitComparison, project: Project) -> tuple[_Form | None, _Form | None]:
    """The official table of both versions, where both can be made; a broken side has none."""
    old, new = (official(side, project) for side in (unit.pair.old, unit.pair.new))
    if old is None or new is None:
        return (_form(old, {}, {}) if old else None), (_form(new, {}, {}) if new else None)
    forward = counterparts(old.data, new.data, new.form.fields)
    backward = {before: after for after, before in forward.items()}
    texts = [{text.path: str(text) for text in printed_values(one.view)} for one in (old, new)]
    was = {d.old_path: _short(change) for change in unit.changes if (d := change.difference).old_path}
    now = {d.new_path: _short(change) for change in unit.changes if (d := change.difference).new_path}
    return (
        _form(old, _marks(texts[0], texts[1], backward, "取消"), was),
        _form(new, _marks(texts[1], texts[0], forward, "新增"), now),
    )


def _short(change: Change) -> str:
    """What a cell of the form says of its change: there is little room."""
    if change.kind is DifferenceKind.RENAMED:
        return "改名"
    return "改" if change.meaning in (Class.WORDS, Class.NUMBER) else change.meaning.value


def _marks(
    own: Mapping[ValuePath, str], other: Mapping[ValuePath, str], across: Mapping[ValuePath, ValuePath], alone: str
) -> dict[ValuePath, str]:
    """By path, in a word, how a printed value differs from what it is in the other version."""
    found = {}
    for path, text in own.items():
        there = _across(path, across)
        if there is None:
            found[path] = alone
        elif other.get(there, "") != text:
            found[path] = "改"
    return found


def _across(path: ValuePath, across: Mapping[ValuePath, ValuePath]) -> ValuePath | None:
    """Where a value is in the other version; a computed or absent one by the row or group it belongs to."""
    for end in range(len(path), -1, -1):
        if path[:end] in across:
            rest = path[end:]
            return None if any(isinstance(step, int) for step in rest) else (*across[path[:end]], *rest)
    return None


def _form(made: Report, marks: Mapping[ValuePath, str], words: Mapping[ValuePath, str]) -> _Form:
    found: dict[str, str] = {}
    for cell in made.table.cells():
        said = {path: _word(path, words) or marks[path] for path in cell.paths if path in marks}
        one_each = len(cell.paths) == len(cell.paragraphs)
        for number, path in enumerate(cell.paths if one_each else ()):
            if path in said:
                found[f"{cell.row},{cell.column},{number}"] = said[path]
        if said and not one_each:
            found[f"{cell.row},{cell.column}"] = next(iter(said.values()))
    return _Form(made.table, found)


def _word(path: ValuePath, words: Mapping[ValuePath, str]) -> str | None:
    """The class of the change that a value belongs to: its own, or that of its whole row."""
    return words.get(path) or (words.get(path[:-1]) if path else None)
