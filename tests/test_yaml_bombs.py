"""YAML made to cost much (depth, width, long names, mistakes): checked in 60 times what the sample takes."""

from __future__ import annotations

import functools
import sys

import pytest

from perfgen.review.file_version import FileVersion
from perfgen.source import recovery
from tests.conftest import REPOSITORY
from tests.helpers import versions
from tests.helpers.limited import limited

TIMES, LEAST = 60, 0.9
"""Seconds that the sample counts for at least: what `perfgen check` of it takes with its start."""
SAMPLE = REPOSITORY.joinpath("data/2025/示例市住房和城乡建设局.yaml").read_text("utf-8")
HEAD = "表: department-target\n年度: 2025\n单位名称: 示例市某局\n"
INDICATOR = next(line for line in SAMPLE.split("\n") if "三级指标:" in line)
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="the size of the process is asked of /proc"),
]


def stairs(levels: int, step: str = "a:") -> str:
    """Names, each a level deeper than the one above."""
    return "".join(f"{' ' * level}{step}\n" for level in range(levels))


YAML = {
    # depth
    "brackets": "[" * 900_000,
    "braces": "{a: " * 200_000,
    "dashes": "- " * 400_000,
    "stairs": stairs(1300),
    "stairs of a mistake": stairs(1300, "a"),
    "questions": "? " * 400_000,
    # width
    "items": HEAD + "x: [" + "a," * 300_000 + "a]\n",
    "lines of items": HEAD + "x:\n" + "- a\n" * 200_000,
    "one name twice": HEAD + "x: 1\n" * 150_000,
    "documents": "---\n" * 200_000,
    "comments": HEAD + "# 待核：x\n" * 50_000,
    # length
    "a name": HEAD + "a" * 900_000 + ": 1\n",
    "a name in quotes": HEAD + '"' + "a" * 900_000 + '": 1\n',
    "a value": HEAD + "x: " + "字" * 300_000 + "\n",
    "a number": HEAD + "x: " + "1" * 900_000 + "\n",
    "blanks": HEAD + "x:" + " " * 900_000 + "1\n",
    "empty lines": HEAD + "\n" * 900_000 + "x: 1\n",
    "quotes": HEAD + "x: " + "'" * 900_000 + "\n",
    "codes": HEAD + 'x: "' + "\\u0041" * 140_000 + '"\n',
    # mistakes
    "anchors": HEAD + "".join(f"x{n}: &a 1\n" for n in range(60_000)),
    "wide colons": HEAD + "".join(f"x{n}：1\n" for n in range(60_000)),
    "tabs": HEAD + "".join(f"\tx{n}: 1\n" for n in range(60_000)),
    "lone quotes": HEAD + "".join(f'x{n}: "a\n' for n in range(60_000)),
    "lone brackets": HEAD + "".join(f"x{n}: [a\n" for n in range(60_000)),
    "blanks at the beginning": HEAD + "".join(f"{' ' * (n % 7)}x{n}: 1\n" for n in range(60_000)),
    "characters": HEAD + "x: " + "\x01" * 300_000 + "\n",
    # a form of 10,000 rows, as long as a file may be
    "rows": SAMPLE.replace(INDICATOR, "\n".join([INDICATOR] * (900_000 // len(INDICATOR.encode())))),
}  # fmt: skip


def checked(text: str) -> str:
    version: FileVersion = versions.version(text.encode())
    return f"{len(version.findings)} {len(version.broken)}"


@pytest.fixture(scope="module")
def usual():
    checked(SAMPLE)
    return max(limited(functools.partial(checked, SAMPLE)).seconds, LEAST)


@pytest.mark.parametrize("name", YAML)
def test_a_file_is_checked_or_refused(name, usual):
    assert len(YAML[name].encode()) < 1_000_000
    cost = limited(functools.partial(checked, YAML[name]))
    assert cost.outcome.replace(" ", "").isdecimal()
    assert cost.seconds < TIMES * usual


def test_the_search_for_what_can_be_read_has_an_end():
    text, read = stairs(300, "a"), []

    def first(changed: str):
        read.append(len(changed))
        return versions.version(changed.encode()).broken[0]

    recovery.recover(text, first, recovery.Limits(bytes=3 * len(text)))
    assert sum(read) < 20 * len(text)
