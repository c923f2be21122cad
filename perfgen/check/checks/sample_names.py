"""A name of the form's own example that was left: each author names these groups, and `new` shows how with one."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.findings import Finding, Level

ORDER = 24
GATE = False
RULE = "sample-name"
RULES = {RULE: "空表里举例用的名称（schema 的 x-label）还留着，没有换成自己的。"}


def check(filing: Filing) -> Iterator[Finding]:
    """A warning for each member that is still called as the schema's example of it."""
    for path in filing.document.key_spans:
        around = filing.form.fields.at(path[:-1])
        if around is None or around.other is None or path[-1] in around.members or path[-1] != around.label:
            continue
        place = filing.document.place(path, key=True)
        yield Finding(
            place, RULE, f"“{path[-1]}”是举例用的名称，会照样印出来。", "换成自己的名称。", Level.WARNING, path,
        )  # fmt: skip
