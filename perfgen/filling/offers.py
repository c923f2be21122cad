"""The value that the advice of a finding offers, where it offers one and no other."""

from __future__ import annotations

import re

from perfgen.check.filing import Filing
from perfgen.fields import Field
from perfgen.findings import Finding
from perfgen.values import parse

_WRITE = re.compile(r"(?:写成|改成) “?([^\s，。；：、（）“”或]+)”?。")
_MEANT = re.compile(r"是不是“([^“”]+)”？")


def offered(filing: Filing, finding: Finding) -> str | None:
    """What to write in the place of a finding; None where its advice leaves a choice, or is about something else."""
    document = filing.document
    if finding.path not in document.values or isinstance(document.value(finding.path), dict | list):
        return None
    field = filing.form.fields.at(finding.path)
    if field is None or field.kind != "value":
        return None
    found = _WRITE.fullmatch(finding.hint) if field.measure else _MEANT.match(finding.hint)
    if found is None or not _may_stand(found[1], field, filing):
        return None
    return found[1]


def _may_stand(text: str, field: Field, filing: Filing) -> bool:
    """Whether a text is a target value that can be held against another, or one of the choices."""
    if not field.measure:
        return text in field.choices
    measure = parse(text)
    return measure.is_number or measure.is_date or bool(filing.form.rules.vocabulary.scale_of(text))
