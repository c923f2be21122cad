"""Rules that are written after another one: `A05a: {照: A05, 换: {当年: 上年}}`.

Such a rule has all that the other one has, with some words put for others, and what it says itself in place of that.
It has an id of its own, by which reasons and findings know it. Without a source of its own it has the other's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from perfgen.data import Data, as_group, texts
from perfgen.form.nearest import nearest
from perfgen.form.rules import CLAIMS, FIX, KEPT, NAME, OBJECT, POINTS, SAY, SOURCE, TEST, WHEN, WHERE
from perfgen.form.rules_document import LONGEST, Origin, RulesText
from perfgen.form.rules_source import SECTION

LIKE, CHANGES = "照", "换"
"""What a rules file calls the other rule, and the words that are put for others."""
_CHANGED = (NAME, OBJECT, WHEN, WHERE, TEST, SAY, FIX, POINTS, CLAIMS)
_WAYS = (TEST, CLAIMS, KEPT)
_Change = Callable[[str], str]


def write_out_copies(text: RulesText) -> None:
    """Puts whole rules in place of those that are written after others."""
    if any(LIKE in as_group(body) or CHANGES in as_group(body) for body in text.section(SECTION).values()):
        copies = _Copies(text)
        for rule_id in text.section(SECTION):
            copies.write_out(rule_id)
        text.data[SECTION] = {rule_id: copies.whole[rule_id] for rule_id in text.section(SECTION)}


class _Copies:
    def __init__(self, text: RulesText) -> None:
        self.text = text
        self.rules = text.section(SECTION)
        self.whole: dict[str, Data] = {}
        self.source: dict[str, str] = {}
        """By the id of a copy, the rule it has its source from."""

    def write_out(self, rule_id: str) -> None:
        """Makes a rule whole, those that it is written after first."""
        chain: dict[str, None] = {}
        here: str | None = rule_id
        while here is not None and here not in self.whole:
            if here in chain:
                listed = list(chain)
                circle = " → ".join((*listed[listed.index(here) :], here))
                self.text.wrong((SECTION, here, LIKE), f"规则互相照着写成了圈：{circle}。", "其中一条要写全。")
                del chain[here]
                self.whole[here] = {}
                break
            chain[here] = None
            here = self.other(here)
        for one in reversed(chain):
            self.whole[one] = self.copy(one)

    def other(self, rule_id: str) -> str | None:
        """The rule that one is written after; None for a whole one, and, with a finding, where there is none such."""
        body = as_group(self.rules[rule_id])
        if LIKE not in body:
            if CHANGES in body:
                self.text.wrong((SECTION, rule_id, CHANGES), f"“{CHANGES}”要和“{LIKE}”一起写：照哪一条换。")
            return None
        other = body[LIKE]
        if not isinstance(other, str):
            self.text.wrong((SECTION, rule_id, LIKE), f"“{LIKE}”要写一个编号。", f"例如 {LIKE}: A01。")
            return None
        if other not in self.rules or other == rule_id:
            hint = nearest(other, [name for name in self.rules if name != rule_id])
            self.text.wrong((SECTION, rule_id, LIKE), f"“{SECTION}”里没有别的规则叫“{other}”，不能照着写。", hint)
            return None
        return other

    def copy(self, rule_id: str) -> Data:
        own = self.rules[rule_id]
        if not isinstance(own, dict) or (LIKE not in own and CHANGES not in own):
            return own
        typed = {key: value for key, value in own.items() if key not in (LIKE, CHANGES)}
        other = own.get(LIKE)
        if not isinstance(other, str) or other not in self.whole or other == rule_id:
            return typed
        return self.merged(rule_id, typed, other, self.changes(rule_id, own))

    def changes(self, rule_id: str, own: Mapping[str, Data]) -> dict[str, str]:
        """The words that are put for others."""
        given = own.get(CHANGES, {})
        words = {old: new for old, new in as_group(given).items() if old and isinstance(new, str)}
        if not isinstance(given, dict) or len(words) < len(given):
            hint = f"例如 {CHANGES}: {{当年: 上年}}。"
            self.text.wrong((SECTION, rule_id, CHANGES), f"“{CHANGES}”要写成“原来的词: 换成的词”。", hint)
            return {}
        return words

    def merged(self, rule_id: str, typed: dict[str, Data], other: str, words: dict[str, str]) -> Data:
        """A rule that says `typed` itself and takes the rest from another, changed."""
        base = as_group(self.whole[other])
        dropped = _WAYS if any(way in typed for way in _WAYS) else ()
        taken = {key: value for key, value in base.items() if key not in dropped}
        taken = {key: value for key, value in taken.items() if key not in typed or key == WHERE}
        self.hold_words(rule_id, other, words, taken)
        whole: dict[str, Data] = {}
        for key, value in taken.items():
            whole[key] = self.changed(rule_id, other, key, value, words)
        self.source[rule_id] = self.source.get(other, other)
        if SOURCE not in typed:
            whole[SOURCE] = f"同 {self.source[rule_id]}。"
        for key, value in typed.items():
            whole[key] = self.names(rule_id, whole.get(key), value) if key == WHERE else value
        self.text.count((SECTION, rule_id), whole)
        return {key: whole[key] for key in (*base, *typed) if key in whole}

    def names(self, rule_id: str, taken: Data, typed: Data) -> Data:
        """The names of 其中: those taken over, and its own, which stand where they were typed."""
        if not isinstance(taken, dict) or not isinstance(typed, dict):
            return typed
        here = self.text.origins.pop((SECTION, rule_id, WHERE), None)
        for name in taken:
            if here and name not in typed:
                self.text.origins[SECTION, rule_id, WHERE, name] = here
        return {**taken, **typed}

    def changed(self, rule_id: str, other: str, key: str, value: Data, words: dict[str, str]) -> Data:
        """A part taken from another rule, with the words changed, and where it was typed noted."""
        change = _replacing(words)
        new = _changed(value, change) if key in _CHANGED and words else value
        if any(len(part) > LONGEST for _, part in texts([new])):
            self.text.wrong((SECTION, rule_id, CHANGES), f"换出来的“{key}”太长：最多 {LONGEST} 个字。")
            new = value
        if new == value:
            self.text.origins[SECTION, rule_id, key] = self.text.origin((SECTION, other, key))
        else:
            place = self.text.origin((SECTION, rule_id, CHANGES))
            said = f"照 {other} 换出来的“{key}”："
            self.text.origins[SECTION, rule_id, key] = Origin(place.document, place.path, said)
        return new

    def hold_words(self, rule_id: str, other: str, words: dict[str, str], taken: dict[str, Data]) -> None:
        """Says which words are nowhere in what is taken over."""
        parts = [value for key, value in taken.items() if key in _CHANGED]
        there = [part for _, part in texts(parts)]
        there += [name for value in parts for name in as_group(value)]
        for word in words:
            if not any(word in part for part in there):
                message = f"从 {other} 照写的部分里没有“{word}”，没有换。"
                self.text.wrong((SECTION, rule_id, CHANGES, word), message, "改成那里有的词，或去掉这一行。")


def _replacing(words: Mapping[str, str]) -> _Change:
    """Puts words for others, at each place the longest that is there."""
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return lambda text: pattern.sub(lambda found: words[found[0]], text)


def _changed(value: Data, change: _Change) -> Data:
    if isinstance(value, dict):
        return {change(name): _changed(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_changed(part, change) for part in value]
    return change(value) if isinstance(value, str) else value
