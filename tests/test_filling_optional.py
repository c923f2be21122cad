"""What need not be filled in: holes that a file may do without go, what must be there stays."""

from __future__ import annotations

import pytest

from perfgen.data import ValuePath
from perfgen.filling.change import changed
from perfgen.filling.edits import Drop, Edit, Many, Remove
from perfgen.filling.optional import all_left_out, left_out, without_optional
from perfgen.source import reader
from tests.helpers.projects import REPOSITORY, document_and_form

SOURCE = "data/2025/项目自评/示例市档案馆/馆库与数字档案系统运行维护.yaml"
FORM = document_and_form(REPOSITORY, SOURCE)[1]
TEXT = """\
表式: project-review
年度: 2025
项目名称: 甲
填报人:
资金:
  财政拨款: {年初预算数: 1, 全年执行数: }
  上年结转资金: {年初预算数: , 全年预算数: , 全年执行数: }
  原因:
停止:
绩效指标:
  成本指标:
    经济成本指标:
      - {三级指标: 一, 完成值: , 评分: , 原因: }
      - {三级指标: , 完成值: , 评分: }
    社会成本指标:
      - {三级指标: , 完成值: , 评分: }
"""
DOCUMENT = reader.load_yaml(TEXT.encode(), SOURCE)
COSTS: ValuePath = ("绩效指标", "成本指标")
FIRST: ValuePath = (*COSTS, "经济成本指标", 0)


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        (("停止",), Drop(("停止",))),
        (("填报人",), None),  # must be filled in
        ((*FIRST, "完成值"), None),
        ((*FIRST, "评分"), Drop((*FIRST, "评分"))),
        (FIRST, Many((Drop((*FIRST, "评分")), Drop((*FIRST, "原因"))))),
        ((*COSTS, "经济成本指标", 1, "评分"), Remove((*COSTS, "经济成本指标", 1))),
        ((*COSTS, "社会成本指标", 0, "三级指标"), Remove((*COSTS, "社会成本指标"))),
        (("资金", "上年结转资金"), Remove(("资金", "上年结转资金"))),
        (("没有",), None),
    ],
)
def test_a_row_or_group_without_anything_goes_and_else_what_it_may_do_without(
    path: ValuePath, edit: Edit | None
) -> None:
    assert left_out(DOCUMENT, FORM.fields, path) == edit


def test_what_is_left_out_at_many_places_is_taken_out_as_one() -> None:
    paths: list[ValuePath] = [(*FIRST, "评分"), (*FIRST, "原因"), (*COSTS, "经济成本指标", 1, "三级指标"),
                              (*COSTS, "社会成本指标", 0, "完成值"), ("停止",), ("填报人",)]  # fmt: skip
    text = changed(DOCUMENT, FORM, Many(all_left_out(DOCUMENT, FORM.fields, paths)))
    assert text.endswith("  原因:\n绩效指标:\n  成本指标:\n    经济成本指标:\n      - {三级指标: 一, 完成值: }\n")


def test_an_empty_file_without_what_is_optional_keeps_its_rows_and_what_must_be_there() -> None:
    text = changed(DOCUMENT, FORM, without_optional(DOCUMENT, FORM.fields))
    assert reader.load_yaml(text.encode(), SOURCE).data == {
        **{name: DOCUMENT.data[name] for name in ("表式", "年度", "项目名称", "填报人")},
        "资金": {"财政拨款": {"年初预算数": 1, "全年执行数": None}, "上年结转资金": {"全年执行数": None}},
        "绩效指标": {
            "成本指标": {
                "经济成本指标": [{"三级指标": "一", "完成值": None}, {"三级指标": None, "完成值": None}],
                "社会成本指标": [{"三级指标": None, "完成值": None}],
            }
        },
    }
