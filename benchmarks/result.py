"""What came out of a run: stages, ratios, figures, and the machine they were measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from perfgen.system import executor

CHEAP_STAGES = ("check", "data", "page")
STAGES = (*CHEAP_STAGES, "Word", "PDF", "proof")


@dataclass
class Size:
    """The stages of so many forms."""

    forms: int
    every: int
    """Word, PDF and their proof were measured on every so many forms."""
    stages: dict[str, float]
    """By stage, seconds of processor time a form, both editions together."""
    plan: float
    """Seconds a form of a whole process that plans everything, finds nothing stale and saves; its start taken off."""


@dataclass
class Ratio:
    """Two things measured in turn."""

    what: str
    ours: float
    """Seconds of processor time; so is theirs, None where the other program is missing."""
    beside: str
    theirs: float | None
    aim: float | None = None


@dataclass
class Figure:
    """Something that is measured by itself."""

    what: str
    value: str
    aim: str = ""


@dataclass
class Outcome:
    """Everything that was measured."""

    sizes: list[Size] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)


def machine() -> list[tuple[str, str]]:
    """What the measures were taken on: names and versions."""
    return [
        ("cores", f"{executor.cores()} × {_processor()}"),
        ("memory", _memory()),
        ("system", f"{platform.system()} {platform.release().partition('-')[0]}"),
        ("Python", platform.python_version()),
        *((name, importlib.metadata.version(name)) for name in ("WeasyPrint", "docxtpl")),
        ("Typst", _installed("typst")),
        *((name, _said(program)) for name, program in PROGRAMS.items()),
        ("load at the end", f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"),
    ]


PROGRAMS = {"LibreOffice": "soffice", "Chromium": "chromium", "git": "git"}
_NONE = "not here"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", path.read_text("utf-8")) if path.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    path = Path("/proc/meminfo")
    found = re.search(r"MemTotal:\s*(\d+) kB", path.read_text("ascii")) if path.exists() else None
    return f"{int(found[1]) / 2**20:.0f} GiB" if found else "?"


def _installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return _NONE


def _said(program: str) -> str:
    """The version that a program says it has."""
    if shutil.which(program) is None:
        return _NONE
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"
