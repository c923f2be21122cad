"""Projects in tests: what is on the disk now, as a snapshot; the repository's own, which no test changes, only once."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfgen.check import loading
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.source.reader import Document
from perfgen.table import template

REPOSITORY = Path(__file__).resolve().parents[2]
NOT_READ = (".git", "build")
SCHEMAS = "schema"
FORMS = ("schema/", "templates/")
SHARED = ("perfgen.form.forms", "perfgen.table.template", "perfgen.importing.which_form")
"""The modules whose functions make what projects share: of schemas and templates, at once."""
_on_disk = Project.on_disk
_OURS: list[Project] = []
_LAST: dict[Path, tuple[dict[str, tuple[int, int]], Project]] = {}
"""The project that a test asked for last, with the dates and sizes of its files then."""


def forget() -> None:
    """Lets go of what is known of the repository."""
    _OURS.clear()
    _LAST.clear()


def snapshot(root: Path) -> Project:
    """The project at `root` as it is now."""
    if root != REPOSITORY:
        return _of_a_test(root)
    if not _OURS:
        _OURS.append(Project.on_disk(REPOSITORY))
    return _OURS[0]


def _of_a_test(root: Path) -> Project:
    """The project of a test; what the test did not change since it last asked, its form above all, is kept."""
    paths = (path for path in root.rglob("*") if path.relative_to(root).parts[0] not in NOT_READ and path.is_file())
    now = {path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}
    known = _LAST.pop(root, None)
    if known is None:
        _LAST.clear()
        project = Project.on_disk(root)
    else:
        before, project = known
        changed = [path for path in now.keys() | before.keys() if now.get(path) != before.get(path)]
        project = project.with_changes(changed)
    _LAST[root] = (now, project)
    return project


@contextmanager
def restored(root: Path) -> Iterator[Path]:
    """A project that several tests change, each from the same beginning: to copy and read it again takes long."""
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    yield root
    for path in [path for path in root.rglob("*") if path.is_file()]:
        if path not in before:
            path.unlink()
    for path, content in before.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def share_forms() -> None:
    """Lets every snapshot of the disk in this process have what is made of the repository's schemas and templates.

    A project has what is made of such files as it has too, byte for byte. Reading the real forms takes several times
    as long as checking a file, and most tests that run a command do it once or more.
    """
    Project.on_disk = _with_our_forms


def _with_our_forms(root: Path) -> Project:
    project = _on_disk(root)
    with suppress(OSError):  # what cannot be read is not shared; the project itself will say so
        _take_ours(project, root)
    return project


def _take_ours(project: Project, root: Path) -> None:
    if root != REPOSITORY and _names(root) & _names(REPOSITORY):
        ours = snapshot(REPOSITORY)
        for form in forms.loaded(ours):
            template.read_template(ours, form.template(template.TABLE_TEMPLATE))
        alike = functools.cache(functools.partial(_is_ours, root))
        project._made = {
            key: made
            for key, made in ours._made.items()
            if made.reads and _is_shared(key[0]) and all(map(alike, made.reads))
        }


def _names(root: Path) -> set[str]:
    """What the files of schema/ are called; a project with none of our names shares nothing, and waits for nothing."""
    folder = root / SCHEMAS
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _is_shared(make: object) -> bool:
    """Whether a function looks at schemas and templates when it is called, and what it gives at none later."""
    return getattr(make, "__module__", "") in SHARED


def _is_ours(root: Path, path: str) -> bool:
    """Whether what a project has at a path of schema/ or templates/ is what the repository has there, or neither has
    anything; of a folder, all that lies below. A link is nothing of ours."""
    theirs, own = root / path, REPOSITORY / path
    if not path.startswith(FORMS) or any(part.is_symlink() for part in (theirs, *theirs.parents) if part != root):
        return False
    if path.endswith("/"):
        names = [{part.relative_to(top) for part in top.rglob("*")} for top in (theirs, own)]
        return names[0] == names[1] and not any(part.is_symlink() for part in theirs.rglob("*"))
    if not theirs.is_file() or not own.is_file():
        return not theirs.exists() and not own.exists()
    return theirs.read_bytes() == own.read_bytes()


def with_form(root: Path, *sources: str) -> Path:
    """Makes a project at `root` with the forms of the repository, and those of its data files that are named."""
    for folder in ("schema", "templates"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    (root / "data/2025").mkdir(parents=True)
    for source in sources:
        (root / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / source, root / source)
    return root


def settings(name: str, form: str, approved: str, published: str) -> str:
    """The settings of a site with dates for 2025, and dates of its own for a form."""
    return f"""\
站点: {{名称: {name}, 域名: www.example.gov.cn, 标识码: bm00000000}}
公开:
  2025:
    批复日期: 2025-01-24
    公开日期: 2025-02-10
    表:
      {form}: {{批复日期: {approved}, 公开日期: {published}}}
"""


def document_and_form(root: Path, source: str) -> tuple[Document, Form]:
    """A data file of the project at `root`, and its form."""
    filing = loading.filing(snapshot(root), DataFile.at(source))
    return filing.document, filing.form
