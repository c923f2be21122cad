"""What the reader of Word files understands; a cell that holds anything else is not certain.

Elements, properties of a run and kinds of fields that are in none of these lists are told to the user,
with their names and their texts (ECMA-376 Part 1, sections 17.3, 17.16 and 17.18).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from perfgen.importing.paper.word_package import W


class Trouble(StrEnum):
    """Something in a cell beside plain text; the value says what, for messages."""

    REVISED = "有修订"
    HIDDEN = "有隐藏的文字，没有读"
    PICTURE = "有图片或图形，没有读"
    TEXTBOX = "有文本框，里面的文字没有读"
    SYMBOL = "有特殊符号，读不出来"
    NESTED = "里面还有一张表，它的文字按段落读"
    MATH = "有公式，只读了里面的文字"
    GHOST = "合并掉的格子里还有看不见的文字，没有读"
    CHUNK = "插了另一份文件，没有读；在 Word 里打开，另存一份再导入"
    PROMPT = "控件里是提示的话，当作没有填"
    HELD = "控件还标着“没有填”，里面的文字没有读"
    RUBY = "有拼音，只读了字"
    TICKED = "按打了勾的方框读"
    STRUCK = "有划掉的文字，没有读"
    RAISED = "有上标或下标，照平常的字读了"
    LIFTED = "有抬高或降低的文字，照平常的字读了"
    CAPITALS = "有用格式变成大写的字母，按大写读了"
    FAINT = "有看不清的文字（和底色相近、极小、挤在一起），照读了"
    FONT_SIGN = "有符号字体的字，看到的和读到的不一样"
    FONT_SHOWN = "有符号字体的字，按这个字体显示的读"
    RIGHT_TO_LEFT = "有从右往左排的文字，次序要核对"
    OVERLAID = "有划在字上、圈住字的符号，照读了"
    RUN_PROPERTY = "有不认识的文字格式"
    ELEMENT = "有不认识的内容"
    FIELD = "有不认识的域，只读了它的结果"
    FIELD_CODE = "有没有结果的域，按域代码读"
    FIELD_NESTED = "有域套着域，读的是最外层的结果"
    FIELD_CHANGING = "有日期、时间、页码域，打开时会变"
    FIELD_ERROR = "有没有算出来、没有替换的域"
    FIELD_STALE = "有等着更新的域，打开时会变"
    FIELD_UNFINISHED = "有不完整的域"
    CHOICE = "有可以换着显示的内容，读了第一种"
    UNTICKED = "有方框，看不出选了哪一个"
    CHOSEN = "下拉框里看不出选了哪一项"
    BOUND = "控件连着别处存的值，和这里的不一样，那里存的是"
    CELL_MERGE = "有合并格子的修订"
    HIDDEN_ROW = "这一行设成了隐藏"
    NOTE = "有脚注、尾注或批注，没有读"
    FRAME = "有图文框或首字下沉，看到的次序不一定是这样"
    CLIPPED = "行距或行高固定得极小，文字看不见，照读了"
    NUMBERED = "有自动编号，没有读"
    HIDDEN_MARK = "段落标记是隐藏的，两段看起来是一段"


PUT_RIGHT = {Trouble.REVISED, Trouble.PROMPT, Trouble.RUBY, Trouble.TICKED}
"""What is understood, and only told."""
NOT_READ = {
    Trouble.HIDDEN, Trouble.PICTURE, Trouble.TEXTBOX, Trouble.SYMBOL, Trouble.GHOST, Trouble.CHUNK, Trouble.HELD,
}  # fmt: skip
"""What is not in the text that was read. All other troubles make a cell unsure."""


@dataclass(frozen=True, order=True)
class Remark:
    """A trouble that was met, and the text it was met with."""

    trouble: Trouble
    text: str = ""

    @property
    def sentence(self) -> str:
        """The remark in words, without the full stop."""
        return f"{self.trouble.value}：“{self.text}”" if self.text else self.trouble.value


def _words(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _named(names: str) -> frozenset[str]:
    return frozenset(f"{W}{name}" for name in names.split())


WRAPPERS = _named("p r hyperlink smartTag customXml sdtContent ins moveTo del moveFrom rubyBase dir bdo")
"""Elements that only hold others; tracked changes are looked at before."""
SILENT = _named(
    "pPr rPr sdtPr sdtEndPr smartTagPr customXmlPr tblPr tblPrEx tblGrid trPr tcPr sectPr rubyPr fldData bookmarkStart "
    "bookmarkEnd proofErr permStart permEnd commentRangeStart commentRangeEnd commentReference annotationRef "
    "footnoteReference endnoteReference footnoteRef endnoteRef separator continuationSeparator lastRenderedPageBreak "
    "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd "
    "customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart customXmlMoveFromRangeEnd "
    "customXmlMoveToRangeStart customXmlMoveToRangeEnd"
)
"""Elements that show nothing where they stand; the texts of notes are told for the file as a whole."""
NOTES = {f"{W}{kind}Reference": f"{W}{kind}" for kind in ("footnote", "endnote", "comment")}
"""The marks of notes, and the notes that they call."""
PLAIN_PROPERTIES = _words(
    "rStyle b bCs i iCs color sz szCs highlight u kern spacing w lang noProof shd fitText snapToGrid "
    "eastAsianLayout effect bdr em outline shadow emboss imprint cs webHidden specVanish oMath "
    "ins del moveFrom moveTo rPrChange"
)
"""Properties of a run that do not change what its text says."""
READ_PROPERTIES = _words("rFonts strike dstrike vanish caps smallCaps vertAlign position rtl")
"""Properties of a run that do, and are looked at."""
NEWER_PROPERTIES = _words(
    "glow shadow reflection textOutline textFill scene3d props3d ligatures numForm numSpacing stylisticSets cntxtAlts"
)
"""The same, in the names that Word 2010 added."""
UNDERSTOOD_NAMESPACES = (
    "http://schemas.microsoft.com/office/word/20", "http://schemas.microsoft.com/office/drawing/",
    "http://schemas.openxmlformats.org/", "urn:schemas-microsoft-com:",
)  # fmt: skip
"""How the names begin of what Word itself understands, for mc:AlternateContent."""

SHOWN_FIELDS = _words(
    "= FORMULA ADDRESSBLOCK AUTHOR BIBLIOGRAPHY CITATION COMMENTS CREATEDATE DATABASE DOCPROPERTY DOCVARIABLE EDITTIME "
    "FILENAME FILESIZE FILLIN FORMTEXT GREETINGLINE HYPERLINK IF INCLUDETEXT INDEX INFO KEYWORDS LASTSAVEDBY LINK "
    "MERGEFIELD MERGEREC MERGESEQ NOTEREF NUMCHARS NUMWORDS PAGEREF QUOTE REF REVNUM SAVEDATE "
    "SEQ STYLEREF SUBJECT TEMPLATE TITLE TOA TOC USERADDRESS USERINITIALS USERNAME COMPARE"
)
"""Fields of which the result is shown, as it was last computed."""
UNSEEN_FIELDS = _words("SET ASK TC XE RD TA NEXT NEXTIF SKIPIF PRIVATE ADDIN")
"""Fields that show nothing."""
BLANK_FIELDS = _words("FORMTEXT HYPERLINK")
"""Fields that may have no result, and then show nothing; without one, all others are told."""
FIELD_ERRORS = re.compile(r"\s*(?:错误\s*[!！]|Error\s*!|[!！]\s*\w|«[^»]*»)", re.I)
"""What Word puts for a result that it could not compute, and for a merge field before the merge."""
CHANGING_FIELDS = _words("DATE TIME PRINTDATE PAGE NUMPAGES SECTION SECTIONPAGES")
"""Fields that show another result tomorrow, or on another page."""

TURNED = re.compile("[\u061c\u200f\u202b\u202e\u2067]")
"""Characters that turn the direction of what follows: it is seen in another order."""
OVERLAID = re.compile("[\u0334-\u0338\u0489\u20d2-\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e2-\u20e6\u20ea-\u20eb]")
"""Characters that are printed over the one before: strokes through it, rings around it."""

OVERPRINTED = {"".join(sorted(pair)): seen for pair, seen in
               {"≥_": "≥", "≤_": "≤", ">_": "≥", "<_": "≤", "=/": "≠", "＝/": "≠"}.items()}  # fmt: skip
"""Two signs printed one over the other, sorted, and what is seen."""
CIRCLES = frozenset("○◯〇")
CIRCLED = {str(number): chr(0x2460 + number - 1) for number in range(1, 21)}

SUPERSCRIPT = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_SIGN_FONT = re.compile(
    r"(?:standard |mt |euclid |bookshelf |open|star)?symbols?(?: ?(?:mt|std|neu|ps|l|bt|[0-9]))*|wingdings.*|webdings|"
    r"(?:itc )?(?:zapf ?)?dingbats.*|mt extra|euclid (?:extra|math).*|monotype sorts.*|marlett|ms outlook|"
    r"ms reference specialty|d050000l|segoe (?:mdl2|fluent).*|.*fontawesome.*"
)
"""Fonts in which a letter is a sign, in small letters."""
_SAME = "0123456789 !#%&()+,./:;<=>?[]_{|}"
SYMBOL_FONT = {
    **{ord(sign): sign for sign in _SAME},
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5E: "⊥", 0x7E: "∼", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD6: "√", 0xD7: "⋅", 0xE5: "∑",
}  # fmt: skip
"""The font Symbol: by code, the character that is seen."""
_SYMBOL_NAMES = {"symbol", "symbolmt", "symbol mt", "standard symbols l", "standard symbols ps"}


def is_sign_font(font: str) -> bool:
    """Whether a font shows signs for letters."""
    return _SIGN_FONT.fullmatch(font.strip().casefold()) is not None


_BOXES = {
    "wingdings": {0x6F: "☐", 0xA8: "☐", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑"},
    "wingdings 2": {0x50: "✓", 0x52: "☑", 0xA3: "☐"},
}
"""The boxes to tick in other sign fonts, by code."""


def sign_of(font: str, letter: str) -> str:
    """What is seen of a letter that is set in a sign font; empty where that is not known.

    Only Latin letters, and what Word puts at U+F000, are set in it (17.3.2.26).
    """
    code = ord(letter)
    return symbol(font, code) if 32 < code < 256 or 0xF020 <= code < 0xF100 else letter


def symbol(font: str, code: int) -> str:
    """The character that a code of a sign font shows; empty where that is not known."""
    number, name = code - 0xF000 if code >= 0xF000 else code, font.casefold()
    if name in _SYMBOL_NAMES:
        return SYMBOL_FONT.get(number, "")
    return _BOXES.get(name, {}).get(number, "")
