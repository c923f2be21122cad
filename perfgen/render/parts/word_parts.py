"""The parts of a Word package that may stay: those that are needed to show the document, and no others.

The relations are followed from the package's own (ECMA-376 Part 2, 9.3). What hangs on a relation that is not listed is
dropped: data and properties that programs keep beside the document, macros, embedded files, comments, thumbnails,
glossaries. So is the name of a part, where it is none that word processors give.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from perfgen.render.parts.word_xml import Element, serialized
from perfgen.render.parts.zip_package import CONTENT_TYPES

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_METADATA = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_KINDS = {
    "officeDocument": "word/document", "styles": "word/styles", "settings": "word/settings",
    "fontTable": "word/fontTable", "numbering": "word/numbering", "theme": "word/theme/theme",
    "header": "word/header", "footer": "word/footer", "footnotes": "word/footnotes", "endnotes": "word/endnotes",
    "image": "word/media/image", "font": "word/fonts/font", "core-properties": "docProps/core",
    "extended-properties": "docProps/app", "extendedProperties": "docProps/app",
}  # fmt: skip
"""By the kind of a relation that stays (Part 1, 11.3 and 15.2), how the names of its parts begin."""
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BINARY = ("image", "font")


@dataclass
class KeptParts:
    """The parts that stay, under the names that they get."""

    parts: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    """By name, the kind of the relation that leads to the part."""
    names: dict[str, str] = field(default_factory=dict)
    """By the name that a part had, the name that it gets."""
    ids: dict[str, set[str]] = field(default_factory=dict)
    """By name, the relations of the part that stay."""


def kept_parts(parts: dict[str, bytes]) -> KeptParts:
    """Those of the parts that may stay, with their relations and the list of their types."""
    kept = KeptParts()
    _follow(parts, "", "", kept)
    kept.parts[CONTENT_TYPES] = _types(parts[CONTENT_TYPES], kept)
    return kept


def is_xml(kind: str) -> bool:
    """Whether the parts of a kind are XML."""
    return kind not in _BINARY


def _follow(parts: dict[str, bytes], old: str, new: str, kept: KeptParts) -> None:
    """Takes over the relations of a part, and the parts that they lead to; the package itself has no name."""
    content = parts.get(_relations_of(old))
    if content is None:
        return
    root = etree.fromstring(content)
    reached: list[tuple[str, str]] = []
    for relation in list(root):
        target = _target(old, relation)
        kind = _kind(relation)
        if kind is None or target not in parts or relation.get("TargetMode") == "External":
            root.remove(relation)
            continue
        if target not in kept.names:
            reached.append((target, _name(target, kind, kept)))
        name = kept.names[target]
        kept.parts[name], kept.kinds[name] = parts[target], kind
        kept.ids.setdefault(new, set()).add(str(relation.get("Id")))
        if name != target:
            relation.set("Target", f"/{name}")
    if len(root):
        kept.parts[_relations_of(new)] = serialized(root)
    for target, name in reached:
        _follow(parts, target, name, kept)


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _target(source: str, relation: Element) -> str:
    """The part that a relation leads to, by its name in the package."""
    joined = posixpath.join("/", posixpath.dirname(source), str(relation.get("Target")))
    return posixpath.normpath(joined).lstrip("/")


def _kind(relation: Element) -> str | None:
    """The kind of a relation that may stay; None for every other."""
    prefix, _, kind = str(relation.get("Type")).rpartition("/")
    return kind if f"{prefix}/" in (_RELATIONS, _STRICT, _METADATA) and kind in _KINDS else None


def _name(target: str, kind: str, kept: KeptParts) -> str:
    """The name that a part gets: its own, where word processors give such names."""
    begin, extension = _KINDS[kind], posixpath.splitext(target)[1].lower()
    name = target
    if not re.fullmatch(rf"{begin}\d*\.[a-z]{{3,5}}", target) or target in kept.names.values():
        numbers = ("", *range(1, len(kept.names) + 2))
        taken = {*kept.names.values()}
        name = next(free for number in numbers if (free := f"{begin}{number}{extension}") not in taken)
    kept.names[target] = name
    return name


def _types(content: bytes, kept: KeptParts) -> bytes:
    """The list of the types of parts, for those that stay; a document with macros becomes one without."""
    root = etree.fromstring(content)
    extensions = {name.rpartition(".")[2] for name in kept.parts}
    for entry in list(root):
        old = str(entry.get("PartName", "")).lstrip("/")
        if old in kept.names:
            entry.set("PartName", f"/{kept.names[old]}")
            if kept.kinds[kept.names[old]] == "officeDocument":
                entry.set("ContentType", _MAIN)
        elif str(entry.get("Extension", "")).lower() not in extensions:
            root.remove(entry)
    return serialized(root)
