"""Findings in, text out: a module for each format. Nothing is printed here.

A module of this package holds

    render(report) -> str            a `FindingsReport` as text

and its name is what `perfgen check --format` offers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import dataclass

from perfgen.data import path_text
from perfgen.findings import Finding, Level, by_place
from perfgen.plugins import Folder
from perfgen.project.snapshot import Project

__all__ = ["DEFAULT", "FOLDER", "Brief", "FindingsReport", "fingerprint", "json", "names", "render", "text"]

FOLDER = Folder(__name__, __path__, ("render",))
DEFAULT = "text"
_RANKS = (Level.ERROR, Level.WARNING, Level.NOTE, Level.UNDECIDED)
"""What is to be done before what is only told; what is answered comes behind all of these."""


@dataclass(frozen=True)
class Brief:
    """What a short answer needs to know: it tells in full what is to be done, and counts the rest."""

    changed: frozenset[str] | None = None
    """The files that somebody works on, which come first; None where they are not known, and all are treated alike."""
    asked: tuple[str, ...] = ()
    """The files that were asked for; none for all."""
    is_repairable: bool = False
    """Whether `--fix` would repair something."""


@dataclass(frozen=True)
class FindingsReport:
    """Findings in reading order, and the project that holds the files they speak of."""

    findings: tuple[Finding, ...]
    project: Project
    brief: Brief | None = None
    """How a short answer for people looks; None for all of it. Formats for programs always hold everything."""


def names() -> list[str]:
    """The names of all formats, the default first."""
    return sorted(FOLDER.names(), key=lambda name: name != DEFAULT)


def render(
    name: str,
    findings: Iterable[Finding],
    project: Project,
    brief: Brief | None = None,
    *,
    errors_first: bool = False,
    changed: Container[str] = (),
) -> str:
    """The findings in the format of that name, in reading order, or the errors before all others.

    Then the files that somebody works on come first, and what can be done before what is only told: a forge shows ten.
    """
    ordered = by_place(findings)
    if errors_first:
        ordered.sort(key=lambda finding: (_rank(finding), finding.place.file not in changed))
    return str(FOLDER.module(name).render(FindingsReport(tuple(ordered), project, brief)))


def _rank(finding: Finding) -> int:
    """How far behind a finding comes, where a reader sees only the first ones."""
    return _RANKS.index(finding.level) if not finding.reason else len(_RANKS)


def fingerprint(finding: Finding) -> str:
    """What tells a finding from others wherever its line moves to: 32 hexadecimal digits."""
    parts = (finding.place.file, finding.rule, path_text(finding.path), finding.message)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
