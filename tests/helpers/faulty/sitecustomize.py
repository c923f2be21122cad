"""Lets a test say what happens to the job of a data file, in the processes of a cluster's workers.

PERFGEN_TEST_FAULTS names a folder. A file in it, called like a data file with `-` for `/`, holds what happens to its
job: `wait` (until the file is gone), `exit`, `kill` (the job's process), `kill worker`; with `once` behind it, only the
first time. `log` in it gets a line for each job that begins: the data file, the numbers of the process and its parent.
"""

import os
import runpy
import signal
import sys
import time
from pathlib import Path

FOLDER = os.environ.get("PERFGEN_TEST_FAULTS")
_HERE = Path(__file__)
_LOOKS = 5_000

# what every test's processes have stands in a module of the same name
runpy.run_path(str(_HERE.parents[1] / "outside" / _HERE.name))


def _happen(source: str, folder: Path) -> None:
    with (folder / "log").open("a", encoding="utf-8") as log:
        log.write(f"{source} {os.getpid()} {os.getppid()}\n")
    file = folder / source.replace("/", "-")
    if not file.exists():
        return
    what = file.read_text("utf-8")
    if what.endswith(" once"):
        file.unlink()
    if what.startswith("exit"):
        os._exit(7)
    if what.startswith("kill"):
        os.kill(os.getppid() if "worker" in what else os.getpid(), signal.SIGKILL)
    for _ in range(_LOOKS):
        time.sleep(0.02)
        if not file.exists() and not what.startswith("kill"):
            return
    os._exit(8)  # the test that was to lift it is gone


if FOLDER and any("worker_process.work()" in word for word in sys.orig_argv):
    from perfgen.build import job

    def _build_file(project, file, *others):
        _happen(file.source, Path(FOLDER))
        return _as_ever(project, file, *others)

    _as_ever, job.build_file = job.build_file, _build_file
