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
from perfgen.system import day, write
from perfgen.system.day import Day


@dataclass(frozen=True)
class LastBuild:
    """A build after which nothing has changed."""

    open_warnings: Mapping[str, int]
    """By data file: how many warnings of its last check are still open."""


def up_to_date(project: Project, today: Day | None = None) -> LastBuild | None:
    """The last build, where a full build would have nothing to do; None elsewhere.

    `today` decides what is public; None means the day of a build without `--date`. Where nothing was touched and the
    day is the same, no file but manifest.json is opened. Where only dates of files differ, or another day makes the
    same units public, the files are read once, and known by their dates the next time. Raises UsageError for a link in
    the output tree.
    """
    index = read_index(project.root)
    if index is None or not index["project"]:
        return None
    today = today or day.find(committed_in=project.root)
    inputs, outputs = stamps.of_inputs(project.root), output_tree.outputs(project.root)
    seen = stamps.digest_of(inputs, outputs) if inputs else ""
    if seen and seen == index["seen"] and today.iso == index["day"]:
        return LastBuild(index["open_warnings"])
    manifest = load_manifest(project.root)
    if not _holds(manifest, project, outputs) or not _are_same_public(project, manifest.day, today):
        return None
    manifest.day = today.iso
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


def _are_same_public(project: Project, before: str, today: Day) -> bool:
    """Whether the same units are public on the day of the last build, as dates are typed, and today."""
    if before == today.iso:
        return True
    from perfgen.report import site  # not needed where the day is the same

    settings = site.load_site(project)
    files = project.data_files()[0]
    dates = [settings.publication(file, site.form_of(project, file)) for file in files]
    return bool(before) and all(date is None or date.has_come(before) == date.has_come(today.iso) for date in dates)


def _remember(project: Project, index: IndexJson, manifest: Manifest, seen: str) -> None:
    """Writes down the dates by which files are known; not where another build goes on, or nothing can be written."""
    if (seen, manifest.day) == (index["seen"], index["day"]) and not manifest.changed:
        return
    root = project.root
    with suppress(ToolError), write.exclusive(root / BUILD / LOCK, _give_up, top=root):
        if read_index(root) == index:
            Keeper(root, manifest).finish(seen, index["commit"])


def _give_up() -> None:
    raise ToolError("another build goes on")
