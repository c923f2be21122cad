"""Checks what two commits make when they are merged: two requests that are green each may not add up together.

The first commit is the one that is checked out, the target branch: its program merges, and its program checks. The
second is a stranger's; its files lie in a folder of their own below build/, where they are data, forms and rules for
that program, and nothing of them is run. Prints what `perfgen check` prints; 1 where the merge conflicts or the data
has errors.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path("build/merge")
ATTRIBUTES = Path("build/merge.attributes")
"""Beside the folder: an older branch's own .gitattributes may not name the driver yet."""
DRIVER = "merge %O %A %B --path %P --marker-size %L --labels %S %X %Y"
_CONFLICT = """和目标分支合并不了，两边改了同一处：{files}。
在自己的分支上运行 git pull origin {branch}，改好以后再推送。
"""


def git(*arguments: str, folder: Path = Path(), settings: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Runs git without hooks, under a name of its own."""
    command = ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false", *settings, *arguments]
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
             for what, value in (("NAME", "perfgen"), ("EMAIL", "perfgen@localhost"))}  # fmt: skip
    environment = {**os.environ, **names, "GIT_TERMINAL_PROMPT": "0"}
    return subprocess.run(  # noqa: S603
        command, cwd=folder, check=False, capture_output=True, encoding="utf-8",
        errors="surrogateescape", env=environment,
    )  # fmt: skip


def answer(*arguments: str) -> str:
    """What git says. Raises ValueError where it fails."""
    done = git(*arguments)
    if done.returncode:
        raise ValueError(done.stderr.strip() or f"git {arguments[0]} 失败")
    return done.stdout.strip()


def laid(base: str) -> None:
    """Checks the first commit out below build/, in place of what was there."""
    git("worktree", "remove", "--force", "--force", str(FOLDER))
    answer("worktree", "prune")
    FOLDER.parent.mkdir(exist_ok=True)
    ATTRIBUTES.write_text("/data/**/*.yaml merge=perfgen\n", "utf-8")
    answer("worktree", "add", "--quiet", "--detach", str(FOLDER), base)


def merged(head: str, program: Path) -> list[str]:
    """Merges the second commit there; gives the paths of the files with conflicts. Raises ValueError for what else."""
    settings = (
        "-c", f"core.attributesFile={ATTRIBUTES.resolve()}", "-c", f"merge.perfgen.driver='{program}' {DRIVER}",
    )  # fmt: skip
    done = git("merge", "--quiet", "--no-ff", "--no-edit", head, folder=FOLDER, settings=settings)
    if not done.returncode:
        return []
    left = git("diff", "--name-only", "--diff-filter=U", "-z", folder=FOLDER).stdout.split("\0")
    if not any(left):
        raise ValueError(done.stderr.strip() or done.stdout.strip())
    sys.stdout.write(done.stderr)
    return ["".join(sign if sign.isprintable() else "?" for sign in path) for path in left if path]


def main(commits: str, branch: str, program: Path, options: list[str]) -> int:
    """Merges BASE...HEAD and checks the result; `program` is the perfgen that does both."""
    names = commits.split("...")
    if len(names) != 2:
        sys.stderr.write(f"“{commits}”要写成 甲...乙。\n")
        return 2
    try:
        base, head = (answer("rev-parse", "--verify", "--end-of-options", f"{one}^{{commit}}") for one in names)
        laid(base)
        conflicts = merged(head, program)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"没有合并成：{error}\n")
        return 3
    if conflicts:
        sys.stdout.write(_CONFLICT.format(files="、".join(conflicts), branch=branch or "目标分支"))
    sys.stdout.flush()
    checked = [str(program), "-C", str(FOLDER), "check", f"--changed={base}", *options]
    code = subprocess.run(checked, check=False).returncode  # noqa: S603
    return max(code, 1) if conflicts else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ.get("TARGET", ""), Path(sys.argv[2]).absolute(), sys.argv[3:]))
