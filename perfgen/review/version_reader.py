"""Reads one version of a data file, with what `check` says of it."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.check import alone, check, loading
from perfgen.check.filing import Filing
from perfgen.check.standing import UNLISTED, Verdicts
from perfgen.findings import Finding, FindingsError, FormError, ToolError
from perfgen.project import faults
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.review.file_version import FileVersion
from perfgen.table.numbering import numbered_texts
from perfgen.table.referred_names import printed_references


@dataclass(frozen=True)
class Asked:
    """What `check` has said of a version already."""

    findings: tuple[Finding, ...] = ()
    is_sound: bool = False
    """Whether it has the form's shape."""
    died: Finding | None = None
    """That it could not be asked: whoever checked the file died."""


def read_version(
    project: Project, path: str, verdicts: Verdicts | None = None, asked: Asked | None = None
) -> FileVersion:
    """One version of a data file, in the project of that version; `verdicts` says which of its approvals count.

    Without them, only those of a project without a list of reviewers do. Without `asked`, `check` is asked. Raises
    FormError for a broken form, ToolError for a file that cannot be read.
    """
    read = _read(project, path)
    if isinstance(read, FileVersion):
        return read
    filing, content = read
    if asked and asked.died:
        return FileVersion(path, broken=(asked.died,), content=content)
    filing.number(numbered_texts(project, filing.form, filing.document.data))
    filing.print_references(printed_references(project, filing.form))
    return version_of(filing, content, verdicts or alone.verdicts_alone(project), asked)


def read_unchecked(project: Project, path: str) -> FileVersion:
    """A version as `read_version` reads it, without what `check` says of it: for a file that others are held against.

    Raises as `read_version` does.
    """
    read = _read(project, path)
    if isinstance(read, FileVersion):
        return read
    filing, content = read
    return FileVersion(path, filing, is_sound=not check.check_shape(filing), content=content)


def _read(project: Project, path: str) -> tuple[Filing, bytes] | FileVersion:
    """A file and its bytes, or the version that says why it is broken. Raises as `read_version` does."""
    content = None
    try:
        content = project.read(path)
        return loading.filing(project, DataFile.at(path)), content
    except FormError:
        raise
    except FindingsError as error:
        return FileVersion(path, broken=tuple(error.findings), content=content)
    except OSError as error:
        raise ToolError(f"{project.root / path}：读不出来：{error.strerror}。") from error


def version_of(
    filing: Filing, content: bytes, verdicts: Verdicts = UNLISTED, asked: Asked | None = None
) -> FileVersion:
    """A version that could be read, with what `check` says of it."""
    with faults.in_hand(filing.document.file):
        # the one place where a comparison asks `perfgen check`
        findings = asked.findings if asked else tuple(check.check_filing(filing, verdicts))
        is_sound = asked.is_sound if asked else not check.check_shape(filing)
    return FileVersion(filing.document.file, filing, (), findings, is_sound, content, verdicts)
