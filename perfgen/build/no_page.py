"""Says of which forms nothing is public, for want of a page, though their files have dates of publication."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from perfgen.build.plan import UnitPlan
from perfgen.display import visible
from perfgen.form.forms import PAGE_TEMPLATE
from perfgen.report.site import FILE

_NAMED = 5
"""How many files of a form are named; of more it says how many they are."""


def notices(plans: Iterable[UnitPlan]) -> list[str]:
    """A sentence for each such form, with what to do."""
    by_form: dict[tuple[str, str], list[UnitPlan]] = defaultdict(list)
    for plan in plans:
        if plan.has_no_page and plan.form:
            by_form[plan.form.title, plan.form.template(PAGE_TEMPLATE)].append(plan)
    return [visible(_notice(title, page, of_form)) for (title, page), of_form in sorted(by_form.items())]


def _notice(title: str, page: str, plans: list[UnitPlan]) -> str:
    names = [f"{plan.file.year} 年 {plan.file.name}" for plan in sorted(plans, key=lambda plan: plan.file)]
    more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    return (
        f"“{title}”什么都不公开（{'、'.join(names[:_NAMED])}{more}）：{FILE} 里有日期，可是没有网页模板 {page}。"
        "要公开就写上它（见 docs/form.md）；不公开就不用管。"
    )
