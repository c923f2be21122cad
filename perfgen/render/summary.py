"""Writes the summary of a report, which all that is about many reports is made from; it lies outside of public/."""

from __future__ import annotations

from perfgen.prove.proof import compare_places
from perfgen.report.report import Report
from perfgen.report.summary import decoded, encoded
from perfgen.table.view import Text, printed_values

TARGETS = {"official": "summaries/official/{stem}.json", "public": "summaries/public/{stem}.json"}
INNER = True
NEEDS: tuple[str, ...] = ()
READS: tuple[str, ...] = ()
PACKAGES: tuple[str, ...] = ()
STYLES: tuple[str, ...] = ()


def render(report: Report) -> bytes:
    """The summary as UTF-8 JSON."""
    return encoded(report.summary)


def prove(content: bytes, report: Report) -> int:
    """Compares each value with the view and gives the number of values.

    Raises ProofError for one that differs, or that the view does not show.
    """
    written = decoded(content)
    shown = {text.path: text for text in printed_values(report.view) if not text.withheld}
    places = [
        *(("摘要里的金额", amount.value, written_one.value) for amount, written_one in
          zip(report.amounts, written.amounts, strict=True)),
        *(("摘要里的值", row.value, written_one.value) for row, written_one in
          zip(report.measures, written.measures, strict=True)),
    ]  # fmt: skip
    compare_places(
        report,
        [
            (name, str(shown.get(text.path, "（没有这个值）")), value, text.path)
            for name, text, value in places
            if isinstance(text, Text)
        ],
    )
    return len(places)
