"""Cleans a Word package: the bytes are the same each time, and nothing tells who saved the template.

Parts are sorted and have no time. Only parts, settings and properties that are listed stay (ECMA-376 Part 2, 11; Part
1, 15.2, 17.15 and 22.2): word processors write names, companies and working hours into the others, and the notes of
those who keep the template.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from lxml import etree

from perfgen.findings import Finding, FormError, Place
from perfgen.render.parts import word_parts
from perfgen.render.parts.pictures import bare_picture
from perfgen.render.parts.word_traces import without_settings, without_traces
from perfgen.render.parts.word_xml import Element, serialized
from perfgen.render.parts.zip_package import packed, parts_of

_KEPT_APP = {"Application", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged"}
_OF_ONE_FORM = {"officeDocument", "core-properties"}
"""The kinds of parts that are others in each form."""
_CLEANED = 50
"""How many of the other parts are remembered; a template has a dozen."""
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def clean(package: bytes, title: str, template: str = "") -> bytes:
    """The same document with sorted parts, a title, and no traces of persons, machines or clocks.

    Raises FormError for a picture of a format that may hold anything; `template` is where it stands.
    """
    kept = word_parts.kept_parts(parts_of(package))
    for name, kind in kept.kinds.items():
        kept.parts[name] = _cleaned(name, kept, kind, title, template)
    return packed(kept.parts)


def _cleaned(name: str, kept: word_parts.KeptParts, kind: str, title: str, template: str) -> bytes:
    """The content of a part without traces."""
    content = kept.parts[name]
    if kind == "image":
        return _picture(content, name, template)
    if not word_parts.is_xml(kind):
        return content
    ids = frozenset(kept.ids.get(name, ()))
    if kind in _OF_ONE_FORM:
        return _without_traces(content, kind, ids, title)
    return _cleaned_before(content, kind, ids)


@functools.lru_cache(maxsize=_CLEANED)
def _cleaned_before(content: bytes, kind: str, ids: frozenset[str]) -> bytes:
    """The content of a part without traces, once a process: styles and settings are the same in all forms."""
    return _without_traces(content, kind, ids, "")


def _without_traces(content: bytes, kind: str, ids: frozenset[str], title: str) -> bytes:
    root = etree.fromstring(content)
    before = etree.tostring(root)
    if kind == "core-properties":
        _clean_core(root, title)
    elif clean_part := _OF_KIND.get(kind):
        clean_part(root)
    without_traces(root, ids)
    is_alone = root.getprevious() is None and root.getnext() is None
    return content if is_alone and etree.tostring(root) == before else serialized(root)


def _picture(content: bytes, name: str, template: str) -> bytes:
    bare = bare_picture(content)
    if bare is None:
        message = f"图片 {name} 的格式不能用：里面可能带着人名、地点。"
        hint = "在 Word 里删掉它，另存成 PNG 或 JPEG，再插进来。"
        raise FormError([Finding(Place(template), "template-render", message, hint)])
    return bare


def _clean_core(root: Element, title: str) -> None:
    """Leaves core properties with a title and nothing else."""
    for child in list(root):
        root.remove(child)
    etree.SubElement(root, _TITLE).text = title


def _clean_app(root: Element) -> None:
    """Takes away application properties that tell of persons, machines or time."""
    for child in list(root):
        if not isinstance(child.tag, str) or etree.QName(child).localname not in _KEPT_APP:
            root.remove(child)


_OF_KIND: dict[str, Callable[[Element], None]] = {
    "extended-properties": _clean_app, "extendedProperties": _clean_app, "settings": without_settings,
}  # fmt: skip
