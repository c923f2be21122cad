"""A project of some files on its way: bytes by hashes, what was made of them stays, shared ones go once."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from perfgen.build import batch
from perfgen.build.made_from import Sources
from perfgen.build.needs import Needs
from perfgen.build.shares import Work, of_units
from perfgen.check import loading
from perfgen.findings import DataError, ToolError
from perfgen.form import forms
from perfgen.project import invocation, parcel
from perfgen.project.layout import DataFile
from perfgen.project.parcel import Parcel, delivered
from perfgen.project.snapshot import Project, digest
from perfgen.report import site
from perfgen.system import cluster_pieces, environment
from perfgen.system.cluster_pieces import Pieces
from perfgen.system.cluster_worker import Packed, _done
from tests.helpers import cycle, more_forms, parcels, tiny
from tests.helpers.parcels import opened


@pytest.fixture(autouse=True)
def nothing_kept() -> Any:
    with parcels.another_machine():
        yield


def orchards(root: Path, count: int) -> Path:
    return tiny.make(root, tuple(f"园{number}" for number in range(count)))


def needs_of(root: Path) -> tuple[Project, Needs]:
    project = Project.on_disk(root)
    return project, Needs(project, Sources(project, site.load_site(project)))


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The forms that are loaded, one after the other."""
    found: list[str] = []
    load = forms._load

    def loading_(project: Project, name: str) -> Any:
        found.append(name)
        return load(project, name)

    monkeypatch.setattr(forms, "_load", loading_)
    return found


def test_a_parcel_travels_as_names_and_hashes(tmp_path):
    root = tiny.make(tmp_path)
    project, needs = needs_of(root)
    packed = pickle.dumps(Parcel(project, needs.of([DataFile("2025", "东园")])))
    assert str(tmp_path).encode() not in packed and "苹果".encode() not in packed
    assert digest((root / "data/2025/东园.yaml").read_bytes()).encode() in packed


def test_a_form_is_loaded_once_for_all_jobs_that_have_it(tmp_path, loaded):
    root = orchards(tmp_path, 30)
    project, needs = needs_of(root)
    carried = [(file, needs.of([file])) for file in project.data_files()[0]]
    loaded.clear()
    for file, paths in carried:
        assert loading.filing(opened(project, paths), file).form.name == "fruit"
    assert loaded == ["fruit"]


def test_forms_in_turn_are_loaded_once_each(tmp_path, loaded):
    root = more_forms.add(orchards(tmp_path, 20))
    for number in range(20):
        path = root / f"data/2025/园{number}.yaml"
        path.write_text(
            path.read_text("utf-8").replace("form: fruit", f"form: {more_forms.NAMES[number % 2]}"), "utf-8"
        )
    project, needs = needs_of(root)
    carried = [(file, needs.of([file])) for file in project.data_files()[0]]
    loaded.clear()
    for file, paths in carried:
        loading.filing(opened(project, paths), file)
    assert sorted(loaded) == sorted(more_forms.NAMES)


def test_a_job_sees_no_data_file_of_another_one(tmp_path):
    root = orchards(tmp_path, 3)
    project, needs = needs_of(root)
    for file in project.data_files()[0]:
        there = opened(project, needs.of([file]))
        loading.filing(there, file)
        assert there.data_files()[0] == [file]
        assert [other for other in project.data_files()[0] if there.holds(other.source)] == [file]


def test_what_was_made_of_the_data_of_former_jobs_is_forgotten(tmp_path):
    sizes = []
    for count in (3, 30):
        root = orchards(tmp_path / str(count), count)
        project, needs = needs_of(root)
        for file in project.data_files()[0]:
            there = opened(project, needs.of([file]))
            loading.filing(there, file)
        sizes.append((len(there._made), len(there._contents), len(there._digests)))
    assert sizes[0] == sizes[1]


def test_a_changed_data_file_is_read_again(tmp_path):
    root = tiny.make(tmp_path)
    file = DataFile("2025", "东园")
    for name in ("苹果", "香蕉"):
        tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园").replace("苹果", name))
        project, needs = needs_of(root)
        filing = loading.filing(opened(project, needs.of([file])), file)
        assert filing.document.data["水果"][0]["名称"] == name


def test_two_projects_at_once_do_not_mix(tmp_path):
    """Their forms have one name and are not the same; their data files have one path."""
    roots = [tiny.make(tmp_path / str(number)) for number in range(2)]
    cycle.change(roots[1], "schema/fruit.schema.json", ("水果登记表", "另一张表"))
    cycle.change(roots[1], "data/2025/东园.yaml", ("苹果", "香蕉"))
    both = [needs_of(root) for root in roots]
    file = DataFile("2025", "东园")
    for _ in range(3):
        seen = [loading.filing(opened(project, needs.of([file])), file) for project, needs in both]
        assert [one.form.title for one in seen] == ["水果登记表", "另一张表"]
        assert [one.document.data["水果"][0]["名称"] for one in seen] == ["苹果", "香蕉"]


def test_projects_with_the_same_forms_do_not_see_each_others_files(tmp_path):
    roots = [tiny.make(tmp_path / str(number), units) for number, units in enumerate((("东园",), ("西园",)))]
    for _ in range(2):
        for root in roots:
            project, needs = needs_of(root)
            (file,) = project.data_files()[0]
            there = opened(project, needs.of([file]))
            loading.filing(there, file)
            assert there.data_files()[0] == [file]


def test_only_so_many_sets_of_forms_are_kept(tmp_path):
    for number in range(parcel._KEPT + 5):
        root = tiny.make(tmp_path / str(number))
        cycle.change(root, "schema/fruit.schema.json", ("水果登记表", f"表{number}"))
        project, needs = needs_of(root)
        opened(project, needs.of([DataFile("2025", "东园")]))
    assert len(parcel._OPENED) == parcel._KEPT


def test_bytes_of_another_hash_are_refused():
    with pytest.raises(ToolError), delivered({digest(b"one"): b"other"}):
        raise AssertionError
    assert not parcel._DELIVERED


def test_bytes_that_were_not_sent_are_not_there(tmp_path):
    project, needs = needs_of(tiny.make(tmp_path))
    packed = pickle.dumps(Parcel(project, needs.of([DataFile("2025", "东园")])))
    with delivered({}), pytest.raises(KeyError):
        pickle.loads(packed)


def test_what_cannot_be_read_keeps_a_job_here(tmp_path):
    root = tiny.make(tmp_path)
    (root / "data/2025/东园.yaml").unlink()
    (root / "data/2025/东园.yaml").symlink_to("/etc/passwd")
    project = Project.on_disk(root)
    assert not Parcel(project, ("data/2025/东园.yaml", "schema/fruit.schema.json")).is_whole
    assert Parcel(project, ("schema/fruit.schema.json", "schema/gone.json")).is_whole


SPEAKERS = {
    ".venv/bin/perfgen -C 甲 new": (True, ".venv/bin/perfgen", "甲", "", False),
    "make new": (True, "perfgen", "", "make", False),
    "“新建”": (True, "perfgen", "", "", True),
}


@pytest.fixture
def as_before() -> Any:
    before = invocation.state()
    yield before
    invocation.resume(before)


def test_messages_say_commands_as_the_client_would(tmp_path, as_before):
    """A job speaks for the one who asked, and the next one, about the same files, for the next."""
    root = tiny.make(tmp_path)
    cycle.write(root, "data/2025/东园.yaml", "- 甲\n")
    project, needs = needs_of(root)
    file = DataFile("2025", "东园")
    carried = Parcel(project, needs.of([file]))
    contents = {found: project.read(path) for path, found in carried.files}
    for words, speaker in SPEAKERS.items():
        invocation.resume(speaker)
        said_here = hint_about(Project.on_disk(root), file)
        call = pickle.dumps((hint_about, (carried, file), {}))
        invocation.resume(as_before)
        assert _done(pickle.dumps(Packed(call, contents, (), speaker, environment.of_code())), ()) == said_here
        assert words in said_here


def hint_about(project: Project, file: DataFile) -> str:
    """What to do about a file of no form."""
    with pytest.raises(DataError) as caught:
        loading.filing(project, file)
    return caught.value.findings[0].hint


@dataclass(eq=False)
class FakePiece:
    key: str
    content: bytes
    status: str = "finished"


@dataclass
class FakeClient:
    """Counts what is handed to a cluster."""

    submitted: list[FakePiece] = field(default_factory=list)

    def submit(self, make: Any, content: bytes, key: str) -> FakePiece:
        assert make is bytes
        self.submitted.append(FakePiece(key, content))
        return self.submitted[-1]

    @property
    def counts(self) -> Counter[bytes]:
        return Counter(piece.content for piece in self.submitted)


def carried_by_shares(root: Path) -> list[Parcel]:
    """What the jobs of a whole build carry."""
    project = Project.on_disk(root)
    planner = batch.Planner(
        project, site.load_site(project), batch.Manifest(), parcels.QUICK, {}, day=parcels.DAY
    )  # fmt: skip
    plans = [planner.unit(file) for file in project.data_files()[0]]
    work = Work(project, Needs(project, planner.sources), parcels.DAY)
    return [
        Parcel(project, work.needs.of(plan.file for plan in share.plans))
        for share in of_units(plans, planner.sources.links)
    ]


def test_in_a_whole_build_each_shared_file_travels_once(tmp_path):
    root = cycle.filled(tmp_path, pages=True)
    cycle.orchard(root, "西园")
    for name in ("嫁接", "修剪", "授粉"):
        cycle.plan(root, name, orchard="西园")
    client = FakeClient()
    pieces = Pieces(client)  # type: ignore[arg-type]
    own_bytes = Counter[bytes]()
    for one in carried_by_shares(root):
        own, shared = pieces.apart([one])
        own_bytes.update(own.values())
        assert not own.keys() & set(shared)
        assert {*own, *shared} == {found for _, found in one.files}
        assert [piece.content for piece in pieces.futures(shared)] == [
            one.project.read({found: path for path, found in one.files}[found]) for found in shared
        ]
        assert all(DataFile.parse(path) for path, found in one.files if found in own)
    assert max(client.counts.values()) == max(own_bytes.values()) == 1
    assert pieces.sent == sum(map(len, client.counts))
    # a file that two jobs need goes with the first one and then by itself; no third time
    data = {(root / file.source).read_bytes() for file in Project.on_disk(root).data_files()[0]}
    assert set(own_bytes) == data and set(client.counts) & data


def test_what_was_dropped_comes_again(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_pieces, "_KEPT", 2)
    for number in range(5):
        cycle.write(tmp_path, f"schema/{number}.schema.json", f'{{"title": "{number}"}}')
    project = Project.on_disk(tmp_path)
    client = FakeClient()
    pieces = Pieces(client)  # type: ignore[arg-type]
    _, shared = pieces.apart([Parcel(project, project.files("schema"))])
    for _ in range(2):
        assert [piece.content for piece in pieces.futures(shared)] == [
            project.read(one) for one in project.files("schema")
        ]
    assert len(client.submitted) == 5 + 3 and len(pieces._pieces) == 2


@pytest.mark.parametrize("status", ["error", "lost", "cancelled"])
def test_a_lost_piece_is_made_again(tmp_path, status):
    cycle.write(tmp_path, "schema/a.schema.json", "{}")
    project = Project.on_disk(tmp_path)
    client = FakeClient()
    pieces = Pieces(client)  # type: ignore[arg-type]
    _, shared = pieces.apart([Parcel(project, ("schema/a.schema.json",))])
    (first,) = pieces.futures(shared)
    assert pieces.futures(shared) == [first]
    first.status = status
    assert pieces.futures(shared) != [first]


def test_a_piece_that_workers_died_of_gets_another_name(tmp_path):
    cycle.write(tmp_path, "schema/a.schema.json", "{}")
    project = Project.on_disk(tmp_path)
    pieces = Pieces(FakeClient())  # type: ignore[arg-type]
    _, shared = pieces.apart([Parcel(project, ("schema/a.schema.json",))])
    (first,) = pieces.futures(shared)
    assert not pieces.renewed("another task") and pieces.renewed(first.key)
    (second,) = pieces.futures(shared)
    assert second.key != first.key and second.content == first.content
