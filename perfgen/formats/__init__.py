"""Findings in, text out: a module for each format. Nothing is printed here.

A module of this package holds

    render(report) -> str            a `FindingsReport` as text

and its name is what `perfgen check --format` offers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from perfgen.data import path_text
from perfgen.findings import Finding, by_place
from perfgen.plugins import Folder
from perfgen.project.snapshot import Project

__all__ = ["DEFAULT", "FOLDER", "FindingsReport", "fingerprint", "json", "names", "render", "text"]

FOLDER = Folder(__name__, __path__, ("render",))
DEFAULT = "text"


@dataclass(frozen=True)
class FindingsReport:
    """Findings in reading order, and the project that holds the files they speak of."""

    findings: tuple[Finding, ...]
    project: Project


def names() -> list[str]:
    """The names of all formats, the default first."""
    return sorted(FOLDER.names(), key=lambda name: name != DEFAULT)


def render(name: str, findings: Iterable[Finding], project: Project) -> str:
    """The findings in the format of that name."""
    return str(FOLDER.module(name).render(FindingsReport(tuple(by_place(findings)), project)))


def fingerprint(finding: Finding) -> str:
    """What tells a finding from others wherever its line moves to: 32 hexadecimal digits."""
    parts = (finding.place.file, finding.rule, path_text(finding.path), finding.message)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
