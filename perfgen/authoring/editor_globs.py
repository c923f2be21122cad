"""Which data files are of which form, told in globs: for editors, which look up the schema of a file by its path.

A form with a pattern (`x-path`) has the places of its pattern; one without has the folders that its files are in. Two
schemas for one file would both be held against it, so a folder with files of several forms has no glob: there the
first line of a file says which schema it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from perfgen.authoring.settings_text import OURS
from perfgen.check import loading
from perfgen.findings import FindingsError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.form.path_pattern import PathPattern
from perfgen.project.layout import SUFFIX, DataFile
from perfgen.project.snapshot import Project

_SPECIAL = re.compile(r"[\[\]{}()*!?,\\]")


def globs(project: Project) -> tuple[dict[str, list[str]], list[str]]:
    """By the path of a form's schema, its globs; and the folders below the years that no glob can serve.

    Raises FormError for a broken form.
    """
    known = forms.loaded(project)
    folders = _folders(project, known)
    free = [form for form in known if form.path is None]
    found: dict[str, list[str]] = {}
    for form in known:
        if form.path is not None:
            own = [_of_pattern(form.path)]
        elif len(known) == 1:
            own = [f"{OURS}**/*{SUFFIX}"]
        else:
            own = [_of_folder(folder) for folder, names in sorted(folders.items()) if names == {form.name}]
            if not own and free == [form]:
                own = [_of_folder("")]
        found[form.files[0]] = [written for glob in own for written in _both_ways(glob)]
    return found, sorted(folder for folder, names in folders.items() if len(names) > 1)


def _folders(project: Project, known: Sequence[Form]) -> Mapping[str, set[str]]:
    """By folder below a year, the forms without a pattern whose files are there, and those whose pattern fits these."""
    patterns = {form.name: form.path for form in known if form.path}
    found: dict[str, set[str]] = {}
    for file in project.data_files()[0]:
        form = _form_of(project, file)
        if form is not None and form.path is None:
            folder = found.setdefault(file.path.rpartition("/")[0], set())
            folder |= {form.name, *(name for name, pattern in patterns.items() if _fits(pattern, file.path))}
    return found


def _form_of(project: Project, file: DataFile) -> Form | None:
    try:
        return loading.named_form(project, file)
    except FindingsError:
        return None


def _fits(pattern: PathPattern, path: str) -> bool:
    parts = path.split("/")
    return len(parts) == len(pattern.segments) and all(
        re.fullmatch("".join(".*" if piece.is_field else re.escape(piece.text) for piece in segment), part)
        for segment, part in zip(pattern.segments, parts, strict=True)
    )


def _both_ways(glob: str) -> list[str]:
    """A glob, and the same as it stands in an address: yaml-language-server looks at one or the other."""
    return list(dict.fromkeys([glob, quote(glob, safe="/[]*?")]))


def _of_folder(folder: str) -> str:
    middle = f"{_SPECIAL.sub('?', folder)}/" if folder else ""
    return f"{OURS}{middle}*{SUFFIX}"


def _of_pattern(pattern: PathPattern) -> str:
    segments = (
        "".join("*" if piece.is_field else _SPECIAL.sub("?", piece.text) for piece in segment)
        for segment in pattern.segments
    )
    return f"{OURS}{'/'.join(segments)}{SUFFIX}"
