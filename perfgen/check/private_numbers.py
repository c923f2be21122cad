"""Finds mobile, identity and card numbers in a text, in the many ways in which people write them.

Digits stand in runs; blanks, dashes, dots and brackets may part the runs of one number. A number is one run, or runs of
the lengths that people group such numbers in (ITU-T E.123; GB 11643-1999: 6 and 8 and 4), whatever stands around it: a
country code, a list number, `No.`, an extension, a full stop. Identity numbers are known by their check digit (GB
11643-1999: ISO 7064, mod 11-2), card numbers by theirs (ISO/IEC 7812-1, Luhn), so that long figures seldom raise a
false alarm. The digits behind a decimal point are no number of their own.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOBILE, IDENTITY, CARD = "手机号", "身份证号", "银行卡号"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PREFIX = re.compile(r"(?:\+|00)?86(?=1)|0(?=1)")
"""What people put before a mobile number: the country code, or the zero of a long-distance call."""
_DASHES = "\u02d7\u2043\u2212\u2500\u2501\u2504\u2505\u2508\u2509\u254c\u254d\u30fc"
"""Signs that look like a dash and are not of category Pd."""
_DOTS = ".\u00b7\u2022\u2027\u2219\u22c5\u2e33\u3002\u30fb\u25cf"
_BRACKETS = "()[]{}〔〕【】「」『』〈〉《》“”‘’\"'"
_BARS = "|\\#_+"
_SHORTEST, _LONGEST = 11, 19
"""How many digits a number has."""
_MANY_DIGITS = re.compile(rf"(?:[0-9][^0-9]*+){{{_SHORTEST}}}")
"""As many digits as a number has, wherever they stand: most texts have fewer."""
_CODE = 18
"""How many characters the code of an organization has, which may end in letters (GB 32100-2015)."""
_LONGEST_JOINT = 5
"""How many characters at most part two runs of one number, without blanks."""
_WHOLE_SIGN = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2473\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]"
)
"""Numbers in a circle, above or below the line, which form NFKC makes digits like any others."""
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_HAN_DIGITS = "零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖○幺"
_HAN = re.compile(rf"[{_HAN_DIGITS}](?:[\s·—-]{{1,3}}[{_HAN_DIGITS}]){{10,}}|[{_HAN_DIGITS}]{{3,}}")
"""Han digits in a row, or one by one with blanks or dashes between them."""
_ANY_DIGIT = re.compile(rf"\d|[{_HAN_DIGITS}]|{_WHOLE_SIGN.pattern}")
_FROM_HAN = str.maketrans(_HAN_DIGITS, "012345678901234567890" + "1")
_NO_DECIMALS = "年月日时号."
"""What stands behind the digits after a full stop where they are no decimals: a date, a further item of a list."""
_DECIMALS = 6
"""How many decimals an amount has at most."""
_LAST_X = re.compile(r"[\s_\u2010-\u2015-]{0,3}[XxΧχХх×](?![0-9A-Za-z])|[Xx]")
"""The X that an identity number ends in, or a sign that is typed for it, maybe apart from the digits."""
_UNITS = "元万亿%人个户家件次项吨公里平亩套条台"
"""What an amount is counted in begins with one of these; one that stands behind a list number is not taken amiss."""
_AMOUNT = re.compile(r"\s*(?:元|美元|平方米|立方米)")
"""What stands behind an amount and behind no telephone number."""

_MOBILE_GROUPS = {(11,), (3, 8), (3, 4, 4), (1,) * 11}
_RARE_MOBILE_GROUPS = {(7, 4), (4, 4, 3), (3, 3, 5), (5, 6), (6, 5), (4, 3, 4), (5, 3, 3)}
"""Those that figures side by side have, too: only where nothing else is joined to them."""
_IDENTITY_GROUPS = {(18,), (6, 8, 4), (6, 4, 4, 4), (3, 3, 4, 4, 4), (3, 3, 8, 4), (6, 12), (14, 4), (1,) * 18}
_BANKS = "34569"
"""What the number of a bank's card begins with (ISO/IEC 7812-1, major industry identifier; 9 in China)."""
_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}
"""By a digit, the digits of its double added up: every second one of a card's number counts so (ISO/IEC 7812-1)."""
_LETTERS = re.compile(r"[0-9A-Za-z]{0,3}")
_CARD_GROUPS = re.compile(r"(?:4 ){3}(?:4 )?[1-7] |6 1[0-3] |4 1[2-5] |(?:1 ){16,19}|1[6-9] ")


@dataclass(frozen=True)
class Run:
    """Digits in a row, and where they stand in the text."""

    digits: str
    start: int
    end: int


@dataclass(frozen=True)
class _Number:
    """A private number in the form that is shown and allowed, and how many digits before it are none of its own."""

    digits: str
    kind: str
    cut: int = 0


def private_numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers in a text that look private, digits only, each with what it looks like."""
    plain = plain_digits(text)
    if _MANY_DIGITS.search(plain):
        for chain in chains(plain):
            yield from _in_chain(chain, plain)


@functools.lru_cache(maxsize=64)  # whoever looks for one thing in a text then looks for the next
def plain_digits(text: str) -> str:
    """A text in form NFKC, with the digits of every script, and Han digits in a row, as those of ASCII."""
    plain = unicodedata.normalize("NFKC", text)
    if not _ANY_DIGIT.search(plain):
        return plain
    plain = unicodedata.normalize("NFKC", _WHOLE_SIGN.sub(_apart, text))
    plain = _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), plain)
    return _HAN.sub(lambda match: match[0].translate(_FROM_HAN), plain)


def _apart(match: re.Match[str]) -> str:
    """A sign that is a whole number, such as ①, apart from the digits beside it."""
    return f" {int(unicodedata.numeric(match[0]))} "


def chains(plain: str) -> Iterator[list[Run]]:
    """The runs of digits of a text in plain digits, those together that only blanks, dashes, dots and brackets part."""
    chain: list[Run] = []
    for match in re.finditer(r"[0-9]+", plain):
        run = Run(match[0], match.start(), match.end())
        if chain and not _is_joint(plain[chain[-1].end : run.start]):
            yield chain
            chain = []
        chain.append(run)
    if chain:
        yield chain


def _is_joint(between: str) -> bool:
    return len("".join(between.split())) <= _LONGEST_JOINT and all(map(_joins, between))


def _joins(sign: str) -> bool:
    return (
        sign.isspace()
        or sign in _DASHES
        or sign in _DOTS
        or sign in _BRACKETS
        or sign in _BARS
        or unicodedata.category(sign) in ("Pd", "Cf", "Zs", "Mn", "Me")
    )


def _in_chain(chain: list[Run], plain: str) -> Iterator[tuple[str, str]]:
    """The private numbers in runs that stand together, from left to right, the longest first."""
    start = 0
    while start < len(chain):
        found = _at(chain, start, plain)
        if found:
            start, number = found
            yield number.digits, number.kind
        else:
            start += 1


def _at(chain: list[Run], start: int, plain: str) -> tuple[int, _Number] | None:
    """The longest private number that begins with a run, and where it ends in the chain."""
    if not _may_begin(chain, start, plain):
        return None
    found: tuple[int, _Number] | None = None
    digits = ""
    for end in range(start + 1, len(chain) + 1):
        digits += chain[end - 1].digits
        if len(digits) > _LONGEST:
            break
        numbers = list(_numbers(digits, _behind(plain, chain[end - 1].end))) if len(digits) >= _SHORTEST else []
        if numbers and _may_end(chain, start, end, plain):
            groups = _Groups(chain[start:end], plain, is_alone=start == 0 and end == len(chain))
            fitting = next(filter(groups.fit, numbers), None)
            found = (end, fitting) if fitting else found
    return found


def _may_begin(chain: list[Run], start: int, plain: str) -> bool:
    """Whether the runs from here on are no decimals of the run before."""
    if start == 0 or plain[chain[start - 1].end : chain[start].start] != ".":
        return True
    before, run = chain[start - 1].digits, chain[start]
    if before == "0" or plain[run.end : run.end + 2].strip()[:1] in tuple(_UNITS):
        return False
    return len(before) <= 4 or _MOBILE.fullmatch(before) is not None


def _may_end(chain: list[Run], start: int, end: int, plain: str) -> bool:
    """Whether the run behind is no decimals of the last one."""
    if end == len(chain) or plain[chain[end - 1].end : chain[end].start] != ".":
        return True
    behind = chain[end]
    is_inside = end - start > 1 and plain[chain[end - 2].end : chain[end - 1].start] == "."
    return is_inside or len(behind.digits) > _DECIMALS or plain[behind.end : behind.end + 1] in tuple(_NO_DECIMALS)


class _Groups:
    """Some runs in a row that may be one number: how long they are, and what parts them."""

    def __init__(self, runs: list[Run], plain: str, *, is_alone: bool) -> None:
        self.lengths = tuple(len(run.digits) for run in runs)
        self.is_alone = is_alone
        joints = {plain[before.end : after.start] for before, after in itertools.pairwise(runs)}
        self.is_decimal = len(runs) == 2 and joints == {"."}
        self.is_loose = is_alone and joints <= {" ", "-"}
        """Whether any lengths will do: nothing else is joined to them, and a blank or a hyphen parts them."""

    def fit(self, number: _Number) -> bool:
        """Whether people write the number in such groups."""
        lengths = self._without(number.cut)
        if number.digits.endswith("X"):
            lengths = (*lengths[:-1], lengths[-1] + 1)
        are_dates = number.kind == CARD and len(lengths) > 1 and number.digits.startswith(("19", "20"))
        return not (self.is_decimal or are_dates) and (self.is_loose or _is_usual(number, lengths, self.is_alone))

    def _without(self, cut: int) -> tuple[int, ...]:
        """The lengths of the runs when the first digits are cut off."""
        lengths = self.lengths
        while cut >= lengths[0]:
            cut -= lengths[0]
            lengths = lengths[1:]
        return (lengths[0] - cut, *lengths[1:])


@dataclass(frozen=True)
class _Behind:
    """What stands behind a run: letters and digits of ASCII, an X, a unit of amounts."""

    letters: str
    is_x: bool
    is_unit: bool


def _behind(plain: str, start: int) -> _Behind:
    found = _LETTERS.match(plain, start)
    is_x, is_unit = (pattern.match(plain, start) is not None for pattern in (_LAST_X, _AMOUNT))
    return _Behind(found[0] if found else "", is_x, is_unit)


def _numbers(digits: str, behind: _Behind) -> Iterator[_Number]:
    """What some digits may be, by themselves."""
    identity = f"{digits}X" if len(digits) == 17 and behind.is_x else digits
    if _is_identity(identity):
        yield _Number(identity, IDENTITY)
    prefix = _PREFIX.match(digits)
    cut = prefix.end() if prefix else 0
    if _MOBILE.fullmatch(digits, cut) and not behind.is_unit:
        yield _Number(digits[cut:], MOBILE, cut)
    is_code = len(digits + behind.letters) == _CODE and behind.letters[:1].isalpha()
    if 16 <= len(digits) <= 19 and not is_code and _passes_luhn(digits):
        yield _Number(digits, CARD)


def _is_usual(number: _Number, lengths: tuple[int, ...], is_alone: bool) -> bool:
    """Whether a number of its kind is written in groups of these lengths."""
    if number.kind == MOBILE:
        return lengths in _MOBILE_GROUPS or (is_alone and lengths in _RARE_MOBILE_GROUPS)
    if number.kind == IDENTITY:
        return lengths in _IDENTITY_GROUPS
    is_bank = len(lengths) == 1 or number.digits[0] in _BANKS
    return is_bank and _CARD_GROUPS.fullmatch("".join(f"{length} " for length in lengths)) is not None


def _is_identity(number: str) -> bool:
    if len(number) != 18 or number[6:8] not in ("18", "19", "20"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17]


def _passes_luhn(number: str) -> bool:
    total = sum(map(int, number[-1::-2])) + sum(map(_DOUBLED.__getitem__, number[-2::-2]))
    return total % 10 == 0 and len(set(number)) > 1
