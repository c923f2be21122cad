"""Which commits brought a record of approval to a file: those that have it, where none of their parents has.

A record is what a file has under one fingerprint, to the last character of its values: whoever changes a word of it
brings another one. Where it was taken out again by a later commit, the commits before that brought nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfgen.data import Data, as_group
from perfgen.display import as_texts
from perfgen.findings import DataError
from perfgen.source import reader
from perfgen.system import git, git_steps
from perfgen.system.git_steps import PastCommit, Step


@dataclass(frozen=True)
class Record:
    """A record of approval in the newer version of a file."""

    paths: tuple[str, ...]
    """Where the file is and where it may have been, relative to the project."""
    group: str
    """The top-level field that holds the records."""
    typed: str
    """The fingerprint as it is typed."""
    content: str
    """What stands under it, as `content_of` writes it."""


def content_of(entry: Data) -> str:
    """What stands under a fingerprint, as text: equal for what is equal."""
    return json.dumps(as_texts(entry), ensure_ascii=False, sort_keys=True)


def brought_by(root: Path, base: str, head: str, records: Sequence[Record]) -> dict[Record, list[PastCommit]]:
    """By record, the commits after `base` that brought it to `head`, the newest first; none where no commit did.

    A few calls of git for all of them. Raises ToolError where git fails.
    """
    commits = git_steps.between(root, base, head)
    paths = sorted({path for record in records for path in record.paths})
    steps = git_steps.steps(root, commits, paths)
    past = _Past(commits)
    holds = _Holdings(root, steps, records)
    return {record: _bringers(record, commits, steps, past, holds) for record in records}


def _bringers(
    record: Record, commits: Iterable[PastCommit], steps: Iterable[Step], past: _Past, holds: _Holdings
) -> list[PastCommit]:
    """The commits that brought a record, without those after which it was taken out again."""
    came: dict[str, list[bool]] = defaultdict(list)
    dropped = set()
    for step in steps:
        had, has = holds.before_and_after(record, step)
        came[step.commit].append(has and not had)
        if had and not has:
            dropped.add(step.commit)
    gone = past.of(dropped)
    return [commit for commit in commits if all(came[commit.name]) and commit.name not in gone]


class _Past:
    """What came before a commit."""

    def __init__(self, commits: Iterable[PastCommit]) -> None:
        self.parents = {commit.name: commit.parents for commit in commits}

    def of(self, names: Iterable[str]) -> set[str]:
        """All commits that came before some, as far as they are known."""
        seen: set[str] = set()
        left = [parent for name in names for parent in self.parents.get(name, ())]
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += self.parents.get(name, ())
        return seen


class _Holdings:
    """Which blobs hold which records; a blob is read where it has the characters of a fingerprint at all."""

    def __init__(self, root: Path, steps: Iterable[Step], records: Iterable[Record]) -> None:
        self.found: dict[str, frozenset[tuple[str, str, str]]] = {}
        """By blob, the records in it: field, fingerprint, content."""
        groups = {record.group for record in records}
        typed = {record.typed.encode() for record in records}
        names = {name for step in steps for pair in step.blobs.values() for name in pair if name}
        for name, content in git.blobs(root, sorted(names)).items():
            if any(one in content for one in typed):
                self.found[name] = frozenset(_records_in(content, groups))

    def before_and_after(self, record: Record, step: Step) -> tuple[bool, bool]:
        """Whether the files that a step changed had a record, and whether they have it."""
        pairs = [step.blobs[path] for path in record.paths if path in step.blobs]
        return any(self._has(old, record) for old, _ in pairs), any(self._has(new, record) for _, new in pairs)

    def _has(self, blob: str | None, record: Record) -> bool:
        return (record.group, record.typed, record.content) in self.found.get(blob or "", ())


def _records_in(content: bytes, groups: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The records in a version of a file; none in one that cannot be read."""
    try:
        top: Mapping[str, Data] = reader.load_yaml(content, "").top
    except DataError:
        return
    for group in groups:
        for typed, entry in as_group(top.get(group)).items():
            yield group, typed, content_of(entry)
