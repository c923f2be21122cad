"""What changed in a rules file, compared as it was loaded: rules, parameters, figures, the vocabulary of values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfgen.data import Data, ValuePath, path_text
from perfgen.display import show
from perfgen.findings import Level
from perfgen.form.figures import SECTION as FIGURES
from perfgen.form.formula_meaning import Meaning, of_value
from perfgen.form.rules import COVERS, FIX, NAME, SAY, SOURCE, TELLS, WHERE, AllUnitsRule, Rule
from perfgen.form.rules_source import ALL_UNITS, GRADES, PARAMETERS, SECTION, SIGNS
from perfgen.review.settings.change import (
    SettingChange,
    SettingClass,
    cut,
    graver,
    listed_step,
    quoted,
    step,
    text_step,
)
from perfgen.review.settings.rules_version import RulesVersion, change_at, file_of
from perfgen.review.settings.target_changes import Parts, formula_parts

_LEVELS = (Level.NOTE, Level.WARNING, Level.ERROR)
_MOST_USERS = 12


def rule_changes(old: RulesVersion, new: RulesVersion) -> list[SettingChange]:
    """The changes between two versions of a form's rules; none where they read the same."""
    return [
        *_parameters(old, new),
        *_rules(old, new),
        *_all_units(old, new),
        *_figures(old, new),
        *_vocabulary(old, new),
    ]


def _parameters(old: RulesVersion, new: RulesVersion) -> Iterator[SettingChange]:
    before, after = old.parameters, new.parameters
    renamed = _renamed(before, after)
    for name in {**before, **after}:
        label = f"{PARAMETERS} {name}"
        if then := renamed.get(name):
            told = f"改名为“{then}”，值没有变：{cut(quoted(after[then]))}"
            places = old.place(PARAMETERS, name), new.place(PARAMETERS, then)
            yield SettingChange(SettingClass.SAME, file_of(places) or new.file, label, told, *places)
        elif name not in renamed.values() and not _is_same(before, after, name):
            told = step(before.get(name), after.get(name)) + _users(name, old, new)
            yield change_at(SettingClass.CHANGED, label, told, old, new, PARAMETERS, name)


def _is_same(old: Mapping[str, Data], new: Mapping[str, Data], name: str) -> bool:
    return name in old and name in new and of_value(old[name]) == of_value(new[name])


def _renamed(old: Mapping[str, Data], new: Mapping[str, Data]) -> dict[str, str]:
    """By its old name, the new name of each parameter that went while just one of its value came."""
    gone, come = ({n: of_value(one[n]) for n in one if n not in other} for one, other in ((old, new), (new, old)))
    found = {}
    for name, value in gone.items():
        alike = [then for then in come if come[then] == value]
        if len(alike) == 1 and list(gone.values()).count(value) == 1:
            found[name] = alike[0]
    return found


def _users(name: str, old: RulesVersion, new: RulesVersion) -> str:
    """Which rules use a parameter, in either version."""
    users = dict.fromkeys(
        rule.id for side in (old, new) for rule in side.form.rules.rules.values() if _uses(rule, name)
    )
    more = f" 等 {len(users)} 条" if len(users) > _MOST_USERS else ""
    return f"；用它的规则：{'、'.join(list(users)[:_MOST_USERS])}{more}" if users else ""


def _uses(rule: Rule, name: str) -> bool:
    formulas = [
        formula
        for target in rule.targets
        for formula in (target.test, target.when, *(formula for _, formula in target.where))
        if formula is not None
    ]
    return any(formula.mentions(name) for formula in formulas)


def _rules(old: RulesVersion, new: RulesVersion) -> Iterator[SettingChange]:
    before, after = old.form.rules.rules, new.form.rules.rules
    values = old.digests, new.digests
    gone, come = ([rule for rule in one.values() if rule.id not in other] for one, other in (
        (before, after), (after, before)))  # fmt: skip
    for rule in gone:
        again = next((one for one in come if one.name == rule.name and not _parts(rule, one, values)), None)
        if again:
            come.remove(again)
            told = f"编号改为 {again.id}，别的没有变；数据里写的理由要跟着改"
            places = old.place(SECTION, rule.id), new.place(SECTION, again.id)
            yield SettingChange(SettingClass.WORDS, file_of(places) or new.file, _label(rule), told, *places)
        else:
            told = f"删掉了这条规则，原来是{rule.level.value}"
            yield change_at(SettingClass.LOOSER, _label(rule), told, old, new, SECTION, rule.id)
    for rule in come:
        told = f"新的规则，{rule.level.value}{_whose(rule)}"
        yield change_at(SettingClass.STRICTER, _label(rule), told, old, new, SECTION, rule.id)
    for rule_id, rule in after.items():
        if rule_id in before and (parts := _parts(before[rule_id], rule, values)):
            kind = graver(one for one, _ in parts)
            told = "；".join(text for _, text in parts)
            yield change_at(kind, _label(rule), told, old, new, SECTION, rule_id)


def _label(rule: Rule | AllUnitsRule) -> str:
    return f"规则 {rule.id} {cut(rule.name)}"


def _whose(rule: Rule) -> str:
    return f"，由“{cut(rule.kept_by)}”保证，程序不检查" if rule.kept_by else ""


def _parts(old: Rule, new: Rule, values: tuple[Mapping[str, str], Mapping[str, str]]) -> Parts:
    """What changed in a rule, part by part."""
    parts = _level(old.level, new.level)
    parts += _who_judges(old, new)
    if old.targets and new.targets:
        parts += _objects([_path(t.path) for t in old.targets], [_path(t.path) for t in new.targets])
        parts += formula_parts(old.targets[0], new.targets[0], values)
        points = [path_text((*filter(None, [t.each]), *t.points)) for t in (old.targets[0], new.targets[0])]
        if points[0] != points[1]:
            parts.append((SettingClass.WORDS, f"指到的地方{text_step(points[0], points[1])}"))
    parts += _lists(COVERS, old.covers, new.covers, "这些规则在同一处不再说")
    parts += _lists(TELLS, old.tells, new.tells, "")
    if old.asks != new.asks:
        told = (f"“{one.value}”" if one else "没有" for one in (old.asks, new.asks))
        parts.append((SettingClass.CHANGED, "问的是由{}改为{}：一条理由答复的规则变了".format(*told)))
    texts = (
        (NAME, old.name, new.name),
        (SAY, old.say, new.say),
        (FIX, old.fix, new.fix),
        (SOURCE, old.source, new.source),
    )
    parts += [(SettingClass.WORDS, f"“{key}”{text_step(a, b)}") for key, a, b in texts if a != b]
    return parts


def _path(path: tuple[str, ...]) -> str:
    return ".".join(path) or "整张表"


def _level(old: Level, new: Level) -> Parts:
    if old is new:
        return []
    is_lower = _LEVELS.index(new) < _LEVELS.index(old)
    kind = SettingClass.LOOSER if is_lower else SettingClass.STRICTER
    return [(kind, f"级别由{old.value}{'降' if is_lower else '升'}为{new.value}")]


def _who_judges(old: Rule, new: Rule) -> Parts:
    """Whether the program still judges it, and which typed figures it holds to the computed ones."""
    before, after = ({path_text(path) for path in rule.claims} for rule in (old, new))
    parts = _lists("核对", tuple(sorted(before)), tuple(sorted(after)), "", fewer=SettingClass.LOOSER)
    if bool(old.targets) != bool(new.targets) or bool(before) != bool(after):
        if new.kept_by:
            return [(SettingClass.LOOSER, f"程序不再检查，改为由“{cut(new.kept_by)}”保证")]
        kind = SettingClass.STRICTER if old.kept_by else SettingClass.CHANGED
        return [*parts, (kind, "原来不由程序检查，现在检查" if old.kept_by else "检查的办法换了")]
    if old.kept_by != new.kept_by:
        parts.append((SettingClass.CHANGED, f"由谁保证，由“{cut(old.kept_by)}”改为“{cut(new.kept_by)}”"))
    return parts


def _objects(old: list[str], new: list[str]) -> Parts:
    if set(old) == set(new):
        return []
    return _lists("对象", tuple(old), tuple(new), "", fewer=SettingClass.LOOSER)


def _lists(
    key: str, old: tuple[str, ...], new: tuple[str, ...], remark: str, *, fewer: SettingClass = SettingClass.STRICTER
) -> Parts:
    """What a list of a rule lost and gained; `fewer` is what it means that it names less."""
    if set(old) == set(new):
        return []
    more = SettingClass.LOOSER if fewer is SettingClass.STRICTER else SettingClass.STRICTER
    kind = fewer if set(new) < set(old) else more if set(old) < set(new) else SettingClass.CHANGED
    tail = f"（{remark}）" if remark and kind is not fewer else ""
    return [(kind, f"“{key}”{listed_step(list(old), list(new))}{tail}")]


def _all_units(old: RulesVersion, new: RulesVersion) -> Iterator[SettingChange]:
    before, after = old.form.rules.all_units, new.form.rules.all_units
    for rule_id in {**before, **after}:
        was, now = before.get(rule_id), after.get(rule_id)
        if was is None and now is not None:
            yield change_at(
                SettingClass.STRICTER, _label(now), f"新的规则，{now.level.value}", old, new, ALL_UNITS, rule_id
            )
        elif was is not None and now is None:
            told = f"删掉了这条规则，原来是{was.level.value}"
            yield change_at(SettingClass.LOOSER, _label(was), told, old, new, ALL_UNITS, rule_id)
        elif was is not None and now is not None and (parts := _all_units_parts(was, now)):
            told = "；".join(text for _, text in parts)
            yield change_at(graver(kind for kind, _ in parts), _label(now), told, old, new, ALL_UNITS, rule_id)


def _all_units_parts(old: AllUnitsRule, new: AllUnitsRule) -> Parts:
    parts = _level(old.level, new.level)
    parts += _objects([_path(path) for path in old.paths], [_path(path) for path in new.paths])
    pairs = (("比较", old.kind, new.kind), ("看", old.column, new.column), ("按", old.by, new.by))
    parts += [(SettingClass.CHANGED, f"“{key}”{text_step(a, b)}") for key, a, b in pairs if a != b]
    if old.limit != new.limit:
        kind = SettingClass.LOOSER if new.limit > old.limit else SettingClass.STRICTER
        parts.append((kind, f"“上限”由 {show(old.limit)} 改为 {show(new.limit)}"))
    texts = [one.formula.text if one.formula else "" for one in (old, new)]
    if texts[0] != texts[1]:
        is_same = all(texts) and Meaning(texts[0], {}).digest == Meaning(texts[1], {}).digest
        told = "公式改写了，意思一样" if is_same else f"“公式”{text_step(texts[0], texts[1])}"
        parts.append((SettingClass.SAME if is_same else SettingClass.CHANGED, told))
    words = ((NAME, old.name, new.name), (SOURCE, old.source, new.source))
    parts += [(SettingClass.WORDS, f"“{key}”{text_step(a, b)}") for key, a, b in words if a != b]
    return parts


def _figures(old: RulesVersion, new: RulesVersion) -> Iterator[SettingChange]:
    before, after = ({figure.path: figure for figure in side.form.figures.figures} for side in (old, new))
    for path in {**before, **after}:
        was, now = before.get(path), after.get(path)
        label = f"{FIGURES} {_dotted(path)}"
        if was is None or now is None:
            formula = (now or was).formula.text  # type: ignore[union-attr]
            told = f"{'新增' if was is None else '去掉了'}，公式是{quoted(formula)}"
            yield change_at(SettingClass.CHANGED, label, told, old, new, FIGURES, _dotted(path))
            continue
        parts: Parts = []
        if was.formula.text != now.formula.text:
            is_same = Meaning(was.formula.text, {}).digest == Meaning(now.formula.text, {}).digest
            told = f"公式{text_step(was.formula.text, now.formula.text)}"
            parts.append((SettingClass.SAME, "公式改写了，意思一样") if is_same else (SettingClass.CHANGED, told))
        for name in dict.fromkeys((*was.where, *now.where)):
            texts = [side.where[name].text if name in side.where else "" for side in (was, now)]
            if texts[0] != texts[1]:
                parts.append((SettingClass.CHANGED, f"“{WHERE}”的“{name}”{text_step(*texts)}"))
        if was.unit != now.unit:
            parts.append((SettingClass.CHANGED, f"单位{text_step(was.unit, now.unit)}"))
        if parts:
            told = "；".join(text for _, text in parts)
            yield change_at(graver(kind for kind, _ in parts), label, told, old, new, FIGURES, _dotted(path))


def _dotted(path: ValuePath) -> str:
    return ".".join(map(str, path))


def _vocabulary(old: RulesVersion, new: RulesVersion) -> Iterator[SettingChange]:
    before, after = old.form.rules.vocabulary, new.form.rules.vocabulary
    for name in {**before.signs, **after.signs}:
        if before.signs.get(name) != after.signs.get(name):
            told = step(before.signs.get(name), after.signs.get(name)) + "：这样的名称，放宽还是趋严按它算"
            yield change_at(SettingClass.CHANGED, f"{SIGNS} {name}", told, old, new, SIGNS, name)
    if before.grades != after.grades:
        gone, come = (["、".join(scale) for scale in one if scale not in other] for one, other in (
            (before.grades, after.grades), (after.grades, before.grades)))  # fmt: skip
        told = "，".join(
            f"{word}“{'”“'.join(map(cut, listed))}”" for word, listed in (("去掉了", gone), ("加了", come)) if listed
        )
        yield change_at(SettingClass.CHANGED, GRADES, told or "换了先后", old, new, GRADES)
