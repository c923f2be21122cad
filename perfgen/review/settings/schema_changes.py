"""What changed in a form's schema, as it was loaded: what may be published, what is asked, what each field is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from perfgen.data import Data
from perfgen.fields import Field
from perfgen.findings import Place
from perfgen.form.forms import Form
from perfgen.form.schema_meaning import ITEMS, OPEN, FieldPath, asked_of_data, pointer_of, words_for_people
from perfgen.form.schema_text import place_of
from perfgen.review.settings.change import SettingChange, SettingClass, cut, listed_step, quoted, step

IS_MEASURE, IS_IDENTITY = "要比较的值（x-measure）", "认哪一行的名称（x-identity）"
"""What two annotations are called: on them depends how data is compared."""
_NAMED = 3
"""So many fields are named for one change."""
_PLACED = 200
"""So many changes are told with their place: to find one takes a walk through the file."""
_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"})
_WORDS = {
    "minimum": "最小", "exclusiveMinimum": "要大于", "minLength": "最少字数", "minItems": "最少几项",
    "minProperties": "最少几个名称", "maximum": "最大", "exclusiveMaximum": "要小于", "maxLength": "最多字数",
    "maxItems": "最多几项", "maxProperties": "最多几个名称", "pattern": "写法", "format": "格式", "enum": "可选的词",
    "required": "必填", "type": "种类", "multipleOf": "最小单位", "const": "固定的值", "uniqueItems": "不许重复",
    "additionalProperties": "别的名称",
}  # fmt: skip
"""What the keywords are called in sentences."""


_OF_FORM = {
    "x-path": (SettingClass.CHANGED, "文件放在哪里"), "x-rollover": (SettingClass.CHANGED, "续写下一年"),
    "x-own-dates": (SettingClass.PUBLIC, "公开日期"),
}  # fmt: skip
"""The annotations of a form as a whole, and what they are called in sentences."""


class _Told(NamedTuple):
    """A change as it is said of each field that it concerns."""

    kind: SettingClass
    what: str
    sentence: str


@dataclass(frozen=True)
class SchemaVersion:
    """One version of a form's schema: loaded, its text, and all that it may refer to outside itself."""

    form: Form
    content: bytes
    others: bytes = b""

    def place(self, path: FieldPath, file: str) -> Place:
        """Where the node of a field stands."""
        return place_of(self.content, pointer_of(self.form.schema, path), file)


def schema_changes(old_version: SchemaVersion, new_version: SchemaVersion, file: str) -> list[SettingChange]:
    """The changes between two versions of a form's schema; none where they ask and mean the same."""
    old, new = old_version.form, new_version.form
    before, after = (dict(_fields(form.figures.fields, ())) for form in (old, new))
    asked = asked_of_data(old, old_version.others), asked_of_data(new, new_version.others)
    told: dict[_Told, list[FieldPath]] = defaultdict(list)
    for path in {**before, **after}:
        was, now = before.get(path), after.get(path)
        for one in _of_field(was, now):
            told[one].append(path)
    for one in _of_form(old, new):
        told[one].append(())
    for path in {**asked[0], **asked[1]}:
        if path in asked[0] and path in asked[1]:  # a field that came or went is told as a whole
            for one in _of_keywords(asked[0][path], asked[1][path]):
                told[one].append(path)
    titles = {path: field.title for path, field in {**before, **after}.items()}
    changes = [_change(one, paths, titles, file) for one, paths in told.items()]
    for number, paths in enumerate([*told.values()][:_PLACED]):
        old_place = old_version.place(paths[0], file) if paths[0] in before else None
        new_place = new_version.place(paths[0], file) if paths[0] in after else None
        changes[number] = replace(changes[number], old_place=old_place, new_place=new_place)
    return [*changes, *_words(old, new, file)]


def _change(told: _Told, paths: list[FieldPath], titles: Mapping[FieldPath, str], file: str) -> SettingChange:
    """One change, of all the fields that it is a change of, without its place."""
    names = [_name(path, titles) for path in paths]
    more = f"等 {len(names)} 处" if len(names) > _NAMED else ""
    label = f"{told.what} {'、'.join(names[:_NAMED])}{more}"
    return SettingChange(told.kind, file, label, told.sentence, is_loud=told.sentence == _visibility(is_public=True))


def _name(path: FieldPath, titles: Mapping[FieldPath, str]) -> str:
    """A field by its path, with its title where that says more."""
    words = [step for step in path if step not in (ITEMS, OPEN)]
    name = ".".join(words) + ("（各项的名称随意）" if path and path[-1] == OPEN else "")
    title = titles.get(path, "")
    return cut((name or "整张表") + (f"（{title}）" if words and title and title != words[-1] else ""))


def _fields(field: Field, path: FieldPath) -> Iterator[tuple[FieldPath, Field]]:
    """Every field of a form by its path, figures too."""
    yield path, field
    for name, member in field.members.items():
        yield from _fields(member, (*path, name))
    if field.other:
        yield from _fields(field.other, (*path, OPEN))
    if field.item:
        yield from _fields(field.item, (*path, ITEMS))


def _of_field(old: Field | None, new: Field | None) -> Iterator[_Told]:
    if old is None or new is None:
        yield from _came_or_went(old, new)
        return
    if _is_shown(old) != _is_shown(new):
        yield _Told(SettingClass.PUBLIC, "公开", _visibility(is_public=_is_shown(new)))
    if old.printed != new.printed:
        told = "由印在表上改为不印" if old.printed else "由不印改为印在表上"
        yield _Told(SettingClass.PUBLIC, "印不印", told)
    if old.role != new.role:
        yield _Told(SettingClass.CHANGED, "用处（x-role）", step(old.role, new.role))
    if old.measure != new.measure:
        told = "不再当作要比较的值，放宽看不出来" if old.measure else "现在当作要比较的值"
        yield _Told(SettingClass.LOOSER if old.measure else SettingClass.STRICTER, IS_MEASURE, told)
    if old.outcome_of != new.outcome_of:
        told = f"现在是“{new.outcome_of}”的结果，不再看放宽" if new.outcome_of else "不再是结果，当作承诺比较"
        yield _Told(SettingClass.LOOSER if new.outcome_of else SettingClass.STRICTER, "结果（x-outcome）", told)
    pairs = (
        (IS_IDENTITY, old.identity, new.identity), ("金额的单位（x-unit）", old.unit, new.unit),
        ("下一年（x-next）", _next(old), _next(new)),
        ("组（x-groups）", old.groups, new.groups), ("组的名称（x-label）", old.label, new.label),
        ("组的内容（x-rows）", old.rows, new.rows),
    )  # fmt: skip
    for what, was, now in pairs:
        if was != now:
            yield _Told(SettingClass.CHANGED, what, step(was or None, now or None))
    for what, was, now in (("标题", old.title, new.title), ("名称分行（x-lines）", old.lines, new.lines)):
        if was != now:
            yield _Told(SettingClass.WORDS, what, step(was or None, now or None))


def _of_form(old: Form, new: Form) -> Iterator[_Told]:
    """What the schema says of the form as a whole: where its files lie, when they are published, how they go on."""
    for keyword, (kind, what) in _OF_FORM.items():
        was, now = (form.schema.get(keyword) for form in (old, new))
        if was != now:
            yield _Told(kind, f"{what}（{keyword}）", step(_typed(was), _typed(now)))


def _typed(value: Data) -> str | None:
    """An annotation as the schema has it; None for none."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _next(field: Field) -> str:
    return f"{field.next.kind} {field.next.sibling}".strip()


def _is_shown(field: Field) -> bool:
    """Whether its own value may be published; of a group or list, its parts say that."""
    has_parts = field.members or field.other or field.item
    return field.public and not has_parts


def _visibility(*, is_public: bool) -> str:
    return "由不公开改为公开：生成以后谁都看得到" if is_public else "由公开改为不公开：公开的文件里不再有"


def _came_or_went(old: Field | None, new: Field | None) -> Iterator[_Told]:
    field = new or old
    assert field is not None
    is_public = field.holds_public()
    seen = "公开" if is_public else "不公开"
    if new is not None:
        kind = SettingClass.PUBLIC if is_public else SettingClass.CHANGED
        yield _Told(kind, "新的一项", f"新增，{seen}")
    else:
        yield _Told(SettingClass.LOOSER, "去掉的一项", f"表里没有了，原来{seen}")


def _of_keywords(old: Mapping[str, Data], new: Mapping[str, Data]) -> Iterator[_Told]:
    for name in {**old, **new}:
        was, now = old.get(name), new.get(name)
        if was != now or (name in old) != (name in new):
            yield _Told(_way(name, was, now), _WORDS.get(name, name), _sentence(name, was, now))


def _way(name: str, old: Data, new: Data) -> SettingClass:
    """Which way a keyword went: asking less is looser."""
    if name == "additionalProperties":
        return SettingClass.STRICTER if new is False else SettingClass.LOOSER
    if name in ("enum", "type", "required"):
        return _way_of_words(
            _set(old), _set(new), more_is_looser=name != "required", is_new=old is None, is_gone=new is None
        )
    if old is None or new is None:
        if name in ("if", "then", "else", "$ref", "$dynamicRef", "$dynamicAnchor"):
            return SettingClass.CHANGED
        return SettingClass.LOOSER if new is None else SettingClass.STRICTER
    if isinstance(old, Decimal | int) and isinstance(new, Decimal | int) and name in _LOWER | _UPPER:
        return SettingClass.LOOSER if (new < old) == (name in _LOWER) else SettingClass.STRICTER
    if isinstance(old, bool) and isinstance(new, bool):
        return SettingClass.LOOSER if old else SettingClass.STRICTER
    return SettingClass.CHANGED


def _way_of_words(old: set[str], new: set[str], *, more_is_looser: bool, is_new: bool, is_gone: bool) -> SettingClass:
    if more_is_looser and (is_new or is_gone):  # without the keyword anything goes
        return SettingClass.LOOSER if is_gone else SettingClass.STRICTER
    if old < new:
        return SettingClass.LOOSER if more_is_looser else SettingClass.STRICTER
    if new < old:
        return SettingClass.STRICTER if more_is_looser else SettingClass.LOOSER
    return SettingClass.CHANGED


def _set(value: Data) -> set[str]:
    return {str(one) for one in value} if isinstance(value, list) else set() if value is None else {str(value)}


def _sentence(name: str, old: Data, new: Data) -> str:
    if name == "additionalProperties":
        return "不许再写别的名称" if new is False else "可以写别的名称了"
    if name in ("enum", "required", "type"):
        return listed_step(sorted(_set(old)), sorted(_set(new)))
    if name not in _WORDS and name not in _LOWER | _UPPER:
        return "新增" if old is None else "去掉了" if new is None else "改了"
    return step(_shown(old), _shown(new))


def _shown(value: Data) -> Data:
    """A value as sentences show it: of several asked by one keyword, all."""
    return [quoted(one) for one in value] if isinstance(value, list) else value


def _words(old: Form, new: Form, file: str) -> Iterator[SettingChange]:
    """One change for all that a schema says to people besides titles."""
    before, after = words_for_people(old), words_for_people(new)
    changed = [at for at in {**before, **after} if before.get(at) != after.get(at) and not at.endswith("/title")]
    if changed:
        first = changed[0]
        told = f"{len(changed)} 处说明、提示或例子改了，第一处 {cut(first)}"
        if all(isinstance(one.get(first), str) for one in (before, after)):
            told += f"：{step(before[first], after[first])}"
        yield SettingChange(SettingClass.WORDS, file, "给人看的话", told)
    if old.title != new.title:
        yield SettingChange(SettingClass.WORDS, file, "表的名称", step(old.title, new.title))
