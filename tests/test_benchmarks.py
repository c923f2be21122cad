"""The measured forms have no errors and the size that is said; the table and the picture tell all of a result."""

from __future__ import annotations

import time
from xml.etree import ElementTree

import pytest

from benchmarks import forms, measuring, picture, table
from benchmarks.result import STAGES, Figure, Outcome, Ratio, Size
from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition

STAGES_OF_A_FORM = {stage: 0.001 * (number + 1) for number, stage in enumerate(STAGES)}
OUTCOME = Outcome(
    [Size(100, 1, STAGES_OF_A_FORM, 0.002), Size(1000, 10, STAGES_OF_A_FORM, 0.0021)],
    [
        Ratio("all outputs", 4.0, "LibreOffice & others", 2.0, 4.0),
        Ratio("PDF", 4.0, "Typst", None, 16.0),
        Ratio("Word", 3.0, "docxtpl", 2.0),
    ],
    [Figure("check", "40 files a second", "≥ 40")],
)


def test_made_forms_have_no_errors_and_70_to_140_rows(tmp_path):
    sources = forms.project(tmp_path, 8)
    assert len({(tmp_path / source).read_text("utf-8") for source in sources}) == 8
    project = Project.on_disk(tmp_path)
    for source in sources:
        result, editions = job.reports(project, DataFile.at(source), site.load_site(project))
        assert result.exit_code == 0, result.findings
        assert forms.FEWEST_ROWS <= len(editions[Edition.OFFICIAL].table.rows) <= forms.MOST_ROWS
        assert Edition.PUBLIC in editions


def test_a_form_is_the_same_each_time():
    assert forms.form("示例市第1局", 2025, 7) == forms.form("示例市第1局", 2025, 7)


def test_waiting_is_no_processor_time():
    waited = measuring.seconds(lambda: time.sleep(0.3))
    assert waited < 0.1


def test_both_sides_are_measured_in_turn_and_warm():
    calls: list[str] = []
    taken = measuring.in_turn([lambda: calls.append("a"), lambda: calls.append("b")], 3)
    assert calls == ["a", "b"] * 4 and len(taken) == 2


def test_a_process_that_fails_is_not_measured(tmp_path):
    with pytest.raises(RuntimeError, match="no-such-option"):
        measuring.run([*measuring.PERFGEN, "build", "--no-such-option"], tmp_path)


@pytest.mark.libreoffice
@pytest.mark.browser
@pytest.mark.pdf
def test_the_table_says_what_was_sampled_and_what_was_not_measured():
    lines = list(table.lines(OUTCOME))
    assert "| PDF (every 10th of the 1,000) | 5.0 | 5.0 |" in lines
    assert "| check | 1.0 | 1.0 |" in lines
    assert "| all outputs | 4.00 s | LibreOffice & others | 2.00 s | 2.0 | ≤ 4 |" in lines
    assert "| PDF | 4.00 s | Typst | not measured here | | ≤ 16 |" in lines
    assert "| check | 40 files a second | ≥ 40 |" in lines
    assert any(line.startswith("| Python |") for line in lines)


def test_the_picture_is_xml_and_shows_every_ratio_that_was_measured():
    root = ElementTree.fromstring(picture.svg(OUTCOME))
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"all outputs", "Word", *STAGES} <= set(texts)
    assert "beside Typst" not in texts
    aims = [element for element in root.iter("{http://www.w3.org/2000/svg}line") if element.get("class") == "aim"]
    assert len(aims) == 1
