"""One grammar of plain scalars: what the writer leaves plain is text to the reader, and that text."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen.findings import DataError
from perfgen.source import events, reader, writer
from perfgen.source.scalars import ESCAPED, Kind, kind, may_stand_plain

# YAML 1.2.2, section 10.3.2, with its example 10.9; behind them, what is near and is none of it
KINDS = {
    Kind.NULL: ["null", "Null", "NULL", "~", ""],
    Kind.BOOL: ["true", "True", "TRUE", "false", "False", "FALSE"],
    Kind.INTEGER: ["0", "-19", "+1", "007", "1" * 40],
    Kind.OTHER_BASE: ["0o7", "0o17", "0x3A", "0xff"],
    Kind.FLOAT: ["0.", "-0.0", ".5", "+12e03", "-2E+05", "1.", "1e3", "+.5e-1"],
    Kind.NOT_FINITE: [".inf", "-.Inf", "+.INF", ".NAN", ".nan", ".NaN"],
    Kind.TEXT: ["nULL", "None", "~~", "yes", "no", "on", "tRUE", "y", "1_000", "1,000", "0b1", "0o8", "0xg", "-0x1",
                "+0o7", "0X1", ".", "+", "-", "e3", ".e3", "1e", "1e1.5", "12:30", "1.2.3", "+.nan", "-.NaN", ".iNF",
                "inf", "nan", "１", "٣", "1\n", " 1", "2025-01-01", "="],
}  # fmt: skip
BY_TEXT = [(text, meant) for meant, texts in KINDS.items() for text in texts]
# no number of more than 30 digits, nothing at whose ends the parser takes off blanks, no bare dash
READABLE = [
    (text, meant)
    for text, meant in BY_TEXT
    if meant is not Kind.NOT_FINITE and len(text) <= events.MAX_DIGITS and text == text.strip() != "-"
]

SIGNS = " -?:,[]{}#&*!|>'\"%@`~=<.+0x1oe\\一：\u3000\x85\ufeff"
WORDS = ["null", "Null", "true", "False", ".inf", ".NaN", "0x", "0o", "---", "...", "<<", "=", "1", "9", "e", "E", "-",
         "+", ".", "_", "一", " ", ": ", " #", "\n", "\t", "\u2028"]  # fmt: skip


def read_as_text(texts: list[str], *, flow: bool) -> list[object]:
    """What texts without quotes are read as: as items of lists, and as names and values of groups."""
    lines = [f"- [{text}]\n- {{{text}: {text}}}\n" if flow else f"- {text}\n- {text}: {text}\n" for text in texts]
    return list(reader.load_yaml("".join(lines).encode(), "x.yaml").data) if texts else []


def wanted(texts: list[str], *, flow: bool) -> list[object]:
    return [part for text in texts for part in ([text] if flow else text, {text: text})]


@pytest.mark.parametrize(("text", "meant"), BY_TEXT)
def test_a_plain_scalar_is_of_the_kind_that_the_core_schema_says(text, meant):
    assert kind(text) is meant


@pytest.mark.parametrize(("text", "meant"), READABLE)
def test_it_is_read_as_that_kind(text, meant):
    types = {Kind.NULL: type(None), Kind.BOOL: bool, Kind.TEXT: str}
    assert type(reader.load_yaml(f"a: {text}\n".encode(), "x.yaml").data["a"]) is types.get(meant, Decimal)


@pytest.mark.parametrize("text", KINDS[Kind.NOT_FINITE])
def test_what_is_not_finite_is_refused(text):
    with pytest.raises(DataError):
        reader.load_yaml(f"a: {text}\n".encode(), "x.yaml")


@pytest.mark.parametrize(("text", "meant"), BY_TEXT)
def test_a_text_that_looks_like_another_kind_is_quoted(text, meant):
    for flow in (False, True):
        if meant is not Kind.TEXT:
            assert writer.text(text, flow=flow) == f'"{text}"'
        assert reader.load_yaml(f"- [{writer.text(text, flow=True)}]".encode(), "x.yaml").data == [[text]]


@pytest.mark.parametrize("flow", [False, True], ids=["on a line", "in brackets"])
@pytest.mark.parametrize("parts", [SIGNS, WORDS], ids=["signs", "words"])
def test_every_short_text_that_is_written_plain_reads_back(parts, flow):
    texts = ["".join(some) for length in (1, 2, 3) for some in itertools.product(parts, repeat=length)]
    plain = sorted({text for text in texts if writer.text(text, flow=flow) == text})
    assert 2_000 < len(plain) < len(texts) - 5_000
    assert read_as_text(plain, flow=flow) == wanted(plain, flow=flow)
    # at the beginning of a line, where a document may end
    at_margin = "".join(f"{writer.text(text)}: 1\n" for text in plain)
    assert list(reader.load_yaml(at_margin.encode(), "x.yaml").data) == plain


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(SIGNS) | st.characters(), max_size=60), st.booleans())
def test_a_text_that_is_written_plain_reads_back(text, flow):
    written = writer.text(text, flow=flow)
    assert (written == text) is may_stand_plain(text, flow=flow)
    plain = [text] if written == text and text[0] not in "\u3000\xa0" else []
    assert read_as_text(plain, flow=flow) == wanted(plain, flow=flow)


@pytest.mark.parametrize("character", "\x85\u2028\u2029\ufeff")
def test_what_other_programs_read_otherwise_is_escaped(character):
    """YAML 1.1 ends lines with more characters; a byte order mark may get lost where files are put together."""
    assert writer.text(f"甲{character}乙") == f'"甲\\u{ord(character):04X}乙"'


def test_what_may_not_stand_in_a_document_is_escaped():
    for code in range(0x110000):
        if not ESCAPED.match(chr(code)):
            assert may_stand_plain(f"甲{chr(code)}乙"), hex(code)
            continue
        escaped = writer.text(f"甲{chr(code)}乙")
        assert escaped.startswith('"甲\\') and escaped.isprintable()
