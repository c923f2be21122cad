"""Mobile, identity and bank card numbers have no place in public text.

Identity numbers are known by their check digit (GB 11643-1999: ISO 7064, mod 11-2), card
numbers by theirs (ISO/IEC 7812-1, Luhn), so that long figures seldom raise a false alarm. The
form's list of allowed numbers, each with a reason, answers one; an answer to nothing is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from perfgen.fields import Field
from perfgen.findings import Finding, Level, Path, path_text
from perfgen.forms import Form
from perfgen.yaml_source import Document

ORDER = 40

# digits in a row, or in groups as people write them
_NUMBER = re.compile(r"(?<![\d.])\d(?:[ \-]?\d){9,18}[Xx]?(?![\d.])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check(document: Document, form: Form) -> Iterator[Finding]:
    """A finding for each private number in public text, and for each allowance nobody needs."""
    name = form.fields.find_role("allow")
    allowed = document.data.get(name) or {} if name else {}
    met: set[str] = set()
    for path, text in _public_texts(document.data, form.fields, ()):
        for number, kind in private_numbers(text):
            if number in allowed:
                met.add(number)
            else:
                hint = f"删去或改写；如果不是{kind}，在“{name}”里写上它和理由。" if name else "删去或改写。"
                shown = number[:3] + "…" + number[-2:]
                message = f"“{path_text(path)}”是公开的，里面有像{kind}的号码 {shown}。"
                yield Finding(document.place(path), "private-number", message, hint, path=path)
    for number in sorted(set(map(str, allowed)) - met):
        path = (str(name), number)
        message = f"“{name}”里的 {number} 在公开的内容里没有出现。"
        place = document.place(path, key=True)
        yield Finding(place, "private-number-unused", message, "用不着了就删掉这一行。", Level.WARNING, path)


def private_numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers in a text that look private, digits only, each with what it looks like."""
    for match in _NUMBER.finditer(unicodedata.normalize("NFKC", text)):
        number = re.sub(r"[ \-]", "", match[0]).upper()
        if _is_identity(number):
            yield number, "身份证号"
        elif _MOBILE.fullmatch(number):
            yield number, "手机号"
        elif 16 <= len(number) <= 19 and number.isdigit() and _passes_luhn(number):
            yield number, "银行卡号"


def _is_identity(number: str) -> bool:
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17] and number[6:8] in ("18", "19", "20")


def _passes_luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + i % 2) for i, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0 and len(set(number)) > 1


def _public_texts(node: Any, field: Field, path: Path) -> Iterator[tuple[Path, str]]:
    if field.kind == "object" and isinstance(node, dict):
        for name, value in node.items():
            if member := field.member(name):
                if name not in field.members and member.holds_public():
                    yield (*path, name), name
                yield from _public_texts(value, member, (*path, name))
    elif field.kind == "array" and field.item and isinstance(node, list):
        for number, value in enumerate(node):
            yield from _public_texts(value, field.item, (*path, number))
    elif field.public and isinstance(node, str):
        yield path, node
