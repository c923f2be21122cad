"""Files of two years that are checked in other processes: the same comparison, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen import cli
from perfgen.commands import diff
from perfgen.project.snapshot import Project
from perfgen.review import formats, versions
from perfgen.review.compare import Comparison, compare_years
from perfgen.review.version_checks import VersionChecks
from perfgen.review.years import Years
from tests.conftest import REPOSITORY
from tests.helpers.apart import Apart
from tests.test_cluster import copied

pytestmark = pytest.mark.long

YEARS = Years(2024, 2025)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The samples, with a file that is broken and one that has not the shape of its form."""
    folder = copied(REPOSITORY, tmp_path_factory.mktemp("years"))
    (folder / "data/2025/坏.yaml").write_text("表式: [\n", "utf-8")
    (folder / "data/2025/缺.yaml").write_text("表式: department-target\n年度: 2025\n", "utf-8")
    return folder


def compared(root: Path, checks: VersionChecks | None) -> Comparison:
    return compare_years(Project.on_disk(root), YEARS, versions.of_years(root, None, ("2024", "2025")), [], checks)


def told(comparison: Comparison) -> list[str]:
    return [formats.render(name, comparison) for name in formats.names()]


def test_whoever_checks_the_files_the_same_is_said(root):
    alone = told(compared(root, None))
    assert told(compared(root, VersionChecks(None, 2, diff._needs))) == alone
    pool = Apart()
    assert told(compared(root, VersionChecks(pool, None, diff._needs))) == alone
    assert pool.jobs > 2


def test_a_file_that_ends_whoever_checks_it_is_named_and_the_others_are_compared(root):
    alone = compared(root, None)
    there = compared(root, VersionChecks(Apart("缺.yaml".encode()), None, diff._needs))
    died = {unit.file: one for unit in there.units for one in unit.broken if one.rule == "worker-died"}
    assert "data/2025/缺.yaml" in died and len(there.units) == len(alone.units)
    assert "每次都被终止" in formats.render("text", there)
    assert "perfgen check data/2025/缺.yaml" in died["data/2025/缺.yaml"].hint


def test_processes_are_for_two_years(tiny_project, capsys):
    assert cli.main(["-C", str(tiny_project), "diff", "-j2"]) == 2
    assert "只用来比较两年" in capsys.readouterr().err
