"""Takes out of the XML of a Word file what is not shown and tells of those who keep the template.

Names of elements are those of ECMA-376 Part 1, 17, where nothing else is said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Set

from lxml import etree

from perfgen.render.parts.word_xml import Element, detach, unwrap

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WITH_REFERENCES = etree.XPath("descendant-or-self::*[@r:*]", namespaces={"r": _R.strip("{}")})
_O = "{urn:schemas-microsoft-com:office:office}"
_KNOWN = re.compile(
    r"http://schemas\.openxmlformats\.org/.*|http://schemas\.microsoft\.com/office/.*|urn:schemas-microsoft-com:.*"
    r"|http://purl\.oclc\.org/ooxml/.*|http://www\.w3\.org/.*|http://purl\.org/dc/.*"
)
"""The vocabularies of word processors; what others add is not shown."""
_SETTINGS = {
    "zoom", "embedTrueTypeFonts", "saveSubsetFonts", "mirrorMargins", "alignBordersAndEdges",
    "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "gutterAtTop", "trackRevisions", "defaultTabStop",
    "autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps", "evenAndOddHeaders",
    "bookFoldPrinting", "bookFoldRevPrinting", "bookFoldPrintingSheets", "drawingGridHorizontalSpacing",
    "drawingGridVerticalSpacing", "displayHorizontalDrawingGridEvery", "displayVerticalDrawingGridEvery",
    "doNotUseMarginsForDrawingGridOrigin", "drawingGridHorizontalOrigin", "drawingGridVerticalOrigin",
    "characterSpacingControl", "printTwoOnOne", "strictFirstAndLastChars", "noLineBreaksAfter", "noLineBreaksBefore",
    "footnotePr", "endnotePr", "compat", "mathPr", "themeFontLang", "clrSchemeMapping", "decimalSymbol",
    "listSeparator",
}  # fmt: skip
"""The settings (17.15.1, and 22.1.2.62) that say how a document is laid out."""
_DROPPED = {
    f"{_W}{name}"
    for name in (
        "bookmarkStart", "bookmarkEnd", "permStart", "permEnd", "proofErr", "rsid", "rsids", "docVars",
        "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "fldData", "entryMacro",
        "exitMacro", "helpText", "statusText", "dataBinding", "placeholder", "alias", "tag", "smartTagPr",
        "customXmlPr", "altChunk", "subDoc", "control", "printerSettings",
    )
} | {f"{_O}OLEObject"}  # fmt: skip
_UNWRAPPED = {f"{_W}smartTag", f"{_W}customXml", f"{_W}hyperlink"}
"""A link leads out, or to a bookmark: what it shows stays."""
_DECLARATION = re.compile(r"""\bxmlns:([\w.-]+)=["']([^"'<>]*)["']""")
_IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_IDS = re.compile(r"rsid\w*|paraId|textId|dateUtc")
_PICTURE_NAMES = {"docPr", "cNvPr"}
"""Their names are those of the files that were put in; the description of `docPr` is there for the blind."""
_FILE = re.compile(r"\\|/|\.\w{3,4}$")
"""What a description has that is the name of a file."""
_NAMES = 2000
"""How many names are remembered; Word files have some hundreds."""
_SHAPE_TRACES = {f"{_O}title", f"{_O}href"}
_HOLDERS = ("ext", "drawing", "pict", "object")
"""What goes with a reference that leads nowhere, the nearest around it."""


def without_traces(root: Element, relations: Set[str]) -> None:
    """Takes the traces out of a part, and what refers to relations that it no longer has."""
    for element in list(root.iter()):
        if element is not root and _is_dropped(element):
            _take_out(element)
        elif element.tag in _UNWRAPPED:
            unwrap(element)
        elif isinstance(element.tag, str):
            _clean_attributes(element)
    _without_dangling(root, relations)
    _without_names(root)


def without_settings(root: Element) -> None:
    """Leaves of the settings those that are listed."""
    for setting in list(root):
        if not isinstance(setting.tag, str) or etree.QName(setting).localname not in _SETTINGS:
            root.remove(setting)


def _is_dropped(element: Element) -> bool:
    """Whether an element is taken out: a listed one, a comment of XML, one of an unknown vocabulary."""
    return not isinstance(element.tag, str) or _is_dropped_name(element.tag)


@functools.lru_cache(maxsize=_NAMES)
def _is_dropped_name(name: str) -> bool:
    return name in _DROPPED or not _KNOWN.fullmatch(etree.QName(name).namespace or "")


def _take_out(element: Element) -> None:
    """Detaches an element with what is in it; one that is out already stays out."""
    if element.getparent() is not None:
        if element.tail:
            _keep_tail(element)
        detach(element)


def _keep_tail(element: Element) -> None:
    """Moves the text behind an element to what stands before it: lxml takes it away with the element."""
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    elif parent is not None:
        parent.text = (parent.text or "") + (element.tail or "")


def _clean_attributes(element: Element) -> None:
    """Takes away attributes that count saves, name files, or belong to an unknown vocabulary."""
    local = str(element.tag).rpartition("}")[2]
    for attribute in list(element.attrib):
        if _is_trace(str(attribute)) or (local == "cNvPr" and attribute == "descr"):
            del element.attrib[attribute]
        elif local in _PICTURE_NAMES and (attribute == "name" or _FILE.search(str(element.attrib[attribute]))):
            element.set(attribute, "")


@functools.lru_cache(maxsize=_NAMES)
def _is_trace(attribute: str) -> bool:
    """Whether an attribute of this name is taken away wherever it stands."""
    name = etree.QName(attribute)
    if name.namespace is None:
        return False
    return not _KNOWN.fullmatch(name.namespace) or attribute in _SHAPE_TRACES or bool(_IDS.fullmatch(name.localname))


def _without_dangling(root: Element, relations: Set[str]) -> None:
    """Takes out what refers to a relation that is gone: a word processor would offer to repair the file."""
    found = _WITH_REFERENCES(root)
    for element in found if isinstance(found, list) else ():
        if not isinstance(element, Element):
            continue
        references = {value for name, value in element.attrib.items() if str(name).startswith(_R)}
        if references - relations - {""}:
            _without_holder(element)


def _without_names(root: Element) -> None:
    """Takes away the names of unknown vocabularies: what declares them, and what says that they may be passed over."""
    declared = set(_DECLARATION.findall(etree.tostring(root, encoding="unicode")))
    known = {prefix for prefix, uri in declared if _KNOWN.fullmatch(uri)}
    if all(_KNOWN.fullmatch(uri) for _, uri in declared):
        return
    for element in root.iter(etree.Element):
        if ignorable := element.get(_IGNORABLE):
            element.set(_IGNORABLE, " ".join(prefix for prefix in str(ignorable).split() if prefix in known))
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(known))


def _without_holder(element: Element) -> None:
    """Takes out the nearest thing around a reference that can be taken out whole."""
    around = [element, *element.iterancestors()]
    _take_out(next((one for one in around if etree.QName(one).localname in _HOLDERS), element))
