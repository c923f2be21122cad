"""What work grows as the number of units does, and not faster: counted, not timed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import all_units, documents
from perfgen.prove import summary_places
from perfgen.render import year_lists
from perfgen.report import shared_measures, site_lists
from perfgen.report.data_links import DataLinks
from perfgen.report.listing import Entry, Summaries
from perfgen.report.summary import Summary
from perfgen.system import git_call
from tests.helpers import cycle
from tests.helpers.projects import snapshot
from tests.helpers.summaries import entry, report, row, site
from tests.helpers.versions import commit, git

REPORTS = [report(f"{number}局", measures=[row("及时率", "≥1")]) for number in range(40)]


class Counted(Summaries):
    """Summaries that count how often the state of each is asked for."""

    def __init__(self, summaries: list[Summary]) -> None:
        self.summaries = {one.stem: one for one in summaries}
        self.asked: Counter[str] = Counter()

    def __getitem__(self, stem: str) -> Summary:
        return self.summaries[stem]

    def __iter__(self) -> Iterator[str]:
        return iter(self.summaries)

    def __len__(self) -> int:
        return len(self.summaries)

    def state(self, stem: str) -> str:
        self.asked[stem] += 1
        return stem

    def measure_states(self, stem: str) -> dict[str, str]:
        return {"及时率": stem}


class Passed(tuple[Entry, ...]):
    """Entries that count how often somebody goes through all of them."""

    times = 0

    def __iter__(self) -> Iterator[Entry]:
        Passed.times += 1
        return super().__iter__()


class Asked(frozenset[str]):
    """Pages that may be asked for one, and are not gone through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all pages are gone through to prove one")


@pytest.mark.parametrize("on_a_page", [2, 40])
def test_a_list_of_many_pages_asks_for_the_state_of_each_report_once(tmp_path, monkeypatch, on_a_page):
    monkeypatch.setattr(site_lists, "ON_A_PAGE", on_a_page)
    listing = site(snapshot(tmp_path), *REPORTS)
    summaries = Counted(REPORTS)
    object.__setattr__(listing, "summaries", summaries)
    assert len(year_lists.outputs(listing)) == 40 // on_a_page
    assert set(summaries.asked.values()) == {1} and len(summaries.asked) == 40


@pytest.mark.parametrize("on_a_page", [2, 40])
def test_a_name_of_many_pages_goes_through_its_reports_as_often_as_one_of_one_page(monkeypatch, on_a_page):
    monkeypatch.setattr(site_lists, "ON_A_PAGE", on_a_page)
    entries = Passed(map(entry, REPORTS))
    measure = shared_measures.SharedMeasure("及时率", "及时率", entries, {one.stem: "" for one in entries})
    Passed.times = 0
    assert len({page.state for page in measure.pages}) == 40 // on_a_page
    assert Passed.times == 3  # for its units, its years, its pages


def test_a_page_is_proven_without_going_through_all_others(tmp_path):
    listing = site(snapshot(tmp_path), *REPORTS)
    page = summary_places.SummaryPage()
    page.links = ["units/1局/index.html"]
    known = Asked(["index.html", "units/1局/index.html"])
    object.__setattr__(listing, "path", "public/index.html")
    found = summary_places.lead_to_public_pages(page, listing, "index.html", known)
    assert found == {"public/units/1局/index.html"}


def test_a_comparison_of_one_file_asks_git_as_often_whatever_lies_beside_it(tmp_path, monkeypatch, capsys):
    calls: Counter[str] = Counter()
    run, where = git_call.run, ""

    def heard(*arguments, given: bytes | None = None, **named):
        calls[where] += 1
        calls[f"{where}, paths"] += (given or b"").count(b":./")
        return run(*arguments, given=given, **named)

    monkeypatch.setattr(git_call, "run", heard)
    for where, others in (("few", 1), ("many", 12)):
        root = _compared(tmp_path / where, others)
        calls[where] = calls[f"{where}, paths"] = 0
        assert cli.main(["-C", str(root), "diff", "HEAD~1..HEAD"]) == 1
        assert "由 96.5" in capsys.readouterr().out
    assert calls["few"] == calls["many"] > 0
    assert calls["few, paths"] == calls["many, paths"] > 0, "git goes through a whole folder to find a path"


def _compared(root: Path, others: int) -> Path:
    """A repository in whose last commit a review has changed, beside so many plans that it is not about."""
    cycle.filled(root)
    for number in range(others):
        cycle.plan(root, f"项目{number}")
    git(root, "init", "-q", "-b", "main")
    commit(root, "first")
    cycle.review(root, spent="90")
    commit(root, "second")
    return root


@pytest.mark.parametrize(("few", "kept"), [(0, 0), (500, 3)])
def test_of_many_files_none_is_kept_whole_to_see_which_one_is_meant(tmp_path, monkeypatch, few, kept):
    monkeypatch.setattr(documents, "FEW", few)
    project = snapshot(cycle.filled(tmp_path / "p"))
    links = DataLinks(project)
    files = {file.name: file for file in project.data_files()[0] if "自评" in file.source}
    assert [str(one) for one in links.referred(files["嫁接"])] == ["data/2025/目标/东园/嫁接.yaml"]
    made = [key for key in project._made if key[0] is documents.load_document]
    assert len(made) == kept


@pytest.mark.parametrize(("source", "looked_at"), [("苹果/园1", 3), ("目标/东园/嫁接", 1)])
def test_a_check_of_one_file_looks_at_those_alone_that_rules_put_beside_it(tmp_path, monkeypatch, source, looked_at):
    root = cycle.filled(tmp_path / "p")
    _with_a_form_that_is_compared(root)
    for number in range(3):
        cycle.write(
            root, f"data/2025/苹果/园{number}.yaml", f"form: apple\n年: 2025\n果园: 园{number}\n总预算: {number}\n"
        )
    looked: list[str] = []
    extract = all_units.extract
    monkeypatch.setattr(
        all_units, "extract", lambda filing, *more: looked.append(filing.document.file) or extract(filing, *more)
    )
    assert cli.main(["-C", str(root), "check", "-j1", f"data/2025/{source}.yaml"]) == 0
    assert len(looked) == looked_at and f"data/2025/{source}.yaml" in looked


def _with_a_form_that_is_compared(root: Path) -> None:
    """Adds a form like the orchards' own, with a rule over all units."""
    schema = (root / "schema/orchard.schema.json").read_text("utf-8").replace("orchard", "apple")
    cycle.write(root, "schema/apple.schema.json", schema)
    rule = "Y1: {名称: 跳, 级别: 提示, 比较: 离群, 公式: 总预算 * 1, 上限: 30, 依据: 规定。}"
    cycle.write(root, "schema/apple.rules.yaml", f"汇审:\n  {rule}\n")
    shutil.copytree(root / "templates/orchard", root / "templates/apple")
