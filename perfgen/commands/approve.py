"""`perfgen approve`: a reviewer's consent to changes, written into their files and committed alone."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from perfgen.check import units
from perfgen.check.units import Reviewer
from perfgen.findings import ToolError, UsageError
from perfgen.project import invocation
from perfgen.project.arguments import open_project
from perfgen.review import approve, since, versions
from perfgen.review.change import Change
from perfgen.review.compare import Comparison, compare
from perfgen.review.reviewers import Reviewers, reviewers_at
from perfgen.review.unit_comparison import UnitComparison
from perfgen.system import console, day, git, git_commit, git_user, write
from perfgen.system.git import FileState
from perfgen.system.git_signature import SignatureState, fingerprint, signatures

HELP = "审核人同意变更：把审核记录写进文件，单独提交"
_SHORT = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "wanted", nargs="+", metavar="单位或指纹",
        help="单位的名称或数据文件；后面可以写变更的指纹，只同意这几处，不写就是要理由的各处",
    )  # fmt: skip
    parser.add_argument("--opinion", default="", metavar="意见", help="审核人的话，写在记录里")
    parser.add_argument("--base", metavar="版本", help="和谁比，不写就是和主分支分开的地方")
    parser.add_argument("--dry-run", action="store_true", help="只说会同意哪几处，不写文件，不提交")
    day.add_argument(parser, "今天")


def run(options: argparse.Namespace) -> int:
    """Writes the records, commits them on the current branch and says what was approved."""
    project = open_project(options.directory)
    root = project.root
    ends = since.parting(root, options.base) if options.base else versions.range_of(root, None)
    names = [word for word in options.wanted if not approve.FINGERPRINT.fullmatch(word)]
    fingerprints = [word for word in options.wanted if approve.FINGERPRINT.fullmatch(word)]
    comparison = compare(project, ends)
    chosen = _chosen(comparison, names, options.directory)
    changes = approve.asked(chosen, fingerprints)
    if not changes:
        console.say("没有等着同意的变更：要理由的都已经有算数的审核记录了，或者一处也没有。")
        return 0
    reviewers = reviewers_at(project, ends.base)
    reviewer = _reviewer(root, reviewers, [unit for unit in chosen if unit.file in changes], ends.base_name)
    consent = approve.Consent(reviewer.name, day.find(options.date).iso, options.opinion)
    contents = {
        unit.file: approve.with_records(unit, changes[unit.file], consent) for unit in chosen if unit.file in changes
    }
    _require_committable(root, contents)
    if not options.dry_run:
        _commit(root, contents, _message(chosen, changes), reviewer)
    _tell(chosen, changes, reviewer, reviewers, is_done=not options.dry_run)
    return 0


def _chosen(comparison: Comparison, names: Sequence[str], base: Path) -> list[UnitComparison]:
    """The units that arguments name, by name or by file. Raises UsageError for one that has no changes."""
    if not names:
        raise UsageError(f"先写单位，再写指纹，例如 {invocation.command('approve', '单位', '指纹')}。")
    root = comparison.project.root
    found: dict[str, UnitComparison] = {}
    for name in names:
        path = (base / name).resolve()
        fitting = [unit for unit in comparison.units if name in (unit.unit, unit.name) or root / unit.file == path]
        if not fitting:
            others = "、".join(unit.name for unit in comparison.units[:5])
            there = f"有变更的是：{others}。" if others else "哪个单位都没有变更。"
            raise UsageError(f"“{name}”没有变更：和{comparison.range.base_name}比过了。{there}")
        if broken := [unit.file for unit in fitting if unit.broken]:
            raise UsageError(
                f"{broken[0]} 有一个版本读不出来，没有比较，不能同意。先运行 {invocation.command('diff')} 看。"
            )
        found |= {unit.file: unit for unit in fitting}
    return list(found.values())


def _reviewer(root: Path, reviewers: Reviewers, chosen: Iterable[UnitComparison], base_name: str) -> Reviewer:
    """Who reviews, by the address that git is set to. Raises UsageError for whoever may not."""
    address, name = git_user.user_address(root) or "", git_user.user_name(root) or ""
    if not (address and name):
        raise UsageError(
            "git 里还没有设你的姓名和邮箱；先运行 git config user.name 姓名 和 git config user.email 邮箱。"
        )
    if reviewers.broken:
        raise UsageError(f"{base_name} 的 {reviewers.broken}改好再审核。")
    if reviewers.is_empty:
        return Reviewer(name, address)
    named = reviewers.named(address)
    if not named:
        raise UsageError(f"git 里设的邮箱是 {address}，{base_name} 的 {units.FILE} 里没有用它的审核人。")
    allowed = [one for one in named if all(reviewers.may_review(one, unit.pair.first_name) for unit in chosen)]
    if not allowed:
        unit = next(unit for unit in chosen if not reviewers.may_review(named[0], unit.pair.first_name))
        names = "、".join(reviewers.names_for(unit.pair.first_name))
        raise UsageError(f"{unit.unit}的审核人是{names}，不是{named[0].name}。")
    return next((one for one in allowed if one.name == name), allowed[0])


def _require_committable(root: Path, files: Iterable[str]) -> None:
    """Raises UsageError where a commit of these files could take something else with it."""
    if git_user.branch(root) is None:
        raise UsageError("现在不在哪个分支上，提交了也找不到；先 git switch 到要审核的分支。")
    if git.commit(root, "MERGE_HEAD"):
        raise UsageError("正在合并，还没有完；先合完，或者 git merge --abort。")
    for file in files:
        if git.state_of(root / file) is not FileState.COMMITTED:
            raise UsageError(f"{file} 还有没提交的改动，审核记录要单独提交；先提交它，或者 git stash。")


def _message(chosen: Iterable[UnitComparison], changes: dict[str, list[Change]]) -> str:
    told = [(unit.name, changes[unit.file]) for unit in chosen if unit.file in changes]
    count = sum(len(of_unit) for _, of_unit in told)
    lines = [f"{name}：{change.label}，{change.fingerprint}" for name, of_unit in told for change in of_unit]
    return "\n".join([f"审核：同意 {count} 处变更", "", *(line.replace("\n", " ") for line in lines)]) + "\n"


def _commit(root: Path, contents: dict[str, bytes], message: str, reviewer: Reviewer) -> None:
    """Writes the files and commits them alone. Raises ToolError where the signature is not by the listed key."""
    commit = git_commit.make(root, contents, message, reviewer.key)
    if reviewer.key:
        signature = signatures(root, [commit.name], [reviewer.key])[commit.name]
        if signature.state is not SignatureState.GOOD or fingerprint(reviewer.key) not in signature.keys:
            raise ToolError(
                f"git 签名用的不是{units.FILE} 里{reviewer.name}的密钥，没有提交；改 git 的 user.signingKey。"
            )
    for file, content in contents.items():
        write.replace(root / file, content, top=root)
    git_commit.move_branch(root, commit, "perfgen approve")


def _tell(
    chosen: Iterable[UnitComparison], changes: dict[str, list[Change]], reviewer: Reviewer, reviewers: Reviewers,
    *, is_done: bool,
) -> None:  # fmt: skip
    """Says what was approved, or would be."""
    for unit in chosen:
        for change in changes.get(unit.file, ()):
            console.say(
                f"{unit.name} [{change.meaning.value}] {change.label}：{change.sentence}。指纹 {change.fingerprint}"
            )
    count = sum(map(len, changes.values()))
    how = (
        "签了名"
        if reviewer.key
        else "没有签名，会写明是提交人自称"
        if not reviewers.is_empty
        else "没有审核人的名单，谁写的都算"
    )
    console.say(
        f"{reviewer.name}同意了 {count} 处，已经提交（{how}）。"
        if is_done
        else f"会同意 {count} 处；没有写文件，没有提交。"
    )
