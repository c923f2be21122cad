"""The written reasons of a file: what each is for, and what is to be typed where one is wanted.

A reason stands under the id of a rule, or under that and a name (`D19 馆藏数字化率`); or, for a promise that got
weaker, under the name alone, whichever rule asks. A name is that of a row, or of a group around it; where two rows
have one name, the group goes before it (`甲 › 乙`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.data import Data, ValuePath, as_group, row_of
from perfgen.display import show
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.form.rules import Rule
from perfgen.source import writer
from perfgen.values import plain_name

BELOW = "›"
SENTENCE = re.compile("[，。；]")
"""What makes a name a sentence, which nobody would type as the name of a group."""
_WHY = "为什么"
"""Stands for the reason where the line to type is shown."""
_ELSEWHERE = "在合并请求里说明"
"""Where a reason goes that no group of the form is for."""


@dataclass(frozen=True)
class Reasons:
    """The written reasons of a filing, as they are typed."""

    typed: Mapping[str, str]
    """The text by rule id, or by rule id and name."""
    by_name: Mapping[str, str] = field(default_factory=dict)
    """The text by name, for whatever asks about a promise that got weaker."""
    _names: dict[str, dict[str, str]] = field(init=False, default_factory=dict)
    """By rule id and name, the key as typed."""

    def __post_init__(self) -> None:
        for key in self.typed:
            rule, name = address(key)
            self._names.setdefault(rule, {})[name] = key

    def key(self, rule: str, names: Iterable[str]) -> str | None:
        """What answers a finding of a rule that lies in rows and groups of these names, from the outermost: the reason
        for the innermost of them, else the one for the whole file."""
        return self.key_by_name(rule, names) or self._names.get(rule, {}).get("")

    def key_by_name(self, rule: str, names: Iterable[str]) -> str | None:
        """The same without the reason for the whole file."""
        keys = self._names.get(rule, {})
        name = innermost(filter(None, keys), names)
        return keys[name] if name else None

    def of(self, rule: str, names: Iterable[str]) -> str:
        """The text of that reason; empty where there is none."""
        key = self.key(rule, names)
        return self.typed[key] if key else ""

    def of_change(self, asking: Iterable[str], names: Sequence[str]) -> tuple[str | None, str]:
        """What answers a change in rows and groups of these names, of which the rules `asking` ask: the name that it is
        typed under, None where it stands under the id of a rule, and the text, empty where there is none."""
        if name := innermost(self.by_name, names):
            return name, self.by_name[name]
        key = next(filter(None, (self.key_by_name(rule, names) for rule in asking)), None)
        return None, self.typed[key] if key else ""


def address(key: str) -> tuple[str, str]:
    """The rule and the name that a reason is for; an empty name means the whole file."""
    rule, *name = key.split(maxsplit=1) or [key]
    return rule, name[0] if name and plain_name(name[0]) else ""


def reasons_in(filing: Filing) -> Reasons:
    """The written reasons of a filing."""
    return Reasons(texts(filing.of_role("waivers")), texts(filing.of_role("reasons")))


def texts(entries: Data) -> dict[str, str]:
    """The entries of a group of reasons, as text; none for what is no group."""
    return {name: show(reason) for name, reason in as_group(entries).items() if not isinstance(reason, dict | list)}


def fresh(before: Data, now: Data) -> dict[str, str]:
    """The entries of a group of reasons that were not there before, or say something else now: what was there before
    answered an earlier change."""
    known = texts(before)
    return {name: text for name, text in texts(now).items() if known.get(name) != text}


def innermost(typed: Iterable[str], names: Iterable[str]) -> str | None:
    """Of some typed names the one that fits the innermost of the names that lead to a place, from the outermost; of
    those the one with most steps. None where none fits."""
    plain = [plain_name(name) for name in names]
    fitting = [(fit, name) for name in typed if (fit := _fit(name, plain))]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None


def _fit(typed: str, names: Sequence[str]) -> tuple[int, int] | None:
    """How far in a typed name reaches, and in how many steps; None where it does not fit."""
    whole = plain_name(typed)
    for steps in ([whole], whole.split(BELOW)):
        at = -1
        for step in steps[:-1]:
            at = names.index(step, at + 1) if step in names[at + 1 :] else len(names)
        places = [number for number in range(at + 1, len(names)) if names[number] == steps[-1]]
        if steps[-1] and places:
            return places[-1], len(steps)
    return None


def row_names(data: Data, fields: Field, path: ValuePath) -> tuple[str, ...]:
    """The names of the row that a path lies in, or the group where it lies in no row, and of the groups around it; the
    names of its members are left out."""
    return path_labels(data, fields, row_of(path) or path[:-1] or path)


def line_for(rule: Rule, names: Iterable[str], form: Form) -> str:
    """Where a reason for a finding of a rule goes and what is to be typed there; `names` lead to the row."""
    place = place_for(rule.id, names, form)
    return line_in(*place) if place else _ELSEWHERE


def place_for(rule: str, names: Iterable[str], form: Form) -> tuple[str, str] | None:
    """The group of reasons, and the key in it, that a reason for a finding of a rule goes under; `names` lead to the
    row. None where the form has no such group."""
    section = form.fields.find_role("reasons")
    name = next((name for name in reversed(list(names)) if name and not SENTENCE.search(name)), "")
    if form.rules.asked_by(rule) and section and name:
        return section, name
    return _place_of(rule, name, form)


def line_of(rule: str, name: str, form: Form) -> str:
    """The same line under the id of a rule; an empty name means the whole file."""
    place = _place_of(rule, name, form)
    return line_in(*place) if place else _ELSEWHERE


def _place_of(rule: str, name: str, form: Form) -> tuple[str, str] | None:
    section = form.fields.find_role("waivers")
    return (section, f"{rule} {name}" if name else rule) if section else None


def line_in(section: str, key: str, why: str = _WHY) -> str:
    """What is to be typed in a group of reasons: `key` and `why`, as YAML."""
    return f"在“{section}”里写一行“{writer.text(key.replace(chr(10), ' '))}: {why}”"
