"""How Chinese names are read in Latin letters, and their order in lists.

The readings are those of pypinyin: of a word that it knows, the word's own (重庆 is chong qing), of a character that
stands alone all that it may have. It takes long to load, so it is asked only for what is searched or put under letters.
"""

from __future__ import annotations

import functools
import re
from importlib import metadata

PACKAGE = "pypinyin"
_LETTERS = re.compile(r"[a-z0-9]+")


def version() -> str:
    """Of the library that knows the readings."""
    return metadata.version(PACKAGE)


def prepare() -> None:
    """Loads the readings."""
    syllables("")


def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """Of each character its possible readings without tones; of Latin letters and digits, each word in lower case.

    What is neither has none.
    """
    from pypinyin import Style, pinyin

    found: list[tuple[str, ...]] = []
    for readings in pinyin(name, style=Style.NORMAL, heteronym=True, errors="default"):
        if len(readings) == 1:
            found += [(word,) for word in _LETTERS.findall(_plain(readings[0]))]
        else:
            found.append(tuple(dict.fromkeys(map(_plain, readings))))
    return tuple(found)


def first_letter(name: str) -> str:
    """The capital letter that a name stands under in a list; `#` for one that begins with none."""
    first = next(iter(syllables(name)), ("",))[0][:1].upper()
    return first if "A" <= first <= "Z" else "#"


@functools.lru_cache(maxsize=1 << 16)
def order(name: str) -> tuple[tuple[bytes, ...], str]:
    """The key by which names are put in order, without the library: as their characters stand in GB 2312.

    There the 3755 common ones stand as they are read, each by one reading (重 by zhong). What is not there comes last.
    """
    return tuple(map(_place, name)), name


def _place(character: str) -> bytes:
    try:
        return character.encode("gb2312")
    except UnicodeEncodeError:
        return b"\xff" + character.encode("utf-32-be", "surrogatepass")


def _plain(reading: str) -> str:
    return reading.lower().replace("ü", "v").replace("ê", "e")
