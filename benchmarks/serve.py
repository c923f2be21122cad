"""What the window costs after a save, beside a `check` of the same file: `python -m benchmarks.serve`.

Both are measured by processor time in one process that has read the project before, in turn; what counts is their
ratio. The memory is that of the desk after many saves of one file.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.measuring import seconds
from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.serving.desk import Desk
from perfgen.serving.previews import page_of
from perfgen.serving.window import payload

_SAMPLES = ("schema", "templates", "data")
_ROUNDS, _SAVES = 7, 500
_STATUS = Path("/proc/self/status")


def _memory() -> int:
    """The memory that this process has now, in KiB; 0 where the system does not say."""
    lines = _STATUS.read_text().splitlines() if _STATUS.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


class Work:
    """A data file that is saved again and again, in a copy of a project."""

    def __init__(self, root: Path, file: DataFile) -> None:
        self.root, self.file = root, file
        self.project, self.desk = Project.on_disk(root), Desk(Project.on_disk(root))
        self._saves = 0

    def save(self) -> None:
        """Saves it with another ending, as an editor does."""
        path, self._saves = self.root / self.file.source, self._saves + 1
        path.write_text(path.read_text("utf-8").split("# save")[0].rstrip() + f"\n# save {self._saves}\n", "utf-8")

    def check(self) -> None:
        """A warm check: what did not change is kept."""
        self.project = self.project.with_changes([self.file.source])
        self.project.once(job.check_file, self.file)

    def show(self) -> None:
        """The form and its findings, as a window gets them."""
        self.desk.changed([self.file.source])
        json.dumps(payload(self.desk, self.desk.look(self.file.source)))

    def ratios(self) -> tuple[float, float, float]:
        """Seconds of a check, seconds of form and findings, and the median of their ratios."""
        both = []
        for number in range(_ROUNDS + 2):
            self.save()
            pair = seconds(self.check), seconds(self.show)
            if number > 1:  # the first ones read the form
                both.append(pair)
        checks, shown = zip(*both, strict=True)
        ratio = statistics.median(show / check for check, show in both)
        return statistics.median(checks), statistics.median(shown), ratio


def files(root: Path) -> list[DataFile]:
    """The longest data file of each form of the samples."""
    project = Project.on_disk(root)
    longest: dict[str, DataFile] = {}
    for file in project.data_files()[0]:
        form = project.read(file.source).decode().split("表式: ")[1].split()[0]
        size = len(project.read(file.source))
        if form not in longest or size > len(project.read(longest[form].source)):
            longest[form] = file
    return list(longest.values())


def main() -> None:
    """Measures the samples in a copy."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in _SAMPLES:
            shutil.copytree(folder, root / folder)
        for file in files(root):
            check, show, ratio = Work(root, file).ratios()
            print(
                f"{file.source}: check {1000 * check:.0f} ms, form and findings {1000 * show:.0f} ms, {ratio:.2f} times"
            )
        work = Work(root, files(root)[0])
        pages = []
        for _ in range(4):
            work.save()
            work.check()
            pages.append(seconds(lambda: page_of(work.project, work.file)))
        print(f"public page after a save: {1000 * min(pages):.0f} ms")
        for number in range(_SAVES + 1):
            work.save()
            work.show()
            if number in (50, _SAVES):
                print(f"after {number} saves: {_memory() / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
