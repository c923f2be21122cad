"""A format that serves a unit of a year, all its files together, is one module."""

from __future__ import annotations

import datetime
import json
import types
from pathlib import Path

import pytest

from perfgen import render
from perfgen.build import batch, last_build, template_check
from perfgen.findings import ToolError
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.system.day import Day, Origin
from tests.helpers import cycle

SUMMARY = '''\
"""All files of a unit's year, a line each: the form, the file, and the cells of its table."""

from perfgen.prove.proof import disproof
from perfgen.report.unit_reports import UnitReports

SCOPE = "unit"
TARGETS = {"official": "official/{year}/{unit}-all.txt", "public": "public/{year}/{unit}-all.txt"}
NEEDS = ()
READS = ("form.docx", "*.txt")
PACKAGES = ()
STYLES = ()


def _lines(unit):
    for report in unit.reports:
        cells = "|".join(cell.text.replace("\\\\n", " ") for cell in report.table.cells())
        yield f"{report.form.name} {report.file} {cells}"


def render(unit: UnitReports) -> bytes:
    return "\\n".join([f"{unit.year} {unit.unit} {unit.edition}", *_lines(unit)]).encode()


def prove(content: bytes, unit: UnitReports) -> int:
    lines = content.decode().split("\\n")[1:]
    for report, wanted, found in zip(unit.reports, _lines(unit), lines, strict=True):
        if wanted != found:
            raise disproof(report, "一行", wanted, found)
    return len(lines)
'''
FORMATS = ("docx", "html", "brief")
OFFICIAL, PUBLIC = "official/2025/东园-all.txt", "public/2025/东园-all.txt"
PLAN, REVIEW = "data/2025/目标/东园/嫁接.yaml", "data/2025/自评/东园/嫁接.yaml"
OWN_DATES = "2025-02-10}", "2025-02-10, 单位: {目标/东园/嫁接: {公开日期: 2025-09-01}}}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two orchards, and a format that sums up each; nothing else is made than it and two quick ones."""
    module = types.ModuleType("brief")
    exec(SUMMARY, module.__dict__)
    found = {name: render.find(name) for name in FORMATS[:2]} | {"brief": render.Renderer("brief", module)}
    monkeypatch.setattr(render, "names", lambda: sorted(found))
    monkeypatch.setattr(render, "find", found.__getitem__)
    cycle.filled(tmp_path, pages=True)
    cycle.orchard(tmp_path, "西园")
    cycle.orchard(tmp_path, year=2024)
    return tmp_path


def build(root: Path, *files: str, day: str = "2025-06-01", only: tuple[str, ...] | None = None) -> batch.BuildOutcome:
    chosen = tuple(map(DataFile.at, files)) or None
    today = Day(datetime.date.fromisoformat(day), Origin.OPTION)
    return batch.build(batch.BuildOrder(Project.on_disk(root), chosen, only, 1, day=today))


def made(root: Path, path: str) -> list[str]:
    """The files that an output of a unit shows, as lines of form and file."""
    lines = (root / "build" / path).read_text("utf-8").splitlines()[1:]
    return [" ".join(line.split(" ")[:2]) for line in lines]


def edit(root: Path, source: str, old: str, new: str) -> None:
    path = root / source
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


ALL = [
    "orchard data/2025/东园.yaml",
    "plan data/2025/目标/东园/嫁接.yaml",
    "plan data/2025/目标/东园/灌溉.yaml",
    "review data/2025/自评/东园/嫁接.yaml",
    "review data/2025/自评/东园/灌溉.yaml",
]


def test_it_shows_all_files_of_the_unit_and_year(root):
    outcome = build(root)
    assert outcome.exit_code == 0, outcome.findings
    assert made(root, OFFICIAL) == made(root, PUBLIC) == ALL
    assert made(root, "official/2024/东园-all.txt") == ["orchard data/2024/东园.yaml"]
    assert made(root, "official/2025/西园-all.txt") == ["orchard data/2025/西园.yaml"]
    official = (root / "build" / OFFICIAL).read_text("utf-8")
    assert "王某某" in official and "王某某" not in (root / "build" / PUBLIC).read_text("utf-8")
    assert (root / "build/manifest-units/2025/东园.json").is_file()
    again = build(root)
    assert (again.made, again.removed) == (0, 0) and again.kept == outcome.made
    assert last_build.up_to_date(Project.on_disk(root), Day(datetime.date(2025, 6, 1), Origin.OPTION))


def test_it_is_made_again_when_one_of_the_files_is_stale(root):
    build(root)
    edit(root, "data/2025/西园.yaml", "500", "600")
    outcome = build(root)
    # Word and page of the file, and what is made of the unit; each official and public
    assert outcome.made == 2 + 1 + 2
    edit(root, PLAN, "王某某", "赵某某")
    build(root, PLAN)
    assert "赵某某" in (root / "build" / OFFICIAL).read_text("utf-8")


def test_a_new_file_is_shown_and_one_that_is_gone_is_not(root):
    build(root)
    cycle.plan(root, "授粉", budget="1")
    build(root)
    assert "plan data/2025/目标/东园/授粉.yaml" in made(root, OFFICIAL)
    (root / "data/2025/目标/东园/授粉.yaml").unlink()
    build(root)
    assert made(root, OFFICIAL) == ALL


@pytest.mark.parametrize("only", [None, ("docx",)])
def test_it_is_removed_with_the_last_file(root, only):
    build(root)
    (root / "data/2025/西园.yaml").unlink()
    build(root, only=only)
    assert not list(root.glob("build/*/2025/西园-all.txt"))
    assert not (root / "build/manifest-units/2025/西园.json").exists()
    assert made(root, OFFICIAL) == ALL


@pytest.mark.parametrize("breaks", ["", "执行: 99999", "执行: ["])
@pytest.mark.parametrize("only", [None, ("docx",)])
def test_what_is_withheld_does_not_show_in_public(root, only, breaks):
    """Also where it cannot be made again, or is not to be."""
    build(root)
    edit(root, "data/site.yaml", *OWN_DATES)
    if breaks:
        edit(root, REVIEW, "执行: 96.5", breaks)
    outcome = build(root, only=only)
    assert outcome.exit_code == (1 if breaks else 0)
    if breaks or only:
        assert not (root / "build" / PUBLIC).exists()
    else:
        assert made(root, PUBLIC) == [line for line in ALL if PLAN not in line]
        assert "嫁接" not in (root / "build/public/2025/东园/index.html").read_text("utf-8")
    assert made(root, OFFICIAL) == ALL


def test_nothing_public_where_nothing_is_published(root):
    build(root, day="2025-01-01")
    assert made(root, OFFICIAL) == ALL and not (root / "build" / PUBLIC).exists()
    assert (root / "build/public/2024/东园-all.txt").exists()
    build(root)
    assert made(root, PUBLIC) == ALL
    build(root, day="2025-01-01")
    assert not (root / "build" / PUBLIC).exists()


def test_a_form_without_a_page_does_not_show_in_public(root):
    (root / "templates/review/page.html").unlink()
    build(root)
    assert made(root, PUBLIC) == ALL[:3] and made(root, OFFICIAL) == ALL


def test_with_an_error_in_one_file_what_was_made_stays(root):
    build(root)
    edit(root, REVIEW, "执行: 96.5", "执行: 99999")
    outcome = build(root)
    assert outcome.exit_code == 1
    assert len(outcome.findings) == len(set(outcome.findings)) == 1
    assert made(root, OFFICIAL) == ALL and "96.5" in (root / "build" / OFFICIAL).read_text("utf-8")
    edit(root, REVIEW, "执行: 99999", "执行: [")
    assert build(root).exit_code == 1
    assert made(root, OFFICIAL) == ALL


@pytest.mark.parametrize("name", ["东/园", "..", "CON", "东园\t"])
def test_a_unit_whose_name_is_no_file_name_is_said(root, name):
    edit(root, "data/2025/西园.yaml", "果园: 西园", f"果园: {json.dumps(name, ensure_ascii=False)}")
    outcome = build(root)
    assert outcome.exit_code == 1 and outcome.findings
    assert not list((root / "build").rglob("园-all.txt"))


def test_an_output_of_a_unit_does_not_take_the_place_of_a_file_s(root, monkeypatch):
    module = render.find("brief").module
    monkeypatch.setitem(module.__dict__, "TARGETS", {"official": "official/{year}/{unit}.docx"})
    outcome = build(root)
    assert outcome.exit_code == 1
    assert "output-path" in {finding.rule for finding in outcome.findings}
    assert (root / "build/official/2025/东园.docx").read_bytes().startswith(b"PK")


def test_a_format_that_is_gone_leaves_nothing(root, monkeypatch):
    build(root)
    rest = {name: render.find(name) for name in FORMATS[:2]}
    monkeypatch.setattr(render, "names", lambda: sorted(rest))
    assert build(root).removed == 6
    assert not list((root / "build").rglob("*-all.txt"))


def test_a_proof_that_fails_writes_nothing(root, monkeypatch):
    module = render.find("brief").module
    monkeypatch.setitem(module.__dict__, "render", lambda unit: b"\n" * len(unit.reports))
    outcome = build(root)
    assert outcome.exit_code == 2 and "proof" in {finding.rule for finding in outcome.findings}
    assert not list((root / "build").rglob("*-all.txt"))
    assert (root / "build/official/2025/东园.docx").exists()


def test_its_templates_lie_in_a_folder_of_their_own(root, monkeypatch):
    module = render.find("brief").module
    monkeypatch.setitem(module.__dict__, "NEEDS", ("head.txt",))
    build(root)
    assert not list((root / "build").rglob("*-all.txt"))
    cycle.write(root, "templates/units/head.txt", "")
    assert build(root).made == 6
    cycle.write(root, "templates/units/head.txt", "x")
    assert build(root).made == 6


def test_it_is_tried_with_the_other_templates(root, monkeypatch):
    module = render.find("brief").module
    monkeypatch.setitem(module.__dict__, "NEEDS", ("head.txt",))
    cycle.write(root, "templates/units/head.txt", "")
    assert template_check.check_site(Project.on_disk(root)) == []
    monkeypatch.setitem(module.__dict__, "render", lambda unit: b"\n" * len(unit.reports))
    assert {finding.rule for finding in template_check.check_site(Project.on_disk(root))} == {"proof"}


def test_a_library_that_is_missing_is_said(root, monkeypatch):
    def prepare() -> None:
        raise ToolError("没有")

    monkeypatch.setitem(render.find("brief").module.__dict__, "prepare", prepare)
    with pytest.raises(ToolError):
        build(root)
