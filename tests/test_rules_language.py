"""The words that a rules file is written with: other files, names, patterns and copies, all written out when read."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.check import loading, rule_book
from perfgen.check.check import check_filing
from perfgen.data import path_text
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.form.rules import Target
from perfgen.project.layout import DataFile
from perfgen.project.snapshot import Project
from perfgen.repository import contents
from tests.conftest import REPOSITORY
from tests.helpers import book
from tests.helpers.projects import snapshot, with_form

FORM = "department-target"
PLAIN = Path(__file__).parent / "cases/plain.rules.yaml"
"""The rules of that form in the language without the words of this module: it loads, and finds the same."""
SAMPLES = ("data/2025/示例市档案馆.yaml", "data/2024/鄂州市财政局.yaml")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The form with its rules as they are written, and as they were without patterns, names, copies, other files."""
    roots = [with_form(tmp_path_factory.mktemp(name), *SAMPLES) for name in ("written", "plain")]
    for root in roots:
        # every twentieth: test_cases.py goes through all of them with the rules as written
        for case in sorted((PLAIN.parent / "bad").glob("*.yaml"))[::20]:
            shutil.copy(case, root / "data/2025" / case.name)
            for year in ("2024", "2023"):
                (root / "data" / year).mkdir(exist_ok=True)
                shutil.copy(PLAIN.parent / f"earlier/{year}.yaml", root / "data" / year / case.name)
    shutil.copy(PLAIN, roots[1] / f"schema/{FORM}.rules.yaml")
    return [snapshot(root) for root in roots]


def form_of(project):
    form = forms.find(project, FORM)
    assert form is not None
    return form


def test_rules_in_the_plain_language_have_the_same_ids_and_parts(both):
    written, plain = (form_of(project).rules.rules for project in both)
    assert list(written) == list(plain)
    for rule_id, rule in plain.items():
        other = written[rule_id]
        for part in ("name", "level", "claims", "kept_by", "source", "covers", "tells", "asks"):
            assert getattr(other, part) == getattr(rule, part), (rule_id, part)
        assert [target.path for target in other.targets] == [target.path for target in rule.targets]
        assert [where_in(target) for target in other.targets] == [where_in(target) for target in rule.targets]


def where_in(target: Target) -> tuple[str, ...]:
    return (target.each, *target.points)


def test_figures_in_the_plain_language_are_the_same(both):
    written, plain = (
        {path_text(one.path): (one.formula.text, one.unit) for one in form_of(project).figures.figures}
        for project in both
    )
    assert written == plain


def test_findings_are_the_same_under_both(both):
    for source in sorted(path for path in both[0].files("data") if path.startswith("data/2025/") or path in SAMPLES):
        said = []
        for project in both:
            try:
                said.append(check_filing(loading.filing(project, DataFile.at(source))))
            except Exception as error:  # one that cannot be read is as unreadable under both
                said.append([str(error)])
        assert said[0] == said[1], source


def test_the_books_list_the_same_ids(both):
    ids = [
        [line for line in rule_book.book(form_of(project)).splitlines() if line.startswith("### ")] for project in both
    ]
    assert ids[0] == ids[1] and len(ids[0]) > 80


# ── a small form ──

NUMBER = {"type": "number"}
SUMS = {"type": "object", "properties": {"当年": NUMBER, "上年": NUMBER, "占比": NUMBER}}
SCHEMA = {
    "title": "试",
    "type": "object",
    "properties": {
        "表": {"const": "x", "x-role": "form"},
        "年": {"type": "integer", "x-role": "year"},
        "名": {"type": "string", "x-role": "unit"},
        "答": {"type": "object", "x-role": "waivers", "additionalProperties": {"type": "string"}},
        "收": {"type": "object", "properties": {"甲": SUMS, "乙": SUMS, "合计": SUMS}},
        "行": {"type": "array", "items": {"type": "object", "properties": {"名称": {"type": "string"}, "数": NUMBER}}},
        "列": {"type": "array", "items": {"type": "object", "properties": {"名称": {"type": "string"}, "数": NUMBER}}},
    },
}
DATA = """\
表: x
年: 2025
名: 园
收: {甲: {当年: 30, 上年: 1}, 乙: {当年: 10, 上年: 2}}
行: [{名称: 一, 数: 1}, {名称: 二, 数: 5}]
列: [{名称: 一, 数: 2}, {名称: 二, 数: 4}]
"""
SAID = "说法: 不对。, 依据: 试"


@pytest.fixture
def small(tmp_path):
    """Writes the rules files of a small form, by their names, and gives the project."""

    def write(**files: str) -> Project:
        for name, text in {
            "schema/x.schema.json": json.dumps(SCHEMA, ensure_ascii=False),
            "data/2025/园.yaml": DATA,
        }.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, "utf-8")
        for name, text in files.items():
            (tmp_path / f"schema/{name}.rules.yaml").write_text(text, "utf-8")
        return snapshot(tmp_path)

    return write


def found(project: Project) -> list[str]:
    """What a check of the one file says, with rules and places."""
    filing = loading.filing(project, DataFile.at("data/2025/园.yaml"))
    return [f"{one.rule} {path_text(one.path)} {one.message}" for one in check_filing(filing)]


def formulas(project: Project) -> dict[str, str]:
    form = forms.find(project, "x")
    assert form is not None
    return {".".join(map(str, figure.path)): figure.formula.text for figure in form.figures.figures}


def test_a_star_is_each_member_and_brackets_are_the_names_in_them(small):
    project = small(
        x="计算:\n  收.合计.(当年、上年): 求和(收.甲.*, 收.乙.*)\n"
        "  收.*.占比: {公式: '百分比(收.*.当年, 收.合计.当年)', 单位: '%'}\n  收.甲.占比: 收.甲.当年 * 2\n"
    )
    assert formulas(project) == {
        "收.合计.当年": "求和(收.甲.当年, 收.乙.当年)",
        "收.合计.上年": "求和(收.甲.上年, 收.乙.上年)",
        "收.甲.占比": "收.甲.当年 * 2",
        "收.乙.占比": "百分比(收.乙.当年, 收.合计.当年)",
        "收.合计.占比": "百分比(收.合计.当年, 收.合计.当年)",
    }
    filing = loading.filing(project, DataFile.at("data/2025/园.yaml"))
    assert filing.figures["收", "乙", "占比"] == 25


@pytest.mark.parametrize(
    ("place", "formula", "written"),
    [
        ("收.（甲，乙）.上年", "收.*.当年 * 2", {"收.甲.上年": "收.甲.当年 * 2", "收.乙.上年": "收.乙.当年 * 2"}),
        ("收.合计.(甲类)", "行 | 选取(名称='*') | 求和('数')", {"收.合计.甲类": "行 | 选取(名称='甲类') | 求和('数')"}),
        ("(收.甲、收.乙).占比", "*.当年*2", {"收.甲.占比": "收.甲.当年*2", "收.乙.占比": "收.乙.当年*2"}),
        ("收.合计.*", "收.甲.**1", {f"收.合计.{n}": f"收.甲.{n}*1" for n in ("当年", "上年", "占比")}),
        ("行.(丙、丁)", '数 * 2 + (列 | 选取(名称="*") | 计数)', {
            f"行.{n}": f'数 * 2 + (列 | 选取(名称="{n}") | 计数)' for n in ("丙", "丁")}),
    ],
)  # fmt: skip
def test_the_name_is_put_where_the_formula_has_a_star_and_products_stay(small, place, formula, written):
    body = json.dumps(formula, ensure_ascii=False)
    assert formulas(small(x=f"计算:\n  {place}: {body}\n")) == written


def test_a_name_stands_in_front_of_figures_and_of_paths(small):
    text = (
        "列表:\n  两行: [行, 列]\n  收的: [收]\n  各项: 收的.(甲、乙)\n计算:\n  两行.丙: 数 * 2\n"
        "  两行.(丁、戊): 数 + (行 | 选取(名称='*') | 计数)\n"
        "  各项.上年: 收.合计.当年\n审核:\n  A01: {名称: 试, 级别: 警告, 核对: [各项.上年, 收的.甲.上年], 依据: 试}\n"
    )
    project = small(x=text)
    same = "数 + (行 | 选取(名称='{}') | 计数)"
    rows = {f"{one}.{name}": same.format(name) for one in "行列" for name in "丁戊"}
    assert formulas(project) == {
        "行.丙": "数 * 2", "列.丙": "数 * 2", **rows, "收.甲.上年": "收.合计.当年", "收.乙.上年": "收.合计.当年",
    }  # fmt: skip
    form = forms.find(project, "x")
    assert form is not None and form.rules.rules["A01"].claims == (("收", "甲", "上年"), ("收", "乙", "上年"))


def test_a_name_stands_for_its_lists_in_objects_and_for_its_list_in_formulas(small):
    text = (
        "列表:\n  甲行: 行\n  两行: [甲行, 列]\n审核:\n"
        "  A01: {名称: 试, 级别: 警告, 对象: 两行, 公式: 数 < 4, 说法: '{{ 名称 }} {{ 甲行 | 计数 }}', 依据: 试}\n"
        "  A02: {名称: 试, 级别: 警告, 公式: (甲行 | 计数) == 3 or (甲行.名称 | 计数('甲行')) > 0, "
        "当: 上年表.甲行 != 无 or 名 != '甲行', " + SAID + "}\n"
        "汇审:\n  Y01: {名称: 试, 级别: 警告, 比较: 单位, 对象: 两行, 看: 数, 按: 名称, 依据: 试}\n"
    )
    project = small(x=text)
    said = found(project)
    assert [one for one in said if one.startswith("A01")] == ["A01 行[2] 二 2", "A01 列[2] 二 2"]
    form = forms.find(project, "x")
    assert form is not None
    assert form.rules.rules["A02"].targets[0].test.text == "(行 | 计数) == 3 or (行.名称 | 计数('甲行')) > 0"
    assert form.rules.rules["A02"].targets[0].when.text == "上年表.行 != 无 or 名 != '甲行'"
    assert form.rules.all_units["Y01"].paths == (("行",), ("列",))


def test_rules_over_the_rows_of_a_list_have_the_names_of_it_that_they_use(small):
    text = (
        "列表:\n  两行:\n    行: [行, 列]\n    其中:\n      同名: 列 | 选取(名称=名称) | 首个\n"
        "      同数: 同名.数\n      没用: 数 / 2\n审核:\n"
        "  A01: {名称: 试, 级别: 警告, 对象: 两行, 公式: 数 <= 同数, 说法: '{{ 数 }}大于{{ 同名.数 }}', 依据: 试}\n"
        "  A02: {名称: 试, 级别: 警告, 对象: 列, 公式: 数 > 没用, " + SAID + "}\n"
    )
    project = small(x=text)
    form = forms.find(project, "x")
    assert form is not None
    names = {rule.id: [name for name, _ in rule.targets[0].where] for rule in form.rules.rules.values()}
    assert names == {"A01": ["同名", "同数"], "A02": ["没用"]}
    assert found(project) == ["A01 行[2] 5大于4"]


def test_a_rule_after_another_has_its_parts_with_words_changed_and_its_own(small):
    text = (
        "计算:\n  收.合计.(当年、上年): 求和(收.甲.*, 收.乙.*)\n审核:\n"
        "  A01: {名称: 甲（当年）, 级别: 警告, 公式: 收.甲.当年 < 比, 其中: {比: 收.合计.当年 / 2}, "
        "说法: '当年 {{ 收.甲.当年 }}。', 改法: 改。, 指向: 收.甲.当年, 依据: 规定}\n"
        "  A01a: {照: A01, 换: {当年: 上年}, 级别: 提示}\n"
        "  A01b: {照: A01a, 换: {甲: 乙, 上年: 当年}}\n"
        "  A01c: {照: A01, 核对: [收.合计.(当年、上年)]}\n"
    )
    project = small(x=text)
    form = forms.find(project, "x")
    assert form is not None
    rules = form.rules.rules
    assert [(rule.id, rule.name, rule.level.value, rule.source) for rule in rules.values()] == [
        ("A01", "甲（当年）", "警告", "规定"),
        ("A01a", "甲（上年）", "提示", "同 A01。"),
        ("A01b", "乙（当年）", "提示", "同 A01。"),
        ("A01c", "甲（当年）", "警告", "同 A01。"),
    ]
    assert rules["A01b"].targets[0].test.text == "收.乙.当年 < 比"
    assert rules["A01b"].targets[0].points == ("收", "乙", "当年")
    assert rules["A01c"].claims == (("收", "合计", "当年"), ("收", "合计", "上年")) and not rules["A01c"].targets
    assert found(project) == ["A01 收.甲.当年 当年 30。"]
    assert str(rules["A01a"].place) == "schema/x.rules.yaml:5:3"


def test_what_something_else_keeps_is_a_rule_as_any_other(small):
    text = (
        "审核:\n  A03: {名称: 试, 级别: 警告, 公式: 名 != '', " + SAID + "}\n"
        "  A1: {名称: 试, 级别: 警告, 公式: 名 != '', " + SAID + "}\n"
        "另有保证:\n  A02: {名称: 写了, 级别: 错误, 由: 表的格式：必填。, 依据: 试}\n"
    )
    project = small(x=text)
    form = forms.find(project, "x")
    assert form is not None
    assert [(rule.id, rule.kept_by) for rule in form.rules.rules.values()] == [
        ("A1", ""), ("A02", "表的格式：必填。"), ("A03", ""),
    ]  # fmt: skip
    assert "| [A02](#a02) | 错误 | 写了 | 表的格式 |" in rule_book.book(form)
    (root := project.root / "data/2025/园.yaml").write_text(DATA + "答: {A02: 有理由}\n", "utf-8")
    assert root.exists() and [one.split()[0] for one in found(snapshot(project.root))] == ["waiver-error"]


COMMON = (
    "参数: {上限: 4, 词: [一]}\n方向: {率: ≥}\n等级: [[好, 坏]]\n审核:\n"
    "  B01: {名称: 合用, 级别: 警告, 对象: 行, 公式: 数 < 上限, 说法: '{{ 数 }}', 依据: 试}\n"
    "  B02: {名称: 合用, 级别: 警告, 对象: 行, 公式: 数 < 上限, " + SAID + "}\n"
)


def test_an_included_file_is_read_first_and_own_entries_win(small):
    own = (
        "包括: [common.rules.yaml]\n参数: {上限: 5}\n方向: {率: ≤, 量: ≥}\n等级: [[优, 好]]\n"
        "另有保证:\n  B02: {名称: 自己的, 级别: 警告, 由: 人工：看。, 依据: 试}\n"
    )
    project = small(x=own, common=COMMON)
    form = forms.find(project, "x")
    assert form is not None
    assert form.rules.parameters == {"上限": 5, "词": ["一"]}
    assert form.rules.vocabulary.signs == {"率": "≤", "量": "≥"}
    assert form.rules.vocabulary.grades == (("优", "好"), ("好", "坏"))
    assert {rule.id: rule.name for rule in form.rules.rules.values()} == {"B01": "合用", "B02": "自己的"}
    assert str(form.rules.rules["B01"].place) == "schema/common.rules.yaml:5:3"
    assert form.files == ("schema/x.schema.json", "schema/x.rules.yaml", "schema/common.rules.yaml")
    assert found(project) == ["B01 行[2] 5"]


def test_included_files_may_include_others_each_is_read_once_and_the_later_wins(small):
    project = small(
        x="包括: [a.rules.yaml, b.rules.yaml]\n",
        a="包括: [common.rules.yaml]\n参数: {上限: 1}\n",
        b="包括: [common.rules.yaml]\n参数: {词: [二]}\n",
        common=COMMON,
    )
    form = forms.find(project, "x")
    assert form is not None
    assert form.rules.parameters == {"上限": 1, "词": ["二"]}
    assert form.files[1:] == tuple(f"schema/{name}.rules.yaml" for name in ("x", "a", "common", "b"))


FIGURE = "计算:\n  {}\n"
LISTS = "列表:\n  {}\n审核:\n  A01: {{名称: 试, 级别: 警告, 对象: 行, 公式: 数 > 1, 说法: 不对。, 依据: 试}}\n"
RULE = "审核:\n  A01: {名称: 试, 级别: 警告, 公式: 收.甲.当年 > 1, 说法: 不对。, 依据: 试}\n"
SHARED = "列表:\n  两行: {行: [行, 列], 其中: {同名: 列 | 首个}}\n审核:\n"
SHARED += "  A01: {名称: 试, 级别: 警告, 依据: 试, 说法: 不对。, "
SLIPS = [
    *(
        FIGURE.format(line)
        for line in (
            "收.*.*: 1",
            "收.(甲、).当年: 收.*.上年",
            "收.(甲、甲).当年: 收.*.上年",
            "收.*.占比: 收.甲.当年",
            "收入.*.占比: 收.*.当年",
            "收.甲.当年.*: 收.*.上年",
            "行.*.占比: 收.*.当年",
            "收.*.占比: 收.*.今年",
            "收.(甲、丙).占比: 收.*.当年",
            "'*.占比': 1",
        )
    ),
    "计算:\n  收.*.占比: 收.*.当年\n  收.(甲、乙).占比: 收.*.上年\n",
    *(
        LISTS.format(line)
        for line in (
            "甲行: ",
            "甲行: []",
            "甲行: 1",
            "甲行: [行, 1]",
            "甲行: 航",
            "甲行: 收.甲.当年",
            "甲行: {行: 行, 其他: 列}",
            "甲行: {其中: {}}",
            "甲行: {行: 行, 其中: [1]}",
            "甲行: {行: 行, 其中: {用: 数}}",
            "名称: 行",
            "1行: 行",
            "首个: 行",
            "上年表: 行",
            "and: 行",
            "甲行: 甲行",
            "甲行: 收.*.*",
            "甲行: 甲行.项",
        )
    ),
    "列表:\n  甲行: [乙行]\n  乙行: [丙行]\n  丙行: [甲行]\n" + RULE,
    "列表: [行]\n" + RULE,
    "参数: {甲行: 1}\n列表: {甲行: 行}\n" + RULE,
    "计算: {收.甲.丙: 收.甲.当年}\n列表: {丙: 行}\n" + RULE,
    "计算: {两行.*: 数}\n列表: {两行: [行, 列]}\n" + RULE,
    "列表:\n  甲行: {行: 行, 其中: {同名: 数}}\n  乙行: {行: 列, 其中: {同名: 数}}\n" + RULE,
    SHARED + "对象: 两列, 公式: 数 > 1}\n  A02: {照: A01, 对象: 两行, 公式: 同名.数 > 数, 其中: [数]}\n",
    SHARED + "公式: (两行 | 计数) > 1, 其中: {丙: 同名.数}}\n",
    SHARED + "对象: 行, 公式: 同名.数 > 1, 其中: {同名: 数}}\n",
    SHARED + "对象: 两行, 公式: 同名.量 > 1}\n  A02: {照: A01}\n",
    SHARED + "对象: 列, 公式: 同名.数 > 1, 其中: {两行: 数}}\n",
    *(
        RULE + f"  A02: {body}\n"
        for body in (
            "{照: A03}",
            "{照: A02}",
            "{照: [A01]}",
            "{换: {甲: 乙}}",
            "{照: A01, 换: [甲]}",
            "{照: A01, 换: {甲: 1}}",
            "{照: A01, 换: {'': 乙}}",
            "{照: A01, 换: {丙: 乙}}",
            "{照: A01, 换: {当年: 今年}}",
            "{照: A01, 换: {甲: 乙}, 公示: 1}",
            "{照: A01, 换: {不对: '{{ 丙 }}'}}",
        )
    ),
    RULE + "  A02: {照: A03}\n  A03: {照: A04}\n  A04: {照: A02}\n",
    RULE + "另有保证:\n  B01: {名称: 试, 级别: 警告, 由: 人工, 依据: 试}\n  B02: {照: B01}\n",
    RULE.replace("公式: 收.甲.当年 > 1", "对象: 收.(甲、乙, 公式: 当年 > 1"),
    RULE.replace("公式: 收.甲.当年 > 1", "核对: [收.*.丙.*]"),
    *(
        RULE + f"另有保证:\n  {body}\n"
        for body in (
            "A01: {名称: 试, 级别: 警告, 由: 人工, 依据: 试}",
            "B01: {名称: 试, 级别: 警告, 依据: 试}",
            "B01: {名称: 试, 级别: 警告, 由: 人工, 公式: 1, 依据: 试}",
            "B01: {名称: 试, 级别: 警告, 由: 人工, 依剧: 试}",
            "B01: 人工",
            "- B01",
        )
    ),
]


def test_every_answer_to_a_slip_is_word_for_word_the_one_in_the_book(small):
    """What those who write rules read."""
    book.holds("rules-language-answers.txt", (answer(small(x=text), text) for text in SLIPS))


def answer(project: Project, text: str) -> str:
    with pytest.raises(FormError) as caught:
        forms.find(project, "x")
    said = (f"{finding}\n    {finding.hint}".rstrip() for finding in caught.value.findings)
    return "\n".join([text.rstrip(), *said])


def slip(project: Project) -> str:
    with pytest.raises(FormError) as caught:
        forms.find(project, "x")
    (finding,) = caught.value.findings
    return f"{finding} {finding.hint}".replace("schema/", "", 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "[comon.rules.yaml]",
            "x.rules.yaml:1:6: 错误 schema/ 里没有“comon.rules.yaml”。 [rule] 是不是“common.rules.yaml”？",
        ),
        (
            "[../x.rules.yaml]",
            "x.rules.yaml:1:6: 错误 “../x.rules.yaml”不在 schema/ 里面，不读。 [rule] 把它放进 schema/",
        ),
        (
            "[/etc/x.rules.yaml]",
            "x.rules.yaml:1:6: 错误 “/etc/x.rules.yaml”不在 schema/ 里面，不读。 [rule] 把它放进 schema/",
        ),
        (
            "[schema/common.rules.yaml]",
            "x.rules.yaml:1:6: 错误 schema/ 里没有“schema/common.rules.yaml”。 [rule] 不用写 schema/。",
        ),
        (
            "[x.schema.json]",
            "x.rules.yaml:1:6: 错误 “x.schema.json”不是规则文件。 [rule] 规则文件的名字以 .rules.yaml 结尾。",
        ),
        (
            "common.rules.yaml",
            "x.rules.yaml:1:1: 错误 “包括”要写成规则文件名的列表。 [rule] 例如 包括: [common.rules.yaml]。",
        ),
        (
            "[x.rules.yaml]",
            "x.rules.yaml:1:6: 错误 规则文件互相包括成了圈：x.rules.yaml → x.rules.yaml。 [rule] 去掉其中一个。",
        ),
    ],
)
def test_a_file_that_cannot_be_included_is_said_where_it_is_named(small, typed, said):
    assert slip(small(x=f"包括: {typed}\n{RULE}", common=COMMON)).startswith(said)


NAMING = "{{名称: 甲, 级别: 警告, 公式: 年 > 2000, 说法: 乙, 改法: 丙, 依据: 丁, {key}: [{other}]}}"


@pytest.mark.parametrize("key", ["盖过", "并说"])
def test_a_rule_for_several_forms_may_name_one_that_only_some_of_them_have(small, key):
    shared = f"审核:\n  S1: {NAMING.format(key=key, other='D9')}\n"
    assert "S1" in forms.find(small(x="包括: [y.rules.yaml]\n", y=shared), "x").rules.rules


@pytest.mark.parametrize("key", ["盖过", "并说"])
@pytest.mark.parametrize(("own", "shared"), [("D9", "S2"), ("S1", "S1")])
def test_the_forms_own_rule_and_one_that_names_itself_are_held_to_it(small, key, own, shared):
    text = f"审核:\n  S1: {NAMING.format(key=key, other=shared)}\n  S2: {NAMING.format(key=key, other='S1')}\n"
    project = small(x=f"包括: [y.rules.yaml]\n审核:\n  A1: {NAMING.format(key=key, other=own)}\n", y=text)
    if shared == own:
        project = small(x="包括: [y.rules.yaml]\n", y=text)
    with pytest.raises(FormError, match=f"里没有别的规则叫“{own}”"):
        forms.find(project, "x")


def test_a_circle_of_files_is_said_where_it_closes(small):
    project = small(x="包括: [a.rules.yaml]", a="包括: [b.rules.yaml]", b="参数: {丙: 1}\n包括:\n  - a.rules.yaml\n")
    assert slip(project) == (
        "b.rules.yaml:3:5: 错误 规则文件互相包括成了圈：a.rules.yaml → b.rules.yaml → a.rules.yaml。 [rule] "
        "去掉其中一个。"
    )


@pytest.mark.parametrize(
    ("common", "said"),
    [
        (COMMON.replace("数 < 上限, 说法", "量 < 上限, 说法"), "common.rules.yaml:5:32: 错误 本表没有“量”。 [rule]"),
        (COMMON + "审计: 1\n", "common.rules.yaml:7:1: 错误 规则文件没有“审计”这一节。 [rule]"),
        ("参数: 1\n", "common.rules.yaml:1:1: 错误 “参数”要写成一行行“名称: 内容”。 [rule]"),
        ("等级: 好\n", "common.rules.yaml:1:1: 错误 “等级”要写成几个列表，每个从好到差。 [rule]"),
        ("- 1\n", "common.rules.yaml:1:1: 错误 规则文件要写成一节一节的“名称: 内容”。 [rule]"),
        ("参数: {甲: 1, 甲: 2}\n", "common.rules.yaml:1:12: 错误"),
        ("计算:\n  收.*.占比: 收.*.今年\n", "common.rules.yaml:2:3: 错误"),
    ],
)
def test_what_is_wrong_in_an_included_file_is_said_there(small, common, said):
    with pytest.raises(FormError) as caught:
        forms.find(small(x=f"包括: [common.rules.yaml]\n{RULE}", common=common), "x")
    assert str(caught.value.findings[0]).replace("schema/", "", 1).startswith(said)


def test_a_shipped_form_comes_with_the_files_that_its_rules_include():
    assert "schema/common.rules.yaml" in contents.included(FORM)
    assert "schema/common.rules.yaml" in contents.all_forms()


def test_rules_that_are_written_out_too_long_are_refused_at_once(small):
    long = RULE.replace("不对。", "不对" * 4_000 + "。") + "".join(f"  B{n}: {{照: A01}}\n" for n in range(300))
    assert "规则写开来太长：照写的、合用的加起来最多 2,000,000 个字。" in slip(small(x=long))


def test_a_long_chain_of_copies_is_no_matter_and_a_growing_text_is_refused(small):
    chain = "".join(f"  B{n}: {{照: {f'B{n - 1}' if n else 'A01'}}}\n" for n in range(1_200))
    form = forms.find(small(x=RULE + chain), "x")
    assert form is not None and form.rules.rules["B1199"].source == "同 A01。"
    growing = "".join(f"  B{n}: {{照: {f'B{n - 1}' if n else 'A01'}, 换: {{对: 对对}}}}\n" for n in range(30))
    with pytest.raises(FormError) as caught:
        forms.find(small(x=RULE + growing), "x")
    assert "换出来的“说法”太长：最多 10000 个字。" in str(caught.value.findings[0])


def test_many_files_one_in_another_are_refused(small):
    files = {f"f{n}": f"包括: [f{n + 1}.rules.yaml]\n" for n in range(40)}
    assert "规则文件一个包括一个，超过了 30 层。" in slip(small(x="包括: [f0.rules.yaml]\n" + RULE, **files))


def test_a_form_is_added_with_what_it_includes_and_a_shared_file_stays(tiny_project):
    common = tiny_project / "schema/common.rules.yaml"
    assert cli.main(["-C", str(tiny_project), "form", "add", FORM]) == 0
    assert common.read_bytes() == contents.included(FORM)["schema/common.rules.yaml"]
    shutil.rmtree(tiny_project / f"templates/{FORM}")
    for path in tiny_project.glob(f"schema/{FORM}*"):
        path.unlink()
    own = common.read_text("utf-8") + "# 本地的\n"
    common.write_text(own, "utf-8")
    assert cli.main(["-C", str(tiny_project), "form", "add", FORM]) == 0
    assert common.read_text("utf-8") == own
    assert cli.main(["-C", str(tiny_project), "check"]) == 0


def test_a_form_is_not_added_to_shared_files_that_it_cannot_be_read_with(tiny_project, capsys):
    common = tiny_project / "schema/common.rules.yaml"
    common.write_text("参数:\n  下限: 3\n", "utf-8")
    before = sorted(tiny_project.rglob("*"))
    assert cli.main(["-C", str(tiny_project), "form", "add", FORM]) == 2
    said = capsys.readouterr().err
    assert "schema/common.rules.yaml 仓库里已经有了，和程序带的不一样" in said and "没有放进任何文件" in said
    assert sorted(tiny_project.rglob("*")) == before


def group(*names: str, of: dict[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": dict.fromkeys(names, of)}


def rows(of: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": {"type": "object", "properties": of}}


def test_the_examples_in_the_documentation_are_read(tmp_path):
    text = (REPOSITORY / "docs/form.md").read_text("utf-8").partition("### 不写第二遍")[2].partition("\n##")[0]
    examples = re.findall("```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 3
    rules = "".join(examples)
    rules += "  B01: {名称: 试, 级别: 提示, 对象: 年度指标, 公式: 上年同名 != 无, 说法: 没有。, 依据: 试}\n"
    words = {"type": "string"}
    indicators = rows({"一级指标": rows({"指标": rows({"指标": words})})})
    sums = group("当年", "上年", "前年", "占比", of=NUMBER)
    schema = {
        **SCHEMA,
        "properties": {
            **{name: part for name, part in SCHEMA["properties"].items() if part.get("x-role")},
            "收入": group("拨款", "自有", "合计", of=sums),
            "支出": group("人员", "运转", "合计", of=sums),
            "项目": rows({"类别": words, "预算": NUMBER}),
            "长期绩效指标": indicators,
            "年度绩效指标": indicators,
        },
    }
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema/x.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (tmp_path / "schema/x.rules.yaml").write_text(rules, "utf-8")
    form = forms.find(snapshot(tmp_path), "x")
    assert form is not None and list(form.rules.rules) == ["A05", "A05a", "A05b", "B01"]
    assert len(form.figures.figures) == 7
