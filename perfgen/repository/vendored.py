"""The wheels of perfgen's dependencies for one system and one Python, for machines without an index.

pip fetches them, as its own settings say; each is held to the hash of the lock.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.project import folders, reading, shipped
from perfgen.repository.contents import DEPENDENCIES, VENDOR
from perfgen.system import pip

EXAMPLE = "linux-x86_64-3.11"
FOLDER = f"{VENDOR}/dependencies"
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_LINUX = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_26", "manylinux_2_24", "manylinux_2_17", "manylinux2014")
_SYSTEMS = {
    "linux-x86_64": tuple(f"{name}_x86_64" for name in _LINUX),
    "linux-aarch64": tuple(f"{name}_aarch64" for name in _LINUX),
    "windows-amd64": ("win_amd64",),
    "macos-arm64": ("macosx_14_0_arm64", "macosx_12_0_arm64", "macosx_11_0_arm64"),
}
"""By system, the platform tags of the wheels that run there (PyPA, "Platform compatibility tags")."""
_MOST = 200_000_000


def choices() -> list[str]:
    """The systems that wheels can be fetched for, each with a version of Python."""
    return [f"{system}-{python}" for system in _SYSTEMS for python in _PYTHONS]


def wheels(choice: str) -> dict[str, bytes]:
    """The wheels for one of `choices`, by their paths in a repository.

    Raises ToolError where pip is not there, or fetches not all of them.
    """
    system, _, python = choice.rpartition("-")
    with tempfile.TemporaryDirectory(prefix="perfgen-") as name:
        folder = Path(name)
        pip.download(shipped.root() / DEPENDENCIES, folder, python, _SYSTEMS[system])
        found = sorted(entry.path for entry in folders.walk(folder) if entry.is_file)
        contents = {f"{FOLDER}/{path}": reading.made(folder / path, _MOST) for path in found}
    if not contents or None in contents.values():
        raise ToolError("依赖的安装包没有取全。")
    return {path: content for path, content in contents.items() if content is not None}
