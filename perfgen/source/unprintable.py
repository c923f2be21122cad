"""Characters that no file may hold: the first one in a text is said with its place."""

from __future__ import annotations

from perfgen.findings import Finding
from perfgen.source.characters import LINE_ENDS, NOT_IN_A_FILE, name_of
from perfgen.source.mojibake import garbled
from perfgen.source.positions import place_at


def finding(text: str, file: str) -> Finding | None:
    """What is wrong with the first such character; None where there is none."""
    match = NOT_IN_A_FILE.search(text)
    if match is None:
        return None
    begin = text.rfind("\n", 0, match.start()) + 1
    piece = garbled(text[begin:].partition("\n")[0])
    if piece:
        return Finding(place_at(text, file, begin + piece.start), "yaml-garbled", *piece.in_words())
    message = f"有不能用的控制字符 {name_of(match[0])}。"
    hint = "分行的地方按回车键，不要的就删掉。" if match[0] in LINE_ENDS else "删掉这个看不见的字符。"
    return Finding(place_at(text, file, match.start()), "yaml-character", message, hint)
