"""A form's JSON Schema in, a tree of fields out: what each is called, holds, shows and hides.

JSON Schema says what is allowed; `annotations` lists what a schema says beside it, `field` is one field and all below
it, `reader` makes the fields of a schema.
"""

from perfgen.fields.annotations import FieldRole
from perfgen.fields.field import Field, FieldKind, Next
from perfgen.fields.reader import Leads, read_fields

__all__ = ["Field", "FieldKind", "FieldRole", "Leads", "Next", "read_fields"]
