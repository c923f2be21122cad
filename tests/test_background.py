"""Work in a process beside a server: one job after the other, and what nobody wants ends at once."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from perfgen.findings import DataError, Finding, Place, ToolError
from perfgen.project.snapshot import Project
from perfgen.system.background import Background
from tests.helpers.waiting import is_running, until


class Unpicklable(Exception):
    """What no other process can be told as it is."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def double(number: int) -> int:
    return 2 * number


def who() -> int:
    return os.getpid()


def refuse() -> None:
    raise DataError([Finding(Place("a.yaml", 3, 1), "rule", "不对。")])


def fail() -> None:
    raise Unpicklable("one", "two")


class Closed:
    """What can be sent, and not be opened."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return refuse_to_open, ("cannot be made again",)


def refuse_to_open(why: str) -> None:
    raise RuntimeError(why)


def chatter(number: int) -> int:
    sys.stdout.write(f"said {number}\n")
    os.system(f"echo said {number} by a program")
    return number


def die() -> None:
    os._exit(9)


def dawdle(mark: Path) -> None:
    mark.write_text(str(os.getpid()))
    time.sleep(60)


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def test_jobs_give_what_they_make_in_one_process_that_is_another(background: Background) -> None:
    async def jobs() -> tuple[list[int], int, int]:
        made = await asyncio.gather(*(background.run(double, number) for number in range(3)))
        return list(made), await background.run(who), await background.run(who)

    made, one, other = asyncio.run(jobs())
    assert made == [0, 2, 4]
    assert one == other != os.getpid()


def test_errors_come_back_as_they_are_and_the_next_job_is_done(background: Background) -> None:
    async def jobs() -> int:
        with pytest.raises(DataError) as told:
            await background.run(refuse)
        assert told.value.findings[0].place.line == 3
        with pytest.raises(RuntimeError, match="Unpicklable: one"):
            await background.run(fail)
        with pytest.raises(ToolError, match="内存"):
            await background.run(die)
        return await background.run(double, 4)

    assert asyncio.run(jobs()) == 8


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks Linux which processes there are")
def test_a_cancelled_job_ends_with_its_process_and_the_next_one_need_not_wait(
    background: Background, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"

    async def jobs() -> int:
        task = asyncio.create_task(background.run(dawdle, mark))
        while not mark.exists() or not mark.read_text():
            await asyncio.sleep(0.01)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return await background.run(double, 5)

    assert asyncio.run(jobs()) == 10
    until(lambda: not is_running(int(mark.read_text())))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks Linux which processes there are")
def test_closing_ends_a_running_job(tmp_path: Path) -> None:
    background, mark = Background(), tmp_path / "mark"

    async def jobs() -> None:
        task = asyncio.create_task(background.run(dawdle, mark))
        while not mark.exists() or not mark.read_text():
            await asyncio.sleep(0.01)
        background.close()
        with pytest.raises(ToolError):
            await task
        with pytest.raises((ToolError, RuntimeError)):
            await background.run(double, 1)

    asyncio.run(jobs())
    assert not is_running(int(mark.read_text()))


def seen(project: Project) -> tuple[str, str, int]:
    """Two files of a project, and how often the second one was read in this process."""
    return project.once(content, "data/a.yaml"), project.once(content, "data/b.yaml"), len(READ)


READ: list[str] = []


def content(project: Project, path: str) -> str:
    if path.endswith("b.yaml"):
        READ.append(path)
    return project.read(path).decode()


def test_a_snapshot_that_goes_on_keeps_what_did_not_change_in_the_other_process(
    background: Background, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    for name in "ab":
        (tmp_path / f"data/{name}.yaml").write_text("1")
    first = Project.on_disk(tmp_path)

    async def jobs() -> list[tuple[str, str, int]]:
        found = [await background.run(seen, first)]
        (tmp_path / "data/a.yaml").write_text("2")
        found.append(await background.run(seen, first))
        second = first.with_changes(["data/a.yaml"])
        (tmp_path / "data/a.yaml").write_text("3")
        third = second.with_changes(["data/a.yaml"])
        found.append(await background.run(seen, third))
        found.append(await background.run(seen, Project.on_disk(tmp_path)))
        return found

    assert asyncio.run(jobs()) == [("1", "1", 1), ("1", "1", 1), ("3", "1", 1), ("3", "1", 2)]


def test_a_job_that_cannot_be_opened_there_is_an_error_and_not_the_end(background: Background) -> None:
    async def jobs() -> int:
        with pytest.raises(RuntimeError, match="cannot be made again"):
            await background.run(double, Closed())  # type: ignore[arg-type]
        return await background.run(double, 4)

    assert asyncio.run(jobs()) == 8


def test_what_a_job_prints_is_no_answer(background: Background, capfd: pytest.CaptureFixture[str]) -> None:
    async def jobs() -> list[int]:
        return [await background.run(chatter, number) for number in range(3)]

    assert asyncio.run(jobs()) == [0, 1, 2]
    background.close()
    assert "said 2" in capfd.readouterr().err
