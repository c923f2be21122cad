"""Scores of the project review, each worked out by hand beside it: two ways to score, which differ in data only.

The formulas are those of 财预〔2020〕10号, for a weight w, a target t and an outcome a: at least t: a/t·w below t, then
w; at most t: w up to t, (1−(a−t)/t)·w up to 2t, then 0; grades: a score of one's own in a tier. Hubei's note says
w·t/a for at most t, tiers down to 80 % and 50 %, and 20 points for how much of the money was spent.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.helpers import reviews

NATIONAL: dict[str, object] = {}
HUBEI: dict[str, object] = {"反向": "倒数", "部分达成下限": 0.5, "执行率满分": 20}
MANUAL: dict[str, object] = {"超额扣分": 2, "总分封顶": [100, 89, 79, 69, 59]}
"""Of a manual that names no place."""
PROFILES = {"national": NATIONAL, "hubei": HUBEI, "manual": MANUAL}
NONE = None

# name, weight, target, outcome, score of one's own: the score; and in Hubei
CASES: list[tuple[str, float, str, str, float | None, str | None, str | None]] = [
    # at least
    ("巡检次数", 10, "≥300次", "300次", NONE, "10", "10"),  # reached
    ("巡检次数", 10, "≥300次", "288次", NONE, "9.6", "9.6"),  # 288/300 = 0.96, ·10
    ("抽检批次", 15, "≥6200批次", "6510批次", NONE, "15", "15"),  # more is not more
    ("验收合格率", 8, "≥98%", "97.2%", NONE, "7.93", "7.93"),  # 97.2/98 = 0.991836…, ·8 = 7.9346…
    ("演练次数", 7, "≥3次", "2次", NONE, "4.67", "4.67"),  # 2/3·7 = 4.666…
    ("宣传场次", 10, "≥4场", "0场", NONE, "0", "0"),  # nothing done
    ("设备完好率", 10, ">98%", "98%", NONE, "10", "10"),  # 98/98 = 1, ·10
    ("培训人数", 12, "≥1万人", "9000人", NONE, "10.8", "10.8"),  # 9000/10000 = 0.9, ·12
    ("挽回损失", 5, "≥420万元", "0.05亿元", NONE, "5", "5"),  # 500万元 is more
    ("挽回损失", 5, "≥420万元", "378万元", NONE, "4.5", "4.5"),  # 378/420 = 0.9, ·5
    ("入库量", 10, "提升≥10%", "提升=5%", NONE, "5", "5"),  # 5/10 = 0.5, ·10
    ("减收", 6, "≥0元", "0元", NONE, "6", "6"),  # reached
    ("及时率", 9, "不低于95%", "94.05%", NONE, "8.91", "8.91"),  # 94.05/95 = 0.99, ·9
    ("利用率", 10, "90%以上", "45%", NONE, "5", "5"),  # 45/90 = 0.5, ·10
    # exactly
    ("处置率", 10, "=100%", "100%", NONE, "10", "10"),  # reached
    ("处置率", 10, "=100%", "98%", NONE, "9.8", "9.8"),  # 98/100, ·10
    ("购置数量", 10, "=12台", "13台", NONE, "10", "10"),  # scored as at least 12
    ("事故起数", 5, "=0起", "0起", NONE, "5", "5"),  # none
    ("事故起数", 5, "=0起", "1起", NONE, "0", "0"),  # one is too many
    ("企业数", 8, "40家", "30家", NONE, "6", "6"),  # no sign, none usual: 30/40 = 0.75, ·8
    # at most
    ("每件费用", 20, "≤500元", "500元", NONE, "20", "20"),  # reached
    ("每件费用", 20, "≤500元", "420元", NONE, "20", "20"),  # less is not more
    ("每件费用", 20, "≤500元", "550元", NONE, "18", "18.18"),  # 1−50/500 = 0.9; 500/550·20 = 18.1818…
    ("每件费用", 20, "≤500元", "750元", NONE, "10", "13.33"),  # 1−250/500 = 0.5; 500/750·20 = 13.333…
    ("每件费用", 20, "≤500元", "1000元", NONE, "0", "10"),  # 2t; 500/1000·20
    ("每件费用", 20, "≤500元", "1250元", NONE, "0", "8"),  # beyond 2t; 500/1250·20
    ("到场时间", 6, "<20分钟", "21.5分钟", NONE, "5.55", "5.58"),  # 1−1.5/20 = 0.925; 20/21.5·6 = 5.5813…
    ("投诉起数", 6, "≤0起", "0起", NONE, "6", "6"),  # none
    ("投诉起数", 6, "≤0起", "2起", NONE, "0", "0"),  # no share of 0
    ("单批次成本", 10, "1200元", "1320元", NONE, "9", "9.09"),  # costs are at most: 1−0.1; 1200/1320·10 = 9.0909…
    ("单批次成本", 10, "=1200元", "1320元", NONE, "9", "9.09"),  # the same: more is worse, also of what is said exactly
    ("单批次成本", 10, "=1200元", "1100元", NONE, "10", "10"),  # less is better
    ("投诉率", 10, "≤3%", "3.5%", NONE, "8.33", "8.57"),  # 1−0.5/3 = 0.8333…; 3/3.5·10 = 8.5714…
    ("办理时间", 4, "≤10个工作日", "10.5个工作日", NONE, "3.8", "3.81"),  # 1−0.05; 10/10.5·4 = 3.8095…
    # a range
    ("含水量", 10, "20～30吨", "25吨", NONE, "10", "10"),  # inside
    ("含水量", 10, "20～30吨", "15吨", NONE, "7.5", "7.5"),  # 15/20 = 0.75
    ("含水量", 10, "20～30吨", "33吨", NONE, "9", "9.09"),  # 1−3/30 = 0.9; 30/33·10 = 9.0909…
    # a date: a tenth of the weight for each day
    ("完工时间", 10, "2024年9月底前", "2024年9月20日", NONE, "10", "10"),  # in time
    ("完工时间", 10, "2024年9月底前", "2024年10月3日", NONE, "7", "7"),  # 3 days late
    ("完工时间", 10, "2024年9月底前", "2024年10月15日", NONE, "0", "0"),  # 15 days late
    ("完工时间", 10, "2024-10-31", "2024年11月1日", NONE, "9", "9"),  # 1 day late
    ("开放时间", 10, "2024年3月1日起", "2024年2月27日", NONE, "7", "7"),  # 3 days early: February had 29
    # a grade: a score of one's own, all of the weight where there is none and all was reached
    ("制度", 10, "健全", "健全", NONE, "10", "10"),
    ("制度", 10, "健全", "健全", 8, "8", "8"),
    ("制度", 10, "较健全", "健全", NONE, "10", "10"),  # better than promised
    ("制度", 10, "健全", "较健全", 7.5, "7.5", "7.5"),
    ("制度", 10, "健全", "不健全", 3, "3", "3"),
    ("评价", 10, "优", "良", 6, "6", "6"),
    ("维权意识", 8, "消费者会维权", "达成", 7, "7", "7"),
    ("维权意识", 8, "消费者会维权", "部分达成", 5, "5", "5"),
    ("维权意识", 8, "消费者会维权", "未达成", 0, "0", "0"),
    ("检查", 10, "全覆盖", "100%", NONE, "10", "10"),  # all is 100 %
    # nothing was done
    ("制度", 10, "健全", "—", NONE, "0", "0"),
    ("巡检次数", 10, "≥300次", "—", NONE, "0", "0"),
    ("每件费用", 10, "≤500元", "—", NONE, "0", "0"),
    ("完工时间", 10, "2024年9月底前", "—", NONE, "0", "0"),
    # nothing that can be scored
    ("巡检次数", 10, "≥300次", "288件", NONE, NONE, NONE),
    ("巡检次数", 10, "≥300次", "优", NONE, NONE, NONE),
    ("利用率", 10, "≥90%", "提升=5%", NONE, NONE, NONE),
    ("完工时间", 10, "2024年9月底前", "30天", NONE, NONE, NONE),
    ("完工时间", 10, "2024年9月15日前", "2024年9月", NONE, NONE, NONE),
    ("制度", 10, "健全", "较健全", NONE, NONE, NONE),
    ("维权意识", 8, "消费者会维权", "开展了宣传", NONE, NONE, NONE),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """By the name of a profile, a folder that scores by it."""
    made: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in made:
            made[name] = reviews.folder(tmp_path_factory.mktemp(name), **PROFILES[name])
        return made[name]

    return of


@pytest.fixture(scope="module", params=["national", "hubei"])
def scores(request, place):
    """The name of a profile, and the figures of a review with all cases by it."""
    root = place(request.param)
    rows = [
        (f"{number}号{name}", weight, goal, done, "" if own is None else f", 评分: {own}")
        for number, (name, weight, goal, done, own, *_) in enumerate(CASES)
    ]
    return request.param, reviews.filing(reviews.files(root, rows)).figures


@pytest.mark.parametrize("number", range(len(CASES)), ids=["-".join(map(str, case[:5])) for case in CASES])
def test_a_score_is_what_it_is_by_hand(scores, number):
    profile, figures = scores
    wanted = CASES[number][5 + list(PROFILES).index(profile)]
    found = figures["绩效指标", "产出指标", "数量指标", number, "得分"]
    assert found == (None if wanted is None else Decimal(wanted))


def test_the_points_are_not_added_up_where_one_is_missing(scores):
    assert scores[1]["指标得分",] is None
    assert scores[1]["总分",] is None


@pytest.mark.parametrize(
    ("budget", "spent", "points"),
    [
        ("100", "100", {"national": "10", "hubei": "20"}),
        ("120", "96.5", {"national": "8.04", "hubei": "16.08"}),  # 96.5/120 = 80.42 %: 8.042, 16.084
        ("29", "27.8", {"national": "9.59", "hubei": "19.17"}),  # 27.8/29 = 95.86 %: 9.586, 19.172
        ("100", "95.86", {"national": "9.59", "hubei": "19.17"}),  # the same percentage, the same points
        ("4753.66", "3824.26", {"national": "8.05", "hubei": "16.09"}),  # 3824.26/4753.66 = 80.45 %: 8.045, 16.09
        ("90", "0", {"national": "0", "hubei": "0"}),
        ("90", "99", {"national": "10", "hubei": "20"}),  # never more than all
        ("0", "0", {"national": "0", "hubei": "0"}),
    ],
)
@pytest.mark.parametrize("profile", ["national", "hubei"])
def test_the_points_for_money_spent(place, budget, spent, points, profile):
    row = ("巡检次数", 80.0, "≥300次", "300次", "")
    figures = reviews.filing(reviews.files(place(profile), [row], budget=budget, spent=spent)).figures
    assert figures["资金", "总额", "得分"] == Decimal(points[profile])
    assert figures["总分",] == 80 + Decimal(points[profile])


@pytest.mark.parametrize(
    ("done", "total", "rating"),
    [("300次", "100", "优"), ("267次", "90.1", "优"), ("266次", "89.8", "良"), ("234次", "80.2", "良"),
     ("233次", "79.9", "中"), ("167次", "60.1", "中"), ("166次", "59.8", "差")],
)  # fmt: skip
def test_the_rating(place, done, total, rating):
    # 10 for the money and done/300·90: 267 → 80.1, 266 → 79.8, 234 → 70.2, 233 → 69.9, 167 → 50.1, 166 → 49.8
    root = reviews.files(place("national"), [("巡检次数", 90.0, "≥300次", done, "")])
    figures = reviews.filing(root).figures
    assert (figures["总分",], figures["等级",]) == (Decimal(total), rating)


@pytest.mark.parametrize(
    ("weight", "done", "score"),
    [(10, "389次", "10"), (10, "390次", "8"), (10, "900次", "8"), (1, "390次", "0")],  # from 1.3·300 = 390 on: −2
)
def test_a_place_that_takes_points_off_for_a_target_set_too_low(place, weight, done, score):
    root = place("manual")
    figures = reviews.filing(reviews.files(root, [("巡检次数", weight, "≥300次", done, "")])).figures
    assert figures["绩效指标", "产出指标", "数量指标", 0, "得分"] == Decimal(score)


@pytest.mark.parametrize(
    ("spent", "total"),
    # 90 points for the row, and a tenth of the percentage: 98, 97.99, 97, 96.99 … as long as no cap is lower
    [("80", "98"), ("79.9", "89"), ("70", "89"), ("69.9", "79"), ("60", "79"), ("59.9", "69"), ("50", "69"),
     ("49.9", "59")],
)  # fmt: skip
def test_a_place_that_caps_the_total_by_the_money_spent(place, spent, total):
    root = place("manual")
    figures = reviews.filing(reviews.files(root, [("巡检次数", 90.0, "≥300次", "300次", "")], spent=spent)).figures
    assert figures["总分",] == Decimal(total)


def test_one_form_alone_may_score_otherwise(tmp_path):
    root = reviews.folder(tmp_path)
    rules = root / "schema/project-review.rules.yaml"
    rules.write_text(rules.read_text("utf-8") + "\n参数: {反向: 倒数, 执行率满分: 20}\n", "utf-8")
    figures = reviews.filing(reviews.files(root, [("每件费用", 80.0, "≤500元", "625元", "")], spent="50")).figures
    # 500/625·80 = 64, and half of 20 for the money
    assert (figures["总分",], figures["资金", "总额", "分值"]) == (74, 20)
