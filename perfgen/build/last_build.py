"""Whether a full build would have anything to do: quickly by dates, else by what the files hold."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from perfgen.build import output_tree, stamps
from perfgen.build.fingerprint import of_project
from perfgen.build.keeper import Keeper
from perfgen.build.manifest import IndexJson, Manifest, load_manifest, read_index
from perfgen.build.output_tree import LOCK, Found
from perfgen.findings import ToolError
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import Project
from perfgen.system import write


@dataclass(frozen=True)
class LastBuild:
    """A build after which nothing has changed."""

    open_warnings: Mapping[str, int]
    """By data file: how many warnings of its last check are still open."""


def up_to_date(project: Project) -> LastBuild | None:
    """The last build, where a full build would have nothing to do; None elsewhere.

    Where nothing was touched, no file but manifest.json is opened. Where only dates differ, the files are read once,
    and known by their dates the next time. Raises UsageError for a link in the output tree.
    """
    index = read_index(project.root)
    if index is None or not index["project"]:
        return None
    inputs, outputs = stamps.of_inputs(project.root), output_tree.outputs(project.root)
    seen = stamps.digest_of(inputs, outputs) if inputs else ""
    if seen and seen == index["seen"]:
        return LastBuild(index["open_warnings"])
    manifest = load_manifest(project.root)
    if not _holds(manifest, project, outputs):
        return None
    _remember(project, index, manifest, seen if inputs and inputs.tell_of(project) else "")
    return LastBuild(manifest.open_warnings)


def _holds(manifest: Manifest, project: Project, found: Found) -> bool:
    """Whether all inputs are what they were when everything was last built, and all outputs are as they were made."""
    by_path = [(source, path) for source, record in manifest.records.items() for path in record.outputs]
    return (
        bool(manifest.project)
        and found.keys() == {path for _, path in by_path}
        and manifest.project == of_project(project)
        and all(manifest.is_as_written(project.root, source, path, found) for source, path in by_path)
    )


def _remember(project: Project, index: IndexJson, manifest: Manifest, seen: str) -> None:
    """Writes down the dates by which files are known; not where another build goes on, or nothing can be written."""
    if seen == index["seen"] and not manifest.changed:
        return
    root = project.root
    with suppress(ToolError), write.exclusive(root / BUILD / LOCK, _give_up, top=root):
        if read_index(root) == index:
            Keeper(root, manifest).finish(seen, index["commit"])


def _give_up() -> None:
    raise ToolError("another build goes on")
