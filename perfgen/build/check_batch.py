"""Many data files checked: what is wrong with each by itself, and what the rules over all units say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from perfgen.build import job
from perfgen.check import all_units, check, loading
from perfgen.check.all_units import Extract
from perfgen.check.filing import Filing
from perfgen.findings import Finding, FindingsError
from perfgen.form import forms
from perfgen.project import faults
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project


@dataclass
class Checked:
    """The findings about some data files, and the exit code for them."""

    findings: list[Finding] = field(default_factory=list)
    exit_code: int = 0


def check_files(project: Project, files: Collection[DataFile]) -> Checked:
    """Checks data files, and what the rules over all units say of them; files beside them are only looked at.

    Raises FormError for a broken form.
    """
    checked = Checked()
    chosen = frozenset(files)
    beside = _beside(project, chosen)
    extracts: list[Extract] = []
    for of_path in by_path([*files, *beside]):
        for file in of_path:
            filing = _checked(project, file, checked) if file in chosen else _well_formed(project, file)
            if filing:
                with faults.in_hand(file.source):
                    extracts.append(all_units.extract(filing))
        project.release(of_path)
    rules = {form.name: form.rules.all_units for form in forms.loaded(project)}
    sources = {file.source for file in chosen}
    found = all_units.check_all_units(extracts, rules, _filed(project, extracts))
    checked.findings += [finding for finding in found if finding.place.file in sources]
    return checked


def _checked(project: Project, file: DataFile, checked: Checked) -> Filing | None:
    """Adds what is wrong with a file; gives its filing where others can be compared with it."""
    result, filing = job.check_file(project, file)
    checked.findings += result.findings
    checked.exit_code = max(checked.exit_code, result.exit_code)
    if filing is None or (result.exit_code and check.check_shape(filing)):
        return None
    return filing


def _well_formed(project: Project, file: DataFile) -> Filing | None:
    """The filing of a file that is only looked at; None where it cannot be computed with."""
    try:
        return loading.well_formed(project, file)
    except FindingsError:
        return None  # whoever checks that file is told


def _beside(project: Project, chosen: Collection[DataFile]) -> list[DataFile]:
    """The other files of the years of some files: the rules over all units look at a year."""
    years = {file.year for file in chosen}
    return [file for file in project.data_files()[0] if file.year in years and file not in chosen]


def _filed(project: Project, extracts: Collection[Extract]) -> Iterator[tuple[str, DataFile]]:
    """The files that nothing was taken out of, each with the form that it names."""
    taken = {extract.file for extract in extracts}
    for file in project.data_files()[0]:
        if file not in taken and (form := loading.named_form(project, file)):
            yield form.name, file
