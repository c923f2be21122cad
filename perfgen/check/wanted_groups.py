"""What is said of an empty row, or an empty list, that must not be dropped: the form wants the group to be there.

A group is wanted where the schema requires it, or where a rule looks for its name: `缺少(names, a.b.名称)`, with
`names` among the parameters of the rules file. To drop it would only lead to that rule's finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.check.filing import Filing
from perfgen.check.unfilled import DROP_MEMBER, DROP_ROW
from perfgen.data import ValuePath
from perfgen.findings import Finding
from perfgen.form.rules import RuleSet

_LOOKED_FOR = re.compile(r"缺少\((\w+), *(\w+)")


def kept(findings: Iterable[Finding], filing: Filing) -> Iterator[Finding]:
    """The same findings; one that offers to drop the last row of a wanted group, or the group, says to keep it."""
    wanted = filing.once(_wanted)
    for finding in findings:
        offer = next((text for text in (DROP_ROW, DROP_MEMBER) if finding.hint.endswith(text)), "")
        group = _group(finding.path, filing) if offer and finding.unfilled else None
        if group and ((group[0], group[-1]) in wanted or _is_required(group, filing)):
            keep = f"“{group[-1]}”这一组要有{'，这一行不能删' if offer == DROP_ROW else '，至少写一行'}。"
            yield replace(finding, hint=finding.hint.removesuffix(offer) + keep)
        else:
            yield finding


def _group(path: ValuePath, filing: Filing) -> ValuePath | None:
    """The list that a path lies in as its only row, or is itself; None where more rows are left."""
    last = max((number for number, step in enumerate(path) if isinstance(step, int)), default=-1)
    field = filing.form.fields.at(path)
    if field is not None and field.kind == "array":
        return path
    rows = filing.document.value(path[:last]) if last > 0 else None
    return path[:last] if isinstance(rows, list) and len(rows) == 1 else None


def _is_required(group: ValuePath, filing: Filing) -> bool:
    """Whether the schema requires a group's name."""
    around = filing.form.fields.at(group[:-1])
    return around is not None and group[-1] in around.required


def _wanted(filing: Filing) -> frozenset[tuple[str, str]]:
    """The names that rules look for, each behind the name of the section that they look in."""
    return frozenset(_looked_for(filing.form.rules))


def _looked_for(rules: RuleSet) -> Iterator[tuple[str, str]]:
    for rule in rules.rules.values():
        for target in rule.targets:
            for formula in (*(formula for _, formula in target.where), target.test):
                for parameter, section in _LOOKED_FOR.findall(formula.text):
                    names = rules.parameters.get(parameter)
                    if isinstance(names, list):
                        yield from ((section, name) for name in names if isinstance(name, str))
