"""The project review, 项目支出绩效自评表: its rows and columns, samples, rules, Word form, page and what stays private."""

from __future__ import annotations

# 财预〔2020〕10号, as filled in and published in 2022 (9 columns); typed from there before the form was made.
# A cell is (text, columns, rows); `…` is a value. The order of the rows and their texts are the form's; where no span was
# known to us, the span is ours.
WIDTH = 9
HEAD = [
    [("项目名称", 2, 1), ("…", 7, 1)],
    [("主管部门", 2, 1), ("…", 3, 1), ("实施单位", 2, 1), ("…", 2, 1)],
]
OURS_PRIVATE = [("填报人", 2, 1), ("…", 3, 1), ("联系电话", 2, 1), ("…", 2, 1)]
MONEY = [
    [
        ("项目资金（万元）", 2, 5),
        ("", 1, 1),
        *((n, 1, 1) for n in ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")),
    ],
    [("年度资金总额", 1, 1), *[("…", 1, 1)] * 3, ("10", 1, 1), *[("…", 1, 1)] * 2],
    *(
        [(name, 1, 1), *[("…", 1, 1)] * 3, *[("—", 1, 1)] * 3]
        for name in ("其中：本年财政拨款", "上年结转资金", "其他资金")
    ),
]
GOAL = [[("年度总体目标", 1, 2), ("预期目标", 4, 1), ("实际完成情况", 4, 1)], [("…", 4, 1), ("…", 4, 1)]]
INDICATORS = [
    "绩效指标",
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
]
# the total of 100 is in the form; its spans and the rating beside it are ours, as are the reasons for money not spent
# and for a project that was stopped, which are only there where they are typed
OURS_TOTAL = [("总分", 6, 1), ("100", 1, 1), ("…", 1, 1), ("…", 1, 1)]
OURS_REASONS = ["执行率低的原因", "项目停止的原因"]
LEVELS = {
    "成本指标": ["经济成本指标", "社会成本指标", "生态环境成本指标"],
    "产出指标": ["数量指标", "质量指标", "时效指标"],
    "效益指标": ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"],
    "满意度指标": ["服务对象满意度指标"],
}
"""Of the form, but for the costs: they are an indicator of 产出 there, and a group of their own since 财预〔2021〕101号."""
