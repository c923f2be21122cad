"""A form is a set of files with one name: schema, rules, templates; found by that name."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema

from perfgen import fields
from perfgen.findings import DataError, Finding, FormError, Place
from perfgen.form import figures, rules, rules_file
from perfgen.project import SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.source import reader

SCHEMA_SUFFIX, RULES_SUFFIX = ".schema.json", ".rules.yaml"
SITE = "site"
"""The schema of that name describes the site's settings and is no form."""


@dataclass(frozen=True, eq=False)
class Form:
    """A form, loaded: its schema, its fields, its figures, and where its templates are."""

    name: str
    schema: dict[str, Any]
    fields: fields.Field
    figures: figures.FigureSet
    rules: rules.RuleSet
    templates: Path
    files: tuple[Path, ...]
    """The schema and rules files it was read from."""

    @property
    def title(self) -> str:
        """The form's own name in words."""
        return str(self.schema.get("title", self.name))


def names(root: Path) -> list[str]:
    """The forms a project has."""
    found = (p.name.removesuffix(SCHEMA_SUFFIX) for p in (root / SCHEMA_FOLDER).glob(f"*{SCHEMA_SUFFIX}"))
    return sorted(name for name in found if name != SITE)


def loaded(root: Path) -> list[Form]:
    """All forms of a project. Raises FormError when one is broken."""
    return [form for name in names(root) if (form := find(root, name))]


def load_schema(path: Path, root: Path) -> dict[str, Any]:
    """A JSON Schema from a file, numbers as Decimal.

    Raises FormError when it is not JSON or not a JSON Schema.
    """
    file = path.relative_to(root).as_posix()
    try:
        schema = json.loads(path.read_text("utf-8"), parse_float=Decimal)
        jsonschema.Draft202012Validator.check_schema(schema)
    except UnicodeDecodeError:
        raise FormError([Finding(Place(file), "schema-json", "文件不是 UTF-8 编码。")]) from None
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise FormError([Finding(place, "schema-json", f"不是 JSON：{error.msg}。")]) from None
    except jsonschema.SchemaError as error:
        where = "/".join(map(str, error.absolute_path))
        raise FormError(
            [Finding(Place(file), "schema-invalid", f"#/{where}：不是 JSON Schema：{error.message}")]
        ) from None
    if not isinstance(schema, dict):
        raise FormError([Finding(Place(file), "schema-invalid", "要是一个 JSON 对象。")])
    return schema


@functools.lru_cache(maxsize=32)
def find(root: Path, name: str) -> Form | None:
    """The form called `name` of the project at `root`, None if it has none.

    Raises FormError when its schema or rules are broken.
    """
    if name not in names(root):
        return None
    schema_file = root / SCHEMA_FOLDER / f"{name}{SCHEMA_SUFFIX}"
    rules_path = root / SCHEMA_FOLDER / f"{name}{RULES_SUFFIX}"
    schema = load_schema(schema_file, root)
    form_fields = fields.read_fields(schema, schema_file.relative_to(root).as_posix())
    document = None
    if rules_path.exists():
        try:
            document = reader.load_yaml(rules_path.read_bytes(), rules_path.relative_to(root).as_posix())
        except DataError as error:
            raise FormError(error.findings) from None
    known = figures.read_figures(document, form_fields)
    return Form(
        name,
        schema,
        form_fields,
        known,
        rules_file.read_rules(document, known.fields),
        root / TEMPLATE_FOLDER / name,
        (schema_file, rules_path) if document else (schema_file,),
    )
