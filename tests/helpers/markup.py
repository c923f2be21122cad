"""Random Word markup in the cells of a form: what people, Word, WPS and other programs put there.

`soiled` gives a whole file for a seed. Each kind of markup is a function that takes the dice and a text, and gives
the XML of runs; kinds are put into one another.
"""

from __future__ import annotations

import random
import re
from xml.sax.saxutils import escape, quoteattr

from tests.helpers.sheet import WHO, Sheet, W, xml

WORD = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
TOGGLES = ["", ' w:val="1"', ' w:val="true"', ' w:val="on"', ' w:val="0"', ' w:val="false"', ' w:val="off"']
PLAIN = [
    "<w:b/>",
    "<w:i/>",
    '<w:u w:val="single"/>',
    '<w:color w:val="FF0000"/>',
    '<w:sz w:val="28"/>',
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="宋体"/>',
    '<w:highlight w:val="yellow"/>',
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>',
    '<w:spacing w:val="20"/>',
    '<w:kern w:val="2"/>',
    "<w:noProof/>",
    '<w:shd w:val="clear" w:fill="FFFF00"/>',
    '<w:w w:val="90"/>',
    '<w:em w:val="dot"/>',
    '<w:snapToGrid w:val="0"/>',
    '<w:rFonts w:hint="eastAsia"/>',
    "<w:outline/>",
    '<w:bdr w:val="single"/>',
]
TELLING = ["vanish", "strike", "dstrike", "caps", "smallCaps"]
CHARACTER_STYLES = {
    "Ca": "<w:vanish/>",
    "Cb": "<w:strike/>",
    "Cc": "<w:caps/>",
    "Cd": "<w:b/>",
    "Ce": '<w:vertAlign w:val="superscript"/>',
    "Cf": '<w:vanish w:val="0"/>',
    "Cg": '<w:color w:val="0000FF"/><w:u w:val="single"/>',
}
PARAGRAPH_STYLES = {"Pa": "<w:vanish/>", "Pb": "<w:strike/>", "Pc": "<w:smallCaps/>", "Pd": "<w:b/>", "Pe": ""}
SIGNS = [("Symbol", "F0B3"), ("Symbol", "F0A3"), ("Symbol", "F0B1"), ("Wingdings", "F0FE"), ("Symbol", "00B4")]


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def run(text: str, properties: str = "") -> str:
    """A run; none for no text: LibreOffice 7.4 never ends with empty ones between controls in a list."""
    if not text:
        return ""
    return f"<w:r><w:rPr>{properties}</w:rPr>{t(text)}</w:r>" if properties else f"<w:r>{t(text)}</w:r>"


def cut(dice: random.Random, text: str) -> list[str]:
    """A text in up to three pieces, none of them empty."""
    places = sorted(dice.sample(range(1, len(text)), min(dice.choice([1, 2]), len(text) - 1))) if len(text) > 1 else []
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def plain(dice, text):
    return run(text, "".join(dice.sample(PLAIN, dice.randrange(3))))


def toggled(dice, text):
    return run(text, f"<w:{dice.choice(TELLING)}{dice.choice(TOGGLES)}/>")


def raised(dice, text):
    value = dice.choice(["superscript", "subscript", "baseline"])
    return run(text, f'<w:vertAlign w:val="{value}"/>')


def lifted(dice, text):
    return run(text, f'<w:position w:val="{dice.choice(["0", "6", "-6"])}"/>')


def styled(dice, text):
    more = dice.choice(["", f"<w:{dice.choice(TELLING)}{dice.choice(TOGGLES)}/>"])
    return run(text, f'<w:rStyle w:val="{dice.choice([*CHARACTER_STYLES, "Nobody"])}"/>{more}')


def faint(dice, text):
    return run(text, dice.choice(['<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>', "<w:rtl/>", "<w:webHidden/>"]))


def sign_font(dice, text):
    font = dice.choice(["Symbol", "Wingdings"])
    return run(dice.choice(["³", "\uf0b3", "£"]), f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>') + run(text)


def sign(dice, text):
    font, code = dice.choice(SIGNS)
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>' + run(text)


def odd_characters(dice, text):
    odd = dice.choice(
        [
            "<w:tab/>",
            "<w:br/>",
            "<w:cr/>",
            "<w:noBreakHyphen/>",
            "<w:softHyphen/>",
            "<w:lastRenderedPageBreak/>",
            '<w:br w:type="textWrapping"/>',
            '<w:ptab w:relativeTo="margin" w:alignment="left" w:leader="none"/>',
        ]
    )
    first, *rest = cut(dice, text)
    return f"<w:r>{t(first)}{odd}{t(''.join(rest))}</w:r>"


def mark(kind, below=""):
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{below}</w:fldChar></w:r>'


def field(code, result, form="", instruction=""):
    told = f'<w:r><w:instrText xml:space="preserve">{escape(code)}</w:instrText></w:r>{instruction}'
    shown = "" if result is None else mark("separate") + result
    return mark("begin", form) + told + shown + mark("end")


CODES = [
    " =SUM(1,2) ",
    " MERGEFIELD 值 ",
    ' HYPERLINK "http://example.com/" ',
    " REF bm1 ",
    " PAGE ",
    " DATE ",
    " NUMPAGES ",
    ' IF 1 = 1 "甲" "乙" ',
    " DOCPROPERTY Title ",
    " QUOTE 5 ",
    " SEQ 表 ",
    " AUTHOR ",
    " FILENAME ",
    " TITLE ",
    " PAGEREF bm1 ",
    " STYLEREF 1 ",
    " CREATEDATE ",
    ' FILLIN "填" ',
    " WONDER 7 ",
    " TIME ",
    " DOCVARIABLE x ",
    " SUBJECT ",
    " USERNAME ",
    " SECTION ",
    " NUMWORDS ",
    " COMMENTS ",
    " LISTNUM ",
    " ADDIN x ",
]
CODED = [
    r"EQ \o(≥,_)",
    r"eq \o\ac(○,3)",
    r"EQ \f(1,2)",
    r"EQ \s\up 8(2)",
    r'SYMBOL 179 \f "Symbol"',
    r"SYMBOL 65 ",
    "MACROBUTTON NoMacro 点这里",
    r"ADVANCE \d 4",
    "AUTONUM",
    "GOTOBUTTON x 去",
    'SET a "5"',
    "TC 甲",
    'XE "甲"',
    "AUTOTEXT 甲",
    r"EQ \o\al(\s\up 9(jiàn),件)",
]


def any_field(dice, text):
    return field(dice.choice(CODES), inner(dice, text))


def coded_field(dice, text):
    code = f" {dice.choice(CODED)} "
    first, *rest = cut(dice, text)
    return run(first) + field(code, dice.choice([None, None, "", run("5")])) + run("".join(rest))


def nested_field(dice, text):
    below = field(dice.choice(CODES), run("7"))
    more = '<w:r><w:instrText xml:space="preserve"> + 1 </w:instrText></w:r>'
    return field(dice.choice([" = ", " IF ", " HYPERLINK "]), run(text), instruction=below + more)


def simple_field(dice, text):
    return f"<w:fldSimple w:instr={quoteattr(dice.choice(CODES))}>{inner(dice, text)}</w:fldSimple>"


def form_text(dice, text):
    form = '<w:ffData><w:name w:val="文字1"/><w:enabled/><w:textInput/></w:ffData>'
    return field(" FORMTEXT ", run(text), form)


def form_box(dice, text):
    state = dice.choice(
        [
            '<w:default w:val="0"/>',
            '<w:default w:val="1"/>',
            '<w:default w:val="0"/><w:checked/>',
            '<w:default w:val="1"/><w:checked w:val="0"/>',
        ]
    )
    return field(
        " FORMCHECKBOX ", dice.choice([None, ""]), f"<w:ffData><w:checkBox><w:sizeAuto/>{state}</w:checkBox></w:ffData>"
    ) + run(text)


def form_list(dice, text):
    entries = "".join(f"<w:listEntry w:val={quoteattr(entry)}/>" for entry in (text[:20], "甲", "乙"))
    state = dice.choice(
        ["", '<w:result w:val="1"/>', '<w:result w:val="2"/>', '<w:default w:val="1"/>', '<w:result w:val="9"/>']
    )
    return field(
        " FORMDROPDOWN ", dice.choice([None, ""]), f"<w:ffData><w:ddList>{state}{entries}</w:ddList></w:ffData>"
    )


def control(properties, content):
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


KINDS_OF_CONTROL = [
    "<w:text/>",
    "<w:richText/>",
    '<w:dropDownList><w:listItem w:displayText="甲" w:value="1"/></w:dropDownList>',
    '<w:comboBox><w:listItem w:displayText="乙" w:value="2"/></w:comboBox>',
    "<w:date/>",
    '<w:alias w:val="x"/><w:tag w:val="y"/><w:id w:val="5"/>',
    "",
    "<w:group/>",
    "<w:showingPlcHdr/><w:text/>",
    '<w:showingPlcHdr w:val="0"/><w:text/>',
]


def any_control(dice, text):
    return control(dice.choice(KINDS_OF_CONTROL), plain(dice, text))


def prompt(dice, text):
    return control(
        "<w:showingPlcHdr/><w:text/>", run("单击此处输入文字。", '<w:rStyle w:val="PlaceholderText"/>')
    ) + dice.choice(["", run(text)])


def box_control(dice, text):
    first, *rest = cut(dice, text)
    made = ""
    for label in (first, "".join(rest) or "乙"):
        on = dice.random() < 0.5
        made += control(
            f'<w14:checkbox {WORD}><w14:checked w14:val="{int(on)}"/></w14:checkbox>', run("☒" if on else "☐")
        ) + run(label)
    return made


def tracked(dice, text):
    kind = dice.choice(["ins", "del", "moveFrom", "moveTo"])
    first, *rest = cut(dice, text)
    inside = run("".join(rest))
    if kind == "del":
        inside = inside.replace("w:t>", "w:delText>").replace("<w:t ", "<w:delText ")
    return run(first) + f"<w:{kind} {WHO}>{inside}</w:{kind}>"


def reformatted(dice, text):
    before = dice.choice(["", "<w:vanish/>", "<w:strike/>", "<w:b/>"])
    return run(text, f"<w:b/><w:rPrChange {WHO}><w:rPr>{before}</w:rPr></w:rPrChange>")


def wrapped(dice, text):
    before, after = dice.choice(
        [
            ('<w:bookmarkStart w:id="3" w:name="bm1"/>', '<w:bookmarkEnd w:id="3"/>'),
            ('<w:proofErr w:type="spellStart"/>', '<w:proofErr w:type="spellEnd"/>'),
            ('<w:permStart w:id="9" w:edGrp="everyone"/>', '<w:permEnd w:id="9"/>'),
            ('<w:smartTag w:uri="urn:x" w:element="place">', "</w:smartTag>"),
            ('<w:customXml w:uri="urn:x" w:element="v">', "</w:customXml>"),
            ('<w:hyperlink w:anchor="bm1" w:history="1">', "</w:hyperlink>"),
            (
                '<w:commentRangeStart w:id="1"/>',
                '<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>',
            ),
            ('<w:dir w:val="ltr">', "</w:dir>"),
            ('<w:bdo w:val="rtl">', "</w:bdo>"),
        ]
    )
    return before + inner(dice, text) + after


def noted(dice, text):
    return run(text) + '<w:r><w:footnoteReference w:id="2"/></w:r>'


def ruby(dice, text):
    first, *rest = cut(dice, text)
    properties = (
        '<w:rubyPr><w:rubyAlign w:val="center"/><w:hps w:val="10"/><w:hpsRaise w:val="18"/>'
        '<w:hpsBaseText w:val="21"/></w:rubyPr>'
    )
    base = f"<w:r><w:ruby>{properties}<w:rt>{run('jiàn')}</w:rt><w:rubyBase>{run(first)}</w:rubyBase></w:ruby></w:r>"
    return (base if first else "") + run("".join(rest))


def formula(dice, text):
    return run(text) + "<m:oMath><m:r><m:t>x2</m:t></m:r></m:oMath>"


def text_box(dice, text):
    inside = f"<w:p>{run('框里')}</w:p>"
    shape = (
        '<w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape style="width:50pt;height:20pt"><v:textbox>'
        f"<w:txbxContent>{inside}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    return run(text) + f"<w:r>{shape}</w:r>"


def alternate(dice, text):
    known = f'<mc:Choice xmlns:q="{SHAPES}" Requires="q">{run(text)}</mc:Choice>'
    unknown = f'<mc:Choice xmlns:u="urn:nobody" Requires="u">{run("别的")}</mc:Choice>'
    fallback = f"<mc:Fallback>{run(dice.choice([text, '后备']))}</mc:Fallback>"
    branches = dice.choice([[known, fallback], [unknown, fallback], [unknown, known, fallback]])
    return f"<mc:AlternateContent>{''.join(branches)}</mc:AlternateContent>"


KINDS = [
    plain,
    plain,
    toggled,
    toggled,
    raised,
    lifted,
    styled,
    styled,
    faint,
    sign_font,
    sign,
    odd_characters,
    odd_characters,
    any_field,
    any_field,
    coded_field,
    nested_field,
    simple_field,
    form_text,
    form_box,
    form_list,
    any_control,
    prompt,
    box_control,
    tracked,
    reformatted,
    wrapped,
    wrapped,
    noted,
    ruby,
    formula,
    text_box,
    alternate,
]
INNER = [
    plain,
    plain,
    toggled,
    raised,
    styled,
    odd_characters,
    sign,
    any_field,
    any_control,
    tracked,
    wrapped,
    simple_field,
]


def inner(dice: random.Random, text: str) -> str:
    """The XML of runs for a text, with more markup in it now and then."""
    return run(text) if dice.random() < 0.6 else dice.choice(INNER)(dice, text)


def pieces(dice: random.Random, text: str) -> tuple[str, list[str]]:
    """A text as the XML of runs, some of its pieces marked up; and the kinds of markup."""
    kinds: list[str] = []
    made = []
    for piece in cut(dice, text):
        if dice.random() < 0.5:
            kind = dice.choice(KINDS)
            kinds.append(kind.__name__)
            made.append(kind(dice, piece))
        else:
            made.append(run(piece))
    # people have a word between two controls; LibreOffice 7.4 may not end without one
    return "".join(made).replace("</w:sdt><w:sdt>", f"</w:sdt>{run('和')}<w:sdt>"), kinds


def paragraph_properties(dice: random.Random) -> str:
    return dice.choice(
        [
            "",
            "",
            "",
            f'<w:pPr><w:pStyle w:val="{dice.choice([*PARAGRAPH_STYLES])}"/></w:pPr>',
            '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>',
            '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr></w:pPr>',
            "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>",
            '<w:pPr><w:jc w:val="right"/></w:pPr>',
            f"<w:pPr><w:rPr><w:ins {WHO}/></w:rPr></w:pPr>",
            f"<w:pPr><w:rPr><w:del {WHO}/></w:rPr></w:pPr>",
        ]
    )


def soil_cell(dice: random.Random, cell) -> str:
    """Puts random markup into a cell; the kinds, for a message."""
    texts = ["".join(node.text or "" for node in paragraph.iter(f"{W}t")) for paragraph in cell.findall(f"{W}p")]
    for paragraph in cell.findall(f"{W}p"):
        cell.remove(paragraph)
    told = []
    for text in texts:
        content, kinds = pieces(dice, text)
        properties = paragraph_properties(dice)
        if "<w:sdt>" in content:
            # LibreOffice 7.4 may never end with controls in a list, or with hidden text in them
            properties = ""
        told += [*kinds, properties]
        paragraph = f"<w:p>{properties}{content}</w:p>"
        if dice.random() < 0.05 and "<w:sdt>" not in content:
            paragraph = control(dice.choice(KINDS_OF_CONTROL), paragraph)
            told.append("control of a paragraph")
        cell.append(xml(paragraph))
    if cell[-1].tag != f"{W}p":
        cell.append(xml("<w:p/>"))
    return " ".join(filter(None, told))


def styles(content: bytes) -> bytes:
    made = "".join(
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/><w:rPr>{properties}</w:rPr></w:style>'
        for kind, listed in (("character", CHARACTER_STYLES), ("paragraph", PARAGRAPH_STYLES))
        for name, properties in listed.items()
    )
    made += '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/></w:style>'
    return content.replace(b"</w:styles>", made.encode() + b"</w:styles>")


_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PARTS = {
    "numbering": f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    "footnotes": f'<w:footnotes {_NS}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p>'
    '</w:footnote><w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/>'
    '</w:r></w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote>'
    "</w:footnotes>",
    "comments": f'<w:comments {_NS}><w:comment w:id="1" w:author="x"><w:p><w:r>'
    "<w:t>批注</w:t></w:r></w:p></w:comment></w:comments>",
}


def add_parts(sheet: Sheet) -> None:
    """Puts in what the markup refers to: styles, a list, a note, a comment."""
    sheet.parts["word/styles.xml"] = styles(sheet.parts["word/styles.xml"])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    for name, content in _PARTS.items():
        path = f"word/more-{name}.xml"
        sheet.parts[path] = content.encode()
        relation = f'<Relationship Id="m{name}" Type="{kind}/{name}" Target="more-{name}.xml"/></Relationships>'
        sheet.parts[rels] = re.sub(rb"<Relationship [^>]*/%b\"[^>]*/>" % name.encode(), b"", sheet.parts[rels])
        sheet.parts[rels] = sheet.parts[rels].replace(b"</Relationships>", relation.encode())
        override = (
            f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-officedocument.'
            f'wordprocessingml.{name}+xml"/></Types>'
        )
        sheet.parts[types] = sheet.parts[types].replace(b"</Types>", override.encode())


def number_notes(sheet: Sheet) -> None:
    """Gives each reference to a note a note of its own, in their order, as Word does."""
    references = list(sheet.root.iter(f"{W}footnoteReference"))
    for number, reference in enumerate(references, 2):
        reference.set(f"{W}id", str(number))
    note = '<w:footnote w:id="{}"><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote>'
    made = "".join(note.format(number) for number in range(2, max(len(references), 1) + 2))
    sheet.parts["word/more-footnotes.xml"] = _PARTS["footnotes"].replace(note.format(2), made).encode()


def merge_sideways(dice: random.Random, row) -> str:
    """Makes one cell of two neighbours."""
    cells = row.findall(f"{W}tc")
    free = [n for n in range(len(cells) - 1) if all(c.find(f"{W}tcPr/{W}vMerge") is None for c in cells[n : n + 2])]
    if not free:
        return ""
    first = dice.choice(free)
    spans = []
    for cell in cells[first : first + 2]:
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        spans.append(int(span.get(f"{W}val")) if span is not None else 1)
        if span is not None:
            span.getparent().remove(span)
    cells[first].find(f"{W}tcPr").insert(1, xml(f'<w:gridSpan w:val="{sum(spans)}"/>'))
    row.remove(cells[first + 1])
    return "merge sideways"


def soil_row(dice: random.Random, row) -> str:
    """Wraps a row or a cell of it in a content control, hides it, or merges two of its cells."""
    what = dice.randrange(4)
    if what == 0:
        wrapper = xml('<w:sdt><w:sdtPr><w:id w:val="77"/></w:sdtPr><w:sdtContent/></w:sdt>')
        row.addprevious(wrapper)
        wrapper[1].append(row)
        return "control of a row"
    if what == 1:
        cell = dice.choice(row.findall(f"{W}tc"))
        wrapper = xml("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
        cell.addprevious(wrapper)
        wrapper[1].append(cell)
        return "control of a cell"
    if what == 2:
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = xml("<w:trPr/>")
            row.insert(0, properties)
        properties.append(xml(dice.choice(["<w:hidden/>", '<w:hidden w:val="0"/>', "<w:cantSplit/>"])))
        return "row properties"
    return merge_sideways(dice, row)


def soiled(content: bytes, seed: int, cells: int = 60, rows: int = 4) -> tuple[bytes, dict[tuple[int, int], str]]:
    """A form with random markup in some of its cells; the kinds by row and place in the row, from 1."""
    dice = random.Random(seed)
    sheet = Sheet(content)
    add_parts(sheet)
    table_rows = list(sheet.original)
    told: dict[tuple[int, int], str] = {}
    cells_of = [
        (number, *placed) for number, row in enumerate(table_rows, 1) for placed in enumerate(row.findall(f"{W}tc"), 1)
    ]
    filled = [found for found in cells_of if "".join(found[2].itertext()).strip()]
    for number, place, cell in dice.sample(filled, min(cells, len(filled))):
        told[number, place] = soil_cell(dice, cell)
    for number, row in dice.sample(list(enumerate(table_rows, 1)), rows):
        told[number, 0] = soil_row(dice, row)
    number_notes(sheet)
    return sheet.save(), told


def with_cell(content: bytes, row: int, place: int, text: str) -> bytes:
    """A form with XML of runs in one cell, and the parts that such XML refers to."""
    sheet = Sheet(content)
    add_parts(sheet)
    sheet.inner(row, place, text)
    return sheet.save()
