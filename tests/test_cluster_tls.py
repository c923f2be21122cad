"""A cluster with certificates does what one without does, and speaks to nobody who has none of its authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from perfgen.findings import ToolError
from perfgen.system import cluster, cluster_address
from tests.helpers import certificates
from tests.helpers import clusters as real
from tests.helpers.cluster_faults import build, came_out_the_same, outputs, project_at, started
from tests.helpers.clusters import Cluster as RealCluster

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return certificates.settings(tmp_path_factory.mktemp("x") / "tls")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, settings: Mapping[str, str]) -> Iterator[RealCluster]:
    """A cluster that is encrypted, at an address of IPv6."""
    with real.cluster(tmp_path_factory.mktemp("cluster"), 0, host="::1", protocol="tls", **settings) as one:
        one.worker("--no-nanny")
        yield one


def said_by(root: Path, address: str, settings: Mapping[str, str]) -> tuple[int, str]:
    process = started(root, address, **settings)
    try:
        said, _ = process.communicate()
    finally:
        real.end(process)
    return process.returncode, said


def test_with_certificates_the_same_comes_out(running, settings, tmp_path):
    here, there = project_at(tmp_path / "here"), project_at(tmp_path / "there")
    code, said = said_by(there, running.address, settings)
    assert code == 0, said
    build(here)
    assert came_out_the_same(there, here)


def test_a_stranger_hears_one_sentence(running, settings, tmp_path):
    there = project_at(tmp_path / "there")
    own = {name: value for name, value in settings.items() if "CLIENT" not in name}
    code, said = said_by(there, running.address, own)
    assert code == 2 and "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT" in said and "Traceback" not in said
    code, said = said_by(there, running.address, certificates.settings(tmp_path / "other"))
    assert code == 3 and "连不上集群" in said and "Traceback" not in said
    assert not outputs(there)


def test_nobody_speaks_plainly_to_it(running, monkeypatch):
    monkeypatch.setattr(cluster_address, "_CONNECT", 1)
    with pytest.raises(ToolError, match="连不上集群"), cluster.connected(f"dask://[::1]:{running.port}", [], print):
        pass
