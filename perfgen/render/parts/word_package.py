"""Cleans a Word package: the bytes are the same each time, and nothing tells who saved the template.

Parts are sorted and have no time. Of the properties (ECMA-376 Part 2, 11; Part 1, 22.2) only the title stays: Word and
LibreOffice write the editor's name, company and working hours there. Comments are removed: they are notes of those who
keep the template, with their names.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
"""An element of an XML part; lxml has no public name for its class."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_CONTENT_TYPES = "[Content_Types].xml"
_CORE, _APP, _CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"
_KEPT_APP = {"Application", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged"}
_COMMENTS = re.compile(r"word/(?:comments\w*|people)\.xml")
_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def clean(package: bytes, title: str) -> bytes:
    """The same document with sorted parts, a title, and no traces of persons, machines or clocks."""
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist() if not info.is_dir()}
    if _CORE in parts:
        parts[_CORE] = _clean_core(parts[_CORE], title)
    if _APP in parts:
        parts[_APP] = _clean_app(parts[_APP])
    if _CUSTOM in parts:
        parts[_CUSTOM] = _emptied(parts[_CUSTOM])
    _remove_comments(parts)
    return _packed(parts)


def _packed(parts: dict[str, bytes]) -> bytes:
    """A package of these parts; the same bytes for the same parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        # readers that stream expect the content types first
        for name in sorted(parts, key=lambda name: (name != _CONTENT_TYPES, name)):
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.create_system = 0
            info.external_attr = 0
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, parts[name], compresslevel=6)
    return buffer.getvalue()


def detach(element: Element) -> None:
    """Takes an element out of its parent. Raises ValueError for one without a parent."""
    parent_of(element).remove(element)


def parent_of(element: Element) -> Element:
    """The parent of an element. Raises ValueError for one without."""
    parent = element.getparent()
    if parent is None:
        raise ValueError(f"{element.tag} has no parent")
    return parent


def _remove_comments(parts: dict[str, bytes]) -> None:
    """Removes comments and their authors (ECMA-376 Part 1, 17.13.4), and all that points at them."""
    removed = [name for name in parts if _COMMENTS.fullmatch(name)]
    for name in removed:
        del parts[name]
    file_names = tuple(name.rpartition("/")[2] for name in removed)
    for name in parts if removed else ():
        if name == _CONTENT_TYPES or name.endswith(".rels"):
            parts[name] = _without_links(parts[name], file_names)
        elif _TEXTS.fullmatch(name):
            parts[name] = _without_marks(parts[name])


def _without_links(content: bytes, file_names: tuple[str, ...]) -> bytes:
    """A list of parts or relations without those of these files."""
    root = etree.fromstring(content)
    for child in list(root):
        if str(child.get("PartName") or child.get("Target") or "").endswith(file_names):
            root.remove(child)
    return _serialized(root)


def _without_marks(content: bytes) -> bytes:
    """A text without the marks that say where a comment begins, ends and is referred to."""
    root = etree.fromstring(content)
    for element in list(root.iter(f"{_W}commentRangeStart", f"{_W}commentRangeEnd")):
        detach(element)
    for reference in list(root.iter(f"{_W}commentReference")):
        detach(parent_of(reference))
    return _serialized(root)


def _serialized(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _clean_core(content: bytes, title: str) -> bytes:
    """Core properties with a title and nothing else."""
    root = etree.fromstring(content)
    for child in list(root):
        root.remove(child)
    etree.SubElement(root, _TITLE).text = title
    return _serialized(root)


def _clean_app(content: bytes) -> bytes:
    """Application properties without those that tell of persons, machines or time."""
    root = etree.fromstring(content)
    for child in list(root):
        if etree.QName(child).localname not in _KEPT_APP:
            root.remove(child)
    return _serialized(root)


def _emptied(content: bytes) -> bytes:
    """A list of properties without any."""
    root = etree.fromstring(content)
    for child in list(root):
        root.remove(child)
    return _serialized(root)
