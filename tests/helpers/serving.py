"""The window in the browser: `perfgen serve` as a process of its own, on a copy of the samples, and what asks it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from tests.helpers.people import Person, commit_as, git_as
from tests.helpers.projects import REPOSITORY

CLERK = Person("王五", "wang@example.cn")
"""Whoever made the first commit of a copy."""
SECONDS = 60


def samples(root: Path, *, git: bool = False) -> Path:
    """A copy of the repository's forms, templates and data at `root`; with `git`, all of it committed to main."""
    for folder in ("schema", "templates", "data"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    if git:
        committed(root)
    return root


def committed(root: Path) -> Path:
    """Makes a folder a repository whose branch main has all that is in it; whoever works there has a name."""
    git_as(CLERK, root, "init", "-q", "-b", "main")
    git_as(CLERK, root, "config", "user.name", CLERK.name)
    git_as(CLERK, root, "config", "user.email", CLERK.address)
    (root / ".git/info/exclude").write_text("/build/\n", "utf-8")
    commit_as(CLERK, root)
    return root


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    address: str
    """Of the list of all files; it ends with a slash."""
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.address).port or 0

    @property
    def path(self) -> str:
        """What each path of its addresses begins with: the key between slashes."""
        return urlsplit(self.address).path

    def window(self, source: str) -> str:
        """The address of a data file's window."""
        return f"{self.address}file/{quote(source)}"

    def ask(
        self, method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """What it answers at a whole path, with these headers and a right Host alone; paths are sent as they are."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            link.request(method, path, body.encode() if isinstance(body, str) else body, dict(headers or {}))
            answer = link.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            link.close()

    def get(self, path: str) -> Answer:
        """What it answers to its own page that asks for a path below the key."""
        return self.ask("GET", self.path + path)

    def post(self, path: str, members: object) -> Answer:
        """What it answers to its own page that sends a change."""
        headers = {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json"}
        return self.ask("POST", self.path + path, json.dumps(members), headers)

    def view(self, source: str) -> Any:
        """What the window of a data file shows, as JSON."""
        return self.get(f"api/window?file={quote(source)}").json()

    def put(self, source: str, path: list[str | int], text: str) -> Answer:
        """Types a text into a value of a data file as it is now."""
        return self.post(
            "api/put", {"file": source, "version": self.view(source)["version"], "path": path, "text": text}
        )


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """By name in small letters."""
    content: bytes

    def json(self) -> Any:
        """Its content as JSON."""
        return json.loads(self.content)

    @property
    def text(self) -> str:
        """Its content as text."""
        return self.content.decode()


def started(
    root: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    first: str = "",
    browser: bool = False,
) -> subprocess.Popen[str]:
    """`perfgen serve` of this repository on a project, begun in a session of its own.

    `first` is Python that the process runs before; `browser` says whether it opens a browser.
    """
    program = ["-c", f"{first}\nfrom perfgen import cli\nraise SystemExit(cli.main())"] if first else ["-m", "perfgen"]
    paths = filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, *program, "-C", str(root), "serve", *([] if browser else ["--no-browser"]), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(environment or {})}, cwd=root,
    )  # fmt: skip


@contextmanager
def serving(
    root: Path, *arguments: str, environment: Mapping[str, str] | None = None, first: str = ""
) -> Iterator[Served]:
    """`perfgen serve` on a project, until the end of the block; the rest is as `started` has it."""
    process = started(root, *arguments, environment=environment, first=first)
    assert process.stdout
    assert process.stderr
    try:
        address = process.stdout.readline().strip()
        if not address.startswith("http://"):
            process.kill()
            raise AssertionError(address + process.stderr.read())
        yield Served(address, process)
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
