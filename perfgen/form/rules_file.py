"""Reads the audit rules of a rules file and holds them to the schema.

    审核:
      D02:                                  its id, by which findings, reasons and `explain` know it
        名称: 有方向                       what it is called
        级别: 错误|警告|提示
        对象: 甲.乙.丙                       the rows it looks at, one by one (or a list of such); none: the form
        当: 值.是数                          when it applies; none: always
        其中: {比例: 百分比(甲, 乙)}          names for what the other lines use
        公式: 值.方向 != ''                  what must hold
        说法: “{{ 名 }}”是 {{ 值 }}……        what is said when it does not, with the figures
        改法: ……                            what to do about it
        指向: 值                             where in the row (or form) it points at
        核对: [合计.当年]                    or, in place of a formula: figures whose typed claims it judges
        由: ……                              or: what else makes sure that it holds
        依据: ……                            where the rule comes from

Sections beside it: 参数 (numbers, texts and lists that formulas may use), 方向 and 等级 (the
vocabulary of values). Formulas of a row know the row's fields, then the rows around it by the
names of their lists, then the form's fields, 上年表 and 前年表 (the unit's earlier files).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from perfgen.data import ValuePath
from perfgen.fields import Field
from perfgen.findings import Finding, FormError, Level, Place
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.formula_types import FormulaError, Scope, Type, scope_of, type_of
from perfgen.form.formula_view import formula_fields, with_texts
from perfgen.form.formulas import Formula, compile_formula
from perfgen.form.rules import EARLIER, AllUnitsRule, Rule, RuleSet, Target
from perfgen.form.sentences import Sentence, compile_sentence
from perfgen.nearest import guess, nearest
from perfgen.source.reader import Document
from perfgen.values import EQUAL, Vocabulary

SECTION, ALL_UNITS, PARAMETERS, SIGNS, GRADES = "审核", "汇审", "参数", "方向", "等级"
_SECTIONS = (FIGURES, SECTION, ALL_UNITS, PARAMETERS, SIGNS, GRADES)
NAME, LEVEL, OBJECT, WHEN, WHERE, TEST = "名称", "级别", "对象", "当", "其中", "公式"
SAY, FIX, POINTS, CLAIMS, KEPT, SOURCE = "说法", "改法", "指向", "核对", "由", "依据"

KIND, COLUMN, BY, LIMIT = "比较", "看", "按", "上限"

_ALL_UNITS_KEYS = (NAME, LEVEL, KIND, OBJECT, COLUMN, BY, TEST, LIMIT, SOURCE)
_KEYS = (NAME, LEVEL, OBJECT, WHEN, WHERE, TEST, SAY, FIX, POINTS, CLAIMS, KEPT, SOURCE)
_LEVELS = {level.value: level for level in (Level.ERROR, Level.WARNING, Level.NOTE)}
_T = TypeVar("_T")
_Names = tuple[str, ...]
_Definitions = tuple[tuple[str, Formula], ...]


def read_rules(document: Document | None, fields: Field) -> RuleSet:
    """The rules that a rules file declares over a form's fields and figures; no file, no rules.

    Raises FormError for everything wrong in it, each with its place in the rules file.
    """
    reader = _Reader(document, with_texts(formula_fields(fields)))
    found = reader.rule_set()
    if reader.findings:
        raise FormError(reader.findings)
    return found


class _Reader:
    def __init__(self, document: Document | None, fields: Field) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data if document and isinstance(document.data, dict) else {}
        self.fields = fields
        self.findings: list[Finding] = []
        self.words = Vocabulary()
        self.names: dict[str, Type] = {}

    def wrong(self, path: ValuePath, message: str, hint: str = "") -> None:
        assert self.document is not None
        place = self.document.place(path, key=True)
        self.findings.append(Finding(place, "rule", message, hint, path=path))

    def section(self, name: str) -> dict[str, Any]:
        found = self.data.get(name) or {}
        if not isinstance(found, dict):
            self.wrong((name,), f"“{name}”要写成一行行“名称: 内容”。")
            return {}
        return found

    def rule_set(self) -> RuleSet:
        parameters = self.section(PARAMETERS)
        self.words = self.vocabulary()
        earlier = {name: type_of(self.fields) for name in EARLIER}
        self.names = {**scope_of(self.fields), **self.parameter_types(parameters), **earlier}
        for name in self.data:
            if name not in _SECTIONS:
                self.wrong((name,), f"规则文件没有“{name}”这一节。", nearest(name, _SECTIONS))
        rules = {}
        for rule_id, body in self.section(SECTION).items():
            if not isinstance(body, dict):
                self.wrong((SECTION, rule_id), f"规则 {rule_id} 要写成一行行“名称: 内容”。")
                continue
            rules[rule_id] = self.rule(rule_id, body)
        for section in (SECTION, ALL_UNITS):
            for rule_id in self.section(section):
                if rule_id.split() != [rule_id]:
                    self.wrong(
                        (section, rule_id),
                        f"编号“{rule_id}”里有空格。",
                        "去掉空格：写理由的时候，编号后面空一格是名称。",
                    )
        declared = self.section(ALL_UNITS)
        all_units = {name: self.all_units_rule((ALL_UNITS, name), body) for name, body in declared.items()}
        for name in all_units.keys() & rules.keys():
            self.wrong((ALL_UNITS, name), f"编号 {name} 在“{SECTION}”里已经用了。")
        return RuleSet(rules, parameters, self.words, all_units, self.fields)

    def all_units_rule(self, here: ValuePath, body: Any) -> AllUnitsRule:
        rule_id = str(here[-1])
        parts = body if isinstance(body, dict) else {}
        for key in parts:
            if key not in _ALL_UNITS_KEYS:
                self.wrong((*here, key), f"规则 {rule_id} 没有“{key}”这一项。", nearest(key, _ALL_UNITS_KEYS))
        texts = {key: self.text(here, parts, key) for key in (NAME, LEVEL, KIND, COLUMN, BY, TEST, SOURCE)}
        needed = {"单位": (OBJECT, COLUMN, BY), "离群": (TEST, LIMIT), "缺少": ()}.get(texts[KIND])
        if needed is None:
            self.wrong(here, f"规则 {rule_id} 的“{KIND}”要是 单位、离群 或 缺少。")
        if missing := [key for key in (NAME, LEVEL, SOURCE, *(needed or ())) if key not in parts]:
            self.wrong(here, f"规则 {rule_id} 缺少“{'”、“'.join(missing)}”。")
        level = _LEVELS.get(texts[LEVEL])
        if level is None or level is Level.ERROR:
            self.wrong((*here, LEVEL), f"规则 {rule_id} 的级别只能是 警告 或 提示：一个单位改不了别的单位的数。")
        paths = tuple(tuple(path.split(".")) for path in self.objects(here, parts) if path)
        for path in paths:
            row = self.at(self.fields, list(path))
            row = row.item if row and row.kind == "array" else row
            for key in (COLUMN, BY):
                if row is None or row.member(texts[key]) is None:
                    self.wrong((*here, key), f"“{'.'.join(path)}”里没有“{texts[key]}”。")
        formula = self.formula((*here, TEST), texts[TEST], self.names) if texts[TEST] else None
        if formula and formula.type.kind not in ("number", "any"):
            self.wrong((*here, TEST), "公式的结果要是一个数。")
        limit = parts.get(LIMIT, Decimal(0))
        if not isinstance(limit, Decimal):
            self.wrong((*here, LIMIT), f"“{LIMIT}”要是一个数。")
            limit = Decimal(0)
        return AllUnitsRule(
            rule_id, texts[NAME], level or Level.WARNING, texts[KIND], texts[SOURCE], paths, texts[COLUMN], texts[BY],
            formula, limit,
        )  # fmt: skip

    def objects(self, here: ValuePath, body: dict[str, Any]) -> list[str]:
        """The paths of the objects a rule looks at."""
        objects = body.get(OBJECT, "")
        paths = objects if isinstance(objects, list) else [objects]
        if not all(isinstance(path, str) for path in paths):
            self.wrong((*here, OBJECT), f"“{OBJECT}”要写成字段的路径，或几个路径的列表。")
            return []
        return paths

    def vocabulary(self) -> Vocabulary:
        signs = self.section(SIGNS)
        for name, wanted in signs.items():
            if not isinstance(wanted, str) or not wanted or set(wanted) - set("≥≤><" + EQUAL):
                self.wrong((SIGNS, name), f"“{name}”的方向要用 ≥ ≤ > < = 写，例如 ≥=。")
        scales = self.data.get(GRADES) or []
        good = isinstance(scales, list) and all(
            isinstance(scale, list) and all(isinstance(word, str) for word in scale) for scale in scales
        )
        if not good:
            self.wrong((GRADES,), f"“{GRADES}”要写成几个列表，每个从好到差。")
            scales = []
        return Vocabulary({n: s for n, s in signs.items() if isinstance(s, str)}, tuple(map(tuple, scales)))

    def parameter_types(self, parameters: dict[str, Any]) -> dict[str, Type]:
        types = {}
        for name, value in parameters.items():
            if name in self.fields.members:
                self.wrong((PARAMETERS, name), f"参数“{name}”和本表的一个字段同名。", "换一个名称。")
            if isinstance(value, list) and all(isinstance(word, str) for word in value):
                types[name] = Type("list", item=Type("text"))
            elif isinstance(value, dict | list) or value is None:
                self.wrong((PARAMETERS, name), f"参数“{name}”要是一个数、一段文字或一个文字的列表。")
            else:
                types[name] = Type(
                    "text" if isinstance(value, str) else "flag" if isinstance(value, bool) else "number"
                )
        return types

    def rule(self, rule_id: str, body: dict[str, Any]) -> Rule:
        here = (SECTION, rule_id)
        for key in body:
            if key not in _KEYS:
                self.wrong((*here, key), f"规则 {rule_id} 没有“{key}”这一项。", nearest(key, _KEYS))
        texts = {key: self.text(here, body, key) for key in (NAME, LEVEL, WHEN, TEST, SAY, FIX, POINTS, KEPT, SOURCE)}
        if not texts[NAME] or not texts[SOURCE]:
            self.wrong(here, f"规则 {rule_id} 要有“{NAME}”和“{SOURCE}”。")
        if texts[LEVEL] not in _LEVELS:
            self.wrong((*here, LEVEL), f"规则 {rule_id} 的级别只能是 {'、'.join(_LEVELS)}。")
        if sum(key in body for key in (TEST, CLAIMS, KEPT)) != 1:
            self.wrong(here, f"规则 {rule_id} 要有“{TEST}”、“{CLAIMS}”、“{KEPT}”中的一个，只能有一个。")
        level = _LEVELS.get(texts[LEVEL], Level.ERROR)
        place = self.document.place(here, key=True) if self.document else Place("")
        targets = self.targets(here, body, texts) if texts[TEST] else ()
        claims = self.claims(here, body)
        return Rule(
            rule_id, texts[NAME], level, place, targets, claims, texts[KEPT], texts[SOURCE], texts[SAY], texts[FIX]
        )

    def text(self, here: ValuePath, body: dict[str, Any], key: str) -> str:
        value = body.get(key, "")
        if not isinstance(value, str):
            self.wrong((*here, key), f"“{key}”要写成文字；有冒号、井号的要加引号。")
            return ""
        return value.strip()

    def claims(self, here: ValuePath, body: dict[str, Any]) -> tuple[ValuePath, ...]:
        listed = body.get(CLAIMS) or []
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            self.wrong((*here, CLAIMS), f"“{CLAIMS}”要写成一个列表，例如 [合计.当年]。")
            return ()
        for name in listed:
            if self.at(self.fields, name.split(".")) is None:
                self.wrong((*here, CLAIMS), f"本表没有“{name}”。")
        return tuple(tuple(name.split(".")) for name in listed)

    def at(self, field: Field, steps: list[str]) -> Field | None:
        here: Field | None = field
        for step in steps:
            here = here.item if here and here.kind == "array" else here
            here = here.member(step) if here else None
        return here

    def targets(self, here: ValuePath, body: dict[str, Any], texts: dict[str, str]) -> tuple[Target, ...]:
        if not texts[SAY]:
            self.wrong(here, f"规则要有“{SAY}”。")
        found = (
            self.target(here, tuple(filter(None, path.split("."))), body, texts) for path in self.objects(here, body)
        )
        return tuple(target for target in found if target)

    def target(self, here: ValuePath, path: _Names, body: dict[str, Any], texts: dict[str, str]) -> Target | None:
        row, around = self.fields, dict[str, Type]()
        for depth, step in enumerate(path):
            below = row.member(step)
            if below is None or below.kind == "value":
                message = f"“{OBJECT}”是“{'.'.join(path)}”，其中的“{step}”不是本表的一个列表。"
                self.wrong(
                    (*here, OBJECT), message, guess(step, (n for n, m in row.members.items() if m.kind != "value"))
                )
                return None
            row = below.item if below.kind == "array" and below.item else below
            if below.kind == "array" and depth:
                around[step] = type_of(row)
        scope: dict[str, Type] = {**self.names, **around, **(scope_of(row) if path else {})}
        where = self.definitions(here, body, scope)
        points = tuple(filter(None, texts[POINTS].split(".")))
        if points and self.at(row, list(points)) is None:
            self.wrong((*here, POINTS), f"“{OBJECT}”里没有“{texts[POINTS]}”。")

        def sentence(key: str) -> Sentence:
            return self.compiled((*here, key), lambda: compile_sentence(texts[key], scope, self.words)) or Sentence(
                "", ()
            )

        when = self.formula((*here, WHEN), texts[WHEN], scope) if texts[WHEN] else None
        test = self.formula((*here, TEST), texts[TEST], scope)
        if test is None:
            return None
        for key, formula in ((TEST, test), (WHEN, when)):
            if formula and formula.type.kind not in ("flag", "any"):
                self.wrong((*here, key), f"“{key}”的结果要是“是”或“否”，例如 甲 <= 乙。")
        used = [number for number, (name, _) in enumerate(where, 1) if when and when.mentions(name)]
        return Target(path, where, when, max(used, default=0), test, sentence(SAY), sentence(FIX), points)

    def definitions(self, here: ValuePath, body: dict[str, Any], scope: dict[str, Type]) -> _Definitions:
        given = body.get(WHERE) or {}
        if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
            self.wrong((*here, WHERE), f"“{WHERE}”要写成一行行“名称: 公式”。")
            return ()
        found = []
        for name, text in given.items():
            formula = self.formula((*here, WHERE, name), text, scope)
            if name in scope:
                self.wrong((*here, WHERE, name), f"“{name}”已经是一个字段或参数了。", "换一个名称。")
            if formula:
                scope[name] = formula.type
                found.append((name, formula))
        return tuple(found)

    def formula(self, path: ValuePath, text: str, scope: Scope) -> Formula | None:
        return self.compiled(path, lambda: compile_formula(text, scope, self.words))

    def compiled(self, path: ValuePath, compile_: Callable[[], _T]) -> _T | None:
        try:
            return compile_()
        except FormulaError as error:
            self.wrong(path, str(error))
            return None
