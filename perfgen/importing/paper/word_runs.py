"""Reads what stands in a paragraph: runs, fields, controls, signs; tells what it does not understand."""

from __future__ import annotations

import re

from perfgen.importing.paper import known, word_fields
from perfgen.importing.paper.contents import FIELD, INLINE_CONTROL, NOTE, SIGN
from perfgen.importing.paper.known import Remark, Trouble
from perfgen.importing.paper.word_alternate import ALTERNATE, PICTURES, drawn_text, shown_branch
from perfgen.importing.paper.word_context import Context, Revisions
from perfgen.importing.paper.word_fields import WordField, blanks_at_beginning, is_stale
from perfgen.importing.paper.word_package import Element, W, child_of, plain_text
from perfgen.importing.paper.word_styles import RunLook, shown
from perfgen.source.characters import with_line_feeds
from perfgen.table.word_xml import properties_of

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PLAIN = RunLook()


GONE = {
    Revisions.ACCEPT: {f"{W}del", f"{W}moveFrom"},
    Revisions.REJECT: {f"{W}ins", f"{W}moveTo"},
}
TRACKED = {f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"}
_CHARACTERS = {
    f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "\u00ad",
}  # fmt: skip
_OPEN_FIELDS = 64
"""So many of the fields around a page break are looked through for text before it."""
_DIRECTED = {f"{W}dir", f"{W}bdo"}
_INSTRUCTION = {f"{W}instrText", f"{W}delInstrText"}


class RunReader:
    """Reads the contents of paragraphs; gathers troubles as it goes."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.revisions = context.revisions
        self._met: dict[Trouble, list[str]] = {}
        self.fields: list[WordField] = []
        self.out: list[str] = []
        self.blanks = 0
        """How many pieces at the beginning of `out` are known to be blank."""
        self.paragraph: Element | None = None
        self.table: Element | None = None
        self._positions: dict[str, str] = {}
        self.boxes = 0
        self.contents: set[str] = set()
        """What was met beside text: its fields' kinds, and the words above."""

    @property
    def troubles(self) -> frozenset[Remark]:
        """What was met so far, each kind once."""
        return frozenset(
            Remark(kind, "、".join(dict.fromkeys(filter(None, texts)))) for kind, texts in self._met.items()
        )

    def met(self, trouble: Trouble) -> bool:
        """Whether something of a kind was met."""
        return trouble in self._met

    def note(self, trouble: Trouble, text: str = "") -> None:
        """Remembers something that was met, and its text."""
        self._met.setdefault(trouble, []).append(self.context.quoted(text))

    def hand_over(self, to: RunReader) -> None:
        """Gives what was met to another reader, all but tracked changes."""
        for trouble in [trouble for trouble in self._met if trouble is not Trouble.REVISED]:
            to._met.setdefault(trouble, []).extend(self._met.pop(trouble))

    def finish(self) -> None:
        """Tells of what has not ended, and of what stands higher or lower than other text."""
        for unfinished in self.fields:
            self.note(Trouble.FIELD_UNFINISHED, unfinished.code)
        self.fields = []
        if len(self._positions) > 1:
            for position, text in self._positions.items():
                if position != "0":
                    self.note(Trouble.LIFTED, text)

    def read_below(self, node: Element, look: RunLook) -> None:
        """Reads what stands in an element of a run with this look."""
        for child in node:
            if isinstance(child.tag, str):
                self._read(child, look)

    def _read(self, part: Element, look: RunLook) -> None:
        """Reads one element; `look` is how the run around it is shown."""
        tag = part.tag
        if tag in (f"{W}t", f"{W}delText"):
            self._put(with_line_feeds(part.text or ""), look)
        elif tag == f"{_MATH}t":
            self.note(Trouble.MATH, part.text or "")
            self._put(with_line_feeds(part.text or ""), look)
        elif tag in _CHARACTERS:
            self.contents |= {"ptab"} if tag == f"{W}ptab" else set()
            self._put(_CHARACTERS[tag] if part.get(f"{W}type") != "page" or self._has_text() else "", look)
        elif tag in _INSTRUCTION:
            if self.fields:
                self.fields[-1].instruction.append(part.text or "")
            elif (part.text or "").strip():
                self.note(Trouble.FIELD_UNFINISHED, part.text or "")
        elif tag == f"{W}fldChar":
            self._field_mark(part, look)
        elif tag == f"{W}sym":
            self._sign(part, look)
        elif tag in known.NOTES:
            self.contents.add(NOTE)
            self._call(known.NOTES[tag], part.get(f"{W}id", ""))
        elif tag not in known.SILENT:
            self._open(part, look)

    def _open(self, part: Element, look: RunLook) -> None:
        """Reads what stands in an element that holds others."""
        tag = part.tag
        if tag in TRACKED:
            self.note(Trouble.REVISED)
            if tag not in GONE[self.revisions]:
                self.read_below(part, look)
        elif tag == f"{W}r":
            self._run(part)
        elif tag == f"{W}sdt":
            self._control(part, look)
        elif tag == f"{W}fldSimple":
            self._simple_field(part, look)
        elif tag == ALTERNATE:
            for branch in self.branch(part):
                self.read_below(branch, look)
        elif tag in PICTURES:
            if not look.hidden:
                text = drawn_text(part)
                self.note(Trouble.PICTURE if text is None else Trouble.TEXTBOX, text or "")
        elif tag == f"{W}ruby":
            self._ruby(part, look)
        elif tag in (f"{W}altChunk", f"{W}subDoc"):
            self.note(Trouble.CHUNK)
        else:
            self.contents |= {FIELD} if tag == f"{W}hyperlink" else set()
            if tag in _DIRECTED and part.get(f"{W}val", "ltr") != "ltr":
                self.note(Trouble.RIGHT_TO_LEFT, plain_text(part))
            elif tag not in known.WRAPPERS and not tag.startswith(_MATH):
                self.note(Trouble.ELEMENT, f"{tag.rpartition('}')[2]} {plain_text(part)}".strip())
            self.read_below(part, look)

    def _run(self, part: Element) -> None:
        """A run; one that shows a prompt holds no text, one that is a box to tick holds its state."""
        controls = self.context.controls
        if part in controls.prompts:
            remark = controls.prompts[part]
            self.note(remark.trouble, remark.text)
        elif part in controls.boxes:
            self.boxes += bool(controls.boxes[part])
            self._add(controls.boxes[part])
        else:
            self.read_below(part, self._look(part))

    def _look(self, run: Element) -> RunLook:
        """How a run is shown; where its formatting was changed, as the changes are treated."""
        properties = properties_of(run, "rPr")
        look = self.context.styles.look(properties, self.paragraph, self.table)
        if child_of(properties, f"{W}webHidden") is not None:
            self.contents.add("webHidden")
        before = child_of(properties, f"{W}rPrChange/{W}rPr")
        if before is not None:
            former = self.context.styles.look(before, self.paragraph, self.table)
            if former != look:
                self.note(Trouble.REVISED)
            look = former if self.revisions is Revisions.REJECT else look
        if look.unknown and plain_text(run):
            self.note(Trouble.RUN_PROPERTY, f"{' '.join(look.unknown)} {plain_text(run)}")
        return look

    def _put(self, text: str, look: RunLook) -> None:
        """Adds a text of a run, as it is shown, to the paragraph or to the field that is open."""
        if self.fields and not self.fields[-1].separated:
            self.fields[-1].instruction.append(text)
            return
        if look.hidden or look.struck:
            if text.strip():
                self.note(Trouble.HIDDEN if look.hidden else Trouble.STRUCK, text)
            return
        self.contents |= {SIGN} if look.sign_font else set()
        text, doubt = shown(text, look)
        if text.strip():
            self._positions[look.position] = self._positions.get(look.position, "") + text
            if doubt is not None:
                self.note(doubt, text)
        self._add(text)

    def _add(self, text: str) -> None:
        """Adds a text that is already as it is shown."""
        (self.fields[-1].result if self.fields else self.out).append(text)

    def _has_text(self) -> bool:
        """Whether a text stands before, in the paragraph: a page break then parts two texts."""
        self.blanks = blanks_at_beginning(self.out, self.blanks)
        return self.blanks < len(self.out) or any(begun.has_text() for begun in self.fields[-_OPEN_FIELDS:])

    def _field_mark(self, part: Element, look: RunLook) -> None:
        """Begins a field, goes over to its result, or ends it."""
        kind = part.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(WordField(part.find(f"{W}ffData"), dirty=is_stale(part)))
        elif not self.fields:
            self.note(Trouble.FIELD_UNFINISHED)
        elif kind == "separate":
            self.fields[-1].separated = True
        else:
            self._end_field(look)

    def _end_field(self, look: RunLook) -> None:
        """Puts what the field shows into what is around it."""
        ended = self.fields.pop()
        around = self.fields[-1] if self.fields else None
        display = word_fields.display(ended)
        self.contents |= {FIELD, ended.kind}
        if around is not None and not around.separated:
            around.nested = True
            around.instruction.append(display.text)
            return
        for remark in display.remarks:
            self.note(remark.trouble, remark.text)
        self.boxes += ended.kind == "FORMCHECKBOX"
        if ended.result and display.text == "".join(ended.result):
            self._add(display.text)
        else:
            self._put(display.text, look)

    def _simple_field(self, part: Element, look: RunLook) -> None:
        """A field whose instruction is an attribute."""
        instruction = [part.get(f"{W}instr", "")]
        self.fields.append(WordField(part.find(f"{W}ffData"), instruction, separated=True, dirty=is_stale(part)))
        self.read_below(part, look)
        self._end_field(look)

    def _sign(self, part: Element, look: RunLook) -> None:
        """A sign by its font and code; one that is in no table is told, and not read."""
        font, code = part.get(f"{W}font", ""), part.get(f"{W}char", "")
        number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", code) else 0
        sign = known.symbol(font, number)
        self.contents.add(SIGN)
        if sign:
            self._put(sign, look)
        elif not look.hidden:
            self.note(Trouble.SYMBOL, f"{font} {code}".strip())

    def _call(self, kind: str, number: str) -> None:
        """The mark of a note: its text is told where the mark stands."""
        text = self.context.notes.get((kind, number), "")
        if text:
            self.context.told.add((kind, number))
            self.note(Trouble.NOTE, text)

    def _ruby(self, part: Element, look: RunLook) -> None:
        """A reading above its base: the base is the text."""
        reading = plain_text(part.find(f"{W}rt"))
        if reading:
            self.note(Trouble.RUBY, reading)
        for base in part.iter(f"{W}rubyBase"):
            self.read_below(base, look)

    def _control(self, part: Element, look: RunLook) -> None:
        """A content control among the runs of a paragraph."""
        self.compare_with_store(part)
        self.contents.add(INLINE_CONTROL)
        content = part.find(f"{W}sdtContent")
        if content is not None:
            self.read_below(content, look)

    def compare_with_store(self, part: Element) -> None:
        """Tells of a control (w:sdt) that is bound to a value other than its text."""
        stored = self.context.controls.differing(part)
        if stored is not None:
            self.note(Trouble.BOUND, stored)

    def branch(self, part: Element) -> list[Element]:
        """The branch that is shown of several that stand for one another; those that differ are told."""
        chosen, differing = shown_branch(part)
        if differing:
            self.note(Trouble.CHOICE, differing)
        return [] if chosen is None else [chosen]
