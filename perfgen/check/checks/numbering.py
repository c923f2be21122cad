"""A number before a text that the template numbers itself: it would be printed twice.

The same number before a copy of such a text is said there too, so that both are put right alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfgen.check.filing import Filing
from perfgen.data import ValuePath
from perfgen.findings import Finding, Level
from perfgen.form.numbered import NumberedText, typed_number, without_number

ORDER = 25
GATE = False
RULE = "numbering"
RULES = {
    RULE: "编号由模板加，文字里又写了一个，会印成两遍。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """A warning for each number that was typed where the template prints one, or in a copy of such a text."""
    numbered = {one.path for one in filing.numbered}
    for one in doubled(filing):
        number = one.text.removesuffix(without_number(one.text, one.words)).strip()
        place = filing.document.place(one.path, key=one.is_name)
        message = f"编号由模板加，“{number}”会印成两遍。"
        if one.path not in numbered:
            message = f"照抄的一条前面带着编号“{number}”；编号由模板加，不是文字的一部分。"
        yield Finding(place, RULE, message, f"去掉“{number}”。", Level.WARNING, one.path)


def meant(filing: Filing) -> Mapping[ValuePath, str]:
    """By the path of a text that has a number too many, the text without it: what other checks look at."""
    return {one.path: without_number(one.text, one.words) for one in doubled(filing) if not one.is_name}


def doubled(filing: Filing) -> tuple[NumberedText, ...]:
    """The texts with such a number."""
    return filing.once(_doubled)


def _doubled(filing: Filing) -> tuple[NumberedText, ...]:
    numbered = [one for one in filing.numbered if filing.is_usable(one.path)]
    found = [one for one in numbered if typed_number(one.text, one.words)]
    texts = {without_number(one.text, one.words) for one in numbered}
    words = tuple(dict.fromkeys(word for one in numbered for word in one.words))
    known = {one.path for one in numbered}
    for path, text in filing.printed_texts.items():
        if path not in known and filing.is_usable(path):
            short = without_number(text, words)
            found += [NumberedText(path, text, words)] if short != text and short in texts else []
    return tuple(found)
