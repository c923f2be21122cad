"""Repairs values that the form says something about.

A number that the template prints, too; a colon that makes a group of a text; a letter in a
number; a word where no amount is; a sign that the form writes in two ways.

Only what has one meaning is changed, every other byte stays, and the result is read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from perfgen.authoring import repair
from perfgen.authoring.repair import Repaired
from perfgen.check import colon_in_item, loading, schema_errors
from perfgen.check.checks import mixed_signs, numbering, schema, slipped_letters
from perfgen.check.filing import Filing
from perfgen.data import Data, ValuePath, as_group, copied, is_same, put, value_at
from perfgen.findings import DataError, FindingsError
from perfgen.form.numbered import without_number
from perfgen.project.snapshot import Project
from perfgen.source import reader
from perfgen.source.editor import Editor
from perfgen.source.replace import New
from perfgen.table.numbering import numbered_texts

RULES = frozenset({numbering.RULE, mixed_signs.RULE, slipped_letters.RULE, "schema-type"})
"""The rules of the findings that it may answer."""
_BOM = "\ufeff"


@dataclass(frozen=True)
class _Changes:
    """What is to become of some values."""

    texts: Mapping[ValuePath, str] = field(default_factory=dict)
    names: Mapping[ValuePath, str] = field(default_factory=dict)
    removed: tuple[ValuePath, ...] = ()
    emptied: tuple[ValuePath, ...] = ()

    def paths(self) -> set[ValuePath]:
        """The paths of all of them."""
        return {*self.texts, *self.names, *self.removed, *self.emptied}


def repaired(project: Project, file: str, content: bytes) -> Repaired:
    """A data file with what is typed wrong put right, then what its form says more of. Never raises."""
    typed = repair.repair(content, file)
    meant = repair_values(project, file, typed.content)
    return Repaired(meant.content, (*typed.answered, *meant.answered))


def repair_values(project: Project, file: str, content: bytes) -> Repaired:
    """Repairs a file that can be read; gives the same bytes for another, and where there is nothing to repair."""
    try:
        filing = loading.filing_of(project, file, content)
    except FindingsError:
        return Repaired(content, ())
    filing.number(numbered_texts(project, filing.form, filing.document.data))
    changes = _changes(filing)
    repaired = _repaired(filing, changes) if changes.paths() else None
    if repaired is None:
        return Repaired(content, ())
    head = _BOM if content.decode("utf-8").startswith(_BOM) else ""
    said = [*numbering.check(filing), *slipped_letters.check(filing), *schema.each(filing)]
    answered = [finding for finding in said if finding.path in changes.paths() and finding.rule in RULES]
    answered += [
        replace(one, path=path) for one in mixed_signs.check(filing) for path in mixed_signs.in_one_way(filing)
    ]
    return Repaired((head + repaired.removeprefix(_BOM)).encode(), tuple(answered))


def _changes(filing: Filing) -> _Changes:
    """Signs are written in one way and numbers taken away; a word where no amount is goes with its member, or alone."""
    signs = mixed_signs.in_one_way(filing)
    doubled = numbering.doubled(filing)
    nothing = [error.path for error in schema_errors.errors_of(filing) if error.says_nothing]
    needed = [path for path in nothing if _is_needed(filing, path)]
    items = {
        error.path: meant.text for error in schema_errors.errors_of(filing)
        if (meant := colon_in_item.meant(error, filing.document))
    }  # fmt: skip
    numbered = {one.path: signs.get(one.path, one.text) for one in doubled if not one.is_name}
    return _Changes(
        signs
        | slipped_letters.meant(filing)
        | items
        | {one.path: without_number(numbered[one.path], one.words) for one in doubled if not one.is_name},
        {one.path: without_number(one.text, one.words) for one in doubled if one.is_name},
        tuple(path for path in nothing if path not in needed),
        tuple(needed),
    )


def _is_needed(filing: Filing, path: ValuePath) -> bool:
    """Whether a value may not be left out: an item of a list, or a member that is required."""
    around = filing.form.fields.at(path[:-1])
    return around is None or around.kind != "object" or path[-1] in around.required


def _repaired(filing: Filing, changes: _Changes) -> str | None:
    """The text with the changes; None where it does not read back as they say."""
    document = filing.document
    editor = Editor(document.text, document)
    for path, text in changes.texts.items():
        editor.replace(path, New(text))
    for path, name in changes.names.items():
        editor.rename(path, name)
    for path in changes.removed:
        editor.remove(path)
    for path in changes.emptied:
        editor.empty(path)
    try:
        typed = editor.text()
        made = reader.load_yaml(typed.encode(), document.file).data
    except DataError:
        return None
    return typed if is_same(made, _wanted(document.data, changes)) else None


def _wanted(data: Data, changes: _Changes) -> Data:
    """The data with the changes; a name that another member has already would lose one of the two."""
    wanted = copied(data)
    for path, text in changes.texts.items():
        put(wanted, path, text)
    for path in changes.emptied:
        put(wanted, path, None)
    for path in changes.removed:
        del as_group(value_at(wanted, path[:-1]))[str(path[-1])]
    for path, name in sorted(changes.names.items(), key=lambda item: len(item[0]), reverse=True):
        around = as_group(value_at(wanted, path[:-1]))
        around[name] = around.pop(str(path[-1]))
    return wanted
