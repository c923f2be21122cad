"""Workers that have something otherwise get no jobs, and that is said; bytes that changed on their way are not used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from perfgen.build import job
from perfgen.findings import ToolError
from perfgen.system import cluster as clusters
from tests.conftest import REPOSITORY
from tests.helpers import clusters as real
from tests.helpers.cluster_faults import build, built_at, came_out_the_same, outputs, project_at, started
from tests.helpers.clusters import Cluster as RealCluster
from tests.helpers.marks import HOOK
from tests.helpers.waiting import until

pytestmark = pytest.mark.cluster

FONT = "Noto Serif CJK SC"
OTHER_LIBRARY = """\
import runpy
from importlib import metadata
runpy.run_path({hook!r})
_as_ever = metadata.version
metadata.version = lambda name: "0.0.1" if name == "lxml" else _as_ever(name)
"""


def changed_copy(folder: Path) -> Path:
    """perfgen with one line more."""
    shutil.copytree(REPOSITORY / "perfgen", folder / "perfgen", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "perfgen/values/__init__.py").open("a", encoding="utf-8") as module:
        module.write("# another line\n")
    return folder


def otherwise(folder: Path) -> dict[str, dict[str, str]]:
    """By what is said of it, the environment of a worker that has it otherwise."""
    for name in ("code", "library", "nothing/perfgen", "fonts"):
        (folder / name).mkdir(parents=True)
    (folder / "nothing/perfgen/__init__.py").touch()
    (folder / "library/sitecustomize.py").write_text(OTHER_LIBRARY.format(hook=str(HOOK / "sitecustomize.py")), "utf-8")
    (folder / "fonts.conf").write_text(f"<fontconfig><dir>{folder}/fonts</dir></fontconfig>\n", "utf-8")
    return {
        "perfgen 的代码：": {"PYTHONPATH": path_of(changed_copy(folder / "code"))},
        "程序库 lxml：": {"PYTHONPATH": path_of(folder / "library")},
        f"字体 {FONT}：": {"PYTHONPATH": path_of(), "FONTCONFIG_FILE": str(folder / "fonts.conf")},
        "那里没有装 perfgen": {"PYTHONPATH": path_of(folder / "nothing")},
    }


def path_of(*folders: Path) -> str:
    return os.pathsep.join(map(str, [*folders, HOOK, REPOSITORY]))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    """A cluster with a good worker, the last one, and others."""
    folder = tmp_path_factory.mktemp("cluster")
    with real.cluster(folder / "run", 0) as one:
        for extra in otherwise(folder).values():
            one.worker("--no-nanny", **extra)
        one.worker("--no-nanny")
        until(lambda: one.log.count("Registered to:") == 5)
        yield one


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_at(tmp_path_factory.mktemp("here") / "project")


def test_those_that_differ_are_told_of_once_and_the_others_do_the_work(running, here, tmp_path):
    there, said = project_at(tmp_path / "there"), []
    with clusters.connected(running.address, [FONT], said.append) as pool:
        assert pool.in_flight == 2
        build(there, pool)
    assert came_out_the_same(there, here)
    assert len(said) == 4
    for words in otherwise(tmp_path / "again"):
        assert [text for text in said if words in text and "没有用" in text], words


def test_bytes_that_changed_on_their_way_are_not_written(running, tmp_path, monkeypatch):
    there, as_ever = project_at(tmp_path / "there"), job.as_proven
    changed = []

    def as_proven(made: job.Made) -> bytes:
        if not made.path.endswith("西园.docx"):
            return as_ever(made)
        changed.append(made.path)
        return as_ever(replace(made, content=made.content + b" "))

    monkeypatch.setattr(job, "as_proven", as_proven)
    with (
        clusters.connected(running.address, [FONT], lambda _: None) as pool,
        pytest.raises(ToolError, match="和做好的时候不一样") as raised,
    ):
        build(there, pool)
    assert changed and changed[0] in str(raised.value) and changed[0] not in outputs(there)


def test_a_shared_file_that_changed_on_its_way_is_not_used(running, tmp_path, monkeypatch):
    there = project_at(tmp_path / "there")
    with clusters.connected(running.address, [FONT], lambda _: None) as pool:
        as_ever = pool._pieces._piece
        monkeypatch.setattr(pool._pieces, "_piece", lambda found, content: as_ever(found, content + b" "))
        with pytest.raises(ToolError, match="和说好的哈希不一样"):
            build(there, pool)
    assert not outputs(there)


def test_where_all_differ_the_command_says_what(running, tmp_path):
    there = project_at(tmp_path / "there")
    for able in (running.processes[3], running.processes[-1]):  # the project names no font
        real.end(able)
    until(lambda: running.log.count("Remove worker addr") >= 2)
    process = started(there, running.address)
    said, _ = process.communicate()
    assert process.returncode == 3 and "Traceback" not in said
    assert "集群里没有能用的工作进程" in said and "perfgen 的代码：" in said
    assert not outputs(there)
