"""Writes the size and the SHA-256 of every other public file, last of all, so that a copy of the site can be verified.

`perfgen verify` reads it; a stranger can as well, with any program that computes SHA-256.
"""

from __future__ import annotations

import json

from perfgen.render.parts.made_files import require_same
from perfgen.report.listing import Listing

PATH = "public/checksums.json"
TARGETS = {"site": PATH}
ORDER = 100
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()

FORMAT = 1
"""Goes up when the JSON changes its meaning."""


def outputs(listing: Listing) -> dict[str, str]:
    """The one file, with all others that it lists."""
    return {PATH: repr(_files(listing))}


def render(report: Listing) -> bytes:
    """The list as UTF-8 JSON, by paths below the public root, sorted by their characters."""
    content = {"format": FORMAT, "files": _files(report)}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def prove(content: bytes, report: Listing) -> int:
    """Compares each file that is listed with what was written, and gives the number of files.

    Raises ProofError for one that differs, is missing, or should not be there.
    """
    listed = {f"public/{path}": (one["sha256"], one["size"]) for path, one in json.loads(content)["files"].items()}
    made = {path: (one.sha256, one.size) for path, one in report.made.items() if path != report.path}
    require_same(report, [("列出的文件", sorted(made), sorted(listed))])
    return require_same(report, ((path, one, listed[path]) for path, one in made.items()))


def _files(listing: Listing) -> dict[str, dict[str, object]]:
    made = sorted((path.removeprefix("public/"), one) for path, one in listing.made.items() if path != PATH)
    return {path: {"size": one.size, "sha256": one.sha256} for path, one in made}
