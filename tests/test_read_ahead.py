"""Forms that are read in other processes before their turn: what comes of them is what comes of one after the other."""

from __future__ import annotations

import importlib
import pickle
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import elsewhere
from perfgen.check import references
from perfgen.project import noted
from perfgen.project.made import Look
from perfgen.project.snapshot import Project
from perfgen.project.trees import Contents
from perfgen.review import read_ahead
from perfgen.review.needed_data import NeededData
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.apart import TRIES, Apart
from tests.test_import import word_of
from tests.test_import_hostile import LOCKED, encrypted_zip, with_document
from tests.test_import_many import forms  # noqa: F401 - a fixture

pytestmark = pytest.mark.long

UNIT = "示例市档案馆"


@dataclass
class Came:
    """What an import left behind."""

    code: int
    out: str
    err: str
    files: dict[str, bytes]
    """The data files, and the report."""


@pytest.fixture
def imported(capsys, monkeypatch, tmp_path):
    """Imports the folder `forms` of a project as it is, and puts the project back as it was."""

    def run(root: Path, *arguments: str, pool: Apart | None = None) -> Came:
        kept = tmp_path / "kept"
        shutil.copytree(root / "data", kept)
        with monkeypatch.context() as patched:
            if pool is not None:
                patched.setattr(elsewhere, "asked", lambda *_: _given(pool))
            code = cli.main(["-C", str(root), "import", "forms", "--report", "报告.csv", *arguments])
        said = capsys.readouterr()
        found = {path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "data").rglob("*.yaml")}
        found["报告.csv"] = (root / "报告.csv").read_bytes()
        shutil.rmtree(root / "data")
        shutil.move(kept, root / "data")
        return Came(code, said.out, said.err, found)

    return run


@contextmanager
def _given(pool):
    yield pool


@pytest.fixture
def again(monkeypatch):
    """The forms that were read again here."""
    names = []
    before = read_ahead.ReadAhead._is_stale

    def is_stale(self, turn, looked_at):
        found = before(self, turn, looked_at)
        names.extend([turn.source.name] if found else [])
        return found

    monkeypatch.setattr(read_ahead.ReadAhead, "_is_stale", is_stale)
    return names


@pytest.fixture
def many(forms):  # noqa: F811 - the fixture
    """The folder of `test_import_many`, with twins and broken files, and hostile ones beside."""
    folder = forms / "forms"
    bomb = with_document('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>')
    for number, content in enumerate((LOCKED, encrypted_zip(), bomb, with_document("<no"), b"PK\x03\x04", b"")):
        (folder / f"坏 {number}.docx").write_bytes(content)
    return forms


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """Forms of one unit of the samples, of two years and two forms that refer to each other, without its data.

    What the later year's target says of the year before is not what that year's says.
    """
    root = tmp_path_factory.mktemp("archive") / "project"
    for name in ("data", "schema", "templates"):
        shutil.copytree(REPOSITORY / name, root / name)
    (root / "forms").mkdir()
    later = root / f"data/2025/{UNIT}.yaml"
    text = later.read_text("utf-8")
    assert "前年: 95.8%" in text
    later.write_text(text.replace("前年: 95.8%", "前年: 95.7%", 1), "utf-8")
    for path in sorted((REPOSITORY / "data").rglob("*.yaml")):
        source = path.relative_to(REPOSITORY)
        if source.stem == UNIT:
            name = " ".join((*source.parts[2:-1], source.stem, source.parts[1]))
            (root / f"forms/{name}.docx").write_bytes(word_of(source.as_posix(), root))
    for path in (root / "data").rglob(f"{UNIT}.yaml"):
        path.unlink()
    return root


def test_two_processes_leave_what_one_leaves(many, imported):
    alone = imported(many, "--year", "2025", "-j1")
    assert imported(many, "--year", "2025", "-j2") == alone
    assert alone.code == 2 and "是照前一个写的；后一个不一样的" in alone.err


def test_what_travels_with_a_form_is_enough(many, imported):
    alone, pool = imported(many, "--year", "2025", "-j1"), Apart()
    assert imported(many, "--year", "2025", pool=pool) == alone
    assert pool.jobs > 3


@pytest.mark.parametrize("apart", [False, True])
def test_forms_that_matter_to_later_ones_are_seen_by_them(archive, imported, again, apart):
    alone = imported(archive, "-j1")
    assert len(alone.files) > 10 and alone.code < 2 and "示例市档案馆 2025" in alone.out
    assert (imported(archive, pool=Apart()) if apart else imported(archive, "-j2")) == alone
    assert apart or again, "a file of the year before came while the next one was read"


def test_where_names_say_nothing_the_same_comes_out(archive, imported, again, monkeypatch):
    alone = imported(archive, "-j1")
    monkeypatch.setattr(NeededData, "_spoken_of", lambda *_: iter(()))
    assert imported(archive, pool=Apart()) == alone
    assert again, "there was more to see than travelled"


@pytest.mark.parametrize(("look", "apart"), [("touches", False), ("unseen", True)])
def test_without_a_second_look_a_later_form_would_not_see_them(archive, imported, monkeypatch, look, apart):
    monkeypatch.setattr(NeededData, "_spoken_of", lambda *_: iter(()))  # as where names say nothing
    run = (lambda: imported(archive, pool=Apart())) if apart else (lambda: imported(archive, "-j2"))
    right = run()
    monkeypatch.setattr(noted, look, lambda *_: False)
    assert run() != right


def test_a_name_says_which_data_goes_along(tiny_project, imported, again):
    (tiny_project / "forms").mkdir()
    tiny.write_unit(tiny_project, "南园", "form: fruit\n年: 2025\n果园: 南园\n")
    for name in ("东园", "西园"):
        content = word_of(f"data/2025/{name}.yaml", tiny_project)
        for year in (2025, 2026):
            (tiny_project / f"forms/{name} {year}.docx").write_bytes(content)
        (tiny_project / f"data/2025/{name}.yaml").unlink()
    alone, pool = imported(tiny_project, "-j1"), Apart()
    assert imported(tiny_project, pool=pool) == alone
    assert "data/2025/南园.yaml" not in pool.travelled


def test_a_form_that_ends_whoever_reads_it_is_named_and_the_others_are_imported(many, imported):
    (many / "forms/毒.docx").write_bytes(with_document("<poison/>") + b"poison")
    alone, there = imported(many, "--year", "2025", "-j1"), imported(many, "--year", "2025", pool=Apart(b"poison"))
    (row,) = [line for line in there.out.splitlines() if "毒.docx" in line]
    assert there.code == 3 and f"读它的工作进程每次都被终止（试了 {2 * TRIES} 次）" in row
    assert there.files.keys() == alone.files.keys()
    assert {name: text for name, text in there.files.items() if name != "报告.csv"} == {
        name: text for name, text in alone.files.items() if name != "报告.csv"
    }


def test_a_fault_is_told_with_its_file_as_ever(many, monkeypatch, capsys):
    module = importlib.import_module("perfgen.importing.import_file")
    before = module.import_form

    def broken(content, name, *rest):
        if "西园" in name:
            raise ZeroDivisionError
        return before(content, name, *rest)

    monkeypatch.setattr(module, "import_form", broken)
    monkeypatch.setattr(elsewhere, "asked", lambda *_: _given(Apart()))
    assert cli.main(["-C", str(many), "import", "forms", "--year", "2025"]) > 2
    assert "西园.docx" in capsys.readouterr().err


class TestWhatWasLookedAt:
    ONE = Contents({"data/2025/甲.yaml": b"form: a\n", "data/2025/乙.yaml": b"form: b\n", "x/y": b""})

    def looked(self) -> tuple[Project, set[str]]:
        project = Project(self.ONE, Path("/-"))
        with project.noting() as looked_at:
            project.once(references._listed, "a", "2025")
            project.holds("data/2024/丙.yaml")
        return project, looked_at

    def test_only_files_that_count_touch_it(self):
        project, looked_at = self.looked()
        assert noted.touches(looked_at, project, ["data/2025/甲.yaml"])
        assert not noted.touches(looked_at, project, ["data/2025/乙.yaml", "x/y"])
        assert noted.touches(looked_at, project, ["data/2024/丙.yaml"])

    def test_what_was_not_there_to_see_is_missed(self):
        project, looked_at = self.looked()
        assert not noted.unseen(looked_at, project, {"data/2025/甲.yaml"})
        assert noted.unseen(looked_at, project, {"data/2025/乙.yaml"})
        assert noted.unseen({"x/y"}, project, set()) and not noted.unseen({"x/z"}, project, set())

    def test_a_look_at_some_files_is_none_at_all_of_them(self):
        look = Look("data/", references._counts, ("a", "2025"))
        assert look != "data/" and "data/" not in {look} and len({look, "data/"}) == 2
        assert pickle.loads(pickle.dumps(look)) == look
        assert "data/2025/甲.yaml".startswith((look,))
