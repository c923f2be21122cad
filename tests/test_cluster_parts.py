"""The parts of work on a cluster, without one: processes, projects and answers are kept no longer than of use."""

from __future__ import annotations

import asyncio
import os
import pickle
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfgen.findings import ToolError
from perfgen.project import invocation, parcel
from perfgen.project.parcel import Parcel, delivered
from perfgen.project.snapshot import Project
from perfgen.system import cluster_members, cluster_pieces, cluster_worker, environment
from perfgen.system.cluster_members import Members
from perfgen.system.cluster_pieces import Pieces
from perfgen.system.cluster_worker import Packed
from tests.helpers.waiting import is_running, until


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Iterator[queue.LifoQueue]:
    """The processes that have nothing to do; they end with the test."""
    kept: queue.LifoQueue = queue.LifoQueue()
    monkeypatch.setattr(cluster_worker, "_FREE", kept)
    yield kept
    while not kept.empty():
        kept.get().end()


def wanted() -> bool:
    return True


def do(work: Callable[..., object], *args: object, is_wanted: Callable[[], bool] = wanted, code: str = "") -> object:
    code = code or environment.of_code()
    packed = pickle.dumps(Packed(pickle.dumps((work, args, {})), {}, (), invocation.state(), code))
    return pickle.loads(cluster_worker.do(packed, (), is_wanted))


def test_a_process_is_replaced_after_its_jobs(free, monkeypatch):
    monkeypatch.setattr(cluster_worker, "_JOBS_PER_PROCESS", 2)
    numbers = [do(os.getpid)[1] for _ in range(3)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert not is_running(numbers[0]) and is_running(numbers[2])


def test_a_process_that_died_is_said_and_gets_no_other_job(free):
    assert do(os._exit, 3) is None and free.empty()
    assert do(abs, -1) == (True, 1)


def test_what_a_job_raises_comes_back(free):
    is_good, error = do(int, "x")
    assert not is_good and isinstance(error, ValueError)


def test_a_process_with_other_code_than_the_one_who_asks_does_nothing(free):
    is_good, error = do(os._exit, 3, code="another")
    assert not is_good and isinstance(error, ToolError) and "换过" in str(error)


def test_a_job_that_nobody_wants_any_more_ends_with_its_process(free, monkeypatch, tmp_path):
    monkeypatch.setattr(cluster_worker, "_LOOK", 0.01)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # who opens it waits for another who does
    number = do(os.getpid)[1]
    assert do(Path.read_bytes, pipe, is_wanted=lambda: False) is None
    until(lambda: not is_running(number))
    assert free.empty()


def test_projects_of_former_jobs_are_few(tiny_project, monkeypatch):
    monkeypatch.setattr(parcel, "_OPENED", type(parcel._OPENED)())
    for number in range(3 * parcel._KEPT):
        (tiny_project / "templates/fruit/page.html").write_text(f"<p>{number}</p>", "utf-8")
        one = Parcel(Project.on_disk(tiny_project), ("data/2025/东园.yaml", "templates/fruit/page.html"))
        sent, contents = pickle.dumps(one), {found: one.project.read(path) for path, found in one.files}
        with delivered(contents):
            assert pickle.loads(sent).read("templates/fruit/page.html") == f"<p>{number}</p>".encode()
    assert len(parcel._OPENED) == parcel._KEPT and not parcel._DELIVERED


def test_bytes_with_another_hash_are_refused():
    with pytest.raises(ToolError, match="哈希不一样"), delivered({"0" * 64: b"x"}):
        pass
    assert not parcel._DELIVERED


class Submitting:
    """Stands for Dask's client: takes pieces, and makes nothing of them."""

    def submit(self, _work, content: bytes, key: str) -> SimpleNamespace:
        return SimpleNamespace(key=key, content=content, status="pending")


@pytest.fixture
def pieces(tiny_project: Path) -> tuple[Pieces, Parcel]:
    return Pieces(Submitting()), Parcel(Project.on_disk(tiny_project), ("schema/fruit.schema.json", "data/site.yaml"))


def test_a_file_that_many_need_is_one_piece_until_workers_die_of_it(pieces):
    held, one = pieces
    _, shared = held.apart([one])
    first, second = held.futures(shared), held.futures(held.apart([one])[1])
    assert list(map(id, first)) == list(map(id, second))
    assert held.renewed(first[0].key) and held.renewed(first[0].key) and not held.renewed("do-1")
    third = held.futures(shared)
    assert third[0].key != first[0].key and third[0].content == first[0].content
    assert third[1:] == first[1:] and held.futures(shared) == third


def test_a_job_that_is_tried_again_has_its_pieces_still(pieces, monkeypatch):
    held, one = pieces
    monkeypatch.setattr(cluster_pieces, "_KEPT", 1)
    _, shared = held.apart([one])
    assert [piece.content for piece in held.futures(shared)] == list(shared.values())
    assert len(held._pieces) == 1


class Answering:
    """Stands for Dask's client: workers come and go, and answer or do not."""

    status = "running"

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.scheduler = SimpleNamespace(ncores=lambda: dict.fromkeys(self.answers, 1))

    def sync(self, call, *args, callback_timeout=None):
        found = call(*args)
        return asyncio.run(found) if asyncio.iscoroutine(found) else found

    async def _run(self, _ask, workers: list[str], on_error: str) -> dict[str, object]:
        (address,) = workers
        self.asked.append(address)
        if self.answers[address] is None:
            await asyncio.sleep(3_600)
        return {address: self.answers[address]}


@pytest.fixture
def same(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What this machine has, as far as these tests go."""
    monkeypatch.setattr(cluster_members.environment, "of_machine", lambda *_: {"Python": "3"})
    monkeypatch.setattr(cluster_members, "_ANSWER", 0.01)
    return {"Python": "3"}


GOOD, SILENT, GONE = "tcp://127.0.0.1:1", "tcp://127.0.0.1:2", "tcp://127.0.0.1:3"


def test_a_worker_that_does_not_answer_keeps_nobody_waiting(same):
    client, said = Answering({GOOD: same, SILENT: None, GONE: OSError("gone")}), []
    members = Members(client, [], said.append, 1)
    assert members.look() == {GOOD: 1} and not said
    del client.answers[GONE]
    assert members.look() == members.look() == {GOOD: 1}
    assert len(said) == 1 and SILENT in said[0] and "问不出来" in said[0]
    assert client.asked.count(SILENT) == 2 and client.asked.count(GOOD) == 1


def test_another_worker_at_the_same_address_is_asked_again(same):
    client, said = Answering({GOOD: same, SILENT: same}), []
    members = Members(client, [], said.append, 1)
    assert set(members.look()) == {GOOD, SILENT}
    del client.answers[SILENT]
    assert set(members.look()) == {GOOD}
    client.answers[SILENT] = {"Python": "2"}
    assert set(members.look()) == {GOOD} and "Python：这里 3，那里 2" in said[0]
