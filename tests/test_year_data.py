"""What others take of all published files: tables of a year, their description, checksums, feed, site map."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

import pytest
from lxml import etree

from perfgen.build import site_build
from perfgen.findings import ToolError
from perfgen.project.snapshot import Project
from perfgen.prove.proof import ProofError
from perfgen.render import catalog, checksums, datapackage, feed, sitemap, year_tables
from perfgen.render.parts import open_tables
from perfgen.render.parts.html_templates import _json_ld
from perfgen.render.parts.made_files import content_of
from perfgen.report.listing import Entry, Listing, Made
from perfgen.report.site import Site
from perfgen.report.summary import AmountSummary, CorrectionSummary, MeasureSummary, Summary
from tests.conftest import REPOSITORY
from tests.helpers import site_data, tiny
from tests.helpers.site_data import build, in_json, public_files

DATA = REPOSITORY / "tests/data"
ATOM = "{http://www.w3.org/2005/Atom}"
FORMATS = (
    "data_csv", "data_json", "data_schema", "summary", "html", "year_tables", "datapackage", "dataset", "catalog",
    "feed", "sitemap", "checksums",
)  # fmt: skip
ADDRESS = "https://www.example.gov.cn/jixiao/"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = site_data.samples(tmp_path_factory.mktemp("site") / "数据")
    build(root)
    return root


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def published(root) -> list[str]:
    """The folders of the public files, below the public root."""
    return sorted(path.removesuffix("/data.json") for path in public_files(root) if path.endswith("/data.json"))


@pytest.mark.parametrize("year", ["2024", "2025"])
def test_the_table_of_all_values_is_all_files_together(built, year):
    files = public_files(built)
    whole = rows_of(files[f"data/values-{year}.csv"])
    assert whole[0] == ["年度", "单位", "表", "事项", "位置", "名称", "内容"]
    own = [
        [head["年度"], head["单位"], *row[-3:]]
        for path in sorted(files)
        if path.startswith(f"{year}/") and path.endswith(".csv")
        for row in rows_of(files[path])[1:]
        for head in [dict(zip(rows_of(files[path])[0], row, strict=True))]
    ]
    assert len(own) > 300
    assert sorted(own) == sorted([*row[:2], *row[4:]] for row in whole[1:])
    assert {row[2] for row in whole[1:]} == {in_json(built, f"{stem}/dataset.jsonld")["keywords"][0] for stem in
                                            published(built) if stem.startswith(year)}  # fmt: skip
    subjects = {row[3] for row in whole[1:]}
    assert any("批次" in subject or "A&B" in subject for subject in subjects) and "" in subjects


def test_measures_and_amounts_are_numbers_that_can_be_computed_with(built):
    files = public_files(built)
    rows = rows_of(files["data/measures-2025.csv"])
    measures = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    found = next(row for row in measures if row["名称"] == "老旧电梯单台评估成本")
    assert (found["要求"], found["方向"], found["数值"], found["计量单位"]) == ("≤1,500元", "不高于", "1500", "元")
    assert found["文件"] == "2025/项目目标/示例市市场监督管理局/A&B 类特种设备安全监察"
    assert all(Decimal(row["数值"]) >= 0 for row in measures if row["数值"])
    rows = rows_of(files["data/amounts-2025.csv"])
    amounts = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    income = [row for row in amounts if row["单位"] == "示例市档案馆" and row["属于"] in ("", "收入合计")]
    whole = next(Decimal(row["金额"]) for row in income if row["名称"] == "收入合计")
    assert whole == sum(Decimal(row["金额"]) for row in income if row["属于"] == "收入合计") == Decimal("548.46")


def test_the_library_of_the_format_finds_no_error(built):
    import frictionless  # takes half a second

    path = built / "build/public/datapackage.json"
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["message"])
    assert len(report.tasks) == len(list((built / "build/public/data").iterdir())) == 6
    package = frictionless.Package(str(path))
    assert package.to_descriptor()["profile"] == "tabular-data-package"
    amounts = package.get_resource("amounts-2025").read_rows()
    assert isinstance(amounts[0]["金额"], Decimal)
    spoilt = built / "build/public/data/amounts-2025.csv"
    before = spoilt.read_bytes()
    spoilt.write_bytes(before.replace(b"548.46", b"x", 1))
    try:
        assert not frictionless.validate(str(path)).valid
    finally:
        spoilt.write_bytes(before)


def test_every_column_is_described_and_nothing_has_a_clock(built):
    package = in_json(built, "datapackage.json")
    assert "created" not in package
    for resource in package["resources"]:
        content = public_files(built)[resource["path"]]
        heads = rows_of(content)[0]
        assert [field["name"] for field in resource["schema"]["fields"]] == heads
        assert all(field["description"].endswith("。") for field in resource["schema"]["fields"])
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def listed(root) -> None:
    """Holds the checksums to what lies on the disk."""
    files = public_files(root)
    said = json.loads(files.pop("checksums.json"))
    assert said["format"] == 1
    assert said["files"] == {
        path: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for path, content in files.items()
    }
    assert list(said["files"]) == sorted(said["files"])


def test_checksums_are_those_of_every_public_file(built):
    listed(built)


def test_checksums_are_right_after_each_build(tiny_project):
    build(tiny_project)
    listed(tiny_project)
    text = tiny.UNIT.format(name="东园").replace("3.5", "4.5")
    tiny.write_unit(tiny_project, "东园", text)
    assert build(tiny_project).made
    listed(tiny_project)
    assert "4.5" in public_files(tiny_project)["data/values-2025.csv"].decode()
    settings = tiny_project / "data/site.yaml"
    settings.write_text(settings.read_text("utf-8") + "    单位: {西园: {公开日期: 2027-01-01}}\n", "utf-8")
    text = settings.read_text("utf-8").replace("{批复日期: 2025-01-24, 公开日期: 2025-02-10}", "")
    settings.write_text(text + "    批复日期: 2025-01-24\n    公开日期: 2025-02-10\n", "utf-8")
    build(tiny_project)
    listed(tiny_project)
    files = public_files(tiny_project)
    assert not any("西园" in path for path in files)
    assert not any("西园" in content.decode("utf-8", "replace") for path, content in files.items() if path[0] != "2")
    tiny.write_unit(tiny_project, "东园", text="form: fruit\n年: 2025\n果园: 东园\n")
    (tiny_project / "data/2025/西园.yaml").unlink()
    build(tiny_project)
    listed(tiny_project)


def test_without_a_published_file_there_is_nothing_to_describe(tiny_project):
    (tiny_project / "data/site.yaml").unlink()
    build(tiny_project)
    listed(tiny_project)
    names = {path.rpartition("/")[2] for path in public_files(tiny_project)}
    assert not names & {"datapackage.json", "feed.xml", "catalog.jsonld", "sitemap.xml", "robots.txt"}
    assert not any(name.endswith(".csv") for name in names)


def test_the_same_data_gives_the_same_bytes(built, tmp_path):
    other = site_data.samples(tmp_path / "elsewhere")
    build(other, only=FORMATS)
    mine, theirs = public_files(built), public_files(other)
    made = [path for path in theirs if not path.endswith("/index.html")]
    assert {"datapackage.json", "data/values-2024.csv", "feed.xml"} < set(made)
    changing = {"checksums.json", "sitemap.xml"}  # the other has no Word files and no PDFs
    assert {path for path in made if mine[path] != theirs[path]} <= changing


def test_the_feed_is_valid_and_tells_the_newest_first(built):
    tree = etree.fromstring(public_files(built)["feed.xml"])
    schema = etree.RelaxNG(etree.parse(DATA / "atom.rng"))
    assert schema.validate(tree), schema.error_log
    days = [entry.findtext(f"{ATOM}updated") for entry in tree.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True) and len(days) == len(published(built)) == 6
    assert tree.findtext(f"{ATOM}updated") == days[0] == "2025-08-15T00:00:00+08:00"
    ids = [element.text for element in tree.iter(f"{ATOM}id")]
    assert len(set(ids)) == 7 and all(one.startswith("tag:www.example.gov.cn,20") and one.isascii() for one in ids)
    pages = {entry.find(f"{ATOM}link").get("href") for entry in tree.iter(f"{ATOM}entry")}
    assert all(page.startswith(f"{ADDRESS}202") for page in pages)


def test_a_feed_that_breaks_the_specification_is_noticed(built):
    tree = etree.fromstring(public_files(built)["feed.xml"])
    schema = etree.RelaxNG(etree.parse(DATA / "atom.rng"))
    for name in ("id", "title", "updated"):
        broken = etree.fromstring(etree.tostring(tree))
        entry = broken.find(f"{ATOM}entry")
        entry.remove(entry.find(f"{ATOM}{name}"))
        assert not schema.validate(broken), name


def test_the_site_map_is_valid_and_has_every_page(built):
    files = public_files(built)
    tree = etree.fromstring(files["sitemap.xml"])
    schema = etree.XMLSchema(etree.parse(DATA / "sitemap.xsd"))
    assert schema.validate(tree), schema.error_log
    pages = [path for path in files if path.endswith(".html") and not path.endswith("/fragment.html")]
    assert len(tree) == len(pages) > 5
    assert files["robots.txt"].decode().splitlines()[-1] == f"Sitemap: {ADDRESS}sitemap.xml"


def listing(root, site: Site, *summaries: Summary, made: tuple[str, ...] = ()) -> Listing:
    """A listing of published files of which only the summaries matter."""
    entries = tuple(sorted(Entry(one.year, one.unit, one.title, one.stem, one.published, one.subject)
                           for one in summaries))  # fmt: skip
    by_stem = {one.stem: one for one in summaries}
    return Listing(Project.on_disk(root), "templates/site", site, entries, by_stem,
                   made={path: Made("0" * 64, 1) for path in made})  # fmt: skip


def summary(number: int, **changes: object) -> Summary:
    stem = f"2025/甲{number}"
    first = Summary("a", "表", "2025", f"甲{number}", "", stem, f"甲{number}", f"甲{number}的表", "2025-01-01",
                    f"2025-02-{number % 28 + 1:02}", False)  # fmt: skip
    return replace(first, **changes)


def test_the_feed_has_fifty_entries_and_a_correction_is_news(tmp_path):
    corrected = CorrectionSummary("2025-09-01", "<金额>\x00", "1", "错&漏")
    many = listing(tmp_path, Site({}), *map(summary, range(60)), summary(99, corrections=(corrected,)))
    content = feed.render(many)
    assert feed.prove(content, many) == 50
    tree = etree.fromstring(content)
    schema = etree.RelaxNG(etree.parse(DATA / "atom.rng"))
    assert schema.validate(tree), schema.error_log
    first = tree.find(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}updated") == "2025-09-01T00:00:00+08:00"
    assert first.findtext(f"{ATOM}summary").endswith("2025-09-01 更正<金额><U+0000>：错&漏")
    assert first.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert first.find(f"{ATOM}link").get("href") == "2025/%E7%94%B299/index.html"
    moved = feed.render(listing(tmp_path, Site({}), summary(99, published="2026-01-01")))
    assert etree.fromstring(moved).find(f"{ATOM}entry/{ATOM}id").text == first.findtext(f"{ATOM}id")


def test_many_pages_make_an_index_of_site_maps(tmp_path, monkeypatch):
    monkeypatch.setattr(sitemap, "MOST", 3)
    site = Site({"站点": {"网址": ADDRESS}})
    pages = tuple(f"public/2025/甲{number}/index.html" for number in range(7))
    many = listing(tmp_path, site, *map(summary, range(7)), made=(*pages, "public/2025/甲1/fragment.html"))
    schema = etree.XMLSchema(etree.parse(DATA / "sitemap.xsd"))
    wanted = sitemap.outputs(many)
    names = ("sitemap.xml", "robots.txt", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml")
    assert list(wanted) == [f"public/{name}" for name in names]
    found = []
    for path in wanted:
        one = replace(many, path=path)
        content = sitemap.render(one)
        assert sitemap.prove(content, one)
        if path.endswith(".xml"):
            tree = etree.fromstring(content)
            assert schema.validate(tree), schema.error_log
            found += [] if path.endswith("sitemap.xml") else [element[0].text for element in tree]
    assert len(found) == len(set(found)) == 7
    assert sitemap.outputs(replace(many, site=Site({}))) == {}


def test_text_that_a_spreadsheet_would_run_is_guarded_in_every_table(tmp_path):
    measure = MeasureSummary(
        "甲[1]", "=1+1", ("+a", "b"), "=100%", "等于", "100", "%", (("2024", "@x"),), "-2+3", "达到", False
    )
    amount = AmountSummary("乙", "-x", "1,260.5", "万元", "=A1", (("2021", "-3.5"),), ())
    one = listing(tmp_path, Site({}), summary(1, unit="=HYPERLINK(1)", measures=(measure,), amounts=(amount,)))
    for table in (open_tables.MEASURES, open_tables.AMOUNTS):
        made = replace(one, path=open_tables.path_of(table, "2025"))
        content = year_tables.render(made)
        assert year_tables.prove(content, made) > 10
        heads, row = rows_of(content)
        said = dict(zip(heads, row, strict=True))
        assert said["单位"] == "'=HYPERLINK(1)"
        if table == open_tables.MEASURES:
            assert (said["名称"], said["分组"], said["要求"], said["结果"]) == ("'=1+1", "'+a/b", "=100%", "'-2+3")
            assert said["上年"] == "'@x"
        else:
            assert (said["名称"], said["金额"], said["占比"], said["4 年前"]) == ("'-x", "1260.5", "'=A1", "-3.5")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2021.12", "2021.12"), ("１，２６０．５", "1260.5"), ("-3", "-3"), ("+3", "3"), ("≥5", ""), ("12万", ""),
     ("—", ""), ("", ""), ("1e5", ""), ("NaN", ""), ("١٢", ""), ("1 2", ""), ("5.", ""), ("--5", "")],
)  # fmt: skip
def test_a_cell_of_a_number_holds_a_number_or_nothing(tmp_path, typed, number):
    measure = MeasureSummary("甲[1]", "甲", (), "要", "", typed, "", (), "", "", False)
    whole = amount(typed)
    one = listing(tmp_path, Site({}), summary(1, measures=(measure,), amounts=(whole,)))
    for table, name in ((open_tables.MEASURES, "数值"), (open_tables.AMOUNTS, "金额")):
        made = replace(one, path=open_tables.path_of(table, "2025"))
        content = year_tables.render(made)
        assert year_tables.prove(content, made)
        heads, row = rows_of(content)
        assert dict(zip(heads, row, strict=True))[name] == number


def amount(value: str) -> AmountSummary:
    return AmountSummary("乙", "合计", value, "万元", "", (("2024", value),), ())


@pytest.mark.parametrize(
    ("module", "path", "change"),
    [
        (year_tables, "public/data/values-2025.csv", ("548.46", "548.64")),
        (year_tables, "public/data/measures-2025.csv", (",1500,", ",1501,")),
        (year_tables, "public/data/measures-2025.csv", ("不高于", "不低于")),
        (year_tables, "public/data/amounts-2025.csv", (",548.46,", ",548.64,")),
        (datapackage, "public/datapackage.json", ('"name": "占比"', '"name": "占 比"')),
        (checksums, "public/checksums.json", ('"size": ', '"size": 1')),
        (catalog, "public/catalog.jsonld", ('"landingPage":"2024', '"landingPage":"2023')),
        (feed, "public/feed.xml", ("2025-08-15T00", "2025-08-16T00")),
        (sitemap, "public/sitemap.xml", ("jixiao/2024", "jixiao/2023")),
    ],
)
def test_a_changed_output_fails_the_proof(built, monkeypatch, module, path, change):
    content = (built / "build" / path).read_bytes()
    spoilt = content.replace(*map(str.encode, change), 1)
    assert spoilt != content
    seen = []
    monkeypatch.setattr(site_build, "_make", lambda build, wanted, listing: seen.append(listing))
    (built / "build" / path).unlink()
    build(built)
    (built / "build" / path).write_bytes(content)
    (one,) = [each for each in seen if each.path == path]
    assert module.prove(content, one)
    with pytest.raises(ProofError):
        module.prove(spoilt, one)


def test_an_output_that_was_changed_meanwhile_is_not_taken_over(built):
    path = "public/datapackage.json"
    one = listing(built, Site({}), made=(path,))
    with pytest.raises(ToolError):
        content_of(one, path)


SCHEMA_ORG = {"Dataset", "DataDownload", "DataCatalog", "GovernmentOrganization", "PropertyValue"}


def test_each_file_is_described_for_search_engines_and_in_its_page(built):
    for stem in published(built):
        made = in_json(built, f"{stem}/dataset.jsonld")
        page = public_files(built)[f"{stem}/index.html"].decode()
        block = page.partition('<script type="application/ld+json" data-described')[2].partition(">")[2]
        assert json.loads(block.partition("</script>")[0]) == made
        assert made["@context"][0] == "https://schema.org/" and made["@type"] == ["Dataset", "dcat:Dataset"]
        assert 50 <= len(made["description"]) <= 5000, "what Google asks of a description"
        assert made["@id"] == made["url"] and made["url"].startswith(ADDRESS) and made["url"].isascii()
        assert made["creator"]["name"] and made["publisher"]["name"] == "示例市财政局"
        assert made["datePublished"] <= made["dateModified"]
        assert made["temporalCoverage"] == f"{stem[:4]}-01-01/{stem[:4]}-12-31"
        assert types_of(made) <= SCHEMA_ORG | {"dcat:Dataset", "dcat:Distribution"}
        measured = made["variableMeasured"]
        assert len(measured) > 5 and all(one["name"] and one["value"] for one in measured)
        for one in made["distribution"]:
            assert unquote(one["contentUrl"].removeprefix(ADDRESS)) in public_files(built), one


def types_of(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(types_of, node))
    if not isinstance(node, dict):
        return set()
    own = node.get("@type", [])
    return set([own] if isinstance(own, str) else own) | set().union(*map(types_of, node.values()))


def test_a_description_cannot_end_its_block(tmp_path):
    block = str(_json_ld({"name": "</script><script>alert(1)</script>&<!--"}))
    assert block.count("<") == block.count(">") == 2
    assert json.loads(block.partition(">")[2].partition("<")[0])["name"].startswith("</script>")


def test_the_catalogue_has_every_file_and_every_table(built):
    made = in_json(built, "catalog.jsonld")
    assert made["@type"] == "dcat:Catalog" and made["@context"]["@base"] == ADDRESS
    names = {name for name in made if not name.startswith("@")}
    assert names <= set(made["@context"])
    pages = [unquote(one["landingPage"]) for one in made["dataset"] if "landingPage" in one]
    assert sorted(pages) == [f"{stem}/index.html" for stem in published(built)]
    files = {unquote(each["downloadURL"]): each["byteSize"] for one in made["dataset"] for each in one["distribution"]}
    there = {path: len(content) for path, content in public_files(built).items()}
    assert files == {path: size for path, size in there.items() if path.endswith(".csv") or path.endswith("/data.json")}


def test_a_licence_is_told_where_the_settings_have_one(tmp_path):
    root = site_data.samples(tmp_path / "p", "data/2025/示例市档案馆.yaml")
    settings = root / "data/site.yaml"
    own = "  数据许可: 示例许可\n  数据许可网址: https://www.example.gov.cn/xuke.html\n栏目:"
    settings.write_text(settings.read_text("utf-8").replace("栏目:", own, 1), "utf-8")
    build(root, only=FORMATS)
    assert in_json(root, "datapackage.json")["licenses"] == [
        {"title": "示例许可", "path": "https://www.example.gov.cn/xuke.html"}
    ]
    for path in ("2025/示例市档案馆/dataset.jsonld", "catalog.jsonld"):
        assert in_json(root, path)["license"] == "https://www.example.gov.cn/xuke.html"
