"""Scores of a review, each computed by hand: the formulas of a rules file alone make them, by one profile or another.

The formulas are those of the national rules, for a weight w, a target t and an outcome a: at least t: w where a ≥ t,
else a/t·w; at most t: w where a ≤ t, (1−(a−t)/t)·w up to 2t, then 0; exactly 0: w where a ≤ 0, else 0. The second
profile is a province's: at most t: w·t/a, and other shares for grades.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.check import loading
from perfgen.project.layout import DataFile
from tests.helpers import scored_cycle as cycle
from tests.helpers.projects import snapshot

NONE = None
# name, weight, target, outcome: score; and by the other profile, where that is another
CASES: list[tuple[str, int, str, str, str | None, str | None]] = [
    # at least
    ("甲", 30, "≥100棵", "90棵", "27", "27"),
    ("甲", 30, "≥100棵", "100棵", "30", "30"),
    ("甲", 30, "≥100棵", "130棵", "30", "30"),
    ("甲", 30, "≥100棵", "0棵", "0", "0"),
    ("甲", 10, "≥3次", "2次", "6.67", "6.67"),
    ("甲", 20, "≥90%", "89.9%", "19.98", "19.98"),
    ("甲", 15, "≥1万人", "9000人", "13.5", "13.5"),
    ("甲", 8, "≥95%", "100%", "8", "8"),
    ("甲", 10, "≥0.5次", "0.25次", "5", "5"),
    ("甲", 10, ">5次", "4次", "8", "8"),
    ("甲", 7, "≥0元", "0元", "7", "7"),
    ("甲", 12, "提升≥10%", "提升=5%", "6", "6"),
    ("甲", 12, "提升≥10%", "提升=12%", "12", "12"),
    # exactly
    ("甲", 10, "=100次", "100次", "10", "10"),
    ("甲", 10, "=100次", "80次", "8", "8"),
    ("甲", 10, "=100次", "110次", "10", "10"),
    ("甲", 10, "100次", "95次", "9.5", "9.5"),
    ("甲", 5, "=0起", "0起", "5", "5"),
    ("甲", 5, "0起", "1起", "0", "0"),
    # at most
    ("甲", 20, "≤500元", "500元", "20", "20"),
    ("甲", 20, "≤500元", "450元", "20", "20"),
    ("甲", 20, "≤500元", "550元", "18", "18.18"),
    ("甲", 20, "≤500元", "750元", "10", "13.33"),
    ("甲", 20, "≤500元", "1000元", "0", "10"),
    ("甲", 20, "≤500元", "1200元", "0", "8.33"),
    ("甲", 10, "≤3%", "3.5%", "8.33", "8.57"),
    ("甲", 10, "<10天", "12天", "8", "8.33"),
    ("甲", 5, "≤0起", "0起", "5", "5"),
    ("甲", 5, "≤0起", "2起", "0", "0"),
    ("每亩费用", 20, "500元", "550元", "18", "18.18"),
    ("用度", 20, "500元", "550元", "20", "20"),
    ("费用", 20, "500元", "550元", "18", "18.18"),
    ("合格率", 20, "90%", "45%", "10", "10"),
    # a range
    ("甲", 10, "20～30吨", "25吨", "10", "10"),
    ("甲", 10, "20～30吨", "20吨", "10", "10"),
    ("甲", 10, "20～30吨", "30吨", "10", "10"),
    ("甲", 10, "20～30吨", "15吨", "7.5", "7.5"),
    ("甲", 10, "20～30吨", "33吨", "9", "9.09"),
    ("甲", 10, "20～30吨", "60吨", "0", "5"),
    # a date
    ("甲", 10, "2025年9月底前", "2025年9月20日", "10", "10"),
    ("甲", 10, "2025年9月底前", "2025-09-30", "10", "10"),
    ("甲", 10, "2025年9月底前", "2025年10月3日", "7", "7"),
    ("甲", 10, "2025年9月底前", "2025年10月15日", "0", "0"),
    ("甲", 10, "2025-10-31", "2025年11月1日", "9", "9"),
    ("甲", 10, "2025.12", "2025年12月31日", "10", "10"),
    # a grade
    ("甲", 10, "优", "优", "10", "10"),
    ("甲", 10, "优", "良", "8", "8"),
    ("甲", 10, "优", "中", "6", "5"),
    ("甲", 10, "优", "差", "0", "0"),
    ("甲", 10, "良", "优", "10", "10"),
    # the outcome speaks in the other direction, or of something else
    ("甲", 10, "≥95%", "≤80%", "8.42", "8.42"),
    ("甲", 10, "≥100棵", "90吨", NONE, NONE),
    ("甲", 10, "≥90%", "提升=5%", NONE, NONE),
    ("甲", 10, "提升≥10%", "下降=5%", NONE, NONE),
    ("甲", 10, "≥100棵", "优", NONE, NONE),
    ("甲", 10, "2025年9月底前", "30天", NONE, NONE),
]
PROFILES = {
    "national": "参数: {反向: 差额, 良档: 0.8, 中档: 0.6, 每天扣: 0.1}",
    "provincial": "参数: {反向: 倒数, 良档: 0.8, 中档: 0.5, 每天扣: 0.1}",
}


@pytest.fixture(scope="module", params=PROFILES)
def scores(request, tmp_path_factory):
    """The name of a profile, and the scores of all cases by it: each is a row in a group of its own."""
    root = cycle.forms(tmp_path_factory.mktemp("scores"))
    rules = root / "schema/score.rules.yaml"
    text = rules.read_text("utf-8")
    assert PROFILES["national"] in text
    rules.write_text(text.replace(PROFILES["national"], PROFILES[request.param]), "utf-8")
    head = "年: 2025\n果园: 东园\n项目: 嫁接\n"
    target = [f"form: target\n{head}负责人: 王园长\n预算: 100\n目标: 好\n行:\n  类:"]
    score = [f"form: score\n{head}负责人: 王园长\n执行: 80\n行:\n  类:"]
    for number, (name, weight, promised, outcome, *_) in enumerate(CASES):
        target.append(f"    第{number}:\n      - {{名称: {name}, 目标值: '{promised}', 权重: {weight}}}")
        score.append(f"    第{number}:\n      - {{名称: {name}, 完成值: '{outcome}'}}")
    cycle.write(root, "data/2025/目标/东园/嫁接.yaml", "\n".join(target))
    cycle.write(root, "data/2025/自评/东园/嫁接.yaml", "\n".join(score))
    return request.param, loading.filing(snapshot(root), DataFile("2025", "自评/东园/嫁接")).figures


@pytest.mark.parametrize("number", range(len(CASES)), ids=["-".join(map(str, case[:4])) for case in CASES])
def test_a_score_is_what_it_is_by_hand(scores, number):
    profile, figures = scores
    _, weight, promised, _, *wanted = CASES[number]
    expected = wanted[list(PROFILES).index(profile)]
    row = ("行", "类", f"第{number}", 0)
    assert figures[*row, "得分"] == (None if expected is None else Decimal(expected))
    assert (figures[*row, "目标值"], figures[*row, "权重"]) == (promised, weight)


def test_the_sum_and_the_rating_come_of_the_scores(scores):
    profile, figures = scores
    column = list(PROFILES).index(profile)
    total = sum(Decimal(case[4 + column] or 0) for case in CASES)
    assert figures["总分",] == total
    assert figures["等次",] == "优"
