"""What the fuzzer starts from, and what it found: no reader raises anything but what it tells its user."""

from __future__ import annotations

import pytest

from perfgen.findings import Finding
from perfgen.source import reader, recovery
from tests.fuzz.targets import CORPUS, TARGETS

CASES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


def test_each_reader_has_cases():
    assert {case.partition("/")[0] for case in CASES} == set(TARGETS)


@pytest.mark.parametrize("case", CASES)
def test_a_case(case):
    TARGETS[case.partition("/")[0]](CORPUS.joinpath(case).read_bytes())


def test_repairs_do_not_make_a_text_grow_without_end():
    texts = []

    def first(changed: str) -> Finding | None:
        texts.append(changed)
        found = reader.read(changed, "x.yaml")
        return found if isinstance(found, Finding) else None

    for name in ("quotes-in-quotes.yaml", "quotes-in-quotes-2.yaml"):
        recovery.recover(CORPUS.joinpath("yaml", name).read_text("utf-8"), first)
    assert max(map(len, texts)) < 10_000
