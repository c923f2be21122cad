"""Makes the Word files of a comparison: for each unit whose form changed, a file with tracked changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from perfgen.data import Data
from perfgen.display import visible
from perfgen.findings import FindingsError
from perfgen.project import faults
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review.both_official import AS_NOW, Both, in_one_document
from perfgen.review.compare import Comparison
from perfgen.review.file_version import VersionPair
from perfgen.review.official import official
from perfgen.review.redline.write import redline
from perfgen.review.unit_comparison import UnitComparison
from perfgen.review.versions import VersionRange
from perfgen.system import git, git_history, git_user

_NOBODY, _NAMELESS = "未提交", "没有署名"
_EPOCH = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no Word file holds (XML 1.0, 2.2)."""
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Redline:
    """A unit's Word file and its path below the chosen folder; or why there is no file."""

    path: str
    content: bytes = b""
    why_not: str = ""
    remark: str = ""
    """What else has to be said of how it was made."""


def redlines(comparison: Comparison) -> Iterator[Redline]:
    """A Word file for each unit with changes on its form, in the comparison's order.

    Author and date are those of the last commit that changed the file; what is not committed yet
    bears the configured git user and the date of the file's last commit before. Raises FormError
    for a template that does not render, ProofError for a file that does not resolve to both versions.
    """
    project = comparison.project
    for unit in comparison.units:
        path = f"{DataFile.at(unit.file).stem}.docx"
        pair = unit.pair
        if any(version and _holds_no_xml(version.data) for version in (pair.old, pair.new)):
            yield Redline(path, why_not="有一个版本里有 Word 文件不能有的控制字符，没有做修订稿")
            continue
        with faults.in_hand(unit.file):
            both = in_one_document(pair, project, comparison.settings.before)
        old, new = both.old, both.new
        if (pair.old and not old) or (pair.new and not new):
            yield Redline(path, why_not="有一个版本读不出来或不合表的格式，没有做修订稿")
        elif old and new and old.table == new.table:
            yield Redline(path, why_not="正式的表上没有不同，没有做修订稿")
        else:
            with faults.in_hand(unit.file):
                yield _written(path, both, pair, project, _author_and_date(unit, comparison.range, project.root))


def _written(path: str, both: Both, pair: VersionPair, project: Project, signed: tuple[str, str]) -> Redline:
    """A unit's Word file; where the old template does not do for it, by the present one, and that is said."""
    try:
        return Redline(path, redline(both.old, both.new, *signed), remark=both.remark)
    except FindingsError:
        as_now = official(pair.old, project)
        if both.old is None or as_now is None or both.old.project is as_now.project:
            raise
        return Redline(path, redline(as_now, both.new, *signed), remark=AS_NOW)


def _holds_no_xml(data: Data) -> bool:
    """Whether some text of the data, which `check` refuses, cannot stand in a Word file."""
    if isinstance(data, dict):
        return any(map(_holds_no_xml, data.values()))
    if isinstance(data, list):
        return any(map(_holds_no_xml, data))
    return isinstance(data, str) and bool(_NOT_XML.search(data))


def _author_and_date(unit: UnitComparison, ends: VersionRange, root: Path) -> tuple[str, str]:
    """The author and date of a unit's changes, as `redlines` says."""
    if not git.is_repository(root) or git.head(root) is None:
        return _NOBODY, _EPOCH
    last = git_history.last_commit(root, ends.head or "HEAD", unit.file)
    if ends.head or _is_committed(unit, root):
        return (_word_name(last.author) or _NAMELESS, _word_date(last.date)) if last else (_NOBODY, _EPOCH)
    base = ends.base or "HEAD"  # two years have one version
    before = git_history.last_commit(root, base, unit.file) or git_history.last_commit(root, base, ".")
    return _word_name(git_user.user_name(root) or "") or _NOBODY, _word_date(before.date) if before else _EPOCH


def _is_committed(unit: UnitComparison, root: Path) -> bool:
    """Whether the work tree's version is the last committed one."""
    version = unit.pair.new
    return git.content(root, "HEAD", unit.file) == (version.content if version else None)


def _word_name(name: str) -> str:
    """A name as the attribute of a change holds it: git lets it have any characters and any length, XML does not.

    What cannot be seen is written out.
    """
    shown = _NOT_XML.sub(lambda found: f"<U+{ord(found[0]):04X}>", visible(name.replace("\n", " ")))
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}…"


def _word_date(date: str) -> str:
    """A commit's date in UTC, to the second (ECMA-376 Part 1, 17.13.5: `w:date` is an xsd:dateTime).

    Git keeps dates that no calendar has; they count as none.
    """
    try:
        day = datetime.fromisoformat(date).astimezone(UTC)
    except (ValueError, OverflowError):
        return _EPOCH
    return day.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
