"""What has no place in public text: private numbers, e-mail addresses, marks of secrecy.

Identity numbers are known by their check digit (GB 11643-1999: ISO 7064, mod 11-2), card
numbers by theirs (ISO/IEC 7812-1, Luhn), so that long figures seldom raise a false alarm.
Secrecy marks are those of the Law on Guarding State Secrets (保守国家秘密法, article 14, and the
★ of GB/T 9704-2012, 7.2.2). The form's list of what may be published, each with a reason,
answers a false alarm; a longer phrase answers for the word in it; an answer to nothing is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, as_group, path_text
from perfgen.fields import Field
from perfgen.findings import Finding, Level

ORDER = 40
GATE = False
RULES = {
    "private-number": "公开的内容里有像手机号、身份证号、银行卡号的号码。",
    "private-email": "公开的内容里有电子邮箱。",
    "private-secret": "公开的内容里有密级（绝密、机密、秘密、★）。",
    "private-unused": "允许公开的内容里有一条用不着了。",
}

# digits in a row, or in groups as people write them
_NUMBER = re.compile(r"(?<![\d.])\d(?:[ \-]?\d){9,18}[Xx]?(?![\d.])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# begins only where a run of such letters begins, and never goes back: a long run without an @ is read once
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++")
_SECRET = re.compile(r"绝密|机密|秘密|★")


def check(filing: Filing) -> Iterator[Finding]:
    """A finding for each thing in public text that looks private or secret, and for idle allowances."""
    document, fields = filing.document, filing.form.fields
    name = fields.find_role("allow")
    allowed = list(as_group(filing.of_role("allow")))
    met: set[str] = set()
    for path, text in _public_texts(document.data, fields, ()):
        for rule, kind, found, shown in suspicious(text):
            answers = [item for item in allowed if _answers(item, found, text)]
            met.update(answers)
            if not answers:
                hint = (
                    f"删去或改写；如果不是{kind}，在“{name}”里写上它（或它所在的词句）和理由。"
                    if name
                    else "删去或改写。"
                )
                message = f"“{path_text(path)}”是公开的，里面有像{kind}的内容 {shown}。"
                yield Finding(document.place(path), rule, message, hint, path=path)
    for item in sorted(set(allowed) - met):
        path = (str(name), item)
        message = f"“{name}”里的 {item} 在公开的内容里没有出现，或不用允许。"
        place = document.place(path, key=True)
        yield Finding(place, "private-unused", message, "用不着了就删掉这一行。", Level.WARNING, path)


def suspicious(text: str) -> Iterator[tuple[str, str, str, str]]:
    """What in a text looks private or secret: rule, kind, the thing itself, and as much of it as may be shown."""
    for number, kind in private_numbers(text):
        yield "private-number", kind, number, number[:3] + "…" + number[-2:]
    plain = unicodedata.normalize("NFKC", text)
    for match in _EMAIL.finditer(plain):
        yield "private-email", "电子邮箱", match[0], match[0][:2] + "…@" + match[0].partition("@")[2]
    for match in _SECRET.finditer(text):
        yield "private-secret", "密级", match[0], match[0]


def _answers(item: str, found: str, text: str) -> bool:
    """Whether an allowance speaks of what was found: the same, or a phrase of this text around it."""
    return item == found or (found in item and item in text)


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


def _public_texts(node: Data, field: Field, path: ValuePath) -> Iterator[tuple[ValuePath, str]]:
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
