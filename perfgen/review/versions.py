"""Finds the data files that differ between two versions, and reads both versions from git or from the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from perfgen.check import loading
from perfgen.check.standing import HELD
from perfgen.findings import ToolError, UsageError
from perfgen.form import forms
from perfgen.form.rules import EARLIER
from perfgen.project import invocation
from perfgen.project.layout import DATA, SCHEMA_FOLDER, SUFFIX, TEMPLATE_FOLDER, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review import version_reader
from perfgen.review.file_version import VersionPair
from perfgen.review.judge import judge
from perfgen.review.same_unit import joined
from perfgen.system import git
from perfgen.system.commit_tree import CommitTree

_ALSO = (SCHEMA_FOLDER, TEMPLATE_FOLDER)
_WORK_TREE = "现在的文件"


@dataclass(frozen=True)
class VersionRange:
    """The two versions: a commit, and another or the work tree (None)."""

    base: str
    head: str | None
    base_name: str
    head_name: str
    years: tuple[str, str] | None = None
    """For a comparison of two years, which are both read in `head`: the earlier and the later one."""


def range_of(root: Path, text: str | None) -> VersionRange:
    """The versions that an argument names: nothing, BASE, BASE..HEAD or BASE...HEAD (from where they parted).

    Raises UsageError where there is no repository, no such commit, or no common past.
    """
    _require_history(root)
    if text is None:
        main = git.main_branch(root)
        if main is None:
            raise UsageError(
                f"找不到主分支（origin/HEAD、main、master）；写明和谁比，例如 {invocation.command('diff', 'HEAD~1')}。"
            )
        return VersionRange(_parting(root, main, "HEAD"), None, main, _WORK_TREE)
    if "..." in text:
        base, head = (name or "HEAD" for name in text.split("...", 1))
        return VersionRange(_parting(root, base, head), _commit(root, head), base, head)
    base, dots, head = text.partition("..")
    base, head = base or "HEAD", head or "HEAD"
    if not dots:
        return VersionRange(_commit(root, base), None, base, _WORK_TREE)
    return VersionRange(_commit(root, base), _commit(root, head), base, head)


def of_years(root: Path, text: str | None, years: tuple[str, str]) -> VersionRange:
    """Two years in one version: the one an argument names (of BASE..HEAD the later one), the work tree for nothing.

    Raises UsageError as `range_of` does.
    """
    head = None
    if text:
        _require_history(root)
        ends = range_of(root, text) if ".." in text else None
        head = ends.head if ends else _commit(root, text)
    old, new = (f"{year} 年" for year in years)
    return VersionRange(head or "", head, old, f"{new}（{text}）" if text else new, years)


def _require_history(root: Path) -> None:
    """Raises UsageError where there is no repository that git reads, or no commit in it."""
    if not git.is_repository(root):
        if git.distrusts(root):
            raise UsageError(
                f"这个目录属于别的用户，git 不肯读；可以信任它就运行 git config --global --add safe.directory {root}。"
            )
        if complaint := git.complaint(root):
            raise ToolError(f"git 读不了这个仓库：{complaint}。改好 git 的设置再试。")
        raise UsageError("这里不是 git 仓库，没有以前的版本可以比。")
    if git.head(root) is None:
        raise UsageError("仓库里还没有提交，没有以前的版本可以比。")


def version_and_files(project: Project, base: Path, wanted: list[str]) -> tuple[str | None, list[tuple[str, str]]]:
    """The version among some arguments, which comes first, and the files, each as typed and as a path of the project.

    Raises UsageError for what may be both or lies outside.
    """
    version = None
    if wanted and (".." in wanted[0] or not _is_file(project.root, base, wanted[0])):
        version, *wanted = wanted
    files = []
    for typed in wanted:
        path = Path(os.path.realpath(base / typed))
        if not path.is_relative_to(project.root):
            raise UsageError(f"{typed} 不在这个项目里。")
        files.append((typed, path.relative_to(project.root).as_posix()))
    return version, files


def _is_file(root: Path, base: Path, typed: str) -> bool:
    """Whether an argument means a file: one that is there, or one that was (its name says so)."""
    is_there = (base / typed).exists()
    if is_there and git.commit(root, typed) is not None:
        raise UsageError(
            f"“{typed}”既是文件又是版本；文件写成 ./{typed}，版本写成 {typed}..HEAD 或 refs/heads/{typed}。"
        )
    return is_there or typed.endswith(SUFFIX)


def _commit(root: Path, name: str) -> str:
    """The commit of a name. Raises UsageError where there is none."""
    commit = git.commit(root, name)
    if commit is None:
        raise UsageError(f"没有“{name}”这个提交、分支或文件。{_shallow(root)}")
    return commit


def _parting(root: Path, base: str, head: str) -> str:
    """The commit from which two versions parted. Raises UsageError where there is none."""
    commit = git.merge_base(root, _commit(root, base), _commit(root, head))
    if commit is None:
        raise UsageError(f"“{base}”和“{head}”没有共同的历史。{_shallow(root)}")
    return commit


def _shallow(root: Path) -> str:
    return "这是浅克隆，历史不全；先运行 git fetch --unshallow。" if git.is_shallow(root) else ""


def changed_files(root: Path, ends: VersionRange) -> tuple[list[git.Changed], list[str]]:
    """The data files that differ, and the paths of other files that differ and that outputs are made from.

    Raises UsageError where a version's data lies outside the repository, which cannot be compared.
    """
    folders = (DATA, *_ALSO)
    old = git.in_commit(root, ends.base, folders)
    new = git.in_commit(root, ends.head, folders) if ends.head else git.in_work_tree(root, folders, old)
    for name, side in ((ends.base_name, old), (ends.head_name, new)):
        _require_own_data(name, side)
    changed = git.changed(root, old, new)
    others = [file.path for file in changed if not file.path.startswith(f"{DATA}/") or file.path == site.FILE]
    return sorted((file for file in changed if DataFile.parse(file.path)), key=lambda file: file.path), sorted(others)


def _require_own_data(version: str, listing: Mapping[str, git.TreeEntry]) -> None:
    """Raises UsageError where data is a submodule, another repository, or a link in place of a folder."""
    for path, entry in listing.items():
        if path.rstrip("/") != DATA and not path.startswith(f"{DATA}/"):
            continue
        if entry.is_submodule:
            raise UsageError(
                f"“{version}”的 {path.rstrip('/')} 是另一个 git 仓库（子模块），里面的数据没有比较。"
                "先用 git diff --submodule=diff 看。"
            )
        if not entry.is_held and not PurePosixPath(path).suffix:
            raise UsageError(f"“{version}”的 {path} 是链接，指到的数据不在这个仓库里，没有比较。换成真的文件夹再比较。")


def chosen(
    root: Path, ends: VersionRange, changed: Iterable[git.Changed], wanted: Iterable[tuple[str, str]]
) -> list[git.Changed]:
    """The changed files that arguments name, as (typed, path below the root) pairs; all of them without arguments.

    Raises UsageError for what is in neither version.
    """
    wanted = list(wanted)
    for typed, path in wanted:
        is_there = git.holds(root, ends.base, path) or (
            git.holds(root, ends.head, path) if ends.head else (root / path).exists()
        )
        if not is_there:
            raise UsageError(f"{typed} 在两个版本里都没有。")
    if not wanted:
        return list(changed)
    return [file for file in changed if any(_is_or_lies_in(file.path, path) for _, path in wanted)]


def _is_or_lies_in(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path}/")


def pairs(project: Project, ends: VersionRange, files: Iterable[git.Changed]) -> list[VersionPair]:
    """Both versions of each file, read; a file that went and one that came are joined where they are one unit's.

    Both are read by the forms of the project, and checked beside the earlier years of their own version. Raises
    FormError for a broken form, ToolError where an object or file cannot be read.
    """
    files = list(files)
    if files:
        forms.loaded(project)  # before the ways part, so that both versions have the same forms
    before, after = sides(project, ends, files)
    judgement = judge(ends.base, ends.head, before, after, files)
    read = [
        VersionPair(
            version_reader.read_version(before, file.path, HELD) if file.old_blob else None,
            version_reader.read_version(after, file.path, judgement.of(file.path))
            if file.new_blob or file.in_work_tree
            else None,
        )
        for file in files
    ]
    return [_with_last_year(pair, before, after) for pair in joined(read)]


def _with_last_year(pair: VersionPair, *sides: Project) -> VersionPair:
    """A pair with the path of last year's file, where the file came and a version has one of the year before."""
    if pair.old or not pair.new:
        return pair
    file = DataFile.at(pair.new.file)
    found = [before for side in reversed(sides) for before in loading.earlier_files(side, file, 1)]
    return replace(pair, last_year=found[0].source) if found else pair


def sides(project: Project, ends: VersionRange, files: list[git.Changed]) -> tuple[Project, Project]:
    """The project with the data of each version; what will be read of a commit is fetched in a few calls of git."""
    root = project.root
    blobs = git.blobs(root, (name for file in files for name in (file.old_blob, file.new_blob) if name))
    old_data = {file.path: blobs[file.old_blob] for file in files if file.old_blob}
    new_data = {file.path: blobs[file.new_blob] for file in files if file.new_blob}
    earlier = _earlier(files)
    before = project.with_folder(DATA, _tree(root, ends.base, old_data, earlier))
    after = project.with_folder(DATA, _tree(root, ends.head, new_data, earlier)) if ends.head else project
    return before, after


def project_of(project: Project, commit: str | None) -> Project:
    """The project with the data of a commit; as it is for None, the work tree. Raises ToolError where git fails."""
    if commit is None:
        return project
    forms.loaded(project)
    tree = CommitTree(project.root, commit)
    version = project.with_folder(DATA, tree)
    tree.fetch(file.source for file in version.data_files()[0])
    return version


def _tree(root: Path, commit: str, contents: dict[str, bytes], earlier: list[str]) -> CommitTree:
    """The files of a commit, with the contents of some by path; those of earlier years are fetched."""
    tree = CommitTree(root, commit)
    tree.take(contents)
    tree.fetch(earlier)
    return tree


def _earlier(files: Iterable[git.Changed]) -> list[str]:
    """The paths where the files of earlier years would be."""
    data_files = [DataFile.at(file.path) for file in files]
    return [before.source for file in data_files for years in EARLIER.values() if (before := file.before(years))]
