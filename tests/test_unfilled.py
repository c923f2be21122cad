"""What is not filled in is said once for each row, keeps nothing else from being judged, and causes nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from perfgen.check import check, loading
from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath
from perfgen.findings import Finding, Level
from perfgen.project.layout import DataFile
from perfgen.source import reader
from perfgen.source.editor import Editor
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in (REPOSITORY / "data").glob("2*/*.yaml"))
CASE = REPOSITORY / "tests/cases/good"


def filing(source: str) -> Filing:
    return loading.well_formed(snapshot(REPOSITORY), DataFile.at(source))


def with_text(of: Filing, text: str) -> Filing:
    return Filing(reader.load_yaml(text.encode(), of.document.file), of.form, of.earlier)


def emptied(of: Filing, *paths: ValuePath) -> str:
    editor = Editor(of.document.text, of.document)
    for path in paths:
        editor.empty(path)
    return editor.text()


def values_of(node: Data, path: ValuePath = ()) -> Iterator[ValuePath]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from values_of(value, (*path, name))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from values_of(value, (*path, number))
    else:
        yield path


def about(finding: Finding) -> tuple[str, ValuePath]:
    """Its message may name the row, which may not have its name yet."""
    return finding.rule, finding.path


@pytest.mark.parametrize("source", SAMPLES)
def test_a_single_value_emptied_is_one_finding_and_no_other_is_new(source):
    whole = filing(source)
    before = {about(finding) for finding in check.check_filing(whole)}
    rng = random.Random(source)
    paths = [path for path in values_of(whole.document.data) if path[0] not in ("表式", "审核说明", "调整理由")]
    for path in rng.sample(paths, 60):
        found = check.check_filing(with_text(whole, emptied(whole, path)))
        (hole,) = [finding for finding in found if finding.unfilled]
        assert hole.path == path and hole.level is Level.ERROR and "没有填" in hole.message
        new = {about(one) for one in found if not one.unfilled and one.level is not Level.UNDECIDED} - before
        assert new == set(), path
        assert found[-1] == hole


@pytest.mark.parametrize("source", SAMPLES[:3])
def test_filled_in_step_by_step_a_finding_stays_until_it_is_answered(source):
    """From empty to complete: what is said of a step but for holes is still said at the end."""
    whole = filing(source)
    at_the_end = {about(finding) for finding in check.check_filing(whole)}
    paths = [path for path in values_of(whole.document.data) if path[0] not in ("表式", "审核说明", "调整理由")]
    said: set[object] = set()
    holes = None
    for step in range(0, len(paths) + 1, max(1, len(paths) // 25)):
        found = check.check_filing(with_text(whole, emptied(whole, *paths[step:])))
        now = {about(one) for one in found if not one.unfilled and one.level is not Level.UNDECIDED}
        assert now <= at_the_end and said <= now, step
        said, still = now, sum(finding.unfilled for finding in found)
        assert holes is None or still <= holes
        holes = still
