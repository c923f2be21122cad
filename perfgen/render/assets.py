"""Writes the style sheets, scripts and pictures that all public pages share, each under the name of its content."""

from __future__ import annotations

from perfgen.findings import Finding, Place
from perfgen.prove.proof import ProofError
from perfgen.render.parts import asset_files
from perfgen.report.listing import Listing

SCOPE = "site"
TARGETS = {"site": f"public/{asset_files.PUBLIC}/"}
NEEDS: tuple[str, ...] = ()
READS = (asset_files.READS,)
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()


def outputs(report: Listing) -> dict[str, str]:
    """By path under build/, what each is made from: the file of that name, whose hash is in the path.

    Raises FormError for a name that cannot be one of an address.
    """
    return {f"public/{path}": name for name, path in asset_files.named(report.project).items()}


def render(report: Listing) -> bytes:
    """The file at the listing's path, as it is. Raises FormError for one that is not UTF-8."""
    return asset_files.content(report.project, outputs(report)[report.path])


def prove(content: bytes, report: Listing) -> int:
    """Holds a file to its name, and gives 1. Raises ProofError where the name is that of another content."""
    name = outputs(report)[report.path]
    if content != asset_files.content(report.project, name):
        raise ProofError([Finding(Place(f"{asset_files.FOLDER}/{name}"), "proof", "成品和模板里的文件不一样。")])
    return 1
