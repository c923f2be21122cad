"""Which fonts a style asks for, and which the machine has; the only module that asks fontconfig."""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from pathlib import Path

_GENERIC = {"serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui"}


def families(style: str) -> list[str]:
    """The quoted font families a style sheet names, in order of appearance."""
    names: dict[str, None] = {}
    for declaration in re.findall(r"font(?:-family)?\s*:([^;}]*)", style):
        names.update(dict.fromkeys(re.findall(r"[\"']([^\"']+)[\"']", declaration)))
    return [name for name in names if name not in _GENERIC]


def version(family: str) -> str | None:
    """The version of an installed family, None where it is missing."""
    font = _match(family)
    # fontconfig counts in 65536ths, as the font's own head table does
    return f"{font.version / 65536:.3f}" if font else None


def place(family: str) -> tuple[str, int] | None:
    """The file of an installed family and its number in it, None where it is missing."""
    font = _match(family)
    # fontconfig keeps a named instance in the upper half
    return (font.file, font.index & 0xFFFF) if font else None


@dataclass(frozen=True)
class _Font:
    """What fontconfig says of a font, in its own numbers."""

    file: str
    index: int
    version: int


@functools.cache
def _match(family: str) -> _Font | None:
    """The font of a family; None where it is missing.

    fontconfig always answers with some font; only one of that name counts.
    """
    import subprocess  # slow to load, and not needed to find that nothing is to be done

    pattern = "%{family}\t%{fontversion}\t%{index}\t%{file}"
    try:
        answer = subprocess.run(
            ["fc-match", f"--format={pattern}", family], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    names, *numbers, file = answer.stdout.split("\t", 3) if answer.stdout.count("\t") >= 3 else ("", "")
    if family not in names.split(",") or not all(map(str.isdigit, numbers)):
        return None
    version, index = map(int, numbers)
    return _Font(file, index, version)


def installed() -> list[str]:
    """What tells one set of installed fonts from another: the names and dates of their folders."""
    homes = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    homes.append(Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "fonts")
    stamps = []
    for home in homes:
        for folder, _, _ in os.walk(home):
            stamps.append(f"{folder} {Path(folder).stat().st_mtime_ns}")
    return sorted(stamps)
