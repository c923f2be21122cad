"""A published form has no private rows: their absence is said once, and nothing else comes out otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from perfgen.build import job
from perfgen.importing import import_file
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet

SOURCE = "data/2025/示例市档案馆.yaml"


def edition(root, source: str, which: Edition) -> bytes:
    project = snapshot(root)
    return docx.render(job.reports(project, DataFile.at(source), site.load_site(project))[1][which])


def imported(content: bytes, root=REPOSITORY) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(root)))


def told(result: import_file.Imported) -> list[tuple[str, int]]:
    return [(finding.rule, finding.place.line) for finding in result.notes]


@pytest.mark.parametrize("source", SAMPLES)
def test_a_published_sample(source):
    result = imported(edition(REPOSITORY, source, Edition.PUBLIC))
    assert told(result) == [("import-unsure", 2)]
    assert "公开的表上没有它" in result.notes[0].message
    assert result.proof.same == result.proof.cells
    whole = imported(edition(REPOSITORY, source, Edition.OFFICIAL)).data
    assert result.data == {name: value for name, value in whole.items() if name not in ("填报人", "联系电话")}


def test_what_was_changed_in_a_published_form_is_told_at_its_own_row():
    sheet = Sheet(edition(REPOSITORY, SOURCE, Edition.PUBLIC))
    sheet.write(7, 3, "99")
    sheet.write(16, 3, "61.9千元")
    sheet.write(60, 0, "x")
    result = imported(sheet.save())
    different = [
        (finding.place.line, finding.message) for finding in result.notes if finding.rule == "import-different"
    ]
    assert [line for line, _ in different] == [7]
    assert "原来是“99”" in different[0][1]


def without_public(node: Any, defined: dict[str, Any]) -> Any:
    """A part of a schema with nothing public in it."""
    if isinstance(node, list):
        return [without_public(item, defined) for item in node]
    if not isinstance(node, dict):
        return node
    node = dict(node)
    while "$ref" in node:
        node = {**defined[node.pop("$ref").rpartition("/")[2]], **node}
    return {name: without_public(value, defined) for name, value in node.items() if name != "x-public"}


PRIVATE = {
    "the first row of merged cells": (("收入构成", "财政拨款"),),
    "a row amid merged cells": (("收入构成", "财政专户管理资金"),),
    "the last row of merged cells": (("支出构成", "合计"),),
    "the first two rows": (("收入构成", "财政拨款"), ("收入构成", "财政专户管理资金")),
    "a row that holds a list": (("部门职能概述",),),
    "all the rows of a loop": (("项目支出",),),
}


@pytest.mark.parametrize("paths", PRIVATE.values(), ids=PRIVATE)
def test_other_private_rows(project, paths):
    path = project / "schema/department-target.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    for names in paths:
        members = schema["properties"]
        for name in names[:-1]:
            members = members[name]["properties"]
        members[names[-1]] = without_public(members[names[-1]], schema["$defs"])
    path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    result = imported(edition(project, SOURCE, Edition.PUBLIC), project)
    assert {finding.rule for finding in result.notes} <= {"import-unsure", "import-changed"}
    assert all("少了一行" in finding.message for finding in result.notes)
    assert result.proof.same == result.proof.cells
    whole = imported(edition(project, SOURCE, Edition.OFFICIAL), project)
    assert whole.notes == []
    changed = {names[0] for names in paths}
    for name in {"年度绩效指标", "长期绩效指标", "长期目标"} | (set() if "项目支出" in changed else {"项目支出"}):
        assert result.data[name] == whole.data[name]
