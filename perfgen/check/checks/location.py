"""A file's year is the year of the folder it lies in; one of the two is wrong otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.display import show
from perfgen.findings import Finding
from perfgen.project.layout import DATA, DataFile

ORDER = 30
GATE = False
RULES = {
    "location-year": "文件里写的年度和所在的文件夹不一致。",
}


def check(filing: Filing) -> Iterator[Finding]:
    """A finding when a file under data/<year>/ is for another year."""
    document, form = filing.document, filing.form
    file = DataFile.parse(document.file)
    if file is None:
        return
    name = form.fields.with_role("year")
    if not filing.is_usable((name,)):
        return
    typed = show(document.top[name])
    if file.year != typed:
        yield Finding(
            document.place((name,)), "location-year", f"“{name}”是 {typed}，文件却在 {DATA}/{file.year}/ 里。",
            f"改正“{name}”，或把文件移到 {DATA}/{typed}/。", path=(name,),
        )  # fmt: skip
