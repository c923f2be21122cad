"""A project is a snapshot: each file is read once, nothing changes, and the next one shares what stayed the same."""

from __future__ import annotations

import gc
import pickle
import shutil
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import jinja2
import pytest

from perfgen import cli
from perfgen import project as project_package
from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.check import loading
from perfgen.check.checks import schema
from perfgen.findings import DataError, Finding, Place, ToolError
from perfgen.form import forms
from perfgen.form.figure_sheet import Sheet
from perfgen.project import made, snapshot
from perfgen.project.layout import DataFile, by_path
from perfgen.project.snapshot import Project
from perfgen.project.trees import Contents, Disk
from perfgen.render.parts import html_templates
from perfgen.report import site
from perfgen.source import reader
from perfgen.system.commit_tree import CommitTree
from tests.helpers import tiny, versions

EAST, WEST = DataFile("2025", "东园"), DataFile("2025", "西园")


class Counting:
    """A tree that notes what is read of it."""

    def __init__(self, tree) -> None:
        self.tree = tree
        self.reads: Counter[str] = Counter()

    def read(self, path: str) -> bytes:
        self.reads[path] += 1
        return self.tree.read(path)

    def holds(self, path: str) -> bool:
        return self.tree.holds(path)

    def files(self, folder: str) -> list[str]:
        return self.tree.files(folder)

    def leads_outside(self, path: str) -> bool:
        return self.tree.leads_outside(path)

    def expect(self, paths: Iterable[str]) -> None:
        self.tree.expect(paths)


# where data files lie


def test_a_data_file_is_taken_apart_once():
    file = DataFile.at("data/2025/局/一项.yaml")
    assert (file.year, file.path, file.name, file.stem) == ("2025", "局/一项", "一项", "2025/局/一项")
    assert file.source == str(file) == "data/2025/局/一项.yaml"
    assert Path("/x") / file == Path("/x/data/2025/局/一项.yaml")
    assert (file.before(2), file.after(1)) == (DataFile("2023", "局/一项"), DataFile("2026", "局/一项"))


@pytest.mark.parametrize(
    "path",
    ["data/site.yaml", "data/x.yaml", "schema/2025/x.yaml", "data/2025/.x.yaml", "data/2025/~$x.yaml",
     "data/2025/x.yml", "data/2025/x", "/data/2025/x.yaml", ""],
)  # fmt: skip
def test_what_is_no_data_file(path):
    assert DataFile.parse(path) is None
    with pytest.raises(ValueError, match="no path of a data file"):
        DataFile.at(path)


def test_a_folder_that_is_no_year_has_none_before_it():
    assert DataFile("草稿", "x").before(1) is None


def test_files_of_one_path_come_together_year_after_year():
    files = [DataFile(year, path) for year in ("2024", "2025") for path in ("局", "局-1", "局2", "处/局")]
    groups = list(by_path(files))
    assert [[file.year for file in group] for group in groups] == [["2024", "2025"]] * 4
    assert [group[0].path for group in groups] == sorted(
        ("局", "局-1", "局2", "处/局"), key=lambda p: f"{p}.yaml".split("/")
    )


# a snapshot


def project_of(contents: dict[str, bytes]) -> Project:
    return Project(Contents(contents), Path("/nowhere"))


def test_a_file_is_read_once_and_stays_what_it_was():
    contents = {"a": b"1"}
    tree = Counting(Contents(contents))
    project = Project(tree, Path("/nowhere"))
    assert (project.read("a"), project.digest("a")) == (b"1", snapshot.digest(b"1"))
    contents["a"] = b"2"
    assert project.read("a") == b"1"
    assert tree.reads == {"a": 1}


def test_what_is_not_there_does_not_come_into_being():
    contents: dict[str, bytes] = {}
    project = project_of(contents)
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            project.read("a")
        assert not project.holds("a") and project.digest("a") == ""
        contents["a"] = b"1"


def test_contents_are_kept_up_to_a_limit_and_never_mixed(monkeypatch):
    monkeypatch.setattr(snapshot, "KEPT_BYTES", 10)
    contents = {name: name.encode() * 6 for name in "abc"}
    project = project_of(contents)
    for name in "abc":
        project.read(name)
    assert project.read("a") == b"aaaaaa"
    contents["b"] = b"other"
    with pytest.raises(ToolError, match="被改动"):
        project.read("b")
    assert project.digest("b") == snapshot.digest(b"bbbbbb")


def shout(project: Project, path: str) -> str:
    return project.read(path).decode().upper()


def two(project: Project) -> list[str]:
    return [project.once(shout, path) for path in project.files("d")]


def test_once_means_once_for_each_snapshot():
    contents = {"d/a": b"x", "d/b": b"y", "e": b"z"}
    project, other = project_of(contents), project_of(dict(contents))
    assert project.once(two) is project.once(two)
    assert project.once(two) == other.once(two) == ["X", "Y"]
    assert project.once(two) is not other.once(two)


def test_the_next_one_shares_what_did_not_change():
    contents = {"d/a": b"x", "d/b": b"y", "e": b"z"}
    tree = Counting(Contents(contents))
    project = Project(tree, Path("/nowhere"))
    before, kept = project.once(two), project.once(shout, "e")
    contents["d/a"] = b"new"
    following = project.with_changes(["d/a"])
    assert following.once(two) == ["NEW", "Y"]
    assert following.once(shout, "e") is kept
    assert project.once(two) is before
    assert tree.reads == {"d/a": 2, "d/b": 1, "e": 1}


def test_a_file_that_comes_changes_what_was_made_of_its_folder():
    contents = {"d/a": b"x"}
    project = project_of(contents)
    assert project.once(two) == ["X"]
    contents["d/b"] = b"y"
    assert project.once(two) == ["X"]
    assert project.with_changes(["e"]).once(two) == ["X"]
    assert project.with_changes(["d/b"]).once(two) == ["X", "Y"]


def refuse(project: Project, path: str) -> str:
    raise DataError([Finding(Place(path, 1, 1), "x", project.read(path).decode())])


def test_findings_are_remembered_too():
    contents = {"a": b"1"}
    tree = Counting(Contents(contents))
    project = Project(tree, Path("/nowhere"))
    for _ in range(2):
        with pytest.raises(DataError) as caught:
            project.once(refuse, "a")
        assert caught.value.findings[0].message == "1"
    contents["a"] = b"2"
    with pytest.raises(DataError) as caught:
        project.with_changes(["a"]).once(refuse, "a")
    assert caught.value.findings[0].message == "2"


def test_another_process_takes_one_snapshot_for_all_jobs(tiny_project):
    project = Project.on_disk(tiny_project)
    first, second = pickle.loads(pickle.dumps(project)), pickle.loads(pickle.dumps(project))
    assert first is second and first is not project
    assert first.once(forms.find, "fruit") is second.once(forms.find, "fruit")
    other = pickle.loads(pickle.dumps(Project.on_disk(tiny_project)))
    assert other is not first


# forms and filings


def test_two_projects_in_one_process_do_not_see_each_other(tmp_path):
    one, other = (Project.on_disk(tiny.make(tmp_path / name)) for name in ("a", "b"))
    assert forms.find(one, "fruit") is forms.find(one, "fruit")
    assert forms.find(one, "fruit") is not forms.find(other, "fruit")
    assert loading.filing(one, EAST).form is forms.find(one, "fruit")


def test_a_changed_earlier_year_makes_the_filing_of_the_later_one_anew(tiny_project):
    last = DataFile("2024", EAST.path)
    (tiny_project / "data/2024").mkdir()
    text = (tiny_project / EAST).read_text("utf-8")
    (tiny_project / last).write_text(text.replace("2025", "2024"), "utf-8")
    project = Project.on_disk(tiny_project)
    filing, west = loading.filing(project, EAST), loading.filing(project, WEST)
    assert filing.earlier(1) is loading.filing(project, last)
    (tiny_project / last).write_text("[", "utf-8")
    following = project.with_changes([last.source])
    assert loading.filing(following, EAST) is not filing
    assert "有错误" in str(loading.filing(following, EAST).earlier(1))
    assert loading.filing(following, WEST) is west
    assert filing.earlier(1) is loading.filing(project, last)


def test_one_tree_is_as_good_as_another(tiny_project):
    """The disk, a commit and a mapping give the same reports."""
    versions.git(tiny_project, "init", "-q")
    commit = versions.commit(tiny_project)
    disk = Disk(tiny_project)
    folders = ("data", "schema", "templates")
    contents = {path: disk.read(path) for folder in folders for path in disk.files(folder)}
    for path in ("data/2025/东园.yaml", "schema/fruit.schema.json"):
        (tiny_project / path).unlink()
    trees = [Contents(contents), CommitTree(tiny_project, commit)]
    made = []
    for tree in trees:
        project = Project(tree, tiny_project)
        assert project.data_files() == ([EAST, WEST], [])
        assert not project.holds("data/2025/东园.yaml") or project.read("data/2025/东园.yaml")
        result = job.build_file(project, EAST, site.load_site(project), frozenset({("docx", "official")}))
        assert result.findings == []
        made.append(result.made[0].content)
    assert made[0] == made[1]


def test_a_commit_is_read_in_one_call_and_says_what_it_does_not_have(tiny_project, monkeypatch):
    versions.git(tiny_project, "init", "-q")
    (tiny_project / "data/链接.yaml").symlink_to("site.yaml")
    (tiny_project / "data/a b.yaml").write_text("有空格", "utf-8")
    tree = CommitTree(tiny_project, versions.commit(tiny_project))
    tree.fetch(["data/site.yaml", "data/无.yaml", "data/a b.yaml", "data", "data/两\n行"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert tree.read("data/site.yaml") == (tiny_project / "data/site.yaml").read_bytes()
    assert tree.read("data/a b.yaml").decode() == "有空格"
    for path in ("data/无.yaml", "data", "data/两\n行"):
        assert not tree.holds(path)
        with pytest.raises(FileNotFoundError):
            tree.read(path)
    monkeypatch.undo()
    assert "data/链接.yaml" not in tree.files("data") and "data/a b.yaml" in tree.files("data")


# one reading in a run


@pytest.mark.long
@pytest.mark.nightly  # it measures
def test_memory_does_not_grow_with_the_number_of_files(tmp_path):
    """Four hundred files are gone through as fifty are: by path, and what one left behind is let go of."""
    root = tiny.make(tmp_path / "many")
    for number in range(400):
        tiny.write_unit(root, f"园{number}")
    files = list(by_path(Project.on_disk(root).data_files()[0]))
    assert len(files) > 400

    def kept(groups: list[list[DataFile]], *, release: bool = True) -> int:
        """The bytes that are still held when all files were gone through."""
        project = Project.on_disk(root)
        project.data_files()
        gc.collect()
        tracemalloc.start()
        for group in groups:
            for file in group:
                result, filing = job.check_file(project, file)
                assert filing and not result.findings
            if release:
                project.release(group)
            project._contents.clear()  # the bytes of files have a limit of their own
        del result, filing
        gc.collect()
        # Python's own table of interned names doubles now and then, at a time that nobody chooses
        ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/perfgen/*")])
        tracemalloc.stop()
        return sum(trace.size for trace in ours.traces)

    kept(files)  # what the process itself keeps grows only once
    few, many, all_of_them = kept(files[:50]), kept(files), kept(files, release=False)
    # what grows is a digest for each file
    assert many - few < 500 * len(files) < (all_of_them - few) / 10, (few, many, all_of_them)


def test_a_build_reads_each_file_once(tiny_project):
    tree = Counting(Disk(tiny_project))
    outcome = batch.build(BuildOrder(Project(tree, tiny_project), jobs=1))
    assert outcome.exit_code == 0 and outcome.made
    assert set(tree.reads.values()) == {1}
    assert {"data/2025/东园.yaml", "schema/fruit.schema.json", "templates/fruit/form.docx"} <= set(tree.reads)


@pytest.fixture
def counted(monkeypatch) -> Counter[str]:
    """How often a run reads YAML, computes figures, holds a document to its schema, compiles a page template."""
    counts: Counter[str] = Counter()

    def count(owner, name: str, what) -> None:
        real = getattr(owner, name)

        def noted(*arguments, **named):
            counts[what(*arguments)] += 1
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, noted)

    count(reader, "load_yaml", lambda content, file: f"YAML {file}")
    count(Sheet, "__init__", lambda *_: "figures")
    count(schema, "_findings_of", lambda filing: f"schema {filing.document.file}")
    count(jinja2.Environment, "compile", lambda _, source, name=None, *__: f"template {name}")
    count(html_templates, "_environment", lambda _, folder: f"environment {folder}")
    return counts


@pytest.fixture
def samples(tmp_path, repository) -> tuple[Path, list[str]]:
    root = tmp_path / "samples"
    for folder in ("data", "schema", "templates"):
        shutil.copytree(repository / folder, root / folder)
    return root, [file.source for file in Project.on_disk(root).data_files()[0]]


def more_than_one(counts: Counter[str]) -> dict[str, int]:
    """What was done several times; formulas, and the XML of a Word template, are templates without a name."""
    return {what: number for what, number in counts.items() if number > 1 and what != "template None"}


def test_a_check_reads_and_computes_each_file_once(samples, counted, capsys):
    root, files = samples
    assert cli.main(["-C", str(root), "check"]) == 0
    assert len(files) > 8
    for file in files:
        assert counted[f"YAML {file}"] == counted[f"schema {file}"] == 1
    assert counted["figures"] == len(files)
    assert set(more_than_one(counted)) == {"figures"}


@pytest.mark.long
def test_a_build_reads_and_computes_each_file_once_and_compiles_each_template_once(samples, counted, capsys):
    root, files = samples
    assert cli.main(["-C", str(root), "build", "-j1", "--only", "docx,html,data_json,index"]) == 0
    for file in files:
        assert counted[f"YAML {file}"] == counted[f"schema {file}"] == 1
    assert counted["figures"] == len(files)
    # each form that is published has a page of its own; what they share is there for each and for the page about all
    forms = 1 + len(
        {path.name for path in (root / "build/public").glob("20*/*") if path.name.endswith(("目标", "自评"))}
    )
    more = more_than_one(counted)
    templates = {name: count for name, count in more.items() if name != "figures"}
    assert all(name.startswith("template ") for name in templates)
    assert counted["template page.html"] == forms
    assert counted["template templates/shared/site-page.html"] == forms + 1
    assert max(templates.values()) <= forms + 1


def test_a_comparison_checks_each_version_once(samples, counted, capsys):
    root, _ = samples
    versions.git(root, "init", "-q")
    versions.commit(root)
    path = root / "data/2025/示例市档案馆.yaml"
    path.write_text(path.read_text("utf-8").replace("≥", "≤", 1), "utf-8")
    assert cli.main(["-C", str(root), "diff", "HEAD", "--format", "json"]) == 1
    assert counted["schema data/2025/示例市档案馆.yaml"] == counted["YAML data/2025/示例市档案馆.yaml"] == 2
    assert counted["schema data/2024/示例市档案馆.yaml"] == 2
    # the file, last year's, and the three of other forms that refer to it or that it refers to, in two versions
    assert counted["figures"] == 10


def test_the_package_says_what_it_is():
    assert "each file read at most once" in (project_package.__doc__ or "")


def test_what_is_about_many_files_outlives_their_release_and_no_change_of_them():
    @made.lasting
    def words(project):
        return [project.read(path) for path in project.files("data")]

    def first(project):
        return project.once(words)[0]

    files = [DataFile("2025", "甲"), DataFile("2025", "乙")]
    project = Project(Contents({file.source: file.name.encode() for file in files}), Path("/x"))
    found, taken = project.once(words), project.once(first)
    project.release(files)
    assert project.once(words) is found
    assert project.once(first) is taken
    following = project.with_changes([files[1].source])
    assert following.once(words) is not found
    assert not any(key[0] is first for key in project.with_changes(["data/2025/丙.yaml"])._made)
