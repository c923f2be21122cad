"""A form filled in with nothing but its own field names, to try templates on before there is data."""

from __future__ import annotations

from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.data import Data
from perfgen.fields import Field
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.report.site import APPROVED, DATES, PUBLISHED, Site
from perfgen.source.reader import Document

YEAR = 2025
_FILE = DataFile(str(YEAR), "样张").source


def specimen(form: Form, *, full: bool) -> Filing:
    """A filing of a form; `full` fills every field and two rows of every list, otherwise nothing that may be absent."""
    roles: dict[str | None, Data] = {"form": form.name, "year": Decimal(YEAR), "unit": "样张"}
    data = {
        name: roles.get(member.role, _value(member, name, full=full))
        for name, member in form.fields.members.items()
        if full or member.role in roles
    }
    return Filing(Document(_FILE, data, {(): (1, 1)}, {}), form)


def published(settings: Site) -> Site:
    """The settings of a site with dates for the year of the specimen, whatever was set for it."""
    dates: Data = {str(YEAR): {APPROVED: f"{YEAR}-01-20", PUBLISHED: f"{YEAR}-02-10"}}
    return Site({**settings.settings, DATES: dates})


def _value(field: Field, name: str, *, full: bool) -> Data:
    if field.kind == "array" and field.item:
        return [_value(field.item, f"{name}{n}", full=full) for n in (1, 2)] if full else []
    if field.kind == "object":
        inside: dict[str, Data] = {n: _value(member, n, full=full) for n, member in field.members.items()}
        if field.other and full:
            inside |= {n: _value(field.other, n, full=full) for n in ("甲", "乙")}
        return inside
    if field.measure:
        return "≥80%"
    return Decimal(1) if field.numeric else name
