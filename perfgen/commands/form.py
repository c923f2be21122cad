"""`perfgen form`: a shipped form laid into a repository that is there; the editor told which files have which form."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perfgen.authoring import editor_globs, settings_text
from perfgen.findings import FindingsError, FormError, UsageError
from perfgen.form import forms
from perfgen.project import invocation
from perfgen.project.arguments import find_root, open_project
from perfgen.project.layout import SCHEMA_FOLDER
from perfgen.project.snapshot import Project
from perfgen.project.trees import Contents
from perfgen.repository import contents
from perfgen.system import console, write

HELP = "把程序带的一张表放进仓库：form add 表名；让编辑器认得各张表的文件：form editor"
_EDITOR = ".vscode/"
_SETTINGS = f"{_EDITOR}settings.json"
_SHOWN = 5
"""So many folders are named that no glob can serve."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("action", metavar="add|editor", choices=["add", "editor"], help="放进一张表；写编辑器的设置")
    parser.add_argument("name", metavar="表名", nargs="?", help=f"add 的有：{'、'.join(contents.form_names())}")


def run(options: argparse.Namespace) -> int:
    """Lays a form's files, or writes which data files have which schema into the editor's settings."""
    if options.action == "editor":
        if options.name:
            raise UsageError("form editor 后面不写表名：各张表一起写。")
        _write_settings(open_project(options.directory))
        return 0
    if not options.name:
        raise UsageError(f"写上表名，有的是：{'、'.join(contents.form_names())}。")
    return _add(options)


@dataclass(frozen=True)
class _Addition:
    """A shipped form with the forms that it refers to, as they come into a repository."""

    brought: tuple[str, ...]
    """The forms that come, the one that was asked for first."""
    kept: tuple[str, ...]
    """Those that are there, whoever changed them: they stay as they are."""
    own: Mapping[str, bytes]
    """The files that belong to the forms that come."""
    shared: Mapping[str, bytes]
    """What these have in common with others."""


def _addition(root: Path, name: str) -> _Addition:
    """What a form brings into a repository. Raises UsageError where a file of a form is there that is to come."""
    others = contents.with_referred(name)[1:]
    kept = tuple(one for one in others if os.path.lexists(root / contents.schema(one)))
    brought = (name, *(one for one in others if one not in kept))
    own = {path: content for one in brought for path, content in contents.form(one).items()}
    if there := [path for path in own if os.path.lexists(root / path)]:
        raise UsageError(f"已经有了，没有动：{'、'.join(there)}。要换成程序带的，先把它们移走。")
    shared = {path: content for one in brought for path, content in contents.included(one).items() if path not in own}
    return _Addition(brought, kept, own, shared)


def _try(project: Project, addition: _Addition, laid: Mapping[str, bytes]) -> None:
    """Reads forms as they would be with some files laid beside those that are there.

    Raises UsageError where they cannot be read: what they share with other forms, or a form that they refer to, is
    there, and is another one.
    """
    there = {path: project.read(path) for path in project.files(SCHEMA_FOLDER)}
    tried = Project(Contents(there | dict(laid)), project.root)
    for name in addition.brought:
        try:
            if form := forms.find(tried, name):
                forms.reached(tried, form)
        except FormError as error:
            others = [contents.schema(one) for one in addition.kept]
            kept = "、".join([*(path for path in addition.shared if path not in laid), *others])
            first = error.findings[0]
            raise UsageError(
                f"{name} 要用的 {kept} 仓库里已经有了，和程序带的不一样，读不通：{first.place} {first.message}"
                "没有放进任何文件。把程序带的那几段补进去，或者给仓库里的换一个名字，再放。"
            ) from None


def _add(options: argparse.Namespace) -> int:
    """Lays the form's files, and those of the forms that it refers to, all or none: never over a file.

    Editor settings are added where there are none.
    """
    root = find_root(options.directory)
    addition = _addition(root, options.name)
    editor = {path: content for path, content in contents.program_part().items() if path.startswith(_EDITOR)}
    also = {
        path: content for path, content in {**editor, **addition.shared}.items() if not os.path.lexists(root / path)
    }
    laid = {**addition.own, **also}
    _try(open_project(options.directory), addition, laid)
    contents.lay(root, laid)
    for path in (*addition.own, *(path for path in addition.shared if path in laid)):
        console.say(path)
    try:
        _write_settings(open_project(options.directory))
    except FindingsError:
        console.say(f"有的表读不出来，没有改 {_SETTINGS}；改好以后运行 {invocation.command('form', 'editor')}。")
    _say(addition)
    return 0


def _say(addition: _Addition) -> None:
    """Says which forms came and which were left, and what is next."""
    name, *also = addition.brought
    if also:
        console.say(f"{name} 要引用的表也放进来了：{'、'.join(also)}。")
    if addition.kept:
        console.say(f"要引用的 {'、'.join(addition.kept)} 仓库里已经有，没有动。")
    console.say(f"数据文件的第一项写上 {name} 就用这张表。")


def _write_settings(project: Project) -> None:
    """Puts the globs of all forms into the settings of VS Code; all else in them stays.

    Settings that are not understood are left, and what to write there is said. Raises FormError for a broken form.
    """
    globs, shared = editor_globs.globs(project)
    is_there = project.holds(_SETTINGS)
    content = project.read(_SETTINGS) if is_there else contents.program_part()[_SETTINGS]
    try:
        before = content.decode("utf-8")
        after = settings_text.with_globs(before, globs)
    except (UnicodeDecodeError, settings_text.UnclearError) as error:
        why = error if isinstance(error, settings_text.UnclearError) else "不是 UTF-8 编码"
        wanted = json.dumps({settings_text.KEY: globs}, ensure_ascii=False, indent=2)
        raise UsageError(f"{_SETTINGS} 看不懂，没有动：{why}。请自己写进去：\n{wanted}") from None
    if after != before or not is_there:
        write.replace(project.root / _SETTINGS, after.encode(), top=project.root)
        console.say(f"{_SETTINGS}：写好了各张表的文件在哪里。")
    else:
        console.say(f"{_SETTINGS}：没有要改的。")
    if shared:
        named = "、".join(f"data/年度/{folder}".rstrip("/") for folder in shared[:_SHOWN])
        console.say(f"几张表的文件放在同一个文件夹里的，编辑器看文件的第一行（# yaml-language-server: …）：{named}")
