"""The file of the next form of the year, started from a file that is there: where it goes, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfgen.authoring import draft, next_step
from perfgen.authoring.new_file import new_file
from perfgen.authoring.next_step import Step
from perfgen.authoring.rollover import named
from perfgen.authoring.started import Started, started
from perfgen.check import former_names, loading, new_name, references
from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, put
from perfgen.findings import DataError, Finding, UsageError
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.form.path_pattern import PathError, PathPattern, text_of, wrong_in
from perfgen.project import invocation
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project


@dataclass(frozen=True)
class NextFile:
    """A file of the next form, not written yet."""

    file: DataFile
    """What it is started from."""
    target: DataFile
    step: Step
    started: Started
    refused: list[ValuePath]
    """What was not taken over, since the new form does not take such values there."""
    draft: draft.Draft

    @property
    def form(self) -> Form:
        """The form that it is of."""
        return self.step.form

    @property
    def content(self) -> bytes:
        """The file as it is to be written."""
        return self.draft.text.encode()

    @property
    def words(self) -> str:
        """The form, the unit, and what the file is about."""
        form, top = self.form, self.draft.document.top
        about = (text_of(top.get(name)) for name in (form.fields.with_role("unit"), *form.subject))
        return f"《{form.title}》{' '.join(filter(None, about))}"

    def remarks(self) -> Iterator[str]:
        """What its author should know beside the holes, a line each."""
        if self.started.unknown_groups:
            groups = named(self.started.unknown_groups)
            yield f"{self.target}: 《{self.form.title}》里没有这几组，没有带过来：{groups}。"
        if self.started.hidden:
            names = named(self.started.hidden)
            yield f"{self.target}: {self.file} 里不公开的名称，这张表要公开，没有带过来：{names}。"
        if self.refused:
            yield f"{self.target}: {self.file} 里的写法这张表不收，没有带过来：{named(self.refused)}。"


def next_file(project: Project, file: DataFile, wanted: str | None = None, path: str = "") -> NextFile:
    """Makes the file that follows a data file; `wanted` names its form.

    `path` says where it goes below the year, as `x-path` does, for a form that does not say it itself.
    Raises DataError for a file with errors, FormError for a broken form, UsageError where there is no next form, or not
    one alone, where the file is there already, or would have no place.
    """
    step = next_step.chosen(project, loading.filing(project, file).form, wanted)
    read = loading.well_formed(project, file)
    begun = started(step.form, step.reference, read.document.top, read.form.fields)
    for key in step.reference.keys:
        if not text_of(begun.values.get(key.here)):
            raise UsageError(f"{file} 里“{key.there}”没有填，新文件不知道写什么")
    if not file.year.isdigit():
        raise UsageError(f"{file} 不在年度的文件夹里，不知道是哪一年的")
    year = str(int(file.year) + step.reference.years)
    _rename(project, read, step, begun)
    if there := references.referring(project, step.form, year, _keys(step, begun)):
        raise UsageError(f"{there[0]} 已经有了，没有动它")
    target = _target(project, file, step, DataFile(year, path), begun.values)
    made, refused = _draft(step.form, target, begun, f"接着 {file} 做的，那里有的不用再填。")
    _must_lead_back(project, step, made, file)
    return NextFile(file, target, step, begun, refused, made)


def _keys(step: Step, begun: Started) -> Mapping[str, Data]:
    return {key.here: begun.values[key.here] for key in step.reference.keys}


def _rename(project: Project, read: Filing, step: Step, begun: Started) -> None:
    """Gives a unit the name that it has in the new file's year. Raises as `former_names.later_unit` does."""
    unit = step.form.fields.with_role("unit")
    file = DataFile.at(read.document.file)
    name = text_of(begun.values[unit]) if unit in begun.values else ""
    for years in range(step.reference.years if name else 0):
        year = str(int(file.year) + years)
        name = former_names.later_unit(project, year, name, lambda other: _place_of(read, other)) or name
    if name:
        begun.values[unit] = name


def _place_of(read: Filing, unit: str) -> str:
    """The path of a file as if its unit had another name."""
    form = read.form
    file = DataFile.at(read.document.file)
    if form.path is None:
        return "/".join([*file.path.split("/")[:-1], unit])
    try:
        return form.path.place({**read.document.top, form.fields.with_role("unit"): unit})
    except PathError:
        return file.path


def _target(project: Project, file: DataFile, step: Step, typed: DataFile, values: Mapping[str, Data]) -> DataFile:
    """Where the new file goes; `typed` is its year, with the path that was typed. Raises UsageError as `next_file`."""
    form = step.form
    if typed.path and form.path:
        raise UsageError(f"《{form.title}》的文件放在 {form.path.text}，不用 --path")
    pattern = form.path
    if typed.path:
        if why := next(wrong_in(typed.path, form.fields), ""):
            raise UsageError(f"--path 里{why.removesuffix('。')}")
        pattern = PathPattern(typed.path)
    target = DataFile(typed.year, file.path if pattern is None else _placed(form, pattern, values))
    if target == file:
        again = invocation.command("next", file.source, "--form", form.name, "--path", "文件夹/{单位}")
        raise UsageError(
            f"《{form.title}》没有写文件放在哪里（x-path），放在原处就是 {file} 自己；用 --path 写明：{again}"
        )
    if project.holds(target.source):
        raise UsageError(f"{target} 已经有了，没有动它")
    if why := new_name.trouble(project, target.source):
        raise UsageError(f"“{target}”不能做文件名：{why}")
    return target


def _placed(form: Form, pattern: PathPattern, values: Mapping[str, Data]) -> str:
    named = {form.fields.with_role("form"): form.name, **values}
    if missing := [name for name in pattern.names if name not in named]:
        hint = f"在“引用”的“照抄”里写上，或者用 {invocation.command('new', '年度', '单位', '--form', form.name)} 做空的"
        raise UsageError(f"《{form.title}》放在 {pattern.text}，引用没有给“{'、'.join(missing)}”；{hint}")
    try:
        return pattern.place(named)
    except PathError as error:
        raise UsageError(f"“{error.name or pattern.text}”不能做文件名：{error}") from None


def _draft(form: Form, target: DataFile, begun: Started, note: str) -> tuple[draft.Draft, list[ValuePath]]:
    """The new file read back, and what of it was left out because the form does not take it.

    Raises DataError where it has other errors than holes.
    """
    try:
        return _read_back(form, target, begun, note), []
    except DataError as error:
        refused = [path for path in begun.copied if any(_is_at(finding, path) for finding in error.findings)]
        if not refused:
            raise
    for path in refused:
        put(begun.values, path, None)
    return _read_back(form, target, begun, note), refused


def _read_back(form: Form, target: DataFile, begun: Started, note: str) -> draft.Draft:
    schema = "../" * target.source.count("/") + form.files[0]
    name = form.fields.with_role("unit")
    unit = text_of(begun.values.get(name)) or next(iter(form.fields.members[name].choices), "")
    text = new_file(form, int(target.year), unit, schema, begun.values, note=note)
    return draft.read_back(text, target.source, form)


def _is_at(finding: Finding, path: ValuePath) -> bool:
    return finding.path[: len(path)] == path


def _must_lead_back(project: Project, step: Step, made: draft.Draft, file: DataFile) -> None:
    """Raises UsageError where the new file's reference would not find the file that it was started from."""
    found = references.files(project, step.reference, made.document, step.form)
    if isinstance(found, Unavailable):
        raise UsageError(f"引用“{step.reference.name}”{found.reason}；{found.advice}".rstrip("。；"))
    if found != (file,):
        raise UsageError(f"引用“{step.reference.name}”找到的是 {'、'.join(map(str, found))}，不是 {file}")
