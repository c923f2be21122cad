"""CI without the outside world: what a site has instead stands in variables, and no network ends in one sentence."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY
from tests.helpers import forges

pytestmark = pytest.mark.long

GITLAB = REPOSITORY / ".gitlab-ci.yml"
CLOSED = "http://127.0.0.1:9"
"""A proxy that nobody answers at: as good as no network, also where the machine has one."""
_PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
NO_NETWORK = {**dict.fromkeys(_PROXIES, CLOSED), "no_proxy": "", "NO_PROXY": ""}


def program(folder: Path, name: str, text: str) -> None:
    """A program for a test's own PATH."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    (folder / name).chmod(0o755)


def before(tmp_path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Runs what comes before each job of the pipeline, with /etc/apt and /tmp of the test's own."""
    (script,) = yaml.safe_load(GITLAB.read_text("utf-8"))["default"]["before_script"]
    script = script.replace("/tmp/", f"{tmp_path}/").replace("/etc/apt", str(tmp_path / "apt"))
    script += "\nenv > " + str(tmp_path / "env")
    environment = {"PATH": f"{tmp_path / 'bin'}", "LC_ALL": "C.UTF-8", **given}
    return subprocess.run(["/bin/sh", "-ec", script], env=environment, capture_output=True, encoding="utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """An image without git, make and Python, whose apt-get reaches nothing."""
    for name in ("find", "xargs", "sed", "env"):
        found = shutil.which(name)
        assert found
        program(tmp_path / "bin", name, f'exec {found} "$@"')
    program(
        tmp_path / "bin", "apt-get", f"echo x >> {tmp_path}/asked; echo 'Temporary failure resolving' >&2; exit 100"
    )
    sources = tmp_path / "apt/sources.list.d"
    sources.mkdir(parents=True)
    (tmp_path / "apt/apt.conf.d").mkdir()
    (sources / "debian.sources").write_text(
        "URIs: http://outside.example/debian\nURIs: https://outside.example/debian-security\n"
    )
    return tmp_path


def test_no_mirror_is_one_sentence(machine):
    done = before(machine)
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 3 and done.stdout == ""
    assert "连不上 Debian 的软件源" in sentence and "PERFGEN_APT_MIRROR" in sentence and "docs/ci.md" in sentence


def test_an_image_that_has_it_all_asks_no_mirror(machine):
    for name in ("git", "make", "python3", "ssh-keygen"):
        program(machine / "bin", name, "exit 0")
    done = before(machine)
    assert (done.returncode, done.stderr) == (0, "") and not (machine / "asked").exists()


def test_the_mirror_takes_the_place_of_every_host(machine):
    assert before(machine, PERFGEN_APT_MIRROR="http://inside.example:8080/").returncode == 3
    said = (machine / "apt/sources.list.d/debian.sources").read_text()
    assert said == "URIs: http://inside.example:8080/debian\nURIs: http://inside.example:8080/debian-security\n"


def test_the_sites_certificate_is_everybodys(machine):
    for name in ("git", "make", "python3", "ssh-keygen"):
        program(machine / "bin", name, "exit 0")
    (machine / "ca.pem").write_text("x")
    authority = str(machine / "ca.pem")
    done = before(machine, PERFGEN_CA=authority, PERFGEN_APT_MIRROR="https://inside.example")
    given = dict(line.split("=", 1) for line in (machine / "env").read_text("utf-8").splitlines())
    assert done.returncode == 0, done.stderr
    assert given["SSL_CERT_FILE"] == given["PIP_CERT"] == given["GIT_SSL_CAINFO"] == authority
    assert (machine / "apt/apt.conf.d/99perfgen").read_text() == f'Acquire::https::CAInfo "{authority}";\n'
    done = before(machine, PERFGEN_CA="-----BEGIN CERTIFICATE-----")
    assert done.returncode == 3 and "类型“文件”" in done.stderr


def test_what_runs_before_a_job_is_no_file_of_the_request():
    """The job that holds the token starts with it."""
    (script,) = yaml.safe_load(GITLAB.read_text("utf-8"))["default"]["before_script"]
    assert not re.search(r"(?m)\./|scripts|source |(^|\s)\. |^ *make ", script)


def test_no_address_is_committed():
    for path in (
        ".gitlab-ci.yml",
        "perfgen/starter/.gitlab-ci.yml",
        "scripts/setup.sh",
        "docs/ci.md",
        "docs/install.md",
    ):
        hosts = re.findall(r"https?://([\w.-]+\.[a-z]{2,})", (REPOSITORY / path).read_text("utf-8"))
        assert hosts == [], path


def set_up(root: Path, *path: Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PIP_") and "proxy" not in name.lower()
    }
    environment |= {"PATH": ":".join([*map(str, path), environment["PATH"]]), **NO_NETWORK, **given}
    command = ["sh", str(REPOSITORY / "scripts/setup.sh"), sys.executable, ".venv", "list.txt"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a list of a package that is not there yet, and a pip."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", ".venv"], cwd=tmp_path, check=True
    )
    (tmp_path / "list.txt").write_text(f"perfgen-no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    return tmp_path


def test_no_index_is_one_sentence(folder):
    done = set_up(folder)
    said = [line for line in done.stderr.splitlines() if line]
    assert done.returncode == 3 and len(said) == 1, done.stderr
    assert "连不上装依赖的软件源" in said[0] and "PIP_INDEX_URL" in said[0] and "init --vendored" in said[0]


def test_another_failure_of_pip_is_told_as_it_is(folder):
    done = set_up(folder, PIP_NO_INDEX="1")
    assert done.returncode == 3 and "No matching distribution" in done.stderr and "原因在上面" in done.stderr
    assert "连不上" not in done.stderr


@pytest.mark.skipif(not shutil.which("apt-get"), reason="没有 apt-get")
def test_no_mirror_for_the_system_libraries_is_one_sentence(folder):
    program(folder / "bin", "fc-list", "exit 0")
    program(folder / "bin", "id", "echo 0")
    program(folder / "bin", "apt-get", "echo 'W: Failed to fetch x  Could not connect'; exit 100")
    done = set_up(folder, folder / "bin")
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 3 and "连不上 Debian 的软件源" in sentence and "fonts-noto-cjk" in sentence


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a comment to put up."""
    (tmp_path / "comment.md").write_text("<!-- perfgen diff -->\n### 没有变化。\n", "utf-8")
    return tmp_path


def post(root: Path, address: str, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "COMMENT_TOKEN": "secret", "CI_API_V4_URL": address, "CI_PROJECT_ID": "5"}
    command = [sys.executable, str(REPOSITORY / "scripts/comment.py"), str(root / "comment.md")]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60,
        env={**kept, "CI_MERGE_REQUEST_IID": "7", "PYTHONUTF8": "1", **given},
    )  # fmt: skip


@pytest.fixture
def forge() -> Iterator[type[forges.Forge]]:
    with forges.running() as kind:
        yield kind


def test_comments_go_over_http_only_where_the_administrator_says_so(root, forge):
    address = forge.address.replace("127.0.0.1", "localhost")
    done = post(root, address)
    assert done.returncode == 3 and "PERFGEN_COMMENT_HTTP=1" in done.stderr and forge.asked == []
    done = post(root, address, PERFGEN_COMMENT_HTTP="1")
    assert (done.returncode, done.stdout) == (0, "评论已发表。\n"), done.stderr
    assert post(root, "file:///etc", PERFGEN_COMMENT_HTTP="1").returncode == 3


@pytest.fixture
def secure(tmp_path: Path, forge: type[forges.Forge]) -> Iterator[tuple[str, Path]]:
    """The same forge over https, with a certificate that only the site knows."""
    if not shutil.which("openssl"):
        pytest.skip("没有 openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), forge)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_address[1]}", certificate
    server.shutdown()
    server.server_close()


def test_comments_trust_the_sites_own_certificate(root, secure):
    address, certificate = secure
    done = post(root, address)
    assert done.returncode == 3 and "设 PERFGEN_CA" in done.stderr and "Traceback" not in done.stderr
    done = post(root, address, PERFGEN_CA=str(certificate))
    assert (done.returncode, done.stdout) == (0, "评论已发表。\n"), done.stderr
    done = post(root, address, PERFGEN_CA=str(root / "没有.pem"))
    assert done.returncode == 3 and "Traceback" not in done.stderr


def test_the_token_goes_nowhere_else(root, forge):
    """An answer that leads elsewhere is not followed."""

    class Leading(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{forge.address}{self.path}")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Leading)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = post(root, f"http://127.0.0.1:{server.server_address[1]}")
    server.shutdown()
    server.server_close()
    assert done.returncode == 3 and "评论没有发表" in done.stderr and forge.asked == []


@pytest.mark.parametrize("makefile", ["Makefile", "perfgen/starter/Makefile"])
def test_help_shows_doctor_and_the_pipeline_heeds_it(makefile):
    said = subprocess.run(["make", "-s", "-f", makefile, "help"], cwd=REPOSITORY, capture_output=True, encoding="utf-8")
    assert re.search(r"(?m)^  make doctor +看这台机器缺什么", said.stdout)
    assert "make doctor" in yaml.safe_load(GITLAB.read_text("utf-8"))["build"]["script"]
