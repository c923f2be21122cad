"""Several places written as one: `甲.*.占比`, `甲.合计.(当年、上年、前年)`.

A `*` stands for each member of the group before it, brackets for each of the names in them. In the formula of such a
place `*` is that name, behind or in front of a point, or alone between quotes. The name of a list stands in front of a
path for each of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfgen.data import Data, texts
from perfgen.fields import Field
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.nearest import guess
from perfgen.form.rules_document import RulesText

_STAR = re.compile(r"(?<![^.])\*(?![^.])")
_NAMES = re.compile(r"[(（]([^()（）]*)[)）]")
_BETWEEN = re.compile("[、，,]")
_FILLED = re.compile(r"""(?<=\.)\*|\*(?=\.[^\W\d])|(?<=')\*(?=')|(?<=")\*(?=")""")
Lists = Mapping[str, tuple[str, ...]]
"""The paths of named lists."""
_MOST = 10_000
"""How many figures a file may have in all."""


class PathPatternError(Exception):
    """A pattern that cannot be used: what is wrong, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(message)


def places(pattern: str, fields: Field, lists: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The paths that a pattern stands for, in order, each with the name that `*` is there; a plain path is its own.

    Raises PathPatternError, for a star behind the name of one of the lists too.
    """
    variable = [*_STAR.finditer(pattern), *_NAMES.finditer(pattern)]
    if not variable:
        return [(pattern, "")]
    if len(variable) > 1:
        raise PathPatternError(f"“{pattern}”里只能有一个 * 或一个括号。", "分成几行写。")
    (found,) = variable
    before, behind = pattern[: found.start()], pattern[found.end() :]
    if found.re is _STAR and before.partition(".")[0] in lists:
        raise PathPatternError(f"“{pattern}”：列表的名称后面不能有 *。", "在括号里写明，用、隔开。")
    names = _listed(found[1], pattern) if found.re is _NAMES else _members(before, behind, fields)
    return [(f"{before}{name}{behind}", name) for name in names]


def _listed(typed: str, pattern: str) -> list[str]:
    names = [name.strip() for name in _BETWEEN.split(typed)]
    if not all(names) or len(set(names)) < len(names):
        raise PathPatternError(f"“{pattern}”的括号里要写几个不同的名称，用、隔开。", "例如 合计.(当年、上年)。")
    return names


def _members(before: str, behind: str, fields: Field) -> list[str]:
    """The members of a group that a star stands for: single values where it is the end, otherwise groups or lists."""
    group, steps = fields, [step for step in before.split(".") if step]
    for step in steps:
        row = group.item if group.kind == "array" and group.item else group
        below = row.member(step)
        if below is None:
            raise PathPatternError(f"本表没有“{before.rstrip('.')}”。", guess(step, row.members))
        group = below
    group = group.item if group.kind == "array" and group.item else group
    found = [name for name, member in group.members.items() if (member.kind == "value") is not bool(behind)]
    if not found:
        wanted = "一组字段" if behind else "单个的值"
        where = f"“{before.rstrip('.')}”" if steps else "本表"
        raise PathPatternError(f"“{before}*”：{where}里没有{wanted}，不知道 * 是哪些。", "在括号里写明，用、隔开。")
    return found


def filled(data: Data, name: str) -> Data:
    """Some data with the name that `*` stands for put in all its texts."""
    if isinstance(data, dict):
        return {key: filled(value, name) for key, value in data.items()}
    if isinstance(data, list):
        return [filled(value, name) for value in data]
    return _FILLED.sub(lambda _: name, data) if isinstance(data, str) else data


def write_out_figures(text: RulesText, fields: Field, lists: Lists) -> None:
    """Puts a figure for each place in place of one for several; a place with a line of its own keeps that."""
    if not text.section(FIGURES):
        return
    written: dict[str, Data] = {}
    by_pattern: dict[str, str] = {}
    for name, body in text.section(FIGURES).items():
        try:
            found = all_places(name, fields, lists)
        except PathPatternError as error:
            text.wrong((FIGURES, name), str(error), error.hint)
            continue
        if found == [(name, "")]:
            written[name] = body
            continue
        members = {member for _, member in found}
        if members != {""} and not any(_FILLED.search(part) for _, part in texts([body])):
            hint = "公式里写 *，它就是各处不同的那个名称。"
            text.wrong((FIGURES, name), f"“{name}”是几处，公式里没有 *：几处会是同一个数。", hint)
        for place, member in found:
            if place in by_pattern:
                hint = "一处只能有一个公式；括号里不要写它，或给它单写一行。"
                text.wrong((FIGURES, name), f"“{place}”已经由“{by_pattern[place]}”算了。", hint)
            elif place not in text.section(FIGURES):
                by_pattern[place] = name
                written[place] = filled(body, member) if member else body
                text.count((FIGURES, name), [place, written[place]])
                text.origins[FIGURES, place] = text.origin((FIGURES, name))
        if len(written) > _MOST:
            text.wrong((FIGURES, name), f"算的数太多：最多 {_MOST} 个。")
            break
    text.data[FIGURES] = written


def all_places(pattern: str, fields: Field, lists: Lists) -> list[tuple[str, str]]:
    """As `places`, with the paths of a named list in place of its name in front.

    Raises PathPatternError.
    """
    return [(path, name) for place, name in places(pattern, fields, tuple(lists)) for path in with_paths(place, lists)]


def with_paths(place: str, lists: Lists) -> list[str]:
    """A path for each path of the list that it begins with; a path that begins with none is its own."""
    head, point, rest = place.partition(".")
    return [f"{path}{point}{rest}" for path in lists[head]] if head in lists else [place]
