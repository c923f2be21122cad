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
        改法: ……                            what to do about it; {{ 写理由 }}: where a reason goes, and what to type
        问的是: 放宽|取消|口径变化            what it asks a reason for: one reason answers it, the others of the
                                            kind, and `perfgen diff`
        指向: 值                             where in the row (or form) it points at; or in each of the rows that
                                            a name of 其中 stands for: it is said once for each
        核对: [合计.当年]                    or, in place of a formula: figures whose typed claims it judges
        由: ……                              or: what else makes sure that it holds
        依据: ……                            where the rule comes from
        盖过: [D03]                          rules that are needless where this one is broken, at the same value
        并说: [D10]                          rules whose sentence is said with this one's, at the same value

What a file says once for several rules (包括, 列表, 照, patterns, 另有保证) is written out before, by `rules_loading`.
Sections beside it: 参数 (numbers, texts and lists that formulas may use), 方向 and 等级 (the
vocabulary of values). Formulas of a row know the row's fields, then the rows around it by the
names of their lists, then the form's fields, 上年表 and 前年表 (the unit's earlier files).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfgen.data import Data, ValuePath, as_group
from perfgen.fields import Field
from perfgen.findings import FormError, Level, Place
from perfgen.form.all_units import kinds
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.formula_scope import Scope, Type, hide, scope_of, type_of
from perfgen.form.formulas import Formula
from perfgen.form.names import seen_fields, shared_scope
from perfgen.form.nearest import guess, nearest
from perfgen.form.references import Reference
from perfgen.form.row_list import RowList
from perfgen.form.rules import (
    ASKS,
    BY,
    CLAIMS,
    COLUMN,
    COVERS,
    FIX,
    KEPT,
    KIND,
    LEVEL,
    LIMIT,
    NAME,
    OBJECT,
    POINTS,
    SAY,
    SOURCE,
    TELLS,
    TEST,
    WHEN,
    WHERE,
    WHERE_TO_ANSWER,
    AllUnitsRule,
    Asked,
    Rule,
    RuleSet,
    Target,
)
from perfgen.form.rules_document import ENSURED, INCLUDES, LISTS, REFERENCES
from perfgen.form.rules_source import ALL_UNITS, GRADES, PARAMETERS, SECTION, SIGNS, RulesSource
from perfgen.form.sentences import Sentence, compile_sentence
from perfgen.source.reader import Document

_SECTIONS = (INCLUDES, REFERENCES, LISTS, FIGURES, PARAMETERS, SIGNS, GRADES, SECTION, ENSURED, ALL_UNITS)
_ALL_UNITS_KEYS = (NAME, LEVEL, KIND, ASKS, OBJECT, COLUMN, BY, TEST, LIMIT, SOURCE)
_KEYS = (NAME, LEVEL, OBJECT, WHEN, WHERE, TEST, SAY, FIX, POINTS, CLAIMS, KEPT, SOURCE, COVERS, TELLS, ASKS)
_LEVELS = {level.value: level for level in (Level.ERROR, Level.WARNING, Level.NOTE)}
_Names = tuple[str, ...]
_Definitions = tuple[tuple[str, Formula], ...]


def read_rules(document: Document | None, fields: Field, references: Mapping[str, Reference] | None = None) -> RuleSet:
    """The rules that a rules file declares over a form's fields, figures and references; no file, no rules.

    Raises FormError for everything wrong in it, each with its place in the rules file.
    """
    reader = _Reader(document, seen_fields(fields))
    reader.others_files = {name: reference.type for name, reference in (references or {}).items()}
    found = reader.rule_set()
    if reader.findings:
        raise FormError(reader.findings)
    return found


class _Reader(RulesSource):
    def rule_set(self) -> RuleSet:
        parameters = self.section(PARAMETERS)
        self.words = self.vocabulary()
        self.names = shared_scope(self.fields, self.parameter_types(parameters), self.others_files)
        for name in self.data:
            if name not in _SECTIONS:
                self.wrong((name,), f"规则文件没有“{name}”这一节。", nearest(name, _SECTIONS))
        rules = {}
        for rule_id, body in self.section(SECTION).items():
            if not isinstance(body, dict):
                self.wrong((SECTION, rule_id), f"规则 {rule_id} 要写成一行行“名称: 内容”。")
                continue
            rules[rule_id] = self.rule(rule_id, body)
        for rule in rules.values():
            self.others(rule, rules)
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
        kept = {name: RowList(value) if isinstance(value, list) else value for name, value in parameters.items()}
        return RuleSet(rules, kept, self.words, all_units, self.fields, self.document)

    def all_units_rule(self, here: ValuePath, body: Data) -> AllUnitsRule:
        rule_id = str(here[-1])
        parts = body if isinstance(body, dict) else {}
        for key in parts:
            if key not in _ALL_UNITS_KEYS:
                self.wrong((*here, key), f"规则 {rule_id} 没有“{key}”这一项。", nearest(key, _ALL_UNITS_KEYS))
        texts = {key: self.text(here, parts, key) for key in (NAME, LEVEL, KIND, COLUMN, BY, TEST, SOURCE)}
        kind = kinds().get(texts[KIND])
        if kind is None:
            *names, last = kinds()
            self.wrong(here, f"规则 {rule_id} 的“{KIND}”要是 {'、'.join(names)} 或 {last}。")
        if missing := [key for key in (NAME, LEVEL, SOURCE, *(kind.NEEDS if kind else ())) if key not in parts]:
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
        alone = {name: kind for name, kind in self.names.items() if name not in self.others_files}
        formula = self.formula((*here, TEST), texts[TEST], alone) if texts[TEST] else None
        if formula and formula.type.kind not in ("number", "any"):
            self.wrong((*here, TEST), "公式的结果要是一个数。")
        limit = parts.get(LIMIT, Decimal(0))
        if not isinstance(limit, Decimal):
            self.wrong((*here, LIMIT), f"“{LIMIT}”要是一个数。")
            limit = Decimal(0)
        return AllUnitsRule(
            rule_id, texts[NAME], level or Level.WARNING, texts[KIND], texts[SOURCE], paths, texts[COLUMN], texts[BY],
            formula, limit, self.asks(here, parts, level or Level.WARNING),
        )  # fmt: skip

    def rule(self, rule_id: str, body: dict[str, Data]) -> Rule:
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
        asks = self.asks(here, body, level)
        place = self.document.place(here, key=True) if self.document else Place("")
        targets = self.targets(here, body, texts) if texts[TEST] else ()
        claims = self.claims(here, body)
        return Rule(
            rule_id, texts[NAME], level, place, targets, claims, texts[KEPT], texts[SOURCE], texts[SAY], texts[FIX],
            covers=self.named(here, body, COVERS), tells=self.named(here, body, TELLS), asks=asks,
        )  # fmt: skip

    def named(self, here: ValuePath, body: dict[str, Data], key: str) -> tuple[str, ...]:
        """The other rules that a rule names."""
        listed = self.texts(body.get(key) or [])
        if listed is None:
            self.wrong((*here, key), f"“{key}”要写成编号的列表，例如 [D03, D07]。")
        return tuple(listed or ())

    def others(self, rule: Rule, rules: dict[str, Rule]) -> None:
        """Holds the rules that one names to those there are.

        A rule for several forms, in a file that is included, may name rules which only some of these have.
        """
        is_for_several = self.document is not None and rule.place.file != self.document.file
        for key, listed in ((COVERS, rule.covers), (TELLS, rule.tells)):
            for other in listed:
                if other == rule.id or (other not in rules and not is_for_several):
                    hint = nearest(other, [name for name in rules if name != rule.id])
                    self.wrong((SECTION, rule.id, key), f"规则 {rule.id} 的“{key}”里没有别的规则叫“{other}”。", hint)

    def asks(self, here: ValuePath, body: dict[str, Data], level: Level) -> Asked | None:
        """What a rule asks a reason for; None where it names nothing, or nothing known."""
        if ASKS not in body:
            return None
        typed = body[ASKS]
        if level is Level.ERROR:
            self.wrong((*here, ASKS), f"“{ASKS}”只用于警告和提示：错误要改正，不能写理由。")
        if typed not in list(Asked):
            *known, last = Asked
            near = guess(typed, Asked) if isinstance(typed, str) else ""
            self.wrong((*here, ASKS), f"“{ASKS}”只能是 {'、'.join(known)} 或 {last}。", near)
            return None
        return Asked(str(typed))

    def claims(self, here: ValuePath, body: dict[str, Data]) -> tuple[ValuePath, ...]:
        listed = self.texts(body.get(CLAIMS) or [])
        if listed is None:
            self.wrong((*here, CLAIMS), f"“{CLAIMS}”要写成一个列表，例如 [合计.当年]。")
            return ()
        for name in listed:
            if self.at(self.fields, name.split(".")) is None:
                self.wrong((*here, CLAIMS), f"本表没有“{name}”。")
        return tuple(tuple(name.split(".")) for name in listed)

    def targets(self, here: ValuePath, body: dict[str, Data], texts: dict[str, str]) -> tuple[Target, ...]:
        if not texts[SAY]:
            self.wrong(here, f"规则要有“{SAY}”。")
        found = (
            self.target(here, tuple(filter(None, path.split("."))), body, texts) for path in self.objects(here, body)
        )
        return tuple(target for target in found if target)

    def target(self, here: ValuePath, path: _Names, body: dict[str, Data], texts: dict[str, str]) -> Target | None:
        row, around, outermost = self.fields, dict[str, Type](), dict[str, Type]()
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
            elif below.kind == "array":
                outermost = scope_of(row)
        taken: Scope = {**self.names, **around, **(scope_of(row) if path else {})}
        scope = {**outermost, **taken}
        where = self.definitions(here, body, scope, taken)
        each, points = self.points(here, texts[POINTS], row, dict(where))

        def sentence(key: str) -> Sentence:
            known = {**scope, WHERE_TO_ANSWER: Type("text")} if key == FIX else scope
            compiled = self.compiled((*here, key), lambda: compile_sentence(texts[key], known, self.words))
            return compiled or Sentence("", ())

        when = self.formula((*here, WHEN), texts[WHEN], scope) if texts[WHEN] else None
        test = self.formula((*here, TEST), texts[TEST], scope)
        if test is None:
            return None
        for key, formula in ((TEST, test), (WHEN, when)):
            if formula and formula.type.kind not in ("flag", "any"):
                self.wrong((*here, key), f"“{key}”的结果要是“是”或“否”，例如 甲 <= 乙。")
        used = [number for number, (name, _) in enumerate(where, 1) if when and when.mentions(name)]
        return Target(path, where, when, max(used, default=0), test, sentence(SAY), sentence(FIX), points, each)

    def points(self, here: ValuePath, typed: str, row: Field, where: dict[str, Formula]) -> tuple[str, tuple[str, ...]]:
        """Which rows of `where` a rule points at one by one, empty for its own row, and where in the row."""
        first, *more = points = tuple(filter(None, typed.split("."))) or ("",)
        given = where[first].type if first in where else None
        each = first if given and given.kind == "list" and given.item and given.item.kind == "object" else ""
        about = given.item.field if each and given and given.item else row
        steps = tuple(more) if each else points if typed else ()
        if steps and (about is None or self.at(about, list(steps)) is None):
            self.wrong((*here, POINTS), f"“{OBJECT}”里没有“{typed}”。")
        return each, steps

    def definitions(self, here: ValuePath, body: dict[str, Data], scope: dict[str, Type], taken: Scope) -> _Definitions:
        """The names that a rule gives to figures, none of them among `taken`; `scope` gets them too."""
        given = body.get(WHERE) or {}
        texts = {name: text for name, text in as_group(given).items() if isinstance(text, str)}
        if not isinstance(given, dict) or len(texts) < len(given):
            self.wrong((*here, WHERE), f"“{WHERE}”要写成一行行“名称: 公式”。")
            return ()
        hide(scope, texts.keys() - taken.keys())
        found = []
        for name, text in texts.items():
            formula = self.formula((*here, WHERE, name), text, scope)
            if name in taken:
                self.wrong((*here, WHERE, name), f"“{name}”已经是一个字段或参数了。", "换一个名称。")
            if formula:
                scope[name] = formula.type
                found.append((name, formula))
        return tuple(found)
