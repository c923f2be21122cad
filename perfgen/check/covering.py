"""One value, one finding: what follows from a graver finding in the same row is not said, or said within it.

A rule names in the rules file which others it makes needless in the row where it is broken (`盖过`; in a file that is
included, checks of the program too), and whose sentence at the same value it takes in (`并说`). Of a value that last
year's file has otherwise, a rule's warning is not said: it would advise how to write what is to be replaced. Written
reasons are put to the findings before, so that none becomes useless by this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from perfgen.check.last_year import RULE as LAST_YEAR
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.form.rules import Rule

_FIGURE = re.compile(r"[≥≤><=]?-?\d[\d.,]*")


def one_for_each_value(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings without those that another in the same row covers, or tells at the same value; as ordered."""
    found = _without_replaced(list(findings), rules)
    at: dict[ValuePath, list[Finding]] = {}
    for finding in found:
        if finding.rule in rules and finding.level is not Level.UNDECIDED:
            at.setdefault(_row(finding.path), []).append(finding)
    kept = {finding: told for group in at.values() for finding, told in _kept(group, rules)}
    judged = {finding for group in at.values() for finding in group}
    covered = {
        (row, rule) for row, group in at.items() for one in group if one in kept for rule in rules[one.rule].covers
    }
    return [
        kept.get(finding, finding)
        for finding in found
        if finding in kept or (finding not in judged and not _is_of_covered_check(finding, covered))
    ]


def _is_of_covered_check(finding: Finding, covered: set[tuple[ValuePath, str]]) -> bool:
    """Whether a check of the program says in a row what a rule makes needless there; its errors stay."""
    return finding.level is not Level.ERROR and (_row(finding.path), finding.rule) in covered


def _without_replaced(findings: list[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings without the rules' open warnings of values that last year's file has otherwise."""
    replaced = {finding.path for finding in findings if finding.rule == LAST_YEAR and finding.is_open}
    return [one for one in findings if not (one.path in replaced and one.rule in rules and one.is_open)]


def _row(path: ValuePath) -> ValuePath:
    """The row of a list that a value lies in; the value itself where it is in none."""
    last = max((step for step, name in enumerate(path) if isinstance(name, int)), default=len(path))
    return path[: last + 1]


def _kept(group: list[Finding], rules: Mapping[str, Rule]) -> list[tuple[Finding, Finding]]:
    """The findings of one row that stay, each with the sentences that it takes in."""
    left = [one for one in group if not any(_covers(other, one, rules) for other in group)] or group
    told = {id(other) for finding in left for other in _told(finding, left, rules)}
    return [
        (finding, replace(finding, message=finding.message + _also(finding, left, rules)))
        for finding in left
        if id(finding) not in told
    ]


def _also(finding: Finding, group: list[Finding], rules: Mapping[str, Rule]) -> str:
    """The sentences that a finding takes in, without those that say nothing more."""
    return "".join(other.message for other in _told(finding, group, rules) if _is_new(other, finding, rules))


def _covers(finding: Finding, other: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether one finding makes another needless; nothing but an error does that to an error."""
    return other.rule in rules[finding.rule].covers and Level.ERROR not in {other.level} - {finding.level}


def _told(finding: Finding, group: list[Finding], rules: Mapping[str, Rule]) -> list[Finding]:
    """The findings at its value that one takes in: of the rules it tells, and answered as it is."""
    return [
        other
        for other in group
        if other.path == finding.path
        and other.rule in rules[finding.rule].tells
        and other.reason == finding.reason
        and other.level is finding.level
    ]


def _is_new(other: Finding, finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether a sentence says more than one that asks the same: it has a figure that the other has not."""
    asked, told_by = rules[other.rule].asks, rules[finding.rule].asks
    figures, said = (set(_FIGURE.findall(one.message)) for one in (other, finding))
    return asked is None or asked is not told_by or not figures or not figures <= said
