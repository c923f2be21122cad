"""Opens an untrusted Word package: its size is bounded, it may have no entities, nothing is fetched.

Only the parts that hold text are read, by the names the package's own list of relations gives
them (ECMA-376 Part 2, section 9); relations that point outside are never followed.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from perfgen.findings import DataError, Finding, Place
from perfgen.system import unpack
from perfgen.system.unpack import Package, TooMuch

Element: TypeAlias = etree._Element
"""An element of a part, as lxml has it; comments and processing instructions among the children too."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
"""Word's "Strict Open XML" has other names for the same elements (ECMA-376 Part 1, Annex A)."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "用 Word 或 WPS 打开它，“另存为”选 .docx，再导入。"
_MOST_TEXTS, _MOST_LETTERS = 10_000, 100_000
"""Pieces of text, and letters, that a message may be made of."""
_EDGES = ("header", "footer", "footnotes", "endnotes", "comments")
"""The kinds of relations that lead to parts with texts beside the body's."""
_USUAL = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
"""The same by their usual names, in small letters: some programs forget the relation."""
_KEPT = re.compile(r"customxml/item\d+\.xml")
"""The usual names, in small letters, of the parts that keep values for content controls."""
_CORE = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
_EXTENDED = "{6668398D-A668-4E3E-A5EB-62B293D839F1}"
"""The names under which content controls are bound to the package's core and extended properties."""


@dataclass(frozen=True)
class Store:
    """A part that keeps values for content controls, and the name by which they call it."""

    name: str
    root: Element


@dataclass(frozen=True)
class WordParts:
    """A package's body, the other parts that may hold text by name, and the parts that say how it is to be read."""

    body: Element
    edges: dict[str, Element]
    styles: Element | None = None
    stores: tuple[Store, ...] = ()
    fonts: Element | None = None
    """The list of its fonts, with what is known of each."""
    glossary: Element | None = None
    """The building blocks that it keeps, with the prompts of its content controls among them."""


@dataclass(frozen=True)
class _Relation:
    """What a part says of another part: what it is to it, and where it is."""

    kind: str
    """The last word of the relation's type."""
    target: str


def refuse(file: str, rule: str, message: str, hint: str = "") -> DataError:
    """An error about a file as a whole."""
    return DataError([Finding(Place(file), rule, message, hint)])


def open_package(content: bytes, file: str) -> WordParts:
    """The parsed parts of a Word file; `file` is its name in messages.

    Raises DataError, saying what the file is, when it is none, is locked, or is too large.
    """
    _refuse_other_kinds(content, file)
    try:
        package = unpack.open_package(content)
        if package.is_locked:
            raise refuse(file, "import-locked", "文件有密码。", "在 Word 里去掉密码再导入。")
        return _parts(_Package(package, file), file)
    except TooMuch as error:
        raise refuse(file, "import-size", f"{error}。", "请核对文件的来历。") from None
    except unpack.BROKEN:
        raise refuse(file, "import-broken", "文件坏了，打不开。", "用 Word 打开它，能打开就另存一份再导入。") from None


def _parts(package: _Package, file: str) -> WordParts:
    """The parts that are read: by the relations that lead to them."""
    main = package.main_part()
    if not package.holds(main):
        if any(posixpath.basename(name) == "document.xml" for name in package.names):
            raise refuse(file, "import-kind", "文件的打包方式不合规范，找不到里面的正文。", _SAVE_AS)
        raise refuse(file, "import-kind", "不是 Word 文档（.docx）。", _SAVE_AS)
    body = package.part(main).find(f"{W}body")
    if body is None:
        raise refuse(file, "import-kind", "不是 Word 文档（.docx）：里面没有正文。", _SAVE_AS)
    relations = [relation for relation in package.relations(main) if package.holds(relation.target)]
    named = {_folded(relation.target): relation.target for relation in relations if relation.kind in _EDGES}
    named |= {name: name for name in package.names if _USUAL.fullmatch(name)}
    edges = {name: package.part(name) for _, name in sorted(named.items())}
    by_kind = {relation.kind: relation.target for relation in reversed(relations)}
    styles, fonts, glossary = (
        package.part(by_kind[kind]) if kind in by_kind else None for kind in ("styles", "fontTable", "glossaryDocument")
    )
    return WordParts(body, edges, styles, tuple(_stores(package, relations)), fonts, glossary)


def _stores(package: _Package, relations: list[_Relation]) -> Iterator[Store]:
    """The parts that keep values for content controls."""
    for relation in package.relations(""):
        name = {"core-properties": _CORE, "extended-properties": _EXTENDED}.get(relation.kind)
        if name is not None and package.holds(relation.target):
            yield Store(name, package.part(relation.target))
    kept = {_folded(relation.target) for relation in relations if relation.kind == "customXml"}
    for name in sorted(kept | {name for name in package.names if _KEPT.fullmatch(name)}):
        for properties in package.relations(name):
            if properties.kind == "customXmlProps" and package.holds(properties.target):
                attributes = package.part(properties.target).attrib.items()
                called = [str(value) for attribute, value in attributes if str(attribute).endswith("itemID")]
                yield from (Store(call, package.part(name)) for call in called)


def child_of(parent: Element | None, path: str) -> Element | None:
    """The first element at a path below a parent; None where there is none, or no parent."""
    return parent.find(path) if parent is not None else None


def plain_text(node: Element | None) -> str:
    """All text below an element, for messages: letters as they are written, in one line."""
    parts = node.iter(f"{W}t", f"{W}delText") if node is not None else ()
    texts = (part.text or "" for part in itertools.islice(parts, _MOST_TEXTS))
    return " ".join("".join(texts)[:_MOST_LETTERS].split())


def _refuse_other_kinds(content: bytes, file: str) -> None:
    """Raises DataError for a file that is too large, or is not a zip archive, saying what it is."""
    if len(content) > unpack.MAX_FILE:
        raise refuse(file, "import-size", f"文件太大：{len(content)} 字节，最多 {unpack.MAX_FILE} 字节。")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refuse(
                file, "import-locked", "文件有密码。", "在 Word 里打开，去掉密码（文件 → 信息 → 保护文档），再导入。"
            )
        raise refuse(file, "import-kind", "这是旧格式的文件（.doc 或 .wps）。", _SAVE_AS)
    if content.lstrip()[:5] == b"{\\rtf":
        raise refuse(file, "import-kind", "这是 RTF 文件，不是 .docx。", _SAVE_AS)
    if not content.startswith(b"PK"):
        raise refuse(file, "import-kind", "不是 Word 文档（.docx）。", _SAVE_AS)


@dataclass(frozen=True)
class _Package:
    """An open package; a part's name is looked up whatever its case and its strokes (Part 2, 6.2.2)."""

    package: Package
    file: str
    names: dict[str, str] = field(default_factory=dict)
    """By a part's name in small letters, its name in the archive."""

    def __post_init__(self) -> None:
        for name in self.package.names:
            if _folded(name) in self.names:
                raise refuse(
                    self.file, "import-broken", f"文件里有两个同名的部分：{name}。", "用 Word 打开它，另存一份再导入。"
                )
            self.names[_folded(name)] = name

    def holds(self, name: str) -> bool:
        """Whether there is a part of a name."""
        return _folded(name) in self.names

    def part(self, name: str) -> Element:
        """A part, parsed."""
        return _part(self.package, self.names[_folded(name)], self.file)

    def main_part(self) -> str:
        """The name of the part that is the document; not every program calls it word/document.xml."""
        targets = [relation.target for relation in self.relations("") if relation.kind == "officeDocument"]
        return targets[0] if targets else "word/document.xml"

    def relations(self, source: str) -> list[_Relation]:
        """The relations of a part, or of the package itself; those that point outside are not followed."""
        folder, _, name = source.rpartition("/")
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.holds(listed):
            return []
        return [
            _Relation(str(relation.get("Type")).rpartition("/")[2], _target(folder, str(relation.get("Target", ""))))
            for relation in self.part(listed)
            if relation.get("TargetMode") != "External"
        ]


def _folded(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").casefold()


def _target(folder: str, target: str) -> str:
    """The name of the part that a relation of a part in a folder leads to."""
    path = unquote(target.replace("\\", "/"))
    return posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")


def _part(package: Package, name: str, file: str) -> Element:
    """One part, parsed."""
    content = package.read_xml(name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # no program writes these; entities are how a small file becomes a large one
        raise refuse(file, "import-entities", f"里面的 {name} 有 Word 文档不会有的声明，没有读它。")
    for strict, usual in _STRICT:
        content = content.replace(strict, usual)
    # every program writes UTF-8; another encoding would hide a declaration from the search above
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise refuse(file, "import-broken", f"里面的 {name} 坏了。", "用 Word 打开它，另存一份再导入。") from None
