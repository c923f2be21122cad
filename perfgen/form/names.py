"""The names that every formula of a form may use, for its figures and its rules alike.

There are the fields as formulas see them (`formula_view`: groups as rows, target values taken apart; a fixed group by
its own name too), the figures, the parameters, and the names that lead to other files: 上年表 and 前年表, and the
references. A formula about a row also knows the row's own fields, and the rows around it by the names of their lists.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfgen.fields import Field
from perfgen.form.formula_scope import EARLIER, Scope, Type, scope_of, type_of
from perfgen.form.formula_view import formula_fields, with_texts


def seen_fields(fields: Field) -> Field:
    """A form's fields, with the places of its figures, as every formula about the form sees them."""
    return with_texts(formula_fields(fields, named_groups=True))


def file_type(name: str, fields: Field, *, many: bool = False) -> Type:
    """What the name of another file stands for, or of a list of files; `fields` are its form's, with figures."""
    return file_seen(name, seen_fields(fields), many=many)


def file_seen(name: str, seen: Field, *, many: bool = False) -> Type:
    """The same of fields as formulas see them."""
    one = type_of(seen, origin=name)
    return Type("list", item=one, path=(), origin=name) if many else one


def earlier_types(seen: Field) -> dict[str, Type]:
    """What the names of earlier years' files stand for, by the form's own fields as formulas see them."""
    return {name: file_seen(name, seen) for name in EARLIER}


def shared_scope(seen: Field, parameters: Scope, files: Mapping[str, Type]) -> dict[str, Type]:
    """The names that every formula of a form may use, whatever it looks at.

    `seen` are the form's fields as formulas see them, `files` what leads to other files: the references, and earlier
    years, which are this form's own files where they are not given.
    """
    return {**scope_of(seen), **parameters, **earlier_types(seen), **files}
