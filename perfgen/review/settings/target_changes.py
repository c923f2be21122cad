"""What changed in the formulas of one rule: what they mean decides, not how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfgen.form.formula_meaning import Meaning
from perfgen.form.rules import TEST, WHEN, WHERE, Target
from perfgen.review.settings.change import SettingClass, quoted, step, text_step

Parts = list[tuple[SettingClass, str]]
"""What changed in a rule, part by part: which way it goes, and in words."""
Values = Mapping[str, str]
"""By the name of a parameter, the digest of its value; empty where parameters are only known by their names."""


@dataclass(frozen=True)
class _Meant:
    """What the formulas of a rule mean together."""

    when: Meaning | None
    test: Meaning
    beside: frozenset[str]
    """What is computed beside these two: where it cannot be, the rule judges nothing."""

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """Equal where all means the same."""
        return self.when.digest if self.when else "", self.test.digest, self.beside


def formula_parts(old: Target, new: Target, values: tuple[Values, Values]) -> Parts:
    """What changed between the formulas of a rule; `values` are those of the parameters in each version."""
    if _texts(old) == _texts(new):
        return []
    by_name = _meant(old, {}), _meant(new, {})
    if by_name[0].key == by_name[1].key:
        return [(SettingClass.SAME, "公式改写了，意思一样")]
    if _meant(old, values[0]).key == _meant(new, values[1]).key:
        return [(SettingClass.SAME, "公式改写了，参数按值算，意思一样")]
    return _told(old, new, *by_name)


def _texts(target: Target) -> tuple[str, ...]:
    named = [text for name, formula in target.where for text in (name, formula.text)]
    return (target.when.text if target.when else "", target.test.text, *named)


def _meant(target: Target, values: Values) -> _Meant:
    """The meanings of a rule's formulas, the names of 其中 replaced by what they stand for."""
    known = dict(values)
    always: dict[str, frozenset[str]] = {}
    """By the digest of a definition, what is computed wherever it is."""
    eager: list[str] = []
    tested = {name for name, _ in (*target.where[: target.before], *target.for_the_test)}

    def computed(meaning: Meaning | None) -> frozenset[str]:
        own = meaning.always_computed if meaning else frozenset[str]()
        return own.union(*(always.get(digest, frozenset()) for digest in own))

    for name, formula in target.where:
        meaning = Meaning(formula.text, known)
        known[name] = meaning.digest
        always[meaning.digest] = computed(meaning)
        if name in tested:
            eager.append(meaning.digest)
    when = Meaning(target.when.text, known) if target.when else None
    test = Meaning(target.test.text, known)
    return _Meant(when, test, frozenset(eager) - computed(when) - computed(test))


def _told(old: Target, new: Target, before: _Meant, after: _Meant) -> Parts:
    """What changed in formulas that do not mean the same."""
    parts = [*_when(old, new, before.when, after.when), *_test(old, new, before.test, after.test)]
    if not parts:  # what is computed beside them may keep the rule from judging
        parts.append((SettingClass.CHANGED, f"“{WHERE}”改了，算不出来的时候不判断"))
    return [*parts, *((SettingClass.WORDS, told) for told in _definitions(old, new))]


def _when(old: Target, new: Target, before: Meaning | None, after: Meaning | None) -> Parts:
    if before is None and after is None:
        return []
    if old.when is None or before is None:
        return [(SettingClass.LOOSER, f"加了条件“{WHEN}”{quoted(new.when.text if new.when else None)}，别的不再检查")]
    if new.when is None or after is None:
        return [(SettingClass.STRICTER, f"去掉了条件“{WHEN}”{quoted(old.when.text)}")]
    if before.digest == after.digest:
        return []
    kind, remark = SettingClass.CHANGED, ""
    if _asks_less(after, before):  # whoever must meet a condition that asks more is looked at less
        kind, remark = SettingClass.LOOSER, "，检查的更少"
    elif _asks_less(before, after):
        kind, remark = SettingClass.STRICTER, "，检查的更多"
    return [(kind, f"条件“{WHEN}”{text_step(old.when.text, new.when.text)}{remark}")]


def _asks_less(before: Meaning, after: Meaning) -> bool:
    """Whether a formula demands less than before, or leaves more to choose from."""
    return after.demands < before.demands or before.choices < after.choices


def _test(old: Target, new: Target, before: Meaning, after: Meaning) -> Parts:
    if before.digest == after.digest:
        return []
    kind, remark = SettingClass.CHANGED, ""
    if _asks_less(before, after):
        kind, remark = SettingClass.LOOSER, "，要求的更少"
    elif _asks_less(after, before):
        kind, remark = SettingClass.STRICTER, "，要求的更多"
    if old.test.text == new.test.text:
        return [(kind, f"“{TEST}”用到的“{WHERE}”改了{remark}")]
    return [(kind, f"“{TEST}”{text_step(old.test.text, new.test.text)}{remark}")]


def _definitions(old: Target, new: Target) -> list[str]:
    """What is written otherwise under 其中, in words."""
    before, after = ({name: formula.text for name, formula in target.where} for target in (old, new))
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [f"“{WHERE}”的 {name} {step(before.get(name), after.get(name))}" for name in names]
