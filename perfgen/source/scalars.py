"""What a plain scalar of YAML 1.2 is, and which texts may stand plain: one grammar for the reader and the writer.

Sections are those of YAML 1.2.2. A scalar is plain when it stands without quotes and is no block text.
"""

from __future__ import annotations

import re
from enum import Enum


class Kind(Enum):
    """What the core schema takes a plain scalar for."""

    NULL = "null"
    BOOL = "bool"
    INTEGER = "integer"
    OTHER_BASE = "other_base"
    """An integer in base 8 or 16."""
    FLOAT = "float"
    NOT_FINITE = "not_finite"
    TEXT = "text"


# 10.3.2, tag resolution of the core schema; each group is named as its kind is
_CORE_SCHEMA = re.compile(
    r"(?P<null>null|Null|NULL|~|)"
    r"|(?P<bool>true|True|TRUE|false|False|FALSE)"
    r"|(?P<integer>[-+]?[0-9]+)"
    r"|(?P<other_base>0o[0-7]+|0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<not_finite>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)

# 5.3: what begins something else than a plain scalar; 7.3.3: what ends one
_INDICATOR = re.compile(r"[,\[\]{}#&*!|>'\"%@`]|[-?:](?:[\s,\[\]{}]|\Z)|---|\.\.\.|(?:=|<<)\Z")
_ENDS_PLAIN = re.compile(r":(?:\s|\Z)|\s#")
_ENDS_PLAIN_IN_FLOW = re.compile(r"\A:|[,\[\]{}]|:[\s\"',\[\]{}]|:\Z|\s#|\?")

ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
"""What stands only in double quotes, escaped: the end of a line, as any version of YAML has it, and what section 5.1
does not let stand in a document."""


def kind(plain: str) -> Kind:
    """What a plain scalar with this text is read as; text where the core schema knows nothing else."""
    match = _CORE_SCHEMA.fullmatch(plain)
    return Kind(match.lastgroup) if match else Kind.TEXT


def ends_in_lone_quote(text: str) -> bool:
    """Whether a text ends with a double quote that none opens, as a slip does; a number may have one, for inches."""
    return len(text) > 1 and text.endswith('"') and text.count('"') == 1 and not text[-2].isdigit()


def is_wide_group(text: str) -> bool:
    """Whether a text was meant as a group: wide braces around it, and a colon."""
    return text.startswith("｛") and re.fullmatch("｛[^｛｝]*[:：][^｛｝]*｝", text) is not None


def may_stand_plain(text: str, *, flow: bool = False) -> bool:
    """Whether a text without quotes reads back as itself, on one line; with `flow`, inside brackets."""
    ends = _ENDS_PLAIN_IN_FLOW if flow else _ENDS_PLAIN
    return (
        text == text.strip()
        and not _INDICATOR.match(text)
        and kind(text) is Kind.TEXT
        and not ends.search(text)
        and not ESCAPED.search(text)
        and not ends_in_lone_quote(text)
        and not is_wide_group(text)
    )
