"""Runs the coverage-guided fuzzer (atheris) on one reader or all: `python -m tests.fuzz.run [READER …] [-runs=N]`.

New inputs that reach new code go to build/fuzz/, what makes a reader fail to build/fuzz/found/. A case that was mended
is copied to tests/fuzz/corpus/ and stays.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import atheris

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 20_000
"""Executions of each reader, where the command does not say."""


def main(arguments: list[str]) -> int:
    """Runs each reader in a process of its own, which ends at the first thing that is found."""
    with atheris.instrument_imports(include=["perfgen"]):  # what is imported before is not seen
        from tests.fuzz.targets import CORPUS, TARGETS

    options = [argument for argument in arguments if argument.startswith("-")]
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    if len(wanted) != 1:
        commands = ([sys.executable, "-m", "tests.fuzz.run", name, *options] for name in wanted or TARGETS)
        return max(subprocess.run(command, cwd=REPOSITORY, check=False).returncode for command in commands)
    (name,) = wanted
    fresh, found = (REPOSITORY / "build/fuzz" / folder for folder in (name, "found"))
    for folder in (fresh, found):
        folder.mkdir(parents=True, exist_ok=True)
    runs = [] if any(option.startswith(("-runs=", "-max_total_time=")) for option in options) else [f"-runs={RUNS}"]
    limits = ["-timeout=60", "-rss_limit_mb=2000", "-max_len=20000", f"-artifact_prefix={found}/{name}-"]
    atheris.Setup([sys.argv[0], *limits, *runs, *options, str(fresh), str(CORPUS / name)], TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
