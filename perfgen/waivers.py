"""Written answers to warnings: the reason goes with the finding; one that answers nothing is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.filing import Filing
from perfgen.findings import Finding, Level
from perfgen.nearest import nearest


def reasons_in(filing: Filing) -> dict[str, str]:
    """The written reasons of a filing by rule id."""
    name = filing.form.fields.find_role("waivers")
    return (filing.document.data.get(name) or {}) if name else {}


def answer(findings: Iterable[Finding], filing: Filing) -> Iterator[Finding]:
    """The findings, warnings with their reasons, and what is wrong with the reasons themselves.

    A reason answers every warning of its rule in the file. Errors cannot be waived, and what
    could not be decided needs no answer and is no proof that the answer is stale.
    """
    name = filing.form.fields.find_role("waivers")
    reasons = reasons_in(filing)
    met: dict[str, set[Level]] = {}
    for finding in findings:
        met.setdefault(finding.rule, set()).add(finding.level)
        answered = finding.rule in reasons and finding.level in (Level.WARNING, Level.NOTE)
        yield replace(finding, reason=reasons[finding.rule]) if answered else finding
    known = filing.form.rules.rules
    over_all = filing.form.rules.across
    for rule_id in reasons.keys() - over_all.keys():
        path = (str(name), rule_id)
        place = filing.document.place(path, key=True)
        levels = met.get(rule_id, set())
        if rule_id not in known and not levels:
            yield Finding(
                place, "waiver-unknown", f"没有 {rule_id} 这条规则。", nearest(rule_id, (*known, *over_all)), path=path
            )
        elif Level.ERROR in levels or (rule_id in known and known[rule_id].level is Level.ERROR):
            message = f"{rule_id} 是错误，不能用说明代替改正。"
            yield Finding(place, "waiver-error", message, "改正数据，再删掉这条说明。", path=path)
        elif not levels:
            message = f"{rule_id} 已经没有发现，这条说明用不着了。"
            yield Finding(place, "waiver-stale", message, "删掉这一行。", Level.WARNING, path)
