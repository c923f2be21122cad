"""What a page of the public site weighs, and how often a browser asks for it: phones far from the city load it."""

from __future__ import annotations

import pytest

from benchmarks import pages
from benchmarks.pages import Weight, weight
from tests.helpers.whole_site import Site

FIRST, UNIT = 100 * 1024, 150 * 1024
"""Bytes, with style sheets and scripts, before anything is packed."""


@pytest.fixture(scope="module")
def weights(whole_site: Site) -> dict[str, Weight]:
    return {
        whole_site.kind(page): weight(page) for page in whole_site.samples().values() if page.name != "fragment.html"
    }


def test_the_first_page_is_light_and_takes_few_requests(weights):
    assert weights["start"].plain <= FIRST and weights["start"].requests <= 4


def test_no_page_of_a_unit_or_a_form_is_heavy(weights):
    heavy = {kind: found.plain for kind, found in weights.items() if found.plain > UNIT}
    assert heavy == {} and len(weights) > 10
    assert max(found.requests for found in weights.values()) <= 4


def test_the_first_page_of_two_thousand_units_is_as_light(tmp_path):
    start, names = pages.of_many(tmp_path)
    found = weight(tmp_path / "build/public/index.html")
    assert found.plain <= FIRST and found.requests <= 4 and str(found) == start.value
    assert "2,000" in names.what


def test_a_page_weighs_all_that_its_head_names(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    page = tmp_path / "a/b/index.html"
    page.write_text('<link rel="stylesheet" href="../%E6%A0%B7.css">\n<script defer src="../x.js"></script>', "utf-8")
    (tmp_path / "a/样.css").write_text("x" * 1000)
    (tmp_path / "a/x.js").write_text("y" * 500)
    found = weight(page)
    assert found.plain == page.stat().st_size + 1500 and found.requests == 3
    assert found.packed < found.plain
    (tmp_path / "a/x.js").unlink()
    with pytest.raises(FileNotFoundError):
        weight(page)


def test_the_heaviest_of_each_kind_is_found(whole_site):
    kinds = {
        kind: page.relative_to(whole_site.public).as_posix() for kind, page, _ in pages.heaviest(whole_site.public)
    }
    assert kinds["start page"] == "index.html" and kinds["page of a unit"].startswith("units/")
    assert kinds["page of a form"].count("/") > 1 and kinds["official table"].endswith("/table.html")
