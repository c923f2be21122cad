"""Written answers to warnings: the reason goes with the finding; one that answers nothing is a finding.

A reason under the id of a rule answers every warning of it in the file; one under the id and a name what lies in the
row or group of that name. A rule that asks what a comparison asks too (`问的是`) is answered by every reason for that
row: under the name alone, under the id of another such rule, or by the approval of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.check import engine_rules
from perfgen.check.approvals import Approval, approval_at
from perfgen.check.filing import Filing
from perfgen.check.path_labels import path_labels
from perfgen.check.reasons import BELOW, address, innermost, reasons_in, row_names
from perfgen.check.standing import UNLISTED, Standing, Verdicts
from perfgen.data import Data
from perfgen.findings import Finding, Level
from perfgen.form.nearest import guess, nearest
from perfgen.project import invocation
from perfgen.source import pending
from perfgen.values import plain_name

_PENDING = pending.RULE
"""Only the removal of its comments answers it, no written reason does."""


def answer(findings: Iterable[Finding], filing: Filing, verdicts: Verdicts = UNLISTED) -> Iterator[Finding]:
    """The findings, warnings with their reasons, and what is wrong with the reasons themselves.

    `verdicts` says which approvals count. Errors cannot be waived, and what could not be decided needs no answer and is
    no proof that the answer is stale.
    """
    answers = _Answers(filing, verdicts)
    for finding in findings:
        yield answers.to(finding)
    for key in answers.reasons.typed.keys() - answers.used:
        yield from _idle(key, filing, answers)
    yield from _misspelt(filing, answers)


class _Answers:
    """What answers the findings of a filing, and what was met and used on the way."""

    def __init__(self, filing: Filing, verdicts: Verdicts) -> None:
        self.filing, self.verdicts = filing, verdicts
        self.rules = filing.form.rules
        self.reasons = reasons_in(filing)
        self.is_any = any(filing.of_role(role) for role in ("waivers", "reasons", "approvals"))
        self.met: dict[str, set[Level]] = {}
        """By rule the levels of its findings."""
        self.named: dict[str, list[str]] = {}
        """By rule the names at which it has findings without an answer."""
        self.used: set[str] = set()
        self.open_rows: list[str] = []
        """The rows of which a rule still asks what a reason by name would answer."""

    def to(self, finding: Finding) -> Finding:
        """A finding with its reason, where it has one."""
        self.met.setdefault(finding.rule, set()).add(finding.level)
        if not self.is_any:
            return finding
        data, fields = self.filing.document.data, self.filing.form.fields
        names = path_labels(data, fields, finding.path)
        may_be_answered = finding.level in (Level.WARNING, Level.NOTE) and finding.rule != _PENDING
        reason = self._reason(finding, names, row_names(data, fields, finding.path)) if may_be_answered else ""
        if reason:
            return replace(finding, reason=reason)
        approval = self._approval(finding) if may_be_answered else None
        if approval and approval.verdict.standing is Standing.UNJUDGED:
            return replace(finding, level=Level.UNDECIDED, message=_unjudged(), hint="")
        if self.rules.asked_by(finding.rule) and finding.is_open:
            self.open_rows += [name for name in row_names(data, fields, finding.path)[-1:] if name]
        for rule in (finding.rule, *self._alike(finding.rule)):
            self.named.setdefault(rule, []).extend(names)
        return finding

    def _reason(self, finding: Finding, names: tuple[str, ...], rows: tuple[str, ...]) -> str:
        """The text that answers a finding. Whatever would answer it counts as used: none is stale for another's sake.

        What is written for its row comes before what is written for the whole file.
        """
        typed, by_name = self.reasons.typed, self.reasons.by_name
        own = self.reasons.key(finding.rule, names)
        alike = [key for rule in self._alike(finding.rule) if (key := self.reasons.key_by_name(rule, rows))]
        self.used.update(alike, [own] if own else [])
        of_row = [typed[own]] if own and address(own)[1] else []
        if self.rules.asked_by(finding.rule):
            named = innermost(by_name, rows)
            of_row += [by_name[named]] if named else []
            of_row += [typed[key] for key in alike]
        if of_row:
            return of_row[0]
        approval = self._approval(finding)
        return approval.sentence if approval and approval.counts else typed[own] if own else ""

    def _approval(self, finding: Finding) -> Approval | None:
        """The approval, whether it counts or not, that would answer what a rule asks of a change."""
        if not self.rules.asked_by(finding.rule):
            return None
        approval = approval_at(self.filing, finding.path, self.verdicts)
        return approval if approval and approval.answers(finding.rule) else None

    def _alike(self, rule: str) -> list[str]:
        """The other rules that ask the same reason."""
        asked = self.rules.asked_by(rule)
        return [other for other in self.rules.asking(asked) if other != rule] if asked else []


def _unjudged() -> str:
    """What is missing to know whether an approval counts, without a full stop."""
    command = invocation.command("check", "--base", "main")
    return f"有审核记录，是不是审核人提交的，只看现在的文件看不出来，运行 {command} 和主分支比"


def _idle(key: str, filing: Filing, answers: _Answers) -> Iterator[Finding]:
    """What is wrong with a reason that answered nothing."""
    rules, all_units = filing.form.rules.rules, filing.form.rules.all_units
    rule, name = address(key)
    if rule in all_units or (name and filing.unusable):  # the row may not have its name yet
        return
    path = (str(filing.form.fields.find_role("waivers")), key)
    if not filing.is_usable(path):
        return
    place = filing.document.place(path, key=True)
    levels = answers.met.get(rule, set())
    if not (levels or rule in rules or rule in engine_rules.OF_CHECKS):
        known = (*rules, *all_units, *engine_rules.OF_CHECKS)
        hint = _apart(rule, known) or nearest(rule, known)
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
            meant = guess(plain_name(name), answers.named.get(rule, ()))
            hint = f"{meant}不是就删掉这一行。" if meant else hint
        yield Finding(place, "waiver-stale", f"{idle}，这条说明用不着了。", hint, Level.WARNING, path)


def _misspelt(filing: Filing, answers: _Answers) -> Iterator[Finding]:
    """A warning of each reason by a name that nothing has, where a row of nearly that name still wants one."""
    section = filing.form.fields.find_role("reasons")
    if not (section and answers.open_rows and answers.reasons.by_name):
        return
    known = _names_in({name: value for name, value in filing.document.top.items() if name != section})
    for name in answers.reasons.by_name:
        last = plain_name(name.rpartition(BELOW)[2])
        meant = guess(last, answers.open_rows) if last not in known else ""
        if meant:
            path = (section, name)
            message = f"没有叫“{name}”的，这条理由没有答复什么。"
            hint = f"{meant}照抄名称；说的是取消了的一行，就给还等着理由的那一行另写一条。"
            yield Finding(filing.document.place(path, key=True), "waiver-name", message, hint, Level.WARNING, path)


def _names_in(data: Data) -> set[str]:
    """Every key and text in some data, as plain names."""
    if isinstance(data, dict):
        return {plain_name(name) for name in data}.union(*map(_names_in, data.values()))
    if isinstance(data, list):
        return set().union(*map(_names_in, data))
    return {plain_name(data)} if isinstance(data, str) else set()


def _apart(typed: str, known: Iterable[str]) -> str:
    """What to do where a name was typed right behind the id of a rule; empty where it was not."""
    rule = max((one for one in known if typed.startswith(one)), key=len, default="")
    name = typed.removeprefix(rule).lstrip("-_:：·、，（(").rstrip("）)")
    return f"规则编号后面空一格再写名称：“{rule} {name}”。" if rule and name and not name.isascii() else ""
