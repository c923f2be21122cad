"""What a form knows about values: the signs that are usual for a name, and grades in their order."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Vocabulary:
    """What a form knows about values: the usual signs by the end of a name, and ordered grades."""

    signs: Mapping[str, str] = field(default_factory=dict)
    """Name or end of a name → the signs that make sense for it, e.g. {"执行率": "≥>"}."""
    grades: tuple[tuple[str, ...], ...] = ()
    """Scales of words, each from best to worst."""

    def usual_signs(self, name: str) -> str:
        """The signs that make sense for a name, by its longest known ending; empty where unknown."""
        plain = plain_name(name)
        if not plain.endswith(self._plain_endings):
            return ""
        endings = [end for plain_end, end in self._endings if plain.endswith(plain_end)]
        return self.signs[max(endings, key=len)]

    @functools.cached_property
    def _endings(self) -> tuple[tuple[str, str], ...]:
        return tuple((plain_name(end), end) for end in self.signs)

    @functools.cached_property
    def _plain_endings(self) -> tuple[str, ...]:
        return tuple(plain for plain, _ in self._endings)

    def scale_of(self, word: str) -> tuple[str, ...]:
        """The scale of a grade; empty where none was declared."""
        return next((scale for scale in self.grades if word in scale), ())


_AROUND_NAMES = re.compile(r"[\s“”\"'‘’「」《》]")


@functools.lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """A name without quotation marks and blanks, which people type in many ways."""
    return _AROUND_NAMES.sub("", unicodedata.normalize("NFKC", name))
