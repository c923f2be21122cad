"""Reads public outputs that a build has written, for what is made of them; and says what differs in a file of many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfgen.findings import Finding, Place, ToolError
from perfgen.project import reading
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import digest
from perfgen.prove.proof import ProofError

if TYPE_CHECKING:
    from perfgen.report.listing import Listing


def content_of(listing: Listing, path: str) -> bytes:
    """An output by its path under build/, as it was written. Raises ToolError where it is that no more."""
    made = listing.made[path]
    try:
        content = reading.in_project(listing.project.root, f"{BUILD}/{path}", made.size)
    except OSError as error:
        raise ToolError(f"{BUILD}/{path}：读不出来，再生成一次。") from error
    if digest(content) != made.sha256:
        raise ToolError(f"{BUILD}/{path}：生成以后变了，再生成一次。")
    return content


def require_same(listing: Listing, places: Iterable[tuple[str, object, object]]) -> int:
    """Compares the places of the file that is made: name, what is wanted, what is there. Gives how many there are.

    Raises ProofError at the first that differs.
    """
    count = 0
    for name, wanted, there in places:
        count += 1
        if wanted != there:
            message = f"{name}应该是“{str(wanted)[:60]}”，成品里是“{str(there)[:60]}”。"
            hint = "这份成品没有写出；这是 perfgen 的错误，请报告。"
            raise ProofError([Finding(Place(f"{BUILD}/{listing.path}"), "proof", message, hint)])
    return count
