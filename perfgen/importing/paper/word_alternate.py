"""What is shown of contents that stand for one another, and the texts of drawings (ECMA-376 Part 3, 9.3)."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.importing.paper import known
from perfgen.importing.paper.word_package import Element, W, plain_text

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE = f"{_MC}AlternateContent"
PICTURES = {f"{W}drawing", f"{W}pict", f"{W}object"}
_LETTERING = "{urn:schemas-microsoft-com:vml}textpath"


def shown_branch(part: Element) -> tuple[Element | None, str]:
    """The branch that Word shows: the first choice that it understands, else the fallback (Part 3, 9.3).

    With it, the texts of all branches where they differ, or where none is shown; empty otherwise.
    """
    branches = [child for child in part if child.tag in (f"{_MC}Choice", f"{_MC}Fallback")]
    texts = {plain_text(branch) for branch in branches if not _has_picture(branch)}
    chosen = next((branch for branch in branches if _is_understood(branch)), None)
    if len(texts) > 1 or (chosen is None and any(texts)):
        return chosen, "、".join(plain_text(branch) for branch in branches)
    return chosen, ""


def _has_picture(branch: Element) -> bool:
    return any(True for _ in branch.iter(*PICTURES))


def _is_understood(branch: Element) -> bool:
    """Whether Word understands all that a choice requires; a fallback requires nothing."""
    if branch.tag == f"{_MC}Fallback":
        return True
    required = branch.get("Requires", "").split()
    return bool(required) and all(
        branch.nsmap.get(prefix, "").startswith(known.UNDERSTOOD_NAMESPACES) for prefix in required
    )


def drawn_text(picture: Element) -> str | None:
    """The text in a drawing's boxes and letterings; None where it has none of these."""
    texts = list(_texts(picture))
    return "、".join(dict.fromkeys(filter(None, texts))) if texts else None


def _texts(part: Element) -> Iterator[str]:
    """The texts of the boxes in an element; of contents that stand for one another, those of the one that is shown."""
    for child in part:
        if child.tag == f"{W}txbxContent":
            yield plain_text(child)
        elif child.tag == _LETTERING:
            yield " ".join(child.get("string", "").split())
        elif child.tag == ALTERNATE:
            chosen, _ = shown_branch(child)
            yield from _texts(chosen) if chosen is not None else ()
        elif isinstance(child.tag, str):
            yield from _texts(child)
