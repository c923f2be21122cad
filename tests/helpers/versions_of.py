"""Two versions of a unit's form as reports, made by editing the data of a sample."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from perfgen.check import loading
from perfgen.check.filing import Filing
from perfgen.project.layout import DataFile
from perfgen.report import report, site
from perfgen.report.report import Edition, Report
from perfgen.source.reader import Document
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

SOURCE = "data/2025/示例市档案馆.yaml"
Edit = Callable[[dict[str, Any]], Any]


def data() -> dict[str, Any]:
    """The sample's data, to be edited."""
    return copy.deepcopy(loading.well_formed(snapshot(REPOSITORY), DataFile.at(SOURCE)).document.data)


def official(values: dict[str, Any]) -> Report:
    """The official report of edited data."""
    base = loading.well_formed(snapshot(REPOSITORY), DataFile.at(SOURCE))
    document = Document(SOURCE, values, base.document.values, base.document.keys)
    return report.assemble(snapshot(REPOSITORY), Filing(document, base.form), site.Site({}))[Edition.OFFICIAL]


def versions(edit: Edit) -> tuple[Report, Report]:
    """The sample before and after an edit in place."""
    before, after = data(), data()
    edit(after)
    return official(before), official(after)


def row(name: str, value: str = "≥1项") -> dict[str, str]:
    """A row for a group of the yearly block."""
    return {"三级指标": name, "指标值": value, "依据": "计划标准", "分类": "绩效基本型"}
