"""Puts the changes of the settings into sentences that all formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from perfgen.findings import Finding
from perfgen.form.rules_source import GRADES, SIGNS
from perfgen.review.settings.change import SettingChange, SettingClass, cut
from perfgen.review.settings.review import SettingsReview
from perfgen.review.settings.schema_changes import IS_IDENTITY, IS_MEASURE
from perfgen.review.settings.stale import Stale

TITLE = "规则、表、模板和设置"
_NAMED = 3
_DECIDES = (SIGNS, GRADES, IS_MEASURE, IS_IDENTITY)
"""How the labels of changes begin that decide what a comparison of the data says."""
_EXAMPLES = 5
"""So many findings that came or went are shown one by one."""


def loudest(review: SettingsReview) -> list[str]:
    """What stands above everything else: what cannot be read by the forms at hand, then what leaves the office."""
    lines = []
    if review.readable:
        unread = review.of(SettingClass.UNREAD)
        places = "、".join(str(change.place) for change in unread[:_NAMED])
        lines.append(f"现在的表或规则读不出来：{places}。下面的数据是按原来的表和规则比较的。")
    if public := review.of(SettingClass.PUBLIC):
        told = "；".join(f"{change.label}：{change.sentence}" for change in public[:_NAMED])
        more = f"；共 {len(public)} 处" if len(public) > _NAMED else ""
        lines.append(f"公开范围变了：{told}{more}。")
    return lines


def summary(review: SettingsReview) -> list[str]:
    """What changed, counted by class, and what it does."""
    lines = []
    counts = Counter(change.kind for change in review.changes if not change.is_only_layout)
    if counts:
        told = "，".join(f"{kind.value} {counts[kind]} 处" for kind in SettingClass if counts[kind])
        lines.append(f"{TITLE}变了：{told}。")
    if any(change.label.startswith(_DECIDES) for change in review.changes):
        lines.append(
            "数据是放宽还是趋严、哪一行是哪一行，按现在的表和规则判断，而它们也变了：不能只看类别，要看每一处的值。"
        )
    if review.effect:
        lines.append(review.effect.sentence())
    if review.stale and counts:
        lines.append(_stale(review.stale))
    return lines


def _stale(stale: Sequence[Stale]) -> str:
    because = dict.fromkeys(path for one in stale for path in one.because)
    counts = "、".join(f"{one.format} {one.files} 份" for one in stale)
    causes = "、".join(cut(path) for path in list(because)[:_NAMED]) + ("等" if len(because) > _NAMED else "")
    return f"要重新生成的成品：{counts}（{causes}变了）。"


def in_words(change: SettingChange) -> str:
    """A change in a line, without its place."""
    return f"{change.label}：{change.sentence}。"


def where(change: SettingChange) -> str:
    """The places on both sides."""
    if change.new_place and change.old_place:
        return f"{change.new_place}（原来 {change.old_place}）"
    return (
        str(change.new_place) if change.new_place else f"原来 {change.old_place}" if change.old_place else change.file
    )


def examples(review: SettingsReview) -> Iterator[tuple[str, Finding]]:
    """Some of the findings that went and came with the new rules, each with the word for it."""
    if review.effect:
        for word, findings in (("不再说", review.effect.gone), ("新说", review.effect.appeared)):
            yield from ((word, finding) for finding in _of_each_rule(findings))


def _of_each_rule(findings: Sequence[Finding]) -> list[Finding]:
    """A few findings, of each rule one before any has two."""
    turns: Counter[str] = Counter()
    numbered = []
    for number, finding in enumerate(findings):
        numbered.append((turns[finding.rule], number, finding))
        turns[finding.rule] += 1
    return [finding for _, _, finding in sorted(numbered, key=lambda one: one[:2])[:_EXAMPLES]]
