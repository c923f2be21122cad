"""Published files as they were made from a tree, a repository to verify them in, and ways to change them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.render import data_csv, data_json, docx
from perfgen.report import site
from perfgen.report.report import Edition, Report
from tests.helpers import tiny, versions

EAST, WEST = "data/2025/东园.yaml", "data/2025/西园.yaml"
RENDERERS = {"json": data_json.render, "csv": data_csv.render, "word": docx.render}


def repository(root: Path) -> Path:
    """A repository with the tiny form and its units, and one commit, of 10 January."""
    tiny.make(root)
    (root / ".gitignore").write_text("/build/\n")
    versions.git(root, "init", "-q", "-b", "main")
    return root


def commit(root: Path, day: str, message: str = "改") -> str:
    """Commits everything on a day and says the commit's name."""
    versions.git(root, "add", "-A")
    versions.git(root, "commit", "-q", "-m", message, date=f"{day}T09:00:00+08:00")
    return versions.git(root, "rev-parse", "HEAD")


def report(root: Path, source: str = EAST, edition: Edition = Edition.PUBLIC, project: Project | None = None) -> Report:
    """The report of a data file as the tree is now, or as a project has it."""
    project = project or Project.on_disk(root)
    result, reports = job.reports(project, DataFile.at(source), replace(site.load_site(project), day="2025-12-31"))
    assert reports, result.findings
    return reports[edition]


def made(root: Path, kind: str, source: str = EAST, edition: Edition = Edition.PUBLIC) -> bytes:
    """A published file of a kind, as the tree is now."""
    return RENDERERS[kind](report(root, source, edition))


def saved(folder: Path, content: bytes) -> str:
    """A file with a name that tells nothing."""
    path = folder / "下载的文件"
    path.write_bytes(content)
    return str(path)


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Puts another text in the place of one, once."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def swapped(one: str, other: str) -> Callable[[str], str]:
    """Puts two texts in each other's place, once."""
    return lambda text: replaced("〇〇", other)(replaced(other, one)(replaced(one, "〇〇")(text)))


def as_it_is(text: str) -> str:
    """Changes nothing: what is changed is how a file is saved."""
    return text


def resaved(kind: str, content: bytes, change: Callable[[str], str]) -> bytes:
    """A file with its text changed, as another program saves it: packed, indented, encoded otherwise."""
    if kind == "word":
        return _repacked(content, change)
    if kind == "csv":
        return change(content.decode("utf-8-sig")).replace("\r\n", "\n").encode("gb18030")
    return json.dumps(json.loads(change(content.decode())), indent=4).encode()


def _repacked(content: bytes, change: Callable[[str], str]) -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part.decode()).encode() if name == "word/document.xml" else part)
    return buffer.getvalue()
