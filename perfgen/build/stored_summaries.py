"""Reads the summaries that a build has written, each when it is asked for, for what is about all reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from perfgen.build.manifest import Manifest
from perfgen.findings import ToolError
from perfgen.project import reading
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import digest
from perfgen.report.listing import Summaries
from perfgen.report.summary import Summary, decoded, measure_states

_T = TypeVar("_T")
FOLDER = "summaries"
_SUFFIX = ".json"


class StoredSummaries(Summaries):
    """The summaries of an edition, by stem, in order."""

    def __init__(self, root: Path, manifest: Manifest, edition: str) -> None:
        self._root = root
        self._folder = f"{FOLDER}/{edition}/"
        self._outputs = {
            path.removeprefix(self._folder).removesuffix(_SUFFIX): output
            for path, output in sorted(manifest.outputs.items())
            if path.startswith(self._folder)
        }
        self._read: dict[str, Summary] = {}
        self._rows: dict[str, dict[str, str]] = {}

    def __getitem__(self, stem: str) -> Summary:
        """The summary of a report. Raises KeyError where there is none, ToolError where it cannot be read."""
        if stem not in self._read:
            self._read[stem] = self._made_of(stem, decoded)
        return self._read[stem]

    def _made_of(self, stem: str, make: Callable[[bytes], _T]) -> _T:
        output = self._outputs[stem]
        path = f"{BUILD}/{self._folder}{stem}{_SUFFIX}"
        try:
            content = reading.in_project(self._root, path, output.size)
            if digest(content) != output.sha256:
                raise ValueError("not what was written")
            return make(content)
        except (OSError, ValueError) as error:
            raise ToolError(f"{path}：读不出来，删掉它再生成一次。") from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)

    def state(self, stem: str) -> str:
        """The hash of a summary. Raises KeyError where there is none."""
        return self._outputs[stem].sha256

    def measure_states(self, stem: str) -> Mapping[str, str]:
        """By the names of the rows of a report, what changes when these do. Raises as reading it does."""
        if stem not in self._rows:
            self._rows[stem] = self._made_of(stem, measure_states)
        return self._rows[stem]
