"""Finds the data files that differ between two versions, and reads both versions from git or from the disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from perfgen.check import alone, check, loading
from perfgen.check.filing import Filing
from perfgen.check.standing import HELD, UNLISTED, Verdicts
from perfgen.findings import DataError, FindingsError, FormError, ToolError, UsageError
from perfgen.form import forms
from perfgen.form.rules import EARLIER
from perfgen.project import faults, invocation
from perfgen.project.layout import DATA, SCHEMA_FOLDER, SUFFIX, TEMPLATE_FOLDER, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review.file_version import FileVersion, VersionPair
from perfgen.review.judge import judge
from perfgen.review.likeness import ENOUGH, Budget, Text, ratio_within
from perfgen.system import git
from perfgen.system.commit_tree import CommitTree
from perfgen.table.numbering import numbered_texts

_ALSO = (SCHEMA_FOLDER, TEMPLATE_FOLDER)
_WORK_TREE = "现在的文件"
_COMPARED_CHARACTERS = 4000
"""So many characters of two files decide whether one is the other under a new name."""


@dataclass(frozen=True)
class VersionRange:
    """The two versions: a commit, and another or the work tree (None)."""

    base: str
    head: str | None
    base_name: str
    head_name: str


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
            read_version(before, file.path, HELD) if file.old_blob else None,
            read_version(after, file.path, judgement.of(file.path)) if file.new_blob or file.in_work_tree else None,
        )
        for file in files
    ]
    return [_with_last_year(pair, before, after) for pair in _joined(read)]


def _with_last_year(pair: VersionPair, *sides: Project) -> VersionPair:
    """A pair with the path of last year's file, where the file came and a version has one of the year before."""
    if pair.old or not pair.new:
        return pair
    before = DataFile.at(pair.new.file).before(1)
    is_there = before is not None and any(side.holds(before.source) for side in sides)
    return replace(pair, last_year=before.source) if before and is_there else pair


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


def read_version(project: Project, path: str, verdicts: Verdicts | None = None) -> FileVersion:
    """One version of a data file, in the project of that version; `verdicts` says which of its approvals count.

    Without them, only those of a project without a list of reviewers do. Raises FormError for a broken form, ToolError
    for a file that cannot be read.
    """
    try:
        content = project.read(path)
    except DataError as error:
        return FileVersion(path, broken=tuple(error.findings))
    except OSError as error:
        raise ToolError(f"{project.root / path}：读不出来：{error.strerror}。") from error
    try:
        filing = loading.filing(project, DataFile.at(path))
    except FormError:
        raise
    except FindingsError as error:
        return FileVersion(path, broken=tuple(error.findings), content=content)
    filing.number(numbered_texts(project, filing.form, filing.document.data))
    return version_of(filing, content, verdicts or alone.verdicts_alone(project))


def version_of(filing: Filing, content: bytes, verdicts: Verdicts = UNLISTED) -> FileVersion:
    """A version that could be read, with what `check` says of it."""
    with faults.in_hand(filing.document.file):
        findings = tuple(check.check_filing(filing, verdicts))  # the one place where a comparison asks `perfgen check`
    return FileVersion(filing.document.file, filing, (), findings, not check.check_shape(filing), content, verdicts)


def _joined(pairs: list[VersionPair]) -> Iterator[VersionPair]:
    """The pairs, with a file that went and a file that came joined where they are one unit's; files that went last."""
    gone = [pair.old for pair in pairs if pair.old and not pair.new]
    texts = {version.file: _text(version) for version in (*gone, *(p.new for p in pairs if p.new and not p.old))}
    budget = Budget()
    for pair in pairs:
        if pair.new and not pair.old:
            match = next((old for old in gone if _is_one_unit(old, pair.new)), None)
            match = match or _closest(pair.new, gone, texts, budget)
            if match:
                gone.remove(match)
            yield VersionPair(match, pair.new)
        elif pair.new:
            yield pair
    yield from (VersionPair(old, None) for old in gone)


def _is_one_unit(old: FileVersion, new: FileVersion) -> bool:
    named = old.named("unit"), old.named("year")
    return old.content == new.content or (
        all(named) and named == (new.named("unit"), new.named("year")) and old.form is new.form
    )


def _closest(new: FileVersion, gone: list[FileVersion], texts: dict[str, Text], budget: Budget) -> FileVersion | None:
    """The file of the same year and form that is most like a new one: a unit that changed its name."""
    like = [old for old in gone if old.form is new.form and old.named("year") == new.named("year")]
    ratios = {old.file: ratio_within(texts[old.file], texts[new.file], ENOUGH, budget) for old in like}
    best = max(like, key=lambda old: ratios[old.file], default=None)
    return best if best and ratios[best.file] > ENOUGH else None


def _text(version: FileVersion) -> Text:
    return Text((version.content or b"").decode("utf-8", "replace")[:_COMPARED_CHARACTERS])
