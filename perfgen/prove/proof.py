"""Reads back what was rendered, by other code than wrote it, and compares it with the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perfgen.data import ValuePath, path_text
from perfgen.findings import Finding, FindingsError
from perfgen.report.report import Report
from perfgen.table.view import printed_values


class ProofError(FindingsError):
    """A rendered document does not say what the data says; nothing of it is written."""


def disproof(report: Report, what: str, wanted: str, found: str, path: ValuePath = ()) -> ProofError:
    """The error for one place of a document that is not as it should be."""
    message = f"{what}应该是“{_short(wanted)}”，成品里是“{_short(found)}”。"
    hint = "这份成品没有写出。请检查模板；模板没有问题，就是 perfgen 的错误，请报告。"
    return ProofError([Finding(report.place(path), "proof", message, hint, path=path)])


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"


def compare_places(
    report: Report,
    places: Iterable[tuple[str, str, str | None, ValuePath]],
    fold: Callable[[str], str] = lambda text: text,
) -> None:
    """Compares (name of the place, wanted text, found text, path) one by one.

    Raises ProofError at the first that differs once both texts are folded.
    """
    for what, wanted, found, path in places:
        if found is None or fold(wanted) != fold(found):
            raise disproof(report, what, wanted, "（缺）" if found is None else found, path)


def everything_printed(report: Report, printed: set[ValuePath], template: str) -> None:
    """Every value the schema marks as printed stands in the document that a template makes.

    Raises ProofError naming those that no template prints.
    """
    fields = report.form.figures.fields
    missing = []
    for text in printed_values(report.view):
        field = fields.at(text.path)
        if (
            text
            and not text.withheld
            and text.path not in printed
            and field
            and field.kind == "value"
            and field.printed
        ):
            missing.append(
                Finding(
                    report.place(text.path), "proof-missing",
                    f"“{path_text(text.path)}”填了内容，可是模板 {template} 没有印它的地方。",
                    "在模板里加上它；本来不印的字段，在 schema 里写 x-printed: false。", path=text.path,
                )
            )  # fmt: skip
    if missing:
        raise ProofError(missing)
