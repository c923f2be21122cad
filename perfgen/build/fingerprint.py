"""What an output is made from, as hashes: two equal fingerprints mean equal outputs."""

from __future__ import annotations

from collections.abc import Iterable

from perfgen.project import shipped
from perfgen.project.layout import DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER
from perfgen.project.snapshot import Project, digest
from perfgen.system import environment, fonts

Inputs = dict[str, str]
"""What each input is called and what it is now: a file's hash, a tool's version."""


def of_files(project: Project, paths: Iterable[str]) -> Inputs:
    """Paths and hashes of a project's files; one that cannot be read has an empty hash."""
    return {path: project.digest(path) for path in sorted(paths)}


def of_tools(packages: Iterable[str]) -> Inputs:
    """perfgen itself and the packages an output depends on."""
    return {"perfgen": environment.of_code(), **{name: environment.of_package(name) for name in packages}}


def of_fonts(project: Project, styles: Iterable[str]) -> Inputs:
    """The fonts that style sheets of a project name, with their versions."""
    # a style that is not UTF-8 stops its own form, not the plan: whoever sets it says where
    texts = [project.read(style).decode("utf-8", "replace") for style in styles]
    names = {family for text in texts for family in fonts.families(text)}
    return {f"font {name}": fonts.version(name) or "missing" for name in sorted(names)}


def of_project(project: Project) -> str:
    """One hash over everything any output could be made from.

    It is cheap: no template is parsed, no library loaded, no program asked.
    """
    lines = [environment.of_code(), *environment.installed()]
    for folder in (DATA, SCHEMA_FOLDER, TEMPLATE_FOLDER):
        lines += [f"{path} {value}" for path, value in of_files(project, project.files(folder)).items()]
    lines += [f"{path} {value}" for path, value in of_files(project, shipped.named()).items()]
    return digest("\n".join(lines).encode(errors="surrogateescape"))
