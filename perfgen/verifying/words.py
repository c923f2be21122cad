"""What came of verifying, for people: the answer first, then what it rests on, one thing to do last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfgen.display import visible
from perfgen.system import git
from perfgen.verifying.candidates import Candidate
from perfgen.verifying.compare import Difference
from perfgen.verifying.outcome import Outcome, Status, Version

_MOST = 40
"""So many differences are listed; a program gets all."""
_LENGTH = 60
_NOT_COMMITTED = {
    git.FileState.COMMITTED: "",
    git.FileState.CHANGED: "（改过，还没有提交）",
    git.FileState.UNTRACKED: "（还没有提交）",
    git.FileState.NO_HISTORY: "",
}
_COMMIT = 12
"""The letters of a commit's name that are shown, as `perfgen diff` shows them."""


def text(outcomes: Iterable[Outcome]) -> str:
    """The answers for some files, one after the other."""
    return "\n".join(line for outcome in outcomes for line in _lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{visible(outcome.file)}：{_answer(outcome)}"
    shown = outcome.shown
    if shown:
        heads = outcome.heads[0].words if len(outcome.heads) == 1 else ""
        yield f"  {outcome.kind.value}{f'，{heads}' if heads else ''}，数据文件 {shown.candidate.file}"
    for path in outcome.same_bytes:
        yield f"  字节相同：{path}"
    if not outcome.same_bytes and outcome.run:
        yield "  字节：build/ 里没有字节相同的成品；说的是数据相同，不是同一个文件。"
    if shown:
        yield from (f"  {line}" for line in _how_read(shown))
        yield from (f"  {line}" for line in _differing(shown.differences, outcome.says_twice))
    yield from (f"  {remark}" for remark in outcome.remarks)
    if outcome.hint:
        yield f"  {outcome.hint}"


def _answer(outcome: Outcome) -> str:
    """The answer in one line."""
    if outcome.run:
        return f"数据相同。{_run(outcome.run)}"
    if outcome.status is Status.SAME:
        return "字节相同。"
    if outcome.status is Status.UNREADABLE:
        return f"{outcome.trouble}。"
    if outcome.nearest is None:
        heads = "、".join(heads.words for heads in outcome.heads) or "看不出是哪个单位的哪张表"
        return f"没有可以比的数据文件：{heads}。"
    nearest, count = _version(outcome.nearest.candidate), len(outcome.nearest.differences)
    return f"数据不同。和 {outcome.compared} 个版本比过，最接近的是{nearest}，有 {count} 处不同。"


def _run(run: tuple[Version, ...]) -> str:
    """Since when and until when the data was this."""
    commits = [version.candidate for version in run if version.candidate.commit]
    here = run[0].candidate if run[0].candidate.commit is None else None
    if not commits:
        return f"和{_version(run[0].candidate)}的公开数据一样。"
    newest, first = commits[0], commits[-1]
    until = f"到{_version(newest)}" if newest is not first else ""
    now = "，现在的文件也一样" if here else ""
    return f"和{_version(first)}{until}的公开数据一样{now}。"


def _version(candidate: Candidate) -> str:
    """A version in words."""
    if candidate.commit is None:
        return f"现在的文件{_NOT_COMMITTED[candidate.state]}"
    return f"提交 {candidate.commit.name[:_COMMIT]}（{candidate.day or '没有日期'}）"


def _how_read(version: Version) -> Iterator[str]:
    if version.own_forms:
        yield "按那个提交自己的表和模板读的：现在的读不出来，或者印出来不同。"
    if version.is_official:
        yield "这是正式的版本，里面有不公开的内容，不要放到网上。"


def _differing(differences: tuple[Difference, ...], says_twice: bool) -> Iterator[str]:
    """The places that differ, and whether a PDF says one thing in its data and another on its pages."""
    in_data = {one.path for one in differences if not one.in_print}
    in_print = [one for one in differences if one.in_print]
    if says_twice and in_print and not in_data:
        yield "附带的数据和提交的一样，页面上印的不一样："
    elif says_twice and in_data and not in_print:
        yield "页面上印的和提交的一样，附带的数据不一样："
    elif says_twice and any(one.path not in in_data for one in in_print):
        yield "附带的数据和页面上印的不一样，和提交的也都不一样："
    yield from (f"  {_difference(one)}" for one in differences[:_MOST])
    if len(differences) > _MOST:
        yield f"  还有 {len(differences) - _MOST} 处，用 --format json 看全部。"


def _difference(one: Difference) -> str:
    where = f"{one.place}（{one.label}）" if one.label and one.label != one.place else one.place
    return visible(f"{where}：文件里{_said(one.found)}，数据里{_said(one.wanted)}。").replace("\n", " ")


def _said(text: str | None) -> str:
    if text is None:
        return "没有"
    line = " ".join(text.split())
    return f"是“{line if len(line) <= _LENGTH else line[:_LENGTH] + '…'}”" if line else "是空的"
