"""What the window shows without anybody typing: files that other programs change, and the tabs beside the form."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from perfgen.project.snapshot import Project
from perfgen.serving.watching import Seen, Touched, changes
from tests.helpers.browsing import launched
from tests.helpers.people import git_as
from tests.helpers.serving import CLERK, Served, samples, serving

SOURCE = "data/2025/示例市档案馆.yaml"
LAST_YEAR = "data/2024/示例市档案馆.yaml"
GOAL = "做好档案接收、保管、数字化和开放利用"
PROMISE = '"≥98%"'
SECONDS = 20.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = samples(tmp_path_factory.mktemp("live") / "项目", git=True)
    with serving(root) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as found:
        yield found


@pytest.fixture
def root(served: Served) -> Iterator[Path]:
    """The project that is served; what a test changed is put back, and the server has noticed."""
    folder = Path(str(served.process.args[4]))  # type: ignore[index]
    yield folder
    git_as(CLERK, folder, "checkout", "-q", "-f", "main")
    git_as(CLERK, folder, "clean", "-fdq")
    until(lambda: not served.view(SOURCE)["broken"] and GOAL in served.view(SOURCE)["html"]["form"])


def until(test: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """What a test gives as soon as it is true."""
    end = time.monotonic() + seconds
    while not (found := test()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.03)
    return found


def saved_by_renaming(path: Path, old: str, new: str) -> None:
    """Saves as vim and Word do: the new text in another file, which then takes the place of the old one."""
    text = path.read_text("utf-8")
    assert old in text
    beside = path.with_name(path.name + ".swap")
    beside.write_text(text.replace(old, new, 1), "utf-8")
    beside.replace(path)


def form_of(served: Served) -> str:
    """What the form says, without its tags."""
    return re.sub("<[^>]*>", "", served.view(SOURCE)["html"]["form"])


def findings_of(served: Served) -> str:
    return re.sub("<[^>]*>", "", served.view(SOURCE)["html"]["findings"])


@contextmanager
def heard(served: Served) -> Iterator[list[dict[str, Any]]]:
    """What the server tells a window while the block runs."""
    found: list[dict[str, Any]] = []
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=SECONDS)
    link.request("GET", f"{served.path}events")
    answer = link.getresponse()
    assert answer.readline().startswith(b"retry")

    def listen() -> None:
        with suppress(OSError, ValueError, AttributeError):
            for line in answer:
                if line.startswith(b"data: "):
                    found.append(json.loads(line[6:]))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield found
    with suppress(OSError):
        assert link.sock
        link.sock.shutdown(socket.SHUT_RDWR)
    link.close()


# what other programs do to files


def test_an_editor_that_saves_by_renaming_is_seen(served: Served, root: Path) -> None:
    assert GOAL in form_of(served)
    saved_by_renaming(root / SOURCE, GOAL, "在别处写的目标")
    until(lambda: "在别处写的目标" in form_of(served))


def test_a_file_that_is_deleted_says_so_and_comes_back(served: Served, root: Path) -> None:
    before, content = served.view(SOURCE), (root / SOURCE).read_bytes()
    (root / SOURCE).unlink()
    until(lambda: served.view(SOURCE)["version"] == "")
    gone = served.view(SOURCE)
    assert gone["broken"]
    assert "不在了" in gone["html"]["findings"]
    assert GOAL in gone["html"]["form"]
    (root / SOURCE).write_bytes(content)
    until(lambda: not served.view(SOURCE)["broken"])
    assert served.view(SOURCE)["seen"] == before["seen"]


def test_a_broken_file_shows_its_findings_over_the_last_good_form_until_it_is_mended(
    served: Served, root: Path
) -> None:
    text = (root / SOURCE).read_text("utf-8")
    served.view(SOURCE)
    (root / SOURCE).write_text(text + "\n  - : [\n", "utf-8")
    until(lambda: served.view(SOURCE)["broken"])
    broken = served.view(SOURCE)
    assert "读不出来" in broken["html"]["findings"]
    assert "yaml-" in broken["html"]["findings"]
    assert 'class="sheet stale"' in broken["html"]["form"]
    (root / SOURCE).write_text(text, "utf-8")
    until(lambda: not served.view(SOURCE)["broken"])


def test_schema_rules_settings_and_last_years_file_are_followed_too(served: Served, root: Path) -> None:
    before = served.view(SOURCE)

    saved_by_renaming(root / "schema/department-target.schema.json", '"title": "', '"title": "改了的')
    until(lambda: served.view(SOURCE)["seen"] != before["seen"])

    git_as(CLERK, root, "checkout", "-q", "-f", "main")
    until(lambda: served.view(SOURCE)["seen"] == before["seen"])
    (root / "schema/department-target.rules.yaml").write_text("规则: [\n", "utf-8")
    until(lambda: served.view(SOURCE)["broken"])
    assert "department-target.rules.yaml" in served.view(SOURCE)["html"]["findings"]
    assert served.view(SOURCE)["version"] == before["version"]

    git_as(CLERK, root, "checkout", "-q", "-f", "main")
    until(lambda: served.view(SOURCE)["seen"] == before["seen"])
    (root / LAST_YEAR).unlink()
    until(lambda: served.view(SOURCE)["seen"] != before["seen"])


def test_a_branch_that_is_checked_out_is_seen_at_once(served: Served, root: Path) -> None:
    git_as(CLERK, root, "checkout", "-q", "-b", "另一个")
    for path in sorted((root / "data/2025").glob("*.yaml")):
        path.write_text(path.read_text("utf-8") + "# 另一个分支\n", "utf-8")
    saved_by_renaming(root / SOURCE, GOAL, "另一个分支的目标")
    git_as(CLERK, root, "commit", "-qam", "另一个")
    until(lambda: "另一个分支的目标" in form_of(served))
    with heard(served) as told:
        git_as(CLERK, root, "checkout", "-q", "main")
        until(lambda: GOAL in form_of(served))
        until(lambda: told)
    assert len(told) <= 2
    assert SOURCE in told[0]["files"]


def test_what_the_window_saves_itself_is_told_once(served: Served, root: Path) -> None:
    with heard(served) as told:
        slot = next(slot for slot in served.view(SOURCE)["slots"] if slot["typed"].startswith(GOAL))
        assert served.put(SOURCE, slot["path"], "自己写的目标").status == 200
        until(lambda: told)
        time.sleep(1.5)
    assert [one["files"] for one in told] == [[SOURCE]]
    assert told[0]["seen"] == served.view(SOURCE)["seen"]


def test_a_window_that_knows_it_all_is_told_nothing_more(served: Served) -> None:
    seen = served.view(SOURCE)["seen"]
    assert served.get(f"api/window?seen={seen}&file={quote(SOURCE)}").json() == {"seen": seen}


# the watching itself


def watched(folder: Path, act: Callable[[], None], until_seen: Callable[[list[Touched]], bool]) -> list[Touched]:
    """What is noticed of an act in a folder."""
    found: list[Touched] = []

    async def follow() -> None:
        async for touched in changes(folder):
            found.append(touched)

    async def run() -> None:
        task = asyncio.create_task(follow())
        await asyncio.sleep(1)
        act()
        end = time.monotonic() + SECONDS
        while not until_seen(found) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    return found


def test_new_folders_and_what_comes_to_stand_in_them_are_seen(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    def act() -> None:
        (tmp_path / "data/2030/科室").mkdir(parents=True)
        (tmp_path / "data/2030/科室/a.yaml").write_text("1")
        (tmp_path / "templates/form").mkdir(parents=True)
        (tmp_path / "templates/form/page.html").write_text("1")

    wanted = {"data/2030/科室/a.yaml", "templates/form/page.html"}
    found = watched(tmp_path, act, lambda seen: wanted <= {path for one in seen for path in one.moved})
    assert wanted <= {path for one in found for path in one.moved}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_is_followed_out_of_the_project(tmp_path: Path) -> None:
    outside, project = tmp_path / "outside", tmp_path / "project"
    outside.mkdir()
    (outside / "a.yaml").write_text("1")
    (project / "data/2025").mkdir(parents=True)
    (project / "data/2025/link").symlink_to(outside)
    (project / "schema").symlink_to(outside)
    seen = Seen.of(project)
    assert seen.stamps.keys() == {"data/2025/link"}
    assert seen.folders == {"data", "data/2025"}

    def act() -> None:
        (outside / "a.yaml").write_text("2")
        (project / "data/2025/b.yaml").write_text("1")

    found = watched(project, act, lambda seen: any("data/2025/b.yaml" in one.moved for one in seen))
    assert {path for one in found for path in one.moved | one.written} == {"data/2025/b.yaml"}


def test_only_what_is_no_longer_as_it_was_read_counts_as_changed(tmp_path: Path) -> None:
    (tmp_path / "data/2025").mkdir(parents=True)
    one, other = tmp_path / "data/2025/a.yaml", tmp_path / "data/2025/b.yaml"
    for path in (one, other):
        path.write_text("1")
    project = Project.on_disk(tmp_path)
    for path in ("data/2025/a.yaml", "data/2025/b.yaml"):
        project.read(path)
    one.write_text("2")
    other.write_text("1")
    touched = Touched(frozenset(), frozenset({"data/2025/a.yaml", "data/2025/b.yaml"}))
    assert touched.changed(project) == {"data/2025/a.yaml"}
