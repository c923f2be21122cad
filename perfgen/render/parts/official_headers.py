"""The header cells of the official table's cells, as the `headers` attribute of HTML takes them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from perfgen.report.report import Report
from perfgen.table.headers import headers


class OfficialHeaders(Mapping[str, str]):
    """By the place of a cell, the identifiers of its header cells; they are looked for when somebody asks."""

    def __init__(self, report: Report) -> None:
        self.report = report

    @functools.cached_property
    def _found(self) -> dict[str, str]:
        return {
            f"{cell.row},{cell.column}": " ".join(f"h{header.row}-{header.column}" for header in above)
            for cell, above in headers(self.report.table).items()
        }

    def __getitem__(self, place: str) -> str:
        return self._found[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
