"""Fields of a Word file: what each shows, by its kind and its state (ECMA-376 Part 1, section 17.16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from perfgen.importing.paper import known
from perfgen.importing.paper.known import Remark, Trouble
from perfgen.importing.paper.word_package import Element, W, child_of
from perfgen.table.word_xml import says_on

TICKED, UNTICKED = "☑", "☐"
_SWITCH = re.compile(r'\\\*\s*(?:"[^"]*"|\S+)')
_RAISED = re.compile(r"\\s\s*(?:\\(?:up|do|ai|di)\s*\d*\s*)+\(((?:[^()]|\([^()]*\))*)\)", re.I)


def blanks_at_beginning(pieces: list[str], known: int) -> int:
    """How many pieces of text stand before the first that is not blank, of which so many are known to be blank."""
    while known < len(pieces) and not pieces[known].strip():
        known += 1
    return known


@dataclass
class WordField:
    """A field that has begun; text goes to its instruction until its separator is met, then to its result."""

    form: Element | None = None
    """The state of a form field (w:ffData)."""
    instruction: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)
    separated: bool = False
    dirty: bool = False
    """Whether Word computes it again when it opens the file (17.16.18, `dirty`)."""
    nested: bool = False
    """Whether another field stands in its instruction."""
    shown: bool = False
    """Whether a part of its result was given out with an earlier paragraph."""
    blanks: int = 0
    """How many pieces at the beginning of its result are known to be blank."""

    def has_text(self) -> bool:
        """Whether its result holds any text so far."""
        self.blanks = blanks_at_beginning(self.result, self.blanks)
        return self.blanks < len(self.result)

    @property
    def code(self) -> str:
        """Its instruction as one line."""
        return " ".join("".join(self.instruction).split())

    @property
    def kind(self) -> str:
        """The word that says what it is, in capitals."""
        name = re.match(r"=|[^\s\\(]+", self.code)
        return name[0].upper() if name else ""


@dataclass(frozen=True)
class Display:
    """What a field shows, and what there is to say of it."""

    text: str
    remarks: tuple[Remark, ...] = ()


def display(ended: WordField) -> Display:
    """What a field shows that has ended."""
    result = "".join(ended.result)
    by_state = _STATES.get(ended.kind)
    if by_state is not None:
        return by_state(ended, result)
    if result or ended.shown:
        return Display(result, tuple(_doubts(ended)))
    if ended.kind in known.UNSEEN_FIELDS or _is_left_blank(ended):
        return Display("")
    return Display("", (Remark(Trouble.FIELD_CODE, ended.code),))


def _is_left_blank(ended: WordField) -> bool:
    """Whether a field without a result is a link, or a form's text that nobody has filled in."""
    default = child_of(ended.form, f"{W}textInput/{W}default")
    return ended.separated and ended.kind in known.BLANK_FIELDS and not ended.nested and default is None


def _doubts(ended: WordField) -> Iterator[Remark]:
    """What makes a field's result doubtful."""
    result = "".join(ended.result)
    if known.FIELD_ERRORS.match(result):
        yield Remark(Trouble.FIELD_ERROR, result)
    elif ended.dirty:
        yield Remark(Trouble.FIELD_STALE, result)
    elif ended.nested:
        yield Remark(Trouble.FIELD_NESTED, result or ended.code)
    elif ended.kind in known.CHANGING_FIELDS:
        yield Remark(Trouble.FIELD_CHANGING, result)
    elif ended.kind not in known.SHOWN_FIELDS:
        yield Remark(Trouble.FIELD, ended.code)


def _by_code(text: str, ended: WordField, result: str, certain: bool) -> Display:
    """What a field shows by its instruction; doubtful where it holds another result, too."""
    if certain and not ended.nested and result in ("", text):
        return Display(text)
    return Display(text, (Remark(Trouble.FIELD_CODE, f"{ended.code} {result}".strip()),))


def _button(ended: WordField, result: str) -> Display:
    """MACROBUTTON and GOTOBUTTON: the text behind the name."""
    words = ended.code.split(" ", 2)
    return _by_code(words[2] if len(words) > 2 else "", ended, result, certain=False)


def _symbol(ended: WordField, result: str) -> Display:
    r"""SYMBOL: a code, of the font that \f names."""
    code = re.match(r"\S+\s+(0x[0-9a-f]{1,5}|\d{1,6})\b", ended.code, re.I)
    font = re.search(r'\\f\s*"?([^"\\]+)', ended.code, re.I)
    number = int(code[1], 16 if code[1][:2].lower() == "0x" else 10) if code else 0
    text = known.symbol(font[1].strip(), number) if font else chr(number) if 32 < number < 127 else ""
    if result in (chr(number % 0x110000), chr(0xF000 + number % 256)):
        result = ""
    return _by_code(text or result, ended, "" if not text else result, certain=bool(text))


def _equation(ended: WordField, result: str) -> Display:
    """EQ: signs printed over one another, Chinese readings, formulas."""
    code = _SWITCH.sub("", ended.code[2:]).strip()
    over = re.fullmatch(r"\\o\s*(?:\\(?:al|ac|ar|ad)\s*)*\((.*)\)", code, re.I)
    if over is None:
        text = "/".join(_arguments(re.sub(r"\\[a-z]+\d*", "", code, flags=re.I).strip()))
        return _by_code(text, ended, result, certain=False)
    raised = _RAISED.search(over[1])
    signs = [sign.strip() for sign in _arguments(_RAISED.sub("", over[1])) if sign.strip()]
    if raised and len(signs) == 1:
        return Display(signs[0], (Remark(Trouble.FIELD_CODE, ended.code),))
    seen = known.OVERPRINTED.get("".join(sorted(signs))) if len(signs) == 2 else None
    if seen:
        return _by_code(seen, ended, result, certain=True)
    inner = [sign for sign in signs if sign not in known.CIRCLES]
    if len(inner) == 1 and len(signs) == 2 and inner[0] in known.CIRCLED:
        return _by_code(known.CIRCLED[inner[0]], ended, result, certain=True)
    return _by_code("".join(inner), ended, result, certain=False)


def _arguments(text: str) -> list[str]:
    """The arguments of an EQ field, apart by commas or semicolons; brackets around them all go."""
    text = text.removeprefix("(").removesuffix(")") if text.startswith("(") else text
    return [part.replace("\\", "") for part in re.split(r"(?<!\\)[,;]", text)]


def _check_box(ended: WordField, result: str) -> Display:
    """FORMCHECKBOX: its state is in w:ffData (17.16.7)."""
    box = child_of(ended.form, f"{W}checkBox")
    state = child_of(box, f"{W}checked")
    if state is None:
        state = child_of(box, f"{W}default")
    ticked = state is not None and says_on(state)
    return Display((TICKED if ticked else UNTICKED) + result)


def _drop_down(ended: WordField, result: str) -> Display:
    """FORMDROPDOWN: the entry that w:result counts, from 0 (17.16.28); without it, the default."""
    choices = child_of(ended.form, f"{W}ddList")
    entries = [entry.get(f"{W}val", "") for entry in choices.iter(f"{W}listEntry")] if choices is not None else []
    state = child_of(choices, f"{W}result")
    if state is None:
        state = child_of(choices, f"{W}default")
    number = state.get(f"{W}val", "") if state is not None else "0"
    if not number.isdecimal() or len(number) > 4 or int(number) >= len(entries):
        return Display(result, (Remark(Trouble.CHOSEN, "、".join(entries)),))
    chosen = entries[int(number)]
    if result.strip() not in ("", chosen):
        return Display(chosen, (Remark(Trouble.CHOSEN, f"{chosen}、{result}"),))
    return Display(chosen)


def is_stale(begin: Element) -> bool:
    """Whether the beginning of a field says that its result is out of date."""
    return begin.get(f"{W}dirty", "false") not in ("0", "false", "off")


_STATES = {
    "EQ": _equation, "SYMBOL": _symbol, "MACROBUTTON": _button, "GOTOBUTTON": _button,
    "FORMCHECKBOX": _check_box, "FORMDROPDOWN": _drop_down,
}  # fmt: skip
