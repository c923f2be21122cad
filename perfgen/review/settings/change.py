"""One change of what the data is judged and printed by, as data: where it is, what it is, which way it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from perfgen.comparison.text_diff import excerpt
from perfgen.data import Data
from perfgen.display import show, visible
from perfgen.findings import Level, Place


class SettingClass(StrEnum):
    """What a change of the settings means, in the order in which a reviewer wants to see them."""

    UNREAD = "读不出来"
    PUBLIC = "公开范围"
    """What leaves the office, or when."""
    LOOSER = "放松"
    CHANGED = "改变"
    """Nobody can say which way it goes."""
    PROGRAM = "程序"
    STRICTER = "收紧"
    WORDS = "文字"
    SAME = "意思没变"

    @property
    def wants_a_look(self) -> bool:
        """Whether somebody has to judge it before it is merged."""
        return self in (self.UNREAD, self.PUBLIC, self.LOOSER, self.CHANGED, self.PROGRAM)


@dataclass(frozen=True)
class SettingChange:
    """A change of a rule, a field, a template or a setting, in words."""

    kind: SettingClass
    file: str
    label: str
    """What it is a change of: a rule's id and name, a parameter, a field, a cell."""
    sentence: str
    """What happened to it, without a full stop."""
    old_place: Place | None = None
    new_place: Place | None = None
    is_loud: bool = False
    """Whether it comes before the others of its class."""
    is_only_layout: bool = False
    """Whether the file reads as it did: nothing but its layout, its order or its comments changed."""

    @property
    def place(self) -> Place:
        """Where to look first: in the new version, else in the old one."""
        return self.new_place or self.old_place or Place(self.file)

    @property
    def level(self) -> Level:
        """How grave it is."""
        return Level.WARNING if self.kind.wants_a_look else Level.NOTE

    @property
    def weight(self) -> tuple[int, bool, str, Place]:
        """The sort key, the most important change first; those of one weight by file and place."""
        return list(SettingClass).index(self.kind), not self.is_loud, self.file, self.place


def graver(kinds: Iterable[SettingClass]) -> SettingClass:
    """The gravest of some classes; nothing at all means the same."""
    order = list(SettingClass)
    return min(kinds, key=order.index, default=SettingClass.SAME)


_LONGEST = 160
_SHORT = 60


def quoted(value: Data) -> str:
    """A value in a sentence, on one line, in quotation marks where it is a text."""
    if value is None:
        return "没有"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, list):
        return "、".join(map(quoted, value)) or "（空）"
    if isinstance(value, dict):
        return "，".join(f"{name}: {quoted(below)}" for name, below in value.items()) or "（空）"
    return f"“{cut(value)}”"


def cut(text: str) -> str:
    """A text on one line, cut where it is long; what cannot be seen is written out."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def step(old: Data, new: Data) -> str:
    """A value before and after: `由 90 改为 80`; of two lists, what came and what went."""
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, str) for one in (*old, *new)):
        return listed_step([str(one) for one in old], [str(one) for one in new])
    if old is None:
        return f"新增，{quoted(new)}"
    if new is None:
        return f"去掉了，原来是{spaced(old)}".rstrip()
    if isinstance(old, str) and isinstance(new, str):
        return text_step(old, new)
    return f"由{spaced(old)}改为{spaced(new)}".rstrip()


def text_step(old: str, new: str) -> str:
    """A text before and after; of a long one the parts that changed."""
    if max(len(old), len(new)) <= _SHORT:
        return f"由{quoted(old)}改为{quoted(new)}"
    signs = {"same": "{}", "gone": "〔删：{}〕", "new": "〔增：{}〕"}
    parts = (signs[kind].format(" ".join(visible(text).split())) for kind, text in excerpt(old, new))
    return f"改了：{''.join(parts)}"


def spaced(value: Data) -> str:
    """A value in a sentence: a number stands between blanks, a text in its quotation marks does without."""
    text = quoted(value)
    return text if text.startswith("“") or value is None else f" {text} "


def listed_step(old: list[str], new: list[str]) -> str:
    """What a list of words lost and what it gained; where neither, only the order is another."""
    gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
    parts = [f"{word} {'、'.join(map(cut, words))}" for word, words in (("去掉了", gone), ("加了", come)) if words]
    return "，".join(parts) or "换了先后"


_MOST_ITEMS, _MOST_PAIRS = 5_000, 200_000
"""So many lines or rows of a version, and so many pairs of equal ones, are compared one by one."""


def can_be_lined_up(old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
    """Whether two lists can be compared item by item in a short time: what is repeated often takes long."""
    counts = Counter(old), Counter(new)
    pairs = sum(count * counts[1][item] for item, count in counts[0].items())
    return max(len(old), len(new)) <= _MOST_ITEMS and pairs <= _MOST_PAIRS
