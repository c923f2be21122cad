"""What has no place in public text: private numbers, e-mail addresses, marks of secrecy.

`private_numbers` knows the numbers. Secrecy marks are those of the Law on Guarding State Secrets (保守国家秘密法,
article 14, and the ★ of GB/T 9704-2012, 7.2.2). The form's list of what may be published, each with a reason, answers a
false alarm; a longer phrase answers for the word in it; an answer to nothing is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfgen.check.filing import Filing
from perfgen.check.private_numbers import plain_digits, private_numbers
from perfgen.check.private_values import PrivateValue, PrivateValues, squeezed
from perfgen.data import Data, ValuePath, as_group, path_text
from perfgen.display import show
from perfgen.fields import Field
from perfgen.findings import Finding, Level, Place
from perfgen.project.layout import DataFile

ORDER = 40
GATE = False
RULES = {
    "private-number": "公开的内容里有像手机号、身份证号、银行卡号的号码。",
    "private-email": "公开的内容里有电子邮箱。",
    "private-secret": "公开的内容里有密级（绝密、机密、秘密、★）。",
    "private-value": "公开的内容、组名或文件名里，有不公开的一项填的内容（联系人、电话、备注）。",
    "private-unused": "允许公开的内容里有一条用不着了。",
}

# begins only where a run of such letters begins, and never goes back: a long run without an @ is read once
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+")
_SECRET = re.compile(r"绝密|机密|秘密|★")


def check(filing: Filing) -> Iterator[Finding]:
    """A finding for each thing in public text that looks private or secret, and for idle allowances."""
    document, fields = filing.document, filing.form.fields
    name = fields.find_role("allow")
    allowances = _Allowances(list(as_group(filing.of_role("allow"))))
    values = PrivateValues(filing)
    clean: set[str] = set()  # the same words stand in a file a hundred times
    for path, text in _public_texts(document.data, fields, ()):
        if text in clean:
            continue
        private, again = list(suspicious(text)), list(values.found_in(text))
        for rule, kind, found, shown in private:
            if not allowances.answer(found, text):
                message = f"“{path_text(path)}”是公开的，里面有像{kind}的内容 {shown}。"
                yield Finding(document.place(path), rule, message, _hint(name, kind), path=path)
        if again:
            public = _PublicText(text, f"“{path_text(path)}”", document.place(path), path)
            yield from _typed_again(again, public, allowances, name)
        elif not private:
            clean.add(text)
    file = DataFile.parse(document.file)
    if file:
        named = _PublicText(file.path, "文件名", Place(document.file, 1, 1), ())
        yield from _typed_again(values.found_in(file.path), named, allowances, name)
    for item in allowances.idle:
        path = (str(name), item)
        message = f"“{name}”里的 {item} 在公开的内容里没有出现，或不用允许。"
        place = document.place(path, key=True)
        yield Finding(place, "private-unused", message, "用不着了就删掉这一行。", Level.WARNING, path)


@dataclass(frozen=True)
class _PublicText:
    """A text that is published, what it is called, and where it stands."""

    text: str
    where: str
    place: Place
    path: ValuePath


class _Allowances:
    """What the form allows to be published, and which of it was needed."""

    def __init__(self, items: list[str]) -> None:
        self.items = items
        self.met: set[str] = set()

    @property
    def idle(self) -> list[str]:
        """Those that answered nothing."""
        return sorted(set(self.items) - self.met)

    def answer(self, found: str, text: str) -> bool:
        """Whether something in a text may be published."""
        return self._meet([item for item in self.items if _answers(item, found, text)])

    def answer_value(self, plain: str, text: str) -> bool:
        """Whether a private value in a text may be published, in whatever writing it is allowed."""
        answers = []
        for item in self.items:
            forms = (squeezed(item)[0], "".join(filter(str.isdigit, plain_digits(item))))
            if plain in forms or (item in text and any(plain in form for form in forms)):
                answers.append(item)
        return self._meet(answers)

    def _meet(self, answers: list[str]) -> bool:
        self.met.update(answers)
        return bool(answers)


def _hint(name: str | None, kind: str) -> str:
    return f"删去或改写；如果不是{kind}，在“{name}”里写上它（或它所在的词句）和理由。" if name else "删去或改写。"


def _typed_again(
    found: Iterable[PrivateValue], public: _PublicText, allowances: _Allowances, name: str | None
) -> Iterator[Finding]:
    """A warning for each private value in a public text; it names the field, and not the value: many read a log."""
    for value in found:
        if not allowances.answer_value(value.plain, public.text):
            message = f"{public.where}是公开的，里面有“{value.field}”填的内容，那一项不公开。"
            hint = f"删去或改写；可以公开的，在“{name}”里写上它和理由。" if name else "删去或改写。"
            yield Finding(public.place, "private-value", message, hint, Level.WARNING, public.path)


def suspicious(text: str) -> Iterator[tuple[str, str, str, str]]:
    """What in a text looks private or secret: rule, kind, the thing itself, and as much of it as may be shown."""
    for number, kind in private_numbers(text):
        yield "private-number", kind, number, number[:3] + "…" + number[-2:]
    plain = unicodedata.normalize("NFKC", text)
    for match in _EMAIL.finditer(plain) if "@" in plain else ():
        yield "private-email", "电子邮箱", match[0], match[0][:2] + "…@" + match[0].partition("@")[2]
    for match in _SECRET.finditer(text):
        yield "private-secret", "密级", match[0], match[0]


def _answers(item: str, found: str, text: str) -> bool:
    """Whether an allowance speaks of what was found: the same, or a phrase of this text around it, however written."""
    is_around = found in item or any(number == found for number, _ in private_numbers(item))
    return item == found or (is_around and item in text)


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
    elif field.public and field.textual and isinstance(node, Decimal):
        yield path, show(node)
