"""A bureau's own pages of before still build, and look as they did: whole ones, framed ones, those of a form's page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from tests.conftest import REPOSITORY
from tests.helpers.projects import with_form

OLD = REPOSITORY / "tests/data/pages-of-before"
UNIT = "2025/示例市档案馆"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return with_form(tmp_path_factory.mktemp("before") / "仓库", "data/site.yaml", f"data/{UNIT}.yaml")


def built(root: Path, page: str, shared: str | None) -> str:
    """The unit's page from a bureau's own page.html, with its own copy of the shared templates of before or without."""
    for path in (root / "templates/department-target/page.html", root / "templates/shared"):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.copytree(REPOSITORY / "templates/shared", root / "templates/shared")
    shutil.copy(OLD / page, root / "templates/department-target/page.html")
    for path in (OLD / shared).iterdir() if shared else ():
        shutil.copy(path, root / "templates/shared" / path.name)
    assert (
        cli.main(["-C", str(root), "build", "-j1", "--only", "html", "--date", "2026-11-26", f"data/{UNIT}.yaml"]) == 0
    )
    return (root / f"build/public/{UNIT}/index.html").read_text("utf-8")


@pytest.mark.parametrize("page", ["whole.html", "framed.html"])
def test_a_page_with_a_style_of_its_own_is_the_same_but_for_the_classes_of_columns(root, page):
    then, now = built(root, page, "shared"), built(root, page, None)
    assert re.sub(r'<col class="w\d+">', "<col>", now) == then
    assert "style-src 'sha256-" in now and "<script" not in now and 'rel="stylesheet"' not in now


def test_what_fills_the_page_of_a_form_says_the_same_in_the_frame_of_now(root):
    then, now = built(root, "form-page.html", "shared"), built(root, "form-page.html", None)
    assert paths(now) == paths(then) and len(paths(now)) > 100, "the table has a page of its own now"
    assert "style-src 'sha256-" in then and "style-src 'self'" in now and "<style" not in now and " style=" not in now
    assert re.search(r'<link rel="stylesheet" href="\.\./\.\./assets/site\.[0-9a-f]{8}\.css">', now)


def paths(page: str) -> set[str]:
    """The values of the data that a page prints."""
    return set(re.findall(r' data-path="([^"]*)"', page))


def test_a_start_page_of_before_still_builds(root):
    """It extends the frame of before, with the style that it always had."""
    own = root / "templates/site/index.html"
    shutil.copy(OLD / "index.html", own)
    built(root, "framed.html", None)
    assert cli.main(["-C", str(root), "build", "-j1", "--only", "html,index", "--date", "2026-11-26"]) == 0
    page = (root / "build/public/index.html").read_text("utf-8")
    assert f'href="{UNIT.partition("/")[0]}/' in page and "style-src 'sha256-" in page
