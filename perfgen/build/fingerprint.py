"""What an output is made from, as hashes: two equal fingerprints mean equal outputs."""

from __future__ import annotations

import functools
import platform
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from perfgen.project import reading, shipped
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project, digest
from perfgen.system import fonts

Inputs = dict[str, str]
"""What each input is called and what it is now: a file's hash, a tool's version."""


def of_files(project: Project, paths: Iterable[str]) -> Inputs:
    """Paths and hashes of a project's files; one that cannot be read has an empty hash."""
    return {path: project.digest(path) for path in sorted(paths)}


@functools.cache
def of_code() -> str:
    """The hash of perfgen's own modules."""
    package = Path(__file__).parents[1]
    modules = sorted(package.rglob("*.py"))
    parts = [f"{path.relative_to(package).as_posix()} {digest(reading.of_package(path))}" for path in modules]
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


def of_fonts(project: Project, styles: Iterable[str]) -> Inputs:
    """The fonts that style sheets of a project name, with their versions."""
    # a style that is not UTF-8 stops its own form, not the plan: whoever sets it says where
    texts = [project.read(style).decode("utf-8", "replace") for style in styles]
    names = {family for text in texts for family in fonts.families(text)}
    return {f"font {name}": fonts.version(name) or "missing" for name in sorted(names)}


def installed() -> list[str]:
    """What tells one machine from another: the versions of Python and its packages, and the fonts."""
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return [platform.python_version(), *packages, *fonts.installed()]


def of_project(project: Project) -> str:
    """One hash over everything any output could be made from.

    It is cheap: no template is parsed, no library loaded, no program asked.
    """
    lines = [of_code(), *installed()]
    for folder in (DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER):
        lines += [f"{path} {value}" for path, value in of_files(project, project.files(folder)).items()]
    lines += [f"{path} {value}" for path, value in of_files(project, shipped.named()).items()]
    return digest("\n".join(lines).encode(errors="surrogateescape"))
