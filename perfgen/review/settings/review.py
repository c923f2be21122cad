"""Compares what the data of two versions is judged and printed by: forms, templates, settings, the program's pin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from perfgen.findings import FindingsError, ToolError
from perfgen.form import forms
from perfgen.form.forms import RULES_SUFFIX, SETTINGS, Form
from perfgen.project import shipped
from perfgen.project.layout import DATA, SCHEMA_FOLDER, SCHEMA_SUFFIX, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review.file_version import VersionPair
from perfgen.review.settings.change import SettingChange, SettingClass
from perfgen.review.settings.effect import Effect, Judge, effect
from perfgen.review.settings.pin_changes import REQUIREMENTS, VENDOR, pin_changes, program_changes, vendored_change
from perfgen.review.settings.plain_changes import plain_changes
from perfgen.review.settings.rule_changes import rule_changes
from perfgen.review.settings.rules_version import RulesVersion
from perfgen.review.settings.schema_changes import SchemaVersion, schema_changes
from perfgen.review.settings.sides import (
    RUN,
    Changed,
    Side,
    changed_settings,
    form_names,
    names_of,
    sides_of,
    with_data_of,
    with_forms_of,
)
from perfgen.review.settings.stale import Stale, stale_outputs
from perfgen.review.settings.text_changes import text_changes
from perfgen.review.settings.unit_changes import unit_changes
from perfgen.review.settings.word_changes import word_changes
from perfgen.review.versions import VersionRange

_WORD, _TEXTS = ".docx", (".html", ".css", ".txt", ".svg", ".typ", ".md", ".j2", ".json", ".xml")
_NO_JUDGE = frozenset({SettingClass.SAME, SettingClass.WORDS})


@dataclass(frozen=True)
class SettingsReview:
    """What changed beside the data of units, and what that does."""

    changes: tuple[SettingChange, ...] = ()
    """The most important first."""
    compared: frozenset[str] = frozenset()
    """The paths of the files that were compared."""
    effect: Effect | None = None
    """What the change of the rules does to the findings; None where nobody looked."""
    stale: tuple[Stale, ...] = field(default=())
    before: Project | None = field(default=None, compare=False, repr=False)
    """The old version with its own forms and templates, where these differ."""
    readable: Project | None = field(default=None, compare=False, repr=False)
    """The project with the old forms, by which the data is compared where the present ones cannot be read."""

    @property
    def is_different(self) -> bool:
        """Whether anything is different but the layout of files."""
        return any(not change.is_only_layout for change in self.changes)

    def with_units(self, pairs: Iterable[VersionPair]) -> SettingsReview:
        """The same with what units' files changed of what they are judged by."""
        found = [*self.changes, *unit_changes(pairs)]
        return replace(self, changes=tuple(sorted(found, key=lambda change: change.weight)))

    def of(self, *kinds: SettingClass) -> list[SettingChange]:
        """The changes of some classes."""
        return [change for change in self.changes if change.kind in kinds]


def review(project: Project, ends: VersionRange, unused: Collection[str], judge: Judge | None = None) -> SettingsReview:
    """The changes of the settings between two versions.

    What of the new version is `unused` here is read and compared, and neither rules nor templates of it are applied:
    then nothing is judged. Raises ToolError where git fails.
    """
    changed = changed_settings(project.root, ends)
    if not changed:
        return SettingsReview()
    sides = sides_of(project, ends, changed)
    found = sorted(_all_changes(sides, changed), key=lambda change: change.weight)
    forms_changed = any(_is_of_forms(file.path) for file in changed)
    if any(map(_is_of_forms, unused)):
        return SettingsReview(tuple(found), _paths(changed), before=sides[0].project if forms_changed else None)
    after = with_data_of(project, ends)
    readable = with_forms_of(project, sides[0]) if forms_changed and _only_new_is_broken(project, sides[0]) else None
    return SettingsReview(
        tuple(found),
        _paths(changed),
        _judged(sides[0], after, judge) if judge and not readable and _may_judge_otherwise(found) else None,
        () if readable else tuple(_stale(sides, after, _paths(changed))),
        sides[0].project if forms_changed else None,
        readable,
    )


def _paths(changed: Iterable[Changed]) -> frozenset[str]:
    return frozenset(file.path for file in changed if not file.is_submodule)


def _is_of_forms(path: str) -> bool:
    return path.startswith((f"{SCHEMA_FOLDER}/", f"{TEMPLATE_FOLDER}/"))


def _only_new_is_broken(project: Project, old: Side) -> bool:
    """Whether the present forms cannot be read, and the old ones can."""
    return not _can_be_read(project) and _can_be_read(old.project)


def _can_be_read(project: Project) -> bool:
    try:
        forms.loaded(project)
    except (FindingsError, ToolError):
        return False
    return True


def _may_judge_otherwise(changes: Sequence[SettingChange]) -> bool:
    """Whether a change may change what `check` says."""
    return any(
        change.kind not in _NO_JUDGE and (change.file.startswith(f"{SCHEMA_FOLDER}/") or change.file.endswith(_WORD))
        for change in changes
    )


def _judged(old: Side, after: Project, judge: Judge) -> Effect | None:
    """What the old and the new rules say of the new data; None where either cannot be read, which is said."""
    before = with_forms_of(after, old)
    try:
        return effect(before, after, judge)
    except FindingsError:
        return None


def _stale(sides: tuple[Side, Side], after: Project, changed: Collection[str]) -> list[Stale]:
    """The outputs that become stale; none where a form or the settings cannot be read, which is said."""
    try:
        settings = site.load_site(sides[0].project), site.load_site(sides[1].project)
        return stale_outputs(after, changed, settings)
    except (FindingsError, ToolError):
        return []


def _all_changes(sides: tuple[Side, Side], changed: Sequence[Changed]) -> Iterator[SettingChange]:
    paths = {file.path for file in changed}
    of_forms = [change for name in form_names(sides, changed) for change in _form(name, sides, paths)]
    yield from dict.fromkeys(of_forms)
    files_told = {change.file for change in of_forms}
    for file in changed:
        top = file.path.partition("/")[0]
        if file.is_submodule:
            told = "是另一个 git 仓库（子模块），里面的没有比较"
            yield SettingChange(SettingClass.UNREAD, file.path, file.path, told)
        elif top == SCHEMA_FOLDER:
            yield from _other_schema(file, sides, files_told)
        elif top == TEMPLATE_FOLDER:
            yield from _template(file, sides)
        elif top == DATA:
            yield from _plain(file.path, sides)
    yield from _program(sides, changed)


def _form(name: str, sides: tuple[Side, Side], changed: Collection[str]) -> Iterator[SettingChange]:
    """What changed in a form: its schema, then its rules."""
    schema, rules = (f"{SCHEMA_FOLDER}/{name}{suffix}" for suffix in (SCHEMA_SUFFIX, RULES_SUFFIX))
    old, new = (side.form(name) for side in sides)
    if not isinstance(old, Form) or not isinstance(new, Form):
        yield from _not_both(name, schema, old, new)
        return
    before, after = (_schema(side, form) for side, form in zip(sides, (old, new), strict=True))
    of_schema = schema_changes(before, after, schema)
    yield from of_schema or ([_layout(schema)] if schema in changed else [])
    of_rules = rule_changes(RulesVersion(old, rules), RulesVersion(new, rules))
    yield from of_rules
    read = {path for form in (old, new) for path in form.files if path.endswith(RULES_SUFFIX)}
    yield from map(_layout, sorted(read.intersection(changed) - {change.file for change in of_rules}))


def _layout(file: str) -> SettingChange:
    told = "改写了，读出来和原来一样（注释、换行、先后或写法）"
    return SettingChange(SettingClass.SAME, file, file.rpartition("/")[2], told, is_only_layout=True)


def _not_both(
    name: str, file: str, old: Form | SettingChange | None, new: Form | SettingChange | None
) -> Iterator[SettingChange]:
    """What is said of a form that not both versions have, or that cannot be read in one."""
    yield from (side for side in (old, new) if isinstance(side, SettingChange))
    if new is None:
        yield SettingChange(SettingClass.LOOSER, file, f"表 {name}", "整张表去掉了，连同规则")
    elif old is None:
        told = f"新的表“{new.title}”" if isinstance(new, Form) else "新的表"
        yield SettingChange(SettingClass.CHANGED, file, f"表 {name}", told)


def _schema(side: Side, form: Form) -> SchemaVersion:
    """One version of a form's schema, with what it may refer to outside itself."""
    first, *others = (side.read(path) for path in form.files if path.endswith(".json"))
    joined = b"\0".join(content for content in others if isinstance(content, bytes))
    return SchemaVersion(form, first if isinstance(first, bytes) else b"{}", joined)


def _other_schema(file: Changed, sides: tuple[Side, Side], told: Collection[str]) -> Iterator[SettingChange]:
    """A file of schema/ that is no form's own: one that forms refer to, or the copy for editors.

    One whose changes were `told` with those of the forms that include it, or that reads the same, was said.
    """
    name = file.path.removeprefix(f"{SCHEMA_FOLDER}/")
    form = name.removesuffix(SCHEMA_SUFFIX).removesuffix(RULES_SUFFIX)
    if form in SETTINGS and name.endswith(SCHEMA_SUFFIX):
        yield SettingChange(SettingClass.WORDS, file.path, name, "给编辑器用的一份变了；检查用的是程序自己的")
    elif file.path not in told and (form == name or not any(form in names_of(side) for side in sides)):
        what = "变了" if file.in_both else "新增" if file.is_there else "去掉了"
        yield SettingChange(SettingClass.CHANGED, file.path, name, what + "；表引用它的地方要求可能不同")


def _template(file: Changed, sides: tuple[Side, Side]) -> Iterator[SettingChange]:
    """What changed in a template."""
    if not file.in_both:
        yield from _template_of_one(file, sides[1 if file.is_there else 0])
        return
    old, new = (side.read(file.path) for side in sides)
    if isinstance(old, SettingChange) or isinstance(new, SettingChange):
        yield from (one for one in (old, new) if isinstance(one, SettingChange))
    elif file.path.endswith(_WORD):
        yield from _word(file.path, sides)
    elif file.path.endswith(_TEXTS):
        yield from text_changes(old, new, file.path)
    else:
        told = f"内容变了（{len(old)} → {len(new)} 字节）"
        yield SettingChange(SettingClass.CHANGED, file.path, "模板", told)


def _template_of_one(file: Changed, side: Side) -> Iterator[SettingChange]:
    """A template that came or went; it may stand in for one of the program's own, with which it is compared."""
    own = shipped.read(file.path) if file.path.startswith(shipped.FOLDERS) and shipped.holds(file.path) else None
    told = "新的模板文件，生成用它" if file.is_there else "去掉了，生成不再用它"
    instead = "" if own is None else "，不用程序自己的" if file.is_there else "，用程序自己的"
    yield SettingChange(SettingClass.CHANGED, file.path, "模板", told + instead)
    content = side.read(file.path)
    if isinstance(content, SettingChange):
        yield content
    elif file.path.endswith(_TEXTS) and (file.is_there or own is not None):
        pair = (own or b"", content) if file.is_there else (content, own or b"")
        found = text_changes(*pair, file.path)
        yield from (change for change in found if own is not None or change.kind is SettingClass.LOOSER)


def _word(path: str, sides: tuple[Side, Side]) -> list[SettingChange]:
    try:
        found = word_changes(sides[0].project, sides[1].project, path)
    except ValueError as error:
        return [SettingChange(SettingClass.UNREAD, path, "模板", f"没有比较：{error}")]
    return found or [_layout(path)]


def _plain(path: str, sides: tuple[Side, Side]) -> Iterator[SettingChange]:
    """What changed in a settings file."""
    old, new = (side.document(path) for side in sides)
    if isinstance(old, SettingChange) or isinstance(new, SettingChange):
        yield from (one for one in (old, new) if isinstance(one, SettingChange))
    else:
        yield from plain_changes(old, new, path) or [_layout(path)]


def _program(sides: tuple[Side, Side], changed: Sequence[Changed]) -> Iterator[SettingChange]:
    """What changed of the program: its pin, the wheels of the repository, what it runs."""
    others: dict[str, str] = {}
    for file in changed:
        top = file.path.partition("/")[0]
        if file.is_submodule:
            continue  # said above
        if top in (REQUIREMENTS, VENDOR):
            yield from _pinned(file, sides, is_wheel=top == VENDOR)
        elif top in RUN:
            others[file.path] = "改" if file.in_both else "新增" if file.is_there else "去掉"
    yield from program_changes(others)


def _pinned(file: Changed, sides: tuple[Side, Side], *, is_wheel: bool) -> list[SettingChange]:
    """What changed in a list of versions, or in a file that is installed from."""
    old = sides[0].read(file.path) if file.was_there else None
    new = sides[1].read(file.path) if file.is_there else None
    if isinstance(old, SettingChange) or isinstance(new, SettingChange):
        return [one for one in (old, new) if isinstance(one, SettingChange)]
    if is_wheel:
        return [vendored_change(file.path, (None if old is None else len(old), None if new is None else len(new)))]
    return pin_changes(old or b"", new or b"", file.path)
