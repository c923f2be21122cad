"""What an import left to a person: each comment `# 待核：…` is a warning as long as it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator

from perfgen.check.filing import Filing
from perfgen.findings import Finding, Level, Place
from perfgen.source import pending

ORDER = 5
GATE = False
RULES = {
    pending.RULE: "导入时没有看准、还没有人核对的地方；核对好了，删掉“# 待核”这条注释。",
}
_HINT = "对照原来的表改好，再删掉“# 待核”这条注释。"


def check(filing: Filing) -> Iterator[Finding]:
    """A warning for each comment, at its place."""
    document = filing.document
    for comment in document.pending:
        place = Place(document.file, comment.line, comment.column)
        yield Finding(place, pending.RULE, f"导入时没有看准：{comment.reason or '没有写原因'}。", _HINT, Level.WARNING)
