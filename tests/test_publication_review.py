"""From the year that the settings name on, nothing is published without a review that lets it out."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import batch, job, last_build
from perfgen.build.batch import BuildOrder
from perfgen.fields import read_fields
from perfgen.findings import FormError, Level
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.report import deadline, open_data, site, unreviewed
from perfgen.report.report import Edition
from perfgen.review.settings.plain_changes import plain_changes
from perfgen.source import reader
from perfgen.system.day import Day, Origin
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long

REVIEW = {
    "title": "看过没有", "type": "object", "x-role": "disclosure", "x-printed": False, "additionalProperties": False,
    "x-next": "clear",
    "properties": {
        "何人": {"type": "string", "x-printed": False}, "何日": {"type": "string", "x-printed": False},
        "怎样": {"enum": ["行", "不行"], "x-printed": False}, "还有": {"type": "string", "x-printed": False},
    },
}  # fmt: skip
SINCE = "公开审查: {自: 2025}\n"
PASSED = "看过: {何人: 秘密审查员, 何日: 2025-02-10, 怎样: 行}\n"
EAST = DataFile.at("data/2025/东园.yaml")


def orchard(root: Path, *, field: dict | None = REVIEW, since: str = SINCE, east: str = "", west: str = "") -> Path:
    """Two units with their dates; what their reviews say stands at the end of their files."""
    root = tiny.make(root)
    schema = json.loads(tiny.SCHEMA_TEXT)
    if field is not None:
        schema["properties"]["看过"] = field
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "data/site.yaml").write_text(tiny.SITE + since, "utf-8")
    for name, text in (("东园", east), ("西园", west)):
        tiny.write_unit(root, name, tiny.UNIT.format(name=name) + text)
    return root


def build(root: Path) -> batch.BuildOutcome:
    return batch.build(BuildOrder(Project.on_disk(root), day=Day(date(2025, 3, 1), Origin.OPTION)))


def public(root: Path) -> set[str]:
    return {path.name for path in (root / "build/public").glob("2025/*") if path.is_dir()}


def obstacle(root: Path) -> str:
    project = Project.on_disk(root)
    return site.load_site(project).obstacle(EAST, forms.find(project, "fruit"))


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ("", "没有审查记录"), ("看过: {}\n", "没有审查记录"),
        ("看过:\n", "没有审查记录"), ("看过: 行\n", "没有审查记录"),
        ("看过: {何人: 甲, 怎样: 行}\n", "审查记录没有填全"),
        ("看过: {何日: 2025-02-01, 怎样: 行}\n", "审查记录没有填全"),
        ("看过: {何人: 甲, 何日: 2025-02-01, 怎样: 不行}\n", "审查的结果是“不行”"),
        ("看过: {何人: 甲, 何日: 2025-02-11, 怎样: 行}\n", "2025-02-11 审查，晚于公开日期 2025-02-10"),
        ("看过: {何人: 甲, 何日: 二月, 怎样: 行}\n", "审查的日期“二月”不是日期"),
        (PASSED, ""), ("看过: {何人: 甲, 何日: 2024-12-31, 怎样: 行, 还有: 改过一处}\n", ""),
    ],
)  # fmt: skip
def test_what_keeps_a_file_back(tmp_path, record, why):
    assert obstacle(orchard(tmp_path / "果园", east=record)) == why


@pytest.mark.parametrize(
    ("since", "kept"), [("", False), ("公开审查: {自: 2026}\n", False), (SINCE, True), ("公开审查: {自: 2024}\n", True)]
)
def test_it_counts_from_its_year_on(tmp_path, since, kept):
    root = orchard(tmp_path / "果园", since=since, east=PASSED)
    assert build(root).exit_code == 0
    assert public(root) == ({"东园"} if kept else {"东园", "西园"})


def test_a_record_that_comes_or_goes_changes_what_is_public(tmp_path):
    root = orchard(tmp_path / "果园")
    build(root)
    assert public(root) == set()
    tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园") + PASSED)
    build(root)
    assert public(root) == {"东园"}
    assert last_build.up_to_date(Project.on_disk(root), Day(date(2025, 3, 2), Origin.OPTION)) is not None
    tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园") + PASSED.replace("怎样: 行", "怎样: 不行"))
    outcome = build(root)
    assert public(root) == set() and outcome.removed
    tiny.write_unit(root, "东园", tiny.UNIT.format(name="东园") + PASSED)
    build(root)
    tiny.write_unit(root, "东园", "form: fruit\n乱: [")
    build(root)
    assert public(root) == {"东园"}, "what was made public may stay until its file can be read again"


def test_nothing_of_the_record_is_public(tmp_path):
    root = orchard(tmp_path / "果园", east=PASSED, west=PASSED)
    build(root)
    made = [path for path in (root / "build/public").rglob("*") if path.is_file()]
    assert any(path.name == "data.schema.json" for path in made)
    for path in made:
        content = path.read_bytes()
        assert not any(word.encode() in content for word in ("秘密审查员", "看过", "何人", "公开审查")), path


def test_the_build_says_once_a_year_who_waits_and_why(tmp_path, capsys):
    root = orchard(tmp_path / "果园", east=PASSED.replace("怎样: 行", "怎样: 不行"))
    assert cli.main(["-C", str(root), "build", "--date", "2025-03-01"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "公开审查" in line]
    begin = "2025 年有 2 份等公开审查，不在 build/public 里："
    assert line.startswith(begin + "审查的结果是“不行”（东园）；没有审查记录（西园）。")
    root = orchard(tmp_path / "另一园", since="公开审查: {自: 2026}\n")
    cli.main(["-C", str(root), "build", "--date", "2025-03-01"])
    assert "公开审查" not in capsys.readouterr().out


def test_a_file_without_dates_is_only_asked_for_these(tmp_path, capsys):
    root = orchard(tmp_path / "果园")
    (root / "data/site.yaml").write_text(tiny.SITE.partition("公开:")[0] + SINCE, "utf-8")
    cli.main(["-C", str(root), "build", "--date", "2025-03-01"])
    said = capsys.readouterr().out
    assert "没有做网页" in said and "公开审查" not in said
    project = Project.on_disk(root)
    assert unreviewed.check(project, project.data_files()[0], date(2025, 3, 1)) == []


def test_check_says_it_where_the_record_is_or_would_be(tmp_path):
    root = orchard(tmp_path / "果园", east=PASSED.replace("怎样: 行", "怎样: 不行"))
    project = Project.on_disk(root)
    assert unreviewed.check(project, project.data_files()[0], date(2025, 1, 23)) == [], "not approved yet"
    found = unreviewed.check(project, project.data_files()[0], date(2025, 1, 24))
    assert {one.rule for one in found} == {unreviewed.RULE} and {one.level for one in found} == {Level.WARNING}
    assert [(one.place.file, one.place.line) for one in found] == [
        ("data/2025/东园.yaml", 8), ("data/2025/西园.yaml", 1),
    ]  # fmt: skip
    assert found[0].message == "不会公开：审查的结果是“不行”。"
    assert found[1].hint.endswith("写上 看过: {何人: 姓名, 何日: 2025-01-10, 怎样: 行}")
    assert cli.main(["-C", str(root), "check", "--date", "2025-02-01"]) == 0


def test_check_and_status_say_that_the_days_pass_meanwhile(tmp_path, capsys):
    root = orchard(tmp_path / "果园", east=PASSED)
    project = Project.on_disk(root)

    def said(today: date) -> list[str]:
        found = deadline.check(project, project.data_files()[0], today)
        return [one.message.partition("；")[2] for one in found if "西园" in one.message]

    assert said(date(2025, 2, 9)) == []
    wanted = "公开日期 2025-02-10 到了，公开审查没有通过，没有公开，"
    assert said(date(2025, 2, 10)) == [wanted + "还有 3 天。"]
    assert said(date(2025, 2, 15)) == [wanted + "已经过了 2 天。"]
    cli.main(["-C", str(root), "status", "2025", "--date", "2025-02-15"])
    told = capsys.readouterr().out
    assert "公开审查没有记录、没有通过的有 1 份，不会公开。" in told
    assert "已公开 1 份" in told and "1 份公开审查没有通过" in told and "公开期限过了 2 天" in told


def test_a_form_without_the_field_is_said_once_and_kept_back(tmp_path, capsys):
    root = orchard(tmp_path / "果园", field=None)
    project = Project.on_disk(root)
    (found,) = unreviewed.check(project, project.data_files()[0], date(2025, 3, 1))
    assert found.place.file == "schema/fruit.schema.json" and "x-role: disclosure" in found.hint
    assert cli.main(["-C", str(root), "build", "--date", "2025-03-01"]) == 0
    assert capsys.readouterr().out.count("“水果登记表”没有记审查的一项（东园、西园）") == 1 and public(root) == set()
    (root / "data/site.yaml").write_text(tiny.SITE, "utf-8")
    build(root)
    assert public(root) == {"东园", "西园"}, "nobody asked for a review"


def test_what_another_file_shows_waits_for_its_review_too(tmp_path):
    root = orchard(tmp_path / "果园", east=PASSED)
    project = Project.on_disk(root)
    settings = site.load_site(project)
    form = forms.find(project, "fruit")
    day = site.Site(settings.settings, "2025-03-01", project)
    assert day.shows(EAST, form) and not day.shows(DataFile.at("data/2025/西园.yaml"), form)
    assert not site.Site(settings.settings, "2025-03-01").shows(EAST, form), "who has no files knows no review"


def test_next_years_file_says_nothing_of_it_and_drops_nothing(tmp_path, capsys):
    root = orchard(tmp_path / "果园", east=PASSED)
    assert cli.main(["-C", str(root), "rollover", "data/2025/东园.yaml"]) == 0
    assert "看过" not in (root / "data/2026/东园.yaml").read_text("utf-8").replace("# ", "")
    capsys.readouterr()
    cli.main(["-C", str(root), "diff", "--years", "2025..2026"])
    assert "看过" not in capsys.readouterr().out


# the schema


def fields(**change: object) -> None:
    schema = json.loads(tiny.SCHEMA_TEXT)
    schema["properties"]["看过"] = json.loads(json.dumps(REVIEW)) | change
    read_fields(schema, "x.schema.json")


def parts(**change: object) -> dict:
    return {"properties": json.loads(json.dumps(REVIEW["properties"])) | change}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "string", "properties": {}}, "前三项依次是"),
        ({"properties": {"何人": {}, "怎样": {}}}, "前三项依次是"),
        (parts(怎样={"type": "string"}), "第三项是结果，要列出可选的词"),
        (parts(何人={"type": "string", "x-public": True}), "都不公开"),
        (parts(还有={"type": "object", "properties": {"甲": {"x-public": True}}}), "都不公开"),
        ({"x-public": True}, "都不公开"),
    ],
)  # fmt: skip
def test_a_schema_that_records_it_wrongly_is_refused(change, said):
    fields()
    with pytest.raises(FormError) as refused:
        fields(**change)
    assert said in str(refused.value.findings[0])


def test_there_is_one_record_and_it_stands_at_the_top():
    schema = json.loads(tiny.SCHEMA_TEXT)
    schema["properties"] |= {"看过": REVIEW, "又看过": REVIEW}
    with pytest.raises(FormError, match="又看过"):
        read_fields(schema, "x.schema.json")
    schema = json.loads(tiny.SCHEMA_TEXT)
    schema["properties"]["里面"] = {"type": "object", "properties": {"看过": REVIEW}}
    with pytest.raises(FormError, match="顶层"):
        read_fields(schema, "x.schema.json")


@pytest.mark.parametrize("form", forms.loaded(snapshot(REPOSITORY)), ids=lambda form: form.name)
def test_every_shipped_form_records_it_and_the_corrections(form):
    name, *_ = form.fields.find_parts("disclosure", 3)
    field = form.fields.members[name]
    assert not field.printed and field.next.kind == "clear" and not field.holds_public()
    assert name not in form.fields.required
    assert form.fields.find_parts("corrections", 4)


# the settings


@pytest.mark.parametrize("since", ["公开审查: {自: 26}", "公开审查: {从: 2026}", "公开审查: 2026", "公开审查: {}"])
def test_settings_that_say_it_wrongly_are_errors(tmp_path, since):
    root = orchard(tmp_path / "果园", since=since + "\n")
    assert cli.main(["-C", str(root), "check"]) == 1


def test_taking_the_demand_away_is_a_change_of_what_is_public():
    old, new = (reader.load_yaml(text.encode(), "data/site.yaml") for text in (tiny.SITE + SINCE, tiny.SITE))
    (change,) = plain_changes(old, new, "data/site.yaml")
    assert change.kind.name == "PUBLIC"


def test_a_sample_shows_it_and_its_public_edition_does_not():
    project, file = snapshot(REPOSITORY), DataFile.at("data/2025/示例市住房和城乡建设局.yaml")
    _, editions = job.reports(project, file, site.load_site(project))
    name, *_ = editions[Edition.PUBLIC].form.fields.find_parts("disclosure", 3)
    assert name in editions[Edition.OFFICIAL].data and name not in editions[Edition.PUBLIC].data
    assert name not in json.dumps(open_data.schema(editions[Edition.PUBLIC]), ensure_ascii=False)
