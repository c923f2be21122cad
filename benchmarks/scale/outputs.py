"""What a document takes and leaves: processor time by stage, files and bytes by format, writing them with the manifest.

`python -m benchmarks.scale.outputs FOLDER` makes everything of the first department of a project there, in one warm
process.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from benchmarks.measuring import seconds
from benchmarks.scale import repository
from benchmarks.scale.planning import planner_of
from perfgen.build import job
from perfgen.build.keeper import Keeper
from perfgen.build.manifest import Manifest, piece_path
from perfgen.build.plan import UnitPlan
from perfgen.build.records import Output
from perfgen.check.identity import identity
from perfgen.project.layout import BUILD, DataFile
from perfgen.project.snapshot import Project, digest
from perfgen.system import write


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Sums over a department: seconds by stage, files and bytes by edition and format, and of the rest."""
    project, manifest = Project.on_disk(folder), Manifest()
    planner, keeper = planner_of(project, manifest), Keeper(folder, manifest)
    files = [file for file in project.data_files()[0] if _is_of_first(project, file)]
    job.build_file(Project.on_disk(folder), files[0], planner.site)  # what is read once a process
    spent: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for file in files:
        plan = planner.unit(file)
        (result,) = job.build_files(project, [(file, None)], planner.site, 0)
        if result.exit_code:
            raise RuntimeError(f"{file}: {result.findings}")
        spent.update(result.seconds)
        spent["写"] += seconds(partial(_write, folder, manifest, keeper, plan, result))
        for made in result.made:
            counts[f"{_folder(made.path)} {made.renderer}"] += 1
            sizes[f"{_folder(made.path)} {made.renderer}"] += len(made.content)
        sizes["manifest"] += (folder / BUILD / piece_path(file.source)).stat().st_size
    counts["documents"] = len(files)
    sizes["data"] = sum((folder / file.source).stat().st_size for file in files)
    return {"seconds": dict(spent), "files": dict(counts), "bytes": dict(sizes)}


def _is_of_first(project: Project, file: DataFile) -> bool:
    found = identity(project, file)
    return found is not None and found.unit == repository.department(0)


def _folder(path: str) -> str:
    return path.partition("/")[0]


def _write(folder: Path, manifest: Manifest, keeper: Keeper, plan: UnitPlan, result: job.Result) -> None:
    """Writes the outputs of a document and notes them, as a build does with what came back of a job."""
    wanted = {output.path: output for output in plan.outputs}
    record = manifest.change(plan.file.source)
    for made in result.made:
        target = folder / BUILD / made.path
        write.replace(target, made.content, top=folder)
        modified, inputs = target.stat().st_mtime_ns, wanted[made.path].inputs
        hashed, size = digest(made.content), len(made.content)
        record.outputs[made.path] = Output(made.renderer, hashed, size, modified, made.cells, inputs)
    record.entry = result.entry
    keeper.save_changed()


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
