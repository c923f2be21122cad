"""A data file that is not finished: every hole in it, and nothing else wrong."""

from __future__ import annotations

from dataclasses import dataclass

from perfgen.check import check, missing_files
from perfgen.check.checks import schema
from perfgen.check.filing import Filing
from perfgen.findings import DataError, Finding, Level
from perfgen.form.forms import Form
from perfgen.source import reader
from perfgen.source.reader import Document


@dataclass(frozen=True)
class Draft:
    """The text of a new file, read back, with a finding for each hole: what to fill, and where."""

    text: str
    document: Document
    holes: list[Finding]


def errors(filing: Filing) -> list[Finding]:
    """The findings that keep a filing from being built, one for each hole; with holes, nothing of the rules.

    Other files that it needs may come later.
    """
    found = [finding for finding in check.check_filing(filing) if finding.level is Level.ERROR]
    found = [finding for finding in found if finding.rule != missing_files.RULE]
    before = [finding for finding in found if finding.rule.split("-")[0] in ("character", "text")]
    return before or list(schema.each(filing)) or found


def read_back(text: str, file: str, form: Form) -> Draft:
    """Reads a text back as a draft.

    Raises DataError where it has other errors than holes. What the form's rules say of it is for its author: a draft
    without a hole may have to be changed as well.
    """
    document = reader.load_yaml(text.encode(), file)
    findings = [finding for finding in errors(Filing(document, form)) if finding.rule not in form.rules.rules]
    holes = [hole for hole in findings if document.value(hole.path) is None and hole.path in document.values]
    if wrong := [finding for finding in findings if finding not in holes]:
        raise DataError(wrong)
    return Draft(text, document, holes)
