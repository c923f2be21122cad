"""How long a comparison takes: by how much changed, and in repositories of different size and age.

Makes repositories with git fast-import (units, commits), then compares ranges in which 1, 5 and 20 units
differ. The time must follow what changed; the size of the repository must hardly show. `python -m benchmarks.diff`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.measuring import PERFGEN, ROOT, in_turn, run

SAMPLE = ROOT / "tests/cases/diff/weaker-and-stricter/old.yaml"
SIZES = ((20, 300), (200, 3000))
CHANGED = (0, 1, 5, 20)
RUNS = 3


def history(units: int, commits: int) -> bytes:
    """A stream for git fast-import: all units, then commits that change one value of one unit each."""
    base = SAMPLE.read_text("utf-8")
    parts: list[str] = []

    def commit(message: str, files: dict[str, str]) -> None:
        body = "".join(f"M 100644 inline {name}\ndata {len(text.encode())}\n{text}\n" for name, text in files.items())
        parts.append(
            f"commit refs/heads/main\ncommitter 示例 <x@example.cn> {1_700_000_000 + len(parts)} +0800\n"
            f"data {len(message.encode())}\n{message}\n{body}\n"
        )

    def unit(number: int, value: int) -> tuple[str, str]:
        text = base.replace("示例市某局", f"示例市第{number}局").replace("指标值: ≥10个", f"指标值: ≥{value}个")
        return f"data/2025/示例市第{number}局.yaml", text

    commit("起点", dict(unit(number, 10) for number in range(units)))
    for number in range(commits):
        commit(f"第{number}次", dict([unit(number % units, 11 + number)]))
    return "".join(parts).encode()


def repository(folder: Path, units: int, commits: int) -> Path:
    """A project with that history, checked out."""
    for name in ("schema", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=folder, check=True)
    stream = history(units, commits)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True)
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=folder, check=True)
    return folder


def taken(folder: Path, *arguments: str) -> float:
    """The processor time of `perfgen diff`, the start of Python and all; the median of RUNS."""
    command = [*PERFGEN, "-C", str(folder), "diff", *arguments]
    return in_turn([lambda: run(command, ROOT, codes=(0, 1))], RUNS, warm=False)[0]


def main() -> None:
    """Measures and prints a table."""
    print("perfgen diff，处理器时间，秒（三次的中位数，含启动）")
    print("单位  提交  " + "  ".join(f"变了 {count} 个" for count in CHANGED) + "  未提交 1 个")
    for units, commits in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = repository(Path(name), units, commits)
            times = [taken(folder, f"HEAD~{count}..HEAD") for count in CHANGED]
            path = folder / "data/2025/示例市第0局.yaml"
            path.write_text(path.read_text("utf-8").replace("指标值: ≤5%", "指标值: ≤6%"), "utf-8")
            times.append(taken(folder))
            print(f"{units:4}  {commits:4}  " + "  ".join(f"{value:9.2f}" for value in times))


if __name__ == "__main__":
    main()
