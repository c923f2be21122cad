"""The door of the window in the browser: who may come in, what is answered, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Mount, Route

from perfgen import cli
from perfgen.project.snapshot import Project
from perfgen.serving import needs
from perfgen.serving.app import make_app
from perfgen.serving.desk import Desk
from perfgen.serving.guard import Keys
from perfgen.serving.office import Office
from tests.helpers import tiny
from tests.helpers.processes import eventually
from tests.helpers.projects import REPOSITORY
from tests.helpers.serving import Served, serving, started

FILE = "data/2025/东园.yaml"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tiny.make(tmp_path_factory.mktemp("door") / "项目 一")


@pytest.fixture(scope="module")
def served(root):
    with serving(root) as served:
        yield served


def written(root: Path) -> dict[str, bytes]:
    """All that lies in the project, but for what a build made."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def own(served: Served) -> dict[str, str]:
    """The headers of its own page."""
    return {"Origin": f"http://127.0.0.1:{served.port}", "Sec-Fetch-Site": "same-origin"}


def change(served: Served) -> str:
    """A change that would be made."""
    version = served.view(FILE)["version"]
    return json.dumps({"file": FILE, "version": version, "path": ["备注"], "text": "进来了"})


def test_the_address_stands_on_a_line_of_its_own_and_opens(served):
    assert served.address.startswith(f"http://127.0.0.1:{served.port}/")
    assert served.get("").status == 200
    assert served.view(FILE)["file"] == FILE


def test_it_listens_on_this_machine_alone(served):
    listening = Path("/proc/net/tcp").read_text("utf-8") + Path("/proc/net/tcp6").read_text("utf-8")
    ends = {line.split()[1] for line in listening.splitlines() if f":{served.port:04X} " in line and " 0A " in line}
    assert ends == {f"0100007F:{served.port:04X}"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1.evil.example:{port}"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:{port}@evil.example"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://localhost:{port}"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_is_not_asked_by_its_own_page_is_refused(root, served, headers):
    before = written(root)
    theirs = own(served) | {name: value.format(port=served.port) for name, value in headers.items()}
    for method, path, body in [("POST", "api/put", change(served)), ("GET", f"api/window?file={quote(FILE)}", None)]:
        answer = served.ask(method, served.path + path, body, theirs)
        assert answer.status in (400, 403), (method, headers)
        assert "html" not in answer.text
    assert written(root) == before


def test_a_change_without_an_origin_is_refused(root, served):
    before = written(root)
    assert served.ask("POST", f"{served.path}api/put", change(served)).status == 403
    assert written(root) == before
    assert served.ask("POST", f"{served.path}api/put", change(served), own(served)).status == 200


@pytest.mark.parametrize("path", ["/", "/{key}x/", "/{less}/", "//", "/x/../{key}/", "*", "/%00/", "/static/api.js"])
def test_without_the_key_nothing_is_answered_but_why(served, path):
    key = served.path.strip("/")
    answer = served.ask("GET", path.format(key=key, less=key[:-1]))
    assert answer.status in (400, 403)
    assert key not in answer.text
    assert "地址" in answer.text or answer.status == 400


def test_an_address_of_an_earlier_run_says_so_on_a_page(served):
    answer = served.ask("GET", "/alt-alt-alt/file/x", headers={"Accept": "text/html,*/*"})
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "这个地址不是这一次的" in answer.text


ADDRESSES = ["", f"file/{quote(FILE)}", f"api/window?file={quote(FILE)}", "static/window.js", "static/serve.css",
             "nowhere", "file/nowhere", "api/put"]  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_each_answer_says_what_a_browser_may_do_with_it(served, path):
    answer = served.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in answer.headers
    assert not {name for name in answer.headers if name.startswith("access-control")}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_other_methods_do_nothing(root, served, method):
    before = written(root)
    for path in ("", f"file/{quote(FILE)}", "api/put", "static/api.js"):
        assert served.ask(method, served.path + path, change(served), own(served)).status in (400, 403, 404, 405)
    assert written(root) == before


ELSEWHERE = [
    "/etc/passwd", "../outside.yaml", "data/../outside.yaml", "data/2025/../../outside.yaml",
    "data/2025/..", "data/2025", "data/", "", ".", "data/site.yaml", "data/units.yaml", "schema/fruit.schema.json",
    "schema/fruit.rules.yaml", "templates/fruit/form.docx", "build/public/2025/x.yaml", ".git/config", ".git/x.yaml",
    "data/2025/\x00.yaml", f"{FILE}\x00", f"data//2025/{FILE[10:]}", f"./{FILE}", f"data/./2025/{FILE[10:]}",
    "data/2025/..\\..\\outside.yaml", "data\\2025\\东园.yaml", "C:\\x.yaml", "data/2025/C:x.yaml",
    "data/2025/CON.yaml", "data/2025/nul.yaml", "data/2025/COM1.yaml", "data/2025/东园.yaml.", "data/2025/ 东园.yaml",
    "data/2025/.东园.yaml", "data/2025/~$东园.yaml", "data/2025/东园.yml", "data/2025/东园.YAML", "data/2025/a:b.yaml",
    "data/2025/link.yaml", "data/2025/folder/x.yaml", "data/2025/" + "长" * 90 + ".yaml", "data/2025/\u202e.yaml",
]  # fmt: skip


@pytest.fixture(scope="module")
def outside(root):
    """Links of the project that lead out of it."""
    (root.parent / "outside.yaml").write_text("form: fruit\n", "utf-8")
    (root.parent / "folder").mkdir()
    (root.parent / "folder/x.yaml").write_text("form: fruit\n", "utf-8")
    (root / "data/2025/link.yaml").symlink_to(root.parent / "outside.yaml")
    (root / "data/2025/folder").symlink_to(root.parent / "folder")


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("source", ELSEWHERE, ids=ascii)
def test_no_path_leads_out_of_the_data(root, served, source):
    before, above = written(root.parent), sorted(root.parent.iterdir())
    assert served.get(f"file/{quote(source, safe='')}").status in (400, 404)
    assert served.get(f"api/window?file={quote(source, safe='')}").status in (400, 404)
    for address, members in [
        ("put", {"path": ["备注"], "text": "x"}),
        ("edit", {"edit": {"kind": "drop", "path": ["备注"]}}),
        ("undo", {}),
        ("redo", {}),
    ]:
        answer = served.post(f"api/{address}", {"file": source, "version": "", **members})
        assert answer.status in (400, 404), address
        assert answer.json()["trouble"]
    assert written(root.parent) == before
    assert sorted(root.parent.iterdir()) == above


def changing() -> list[str]:
    """The addresses at which something can be changed."""
    guard = make_app(Office(Desk(Project.on_disk(REPOSITORY)), Keys()), 1)
    mounts = [route for route in guard.app.routes if isinstance(route, Mount)]
    routes = [route for mount in mounts for route in mount.routes if isinstance(route, Route)]
    return sorted({route.path for route in routes if "POST" in (route.methods or ())})


def test_there_are_addresses_that_change():
    assert {"/api/put", "/api/edit", "/api/undo", "/api/redo", "/api/commit"} <= set(changing())


PATHS = ["../outside.yaml", "/etc/x.yaml", "data/../../outside.yaml", "schema/x.yaml", "templates/x.yaml", "x.yaml",
         ".git/hooks/pre-commit", "data/site.yaml", "data/2025/link.yaml", "data/2025/folder/x.yaml", "data/x.yaml",
         "data/2025/x.txt", "data/2025/CON.yaml", "data/2025/..\\x.yaml", ".", "", "../../x"]  # fmt: skip
NAMED = ("file", "source", "target", "place", "from", "to", "year", "unit", "name", "form", "subject", "onto", "path")
"""What an address may call a path, or something that one is made of."""


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("address", changing())
def test_no_address_writes_anywhere_but_to_data_files(root, served, address):
    before = written(root.parent)
    for path in PATHS:
        members = dict.fromkeys(NAMED, path) | {"version": "", "text": "x", "message": "x"}
        for body in (members, members | {"year": "2026"}, members | {"year": "2026", "unit": "东园", "name": "东园"}):
            where = f"{served.path.rstrip('/')}{address.partition('{')[0]}"
            for query in ("", f"?file={quote(path)}", f"?{'&'.join(f'{name}={quote(path)}' for name in NAMED)}"):
                answer = served.ask("POST", where + query, json.dumps(body), own(served))
                assert answer.status < 500, (path, answer.text[:300])
    after = written(root.parent)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    home = f"{root.name}/"
    assert not {name for name in changed if not name.startswith((f"{home}data/2", f"{home}build/"))}
    assert not {name for name in changed if name.startswith(f"{home}data/") and not name.endswith(".yaml")}


def test_the_key_of_previews_reads_nothing_else(root):
    keys = "import secrets\nnames = iter(['desk', 'preview'])\nsecrets.token_urlsafe = lambda _: next(names)"
    with serving(root, first=keys) as served:
        assert served.path == "/desk/"
        for path in (
            "",
            f"file/{quote(FILE)}",
            f"api/window?file={quote(FILE)}",
            "static/api.js",
            "events",
            "../desk/",
        ):
            assert served.ask("GET", f"/preview/{path}").status in (403, 404), path
        body = change(served)
        for address in changing():
            assert served.ask("POST", f"/preview{address}", body, own(served)).status == 403


@pytest.mark.parametrize(
    "path", ["static/../app.py", "static/%2e%2e/app.py", "static/..%2fapp.py", "static/", "static"]
)
def test_the_scripts_folder_is_not_left(served, path):
    assert served.get(path).status in (307, 403, 404)


BODIES = [
    b"", b"x", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"file":' * 100_000, b'{"file": 1}',
    json.dumps({"file": FILE, "version": "", "path": ["a"] * 101, "text": ""}).encode(),
    json.dumps({"file": FILE, "version": "", "path": [True], "text": ""}).encode(),
    json.dumps({"file": FILE, "version": "", "path": [-1], "text": ""}).encode(),
    json.dumps({"file": FILE, "version": "", "path": [1e400], "text": ""}).encode(),
    b'{"file": "' + FILE.encode() + b'", "version": "", "path": ["\\ud800"], "text": ""}',
    b'{"file": "' + FILE.encode() + b'", "version": "", "path": ["x"], "text": "\\ud800"}',
    b'{"file": "\\ud800", "version": "", "path": ["x"], "text": ""}',
    b'{"file": "' + FILE.encode() + b'", "version": "", "path": [1' + b"0" * 5000 + b'], "text": ""}',
    b'{"file": "' + FILE.encode() + b'", "version": "", "edit": ' + b'{"kind": "many", "edits": [' * 400 + b"]}" * 400
    + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_nothing_of_ours_is_refused_in_words(root, served, body):
    before = written(root)
    for path in ("api/put", "api/edit", "api/undo", "api/redo"):
        answer = served.ask("POST", served.path + path, body, own(served))
        is_old = answer.status == 409 and path in ("api/undo", "api/redo")
        assert is_old or (answer.status in (400, 404) and answer.json()["trouble"]), path
    assert written(root) == before


def test_a_body_that_is_too_long_is_not_taken(served):
    answer = served.ask("POST", f"{served.path}api/put", b" " * 5_000_000, own(served))
    assert answer.status == 413
    assert answer.json()["trouble"] == "太大，没有收。"
    assert served.get("").status == 200


def link(served: Served, text: str) -> socket.socket:
    """A connection with some bytes sent."""
    opened = socket.create_connection(("127.0.0.1", served.port), timeout=60)
    opened.sendall(text.encode())
    return opened


def test_two_hundred_event_streams_at_once_leave_it_awake(root, served):
    head = f"GET {served.path}events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n"
    with ExitStack() as opened:
        streams = [opened.enter_context(link(served, head)) for _ in range(200)]
        for stream in streams:
            assert b"retry" in read_until(stream, b"retry")
        assert served.put(FILE, ["备注"], "都听到了").status == 200
        for stream in streams:
            assert "东园" in read_until(stream, b"event: changed\ndata").decode("utf-8", "replace")
    assert served.get("").status == 200


def read_until(stream: socket.socket, words: bytes) -> bytes:
    """What comes, to the end of the line that has some words."""
    got = b""
    while words not in got or not got.endswith(b"\n"):
        more = stream.recv(65536)
        assert more, got
        got += more
    return got


def test_connections_that_only_begin_to_ask_are_closed(tmp_path):
    root = tiny.make(tmp_path / "slow")
    hasty = "from perfgen.serving import asked, patience\npatience.SECONDS = asked.BODY_SECONDS = 0.5"
    with serving(root, first=hasty) as served:
        silent, half = link(served, ""), link(served, f"GET {served.path} HTTP/1.1\r\nHo")
        slow = link(
            served,
            f"POST {served.path}api/put HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
            f"Origin: http://127.0.0.1:{served.port}\r\nContent-Length: 100\r\n\r\n{{",
        )
        assert silent.recv(100) == half.recv(100) == b""
        assert b" 408 " in slow.recv(1000)
        for one in (silent, half, slow):
            one.close()
        assert served.get("").status == 200


def test_a_fault_is_answered_in_words_told_once_and_outlived(tmp_path):
    root = tiny.make(tmp_path / "fault")
    broken = "from perfgen.serving.desk import Desk\nDesk.put = lambda *_: {}['fault']"
    with serving(root, first=broken) as served:
        for _ in range(3):
            answer = served.ask("POST", f"{served.path}api/put", change(served), own(served))
            assert answer.status == 500
            assert "程序自己出了错" in answer.json()["trouble"]
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert served.view(FILE)["file"] == FILE
        served.process.terminate()
        _, said = served.process.communicate(timeout=20)
    assert said.count("perfgen 自己出了错（KeyError）") == 1
    assert f"{FILE}：" in said
    assert "发给维护 perfgen 的人" in said
    assert "Traceback" not in said
    assert "Traceback" in (root / "build/fault.txt").read_text("utf-8")
    assert served.path.strip("/") not in said + (root / "build/fault.txt").read_text("utf-8")


def test_a_busy_port_gives_way_to_the_next_one_but_not_a_port_that_was_named(served, tmp_path):
    root = tiny.make(tmp_path / "other")
    with serving(root) as other:
        assert other.port != served.port
        assert other.view(FILE)["file"] == FILE
    process = started(root, "--port", str(served.port))
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "")
    assert f"端口 {served.port} 已经有程序在用" in said
    assert "--port" in said
    assert "Traceback" not in said
    process = started(root, "--port", "70000")
    assert "没有端口 70000" in process.communicate(timeout=60)[1]
    assert process.returncode == 3


def test_two_servers_on_one_project_overwrite_nothing(tmp_path):
    root = tiny.make(tmp_path / "both")
    with serving(root) as one, serving(root) as other:
        old = other.view(FILE)["version"]
        assert one.put(FILE, ["备注"], "从一边").status == 200
        stale = {"file": FILE, "version": old, "path": ["备注"], "text": "从另一边"}
        assert other.post("api/put", stale).status == 409
        assert "从一边" in (root / FILE).read_text("utf-8")
        assert other.put(FILE, ["备注"], "从另一边").status == 200
        assert "从另一边" in (root / FILE).read_text("utf-8")


BUSY = """
import time
from perfgen.serving.desk import Desk
def busy(desk, *rest):
    end = time.process_time() + 60
    while time.process_time() < end:
        pass
Desk.put = busy
"""
ENDINGS = [
    ([signal.SIGINT], False), ([signal.SIGTERM], False), ([signal.SIGHUP, signal.SIGTERM], False),
    ([signal.SIGINT] * 5, True), ([signal.SIGHUP], True),
]  # fmt: skip


@pytest.mark.parametrize(("numbers", "busy"), ENDINGS)
def test_it_ends_calmly_whatever_it_does(root, numbers, busy):
    with serving(root, first=BUSY if busy else "") as served, ExitStack() as streams:
        host = f"Host: 127.0.0.1:{served.port}"
        for _ in range(9):
            stream = streams.enter_context(link(served, f"GET {served.path}events HTTP/1.1\r\n{host}\r\n\r\n"))
            assert b"retry" in read_until(stream, b"retry")
        if busy:
            body = change(served)
            head = f"{host}\r\nOrigin: http://127.0.0.1:{served.port}\r\nContent-Length: {len(body.encode())}"
            streams.enter_context(link(served, f"POST {served.path}api/put HTTP/1.1\r\n{head}\r\n\r\n{body}"))
            time.sleep(0.3)
        for number in numbers:
            served.process.send_signal(number)
            time.sleep(0.05)
        out, said = served.process.communicate(timeout=20)
        assert (served.process.returncode, out) == (0, "")
        assert said.splitlines()[1:] == ["结束了；改过的都已经存好。"]


def test_nobody_needs_to_be_there_to_hear_the_end(root):
    process = started(root)
    assert process.stdout.readline() and process.stderr.readline()
    process.stdout.close()
    process.stderr.close()
    process.send_signal(signal.SIGHUP)
    assert process.wait(20) == 0


def test_it_says_what_is_not_installed_and_other_commands_work(root):
    without = (
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name: None if name == 'uvicorn' else find(name)"
    )
    process = started(root, first=without)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, "")
    assert "没有装 uvicorn" in said
    assert "pip install uvicorn" in said


@pytest.mark.pdf
def test_doctor_says_what_the_window_lacks_and_that_nothing_else_needs_it(root, monkeypatch, capsys):
    monkeypatch.setattr(needs, "_PACKAGES", ("starlette", "no_such_package"))
    cli.main(["-C", str(root), "doctor"])
    said = capsys.readouterr().out
    assert "- 填表的窗口：没有 no_such_package；serve 要用" in said
    assert "pip install no_such_package" in said
    assert cli.main(["-C", str(root), "check", FILE]) == 0


def test_the_browser_is_asked_without_a_word_and_nothing_happens_without_one(root, tmp_path):
    log = tmp_path / "asked"
    program = tmp_path / "browser.sh"
    program.write_text(f'#!/bin/sh\necho noise; echo noise >&2\nprintf %s "$1" > {log}\n', "utf-8")
    program.chmod(0o755)
    environment = {"BROWSER": f"{program} %s", "DISPLAY": ""}
    process = started(root, environment=environment, browser=True)
    address = process.stdout.readline().strip()
    assert eventually(lambda: log.exists() and log.read_text("utf-8") == address)
    process.terminate()
    out, said = process.communicate(timeout=20)
    assert "noise" not in out + said
    process = started(root, environment={"BROWSER": "", "DISPLAY": "", "PATH": "/nowhere"}, browser=True)
    assert process.stdout.readline().startswith("http://")
    process.terminate()
    assert "Traceback" not in process.communicate(timeout=20)[1]
