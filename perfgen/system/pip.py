"""pip, asked to fetch the wheels of a lock; the only module that runs it, and the only way to an index.

Where it fetches from, pip's own settings say: no address stands here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from perfgen.findings import ToolError

_SECONDS = 1800
_SHOWN = 10
"""So many of the last lines of what pip says are shown when it fails."""


def download(lock: Path, folder: Path, python: str, platforms: Sequence[str]) -> None:
    """Fetches the wheels that a lock names by hash into a folder, for a version of Python and some platform tags.

    Raises ToolError where pip is not there, or fails.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--python-version", python]
    command += [word for platform in platforms for word in ("--platform", platform)]
    command += ["--dest", str(folder), "--requirement", str(lock)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(f"pip 没有做完：{error}。") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if any("No module named pip" in line for line in said):
            raise ToolError("这个环境里没有 pip，取不来依赖的安装包；换用 pip 或 pipx 装的 perfgen。")
        raise ToolError("\n".join(["pip 没有取来依赖的安装包：", *said[-_SHOWN:]]))
