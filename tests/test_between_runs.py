"""build/ that was kept from another run: poisoned, outdated, half written, with other dates."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from perfgen.build import batch, last_build, manifest, stamps
from perfgen.build.batch import BuildOrder
from perfgen.build.output_tree import OWNED
from perfgen.project import reading
from perfgen.project.snapshot import Project
from tests.helpers import manifests, tiny
from tests.helpers.outputs import count, of_file, of_site

pytestmark = pytest.mark.long

EAST, WEST = "data/2025/东园.yaml", "data/2025/西园.yaml"


def build(root: Path, **order: object) -> batch.BuildOutcome:
    return batch.build(BuildOrder(Project.on_disk(root), **order))


def up_to_date(root: Path) -> last_build.LastBuild | None:
    """Whether a run that starts now has nothing to do."""
    return last_build.up_to_date(Project.on_disk(root))


def outputs(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("official", "public")
        for path in sorted((root / "build" / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written just now count as older than what is read now."""
    monkeypatch.setattr(stamps, "_TICK", -(10**12))
    monkeypatch.setattr(stamps, "_COARSE_TICK", -(10**12))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of projects that are opened, by their paths."""
    paths: list[str] = []
    real = reading.in_project

    def noted(root: Path, path: str, most: int) -> bytes:
        paths.append(path)
        return real(root, path, most)

    monkeypatch.setattr(reading, "in_project", noted)
    return paths


@pytest.fixture
def built(tiny_project: Path) -> Path:
    outcome = build(tiny_project)
    assert outcome.made == count(tiny_project) and {EAST, WEST} <= manifest.load_manifest(tiny_project).records.keys()
    return tiny_project


def restored(built: Path, target: Path, *, dates: bool) -> Path:
    """The project checked out anew, with build/ as a cache brings it back: with its dates, or with those of now."""
    copy = shutil.copy2 if dates else shutil.copy
    shutil.copytree(built, target, copy_function=shutil.copy, ignore=shutil.ignore_patterns("build"))
    shutil.copytree(built / "build", target / "build", copy_function=copy, ignore=shutil.ignore_patterns(".lock"))
    return target


# nothing to do


@pytest.mark.usefixtures("settled")
def test_where_nothing_was_touched_nothing_is_opened(tiny_project, opened):
    build(tiny_project)
    opened.clear()
    assert up_to_date(tiny_project)
    assert opened == ["build/manifest.json"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("dates", [True, False])
def test_a_restored_build_is_read_once(built, tmp_path, opened, dates):
    root = restored(built, tmp_path / "anew", dates=dates)
    opened.clear()
    assert up_to_date(root)
    read = {path for path in opened if path.startswith(tuple(f"build/{folder}/" for folder in OWNED))}
    assert len(read) == (0 if dates else count(root)), "its date differs, so it is hashed"
    opened.clear()
    assert up_to_date(root)
    assert opened == ["build/manifest.json"], "and then it is known by its date"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "path", [EAST, "data/site.yaml", "schema/fruit.schema.json", "templates/fruit/form.docx", "build/public/x.html",
             "build/official/2025/东园.docx", "build/public/2025/东园/data.json"],
)  # fmt: skip
def test_a_changed_file_is_seen_though_its_size_and_date_are_kept_or_it_is_new(built, path):
    """Of an input the system's own date of the last change counts too; of an output its size, its date, its hash."""
    assert up_to_date(built)
    file = built / path
    before = file.stat() if file.exists() else None
    old = file.read_bytes() if before else b""
    file.write_bytes(old[:-1] + bytes([old[-1] ^ 1]) if before else b"new")
    assert up_to_date(built) is None
    if before and not path.startswith("build"):
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert up_to_date(built) is None


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("path", [WEST, "schema/fruit.schema.json", "build/official/2025/东园.docx"])
def test_a_file_that_is_gone_is_seen(built, path):
    assert up_to_date(built)
    (built / path).unlink()
    assert up_to_date(built) is None


def test_the_date_of_a_file_written_just_now_proves_nothing(tiny_project, opened):
    """It may be written again in the same moment, with the same size."""
    project = Project.on_disk(tiny_project)
    (tiny_project / EAST).touch()
    batch.build(BuildOrder(project))
    opened.clear()
    assert last_build.up_to_date(project)
    assert len(opened) > 1
    assert json.loads((tiny_project / "build/manifest.json").read_text("utf-8"))["seen"] == ""


def test_a_folder_that_cannot_be_written_has_nothing_to_do_either(built, monkeypatch):
    for path in (built / "data").rglob("*.yaml"):
        path.touch()
    before = (built / "build/manifest.json").read_bytes()
    real = os.open

    def refused(path, flags, *arguments, **names):
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *arguments, **names)

    monkeypatch.setattr(os, "open", refused)
    assert up_to_date(built)
    assert (built / "build/manifest.json").read_bytes() == before


# outdated


@pytest.mark.parametrize("dates", [True, False])
def test_of_a_restored_build_only_what_changed_is_made(built, tmp_path, dates):
    root = restored(built, tmp_path / "anew", dates=dates)
    path = tiny.write_unit(root, "西园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    before = outputs(root)
    assert up_to_date(root) is None
    outcome = build(root)
    changed = {path for path, content in outputs(root).items() if content != before[path]}
    assert of_file(root, WEST) <= outcome.made <= of_file(root, WEST) + len(of_site(root))
    assert outcome.made + outcome.kept == count(root)
    assert changed and all("西园" in path for path in changed - {f"build/{path}" for path in of_site(root)})


def test_a_build_of_other_data_is_outdated_in_all_that_differs(built, tmp_path):
    """A unit that is new, one that is gone, one that changed, and one that stayed."""
    tiny.write_unit(built, "北园")
    build(built)
    root = restored(built, tmp_path / "anew", dates=True)
    (root / WEST).unlink()
    tiny.write_unit(root, "南园")
    path = tiny.write_unit(root, "北园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    outcome = build(root)
    assert outcome.kept >= of_file(root, EAST) and outcome.removed >= of_file(built, WEST)
    assert outcome.made >= 2 * of_file(root, EAST) and outcome.made + outcome.kept == count(root)
    fresh = tmp_path / "fresh"
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("build"))
    build(fresh)
    assert outputs(fresh) == outputs(root)
    assert {piece.stem for piece in (root / "build/manifest").rglob("*.json")} == {"东园", "北园", "南园"}


# poisoned


def test_a_poisoned_build_may_mislead_a_preview_and_no_publication(built, tmp_path, capsys):
    good = outputs(built)
    page = "public/2025/东园/data.json"
    (built / "build" / page).write_bytes(good[f"build/{page}"].replace(b"3.5", b"9.5"))
    (built / "build/public/x.js").write_text("x")
    manifests.believe(built, page)
    manifests.change(
        built,
        lambda said: said.records[EAST].outputs.update({"public/x.js": said.outputs[page]}),
    )
    manifests.believe(built, "public/x.js")
    root = restored(built, tmp_path / "anew", dates=True)
    assert up_to_date(root), "the manifest agrees with it: a preview is misled"
    outcome = build(root, verify=True)
    assert {finding.place.file for finding in outcome.differing} == {f"build/{page}", "build/public/x.js"}
    assert outputs(root) == good
    fresh = tmp_path / "fresh"
    shutil.copytree(built, fresh, ignore=shutil.ignore_patterns("build"))
    build(fresh)
    assert outputs(fresh) == good, "made from nothing it is as it should be"


def test_a_poisoned_output_that_the_manifest_does_not_agree_with_is_made_again(built, tmp_path):
    good = outputs(built)
    path = built / "build/public/2025/东园/data.json"
    path.write_bytes(path.read_bytes().replace(b"3.5", b"9.5"))
    root = restored(built, tmp_path / "anew", dates=False)
    assert up_to_date(root) is None and build(root).made == 1
    assert outputs(root) == good


@pytest.mark.parametrize("seen", ["x", ""])
def test_an_index_of_another_build_is_not_believed(built, seen):
    """It says that all was built; but its pieces, and the outputs that they name, are older."""
    older = {path: path.read_bytes() for path in (built / "build").rglob("*") if path.is_file()}
    path = tiny.write_unit(built, "西园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    build(built)
    index = json.loads((built / "build/manifest.json").read_text("utf-8")) | {"seen": seen}
    for file, content in older.items():
        file.write_bytes(content)
    (built / "build/manifest.json").write_text(json.dumps(index), "utf-8")
    assert up_to_date(built) is None
    assert build(built).made >= of_file(built, WEST)


# half written


class Killed(BaseException):
    """What ends a process between two steps."""


@pytest.mark.parametrize("step", range(1, 10))
def test_a_build_that_was_killed_at_any_step_is_not_believed_for_what_it_did_not_do(built, monkeypatch, step):
    """Whatever was written of it, and then the data is as it was before."""
    good, data = outputs(built), (built / WEST).read_text("utf-8")
    (built / WEST).write_text(data.replace("3.5", "4.5"), "utf-8")
    real = os.replace
    done: list[object] = []

    def counted(*arguments, **names):
        done.append(arguments)
        if len(done) >= step:
            raise Killed
        real(*arguments, **names)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", counted)
        try:
            build(built)
        except Killed:
            assert step <= len(done)
    (built / WEST).write_text(data, "utf-8")
    if up_to_date(built) is None:
        build(built)
    assert outputs(built) == good
    assert up_to_date(built)


@pytest.mark.parametrize("lost", ["manifest.json", "manifest/2025/东园.json", "official/2025/东园.docx", "manifest"])
@pytest.mark.parametrize("how", ["gone", "half"])
def test_a_build_that_came_back_in_part_is_completed(built, tmp_path, lost, how):
    good = outputs(built)
    root = restored(built, tmp_path / "anew", dates=True)
    path = root / "build" / lost
    if path.is_dir():
        shutil.rmtree(path)
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert up_to_date(root) is None
    of_files = [of_file(built, EAST), of_file(built, WEST)]
    least = {"manifest.json": len(of_site(built)), "official/2025/东园.docx": 1, "manifest": sum(of_files)}
    assert least.get(lost, of_files[0]) <= build(root).made <= least.get(lost, of_files[0]) + len(of_site(built))
    assert outputs(root) == good and up_to_date(root)


# the manifest


def test_an_old_manifest_is_taken_over(built):
    """As it was kept before: in one file, for all outputs."""
    saved = {path: path.read_bytes() for path in (built / "build/manifest").rglob("*.json")}
    warnings = {EAST: 2}
    manifests.change(built, lambda said: setattr(said.records[EAST], "open_warnings", 2))
    manifests.put_old(built)
    old = manifest.load_manifest(built)
    assert len(old.outputs) == count(built) and old.open_warnings == warnings
    tiny.write_unit(built, "北园")
    (built / WEST).unlink()
    outcome = build(built)
    assert outcome.kept >= of_file(built, EAST) and outcome.waiting == warnings
    assert {path.stem for path in (built / "build/manifest").rglob("*.json")} == {"东园", "北园"}
    assert len(saved) == 2 and up_to_date(built)


def test_saving_costs_no_more_with_more_units(built, monkeypatch):
    """A changed file is one piece, and manifest.json twice: before it, and at the end."""
    for number in range(20):
        tiny.write_unit(built, f"园{number}")
    build(built)
    written: list[str] = []
    real = os.replace

    def noted(source, target, **names):
        written.append(str(target))
        real(source, target, **names)

    path = tiny.write_unit(built, "西园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    monkeypatch.setattr(os, "replace", noted)
    assert build(built).made >= of_file(built, WEST)
    alike = [path for path in manifest.load_manifest(built).of(WEST).outputs if path.endswith("/西园.json")]
    assert (written.count("manifest.json"), written.count("西园.json")) == (2, 1 + len(alike))
    piece = (built / "build/manifest/2025/西园.json").read_bytes()
    assert len(piece) < 8_000
