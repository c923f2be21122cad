"""How many outputs there are: formats come and go, so that tests count by what the manifest says."""

from __future__ import annotations

from pathlib import Path

from perfgen.build.manifest import PAGES, load_manifest


def of_file(root: Path, source: str) -> int:
    """How many outputs a data file has."""
    return len(load_manifest(root).of(source).outputs)


def of_site(root: Path) -> set[str]:
    """The paths, under build/, of what is about all data files."""
    return set(load_manifest(root).of(PAGES).outputs)


def count(root: Path) -> int:
    """How many outputs there are in all."""
    return len(load_manifest(root).outputs)
