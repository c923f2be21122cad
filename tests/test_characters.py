"""One table says what no text may hold: the check refuses it, `--fix` and an import put it right, nothing is lost."""

from __future__ import annotations

import unicodedata

import pytest

from perfgen.authoring.repair import repair
from perfgen.check.checks import characters as character_check
from perfgen.importing.folding import cleaned, folded
from perfgen.source.characters import INVISIBLE, LOOKALIKE, NOT_TEXT, put_right, replacement
from perfgen.source.reader import Document

EVERY = "".join(map(chr, range(0x110000)))
INVISIBLE_ONES, LOOKALIKES, NO_TEXT = (
    [match[0] for match in kind.finditer(EVERY)] for kind in (INVISIBLE, LOOKALIKE, NOT_TEXT)
)
LINE_BREAKS = "\v\f\r\x85\u2028\u2029"
WITHOUT_A_PROPER_ONE = {
    character
    for character in LOOKALIKES
    if unicodedata.category(character) == "Cn" or character in "\u2e80\ufe45\ufe46"
}
"""Nobody knows what is meant by these: an import keeps them, and the check says where they are."""


def refused(*texts: str) -> set[str]:
    """The rules that the check of characters finds broken in some texts."""
    return {finding.rule for finding in character_check.findings(Document("x", list(texts), {}, {}))}


def around(character: str) -> list[str]:
    """The character in the middle of a text, at its ends, twice, on a line of its own, and alone."""
    return [text.replace("x", character) for text in ("甲x乙", "x甲", "甲x", "甲xx乙", "甲\nx\n乙", "x")]


def test_the_kinds_are_apart_and_none_is_empty():
    assert len({*INVISIBLE_ONES, *LOOKALIKES, *NO_TEXT}) == len(INVISIBLE_ONES) + len(LOOKALIKES) + len(NO_TEXT)
    assert (len(INVISIBLE_ONES), len(LOOKALIKES)) == (99, 1444)
    assert len(NO_TEXT) > 2 * 0x10000


@pytest.mark.long  # more than 130,000 characters, one by one
def test_the_check_refuses_every_one_of_each_kind():
    for rule, kind in (
        ("character-control", INVISIBLE_ONES),
        ("character-lookalike", LOOKALIKES),
        ("character-unusable", NO_TEXT),
    ):
        assert [character for character in kind if refused(character) != {rule}] == []


def test_what_an_import_cleans_is_not_refused_as_unseen_or_as_a_lookalike():
    left = {character for character in INVISIBLE_ONES + LOOKALIKES if refused(*map(cleaned, around(character)))}
    assert left == WITHOUT_A_PROPER_ONE
    assert refused(*map(cleaned, WITHOUT_A_PROPER_ONE)) == {"character-lookalike"}


def test_an_import_keeps_what_it_cannot_replace_for_the_check_to_say():
    for character in [*WITHOUT_A_PROPER_ONE, "\ue000", "\U000f0000", "\ufdd0", "\uffff", "\ufffd", "\U000e0041"]:
        assert cleaned(f"甲{character}乙") == f"甲{character}乙"
    assert cleaned("".join(NO_TEXT)) == "".join(NO_TEXT)


@pytest.mark.parametrize("character", [*LINE_BREAKS, "\r\n", "\n"])
def test_no_lines_are_joined(character):
    assert cleaned(f"甲{character}乙") == put_right(f"甲{character}乙") == "甲\n乙"
    assert cleaned(f"{character}甲 {character} 乙{character}") == "甲\n乙"


def test_what_ends_a_line_elsewhere_in_unicode_is_one_of_these():
    # what str.splitlines knows besides are separators of files, groups and records, which end no line (UAX #14)
    ends = {character for character in EVERY if len(f"甲{character}乙".splitlines()) > 1}
    assert ends == {*LINE_BREAKS, "\n", *"\x1c\x1d\x1e"}


def test_only_what_is_in_the_table_is_changed():
    changed = {character for character in EVERY if put_right(character) != character}
    assert changed == {*INVISIBLE_ONES, *LOOKALIKES} - WITHOUT_A_PROPER_ONE


@pytest.mark.long  # more than 130,000 characters, one by one
def test_what_is_put_right_stays_so_and_is_the_same_text_to_an_import():
    for character in INVISIBLE_ONES + LOOKALIKES + NO_TEXT:
        text = f"甲{character}乙"
        once = cleaned(text)
        assert cleaned(once) == once
        assert folded(once) == folded(text)


def test_every_lookalike_of_an_ideograph_becomes_an_ideograph():
    """By their names in Unicode, and so for blocks that the table may not know of."""
    named = [c for c in EVERY if unicodedata.name(c, "").startswith(("CJK RADICAL ", "KANGXI RADICAL "))]
    named += [c for c in EVERY if unicodedata.decomposition(c) and "CJK COMPATIBILITY IDEOGRAPH" in unicodedata.name(c)]
    assert len(named) > 1300 and set(named) <= set(LOOKALIKES)
    for character in set(named) - WITHOUT_A_PROPER_ONE:
        assert unicodedata.name(put_right(character)).startswith("CJK UNIFIED IDEOGRAPH"), character


def test_unified_ideographs_of_the_compatibility_block_are_no_lookalikes():
    assert not {*"\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"} & set(LOOKALIKES)


def test_what_is_invisible_is_so_by_its_category_in_unicode():
    odd = {c for c in INVISIBLE_ONES if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp")}
    assert odd == {"\u2065", "\ufffc"}
    separators = {c for c in EVERY if unicodedata.category(c) in ("Cc", "Zl", "Zp")} - {"\n"}
    assert separators <= set(INVISIBLE_ONES)


def test_the_repair_writes_what_the_table_says_or_leaves_it():
    for character in INVISIBLE_ONES + LOOKALIKES:
        # the reader takes these for line breaks, or refuses the file for them
        if character in LINE_BREAKS or unicodedata.category(character) == "Cc":
            continue
        fixed = repair(f'a: "甲{character}乙"\n'.encode(), "x.yaml").content.decode()
        assert fixed == f'a: "甲{replacement(character)}乙"\n', hex(ord(character))
