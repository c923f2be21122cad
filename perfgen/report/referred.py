"""What a report shows of the files that its own refers to; in the public edition, nothing that these do not show.

A value of another file is public where its field is public in both forms and that file is published itself: it has its
dates, and the day of publication has come. So it is with a figure that was computed from other files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from perfgen.check import figure_troubles, loading, missing_files, references
from perfgen.check.filing import Filing
from perfgen.data import ValuePath, as_group
from perfgen.fields import Field
from perfgen.findings import DataError, Finding
from perfgen.form.figure_places import with_public
from perfgen.form.figures import FigureValue
from perfgen.form.forms import Form
from perfgen.form.formulas import Unavailable
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report.publish import Published, publish
from perfgen.report.site import Site, form_of
from perfgen.table.view import Absent, FileView, Record, Rows, ViewNode, make_view, path_of, with_absent


def views(project: Project, filing: Filing, site: Site | None) -> Mapping[str, ViewNode]:
    """By the names of a filing's references, what templates see; with `site`, only what is public by its settings."""
    return {name: _view(project, filing, name, site) for name in filing.form.references}


def beside(project: Project, filing: Filing) -> tuple[Mapping[str, ViewNode], list[Finding]]:
    """What templates see under the names of a filing's references where its own form is read and printed again.

    What is not there is empty; of what the form prints, the findings say why.
    """
    seen: dict[str, ViewNode] = dict(views(project, filing, None))
    absent = {name: node for name, node in seen.items() if isinstance(node, Absent)}
    printed = [node for name, node in absent.items() if name in filing.printed_references]
    for name in absent:
        reference = filing.form.references[name]
        empty = make_view({}, reference.fields, {}, {}, public=False, path=(name,))
        seen[name] = Rows((name,), ()) if reference.many else empty
    return seen, [finding for node in printed for finding in node.error.findings]


def hidden_pages(filing: Filing, site: Site) -> Iterator[str]:
    """The addresses of the pages that the files which a filing refers to have, or will have, and are not public."""
    for name in filing.form.references:
        found = filing.refer(name)
        for other in () if isinstance(found, Unavailable) else found:
            if not _is_shown(other, site):
                yield _address(filing, other)


def _address(filing: Filing, other: Filing) -> str:
    return DataFile.at(filing.document.file).address_of(DataFile.at(other.document.file))


def _is_shown(filing: Filing, site: Site) -> bool:
    """Whether a file that others refer to is published itself."""
    return site.shows(DataFile.at(filing.document.file), filing.form)


def _view(project: Project, filing: Filing, name: str, site: Site | None) -> ViewNode:
    found = filing.refer(name) if site is None else _without_hidden_drafts(project, filing, name, site)
    if isinstance(found, Unavailable):
        return Absent(DataError([missing_files.finding(filing, name, found)]), is_missing=found.is_missing)
    if not filing.form.references[name].many:
        return _seen(project, filing, found[0], (name,), site)
    shown = [other for other in found if site is None or _is_shown(other, site)]
    items = (_seen(project, filing, other, (name, number), site) for number, other in enumerate(shown))
    return Rows((name,), items, withheld=not shown and filing.refer(name) != ())


def _without_hidden_drafts(project: Project, filing: Filing, name: str, site: Site) -> tuple[Filing, ...] | Unavailable:
    """What a reference finds for the public edition: a file that is not public may be wrong, as if it were not there.

    What is being filled in, and is public later, keeps no page from being made.
    """
    found = filing.refer(name)
    if not isinstance(found, Unavailable) or found.is_missing:
        return found
    reference = filing.form.references[name]
    met = references.met(project, reference, filing.document, filing.form)
    public = [file for file in met if site.shows(file, form_of(project, file))]
    if met and not public:
        return () if reference.many else replace(found, is_missing=True)
    sound = [other for file in public if (other := loading.sound(project, file))]
    return tuple(sound) if reference.many and len(sound) == len(public) > 0 else found


def _seen(project: Project, filing: Filing, other: Filing, path: ValuePath, site: Site | None) -> FileView:
    """What templates see of one of the files that a filing refers to, under a name or in a list."""
    seen = _one(project, other, filing.form.fields, path, site)
    if site is None:
        return FileView(_sound(filing, str(path[0]), other, seen), "", other.form)
    if not _is_shown(other, site):
        return FileView(seen, "", other.form)
    return FileView(_sound(filing, str(path[0]), other, seen), _address(filing, other), other.form)


def _sound(filing: Filing, name: str, other: Filing, seen: Record) -> Record:
    """What is seen of one file; what cannot be computed there is not there, and who prints it learns why."""
    troubles = figure_troubles.in_trouble(other) if other.form.figures.figures else {}
    absent = {}
    for path, trouble in troubles.items():
        why = missing_files.finding(filing, name, figure_troubles.unavailable(trouble))
        absent[(*path_of(seen), *path)] = Absent(DataError([why]), is_missing=True)
    return with_absent(seen, absent) if absent else seen


def _one(project: Project, other: Filing, own: Field, path: ValuePath, site: Site | None) -> Record:
    """What templates see of one file; `own` are the fields of the form that shows it."""
    figures, data, fields = other.figures, other.document.top, other.form.figures.fields
    units = {place: other.form.figures.unit_at(place) for place in figures}
    if site is None:
        return make_view(data, fields, figures, units, public=False, path=path)
    fields = _in_both(public_fields(project, other, site), own) if _is_shown(other, site) else _hidden(fields)
    published = publish(data, fields)
    public = {
        published.destination(place): (place, value) for place, value in figures.items() if _is_public(fields, place)
    }
    moved = {there: value for there, (_, value) in public.items() if there is not None}
    moved_units = {there: units[place] for there, (place, _) in public.items() if there is not None}
    return make_view(as_group(published.data), fields, moved, moved_units, public=True, path=path)


def public_fields(project: Project, filing: Filing, site: Site) -> Field:
    """The fields of a filing's form, in which a figure is private that was computed from a file that is not shown."""
    figures = filing.form.figures
    fields = figures.fields
    for path, sources in filing.figure_sources.items():
        if not all(site.shows(source, form_of(project, source)) for source in sources):
            for place in figures.by_path[path].places:
                fields = with_public(fields, place, public=False)
    return fields


@dataclass(frozen=True)
class PublicPart:
    """What of a filing is public."""

    fields: Field
    """The fields of its form, as `public_fields` gives them."""
    published: Published
    figures: Mapping[ValuePath, FigureValue]
    """By their paths in the published data."""


def public_part(project: Project, filing: Filing, site: Site) -> PublicPart:
    """What of a filing is public; whether the file is published at all is not asked here."""
    fields = public_fields(project, filing, site)
    published = publish(filing.document.data, typed_fields(filing.form, fields))
    public = {published.destination(path): value for path, value in filing.figures.items() if _is_public(fields, path)}
    return PublicPart(fields, published, {path: value for path, value in public.items() if path is not None})


def typed_fields(form: Form, fields: Field) -> Field:
    """The fields of a form's schema, private where `fields`, what `public_fields` gives, are."""
    return form.fields if fields is form.figures.fields else _in_both(form.fields, fields)


def _is_public(fields: Field, path: ValuePath) -> bool:
    found = fields.at(path)
    return found is not None and found.public


def _in_both(there: Field, here: Field | None) -> Field:
    """Fields that are public where those of the same path in another form, if there are such, are public too."""
    if here is None:
        return there
    members = {name: _in_both(member, here.member(name)) for name, member in there.members.items()}
    other = _in_both(there.other, here.other) if there.other else None
    item = _in_both(there.item, here.item) if there.item else None
    is_public = there.public and (here.public or here.kind != "value")
    return replace(there, public=is_public, members=members, other=other, item=item)


def _hidden(field: Field) -> Field:
    """A field with everything below it, none of it public."""
    members = {name: _hidden(member) for name, member in field.members.items()}
    item, other = (_hidden(part) if part else None for part in (field.item, field.other))
    return replace(field, public=False, members=members, item=item, other=other)
