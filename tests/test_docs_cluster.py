"""docs/cluster.md tells the truth: its commands start a cluster, and what it quotes is what is said."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
import yaml

from perfgen import cli
from perfgen.system import cluster_address
from tests.conftest import REPOSITORY
from tests.helpers.clusters import Cluster, end
from tests.helpers.tiny import make
from tests.helpers.waiting import until

PAGE = (REPOSITORY / "docs/cluster.md").read_text("utf-8")
BLOCKS = [
    [line[4:] for line in block.splitlines()]
    for block in re.findall(r"(?:^    \S.*\n(?:^ {4,}\S.*\n)*)", PAGE, re.MULTILINE)
]
"""The commands of the page, as they stand together."""
FOLDER = "/srv/perfgen-tls"
SETTINGS = dict(re.findall(r"^    export (DASK_\w+)=(.+)$", PAGE, re.MULTILINE))
ROLES = ("scheduler", "worker", "client")
QUOTED = [text for row in re.findall(r"^\| (“.+?) \|", PAGE, re.MULTILINE) for text in re.findall("“(.+?)”", row)]


def lines_with(*words: str) -> list[str]:
    """The commands of the page that hold some words."""
    return [line for block in BLOCKS for line in block if all(word in line for word in words)]


def test_the_service_of_the_page_is_its_command() -> None:
    (unit,) = re.findall(r"```ini\n(.+?)```", PAGE, re.DOTALL)
    (worker,) = lines_with("dask worker tls://")
    (started,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    assert shlex.split(started) == ["/bin/sh", "-c", f". {FOLDER}/dask.sh; exec {worker}"]


def settings(folder: Path) -> dict[str, str]:
    """The variables that the page sets, for certificates in a folder."""
    return {name: value.replace(FOLDER, str(folder)) for name, value in SETTINGS.items()}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the page's own commands make."""
    folder = tmp_path_factory.mktemp("x") / "tls"
    (block,) = [block for block in BLOCKS if any("openssl req -x509" in line for line in block)]
    script = "\n".join(["set -e", *block]).replace(FOLDER, str(folder))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert folder.stat().st_mode & 0o077 == 0
    return folder


@pytest.mark.cluster
def test_the_two_ways_to_set_certificates_are_one_and_are_dasks() -> None:
    (written,) = re.findall(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    by_file = yaml.safe_load(written)["distributed"]["comm"]
    by_variable = dask.config.collect_env(SETTINGS)["distributed"]["comm"]
    by_variable = {
        name.replace("_", "-"): {inner.replace("_", "-"): content for inner, content in value.items()}
        if isinstance(value, dict) else value
        for name, value in by_variable.items()
    }  # fmt: skip
    assert by_file == by_variable and by_file["require-encryption"] is True
    assert set(by_file["tls"]) == {"ca-file", *ROLES}
    import distributed  # it brings its own settings along

    known = yaml.safe_load((Path(distributed.__file__).parent / "distributed.yaml").read_text("utf-8"))
    assert all(set(by_file["tls"][role]) == set(known["distributed"]["comm"]["tls"][role]) for role in ROLES)
    assert set(cluster_address._SETTINGS.values()) <= set(SETTINGS)


@pytest.mark.cluster
@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_the_options_of_the_page_are_dasks(command: str) -> None:
    from distributed.cli import dask_scheduler, dask_worker

    known = {
        option for one in (dask_scheduler if command == "scheduler" else dask_worker).main.params for option in one.opts
    }
    shown = lines_with(f"dask {command}")
    assert len(shown) == 2
    for line in shown:
        assert {word for word in shlex.split(line) if word.startswith("--")} <= known
    assert all("--dashboard-address 127.0.0.1:" in line for line in shown), "it would be open to everybody"


@pytest.mark.cluster
def test_every_option_that_is_named_is_dasks_or_ours() -> None:
    from distributed.cli import dask_scheduler, dask_worker

    known = {
        option
        for one in (dask_scheduler, dask_worker)
        for param in one.main.params
        for option in (*param.opts, *param.secondary_opts)
    }
    ours = {"--executor", "--verify", "--years"}
    pip = {"--require-hashes", "--only-binary"}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= known | ours | pip


def test_the_commands_of_perfgen_are_taken() -> None:
    shown = [shlex.split(line)[1:] for line in lines_with(".venv/bin/perfgen")]
    assert {words[0] for words in shown} == {"build", "check", "diff", "import"}
    for words in shown:
        assert cli._parser(words).parse_args(words).executor.startswith(("dask+tls://10.0.0.1:", "dask://127.0.0.1:"))


def test_what_is_quoted_is_said() -> None:
    code = "".join(path.read_text("utf-8") for path in (REPOSITORY / "perfgen").rglob("*.py"))
    code = code.replace("{PLAIN}", cluster_address.PLAIN).replace("{ENCRYPTED}", cluster_address.ENCRYPTED)
    parts = [part.strip("：") for text in QUOTED for part in re.split(r"…", text) if re.search(r"[一-鿿]", part)]
    assert len(QUOTED) > 12 and [part for part in parts if part not in code] == []
    assert '"worker-died"' in code and "worker-died" in PAGE


def test_every_error_of_a_cluster_is_explained() -> None:
    """What begins the sentences that stop a command, and those that the page explains."""
    modules = (REPOSITORY / "perfgen/system").glob("cluster*.py")
    said = {
        re.sub(r"\{[A-Z]+\}", "", found).strip()
        for path in modules
        for found in re.findall(r'(?:ToolError|UsageError)\(\s*f?"([^"]+)"', path.read_text("utf-8"))
    }
    told = "".join(QUOTED)
    silent = [text for text in said if not any(part in told for part in re.findall(r"[一-鿿]{3,}", text))]
    assert len(said) > 8 and silent == []


def test_what_the_page_installs_is_shipped() -> None:
    (line,) = lines_with("scripts/setup.sh")
    assert {word for word in shlex.split(line) if "/" in word} == {
        "scripts/setup.sh", "requirements/cluster.txt", "requirements/perfgen.txt",
    }  # fmt: skip
    from perfgen.repository import contents

    assert {"scripts/setup.sh", "requirements/cluster.txt", "docs/cluster.md"} <= set(contents.program_part())


@pytest.fixture(scope="module")
def encrypted(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that the page's commands for several machines started on this one."""
    one = Cluster(tmp_path_factory.mktemp("cluster"), extra=settings(certificates))
    try:
        one.start(*_near(lines_with("dask scheduler --protocol tls"), one.port))
        until(one.listens)
        one.start(*_near(lines_with("dask worker tls://"), one.port), "--local-directory", str(one.folder))
        yield one
    finally:
        for process in one.processes:
            end(process)


def _near(lines: list[str], port: int) -> list[str]:
    """The words of a command of the page, behind `dask`: with the addresses of this machine, and two workers."""
    (line,) = lines
    line = re.sub(r"\b10\.0\.0\.\d+", "127.0.0.1", line).replace(":8787", ":0").replace("8786", str(port))
    return shlex.split(line.replace("--nworkers 8", "--nworkers 2"))[1:]


def built(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A build of a project, by the command."""
    call = [sys.executable, "-P", "-m", "perfgen", "-C", str(root), "build", "--date", "2026-11-26", *words]
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(call, env=variables, cwd=root, capture_output=True, encoding="utf-8", timeout=300)


def outputs(root: Path) -> dict[str, bytes]:
    found = (path for folder in ("official", "public") for path in (root / "build" / folder).rglob("*"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.is_file()}


@pytest.mark.cluster
@pytest.mark.long
def test_the_commands_start_a_cluster_that_builds_and_believes_no_other_certificate(
    encrypted: Cluster, certificates: Path, tmp_path: Path
) -> None:
    here, there = make(tmp_path / "here"), make(tmp_path / "there")
    address = f"dask+tls://127.0.0.1:{encrypted.port}"
    kinds = ("--only", "docx,html,data_json")
    local, distant = built(here, *kinds), built(there, *kinds, "--executor", address, **settings(certificates))
    assert (local.returncode, distant.returncode) == (0, 0), local.stderr + distant.stderr + encrypted.log
    assert outputs(here) == outputs(there) and len(outputs(here)) > 5
    other = tmp_path / "other"
    other.mkdir()
    make_ca = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=x -keyout x.key -out x.pem"
    subprocess.run(shlex.split(make_ca), cwd=other, check=True, capture_output=True)
    stranger = {name: str(other / f"x{Path(value).suffix}") for name, value in SETTINGS.items() if "CLIENT" in name}
    refused = built(there, *kinds, "--executor", address, **{**settings(certificates), **stranger})
    assert refused.returncode == 3 and "Traceback" not in refused.stderr
    assert "连不上集群" in refused.stderr  # how it goes on depends on who is quicker
    believed = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(other / "x.pem")}
    refused = built(there, *kinds, "--executor", address, **{**settings(certificates), **believed})
    assert refused.returncode == 3 and "certificate verify failed" in refused.stderr
