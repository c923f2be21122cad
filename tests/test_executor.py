"""Where jobs run: how many workers, in which order results come, and that workers are replaced and end."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from perfgen.build import batch, manifest
from perfgen.build import job as unit_job
from perfgen.build.batch import BuildOrder
from perfgen.findings import ToolError
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.system import dispatch, executor
from perfgen.system.executor import Inline, Measured, Workers
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.processes import eventually, is_running

pytestmark = pytest.mark.long


@pytest.fixture
def copies(monkeypatch):
    """A system on which workers can be copies, and no worker: in this process a test runner may have threads."""
    monkeypatch.setattr(executor, "can_copy", lambda: True)
    monkeypatch.setattr(Workers, "_start", lambda _: Inline())


def after(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def work(seconds: float) -> int:
    """Takes so much processor time; gives the process that did it."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def hand_out(pool: Executor, seconds: float) -> Future[float]:
    return pool.submit(after, seconds)


def process_of(pool: Executor, seconds: float) -> Future[int]:
    return pool.submit(work, seconds)


def test_results_come_in_the_order_of_the_jobs():
    waits = [0.3, 0.0, 0.1, 0.0]
    with Workers(2) as pool:
        assert [future.result() for _, future in dispatch.run(pool, waits, hand_out)] == waits


def test_a_job_that_is_done_is_given_before_the_next_one_is_begun():
    begun: list[int] = []
    for job, _ in dispatch.run(Inline(), range(5), lambda pool, job: pool.submit(begun.append, job)):
        assert begun == list(range(job + 1))


def test_workers_are_replaced_after_their_share_of_jobs(monkeypatch):
    monkeypatch.setattr(executor, "_TASKS_PER_PROCESS", 3)
    with Workers(1) as pool:
        processes = [future.result() for _, future in dispatch.run(pool, [0.0] * 9, process_of)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [3, 3, 3]
    assert os.getpid() not in processes


@pytest.mark.parametrize("copied", [True, False])
def test_a_worker_looks_for_unused_cycles_as_seldom_as_a_command(monkeypatch, copied):
    monkeypatch.setattr(executor, "can_copy", lambda: copied)
    command = "import gc, sys; from perfgen.cli import main; sys.argv[1:] = ['--help']"
    show = "\ntry:\n    main()\nfinally:\n    print(gc.get_threshold(), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", command + show], capture_output=True, text=True, check=True
    )
    with Workers(1) as pool:
        assert str(pool.submit(gc.get_threshold).result()) == run.stderr.splitlines()[0]
    assert not run.stderr.startswith("(700,")


def test_cheap_jobs_start_no_new_python(monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 4)
    with Measured(20) as pool:
        assert {future.result() for _, future in dispatch.run(pool, [0.001] * 20, process_of)} == {os.getpid()}


def test_dear_jobs_start_new_pythons_once_one_was_measured(monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 2)
    monkeypatch.setattr(executor, "START", 0.05)
    with Measured(6) as pool:
        first, *others = [future.result() for _, future in dispatch.run(pool, [0.1] * 6, process_of)]
    assert first == os.getpid() and first not in others


@pytest.mark.parametrize(
    ("seconds", "count", "processes"),
    [(0.01, 50, 0), (0.01, 250, 2), (1.5, 2, 2), (1.5, 1, 1), (3.0, 100, 8)],
)
def test_the_number_of_new_pythons_follows_the_cost_of_a_job(seconds, count, processes, monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 8)
    assert executor.worth(seconds, count) == processes


def test_a_process_with_threads_is_not_copied():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not executor.can_copy()
    finally:
        stop.set()
        thread.join()


@pytest.mark.usefixtures("copies")
def test_every_core_works_from_the_second_job_on(monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 3)
    with executor.make(None, 2) as two, executor.make(None, 1) as one:
        assert isinstance(two, Workers) and two.processes == 2
        assert isinstance(one, Inline)
    with executor.make(None, 50) as many, executor.make(1, 50) as asked:
        assert isinstance(many, Workers) and many.processes == 3
        assert isinstance(asked, Inline)


def outputs(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("official", "public")
        for path in sorted((root / "build" / folder).rglob("*"))
        if path.is_file()
    }


def said(root, *arguments):
    command = [sys.executable, "-m", "perfgen", "-C", str(root), "build", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=REPOSITORY)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.rpartition("用时")[0], done.stderr


@pytest.mark.parametrize("units", [1, 5])
def test_several_processes_make_and_say_the_same(tmp_path, units):
    answers = {}
    for jobs in ("-j1", "-j2"):
        root = tiny.make(tmp_path / jobs)
        (root / "data/2025/西园.yaml").unlink()
        for number in range(units - 1):
            tiny.write_unit(root, f"园{number}")
        answers[jobs] = (*said(root, jobs), outputs(root))
    assert answers["-j1"] == answers["-j2"]
    assert len(answers["-j1"][3]) >= units * 4


def test_a_finding_in_an_edition_is_said_as_one_process_says_it(tmp_path):
    """Only the public edition's page cannot be made: nothing of the unit is, whoever makes it."""
    answers = []
    for jobs in ("-j1", "-j2"):
        root = tiny.make(tmp_path / jobs)
        (root / "data/2025/西园.yaml").unlink()
        (root / "templates/fruit/page.html").write_text("{{ nowhere.at.all }}", "utf-8")
        answers.append((*said(root, jobs), outputs(root)))
    assert answers[0] == answers[1]
    code, _, errors, made = answers[0]
    assert code == 2 and "page.html" in errors and not [path for path in made if "东园" in str(path)]


@pytest.mark.usefixtures("copies")
def test_the_editions_of_one_unit_are_made_side_by_side(tiny_project, monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 2)
    made = []
    monkeypatch.setattr(
        Workers, "submit", lambda pool, call, *args: made.append(args[1]) or Inline().submit(call, *args)
    )
    project = Project.on_disk(tiny_project)
    files = project.data_files()[0]
    batch.build(BuildOrder(project, (files[0],)))
    assert [{edition for _, edition in choice} for ((_, choice),) in made] == [{"official"}, {"public"}]
    assert len(manifest.load_manifest(tiny_project).outputs) >= 5


def test_what_was_checked_before_the_workers_start_is_not_checked_by_them(tiny_project, monkeypatch):
    """A copy of this process has what this process has found out."""
    checked = []
    check_file = unit_job.check_file
    monkeypatch.setattr(unit_job, "check_file", lambda project, file: checked.append(file) or check_file(project, file))
    project = Project.on_disk(tiny_project)
    settings = site.load_site(project)
    (file, *_) = project.data_files()[0]
    first, editions = unit_job.reports(project, file, settings)
    again, same = unit_job.reports(project, file, settings)
    assert checked == [file] and editions.keys() == same.keys() != set()
    assert first.findings == again.findings and first.findings is not again.findings
    project.release([file])
    unit_job.reports(project, file, settings)
    assert checked == [file, file]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_a_killed_build(tiny_project):
    for number in range(60):
        tiny.write_unit(tiny_project, f"园{number}")
    command = [sys.executable, "-m", "perfgen", "-C", str(tiny_project), "build", "-j2"]
    build = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=REPOSITORY)
    assert build.stdout
    build.stdout.readline()
    workers = children(build.pid)
    assert len(workers) >= 2
    build.send_signal(signal.SIGKILL)
    build.wait()
    build.stdout.close()
    assert eventually(lambda: not any(is_running(worker) for worker in workers))
    assert said(tiny_project)[0] == 0


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def test_a_worker_that_died_is_told_whatever_it_was_to_do():
    with pytest.raises(ToolError, match="-j1 再试"), dispatch.given(None, 2, 2) as pool:
        pool.submit(os._exit, 3).result()
