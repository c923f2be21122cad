"""Reads a rules file, written out: what it includes, rules written after others, patterns, names of lists."""

from __future__ import annotations

import re

from perfgen.data import Data, as_group
from perfgen.fields import Field
from perfgen.findings import FormError
from perfgen.form.figure_patterns import write_out_figures
from perfgen.form.formula_view import formula_fields, with_texts
from perfgen.form.list_names import write_out_names
from perfgen.form.named_lists import read_lists
from perfgen.form.nearest import nearest
from perfgen.form.rule_copies import write_out_copies
from perfgen.form.rules import CLAIMS, FIX, KEPT, LEVEL, NAME, OBJECT, POINTS, SAY, SOURCE, TEST, WHEN, WHERE
from perfgen.form.rules_document import ENSURED, LISTS, RulesDocument, RulesText
from perfgen.form.rules_inclusion import with_included
from perfgen.form.rules_source import SECTION
from perfgen.project.snapshot import Project

_ENSURED_KEYS = (NAME, LEVEL, KEPT, SOURCE)
_JUDGING = (OBJECT, WHEN, WHERE, TEST, SAY, FIX, POINTS, CLAIMS)


def load_rules(project: Project, file: str, fields: Field) -> RulesDocument:
    """A rules file of the project over a form's fields, with all that it includes, as plain declarations.

    Raises FormError for a file that cannot be read, and for every word of its language that is used wrongly.
    """
    return written_out(with_included(project, file), fields)


def written_out(text: RulesText, fields: Field) -> RulesDocument:
    """The plain declarations of a rules file. Raises FormError for all that is wrong with how they are written."""
    has_parts = len(text.files) > 1 or ENSURED in text.data
    _take_ensured(text)
    if has_parts:
        _sort(text)
    write_out_copies(text)
    seen = with_texts(formula_fields(fields))
    lists = read_lists(text, seen)
    write_out_figures(text, fields, {name: one.paths for name, one in lists.items()})
    write_out_names(text, lists, seen)
    text.data.pop(LISTS, None)
    if text.findings:
        raise FormError(text.findings)
    return text.document()


def _take_ensured(text: RulesText) -> None:
    """Puts the rules that something else keeps among the others."""
    section = text.data.pop(ENSURED, None)
    if section is not None and not isinstance(section, dict):
        text.wrong((ENSURED,), f"“{ENSURED}”要写成一行行“编号: 规则”。")
    rules: dict[str, Data] = dict(text.section(SECTION))
    for rule_id, body in as_group(section).items():
        here = (ENSURED, rule_id)
        if rule_id in rules:
            text.wrong(here, f"编号 {rule_id} 在“{SECTION}”里已经用了。")
            continue
        for key in as_group(body):
            if key not in _ENSURED_KEYS:
                hint = f"程序要判断的规则写在“{SECTION}”里。" if key in _JUDGING else nearest(key, _ENSURED_KEYS)
                text.wrong((*here, key), f"“{ENSURED}”里的规则没有“{key}”这一项。", hint)
        if isinstance(body, dict) and KEPT not in body:
            text.wrong(here, f"规则 {rule_id} 要有“{KEPT}”：由什么保证。")
        rules[rule_id] = body
        text.origins[SECTION, rule_id] = text.origin(here)
    if rules:
        text.data[SECTION] = rules


def _sort(text: RulesText) -> None:
    """Puts rules from several files and sections in the order of their ids, the numbers in them by their size."""
    rules = text.section(SECTION)
    if rules:
        text.data[SECTION] = {rule_id: rules[rule_id] for rule_id in sorted(rules, key=_by_number)}


def _by_number(rule_id: str) -> list[tuple[int, str]]:
    numbers_at = re.split(r"([0-9]+)", rule_id)
    parts = [part.lstrip("0") if place % 2 else part for place, part in enumerate(numbers_at)]
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]
