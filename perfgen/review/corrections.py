"""Holds changes to what was public to the entries that tell the public of them.

Public is a unit's year whose dates in the old version say so, on the day of the command. A change of a year's file
against another year's is no correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.comparison.difference import DifferenceKind
from perfgen.data import as_group
from perfgen.findings import DataError, Finding, Place
from perfgen.form.forms import Form
from perfgen.project.layout import DATA, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.publication import Publication
from perfgen.report.site import Site
from perfgen.review import correction, rules, since, versions
from perfgen.review.change import Change
from perfgen.review.compare import Comparison, compare
from perfgen.review.correction import EntryFields, WantedCorrection
from perfgen.review.unit_comparison import UnitComparison
from perfgen.system.commit_tree import CommitTree
from perfgen.system.day import Day


def judged(comparison: Comparison, today: Day) -> Comparison:
    """A comparison with the corrections that are missing, as data and as a finding each.

    Raises ToolError where git fails.
    """
    if not any(map(_is_within_a_year, comparison.units)):
        return comparison
    try:
        before = _settings_before(comparison.project, comparison.range.base)
    except DataError:
        return _unread(comparison)
    units, wanted = [], []
    for unit in comparison.units:
        publication = _public_before(unit, before, today)
        told, missing = _of_unit(unit, publication, today) if publication else (unit, [])
        units.append(told)
        wanted += missing
    return replace(comparison, units=tuple(units), corrections=tuple(wanted))


def findings(project: Project, base: str, today: Day) -> list[Finding]:
    """The corrections that are missing in the work tree since it parted from a version, for `check`.

    Raises UsageError for a version that is not there, FormError for a broken form, ToolError where git fails.
    """
    ends = since.parting(project.root, base)
    changed, _ = versions.changed_files(project.root, ends)
    if not _may_be_public(project, ends.base, (file.path for file in changed if file.old_blob), today):
        return []  # most of the year: then nothing is compared
    comparison = judged(compare(project, ends), today)
    return [finding for finding in comparison.findings if finding.rule in rules.OF_CORRECTIONS]


def _settings_before(project: Project, base: str) -> Site:
    """The settings of the old version. Raises DataError for broken ones."""
    return site.load_site(project.with_folder(DATA, CommitTree(project.root, base)))


def _may_be_public(project: Project, base: str, paths: Iterable[str], today: Day) -> bool:
    """Whether one of some files of the old version is public today; also where its settings do not tell."""
    try:
        settings = _settings_before(project, base)
    except DataError:
        return True
    return any(_publication(settings, path, site.form_of(project, DataFile.at(path)), today) for path in paths)


def _unread(comparison: Comparison) -> Comparison:
    """A comparison that says once that nobody knows what was public."""
    rule = rules.DATES_UNREAD
    told = Finding(Place(site.FILE), rule.id, rule.about, rule.remedy, rule.level)
    first, *rest = comparison.units
    return replace(comparison, units=(replace(first, findings=(*first.findings, told)), *rest))


def _public_before(unit: UnitComparison, settings: Site, today: Day) -> Publication | None:
    """The dates of a unit whose old version is public today; None for others, and for a file of another year."""
    if unit.pair.old is None or not _is_within_a_year(unit):
        return None
    return _publication(settings, unit.pair.old.file, unit.pair.form, today)


def _publication(settings: Site, path: str, form: Form | None, today: Day) -> Publication | None:
    """The dates of a file that is public today; None for others."""
    publication = settings.publication(DataFile.at(path), form)
    return publication if publication is not None and publication.has_come(today.iso) else None


def _is_within_a_year(unit: UnitComparison) -> bool:
    """Whether both versions of a unit are of one year, and were compared."""
    old, new = unit.pair.old, unit.pair.new
    if old is None or new is None or not unit.is_compared:
        return False
    return DataFile.at(old.file).year == DataFile.at(new.file).year


def _of_unit(
    unit: UnitComparison, publication: Publication, today: Day
) -> tuple[UnitComparison, list[WantedCorrection]]:
    """A unit with the findings about its corrections, and those that are missing."""
    form = unit.pair.form
    assert form is not None
    changes = [change for change in unit.changes if correction.concerns_public(change)]
    entries = EntryFields.of(form.fields)
    if entries is None:
        told = [_no_field(unit, publication, len(changes))] if changes else []
        return replace(unit, findings=(*unit.findings, *told)), []
    is_there = unit.pair.new is not None and entries.name in as_group(unit.pair.new.data)
    missing = [_wanted(unit, change, publication, (path, before), entries.line(today.iso, path, before))
               for change, path, before in _untold(unit, form, entries, changes)]  # fmt: skip
    told = [_finding(one, entries.name, is_there=is_there) for one in missing]
    return replace(unit, findings=(*unit.findings, *told)), missing


def _untold(
    unit: UnitComparison, form: Form, entries: EntryFields, changes: Iterable[Change]
) -> Iterator[tuple[Change, str, str]]:
    """The changes that no new entry of the file tells of, each with its path and the value before.

    An entry that was there before told of another change. Where one row went and one came, that it came is no news.
    """
    old, new = (version.data if version else None for version in (unit.pair.old, unit.pair.new))
    written = entries.in_data(new) - entries.in_data(old)
    told = [(change, correction.public_path(change.difference, form.fields, old, new),
             correction.text_before(change.difference, form.fields, old))
            for change in changes if not _is_new_entry(change, entries)]  # fmt: skip
    replaced = {path for _, path, before in told if before != correction.NOTHING}
    for change, path, before in told:
        known = correction.key(path, before)
        if before == correction.NOTHING and path in replaced:
            continue
        if written[known]:
            written[known] -= 1
        else:
            yield change, path, before


def _is_new_entry(change: Change, entries: EntryFields) -> bool:
    """Whether a change is an entry that came; one that was changed or went is itself a change to what was public."""
    return change.kind is DifferenceKind.ADDED and change.difference.steps[0].name == entries.name


def _wanted(
    unit: UnitComparison, change: Change, publication: Publication, about: tuple[str, str], line: str
) -> WantedCorrection:
    """What is missing of a change; `about` is its path and the value before."""
    path, before = about
    place = change.new_place or Place(unit.file)
    return WantedCorrection(
        unit.unit, unit.year, unit.file, publication.published, change.label, path, before, line, place
    )


def _finding(missing: WantedCorrection, name: str, *, is_there: bool) -> Finding:
    """The finding of a correction that is missing; `name` is that of the field, which may not be there yet."""
    rule = rules.NO_CORRECTION
    about = f"已经公开（{missing.since}）的“{missing.label}”改了，没有更正记录；原来是“{missing.before}”。"
    where = f"在“{name}”下面加一行" if is_there else f"加上“{name}:”，下面加一行"
    advice = f"{where}，行首空两格，写上理由：{missing.line}"
    return Finding(missing.place, rule.id, about, advice, rule.level)


def _no_field(unit: UnitComparison, publication: Publication, count: int) -> Finding:
    rule = rules.NO_FIELD_FOR_CORRECTIONS
    about = f"已经公开（{publication.published}）的改了 {count} 处，{rule.about.partition('，')[2]}"
    return Finding(Place(unit.file), rule.id, about, rule.remedy, rule.level)
