"""What git itself makes of three versions of a file: the same bytes that a merge without a driver of ours leaves.

A merge compares lines by another method (histogram) than `git merge-file` does, so that the places of conflicts
differ. From git 2.38 on, `git merge-tree` merges as a merge does; it is asked in an empty repository of its own.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfgen.findings import ToolError
from perfgen.system import write
from perfgen.system.git_call import answer, output, run

_NAME = "data"
_TREE = re.compile("[0-9a-f]{40,64}")
_AUTHOR = ("-c", "user.name=perfgen", "-c", "user.email=perfgen@localhost")


@dataclass(frozen=True)
class Labels:
    """What git calls the versions in the lines that it leaves at a conflict."""

    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class TextMerge:
    """A merge by lines: the bytes, and whether there is no conflict in them."""

    content: bytes
    is_clean: bool


def merged(root: Path, contents: Sequence[bytes], labels: Labels, marker_size: int) -> TextMerge:
    """Merges a base, our and their version by lines, as git does it in the repository at `root`.

    Raises ToolError where git is not there, or fails.
    """
    style = answer(root, "config", "merge.conflictStyle") or "merge"
    with tempfile.TemporaryDirectory(prefix="perfgen-", ignore_cleanup_errors=True) as name:
        merge = _Merge(Path(name), ("-c", f"merge.conflictStyle={style}"), labels, marker_size)
        return merge.by_tree(contents) or merge.by_file(contents)


@dataclass(frozen=True)
class _Merge:
    """A merge in an empty folder."""

    folder: Path
    settings: tuple[str, ...]
    labels: Labels
    marker_size: int

    def by_tree(self, contents: Sequence[bytes]) -> TextMerge | None:
        """The merge by `git merge-tree`; None where git is too old for it."""
        if b"--write-tree" not in run(self.folder, "merge-tree", "-h").stdout:
            return None
        output(self.folder, "init", "--quiet", "--bare", "--template=", ".")
        attributes = f"* conflict-marker-size={self.marker_size}\n".encode()
        write.create(self.folder / "info/attributes", attributes, top=self.folder)
        base = self.commit(contents[0], ())
        names = [f"side-{secrets.token_hex(16)}" for _ in range(2)]
        for name, content in zip(names, contents[1:], strict=True):
            output(self.folder, "update-ref", f"refs/heads/{name}", self.commit(content, (base,)))
        finished = run(self.folder, *self.settings, "merge-tree", "--write-tree", *names)
        tree = finished.stdout.split(b"\n", 1)[0].decode("utf-8", "replace")
        if finished.returncode not in (0, 1) or not _TREE.fullmatch(tree):
            raise ToolError(f"git merge-tree 失败：{finished.stderr.decode('utf-8', 'replace').strip()}")
        content = output(self.folder, "cat-file", "blob", f"{tree}:{_NAME}")
        return TextMerge(self.labelled(content, names) if finished.returncode else content, not finished.returncode)

    def commit(self, content: bytes, parents: Sequence[str]) -> str:
        """Makes a commit that holds one file; gives its name."""
        blob = output(self.folder, "hash-object", "-w", "--stdin", given=content).decode().strip()
        tree = output(self.folder, "mktree", given=f"100644 blob {blob}\t{_NAME}\n".encode()).decode().strip()
        options = [word for parent in parents for word in ("-p", parent)]
        return output(self.folder, *_AUTHOR, "commit-tree", tree, *options, given=b"").decode().strip()

    def labelled(self, content: bytes, names: Sequence[str]) -> bytes:
        """A merge with conflicts, with the names that git would give in place of those of the branches here."""
        wanted = (("<", names[0], self.labels.ours), ("|", "[0-9a-f]+", self.labels.base),
                  (">", names[1], self.labels.theirs))  # fmt: skip
        for mark, name, label in wanted:
            line = re.compile(rf"^({re.escape(mark)}{{{self.marker_size}}}) {name}(?=\r?$)".encode(), re.MULTILINE)
            typed = b" " + label.encode("utf-8", "surrogateescape")
            content = line.sub(lambda found, typed=typed: found[1] + typed, content)  # type: ignore[misc]
        return content

    def by_file(self, contents: Sequence[bytes]) -> TextMerge:
        """The merge by `git merge-file`, where git has no better one."""
        for name, content in zip(("base", "ours", "theirs"), contents, strict=True):
            write.create(self.folder / name, content, top=self.folder)
        labels = [word for label in (self.labels.ours, self.labels.base, self.labels.theirs) for word in ("-L", label)]
        size = f"--marker-size={self.marker_size}"
        finished = run(self.folder, *self.settings, "merge-file", "-p", size, *labels, "ours", "base", "theirs")
        if finished.returncode > 127:
            raise ToolError(f"git merge-file 失败：{finished.stderr.decode('utf-8', 'replace').strip()}")
        return TextMerge(finished.stdout, finished.returncode == 0)
