"""Says which data files have their dates of publication, and are kept back by their review, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from perfgen.build.plan import UnitPlan
from perfgen.display import visible
from perfgen.project.layout import BUILD
from perfgen.report.site import FILE

_NAMED = 5
"""How many files are named of one reason; of more it says how many they are."""


def notices(plans: Iterable[UnitPlan]) -> list[str]:
    """A line for each year: how many wait, and for each reason which they are."""
    held = sorted((plan for plan in plans if plan.obstacle), key=attrgetter("file"))
    years = groupby(held, key=lambda plan: plan.file.year)
    return [visible(_notice(year, list(of_year))) for year, of_year in years]


def _notice(year: str, plans: list[UnitPlan]) -> str:
    return (
        f"{year} 年有 {len(plans)} 份等公开审查，不在 {BUILD}/public 里：{'；'.join(_reasons(plans))}。"
        f"审查过的记在各自的文件里；从哪一年起要审查，写在 {FILE}。"
    )


def _reasons(plans: list[UnitPlan]) -> Iterator[str]:
    """The reasons, each with the files it is about; those that are about most files first."""
    by_reason: dict[str, list[str]] = {}
    for plan in plans:
        by_reason.setdefault(plan.obstacle, []).append(plan.name)
    for reason, names in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        different = list(dict.fromkeys(names))[:_NAMED]  # a unit has a file of each form
        more = f"等 {len(names)} 份" if len(names) > len(different) else ""
        yield f"{reason}（{'、'.join(different)}{more}）"
