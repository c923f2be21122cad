"""The files that a bureau's repository is laid out with, by their paths there.

The program's part is the same for everybody and may be laid again; forms and data belong to the bureau from the first
day. None of it is perfgen's code: that comes from a wheel, named in requirements/perfgen.txt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from perfgen.data import Data, as_group, as_list, leaves
from perfgen.findings import UsageError
from perfgen.form.forms import RULES_SUFFIX, SETTINGS
from perfgen.form.references import FORM
from perfgen.form.rules_document import INCLUDES, REFERENCES
from perfgen.form.schema_text import only_defines
from perfgen.project import folders, reading, shipped
from perfgen.project.layout import DATA, MAX_OTHER, SCHEMA_FOLDER, SCHEMA_SUFFIX, TEMPLATE_FOLDER
from perfgen.repository import wheel
from perfgen.source.reader import load_yaml
from perfgen.system import write

PIN = "requirements/perfgen.txt"
"""Names the version of perfgen by hash; installed after the locked dependencies."""
VENDOR = "vendor"
"""Where perfgen's own wheel lies, if it comes from no release."""
DEPENDENCIES = "requirements/dependencies.txt"
"""The lock of what perfgen needs."""
_CLUSTER = "requirements/cluster.txt"
"""The same with what a cluster of machines needs."""
STARTED = (".sh",)
"""How the names of the files end that a person starts."""
_PRINTED = tuple(f"{TEMPLATE_FOLDER}/shared/{name}" for name in ("form.html", "print.css"))
"""How a PDF is set, for all forms that say nothing else."""
_COPIED = (
    ".vscode", ".github/workflows", "docs", DEPENDENCIES, _CLUSTER, "scripts/setup.sh", *shipped.SETTINGS_SCHEMAS,
)  # fmt: skip


def program_part() -> dict[str, bytes]:
    """What belongs to the program: build, CI and editor settings, documentation, the lock, the settings' schemas."""
    copied = {path: shipped.read(path) for path in shipped.paths() if path.startswith(_COPIED)}
    return {**copied, **_starter(of_data=False)}


def first_data() -> dict[str, bytes]:
    """The site's settings, to be filled in, and an example."""
    return {shipped.EXAMPLE: shipped.read(shipped.EXAMPLE), **_starter(of_data=True)}


def _starter(*, of_data: bool) -> dict[str, bytes]:
    paths = sorted(entry.path for entry in folders.walk(shipped.STARTER) if not entry.path.endswith(".pyc"))
    chosen = [path for path in paths if path.startswith(f"{DATA}/") == of_data]
    return {path: reading.of_package(shipped.STARTER / path) for path in chosen}


def pinned(directory: Path, list_file: Path | None) -> dict[str, bytes]:
    """The files that say which perfgen a repository uses: a release's pin, or this perfgen's own wheel."""
    if list_file is None:
        own = wheel.own()
        return {f"{VENDOR}/{own.file}": own.content, PIN: own.pin.encode()}
    try:
        content = reading.typed(directory / list_file, MAX_OTHER)
    except OSError as error:
        raise UsageError(f"{list_file} 读不出来：{error.strerror or error}。") from error
    return {PIN: wheel.listed(content, str(list_file)).encode()}


def form_names() -> list[str]:
    """The forms that are shipped."""
    schemas = (path.removeprefix(f"{SCHEMA_FOLDER}/") for path in shipped.paths(SCHEMA_FOLDER))
    names = (name.removesuffix(SCHEMA_SUFFIX) for name in schemas if name.endswith(SCHEMA_SUFFIX))
    return sorted(name for name in names if name not in SETTINGS and not only_defines(shipped.read(schema(name))))


def schema(name: str) -> str:
    """Where the schema of a form lies."""
    return f"{SCHEMA_FOLDER}/{name}{SCHEMA_SUFFIX}"


def form(name: str) -> dict[str, bytes]:
    """A shipped form: its schema, its rules, its templates. Raises UsageError where there is none of that name."""
    if name not in form_names():
        raise UsageError(f"程序里没有 {name} 这张表；有的是 {'、'.join(form_names())}。")
    own = (schema(name), f"{SCHEMA_FOLDER}/{name}{RULES_SUFFIX}")
    paths = shipped.paths(f"{TEMPLATE_FOLDER}/{name}")
    return {path: shipped.read(path) for path in (*own, *paths) if shipped.holds(path)}


def with_referred(name: str) -> tuple[str, ...]:
    """A shipped form, then those that it refers to, those that these refer to, and so on; each once.

    Raises UsageError where there is none of that name.
    """
    form(name)
    found = [name]
    for one in found:  # grows while it is read
        found += [other for other in _referred_forms(one) if other not in found]
    return tuple(found)


def _referred_forms(name: str) -> list[str]:
    """The other shipped forms that the rules of one refer to, also by what they include."""
    files = {path: content for path, content in (included(name) | form(name)).items() if path.endswith(RULES_SUFFIX)}
    sections = [as_group(load_yaml(content, path).top.get(REFERENCES)) for path, content in files.items()]
    names = [as_group(body).get(FORM) for section in sections for body in section.values()]
    known = form_names()
    return [*dict.fromkeys(one for one in names if isinstance(one, str) and one in known)]


def included(name: str) -> dict[str, bytes]:
    """What a shipped form has in common with others: the files of schema/ that its own include or refer to, and the
    templates of its PDF."""
    own = (schema(name), f"{SCHEMA_FOLDER}/{name}{RULES_SUFFIX}")
    found: dict[str, bytes] = {}
    left = [*own]
    while left:
        path = left.pop()
        if path in found or not shipped.holds(path):
            continue
        found[path] = shipped.read(path)
        names = _referred(found[path]) if path.endswith(".json") else load_yaml(found[path], path).top.get(INCLUDES)
        left += [f"{SCHEMA_FOLDER}/{one}" for one in as_list(names)]
    shared = {path: content for path, content in found.items() if path not in own}
    return shared | {path: shipped.read(path) for path in _PRINTED if shipped.holds(path)}


def _referred(content: bytes) -> list[Data]:
    """The names of the files that the references of a schema name."""
    texts = [value for path, value, _ in leaves(json.loads(content)) if path[-1:] == ("$ref",)]
    return [*sorted({str(text).partition("#")[0] for text in texts} - {""})]


def all_forms() -> dict[str, bytes]:
    """All shipped forms, with what they share."""
    return {path: content for name in form_names() for path, content in (included(name) | form(name)).items()}


def total(files: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """Several parts as one; a path that two parts have would be a mistake in this module."""
    together: dict[str, bytes] = {}
    for part in files:
        if twice := together.keys() & part.keys():
            raise ValueError(f"laid twice: {sorted(twice)}")
        together |= part
    return together


def lay(root: Path, files: dict[str, bytes]) -> None:
    """Writes files that are not there yet, by their paths in a repository."""
    for path, content in files.items():
        mode = write.PROGRAM_MODE if path.endswith(STARTED) else write.FILE_MODE
        write.create(root / path, content, top=root, mode=mode)
