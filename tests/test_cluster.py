"""A build on a cluster gives what a build here gives; what it needs travels with it, and nothing else."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from perfgen.build import batch, check_batch
from perfgen.commands import diff
from perfgen.project.snapshot import Project
from perfgen.review import formats, versions
from perfgen.review.compare import compare_years
from perfgen.review.version_checks import VersionChecks
from perfgen.review.years import Years
from perfgen.system import cluster as clusters
from perfgen.system.cluster import Cluster
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers import clusters as real
from tests.helpers.clusters import Cluster as RealCluster
from tests.test_read_ahead import Came, archive, imported  # noqa: F401 - fixtures

pytestmark = pytest.mark.cluster

TODAY = Day(datetime.date(2026, 11, 26), Origin.OPTION)
QUICK = ("docx", "html", "data_json", "data_csv")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    with real.cluster(tmp_path_factory.mktemp("cluster")) as one:
        yield one


@pytest.fixture
def pool(running: RealCluster) -> Iterator[Cluster]:
    with clusters.connected(running.address, ["Noto Serif CJK SC"], print) as one:
        yield one


def copied(root: Path, target: Path) -> Path:
    for folder in ("data", "schema", "templates"):
        shutil.copytree(root / folder, target / folder)
    return target


def outputs(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in (root / "build").rglob("*")
        if path.is_file() and "manifest" not in path.relative_to(root).parts[1]
    }


def built(root: Path, pool: Cluster | None, only: tuple[str, ...] | None = QUICK) -> batch.BuildOutcome:
    return batch.build(batch.BuildOrder(Project.on_disk(root), None, only, day=TODAY), pool)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """All the samples."""
    return copied(REPOSITORY, tmp_path / "project")


def test_the_samples_come_out_the_same(project: Path, pool: Cluster, tmp_path: Path) -> None:
    here, there = copied(project, tmp_path / "here"), copied(project, tmp_path / "there")
    local, distant = built(here, None), built(there, pool)
    assert local.made == distant.made > 30
    assert local.findings == distant.findings
    assert outputs(here) == outputs(there)


def test_a_check_says_the_same(project: Path, pool: Cluster) -> None:
    files = Project.on_disk(project).data_files()[0]
    local = check_batch.check_files(Project.on_disk(project), files, 1)
    distant = check_batch.check_files(Project.on_disk(project), files, pool=pool)
    assert local == distant
    assert local.findings


def test_forms_are_imported_the_same(
    archive: Path,  # noqa: F811 - the fixture
    imported: Callable[..., Came],  # noqa: F811 - the fixture
    pool: Cluster,
) -> None:
    alone = imported(archive, "-j1")
    assert imported(archive, pool=pool) == alone
    assert pool.sent and len(alone.files) > 10


def test_two_years_compare_the_same(project: Path, pool: Cluster) -> None:
    ends = versions.of_years(project, None, ("2024", "2025"))
    local, distant = (
        compare_years(Project.on_disk(project), Years(2024, 2025), ends, [], checks)
        for checks in (None, VersionChecks(pool, None, diff._needs))
    )
    assert pool.sent
    assert [formats.render(name, local) for name in formats.names()] == [
        formats.render(name, distant) for name in formats.names()
    ]
