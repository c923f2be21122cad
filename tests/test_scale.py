"""The repositories that scale is measured on are sound and the same each time; what stands for outputs is believed."""

from __future__ import annotations

import datetime
import sys

import pytest

from benchmarks.pages import DAY
from benchmarks.scale import figure, planning, repository, stand_in
from benchmarks.scale.figure import Figure
from benchmarks.scale.taken import taken
from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.report import Edition
from perfgen.system.day import Day, Origin

YEARS = (2024, 2025)


def test_a_department_has_21_documents_a_year_of_the_five_forms_and_none_has_an_error(tmp_path):
    assert repository.lay(tmp_path, 2, YEARS) == 2 * len(YEARS) * 21 == 2 * len(YEARS) * repository.DOCUMENTS
    project = Project.on_disk(tmp_path)
    files, misnamed = project.data_files()
    settings = site.load_site(project)
    forms = set()
    for file in files:
        result, editions = job.reports(project, file, settings)
        assert result.exit_code == 0, result.findings
        form = editions[Edition.OFFICIAL].form.name
        assert (Edition.PUBLIC in editions) is (form != "project-monitor")
        forms.add(form)
    assert not misnamed and len(files) == 84
    reviews, targets = {"department-review", "project-review"}, {"department-target", "project-target"}
    assert forms == reviews | targets | {"project-monitor"}


def test_the_documents_are_the_same_each_time_and_no_two_alike():
    made = dict(repository.documents(12, YEARS))
    assert made == dict(repository.documents(12, YEARS))
    assert len(made) == 12 * 21 * 2 == len(set(made.values()))
    assert len({repository.department(number) for number in range(3000)}) == 3000


@pytest.mark.long
def test_a_build_believes_what_stands_in_for_its_outputs_and_the_pages_that_were_made_of_it(tmp_path):
    repository.lay(tmp_path, 2)
    assert stand_in.put(tmp_path) > 400
    stages = list(planning.stages(tmp_path))
    assert sum(stage.files for stage in stages) > 50 and all(stage.seconds >= 0 for stage in stages)
    today = Day(datetime.date.fromisoformat(DAY), Origin.OPTION)
    outcome = batch.build(BuildOrder(Project.on_disk(tmp_path), jobs=1, day=today))
    assert (outcome.exit_code, outcome.made, outcome.removed) == (0, 0, 0) and outcome.kept > 450


def test_a_process_is_measured_with_its_children_and_its_memory(tmp_path):
    work = "sum(range(6_000_000))"
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{work}']); x = bytes(90_000_000); print(7)"
    found = taken([sys.executable, "-c", inner], tmp_path)
    assert found.said == "7\n" and found.mebibytes > 85 and found.seconds > 0.05
    with pytest.raises(RuntimeError, match="no such thing"):
        taken([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)


def test_a_table_has_a_column_for_each_size_and_a_row_for_each_figure():
    columns = {
        42: [Figure("plan", 0.25, "s"), Figure("site", 1_500, "bytes")],
        84: [Figure("plan", 0.5, "s"), Figure("pages", 1_200, "files")],
    }
    assert list(figure.table(columns)) == [
        "| | 42 | 84 |",
        "|---|---|---|",
        "| plan | 0.25 s | 0.50 s |",
        "| site | 1.5 kB |  |",
        "| pages |  | 1,200 files |",
    ]
