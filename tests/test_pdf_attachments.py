"""The public PDF carries its data and nothing else, the official one no file, wherever a file may hang."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove.pdf_attachments import prove_attachments, read_attachments
from perfgen.prove.proof import ProofError
from perfgen.render import pdf
from perfgen.report import open_data, site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.found import errors
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.pdf


@pytest.fixture(scope="module")
def made():
    """Both PDFs of a unit with their reports, by edition."""
    result, editions = job.reports(
        snapshot(REPOSITORY), DataFile.at("data/2025/示例市档案馆.yaml"), site.load_site(snapshot(REPOSITORY))
    )
    assert not errors(result.findings)
    return {edition: (pdf.render(report), report) for edition, report in editions.items()}


def changed(content: bytes, change) -> bytes:
    """The same PDF after a change; `change` takes the open file."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        buffer = io.BytesIO()
        opened.save(buffer)
    return buffer.getvalue()


def _stream(opened, text=b"secret"):
    return opened.make_indirect(pikepdf.Stream(opened, text, Type=Name.EmbeddedFile))


def _specification(opened, name="notes.txt"):
    return Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=_stream(opened)))


def listed(opened):
    opened.attachments["notes.txt"] = b"secret"


def same_name_elsewhere(opened):
    opened.Root.Extra = opened.make_indirect(_specification(opened, "data.json"))


def on_a_page(opened):
    opened.pages[0].obj.AF = Array([opened.make_indirect(_specification(opened))])


def in_an_annotation(opened):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 1, 1]), FS=_specification(opened))
    opened.pages[0].obj.Annots = Array([opened.make_indirect(note)])


def on_the_document(opened):
    opened.Root.AF = Array([*opened.Root.get("/AF", []), opened.make_indirect(_specification(opened))])


def in_no_list(opened):
    opened.Root.Extra = _stream(opened)


def under_another_key(opened):
    extra = _specification(opened)
    extra.EF = Dictionary(Unix=_stream(opened))
    opened.Root.Extra = opened.make_indirect(extra)


def without_data(opened):
    for name in list(opened.attachments):
        del opened.attachments[name]


def with_other_data(opened):
    for thing in opened.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Type") == "/EmbeddedFile":
            thing.write(b"{}")


def under_another_name(opened):
    for thing in opened.objects:
        if isinstance(thing, Dictionary) and "/EF" in thing:
            thing.UF = String("other.json")


ADDED = [listed, on_a_page, in_an_annotation, on_the_document, in_no_list, under_another_key, same_name_elsewhere]


def test_what_is_made_passes_and_carries_exactly_the_data(made):
    for content, report in made.values():
        prove_attachments(content, report)
    content, report = made[Edition.PUBLIC]
    assert read_attachments(content) == ([(open_data.NAME, open_data.dump_open_data(report))], 0)
    assert read_attachments(made[Edition.OFFICIAL][0]) == ([], 0)


@pytest.mark.parametrize("edition", list(Edition))
@pytest.mark.parametrize("change", ADDED)
def test_a_file_too_many_is_refused(made, edition, change):
    content, report = made[edition]
    with pytest.raises(ProofError):
        prove_attachments(changed(content, change), report)


@pytest.mark.parametrize("change", [without_data, with_other_data, under_another_name])
def test_other_data_or_none_is_refused(made, change):
    content, report = made[Edition.PUBLIC]
    with pytest.raises(ProofError):
        prove_attachments(changed(content, change), report)


@pytest.mark.parametrize(
    "link",
    ['<link rel="attachment" href="notes.txt">', '<a rel="attachment" href="notes.txt">x</a>'],
)
def test_a_template_cannot_put_a_file_beside_the_data(project, link):
    folder = project / "templates/department-target"
    (folder / "notes.txt").write_text("内部的话", "utf-8")
    page = (REPOSITORY / "templates/shared/form.html").read_text("utf-8")
    place = "</head>" if link.startswith("<link") else "</body>"
    assert place in page
    (folder / "form.html").write_text(page.replace(place, link + place, 1), "utf-8")
    source = DataFile.at("data/2025/示例市档案馆.yaml")
    known = snapshot(project)
    result = job.build_file(known, source, site.load_site(known), frozenset({("pdf", "public")}))
    assert result.made == [] and result.exit_code != 0
    assert "notes.txt" in "".join(finding.message for finding in result.findings)
