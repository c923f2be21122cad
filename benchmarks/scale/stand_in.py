"""Puts stand-ins where the outputs of a project would be, with the manifest that a build would leave.

Making 100,000 documents would take days; to plan, only their names, sizes, dates, hashes and pieces matter. The
summaries and the tables of values, which the site is made of, are those of a few departments under other names;
everything else is a line of text. `python -m benchmarks.scale.stand_in FOLDER`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from benchmarks.scale import repository
from benchmarks.scale.planning import planner_of
from perfgen.build import job
from perfgen.build.keeper import Keeper
from perfgen.build.manifest import Manifest
from perfgen.build.plan import Planner, UnitPlan, Wanted
from perfgen.build.records import Output
from perfgen.check.identity import identity
from perfgen.project.layout import BUILD, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.report.listing import Entry
from perfgen.report.summary import decoded, encoded

_MODELS = 5
"""How many departments are really made."""
_REAL = frozenset({("summary", "official"), ("summary", "public"), ("data_csv", "public")})
_SUMMARIES = "summary"


class _Models:
    """What is really made of a few departments."""

    def __init__(self, project: Project, planner: Planner) -> None:
        self.project = project
        self.by_form: dict[str, list[job.Result]] = defaultdict(list)
        units = {repository.department(number) for number in range(_MODELS)}
        for file in project.data_files()[0]:
            found = identity(project, file)
            if found and found.unit in units:
                result = job.build_file(project, file, planner.site, _REAL)
                if result.exit_code:
                    raise RuntimeError(f"{file}: {result.findings}")
                self.by_form[_form_of(file)].append(result)

    def of(self, file: DataFile, number: int) -> job.Result:
        """The model of a file, one after the other."""
        models = self.by_form[_form_of(file)]
        return models[number % len(models)]


def _form_of(file: DataFile) -> str:
    """What tells the files of one form from those of others: the folder that they lie in."""
    return file.path.partition("/")[0] if "/" in file.path else ""


def put(folder: Path) -> int:
    """Puts stand-ins into a project; gives their number."""
    project = Project.on_disk(folder)
    manifest = Manifest()
    planner = planner_of(project, manifest)
    models, keeper, count = _Models(project, planner), Keeper(folder, manifest), 0
    for number, file in enumerate(project.data_files()[0]):
        plan, model = planner.unit(file), models.of(file, number)
        record = manifest.change(file.source)
        for wanted in plan.outputs:
            content = _content(wanted, plan, model, project)
            record.outputs[wanted.path] = _written(folder / BUILD / wanted.path, content, wanted)
        record.entry = _entry(plan, model, project)
        keeper.save_changed()
        count += len(plan.outputs)
        if number % 1000 == 0:
            project.release(project.data_files()[0])
    keeper.finish("", None)
    return count


def _written(target: Path, content: bytes, wanted: Wanted) -> Output:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    modified = target.stat().st_mtime_ns
    return Output(wanted.renderer, digest(content), len(content), modified, 1, wanted.inputs)


def _content(wanted: Wanted, plan: UnitPlan, model: job.Result, project: Project) -> bytes:
    for made in model.made:
        if (made.renderer, _edition(made.path)) == (wanted.renderer, wanted.edition):
            return _renamed(made.content, plan, project) if made.renderer == _SUMMARIES else made.content
    return f"{wanted.path}\n".encode()


def _edition(path: str) -> str:
    return "official" if "official/" in path else "public"


def _renamed(content: bytes, plan: UnitPlan, project: Project) -> bytes:
    """A summary as that of another file."""
    found = identity(project, plan.file)
    assert found is not None
    own = replace(
        decoded(content), unit=found.unit, subject=_subject(plan), stem=plan.file.stem, name=plan.file.name,
        heading=f"{found.unit}{plan.file.year}年{_subject(plan)}", year=plan.file.year,
    )  # fmt: skip
    return encoded(own)


def _subject(plan: UnitPlan) -> str:
    return plan.file.name if "项目" in _form_of(plan.file) else ""


def _entry(plan: UnitPlan, model: job.Result, project: Project) -> Entry | None:
    found = identity(project, plan.file)
    if model.entry is None or found is None:
        return None
    subject = _subject(plan)
    return replace(model.entry, year=plan.file.year, unit=found.unit, stem=plan.file.stem, subject=subject)


if __name__ == "__main__":
    print(put(Path(sys.argv[1])))
