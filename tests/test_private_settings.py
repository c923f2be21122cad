"""Of the site's settings a renderer gets what the shipped schema marks as public, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfgen.build import batch, job
from perfgen.build.batch import BuildOrder
from perfgen.form import schema
from perfgen.project import shipped
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.report.site import Site
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long

MARK = "密室标记"
PLANTED = f"""\
站点: {{名称: 公开的名字, 域名: a.example.cn, 标识码: bm00000000}}
公开:
  2025:
    批复日期: 2025-01-24
    公开日期: 2025-02-10
    单位:
      {MARK}甲: {{公开日期: 2031-01-01}}
  2031: {{批复日期: 2031-12-01}}
"""
LEAK = "<p>{{ site }}{% for name in settings %}{{ name }}{{ settings[name] }}{% endfor %}</p>\n</main>"


@pytest.fixture
def planted(project: Path) -> Path:
    """A project whose settings hold marks, and whose templates print all that they are given of them."""
    (project / "data/site.yaml").write_text(PLANTED, "utf-8")
    for name in ("department-target/page.html", "site/index.html"):
        template = project / "templates" / name
        template.parent.mkdir(exist_ok=True)
        text = (REPOSITORY / "templates" / name).read_text("utf-8").replace("</main>", LEAK)
        template.write_text(text if "set settings" in text else "{% set settings = site %}\n" + text, "utf-8")
    return project


@pytest.mark.usefixtures("pdf_stands_in")
def test_no_mark_reaches_an_output(planted):
    assert batch.build(BuildOrder(Project.on_disk(planted))).exit_code == 0
    made = [path.read_bytes().decode("utf-8", "replace") for path in (planted / "build").rglob("*.html")]
    whole = [text for text in made if text.startswith("<!DOCTYPE")]
    assert len(whole) > 2
    for text in made:
        assert MARK not in text and "2031" not in text
    for text in whole:
        assert "公开的名字" in text and "bm00000000" in text


def test_reports_and_lists_hold_public_settings_only(planted):
    project = snapshot(planted)
    editions = job.reports(project, DataFile.at("data/2025/示例市档案馆.yaml"), site.load_site(project))[1]
    assert len(editions) == 2
    for report in editions.values():
        assert set(report.site.settings) == {"站点"} and report.publication is not None


def test_a_key_without_the_mark_stays_in_the_house(monkeypatch, planted):
    """Whatever key the schema gets later: it is private until it is marked."""
    content = json.loads(shipped.read(shipped.SITE_SCHEMA))
    content["properties"]["站点"]["properties"]["值班电话"] = {"type": "string"}
    content["properties"]["内部"] = {"type": "object", "additionalProperties": {"type": "string"}}
    changed = schema.LoadedSchema(content, (), (shipped.SITE_SCHEMA,))
    monkeypatch.setattr(site, "_schema", lambda project: changed)
    names = {"名称": "公开的名字", "值班电话": MARK}
    shown = site.shown(Project.on_disk(planted), Site({"站点": names, "内部": {MARK: MARK}}))
    assert shown == Site({"站点": {"名称": "公开的名字"}})


def test_without_settings_nothing_is_shown(planted):
    assert site.shown(Project.on_disk(planted), Site({})) == Site({})
