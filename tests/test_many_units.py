"""What work grows as the number of units does, and not faster: counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from perfgen.prove import summary_places
from perfgen.render import year_lists
from perfgen.report import shared_measures, site_lists
from perfgen.report.listing import Entry, Summaries
from perfgen.report.summary import Summary
from tests.helpers.projects import snapshot
from tests.helpers.summaries import entry, report, row, site

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
