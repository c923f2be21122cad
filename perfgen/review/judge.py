"""Judges the records of approval that are new between two versions: whose commit brought each, and who signed it.

Everybody can type another's name into a file and into a commit. So a record counts where the commit that brought it is
by a reviewer whom the older version lists for the unit; where the reviewer has a key, the commit must be signed with
it. What the older version holds already was judged before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfgen.check import loading, standing
from perfgen.check.approvals import approvals_in
from perfgen.check.filing import Filing
from perfgen.check.standing import Judgement, Standing, Verdict, Verdicts
from perfgen.check.units import Reviewer
from perfgen.data import as_group, as_scalar
from perfgen.display import show
from perfgen.findings import FindingsError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review.record_history import Record, brought_by, content_of
from perfgen.review.reviewers import Reviewers, reviewers_in
from perfgen.system import git
from perfgen.system.git import Changed
from perfgen.system.git_signature import Signature, SignatureState, fingerprint, signatures
from perfgen.system.git_steps import PastCommit

_SHORT = 10
"""So many digits of a commit's name are told."""
_ORDER = list(Standing)


@dataclass(frozen=True)
class _New:
    """A record that the older version does not hold, with the units and the reviewer that it is about."""

    record: Record
    file: str
    units: tuple[str, ...]
    """What the older version calls the file's unit; for a file that came, also what those that went are for: a unit
    that takes another name keeps its reviewers."""
    reviewer: str


def judge(base: str, head: str | None, before: Project, after: Project, files: Iterable[Changed]) -> Judgement:
    """The verdicts on the records in the newer version of some files, which differ between a commit and another one.

    `before` and `after` are the project in both versions; without `head`, the newer one is on the disk. Raises
    FormError for a broken form, ToolError where git fails.
    """
    new = list(_new_records(before, after, list(files)))
    if not new:
        return Judgement(standing.HELD)
    reviewers = reviewers_in(before)
    if reviewers.is_empty:
        return Judgement(standing.UNLISTED)
    found = _verdicts(after.root, base, head, new, reviewers)
    by_file: dict[str, dict[str, Verdict]] = {}
    for one, verdict in zip(new, found, strict=True):
        by_file.setdefault(one.file, {})[one.record.typed] = verdict
    held = standing.HELD.otherwise
    return Judgement(standing.HELD, {file: Verdicts(held, verdicts) for file, verdicts in by_file.items()})


def _new_records(before: Project, after: Project, files: Sequence[Changed]) -> Iterator[_New]:
    """The records of the newer version that the older one has not, neither in that file nor in one that went."""
    gone = [file.path for file in files if file.old_blob and not (file.new_blob or file.in_work_tree)]
    for file in files:
        filing = _filing(after, file.path) if file.new_blob or file.in_work_tree else None
        entries = as_group(filing.of_role("approvals")) if filing else {}
        if not filing or not entries:
            continue
        paths = (file.path,) if file.old_blob else (file.path, *gone)
        older = [one for path in paths if (one := _filing(before, path))]
        held = {(typed, content) for one in older for typed, content in _contents(one).items()}
        group = str(filing.form.fields.find_role("approvals"))
        names = approvals_in(dict(entries), filing.form.fields)
        for typed, content in _contents(filing).items():
            if (typed, content) not in held and typed in names:
                units = tuple(dict.fromkeys(map(_unit, older if file.old_blob and older else [filing, *older])))
                yield _New(Record(paths, group, typed, content), file.path, units, names[typed].reviewer)


def _filing(project: Project, path: str) -> Filing | None:
    """A version of a file; None where there is none, or it cannot be read: whoever compares it says so."""
    try:
        return loading.filing(project, DataFile.at(path))
    except FindingsError:
        return None


def _contents(filing: Filing) -> dict[str, str]:
    return {typed: content_of(entry) for typed, entry in as_group(filing.of_role("approvals")).items()}


def _unit(filing: Filing) -> str:
    return show(as_scalar(filing.document.top.get(filing.form.fields.with_role("unit"))))


def _verdicts(root: Path, base: str, head: str | None, new: Sequence[_New], reviewers: Reviewers) -> list[Verdict]:
    """The verdict on each record."""
    if reviewers.broken:
        return [Verdict(Standing.UNDECIDED, f"比较的那一边的 {reviewers.broken}") for _ in new]
    if git.is_shallow(root):
        return [Verdict(Standing.UNDECIDED, "这是浅克隆，看不到是谁提交的；先运行 git fetch --unshallow") for _ in new]
    brought = brought_by(root, base, head or "HEAD", [one.record for one in new])
    signed = _signatures(root, reviewers, brought.values())
    bench = _Bench(reviewers, signed, is_on_disk=head is None)
    return [bench.verdict(one, brought[one.record]) for one in new]


def _signatures(root: Path, reviewers: Reviewers, brought: Iterable[list[PastCommit]]) -> dict[str, Signature]:
    """What is known of the signatures of commits by reviewers who have a key."""
    commits = {
        commit.name: None
        for of_one in brought
        for commit in of_one
        if any(reviewer.key for reviewer in reviewers.named(commit.address))
    }
    keys = [reviewer.key for reviewer in reviewers.listed.reviewers.values() if reviewer.key]
    return signatures(root, list(commits), keys)


@dataclass(frozen=True)
class _Bench:
    """Who may approve, and what is known of the commits."""

    reviewers: Reviewers
    signed: Mapping[str, Signature]
    is_on_disk: bool
    """Whether the newer version is on the disk, where a record may stand that nobody has committed."""

    def verdict(self, new: _New, commits: Iterable[PastCommit]) -> Verdict:
        """The best of the verdicts on a record by the commits that brought it."""
        found = [self._by(new, commit) for commit in commits]
        uncommitted = "还没有提交" if self.is_on_disk else "没有一个提交带来它"
        none = Verdict(Standing.REFUSED, uncommitted)
        return min(found, key=lambda verdict: _ORDER.index(verdict.standing), default=none)

    def _by(self, new: _New, commit: PastCommit) -> Verdict:
        """The verdict on a record that a commit brought."""
        who = f"{commit.author}（{commit.address}，{commit.name[:_SHORT]}）"
        named = self.reviewers.named(commit.address)
        mine = [reviewer for reviewer in named if reviewer.name == new.reviewer]
        if not named:
            return Verdict(Standing.REFUSED, f"提交它的是{who}，不在审核人的名单里", commit.name)
        if not mine:
            return Verdict(Standing.REFUSED, f"写的审核人是“{new.reviewer}”，提交它的是{who}", commit.name)
        for unit in new.units:
            if not self.reviewers.may_review(mine[0], unit):
                names = "、".join(self.reviewers.names_for(unit))
                return Verdict(Standing.REFUSED, f"提交它的是{who}，{unit}的审核人是{names}", commit.name)
        return self._signed(mine[0], commit) if mine[0].key else Verdict(Standing.CLAIMED, "", commit.name)

    def _signed(self, reviewer: Reviewer, commit: PastCommit) -> Verdict:
        """The verdict on a commit that must be signed."""
        signature = self.signed[commit.name]
        key, short = fingerprint(reviewer.key), commit.name[:_SHORT]
        if not key:
            return Verdict(Standing.UNDECIDED, f"名单里{reviewer.name}的密钥看不懂", commit.name)
        match signature.state:
            case SignatureState.GOOD if key in signature.keys:
                return Verdict(Standing.SIGNED, "", commit.name)
            case SignatureState.NONE:
                why = f"带来它的提交 {short} 没有签名，{reviewer.name}有密钥"
                return Verdict(Standing.REFUSED, why, commit.name)
            case SignatureState.UNCHECKED:
                why = f"提交 {short} 的签名在这里核对不了：先装上 gpg 或 ssh-keygen，导入{reviewer.name}的公钥"
                return Verdict(Standing.UNDECIDED, why, commit.name)
        return Verdict(Standing.REFUSED, f"提交 {short} 的签名不是用{reviewer.name}的密钥签的，或者不对", commit.name)
