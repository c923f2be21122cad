"""A format about all reports is one module: it may make several files, of one edition, in an order, from summaries."""

from __future__ import annotations

import json
import types
from pathlib import Path

import pytest

from perfgen import render
from perfgen.build import batch, template_check
from perfgen.build.manifest import PAGES, load_manifest
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report.listing import Listing
from tests.helpers import tiny

LINES = '''\
"""A file for each report of the edition, with its unit and how many public outputs there are."""

from perfgen.findings import Finding, Place
from perfgen.prove.proof import ProofError

TARGETS = {"site": ""}
NEEDS = ()
READS = ()
PACKAGES = ()
STYLES = ()
AFTER = ("summary",)
EDITION = "official"
FOLDER = "official/lines"


def outputs(listing):
    return {f"{FOLDER}/{stem}.txt": listing.state(stem) for stem in listing.summaries}


def _text(listing):
    stem = listing.path.removeprefix(FOLDER + "/").removesuffix(".txt")
    return f"{listing.summary(stem).unit} {listing.home} {len(listing.entries)}"


def render(listing):
    return _text(listing).encode()


def prove(content, listing):
    if content.decode() != _text(listing):
        raise ProofError([Finding(Place(listing.path), "proof", "不一样。", "")])
    return 1
'''
LIST = '''\
"""The public outputs, each with its size; made after all others."""

import json

TARGETS = {"site": "public/list.json"}
NEEDS = ()
READS = ()
PACKAGES = ()
STYLES = ()
ORDER = 100


def outputs(listing):
    return {"public/list.json": repr(sorted(listing.made.items()))}


def render(listing):
    return json.dumps({path: made.size for path, made in listing.made.items()}).encode()


def prove(content, listing):
    return len(json.loads(content))
'''
EAST, WEST = "data/2025/东园.yaml", "data/2025/西园.yaml"


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> dict[str, types.ModuleType]:
    """The page of each file, the summaries, and two formats about all of them; nothing else is made."""
    modules = {name: types.ModuleType(name) for name in ("a_list", "lines")}
    exec(LIST, modules["a_list"].__dict__)
    exec(LINES, modules["lines"].__dict__)
    found = {name: render.find(name) for name in ("docx", "html", "summary", "index")}
    found |= {name: render.Renderer(name, module) for name, module in modules.items()}
    monkeypatch.setattr(render, "names", lambda: sorted(found))
    monkeypatch.setattr(render, "find", found.__getitem__)
    return modules


def build(root: Path, *files: str, only: tuple[str, ...] | None = None) -> batch.BuildOutcome:
    chosen = tuple(map(DataFile.at, files)) or None
    return batch.build(batch.BuildOrder(Project.on_disk(root), chosen, only, 1))


def lines(root: Path) -> dict[str, str]:
    top = root / "build/official/lines"
    return {path.relative_to(top).as_posix(): path.read_text("utf-8") for path in sorted(top.rglob("*.txt"))}


def test_it_makes_a_file_for_each_report_and_knows_its_way_home(tiny_project, formats):
    assert build(tiny_project).exit_code == 0
    assert lines(tiny_project) == {"2025/东园.txt": "东园 ../../ 0", "2025/西园.txt": "西园 ../../ 0"}
    assert {f"official/lines/2025/{name}.txt" for name in ("东园", "西园")} <= load_manifest(tiny_project).of(
        PAGES
    ).outputs.keys()


def test_only_what_changed_is_made_again(tiny_project, formats):
    build(tiny_project)
    path = tiny_project / WEST
    path.write_text(path.read_text("utf-8").replace("西园", "西大园"), "utf-8")
    before = (tiny_project / "build/official/lines/2025/东园.txt").stat().st_mtime_ns
    build(tiny_project)
    assert lines(tiny_project)["2025/西园.txt"].startswith("西大园")
    assert (tiny_project / "build/official/lines/2025/东园.txt").stat().st_mtime_ns == before
    assert build(tiny_project).made == 0


def test_what_is_no_longer_asked_for_is_removed(tiny_project, formats):
    build(tiny_project)
    (tiny_project / WEST).unlink()
    build(tiny_project)
    assert list(lines(tiny_project)) == ["2025/东园.txt"]


def test_a_format_that_is_gone_leaves_nothing(tiny_project, formats, monkeypatch):
    build(tiny_project)
    rest = [name for name in render.names() if name != "lines"]
    monkeypatch.setattr(render, "names", lambda: rest)
    build(tiny_project)
    assert lines(tiny_project) == {}


def test_the_last_one_lists_what_the_others_made(tiny_project, formats):
    build(tiny_project)
    listed = json.loads((tiny_project / "build/public/list.json").read_text("utf-8"))
    top = tiny_project / "build"
    on_disk = {path.relative_to(top).as_posix(): path.stat().st_size for path in (top / "public").rglob("*.*")}
    assert listed == {path: size for path, size in on_disk.items() if path != "public/list.json"}


def test_it_lists_them_again_after_a_withdrawal(tiny_project, formats):
    build(tiny_project)
    settings = tiny.SITE.replace("2025-02-10}", "2025-02-10, 单位: {西园: {公开日期: 2999-01-01}}}")
    (tiny_project / "data/site.yaml").write_text(settings, "utf-8")
    build(tiny_project)
    listed = json.loads((tiny_project / "build/public/list.json").read_text("utf-8"))
    assert listed and not any("西园" in path for path in listed)
    assert "西园" in "".join(lines(tiny_project)), "the bureau's own stays"
    assert not (tiny_project / "build/summaries/public/2025/西园.json").exists()


def test_a_public_one_does_not_see_what_is_not_published(tiny_project, formats, monkeypatch):
    monkeypatch.setitem(formats["lines"].__dict__, "EDITION", "public")
    monkeypatch.setitem(formats["lines"].__dict__, "FOLDER", "public/lines")
    settings = tiny.SITE.replace("2025-02-10}", "2025-02-10, 单位: {西园: {公开日期: 2999-01-01}}}")
    (tiny_project / "data/site.yaml").write_text(settings, "utf-8")
    build(tiny_project)
    made = [path.name for path in (tiny_project / "build/public/lines").rglob("*.txt")]
    assert made == ["东园.txt"]


@pytest.mark.parametrize("folder", ["public/lines", "official/../../data", "/tmp", "official/a:b"])
def test_a_path_elsewhere_is_refused_and_nothing_is_written(tiny_project, formats, monkeypatch, folder):
    monkeypatch.setitem(formats["lines"].__dict__, "FOLDER", folder)
    outcome = build(tiny_project)
    assert outcome.exit_code == 2 and "output-path" in {finding.rule for finding in outcome.findings}
    assert not list(tiny_project.rglob("*园.txt"))
    assert (tiny_project / "build/public/list.json").is_file(), "the others are made all the same"


def test_formats_that_it_reads_are_made_with_it(tiny_project, formats):
    outcome = build(tiny_project, only=("lines",))
    assert outcome.exit_code == 0 and len(lines(tiny_project)) == 2
    assert not list((tiny_project / "build").rglob("*.docx"))


def test_a_summary_that_was_changed_by_hand_is_not_believed(tiny_project, formats):
    build(tiny_project)
    path = tiny_project / "build/summaries/official/2025/东园.json"
    path.write_text(path.read_text("utf-8").replace("东园", "王园"), "utf-8")
    build(tiny_project)
    assert "王园" not in path.read_text("utf-8") and lines(tiny_project)["2025/东园.txt"].startswith("东园")


def test_it_is_tried_with_the_other_templates(tiny_project, formats, monkeypatch):
    project = Project.on_disk(tiny_project)
    assert template_check.check_site(project) == []
    monkeypatch.setitem(formats["lines"].__dict__, "render", lambda listing: b"x")
    assert {finding.rule for finding in template_check.check_site(project)} == {"proof"}


def test_a_listing_of_summaries_in_memory_tells_their_state(tiny_project):
    from perfgen.report.site import Site
    from perfgen.report.summary import Summary

    one, other = (
        Summary("f", "表", "2025", unit, "", f"2025/{unit}", unit, unit, "", "", has_pdf=True) for unit in "甲乙"
    )
    listing = Listing(Project.on_disk(tiny_project), "", Site({}), (), {"甲": one, "乙": other})
    assert listing.state("甲") != listing.state("乙") and listing.summary("甲") is one
