"""Some data files checked in one go, in any process: what is wrong with each, and what others need of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from perfgen.build import job
from perfgen.check import all_units, alone, check, loading
from perfgen.check.all_units import Extract
from perfgen.check.approvals import approvals_in
from perfgen.check.filing import Filing
from perfgen.check.identity import identity_of
from perfgen.check.looked import Looked
from perfgen.check.standing import Judgement
from perfgen.data import as_scalar
from perfgen.display import show
from perfgen.findings import Finding, FindingsError, ToolError
from perfgen.form import forms
from perfgen.project import faults, invocation
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project


@dataclass
class Checked:
    """The findings about some data files, and the exit code for them."""

    findings: list[Finding] = field(default_factory=list)
    exit_code: int = 0
    looked: list[Looked] = field(default_factory=list)
    """The files that were asked for."""


@dataclass(frozen=True)
class Part:
    """Some data files to be checked in one go: those of each path together, and whether each is asked for."""

    groups: tuple[tuple[tuple[DataFile, bool], ...], ...]
    state: invocation.State
    judgement: Judgement | None = None
    """Which approvals count; None where nobody looked at the history."""

    @property
    def files(self) -> list[DataFile]:
        """The files."""
        return [file for of_path in self.groups for file, _ in of_path]

    def each(self) -> list[Part]:
        """The same path by path."""
        return [replace(self, groups=(of_path,)) for of_path in self.groups]

    def died(self, tries: int) -> Checked:
        """What is said of the files where whoever checked them died each time."""
        chosen = [file for of_path in self.groups for file, is_chosen in of_path if is_chosen]
        return Checked([job.died(file.source, tries) for file in chosen], ToolError.exit_code)

    def checked(self, project: Project) -> tuple[Checked, list[Extract]]:
        """What is wrong with the files, and what the rules over all units need of them. Raises FormError."""
        invocation.resume(self.state)
        checked = Checked()
        extracts: list[Extract] = []
        kept: list[DataFile] = []
        for of_path in self.groups:
            for file, is_chosen in of_path:
                filing = _checked(project, file, checked, self.judgement) if is_chosen else _well_formed(project, file)
                if filing:
                    with faults.in_hand(file.source):
                        extracts.append(all_units.extract(filing, loading.continued(project, filing)))
            # what others may look at stays until they have: it is read, and its figures are computed, once
            needed = [file for file, _ in of_path if _may_be_referred_to(project, file)]
            project.release(file for file, _ in of_path if file not in needed)
            kept += needed
        project.release(kept)
        return checked, extracts


def _may_be_referred_to(project: Project, file: DataFile) -> bool:
    """Whether files of any form refer to files of a file's form."""
    form = loading.named_form(project, file)
    return form is not None and form.name in project.once(_referred_to)


def _referred_to(project: Project) -> frozenset[str]:
    """The forms that others refer to; whoever checks files has said before which are broken."""
    return frozenset(one.form for form in forms.sound(project) for one in form.references.values())


def _checked(project: Project, file: DataFile, checked: Checked, judgement: Judgement | None) -> Filing | None:
    """Adds what is wrong with a file; gives its filing where others can be compared with it."""
    result, filing = job.check_file(project, file, judgement)
    checked.findings += result.findings
    checked.exit_code = max(checked.exit_code, result.exit_code)
    checked.looked.append(_looked(project, file, filing, judgement, fails=result.exit_code > 0))
    if filing is None or (result.exit_code and check.check_shape(filing)):
        return None
    return filing


def _looked(
    project: Project, file: DataFile, filing: Filing | None, judgement: Judgement | None, *, fails: bool
) -> Looked:
    """What is known of a file that was checked."""
    if filing is None:
        form = loading.named_form(project, file)
        return Looked(file, form.name if form else "", fails=fails, continues=loading.earlier_files(project, file, 1))
    with faults.in_hand(file.source):
        unit = show(as_scalar(filing.of_role("unit")))
        verdicts = judgement.of(file.source) if judgement else alone.verdicts_alone(project)
        approvals = approvals_in(filing.of_role("approvals"), filing.form.fields, verdicts).values()
        records = sum(approval.counts for approval in approvals)
        holes, continues = check.count_holes(filing), loading.continued(project, filing)
        subject = identity_of(filing.form, filing.document.top).about
        return Looked(file, filing.form.name, unit, subject, holes, records, len(approvals) - records, fails, continues)


def _well_formed(project: Project, file: DataFile) -> Filing | None:
    """The filing of a file that is only looked at; None where it cannot be computed with."""
    try:
        return loading.well_formed(project, file)
    except FindingsError:
        return None  # whoever checks that file is told
