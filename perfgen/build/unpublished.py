"""Says which data files have no public output for want of dates, and what to write for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from perfgen.build.plan import UnitPlan
from perfgen.data import ValuePath, value_at
from perfgen.display import visible
from perfgen.report.site import APPROVED, FILE, PUBLISHED, Site

_NAMED = 5
"""How many files are named; of more it says how many they are."""
_EXAMPLE = {APPROVED: "01-26", PUBLISHED: "02-08"}
"""Month and day as they are written."""
_THERE = "   # 已经有了，不用再写"


def notices(plans: Iterable[UnitPlan], site: Site) -> list[str]:
    """What is said of files without dates: of forms that are published apart from the budget, a line each; of the
    others a sentence with the lines to add to the site's settings."""
    ordered = sorted(plans, key=lambda plan: plan.file)
    by_choice = [plan for plan in ordered if _is_by_choice(plan, site)]
    missed = [plan for plan in ordered if not _is_by_choice(plan, site)]
    return ([_of_missed(missed, site)] if missed else []) + [*_of_choices(by_choice, site)]


def _is_by_choice(plan: UnitPlan, site: Site) -> bool:
    """Whether a form has dates of its own and the settings say nothing of it: it may never be published."""
    section = site.section(plan.file.year, plan.form)
    return bool(plan.form and plan.form.has_own_dates) and value_at(dict(site.settings), section) is None


def _of_choices(plans: Iterable[UnitPlan], site: Site) -> Iterator[str]:
    """A line for each form and year: many files of it are one choice."""
    years_and_forms = Counter((plan.file.year, plan.form) for plan in plans if plan.form)
    for (year, form), count in years_and_forms.items():
        where = " → ".join(str(name) for name in site.section(year, form))
        yield visible(
            f"{year} 年的{form.title} {count} 份没有公开：{FILE} 里没有它的日期。"
            f"要公开的，在那里的 {where} 下面写{APPROVED}和{PUBLISHED}。"
        )


def _of_missed(ordered: list[UnitPlan], site: Site) -> str:
    years = [(year, list(of_year)) for year, of_year in groupby(ordered, key=lambda plan: plan.file.year)]
    names = "；".join(f"{year} 年 {_named(of_year)}" for year, of_year in years)
    missing = _missing(ordered, site)
    lacking = [name for name in (APPROVED, PUBLISHED) if any(name in of_section for of_section in missing.values())]
    begin = f"{len(ordered)} 个没有做网页（{names}）：{FILE} 里没有{'和'.join(lacking)}。"
    return visible(begin) + "定了日期，在那里写：\n" + "\n".join(_lines(missing, site))


def _named(plans: list[UnitPlan]) -> str:
    """Some files by name, and how many there are."""
    names = [plan.name for plan in plans]
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}等 {len(names)} 个"


def _missing(plans: Iterable[UnitPlan], site: Site) -> dict[ValuePath, list[str]]:
    """By the section of the settings, the dates that at least one of the files lacks for which it holds."""
    found: dict[ValuePath, set[str]] = {}
    for plan in plans:
        dates = site.dates(plan.file, plan.form)
        lacking = found.setdefault(site.section(plan.file.year, plan.form), set())
        lacking |= {name for name, date in dates.items() if not date}
    return {section: [name for name in _EXAMPLE if name in found[section]] for section in sorted(found)}


def _lines(missing: Mapping[ValuePath, list[str]], site: Site) -> Iterator[str]:
    """The lines to add, with dates as they are written; they are made up, and say so, as lines that are there do."""
    written: set[ValuePath] = set()
    for section, names in missing.items():
        for depth, name in enumerate(section):
            here = section[: depth + 1]
            if here not in written:
                yield f"{'  ' * depth}{name}:{_THERE if value_at(dict(site.settings), here) else ''}"
                written.add(here)
        year = section[1]
        for name in names:
            yield f"{'  ' * len(section)}{name}: {year}-{_EXAMPLE[name]}   # 改成真的日期"
