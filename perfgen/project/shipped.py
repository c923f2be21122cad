"""The files that are shipped with the program: its forms, its templates, and what a new repository is made of.

In a checkout they stand in the repository; in a wheel the build has laid them into perfgen/shipped/, under the same
paths (pyproject.toml, `tool.hatch.build`). `root` is the one function that knows which it is. Of these files a project
uses the program's own ones, those of `FOLDERS`, where it has none of the name itself; they are called
`perfgen:templates/…` then, in messages and in the manifest.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from perfgen.findings import ToolError
from perfgen.project import folders, reading
from perfgen.project.layout import HIDDEN, MAX_OTHER, SCHEMA_FOLDER, TEMPLATE_FOLDER

PREFIX = "perfgen:"
"""How the paths of shipped files begin that a project uses."""
FOLDERS = tuple(f"{TEMPLATE_FOLDER}/{name}" for name in ("review", "shared", "site"))
"""The folders of the templates that belong to the program and not to a form."""
SITE_SCHEMA = f"{SCHEMA_FOLDER}/site.schema.json"
"""What the site's settings are held to; a project has a copy for its editors."""
UNITS_SCHEMA = f"{SCHEMA_FOLDER}/units.schema.json"
"""What the list of units is held to, likewise."""
SETTINGS_SCHEMAS = (SITE_SCHEMA, UNITS_SCHEMA)
"""The schemas that describe settings and are no form; the program's own ones decide."""
EXAMPLE = "data/2025/示例市档案馆.yaml"
"""A data file for a new repository."""
ITEMS = (
    SCHEMA_FOLDER,
    TEMPLATE_FOLDER,
    EXAMPLE,
    ".vscode",
    ".github/workflows/build.yml",
    ".github/workflows/comment.yml",
    "docs/ci.md",
    "docs/cluster.md",
    "docs/diff.md",
    "docs/diff.schema.json",
    "docs/editor.md",
    "docs/form.md",
    "docs/form.png",
    "docs/import.md",
    "docs/install.md",
    "docs/maintenance.md",
    "docs/manual.md",
    "docs/merge.md",
    "docs/rules",
    "docs/rules.md",
    "docs/serve.md",
    "docs/template.md",
    "docs/values.md",
    "docs/verify.md",
    "requirements/cluster.txt",
    "requirements/dependencies.txt",
    "scripts/comment.py",
    "scripts/forge.py",
    "scripts/merge.py",
    "scripts/request.py",
    "scripts/setup.sh",
)
"""The files and folders of the repository that are shipped; the wheel holds these and no others."""
_PACKAGE = Path(__file__).resolve().parents[1]
IN_WHEEL = _PACKAGE / "shipped"
"""Where they lie in a wheel; a checkout has no such folder."""
STARTER = _PACKAGE / "starter"
"""What only a new repository has; part of the package in both."""


def root() -> Path:
    """The folder that the paths of shipped files start from."""
    return IN_WHEEL if IN_WHEEL.is_dir() else _PACKAGE.parent


def is_checkout() -> bool:
    """Whether this perfgen runs from its own repository, and not from a wheel."""
    return root() == _PACKAGE.parent


def paths(*items: str) -> list[str]:
    """The paths of the shipped files that stand at or below some paths, sorted; of all of them where none is given."""
    wanted = [item for item in ITEMS if not items or item.startswith(items)]
    wanted += [item for item in items if item not in wanted and _is_shipped(item)]
    found = {path for item in wanted for path in _at(item)}
    return sorted(path for path in found if not PurePosixPath(path).name.startswith(HIDDEN) and holds(path))


def _at(item: str) -> list[str]:
    if (root() / item).is_file():
        return [item]
    # an installer may link the files of a wheel to its cache; in a repository, a branch may have put the link there
    follows = not is_checkout()
    entries = folders.walk(root() / item)
    return [f"{item}/{entry.path}" for entry in entries if entry.is_file or (follows and entry.is_link)]


def holds(path: str) -> bool:
    """Whether a file of that path is shipped."""
    return _is_shipped(path) and (root() / path).is_file()


def _is_shipped(path: str) -> bool:
    """Whether a path stands at or below one of the items."""
    return any(path == item or path.startswith(f"{item}/") for item in ITEMS) and ".." not in PurePosixPath(path).parts


def read(path: str) -> bytes:
    """A shipped file, by its path.

    Raises ToolError where it is missing: what is installed is not whole. OSError where the system refuses.
    """
    if not holds(path):
        raise ToolError(f"perfgen 自己的文件 {path} 不在，装得不完整；重新安装再试。")
    return reading.in_project(root(), path, MAX_OTHER) if is_checkout() else reading.of_package(root() / path)


def is_named(path: str) -> bool:
    """Whether a path of a project names a shipped file."""
    return path.startswith(PREFIX)


def own_path(path: str) -> str:
    """Where a project's own file lies, or would lie, that stands in for a shipped one."""
    return path.removeprefix(PREFIX)


def named(*items: str) -> list[str]:
    """The files that the program provides to a project, at or below some paths, by the names a project calls them."""
    return [PREFIX + path for path in paths(*items or (*FOLDERS, *SETTINGS_SCHEMAS))]
