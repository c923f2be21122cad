"""What is kept of the states between two visits: a JSON file under build/, which may be anything when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from perfgen.findings import ToolError
from perfgen.project import reading
from perfgen.project.layout import BUILD
from perfgen.project.snapshot import Project
from perfgen.serving.states import state
from perfgen.serving.states.state import Json, State
from perfgen.system import write

PATH = f"{BUILD}/serve/states.json"
FORMAT = 1
MOST = 50_000_000
"""How many bytes it may have: 1,000 for each of very many files."""


@dataclass(frozen=True)
class Judged:
    """What the rules over all units say of the files of a year."""

    key: str
    """A hash over the keys of the files that they look at."""
    counts: Mapping[str, tuple[int, int]]
    """Of each file of which they say something, how many errors, and how many warnings without a reason."""


@dataclass
class Kept:
    """The states by the paths of their files, and what the rules over all units say by year."""

    states: dict[str, State] = field(default_factory=dict)
    years: dict[str, Judged] = field(default_factory=dict)


def read(project: Project) -> Kept:
    """What was kept; nothing where it cannot be read, or is not what was written."""
    try:
        data = json.loads(reading.in_project(project.root, PATH, MOST))
        if data["format"] != FORMAT:
            return Kept()
        states = {source: state.from_json(source, one) for source, one in data["states"].items()}
        return Kept(states, {year: _judged(one) for year, one in data["years"].items()})
    except (OSError, RecursionError, *state.BROKEN):
        return Kept()


def _judged(data: Json) -> Judged:
    counts = data["counts"].items()
    found = {str(source): (state.number(errors), state.number(opened)) for source, (errors, opened) in counts}
    return Judged(str(data["key"]), found)


def save(project: Project, kept: Kept) -> None:
    """Keeps states. Where the system refuses to write, nothing is kept, and the next visit looks again."""
    data = {
        "format": FORMAT,
        "states": {source: one.to_json() for source, one in sorted(kept.states.items())},
        "years": {year: {"key": one.key, "counts": dict(one.counts)} for year, one in sorted(kept.years.items())},
    }
    content = json.dumps(data, separators=(",", ":")).encode("ascii")
    try:
        write.replace(project.root / PATH, content, top=project.root)
    except ToolError:
        return
