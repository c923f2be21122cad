"""A form that is too long for pages: no PDF but a sentence, and all that can be made of it."""

from __future__ import annotations

import pytest

from perfgen.build import batch, job
from perfgen.project.layout import DataFile
from perfgen.report import report, site
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FILE = DataFile.at("data/2025/示例市档案馆.yaml")


def built(monkeypatch, rows: int) -> job.Result:
    monkeypatch.setattr(report, "MOST_PAGED_ROWS", rows)
    project = snapshot(REPOSITORY)
    return job.build_file(
        project,
        FILE,
        site.load_site(project),
        frozenset({("pdf", "official"), ("pdf", "public"), ("html", "public"), ("docx", "official")}),
    )


def test_a_long_form_has_no_pdf_but_all_else(monkeypatch):
    result = built(monkeypatch, 10)
    assert {made.renderer for made in result.made} == {"html", "docx"}
    assert [(finding.rule, finding.message[:3]) for finding in result.findings if finding.rule == "too-long"] == [
        ("too-long", "表有 ")
    ]
    assert sorted(path.rpartition(".")[2] for path in result.unmade) == ["pdf", "pdf"]
    assert result.exit_code == 0
    page = next(made.content.decode() for made in result.made if made.renderer == "html")
    assert '.docx"' in page and '.pdf"' not in page


def test_the_limit_is_on_rows():
    assert report.MOST_PAGED_ROWS == 1500


@pytest.mark.parametrize("rows", [10_000])
def test_a_form_within_it_has_its_link(monkeypatch, rows):
    monkeypatch.setattr(report, "MOST_PAGED_ROWS", rows)
    project = snapshot(REPOSITORY)
    result = job.build_file(project, FILE, site.load_site(project), frozenset({("html", "public")}))
    assert '.pdf"' in result.made[0].content.decode()
    assert not result.unmade


def test_a_pdf_that_was_made_before_is_taken_away(tmp_path):
    order = batch.BuildOrder(snapshot(tmp_path), only=("pdf",))
    path = tmp_path / "build" / f"official/{FILE.stem}.pdf"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old")
    build = batch._Build(order, batch.Silent())
    build.manifest.change(FILE.source).outputs[f"official/{FILE.stem}.pdf"] = None
    build.take(batch.UnitPlan(FILE), job.Result(FILE, unmade=[f"official/{FILE.stem}.pdf"]))
    assert not path.exists()
    assert not build.manifest.outputs
