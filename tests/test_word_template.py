"""What does not depend on a report is made of a Word template once a process."""

from __future__ import annotations

import docxtpl

from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot


def test_a_template_is_read_by_docxtpl_once_for_all_forms(monkeypatch):
    project = snapshot(REPOSITORY)
    settings = site.load_site(project)
    patch, patched = docxtpl.DocxTemplate.patch_xml, []
    monkeypatch.setattr(docxtpl.DocxTemplate, "patch_xml", lambda self, xml: patched.append(xml) or patch(self, xml))
    docx._patched.cache_clear()
    reports = [
        report for source in SAMPLES[:2] for report in job.reports(project, DataFile.at(source), settings)[1].values()
    ]
    first = [docx.render(report) for report in reports]
    assert 0 < len(patched) == len(set(patched))
    assert [docx.render(report) for report in reports] == first
    assert len(patched) == len(set(patched)) and len(reports) > 2
