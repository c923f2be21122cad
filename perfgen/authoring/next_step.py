"""Which form comes next in the year: the one whose file is fixed by a reference to the file that is there.

A reference to one file starts a file of its form where it gives the unit and all that the file is about. A form that
looks back at itself goes on by `rollover`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.references import Reference
from perfgen.project import invocation
from perfgen.project.snapshot import Project


class NoStepError(UsageError):
    """No form comes next after a form."""


@dataclass(frozen=True)
class Step:
    """A form whose file can be started from a file of another, and the reference that leads back to that."""

    form: Form
    reference: Reference


def steps(project: Project, form: Form) -> list[Step]:
    """What comes after a form: of each form the reference that goes back least. Raises FormError for a broken one."""
    return [step for other in forms.loaded(project) if (step := _step(other, form))]


def chosen(project: Project, form: Form, wanted: str | None) -> Step:
    """The step of the form called `wanted`, or the only one there is.

    Raises NoStepError where there is none, UsageError where there are several and no name, or no form of that name.
    """
    if wanted is not None:
        other = forms.chosen(project, wanted)
        if step := _step(other, form):
            return step
        raise NoStepError(_why_not(other, form))
    found = steps(project, form)
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{step.form.name}（{step.form.title}）" for step in found)
        raise UsageError(f"《{form.title}》接着可以做几张表：{names}。用 --form 写明是哪一张")
    raise NoStepError(_none(project, form))


def starting_forms(project: Project, form: Form) -> tuple[Form, ...]:
    """The forms from whose files a file of this form can be started."""
    others = (other for other in forms.loaded(project) if other.name in _named(form))
    return tuple(other for other in others if _step(form, other))


def _named(form: Form) -> set[str]:
    return {reference.form for reference in form.references.values()}


def _step(form: Form, before: Form) -> Step | None:
    if form.name == before.name:
        return None
    leading = [one for one in _to(form, before) if not one.many and not _open(form, one)]
    return Step(form, min(leading, key=lambda one: one.years)) if leading else None


def _to(form: Form, before: Form) -> Iterator[Reference]:
    """The references of a form to another."""
    return (one for one in form.references.values() if one.form == before.name)


def _open(form: Form, reference: Reference) -> list[str]:
    """What a reference does not give of the fields that say which file it is."""
    given = {key.here for key in reference.keys}
    heads = (form.fields.with_role("unit"), *form.subject)
    return [name for name in heads if name not in given and len(form.fields.members[name].choices) != 1]


def _why_not(form: Form, before: Form) -> str:
    """Why no file of a form can be started from one of another."""
    if form.name == before.name:
        return f"《{form.title}》下一年的用 {invocation.command('rollover')} 续写"
    for reference in _to(form, before):
        if not reference.many:
            about = "、".join(_open(form, reference))
            why = f"引用“{reference.name}”没有对上“{about}”，不知道新文件说的是什么"
            return f"《{form.title}》的{why}；{_by_hand(form)}"
    if any(_to(form, before)):
        return f"《{form.title}》引用《{before.title}》的是多份，不是接着它做的；{_by_hand(form)}"
    return f"《{form.title}》的规则里没有引用《{before.title}》（{before.name}）；{_by_hand(form)}"


def _by_hand(form: Form) -> str:
    return f"用 {invocation.command('new', '年度', '单位', '--form', form.name)} 做空的"


def _none(project: Project, form: Form) -> str:
    """That no form comes next, and what to do."""
    rollover = f"；下一年的用 {invocation.command('rollover')} 续写" if form.rolls_over else ""
    others = [name for name in forms.names(project) if name != form.name]
    by_hand = f"；空的用 {invocation.command('new', '年度', '单位', '--form', '表名')} 做" if others else ""
    return f"《{form.title}》后面没有接着做的表：没有哪张表的“引用”指它的一份文件、对上了单位和项目{rollover}{by_hand}"
