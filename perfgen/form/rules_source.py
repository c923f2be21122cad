"""A rules file as it is read: its sections and texts, with a finding for each that is not as it should be."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from perfgen.data import Data, ValuePath
from perfgen.fields import Field
from perfgen.findings import Finding, Place
from perfgen.form.formula_scope import Scope, Type
from perfgen.form.formula_types import FormulaError
from perfgen.form.formulas import Formula, compile_formula
from perfgen.form.rules import OBJECT
from perfgen.form.rules_document import RulesDocument
from perfgen.notation import EQUAL
from perfgen.source.reader import Document
from perfgen.values import Vocabulary

SECTION, ALL_UNITS, PARAMETERS, SIGNS, GRADES = "审核", "汇审", "参数", "方向", "等级"
_T = TypeVar("_T")


class RulesSource:
    """What everything in a rules file is read with: the document, the fields it speaks of, and the findings so far."""

    def __init__(self, document: Document | None, fields: Field) -> None:
        self.document = document
        self.data: dict[str, Data] = document.top if document else {}
        self.fields = fields
        self.findings: list[Finding] = []
        self._told: set[tuple[Place, str, str]] = set()
        self.words = Vocabulary()
        self.names: dict[str, Type] = {}
        self.others_files: dict[str, Type] = {}
        """What the names of the form's references stand for."""

    def wrong(self, path: ValuePath, message: str, hint: str = "") -> None:
        """Notes a finding at a path of the rules file."""
        assert self.document is not None
        place = self.document.place(path, key=True)
        said = self.document.said(path) if isinstance(self.document, RulesDocument) else ""
        finding = Finding(place, "rule", said + message, hint, path=path)
        told = place, finding.message, hint
        if told not in self._told:  # what is written once and used by many rules is said once
            self._told.add(told)
            self.findings.append(finding)

    def section(self, name: str) -> dict[str, Data]:
        """The members of a section; none, and a finding, where it is no group."""
        found = self.data.get(name) or {}
        if not isinstance(found, dict):
            self.wrong((name,), f"“{name}”要写成一行行“名称: 内容”。")
            return {}
        return found

    def text(self, here: ValuePath, body: dict[str, Data], key: str) -> str:
        """The text of a part, without blanks at its ends; empty, and a finding, where it is none."""
        value = body.get(key, "")
        if not isinstance(value, str):
            self.wrong((*here, key), f"“{key}”要写成文字；有冒号、井号的要加引号。")
            return ""
        return value.strip()

    def texts(self, listed: Data) -> list[str] | None:
        """A list of texts; None for anything else."""
        if not isinstance(listed, list):
            return None
        texts = [item for item in listed if isinstance(item, str)]
        return texts if len(texts) == len(listed) else None

    def objects(self, here: ValuePath, body: dict[str, Data]) -> list[str]:
        """The paths of the objects a rule looks at."""
        objects = body.get(OBJECT, "")
        paths = self.texts(objects if isinstance(objects, list) else [objects])
        if paths is None:
            self.wrong((*here, OBJECT), f"“{OBJECT}”要写成字段的路径，或几个路径的列表。")
            return []
        return paths

    def at(self, field: Field, steps: list[str]) -> Field | None:
        """The field that names lead to, stepping into a list's items on the way; None where there is none."""
        here: Field | None = field
        for step in steps:
            here = here.item if here and here.kind == "array" else here
            here = here.member(step) if here else None
        return here

    def vocabulary(self) -> Vocabulary:
        """The usual directions and the grades."""
        signs = self.section(SIGNS)
        for name, wanted in signs.items():
            if not isinstance(wanted, str) or not wanted or set(wanted) - set("≥≤><" + EQUAL):
                self.wrong((SIGNS, name), f"“{name}”的方向要用 ≥ ≤ > < = 写，例如 ≥=。")
        listed = self.data.get(GRADES) or []
        scales = [self.texts(scale) for scale in listed] if isinstance(listed, list) else [None]
        grades = tuple(tuple(scale) for scale in scales if scale is not None)
        if len(grades) < len(scales):
            self.wrong((GRADES,), f"“{GRADES}”要写成几个列表，每个从好到差。")
            grades = ()
        return Vocabulary({n: s for n, s in signs.items() if isinstance(s, str)}, grades)

    def parameter_types(self, parameters: dict[str, Data]) -> dict[str, Type]:
        """What each parameter is, for the formulas that use it."""
        types = {}
        for name, value in parameters.items():
            if name in self.fields.members:
                self.wrong((PARAMETERS, name), f"参数“{name}”和本表的一个字段同名。", "换一个名称。")
            if self.texts(value) is not None:
                types[name] = Type("list", item=Type("text"))
            elif isinstance(value, list) and all(isinstance(item, Decimal) for item in value):
                types[name] = Type("list", item=Type("number"))
            elif isinstance(value, dict | list) or value is None:
                self.wrong((PARAMETERS, name), f"参数“{name}”要是一个数、一段文字，或者数的、文字的列表。")
            else:
                types[name] = Type(
                    "text" if isinstance(value, str) else "flag" if isinstance(value, bool) else "number"
                )
        return types

    def formula(self, path: ValuePath, text: str, scope: Scope) -> Formula | None:
        """A compiled formula; None, and a finding, where it cannot be used."""
        return self.compiled(path, lambda: compile_formula(text, scope, self.words))

    def compiled(self, path: ValuePath, compile_: Callable[[], _T]) -> _T | None:
        """What `compile_` gives; None, and a finding, where it raises FormulaError."""
        try:
            return compile_()
        except FormulaError as error:
            self.wrong(path, str(error))
            return None
