"""What is not filled in, said once for each row or group: a finding for each hole would bury the real errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perfgen.data import Data, ValuePath, path_text, value_at
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding
from perfgen.source.reader import Document

DROP_ROW, DROP_MEMBER = "不要这一行就整行删掉。", "没有就删掉这一项。"
"""How a hint ends that offers to drop what is not filled in."""
_LONGEST = 30
_SEVERAL = "一项一项填上"


def together(findings: Iterable[Finding], document: Document, fields: Field) -> Iterator[Finding]:
    """The same findings, those about the holes of one row or group in one; other findings as they are.

    What the document itself lacks is one finding; its empty values stay apart, each stands in another part of the file.
    """
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        groups.setdefault(_group_of(finding, document) or number, []).append(finding)
    for group in groups.values():
        yield _one(group, document, fields) if len(group) > 1 else _of_row(group[0], document, fields)


def _of_row(finding: Finding, document: Document, fields: Field) -> Finding:
    """The only hole of a row that has a name, said by it, as several holes are; other findings as they are."""
    is_hole = finding.unfilled and finding.path in document.values and document.value(finding.path) is None
    rows = fields.at(finding.path[:-2]) if is_hole and len(finding.path) > 2 else None
    row = _where(document.data, fields, finding.path[:-1]) if rows is not None and rows.kind == "array" else ""
    return replace(finding, message=f"{row}{finding.path[-1]}没有填。") if row else finding


def _group_of(finding: Finding, document: Document) -> tuple[str, ValuePath] | None:
    """What the hole that a finding is about is said together with; None for what is said alone."""
    above = finding.path[:-1]
    if not finding.unfilled or not isinstance(document.value(above), dict):
        return None
    return ("in", above) if above else ("lacks", above) if finding.path not in document.values else None


def _one(holes: list[Finding], document: Document, fields: Field) -> Finding:
    """One finding for several holes of a row or group, at the first of them."""
    above = holes[0].path[:-1]
    first = min(holes, key=lambda hole: hole.place)
    names = "、".join(_called(hole, first, document) for hole in holes)
    lacking = [str(hole.path[-1]) for hole in holes if hole.path not in document.values]
    message = f"{_where(document.data, fields, above)}{names}没有填。"
    hint = _hint(above, [str(hole.path[-1]) for hole in holes], lacking, fields)
    return Finding(first.place, first.rule, message, hint, path=first.path, unfilled=True)


def _called(hole: Finding, first: Finding, document: Document) -> str:
    """What a hole is called, with its line where it is another than that of the first."""
    is_elsewhere = hole.path in document.values and hole.place.line != first.place.line
    return f"{hole.path[-1]}（第 {hole.place.line} 行）" if is_elsewhere else str(hole.path[-1])


def _where(data: Data, fields: Field, path: ValuePath) -> str:
    """What a row is called, or where a group stands; a row without a name is known by its line."""
    about = fields.at(path[:-1]) if path else None
    if about is None or about.kind != "array":
        return f"“{path_text(path)}”的" if path else ""
    name = value_at(data, (*path, about.identity)) if about.identity else None
    text = " ".join(show(name).split()) if isinstance(name, str) else ""
    return f"“{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}”的" if text else ""


def _hint(path: ValuePath, open_names: list[str], lacking: list[str], fields: Field) -> str:
    """What to do about a row or group: `open_names` are its holes, `lacking` those of them that are not there."""
    about, above = fields.at(path), fields.at(path[:-1]) if path else None
    optional = [name for name in open_names if about and name not in about.required]
    add = f"；缺的要补上：{'、'.join(f'{name}: …' for name in lacking)}" if lacking else ""
    if above is not None and above.kind == "array":
        more = f"；{'、'.join(optional)}没有就删掉" if optional else ""
        return f"{_SEVERAL}{add}{more}；{DROP_ROW}"
    return f"{_SEVERAL}{add}{'；没有的一项就删掉' if optional and path else ''}。"
