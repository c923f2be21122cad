"""With what a job needs and nothing else, the same comes of it as with the whole project: bytes, findings, all."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from perfgen import render
from tests.helpers import parcels
from tests.helpers.parcels import Compared, same
from tests.helpers.perturbed import PERTURBED, world

BRIEF = """\
from perfgen.prove.proof import disproof

SCOPE = "unit"
TARGETS = {"official": "official/{year}/{unit}-all.txt", "public": "public/{year}/{unit}-all.txt"}
NEEDS = ()
READS = ("**",)
PACKAGES = ()
STYLES = ()


def render(unit):
    project, folder = unit.project, "templates/units"
    lines = [str(project.files(folder)), *(project.read(path).decode() for path in project.files(folder))]
    for report in unit.reports:
        lines.append(f"{report.form.name} {report.file} " + "|".join(cell.text for cell in report.table.cells()))
    return "\\n".join([f"{unit.year} {unit.unit} {unit.edition}", *lines]).encode()


def prove(content, unit):
    return 1
"""


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of a unit's year beside the quick ones."""
    module = types.ModuleType("brief")
    exec(BRIEF, module.__dict__)
    quick = {name: render.find(name) for name in parcels.QUICK}
    found = quick | {"brief": render.Renderer("brief", module)}
    monkeypatch.setattr(render, "names", lambda: sorted(found))
    monkeypatch.setattr(render, "find", found.__getitem__)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> list[Compared]:
    """Holds the world as it is, when the first test has compared it."""
    return []


def compared_with(before: list[Compared], root: Path, tmp: Path) -> Compared:
    if not before:
        before.append(same(world(tmp)))
    return same(root, like=before[0])


@pytest.mark.parametrize("name", PERTURBED)
def test_the_same_comes_of_it(name, before, tmp_path, tmp_path_factory):
    root = world(tmp_path)
    PERTURBED[name](root)
    compared = compared_with(before, root, tmp_path_factory.mktemp("world"))
    assert len(compared.jobs) > 30 or compared.stayed
