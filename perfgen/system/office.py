"""LibreOffice, asked to convert untrusted files: a profile of its own, no macros, no network, a time limit.

The only module that starts it. What it makes stands in a temporary folder, and is gone with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.project import reading
from perfgen.project.layout import MAX_OTHER
from perfgen.system import write

COMMAND = "soffice"
PACKAGE = "libreoffice-writer-nogui"
_START, _EACH = 60, 10
"""Seconds that one call may take: to start, and for each file more."""
_BATCH = 20
"""Files converted in one call: starting takes longer than a file does."""
_MEMORY = 4_000_000
"""Kilobytes of addresses that it may use: some files make it ask for all there are."""
_LIMITED = ["sh", "-c", 'ulimit -t "$0" -v "$1"; shift; exec "$@"']
"""Sets limits that hold though the one who started it is gone: of seconds of work, and of memory."""
_NOWHERE = "http://127.0.0.1:9"

_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3", "DisableMacrosExecution": "true", "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2", "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9",
    },
}  # fmt: skip
"""No macro runs, no link is followed, and the way out leads to a closed port."""


def available() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which(COMMAND) is not None


def convert(contents: Sequence[bytes], suffix: str, target: str, seconds: int | None = None) -> list[bytes | None]:
    """Files as LibreOffice saves them in another format, in the same order; None where it could not.

    `suffix` is theirs (".docx"), `target` the format's ("odt"); `seconds` is the limit for one call.
    Raises ToolError when LibreOffice is not installed, or the system refuses.
    """
    if not available():
        raise ToolError(
            f"没有 LibreOffice；装上再试（Debian 或 Ubuntu：sudo apt-get install --no-install-recommends {PACKAGE}）。"
        )
    made: list[bytes | None] = []
    for start in range(0, len(contents), _BATCH):
        batch = contents[start : start + _BATCH]
        results = _call(batch, suffix, target, seconds or _START + _EACH * len(batch))
        if len(batch) > 1:
            # one file may take the others with it: those that are missing get a call of their own
            results = [
                _call([content], suffix, target, seconds or _START + _EACH)[0] if result is None else result
                for content, result in zip(batch, results, strict=True)
            ]
        made += results
    return made


def _call(contents: Sequence[bytes], suffix: str, target: str, seconds: int) -> list[bytes | None]:
    """What one call of LibreOffice makes of some files."""
    with tempfile.TemporaryDirectory(prefix="perfgen-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write.create(folder / "profile/user/registrymodifications.xcu", _registry().encode(), top=folder)
        sources = [folder / f"{number}{suffix}" for number in range(len(contents))]
        for source, content in zip(sources, contents, strict=True):
            write.create(source, content, top=folder)
        _run(folder, [*_options(folder, target), *map(str, sources)], seconds)
        made = [folder / "made" / f"{source.stem}.{target}" for source in sources]
        return [_saved(path) for path in made]


def _saved(path: Path) -> bytes | None:
    """What LibreOffice saved at a path; None where there is nothing, or more than anybody would read."""
    content = reading.made(path, MAX_OTHER) if path.parent.is_dir() else None
    return content if content is not None and len(content) <= MAX_OTHER else None


def _options(folder: Path, target: str) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    quiet = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"]
    return [COMMAND, profile, *quiet, "--convert-to", target, "--outdir", str(folder / "made")]


def _run(folder: Path, command: list[str], seconds: int) -> None:
    """Runs a command to its end, or to the end of its time; what it says is not read."""
    limits = [*_LIMITED, str(seconds), str(_MEMORY)] if os.name == "posix" else []
    try:
        process = subprocess.Popen(
            [*limits, *command], cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ToolError(f"LibreOffice 启动不了：{error.strerror or error}。") from error
    with process, _ended(process), suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends a process and all that it has started, whatever happens: `soffice` only starts the program itself."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()


def _environment(folder: Path) -> dict[str, str]:
    """The variables LibreOffice runs with: its home is the temporary folder, its way out leads nowhere."""
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "LC_CTYPE") if name in os.environ}
    return {**kept, **proxies, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _registry() -> str:
    """The settings of the profile, as LibreOffice keeps them."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )
