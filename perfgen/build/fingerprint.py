"""What an output is made from, as hashes: two equal fingerprints mean equal outputs."""

from __future__ import annotations

import functools
import hashlib
import platform
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from perfgen.project import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.system import fonts

Inputs = dict[str, str]
"""What each input is called and what it is now: a file's hash, a tool's version."""


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def of_files(paths: Iterable[Path], root: Path) -> Inputs:
    """Names, relative to the root, and hashes of files; one that cannot be read has an empty hash."""
    return {path.relative_to(root).as_posix(): _of_file(path) for path in sorted(paths)}


def _of_file(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


@functools.cache
def of_code() -> str:
    """The hash of perfgen's own modules."""
    package = Path(__file__).parents[1]
    parts = [f"{p.relative_to(package).as_posix()} {digest(p.read_bytes())}" for p in sorted(package.rglob("*.py"))]
    return digest("\n".join(parts).encode())


@functools.cache
def of_package(name: str) -> str:
    """The version of an installed package."""
    from importlib import metadata  # slow to load, and not needed to find that nothing is to be done

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def of_tools(packages: Iterable[str]) -> Inputs:
    """perfgen itself and the packages an output depends on."""
    return {"perfgen": of_code(), **{name: of_package(name) for name in packages}}


def of_fonts(styles: Iterable[Path]) -> Inputs:
    """The fonts that style sheets name, with their versions."""
    names = {family for style in styles for family in fonts.families(style.read_text("utf-8"))}
    return {f"font {name}": fonts.version(name) or "missing" for name in sorted(names)}


def of_project(root: Path) -> str:
    """One hash over everything any output could be made from.

    It is cheap: no template is parsed, no library loaded, no program asked.
    """
    lines = [platform.python_version(), of_code(), *fonts.installed()]
    lines += sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    for folder in (DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER):
        files = (p for p in (root / folder).rglob("*") if p.is_file())
        lines += [f"{name} {value}" for name, value in of_files(files, root).items()]
    return digest("\n".join(lines).encode())
