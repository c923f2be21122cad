"""Says which data files wait for their day of publication, and which were made public before it to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from perfgen.build.plan import UnitPlan
from perfgen.display import visible
from perfgen.project import invocation
from perfgen.project.layout import BUILD, DataFile
from perfgen.report.site import DATES, FILE, Site
from perfgen.system import day
from perfgen.system.day import Day, Origin

_NAMED = 5
"""How many files are named of one date; of more it says how many they are."""
PUBLIC = f"{BUILD}/public"


def notices(plans: Iterable[UnitPlan], site: Site, today: Day) -> list[str]:
    """Sentences about what the day of a build decided, a line each; none where it decided nothing."""
    plans = list(plans)
    said = [_no_commit(site, today), _waiting(plans, site, today), _too_early(plans, site, today)]
    return [visible(sentence) for sentence in said if sentence]


def _no_commit(site: Site, today: Day) -> str:
    """That there is no commit whose date counts; nothing where no date of publication is set."""
    if today.origin is not Origin.CLOCK or not site.settings.get(DATES):
        return ""
    return f"读不到 git 的提交，公开日期按今天（{today.iso}）算。"


def _waiting(plans: Iterable[UnitPlan], site: Site, today: Day) -> str:
    """Which files wait, until when, and how to see them now."""
    dated = _dated((plan for plan in plans if plan.waits), site)
    if not dated:
        return ""
    look = invocation.command("build", day.OPTION, dated[-1][0])
    return (
        f"{len(dated)} 个还没到公开日期，不在 {PUBLIC} 里：{_named(dated)}。现在按 {today}算；日期写在 {FILE}。"
        f"先看公开以后的样子：{look}"
    )


def _too_early(plans: Iterable[UnitPlan], site: Site, today: Day) -> str:
    """Which files are in the public folder though their day is still to come, by the clock."""
    clock = day.of_clock()
    if today.date <= clock.date:
        return ""
    dated = [one for one in _dated((plan for plan in plans if plan.is_public), site) if one[0] > clock.iso]
    if not dated:
        return ""
    return (
        f"{PUBLIC} 里现在有 {len(dated)} 个还没到公开日期的：{_named(dated)}。只给自己看，不要放到网上；"
        f"看完再运行 {invocation.command('build')}，就不在里面了。"
    )


def _dated(plans: Iterable[UnitPlan], site: Site) -> list[tuple[str, DataFile, str]]:
    """Files with their dates of publication, in the order of these, and what they are called."""
    dates = ((site.publication(plan.file, plan.form), plan) for plan in plans)
    return sorted((publication.published, plan.file, plan.name) for publication, plan in dates if publication)


def _named(dated: Iterable[tuple[str, DataFile, str]]) -> str:
    """Files by their dates: `2026-02-10 公开 2026 年的甲、乙`."""
    parts = []
    for (date, year), group in groupby(dated, key=lambda pair: (pair[0], pair[1].year)):
        names = [name for _, _, name in group]
        more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
        parts.append(f"{date} 公开 {year} 年的{'、'.join(names[:_NAMED])}{more}")
    return "；".join(parts)
