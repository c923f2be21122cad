"""Written answers to warnings: the reason goes with the finding; one that answers nothing is a finding.

A reason stands under the id of a rule and answers every warning of it in the file; or under the id and,
after a blank, the name of a row or group (`D19 馆藏数字化率`), and answers what lies in that only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from perfgen.check import path_labels
from perfgen.check.filing import Filing
from perfgen.data import as_group, as_scalar
from perfgen.display import show
from perfgen.findings import Finding, Level
from perfgen.form.nearest import guess, nearest
from perfgen.source import pending
from perfgen.values import plain_name

_PENDING = pending.RULE
"""Only the removal of its comments answers it, no written reason does."""


@dataclass(frozen=True)
class Reasons:
    """The written reasons of a filing, as they are typed: the text by rule id, or by rule id and name."""

    typed: Mapping[str, str]
    _keys: dict[tuple[str, str], str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._keys.update({address(key): key for key in self.typed})

    def key(self, rule: str, names: Iterable[str]) -> str | None:
        """What answers a finding of a rule that lies in rows and groups of these names, from the outermost: the reason
        for the innermost of them, else the one for the whole file."""
        for name in (*reversed([plain_name(name) for name in names]), ""):
            if key := self._keys.get((rule, name)):
                return key
        return None

    def of(self, rule: str, names: Iterable[str]) -> str:
        """The text of that reason; empty where there is none."""
        key = self.key(rule, names)
        return self.typed[key] if key else ""


def address(key: str) -> tuple[str, str]:
    """The rule and the name that a reason is for; an empty name means the whole file."""
    rule, *name = key.split(maxsplit=1) or [key]
    return rule, plain_name(name[0]) if name else ""


def reasons_in(filing: Filing) -> Reasons:
    """The written reasons of a filing."""
    return Reasons({rule: show(as_scalar(reason)) for rule, reason in as_group(filing.of_role("waivers")).items()})


def answer(findings: Iterable[Finding], filing: Filing) -> Iterator[Finding]:
    """The findings, warnings with their reasons, and what is wrong with the reasons themselves.

    Errors cannot be waived, and what could not be decided needs no answer and is no proof that
    the answer is stale.
    """
    reasons = reasons_in(filing)
    met: dict[str, set[Level]] = {}
    named: dict[str, list[str]] = {}
    used: set[str] = set()
    for finding in findings:
        met.setdefault(finding.rule, set()).add(finding.level)
        names = path_labels.path_labels(filing.document.data, filing.form.fields, finding.path) if reasons.typed else ()
        may_be_answered = finding.level in (Level.WARNING, Level.NOTE) and finding.rule != _PENDING
        key = reasons.key(finding.rule, names) if may_be_answered else None
        if key:
            used.add(key)
            yield replace(finding, reason=reasons.typed[key])
        else:
            named.setdefault(finding.rule, []).extend(names)
            yield finding
    for key in reasons.typed.keys() - used:
        yield from _idle(key, filing, met, named)


def _idle(key: str, filing: Filing, met: Mapping[str, set[Level]], named: Mapping[str, list[str]]) -> Iterator[Finding]:
    """What is wrong with a reason that answered nothing."""
    rules, all_units = filing.form.rules.rules, filing.form.rules.all_units
    rule, name = address(key)
    if rule in all_units or (name and filing.unusable):  # the row may not have its name yet
        return
    path = (str(filing.form.fields.find_role("waivers")), key)
    if not filing.is_usable(path):
        return
    place = filing.document.place(path, key=True)
    levels = met.get(rule, set())
    if rule not in rules and not levels:
        hint = _apart(rule, (*rules, *all_units)) or nearest(rule, (*rules, *all_units))
        yield Finding(place, "waiver-unknown", f"没有 {rule} 这条规则。", hint, path=path)
    elif rule == _PENDING and levels:
        message = f"{rule} 不能用说明代替核对。"
        hint = "对照原来的表改好，删掉“# 待核”的注释，再删掉这条说明。"
        yield Finding(place, "waiver-error", message, hint, path=path)
    elif Level.ERROR in levels or (rule in rules and rules[rule].level is Level.ERROR):
        message = f"{rule} 是错误，不能用说明代替改正。"
        yield Finding(place, "waiver-error", message, "改正数据，再删掉这条说明。", path=path)
    elif Level.UNDECIDED not in levels:
        idle = f"{rule} 的发现都另有说明" if levels else f"{rule} 已经没有发现"
        hint = "删掉这一行。"
        if name:
            idle = f"{rule} 在“{key.split(maxsplit=1)[1]}”没有发现"
            meant = guess(name, named.get(rule, ()))
            hint = f"{meant}不是就删掉这一行。" if meant else hint
        yield Finding(place, "waiver-stale", f"{idle}，这条说明用不着了。", hint, Level.WARNING, path)


def _apart(typed: str, known: Iterable[str]) -> str:
    """What to do where a name was typed right behind the id of a rule; empty where it was not."""
    rule = max((one for one in known if typed.startswith(one)), key=len, default="")
    name = typed.removeprefix(rule).lstrip("-_:：·、，（(").rstrip("）)")
    return f"规则编号后面空一格再写名称：“{rule} {name}”。" if rule and name and not name.isascii() else ""
