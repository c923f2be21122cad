"""Writes a status as text: what somebody has to do comes first, what is done is a list of names."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.project.snapshot import Project
from perfgen.status import words
from perfgen.status.rows import Row, Stage, Status


def render(status: Status, _: Project) -> str:
    """The text."""
    lines = list(words.headline(status))
    for stage, rows in status.by_stage.items():
        lines += ["", f"{stage} {len(rows)} 份：", *_lines(rows, status, stage)]
    return "\n".join(lines)


def _lines(rows: list[Row], status: Status, stage: Stage) -> Iterator[str]:
    """A line for each row of which there is something to say, and one with the names of the others."""
    plain = []
    for row in rows:
        said = words.said(row)
        if said:
            yield f"  {_name(row, status)}：{'；'.join(said)}{_files(row, stage)}"
        else:
            plain.append(_name(row, status))
    if plain:
        yield f"  {'、'.join(plain)}"


def _name(row: Row, status: Status) -> str:
    about = "，".join(filter(None, (row.group, row.title if status.has_forms else "")))
    return f"{row.unit}（{about}）" if about else row.unit


def _files(row: Row, stage: Stage) -> str:
    """The files of a row that somebody has to open."""
    files = row.files if row.to_open is None else row.to_open
    return f"  {'、'.join(map(str, files))}" if files and not stage.is_handed_in else ""
