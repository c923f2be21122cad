"""The two versions of a project's settings: what differs, and each version read through the same bounded doors."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from perfgen.findings import DataError, Finding, FindingsError, Place, ToolError
from perfgen.form import forms
from perfgen.form.forms import RULES_SUFFIX, SETTINGS, Form
from perfgen.project.layout import DATA, PROGRAM, SCHEMA_FOLDER, SCHEMA_SUFFIX, SUFFIX, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.review.settings.change import SettingChange, SettingClass
from perfgen.review.versions import VersionRange
from perfgen.source import reader
from perfgen.source.reader import Document
from perfgen.system import git
from perfgen.system.commit_tree import CommitTree

VENDOR = "vendor"
RUN = (
    *PROGRAM, "CODEOWNERS", ".gitattributes", ".gitlab", ".pre-commit-config.yaml",
    "填表.cmd", "填表.sh", "全部生成.cmd", "全部生成.sh",
)  # fmt: skip
"""What a repository runs, and what says who has to agree."""
_FOLDERS = (SCHEMA_FOLDER, TEMPLATE_FOLDER, DATA, VENDOR, *RUN)
WhichSide = Literal["原来的", "现在的"]


@dataclass(frozen=True)
class Changed:
    """A file of the settings that differs: whether each version has it."""

    path: str
    was_there: bool
    is_there: bool
    is_submodule: bool = False
    """Whether it is another repository, whose files this one does not hold."""

    @property
    def in_both(self) -> bool:
        """Whether both versions have it."""
        return self.was_there and self.is_there


def changed_settings(root: Path, ends: VersionRange) -> list[Changed]:
    """The files that differ and are no data of units: forms, templates, settings, and what the repository runs."""
    old = git.in_commit(root, ends.base, _FOLDERS)
    new = git.in_commit(root, ends.head, _FOLDERS) if ends.head else git.in_work_tree(root, _FOLDERS, old)
    old, new = ({path: entry for path, entry in side.items() if _is_setting(path)} for side in (old, new))
    files = git.changed(root, old, new)
    submodules = {path for side in (old, new) for path, entry in side.items() if entry.is_submodule}
    return [
        Changed(f.path, f.old_blob is not None, f.new_blob is not None or f.in_work_tree, f.path in submodules)
        for f in files
    ]


def _is_setting(path: str) -> bool:
    """Whether a path is no unit's file: below data/, only the YAML files that lie in it directly."""
    return not path.startswith(f"{DATA}/") or (path.count("/") == 1 and path.endswith(SUFFIX))


@dataclass(frozen=True)
class Side:
    """One version of the settings."""

    which: WhichSide
    project: Project

    def read(self, path: str) -> bytes | SettingChange:
        """A file of this version, or the change that says why it cannot be read."""
        try:
            return self.project.read(path)
        except FindingsError as error:
            return self.unread(error.findings[0], path)
        except (OSError, ToolError) as error:
            return self.unread(Finding(Place(path), "file-unreadable", f"读不出来：{error}。"), path)

    def form(self, name: str) -> Form | SettingChange | None:
        """A form of this version, None where it has none; or the change that says why it cannot be read."""
        file = f"{SCHEMA_FOLDER}/{name}{SCHEMA_SUFFIX}"
        try:
            return forms.find(self.project, name)
        except FindingsError as error:
            return self.unread(error.findings[0], file)
        except (OSError, ToolError) as error:
            return self.unread(Finding(Place(file), "file-unreadable", f"读不出来：{error}。"), file)

    def document(self, path: str) -> Document | SettingChange | None:
        """A YAML file of this version, None where it has none; or the change that says why it cannot be read."""
        try:
            if not self.project.holds(path):
                return None
        except ToolError as error:
            return self.unread(Finding(Place(path), "file-unreadable", f"读不出来：{error}"), path)
        content = self.read(path)
        if isinstance(content, SettingChange):
            return content
        try:
            return reader.load_yaml(content, path)
        except DataError as error:
            return self.unread(error.findings[0], path)

    def unread(self, finding: Finding, file: str) -> SettingChange:
        """The change that says that this version cannot be read, and where."""
        place = finding.place
        told = f"{self.which}读不出来，没有比较：{finding.message}".removesuffix("。")
        places = (place, None) if self.which == "原来的" else (None, place)
        file = place.file or file
        return SettingChange(SettingClass.UNREAD, file, PurePosixPath(file).name, told, *places)


def sides_of(project: Project, ends: VersionRange, changed: Iterable[Changed]) -> tuple[Side, Side]:
    """Both versions; the new one is the project itself where it is the work tree."""
    paths = [file.path for file in changed if not file.path.startswith((*RUN, f"{VENDOR}/"))]
    old = Side("原来的", _of_commit(project.root, ends.base, paths))
    if ends.head is None:
        return old, Side("现在的", project)
    return old, Side("现在的", _of_commit(project.root, ends.head, paths))


def _of_commit(root: Path, commit: str, paths: Iterable[str]) -> Project:
    """A commit as a project; some of its files are read at once."""
    tree = CommitTree(root, commit)
    with suppress(ToolError):  # one is too large: read alone, each says why it is not read
        tree.fetch(paths)
    return Project(tree, root)


def with_data_of(project: Project, ends: VersionRange) -> Project:
    """The project with all data of the new version, read in one call where that is a commit."""
    if ends.head is None:
        return project
    tree = CommitTree(project.root, ends.head)
    tree.fetch(tree.files(DATA))
    return project.with_folder(DATA, tree)


def with_forms_of(project: Project, side: Side) -> Project:
    """A project with the forms and templates of one version."""
    tree = side.project.tree
    return project.with_folder(SCHEMA_FOLDER, tree).with_folder(TEMPLATE_FOLDER, tree)


def form_names(sides: Iterable[Side], changed: Iterable[Changed]) -> list[str]:
    """The forms that a change of schema/ may concern: of each file its own, of a shared one all."""
    paths = [
        file.path.removeprefix(f"{SCHEMA_FOLDER}/") for file in changed if file.path.startswith(f"{SCHEMA_FOLDER}/")
    ]
    known = sorted({name for side in sides for name in names_of(side)})
    own = {path.removesuffix(SCHEMA_SUFFIX).removesuffix(RULES_SUFFIX) for path in paths}
    is_shared = any(name not in known and name not in SETTINGS for name in own)
    return [name for name in known if name in own or is_shared]


def names_of(side: Side) -> list[str]:
    """The forms of a version; none where they cannot be listed."""
    try:
        return forms.names(side.project)
    except FindingsError:
        return []
