"""Writes a comparison as one self-contained page; its words are in templates/review/diff.html."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.comparison.classify import Class
from perfgen.comparison.difference import DifferenceKind
from perfgen.comparison.match import counterparts
from perfgen.comparison.text_diff import DiffPiece, excerpt
from perfgen.data import ValuePath
from perfgen.display import visible
from perfgen.findings import Finding
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.render.parts.html_templates import fill
from perfgen.report.report import Report
from perfgen.review.both_official import side_by_side
from perfgen.review.change import Change
from perfgen.review.compare import Comparison
from perfgen.review.formats.text import agreed, answer_to, where
from perfgen.review.headline import headline, with_errors
from perfgen.review.settings import lines as settings_lines
from perfgen.review.settings.review import SettingsReview
from perfgen.review.unit_comparison import UnitComparison
from perfgen.table.model import Table
from perfgen.table.view import printed_values

FOLDER, TEMPLATE = f"{TEMPLATE_FOLDER}/review", "diff.html"
_FORMS = 60
"""So many units show their form before and after; with more the page would be too big to open."""
_LONG = 40


@dataclass(frozen=True)
class _Form:
    """One version of the official table, and by cell and paragraph a word for what changed."""

    table: Table
    marks: Mapping[str, str]


def render(comparison: Comparison) -> str:
    """The page.

    Raises FormError when a template is broken.
    """
    units = [_unit(unit, comparison, with_form=number < _FORMS) for number, unit in enumerate(comparison.units)]
    forms = [unit[side] for unit in units for side in ("before", "after")]
    context = {
        "base": comparison.range.base_name,
        "head_name": comparison.range.head_name,
        "headline": [visible(line) for line in headline(comparison)],
        "settings": _settings(comparison.settings),
        "units": units,
        "forms": _FORMS,
        "widths": list(dict.fromkeys(form.table.widths for form in forms if isinstance(form, _Form))),
        "site": {},
    }
    return fill(comparison.project, FOLDER, TEMPLATE, context).rstrip("\n")


def _settings(settings: SettingsReview) -> dict[str, object]:
    return {
        "title": settings_lines.TITLE,
        "changes": [
            {
                "class": change.kind.value,
                "open": change.kind.wants_a_look,
                "label": visible(change.label),
                "sentence": visible(change.sentence),
                "place": visible(settings_lines.where(change)),
            }
            for change in settings.changes
        ],
        "findings": [
            (word, visible(finding.message), str(finding.place), finding.level.value)
            for word, finding in settings_lines.examples(settings)
        ],
    }


def _unit(unit: UnitComparison, comparison: Comparison, *, with_form: bool) -> dict[str, object]:
    before, after, drawn = _forms(unit, comparison) if with_form else (None, None, "")
    return {
        "name": visible(unit.name),
        "years": unit.years,
        "old_year": unit.pair.old_year,
        "new_year": unit.year,
        "notes": [visible(f"{line}。") for line in (unit.before, comparison.last_change(unit)) if line],
        "file": visible(unit.file),
        "short": visible(with_errors(unit)),
        "totals": [visible(total.sentence) for total in unit.moved_totals],
        "checked": unit.check_to_tell.lines(),
        "findings": [
            (word, visible(finding.message + answer_to(finding)), str(finding.place), finding.level.value)
            for word, finding in unit.check_to_tell.by_word()
        ],
        "broken": [(visible(finding.message), str(finding.place)) for finding in unit.broken],
        "remarks": [_remark(finding) for finding in unit.remarks],
        "changes": [_change(change) for change in unit.by_weight],
        "before": before,
        "after": after,
        "drawn": drawn,
    }


def _remark(finding: Finding) -> tuple[str, str, str]:
    return finding.level.value, visible(f"{finding.message}{finding.hint}"), str(finding.place)


def _change(change: Change) -> dict[str, object]:
    old, new = change.old, change.new
    long = isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _LONG
    marked: list[DiffPiece] = excerpt(str(old), str(new)) if long else []
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
        "refusal": visible(change.refusal),
        "place": where(change),
        "fingerprint": change.fingerprint,
    }


def _forms(unit: UnitComparison, comparison: Comparison) -> tuple[_Form | None, _Form | None, str]:
    """The official table of both versions, where both can be made, and how; a broken side has none."""
    old, new, drawn = side_by_side(unit.pair, comparison.project, comparison.settings.before)
    if old is None or new is None:
        return (_form(old, {}, {}) if old else None), (_form(new, {}, {}) if new else None), drawn
    forward = counterparts(old.data, new.data, new.form.fields, unit.pairer)
    backward = {before: after for after, before in forward.items()}
    old_texts, new_texts = ({text.path: str(text) for text in printed_values(report.seen)} for report in (old, new))
    others = {
        path: path for texts in (old_texts, new_texts) for path in texts if {*path[:1]} & {*old.others, *new.others}
    }
    forward, backward = forward | others, backward | others
    if unit.pair.old_year:
        old_texts, new_texts = (
            {path: text for path, text in texts.items() if _is_of_own_year(path, report)}
            for texts, report in ((old_texts, old), (new_texts, new))
        )
    old_words = {d.old_path: _short(change) for change in unit.changes if (d := change.difference).old_path}
    new_words = {d.new_path: _short(change) for change in unit.changes if (d := change.difference).new_path}
    return (
        _form(old, _marks(old_texts, new_texts, backward, "取消"), old_words),
        _form(new, _marks(new_texts, old_texts, forward, "新增"), new_words),
        drawn,
    )


def _is_of_own_year(path: ValuePath, report: Report) -> bool:
    """Whether a printed value is about the year of its form, not the number of a year or a value of an earlier one."""
    figures = report.form.figures
    field = figures.fields.at(path)
    year = (report.form.fields.with_role("year"),)
    is_year = any(figure.path == path and figure.reads == {year} for figure in figures.figures)
    return path != year and not is_year and not (field and field.is_past)


def _short(change: Change) -> str:
    """The word for a change in a cell of the form, where there is little room."""
    if change.kind is DifferenceKind.RENAMED:
        return "改名"
    return "改" if change.meaning in (Class.WORDS, Class.NUMBER) else change.meaning.value


def _marks(
    own: Mapping[ValuePath, str], other: Mapping[ValuePath, str], across: Mapping[ValuePath, ValuePath], alone: str
) -> dict[ValuePath, str]:
    """By path, a word for how a printed value differs from the other version; `alone` where it is not there."""
    marks = {}
    for path, text in own.items():
        other_path = _across(path, across)
        if other_path is None:
            marks[path] = alone
        elif other.get(other_path, "") != text:
            marks[path] = "改"
    return marks


def _across(path: ValuePath, across: Mapping[ValuePath, ValuePath]) -> ValuePath | None:
    """The path of a value in the other version; for a computed or absent one, by the row or group it belongs to."""
    for end in range(len(path), -1, -1):
        if path[:end] in across:
            rest = path[end:]
            return None if any(isinstance(step, int) for step in rest) else (*across[path[:end]], *rest)
    return None


def _form(report: Report, marks: Mapping[ValuePath, str], words: Mapping[ValuePath, str]) -> _Form:
    """The table of a report with its marks; `words` are the classes of changes, which say more than the marks."""
    by_place: dict[str, str] = {}
    for cell in report.table.cells():
        cell_marks = {path: _word(path, words) or marks[path] for path in cell.paths if path in marks}
        place = f"{cell.row},{cell.column}"
        if len(cell.paths) == len(cell.paragraphs):
            paragraphs = enumerate(cell.paths)
            by_place |= {f"{place},{number}": cell_marks[path] for number, path in paragraphs if path in cell_marks}
        elif cell_marks:
            by_place[place] = next(iter(cell_marks.values()))
    return _Form(report.table, by_place)


def _word(path: ValuePath, words: Mapping[ValuePath, str]) -> str | None:
    """The class of the change that a value belongs to: its own, or that of its whole row."""
    return words.get(path) or (words.get(path[:-1]) if path else None)
