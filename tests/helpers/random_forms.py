"""Random forms: a sample's rows taken away, doubled and filled with other texts, far from what samples look like."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from perfgen.check import loading
from perfgen.project.snapshot import Project
from perfgen.report import report, site
from perfgen.report.report import Edition, Report

_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就"
    "分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
_Pieces = list[tuple[int, Callable[[random.Random], str]]]
_USUAL: _Pieces = [
    (30, lambda r: "".join(r.choices(_HAN, k=r.randint(1, 12)))),
    (8, lambda r: r.choice("，。、；：！？")),
    (4, lambda r: r.choice(["（", "）", "“", "”", "《", "》", "【", "】", "(", ")"])),
    (6, lambda r: f"{r.choice(['', '≥', '≤', '约', '+'])}{r.randint(0, 99999)}{r.choice(['', '.5', '.25'])}"),
    (6, lambda r: r.choice(["%", "万元", "个工作日", "平方米", "km/h", "人次", "户（家）", "‰", "项"])),
    (3, lambda r: r.choice(["A4", "PDF", "GB/T 9704", "and", "Wi-Fi", "x", "VOCs", "fi", "office"])),
]  # fmt: skip
_AWKWARD: _Pieces = [
    (1, lambda r: "https://www.example.gov.cn/" + "".join(r.choices("abcdefgh0123456789-_/?=", k=r.randint(5, 120)))),
    (1, lambda r: r.choice(["——", "……", "-", "～", "/", "·", "…", "—"]) * r.randint(1, 30)),
    (1, lambda r: "".join(r.choices("WMil1.,", k=r.randint(15, 60)))),
    (2, lambda r: r.choice(["  ", " ", "　"]) + "字"),
]  # fmt: skip


def random_text(dice: random.Random, longest: int, *, awkward: bool) -> str:
    """A text of up to so many characters; short ones are likelier. An awkward one has long words and rows of signs."""
    length = int(longest ** dice.random())
    pieces = _USUAL + _AWKWARD * awkward
    text = "字"
    while len(text) < length:
        (_, piece), *_ = dice.choices(pieces, [weight for weight, _ in pieces])
        text += piece(dice)
    return text[: max(length, 1)].rstrip() or "字"


def random_report(project: Project, seed: int, *, awkward: bool = False) -> Report:
    """A report of a sample with random rows and texts; the same one for the same seed. Nothing checks it."""
    dice = random.Random(seed)
    filing = loading.filing(project, dice.choice(project.data_files()[0]))
    varied = _Varied(dice, awkward)
    top = {
        name: varied(value) if isinstance(value, list | dict) else value for name, value in filing.document.top.items()
    }
    changed = replace(filing, document=replace(filing.document, data=top))
    made = report.assemble(project, changed, site.load_site(project))
    return made.get(dice.choice(list(Edition)), made[Edition.OFFICIAL])


class _Varied:
    """Gives data like some data, with other texts, other numbers, and more or fewer items in lists."""

    def __init__(self, dice: random.Random, awkward: bool) -> None:
        self.dice = dice
        self.awkward = awkward

    def __call__(self, value: Any) -> Any:
        dice = self.dice
        if isinstance(value, list):
            size = dice.choice([len(value), len(value), dice.randint(1, 2 * len(value) + 1)])
            return [self(one) for one in (value * 3)[:size]]
        if isinstance(value, dict):
            return {self.name(name, child): self(child) for name, child in value.items()}
        if isinstance(value, str) and dice.random() < 0.4:
            return self.text(dice.choice([12, 40, 300, 900]))
        is_kept = not isinstance(value, Decimal) or dice.random() < 0.8
        return value if is_kept else Decimal(dice.randint(0, 10**8)) / 100

    def name(self, name: str, child: Any) -> str:
        """A group's name, sometimes another one; only groups that authors name may have another."""
        is_free = isinstance(child, list) and bool(child) and isinstance(child[0], dict) and len(name) > 2
        return self.text(60) if is_free and self.dice.random() < 0.2 else name

    def text(self, longest: int) -> str:
        return random_text(self.dice, longest, awkward=self.awkward)
