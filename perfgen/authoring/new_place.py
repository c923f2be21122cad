"""What a new file is about, as it was typed, and where it belongs: by the pattern of its form, where that has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from perfgen.findings import UsageError
from perfgen.form.forms import Form
from perfgen.form.path_pattern import PathError
from perfgen.project import invocation
from perfgen.project.layout import DataFile


@dataclass(frozen=True)
class NewPlace:
    """Where a new file goes, and the names that stand in it."""

    file: DataFile
    unit: str
    given: Mapping[str, str] = field(default_factory=dict)
    """By top-level field, what was typed of it: what the file is about, and what else its place is made of."""


def new_place(form: Form, year: str, unit: str, about: Sequence[str]) -> NewPlace:
    """The place of a new file; `about` is what it is about: values in the order of the schema, or `field=value`.

    Without a pattern `unit` is the path below the year, whose last part is the unit's name. Raises UsageError where
    something is missing, too much, or cannot stand in a path.
    """
    given = _given(form, year, unit, about)
    if form.path is None:
        file = DataFile(year, unit)
        return NewPlace(file, file.name, given)
    if "/" in unit:
        typed = invocation.command("new", year, "单位", "--form", form.name, "--subject", "…")
        raise UsageError(f"《{form.title}》的文件放在 {form.path.text}，单位只写名称，不写文件夹：{typed}")
    values = {form.fields.with_role("form"): form.name, form.fields.with_role("unit"): unit, **given}
    try:
        return NewPlace(DataFile(year, form.path.place(values)), unit, given)
    except PathError as error:
        raise UsageError(f"“{error.name}”不能做文件名：{error}。") from None


def _given(form: Form, year: str, unit: str, about: Sequence[str]) -> dict[str, str]:
    """What was typed, by field. Raises UsageError where it is not what the form needs."""
    known = {form.fields.with_role(role) for role in ("form", "year", "unit")}
    in_path = form.path.names if form.path else ()
    wanted = [name for name in dict.fromkeys([*form.subject, *in_path]) if name not in known]
    given: dict[str, str] = {}
    unnamed: list[str] = []
    for typed in about:
        name, equals, value = typed.partition("=")
        if equals and name in wanted:
            given[name] = value
        else:
            unnamed.append(typed)
    open_names = [name for name in wanted if name not in given]
    if len(unnamed) > len(open_names):
        raise UsageError(f"《{form.title}》{_takes(wanted)}，多了 {'、'.join(unnamed[len(open_names) :])}。")
    given |= dict(zip(open_names, unnamed, strict=False))
    if missing := [name for name in wanted if not given.get(name, "").strip()]:
        typed = invocation.command("new", year, unit, "--form", form.name, *_as_arguments(wanted, given))
        raise UsageError(f"《{form.title}》一个单位可以有几份，写明{'、'.join(missing)}：{typed}")
    return given


def _takes(wanted: Sequence[str]) -> str:
    return f"只要{'、'.join(wanted)}" if wanted else "不分项目，不用 --subject"


def _as_arguments(wanted: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """The arguments that say all that is wanted; an ellipsis stands for what is still to be typed."""
    return [word for name in wanted for word in ("--subject", given.get(name, "").strip() or f"{name}…")]
