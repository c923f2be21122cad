"""Many data files checked: what is wrong with each by itself, and what the rules over all units say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from perfgen.build.check_part import Checked, Part
from perfgen.check import all_units, documents, loading
from perfgen.check.all_units import Extract, Filed
from perfgen.check.standing import Judgement
from perfgen.findings import Finding
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project import invocation
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project
from perfgen.report import site

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

_FILES_FOR_A_PROCESS = 60
"""With fewer files than this, a process costs more to start than it saves."""
_PARTS_ELSEWHERE = 64
"""As if there were so many processes elsewhere."""
_GROUPS_IN_A_PART, _PARTS_FOR_A_PROCESS = 16, 4
"""How many paths a process is given at a time at most; in how many parts at least, so that all end at the same time."""


def check_files(
    project: Project,
    files: Collection[DataFile],
    jobs: int | None = None,
    judgement: Judgement | None = None,
    pool: Executor | None = None,
) -> Checked:
    """Checks data files, and what the rules over all units say of them; files beside them are only looked at.

    `jobs` is how many processes; None chooses by machine and work. `judgement` says which approvals count; without it,
    nobody looked at the history. `pool` overrides the choice of executor. Raises FormError for a broken form, ToolError
    where a process died.
    """
    forms.loaded(project)  # a broken form is said before anything else, wherever the files are checked
    checked = Checked()
    chosen = frozenset(files)
    extracts: list[Extract] = []
    for part, of_part in _in_parts(
        project, [*files, *_beside(project, chosen)], chosen, judgement, jobs=jobs, pool=pool
    ):
        checked.findings += part.findings
        checked.looked += part.looked
        checked.exit_code = max(checked.exit_code, part.exit_code)
        extracts += of_part
    sources = {file.source for file in chosen}
    checked.findings += [one for one in of_all_units(project, extracts) if one.place.file in sources]
    return checked


def check_each(
    project: Project, files: Iterable[DataFile], beside: Iterable[DataFile] = ()
) -> tuple[Checked, list[Extract]]:
    """What is wrong with some data files by themselves; what the rules over all units need of these and of those beside
    them, which are not checked.

    It is done in this process. Raises FormError for a broken form.
    """
    chosen = frozenset(files)
    groups = tuple(tuple((file, file in chosen) for file in of_path) for of_path in by_path([*chosen, *beside]))
    if groups:
        forms.loaded(project)
    return Part(groups, invocation.state()).checked(project)


def check_in_each(projects: tuple[Project, ...], files: Collection[DataFile]) -> list[list[Finding]]:
    """What `check_files` finds in each of some projects that have the same data and other forms.

    Each file is read once, in this process. Raises as `check_files` does.
    """
    for project in projects:
        forms.loaded(project)
    judged: list[tuple[list[Finding], list[Extract]]] = [([], []) for _ in projects]
    for of_path in by_path(files):
        part = Part((tuple((file, True) for file in of_path),), invocation.state())
        documents.share_documents(projects, of_path)
        for project, (findings, extracts) in zip(projects, judged, strict=True):
            checked, of_part = part.checked(project)
            findings.extend(checked.findings)
            extracts.extend(of_part)
    for project, (findings, extracts) in zip(projects, judged, strict=True):
        findings.extend(of_all_units(project, extracts))
    return [findings for findings, _ in judged]


def _in_parts(
    project: Project,
    files: Collection[DataFile],
    chosen: frozenset[DataFile],
    judgement: Judgement | None,
    *,
    jobs: int | None,
    pool: Executor | None,
) -> Iterator[tuple[Checked, list[Extract]]]:
    """Checks files, those of one path together, in this process or in others; gives what came of them in order."""
    groups = [tuple((file, file in chosen) for file in of_path) for of_path in by_path(files)]
    wanted = _PARTS_ELSEWHERE if pool else _processes(len(files)) if jobs is None else jobs
    if min(wanted, len(groups)) <= 1 and pool is None:
        yield Part(tuple(groups), invocation.state(), judgement).checked(project)
        return
    size = max(1, min(_GROUPS_IN_A_PART, len(groups) // (_PARTS_FOR_A_PROCESS * wanted)))
    parts = [
        Part(tuple(some := groups[begin : begin + size]), invocation.state(), _about(judgement, some))
        for begin in range(0, len(groups), size)
    ]
    yield from _in_others(project, parts, wanted, pool)


def _about(judgement: Judgement | None, groups: Iterable[tuple[tuple[DataFile, bool], ...]]) -> Judgement | None:
    """Of a judgement, what is about some files."""
    if judgement is None:
        return None
    sources = [file.source for of_path in groups for file, _ in of_path]
    return replace(judgement, by_file={one: judgement.by_file[one] for one in sources if one in judgement.by_file})


def _processes(count: int) -> int:
    """How many processes so many files are worth."""
    if count < 2 * _FILES_FOR_A_PROCESS:
        return 1
    from perfgen.system import executor  # a check in this process does without

    return min(executor.cores(), count // _FILES_FOR_A_PROCESS)


def _in_others(
    project: Project, parts: list[Part], jobs: int, pool: Executor | None
) -> Iterator[tuple[Checked, list[Extract]]]:
    """The same of parts in other processes, of this machine or elsewhere."""
    # a check in this process does without
    from perfgen.build.made_from import Sources
    from perfgen.build.needs import Needs
    from perfgen.system import dispatch

    needs = Needs(project, Sources(project, site.Site({})))  # what a file is checked by does not depend on dates

    def submit(running: Executor, part: Part) -> Future[tuple[Checked, list[Extract]]]:
        return running.submit(part.checked, dispatch.lent(running, project, lambda: needed(part)))

    def needed(part: Part) -> tuple[str, ...]:
        project.turn_to(part.groups)  # what was read to see what the part before needs is forgotten
        return needs.of(part.files)

    with dispatch.given(pool, jobs, len(parts)) as running:
        for part, future in dispatch.run(running, parts, submit, Part.each):
            try:
                yield future.result()
            except dispatch.WorkerDiedError as error:
                yield part.died(error.tries), []


def _beside(project: Project, chosen: Collection[DataFile]) -> list[DataFile]:
    """The other files that rules over all units put beside some files: those of the same form and year."""
    wanted = {(form.name, file.year) for file in chosen if (form := _compared_form(project, file))}
    others = [file for file in project.data_files()[0] if file not in chosen] if wanted else []
    return [file for file in others if (form := _compared_form(project, file)) and (form.name, file.year) in wanted]


def _compared_form(project: Project, file: DataFile) -> Form | None:
    """The form that a file names, where it has rules over all units."""
    form = loading.named_form(project, file)
    return form if form and form.rules.all_units else None


def of_all_units(project: Project, extracts: Collection[Extract]) -> Iterable[Finding]:
    """What the rules over all units say of the files that something was taken out of."""
    rules = {form.name: form.rules.all_units for form in forms.loaded(project)}
    return all_units.check_all_units(extracts, rules, _filed(project, extracts))


def _filed(project: Project, extracts: Collection[Extract]) -> Iterator[Filed]:
    """The files that nothing was taken out of, of the forms that something was taken out of."""
    taken, forms_taken = {extract.file for extract in extracts}, {extract.form for extract in extracts}
    for file in project.data_files()[0]:
        if file not in taken and (form := _compared_form(project, file)) and form.name in forms_taken:
            yield Filed(form.name, file, loading.earlier_files(project, file, 1))
