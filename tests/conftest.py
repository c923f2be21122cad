"""What the tests share: the repository, projects in temporary folders, the tools they need."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from perfgen import values
from perfgen.form import formulas
from tests.helpers import hangs, marks, projects, stand_in, tiny, versions
from tests.helpers import whole_site as whole_site_helper

REPOSITORY = Path(__file__).resolve().parents[1]
SAMPLES = sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/2*/*.yaml"))


def pytest_sessionstart() -> None:
    """A session begins with nothing remembered: mutation testing runs many of them in forks of one process."""
    projects.forget()
    projects.share_forms()
    for function in (values.parse, values.plain_name, formulas.parsed, versions.case):
        function.cache_clear()
    gc.disable()  # what the test files import stays to the end


def pytest_collection_finish() -> None:
    """What was imported is no rubbish: each collection during the tests would look at all of it again."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)  # most tests make trees that live as long as the test


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before -m chooses, the tests get the marks of their fixtures; the long files come first."""
    marks.add_marks(items)
    if left := marks.leave_for_the_night(items):
        config.hook.pytest_deselected(items=left)
    marks.long_files_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test may use what it is marked for, from its first fixture to the end of its last."""
    with marks.only_what_is_marked(item), hangs.no_hang(hangs.SECONDS):
        return (yield)


@pytest.fixture
def repository() -> Path:
    """The repository itself, to be read only."""
    return REPOSITORY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the real form and one small unit."""
    return projects.with_form(tmp_path / "project", "data/site.yaml", "data/2025/示例市档案馆.yaml")


@pytest.fixture
def tiny_project(tmp_path: Path) -> Path:
    """A project with a form of three small files and two units, quick to build."""
    return tiny.make(tmp_path / "tiny")


def _required() -> bool:
    """In CI nothing may skip."""
    return os.environ.get("PERFGEN_TESTS_REQUIRE") == "all"


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's command."""
    found = shutil.which("soffice")
    if not found:
        if _required():
            pytest.fail("LibreOffice is required here and not installed")
        pytest.skip("没有 LibreOffice Writer；装上 libreoffice-writer-nogui 就会测")
    return found


@pytest.fixture(scope="session")
def convert(soffice: str, tmp_path_factory: pytest.TempPathFactory):
    """Converts documents with LibreOffice, in one call: convert(paths, "pdf") -> converted paths."""
    profile = tmp_path_factory.mktemp("profile")

    def run(paths: list[Path], target: str, folder: Path) -> list[Path]:
        command = [
            soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", target,
            "--outdir", str(folder), *map(str, paths),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return [folder / f"{path.stem}.{target.partition(':')[0]}" for path in paths]

    return run


@pytest.fixture
def pdf_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of this process put a few bytes where PDFs lie."""
    stand_in.for_pdf(monkeypatch)


@pytest.fixture(scope="session")
def whole_site(tmp_path_factory: pytest.TempPathFactory) -> whole_site_helper.Site:
    """The public site of the repository's samples, built once in a process; no test changes it."""
    return whole_site_helper.built(tmp_path_factory.mktemp("site"))
