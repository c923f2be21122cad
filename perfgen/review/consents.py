"""Says of all changes together which were approved, by whom anybody can claim, and which records do not count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from perfgen.check import units
from perfgen.check.standing import Standing
from perfgen.review.change import Change

_NAMED = {
    Standing.CLAIMED: "{} 处是提交人自称，没有签名",
    Standing.HELD: "{} 处的记录原来就有",
}
"""What is said of approvals that count and are not a signed commit's."""


def lines(changes: Iterable[Change]) -> list[str]:
    """Sentences for the head of a comparison; none where nobody approved anything."""
    changes = list(changes)
    counts = Counter(change.approval.verdict.standing for change in changes if change.approval)
    refused = Counter(change.refusal.partition("：")[0] for change in changes if change.refusal)
    agreed = [f"审核人已经同意 {sum(counts.values())} 处{_of_which(counts)}。"] if counts else []
    not_counted = [f"{count} 处的{word}，原因写在那一处。" for word, count in sorted(refused.items())]
    hint = [f"没有审核人的名单，写了审核记录的都算；名单写在 {units.FILE} 里。"] if counts[Standing.UNLISTED] else []
    return [*agreed, *not_counted, *hint]


def _of_which(counts: Counter[Standing]) -> str:
    parts = [words.format(counts[standing]) for standing, words in _NAMED.items() if counts[standing]]
    return f"，其中 {'，'.join(parts)}" if parts else ""
