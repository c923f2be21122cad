"""Compares what was read back from a rendered document with what it should say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from perfgen.data import ValuePath, path_text
from perfgen.fields import Field
from perfgen.findings import Finding, FindingsError
from perfgen.report.report import Report
from perfgen.table.view import printed_values


class ProofError(FindingsError):
    """The error for a rendered document that does not say what the data says; such a document is not written."""


ComparedPlace: TypeAlias = tuple[str, str, str | None, ValuePath]
"""A place of a document: its name, the text wanted there, the text that is there (None: none), the value's path."""


def disproof(report: Report, place: str, wanted: str, actual: str, path: ValuePath = ()) -> ProofError:
    """The error for one place of a document that is not as it should be."""
    message = f"{place}应该是“{_short(wanted)}”，成品里是“{_short(actual)}”。"
    hint = "这份成品没有写出。请检查模板；模板没有问题，就是 perfgen 的错误，请报告。"
    return ProofError([Finding(report.place(path), "proof", message, hint, path=path)])


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def compare_places(
    report: Report, places: Iterable[ComparedPlace], fold: Callable[[str], str] = lambda text: text
) -> None:
    """Compares the places of a document, one by one, with what they should be.

    Raises ProofError at the first that differs once both texts are folded.
    """
    for place, wanted, actual, path in places:
        if actual is None or fold(wanted) != fold(actual):
            raise disproof(report, place, wanted, "（缺）" if actual is None else actual, path)


def everything_printed(report: Report, printed: set[ValuePath], template: str) -> None:
    """Checks that a document has every value that the schema marks as printed.

    Raises ProofError for those that the template does not print; `printed` are the paths of those that it does.
    """
    fields = report.form.figures.fields
    missing = [
        _unprinted(report, text.path, template)
        for text in printed_values(report.view)
        if text and not text.withheld and text.path not in printed and _is_to_be_printed(fields, text.path)
    ]
    if missing:
        raise ProofError(missing)


def _is_to_be_printed(fields: Field, path: ValuePath) -> bool:
    field = fields.at(path)
    return field is not None and field.kind == "value" and field.printed


def _unprinted(report: Report, path: ValuePath, template: str) -> Finding:
    return Finding(
        report.place(path), "proof-missing",
        f"“{path_text(path)}”填了内容，可是模板 {template} 没有印它的地方。",
        "在模板里加上它；本来不印的字段，在 schema 里写 x-printed: false。", path=path,
    )  # fmt: skip
