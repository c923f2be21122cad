"""A rules file as it is used: included files read in, patterns, names and copies written out, each with its place.

All that reads rules sees plain declarations in one document. Where a declaration was typed, maybe in another file,
`Document.place` says as ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.data import Data, ValuePath, as_group, texts
from perfgen.findings import Finding, FormError, Place
from perfgen.project.layout import MAX_YAML
from perfgen.source.reader import Document

INCLUDES, LISTS, ENSURED = "包括", "列表", "另有保证"
"""What a rules file calls the sections that are written out when it is read."""
REFERENCES = "引用"
"""What it calls the section of the other files that formulas may look at."""
LONGEST = 10_000
"""How many characters a text may have that is written out, as a formula may."""
_MOST = MAX_YAML
"""How many characters may be written out in all, as many as a file may have bytes: each is compiled."""


@dataclass(frozen=True)
class Origin:
    """Where something was typed that stands elsewhere in the document."""

    document: Document
    path: ValuePath
    said: str = ""
    """How a finding about it begins, where it does not stand there as it is used."""


@dataclass(frozen=True)
class RulesDocument(Document):
    """A rules file with all that it includes, written out."""

    files: tuple[str, ...] = ()
    """The files that it was read from, as paths of the project, its own first."""
    origins: Mapping[ValuePath, Origin] = field(default_factory=dict, repr=False)
    """By the path of a part of the data, where it was typed, with all below it."""

    def place(self, path: ValuePath, *, key: bool = False) -> Place:
        """Where a value (or its key) was typed; for what was not, the place of the nearest group above."""
        origin, rest = self._origin(path)
        return origin.document.place((*origin.path, *rest), key=key)

    def said(self, path: ValuePath) -> str:
        """How a finding at a path begins; empty where it stands there as it is used."""
        return self._origin(path)[0].said

    def _origin(self, path: ValuePath) -> tuple[Origin, ValuePath]:
        for end in range(len(path), -1, -1):
            if found := self.origins.get(path[:end]):
                return found, path[end:]
        raise LookupError("the root of a rules document has an origin")


class RulesText:
    """The sections of a rules file while they are written out: what is typed where, and what is wrong."""

    def __init__(self, document: Document) -> None:
        self.file = document.file
        self.files = [document.file]
        self.data: dict[str, Data] = dict(document.top)
        self.origins: dict[ValuePath, Origin] = {(): Origin(document, ())}
        self.findings: list[Finding] = []
        self._document = document
        self._left = _MOST

    def section(self, name: str) -> dict[str, Data]:
        """The members of a section; none where it is no group, which is said where the section is read."""
        return as_group(self.data.get(name))

    def origin(self, path: ValuePath) -> Origin:
        """Where something was typed."""
        for end in range(len(path), -1, -1):
            if found := self.origins.get(path[:end]):
                return Origin(found.document, (*found.path, *path[end:]), found.said)
        raise LookupError("the root of a rules text has an origin")

    def is_own(self, path: ValuePath) -> bool:
        """Whether something was typed in the file itself and not in an included one."""
        return self.origin(path).document is self._document

    def wrong(self, path: ValuePath, message: str, hint: str = "") -> None:
        """Notes a finding where something was typed."""
        origin = self.origin(path)
        place = origin.document.place(origin.path, key=True)
        if all((one.place, one.message) != (place, message) for one in self.findings[-100:]):
            self.findings.append(Finding(place, "rule", message, hint, path=path))

    def count(self, path: ValuePath, written: Data) -> None:
        """Counts what was written out at a path. Raises FormError where a file writes out too much."""
        self._left -= sum(len(part) + 1 for _, part in texts([written]))
        if self._left < 0:
            self.wrong(path, f"规则写开来太长：照写的、合用的加起来最多 {_MOST:,} 个字。", "少几条，或写短些。")
            raise FormError(self.findings)

    def document(self) -> RulesDocument:
        """The document that everything else reads."""
        own = self._document
        data: Data = self.data if isinstance(own.data, dict) else own.data
        return RulesDocument(
            own.file, data, own.values, own.keys, own.spans, own.key_spans, own.text, own.pending,
            tuple(self.files), self.origins,
        )  # fmt: skip
