"""Figures: what formulas of 计算 see, what comes of holes and zeros, in what order they are computed, and for whom."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from perfgen import fields
from perfgen.check.checks import claims, references
from perfgen.check.filing import Filing
from perfgen.findings import FormError, Level
from perfgen.form import figure_links, figures, forms, names, rules_file
from perfgen.form.figure_links import Lead
from perfgen.form.figure_places import at_place
from perfgen.form.figure_sheet import Sheet
from perfgen.form.formulas import Unavailable
from perfgen.project.snapshot import Project
from perfgen.source import reader
from tests.helpers import scored_cycle as cycle

TEXT, NUMBER = {"type": "string", "x-public": True}, {"type": "number", "x-public": True}
MEASURE = {"type": ["string", "number"], "x-measure": True, "x-public": True}


def rows(required: tuple[str, ...] = (), **members):
    item = {"type": "object", "additionalProperties": False, "required": list(required), "properties": members}
    return {"type": "array", "x-rows": "行", "items": item}


def groups(*named, other=None, **members):
    return {
        "type": "object",
        "x-groups": "组",
        "x-label": "组名",
        "properties": members,
        "additionalProperties": other or False,
    }


def schema_of(**members):
    roles = {
        "表": {"const": "x", "x-role": "form", "x-public": True},
        "年": {"type": "integer", "x-role": "year", "x-public": True},
        "名": {"type": "string", "x-role": "unit", "x-public": True},
    }
    return {"type": "object", "additionalProperties": False, "properties": roles | members}


ROW = {"指": TEXT, "目标": MEASURE, "完成": MEASURE, "权重": NUMBER, "得分": NUMBER, "密": {"type": "number"}}
SCORED = rows(("指", "得分"), **ROW)
SCHEMA = schema_of(
    绩=groups(产=groups(数=SCORED, 质=SCORED), 满=SCORED, other=SCORED),
    列=rows(("甲",), 甲=NUMBER, 乙=NUMBER, 丙=TEXT),
    合={"type": "object", "properties": {"甲": NUMBER, "密": {"type": "number"}}},
    评=TEXT,
    总=NUMBER,
)
FIELDS = fields.read_fields(SCHEMA, "x.schema.json")


def rules_of(text: str, source: str = "x.rules.yaml"):
    return reader.load_yaml(text.encode(), source)


def set_of(text: str, known=FIELDS, files=None):
    return figures.read_figures(rules_of(text), known, files)


def filing_of(text: str, data: str, *, known=FIELDS, earlier=None, refer=None, file="data/2025/某.yaml", references=()):
    found = text if not isinstance(text, str) else set_of(text, known)
    many = {name: SimpleNamespace(many=False, years=0, form="y", keys=[]) for name in references}
    form = SimpleNamespace(
        name="x", figures=found, fields=known, references=many, rules=rules_file.read_rules(None, found.fields)
    )
    others = {"earlier": earlier} if earlier else {}
    others |= {"refer": refer} if refer else {}
    return Filing(reader.load_yaml(data.encode(), file), form, **others)


def computed(text: str):
    return set_of(text).compute(reader.load_yaml(DATA.encode(), "x").top)


DATA = """\
表: x
年: 2025
名: 某
绩:
  产:
    数:
      - {指: 一, 目标: ≥100个, 完成: 90个, 权重: 10}
      - {指: 二, 目标: ≤20个, 完成: 30个, 权重: 10}
    质:
      - {指: 三, 目标: 优, 完成: 良, 权重: 5}
  满:
    - {指: 四, 目标: ≥90%, 完成: 95%, 权重: 5}
  自起的:
    - {指: 五, 目标: 100次, 完成: 110次, 权重: 5}
列:
  - {甲: 1, 乙: 2, 丙: 红}
  - {甲: 3, 丙: 蓝}
"""


def test_one_formula_serves_all_rows_behind_groups_open_ones_too():
    found = set_of("计算:\n  绩.组.组.行.得分: 权重 * 2\n  绩.组.行.满分: 权重\n").compute(
        reader.load_yaml(DATA.encode(), "x").top
    )
    assert found == {
        ("绩", "产", "数", 0, "得分"): 20, ("绩", "产", "数", 1, "得分"): 20, ("绩", "产", "质", 0, "得分"): 10,
        ("绩", "满", 0, "满分"): 5, ("绩", "自起的", 0, "满分"): 5,
    }  # fmt: skip


def value_of(rule: str, path, data: str = DATA, more: str = ""):
    return set_of(f"{more}计算:\n{rule}").compute(reader.load_yaml(data.encode(), "x").top)[path]


FIRST = ("绩", "产", "数", 0, "得分")
SECOND = ("绩", "产", "数", 1, "得分")
GRADED = ("绩", "产", "质", 0, "得分")


@pytest.mark.parametrize(
    ("formula", "path", "wanted"),
    [
        ("权重 if 完成.数 >= 目标.数 else 四舍五入(权重 * 完成.数 / 目标.数, 2)", FIRST, 9),
        ("10 if 目标.方向 == '≥' else 1", FIRST, 10),
        ("10 if 目标.方向 == '≥' else 1", SECOND, 1),
        ("3 if 目标.等级 == '优' and 完成.等级 == '良' else 0", GRADED, 3),
        ("1 if 有等级(完成.等级) else 0", GRADED, 1),
        ("1 if '≥' in 常用方向('合格率') else 0", FIRST, 1),
        ("权重 * 满档", FIRST, 70),
        ("1 if 年份 in 年们 else 0", FIRST, 1),
        ("绩.产.数 | 计数", FIRST, 2),
        ("绩.组 | 计数", FIRST, 3),
        ("绩.组.组.行 | 求和('权重')", FIRST, 25),
        ("绩.产.组.行 | 求和('权重')", FIRST, 25),
        ("1 if 组.组名 == '数' else 2", FIRST, 1),
        ("字数(指)", FIRST, 1),
    ],
)
def test_a_figure_sees_what_a_rule_sees(formula, path, wanted):
    words = "参数: {满档: 7, 年份: 一, 年们: [一, 二]}\n方向: {合格率: ≥=}\n等级: [[优, 良, 差]]\n"
    assert value_of(f'  绩.组.组.行.得分: "{formula}"\n', path, more=words) == wanted


def test_groups_go_by_their_own_names_as_before():
    text = "计算:\n  绩.产.数.得分: 权重 + 1\n  总: 绩.产.数 | 求和('得分')\n  合.甲: 绩.组.组.行 | 求和('得分')\n"
    found = computed(text)
    assert found[FIRST] == 11 and found[("总",)] == 22
    # 质 has no figure, and nothing typed
    assert found[("合", "甲")] == 22


def test_a_group_that_is_not_there_is_there_for_the_figures_that_go_by_its_name():
    one = {"type": "object", "properties": {"数": NUMBER}}
    schema = schema_of(收=groups(甲=one, 乙=one))
    known = fields.read_fields(schema, "x")
    filing = filing_of(
        "计算:\n  收.甲.数: 1\n  个: 收.组 | 计数\n".replace("数: 1", "数: '1'"), "表: x\n年: 2025\n", known=known
    )
    assert filing.figures == {("收", "甲", "数"): 1, ("个",): 1}


def test_names_for_parts_are_computed_only_where_they_are_used():
    text = (
        "  绩.组.行.得分:\n    其中: {比: 完成.数 / (目标.数 - 90), 倍: 比 * 2}\n    公式: 0 if 目标.数 == 90 else 倍\n"
    )
    found = computed(f"计算:\n{text}")
    assert found == {("绩", "满", 0, "得分"): 0, ("绩", "自起的", 0, "得分"): 22}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("合: '1'", "是一组字段"),
        ("总: 名", "填的是数，公式的结果是文字"),
        ("绩.组.组.行.得分: 指", "填的是数，公式的结果是文字"),
        ("新: 1 > 2", "要是一个数或一段文字"),
        ("新: 列", "要是一个数或一段文字"),
        ("绩.三.差: '1'", "没有地方放"),
        ("绩.组.组.列.差: '1'", "没有地方放"),
        ("总: {公式: '1', 其中: 1}", "一行行"),
        ("总: {公式: '1', 其中: {年: 1}}", "一行行"),
        ("总: {公式: '1', 其中: {年: '1'}}", "已经是一个字段"),
        ("总: {公式: '1', 其中: {比: 错}}", "没有“错”"),
        ("列.丁: {公式: 丙 + 1}", "加减乘除只能用在数上"),
        ("绩.组.组.行.新: 完成 + 1", "拆开"),
        ("总: 目标表.甲", "没有“目标表”"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said_when_it_is_loaded(rule, words):
    with pytest.raises(FormError) as caught:
        set_of(f"计算:\n  {rule}\n")
    assert any(words in one.message and one.place.line == 2 for one in caught.value.findings), caught.value.findings


def test_two_figures_of_one_place_are_refused():
    with pytest.raises(FormError, match="已经由“绩"):
        set_of("计算:\n  绩.组.组.行.得分: 权重\n  绩.产.数.得分: 权重\n")


def test_figures_may_be_text():
    text = "计算:\n  评: \"'优' if 总 >= 90 else '良' if 总 >= 80 else '差'\"\n  总: '85'\n  话: 评\n"
    found = set_of(text)
    assert found.compute({}) == {("总",): 85, ("评",): "良", ("话",): "良"}
    assert found.fields.members["话"].textual and not found.fields.members["话"].numeric
    with pytest.raises(FormError, match="只能在数之间比较"):
        set_of(text + "  再: 1 if 话 > 3 else 0\n")


def test_a_figure_without_a_place_is_a_number_or_a_text_for_those_that_read_it():
    found = set_of("计算:\n  甲: 乙 + 1\n  乙: 丙 * 2\n  丙: 列 | 求和('甲')\n").compute({"列": [{"甲": Decimal(2)}]})
    assert found == {("丙",): 2 * 1, ("乙",): 4, ("甲",): 5}
    with pytest.raises(FormError, match="加减乘除"):
        set_of("计算:\n  甲: 乙 + 1\n  乙: 名\n")


# ── holes, zeros ──


def findings_of(filing: Filing):
    found = [*references.check(filing), *claims.check(filing)]
    return [(one.rule, one.place.line, one.message) for one in found if one.level is Level.ERROR]


def test_a_hole_leaves_the_figure_of_its_row_empty_and_the_others_are_computed():
    filing = filing_of("计算:\n  绩.组.组.行.得分: 完成.数 * 权重\n", DATA.replace(", 完成: 90个", ""))
    assert filing.figures[FIRST] is None and filing.figures[SECOND] == 300
    said = findings_of(filing)
    # 三 is a grade and has no number
    assert [(rule, line) for rule, line, _ in said] == [("figure-missing", 7), ("figure-missing", 10)]
    assert "“绩.产.数[1].得分”按“完成.数 * 权重”计算，算不出来：“完成.数”没有填" in said[0][2]


def test_a_figure_that_may_be_absent_is_silently_empty():
    filing = filing_of("计算:\n  列.新: 乙 - 1\n", DATA)
    assert filing.figures == {("列", 0, "新"): 1, ("列", 1, "新"): None}
    assert findings_of(filing) == []


def test_what_needs_a_value_that_has_an_error_of_its_own_is_not_judged():
    filing = filing_of("计算:\n  绩.组.组.行.得分: 权重 * 2\n  总: 绩.组.组.行 | 求和('得分')\n", DATA)
    filing = filing.without([("绩", "产", "数", 0, "权重")])
    assert FIRST not in filing.figures and ("总",) not in filing.figures and filing.figures[SECOND] == 20
    assert findings_of(filing) == []


@pytest.mark.parametrize("divided", ["权重 / (权重 - 10)", "0 / (权重 - 10)", "(权重 - 10) / (权重 - 10)"])
def test_a_division_by_zero_is_a_finding_at_the_row_and_stops_nothing(divided):
    filing = filing_of(
        f"计算:\n  绩.组.组.行.得分: {divided}\n  总: '1'\n  评: \"'好' if FIRST else '坏'\"\n".replace("FIRST", "总"),
        DATA,
    )
    said = findings_of(filing)
    assert [(rule, line) for rule, line, _ in said] == [("figure-missing", 7), ("figure-missing", 8)]
    assert "除以的数是零" in said[0][2]
    assert filing.figures[GRADED] in (-1, 0, 1) and filing.figures[("评",)] == "好"


def test_a_claim_of_a_text_is_held_to_what_is_computed():
    rules = "计算:\n  评: \"'优' if 总 >= 90 else '良'\"\n"
    for typed, count in (("评: 优\n总: 95\n", 0), ("评: 良\n总: 95\n", 1)):
        said = findings_of(filing_of(rules, f"表: x\n年: 2025\n{typed}"))
        assert len(said) == count and all("评 写的是 良，计算结果是 优" in message for *_, message in said)


# ── order ──


def test_figures_wait_for_one_another_by_field_not_by_list():
    text = "  绩.组.组.行.得分: 权重 / 总 * 100\n  总: 绩.组.组.行 | 求和('权重')\n"
    text += "  合.甲: 绩.组.组.行 | 求和('得分')\n"
    found = computed(f"计算:\n{text}")
    assert found[FIRST] == 40 and found[("合", "甲")] == 100


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("  总: 合.甲\n  合.甲: 总\n", ["总", "合.甲"]),
        ("  绩.组.组.行.得分: 总\n  总: 绩.产.数 | 求和('得分')\n", ["绩.组.组.行.得分", "总"]),
        ("  绩.产.数.得分: 总\n  总: 绩.组.组.行 | 求和('得分')\n", ["绩.产.数.得分", "总"]),
        ("  列.丁: 总\n  总: 1 if (列 | 首个) in [列 | 首个] else 0\n", ["列.丁", "总"]),
        ("  总: 总 + 1\n", ["总"]),
    ],
)
def test_a_circle_is_said_with_every_place_in_it(text, named):
    with pytest.raises(FormError, match="成了圈") as caught:
        set_of(f"计算:\n{text}")
    (finding,) = caught.value.findings
    for name in named:
        line = next(n for n, one in enumerate(text.splitlines(), 2) if one.strip().startswith(f"{name}:"))
        assert f"{name}（x.rules.yaml:{line}:3）" in finding.message


@pytest.mark.parametrize("formula", ["列 | 计数", "1 if 列 else 0", "列 | 选取(丙='红') | 计数", "列 | 求和('甲')"])
def test_how_many_rows_there_are_depends_on_no_figure_in_them(formula):
    text = (
        f"计算:\n  列.丁: 总\n  总: {formula}\n" if "'" not in formula else f'计算:\n  列.丁: 总\n  总: "{formula}"\n'
    )
    assert computed(text)[("列", 0, "丁")] in (1, 2, 4)


# ── other files ──


def years_of(text: str, count: int, data: str = "表: x\n年: {year}\n名: 某\n总: 1\n") -> Filing:
    """The filing of 2025, with so many years in all."""
    found = set_of(text)
    made: dict[int, Filing] = {}

    def of(year: int) -> Filing | Unavailable:
        if year <= 2025 - count:
            return Unavailable(f"没有文件 {year}", is_missing=True)
        if year not in made:
            made[year] = filing_of(
                found, data.format(year=year), earlier=lambda back: of(year - back), file=f"data/{year}/某.yaml"
            )
        return made[year]

    first = of(2025)
    assert isinstance(first, Filing)
    return first


def test_a_figure_may_go_on_from_last_years_and_ends_at_the_first_file():
    text = "计算:\n  累计: 总 + (上年表.累计 if 上年表 else 0)\n"
    assert years_of(text, 20).figures == {("累计",): 20}
    assert years_of(text, 1).figures == {("累计",): 1}
    assert years_of("计算:\n  累计: 总 + (上年表.累计 if 上年表 != 无 else 0)\n", 3).figures == {("累计",): 3}
    without = years_of("计算:\n  累计: 总 + 上年表.累计\n", 3)
    assert without.figures == {("累计",): None} and findings_of(without) == []


def test_a_year_whose_file_cannot_be_used_is_not_taken_for_none():
    filing = filing_of(
        "计算:\n  累计: 总 + (上年表.累计 if 上年表 else 0)\n",
        "表: x\n年: 2025\n总: 1\n",
        earlier=lambda _: Unavailable("有错误"),
    )
    assert filing.figures == {("累计",): None}
    assert [(rule, line) for rule, line, _ in findings_of(filing)] == [("reference-missing", 2)]


@pytest.fixture
def counted(monkeypatch):

    counts: list[object] = []
    real = Sheet.compute
    monkeypatch.setattr(Sheet, "compute", lambda *arguments: (counts.append(arguments[0]), real(*arguments))[1])
    return counts


def test_twenty_years_and_forty_files_cost_a_straight_line(counted):
    text = "计算:\n  累计: 总 + (上年表.累计 if 上年表 else 0)\n  均: 累计 / 2\n"
    for count in (10, 20, 400):
        counted.clear()
        filing = years_of(text, count)
        assert filing.figures[("均",)] == Decimal(count) / 2
        assert filing.formula_view["累计"] == count
        # of each earlier file only the figure that is read
        assert len(counted) == count + 1
        _ = filing.earlier(1).formula_view
        assert len(counted) == count + 2


def test_the_sources_of_a_figure_are_all_files_behind_it():
    filing = years_of("计算:\n  累计: 总 + (上年表.累计 if 上年表 else 0)\n  总数: 总\n  差: 总 - 上年表.总\n", 4)
    named = {path[-1]: sorted(file.year for file in files) for path, files in filing.figure_sources.items()}
    assert named == {"累计": ["2022", "2023", "2024"], "总数": [], "差": ["2024"]}


OTHER = fields.read_fields(
    schema_of(
        目标=MEASURE, 话=TEXT, 预算=NUMBER, 密={"type": "number"}, 行=rows(名称=TEXT, 权重=NUMBER, 目标值=MEASURE)
    ),
    "y",
)


def linked(sets, leads, name):
    return figure_links.link(name, sets, leads)


def two_forms(text: str, *, many: bool = False, years: int = 0, other: str = ""):
    """The figures of a form that refers to another by 目标表, and those of the other."""
    there = set_of(f"计算:\n{other}" if other else "计算: {}\n", OTHER, {"那表": names.file_type("那表", FIELDS)})
    places = figures.with_places(rules_of(f"计算:\n{other}") if other else None, OTHER)
    here = set_of(f"计算:\n{text}", FIELDS, {"目标表": names.file_type("目标表", places, many=many)})
    sets, leads = {"x": here, "y": there}, {"x": {"目标表": Lead("y", years)}, "y": {"那表": Lead("x", 0)}}
    return linked(sets, leads, "x"), linked(sets, leads, "y")


def other_file(found, data: str, name: str = "甲"):
    return filing_of(found, f"表: y\n年: 2025\n名: {name}\n{data}", known=OTHER, file=f"data/2025/{name}.yaml")


def test_a_figure_is_taken_from_another_file_with_its_text_and_its_number():
    text = "  评: 目标表.目标\n  总: 目标表.目标.数 + 目标表.得\n"
    here, there = two_forms(text, other="  得: 预算 * 2\n  不用: 预算\n")
    source = other_file(there, "目标: ≥90%\n预算: 5\n")
    filing = filing_of(here, "表: x\n年: 2025\n", refer=lambda _: (source,), references=["目标表"])
    assert filing.figures == {("评",): "≥90%", ("总",): 100}
    assert source.progress.done == {("得",)}
    assert {str(file) for file in filing.figure_sources[("总",)]} == {"data/2025/甲.yaml"}


def test_a_target_value_that_is_taken_is_one_again():
    text = "  绩.组.组.行.目标: (目标表.行 | 选取(名称=指) | 首个).目标值\n  绩.组.组.行.得分: 目标.数\n"
    here, there = two_forms(text)
    source = other_file(there, "行:\n- {名称: 一, 目标值: ≥90%}\n- {名称: 三, 目标值: ≥3件}\n")
    data = DATA.replace("目标: ≥100个, ", "").replace("目标: 优, ", "").replace("目标: ≤20个, ", "")
    filing = filing_of(here, data, refer=lambda _: (source,), references=["目标表"])
    assert filing.figures[("绩", "产", "数", 0, "目标")] == "≥90%" and filing.figures[FIRST] == 90
    assert filing.figures[("绩", "产", "质", 0, "目标")] == "≥3件" and filing.figures[GRADED] == 3
    assert filing.figures[SECOND] is None


def test_many_files_are_a_list():
    text = "  总: 目标表 | 求和('预算')\n  几份: 目标表 | 计数\n  合.甲: 目标表 | 求和('得')\n"
    here, there = two_forms(text, many=True, other="  得: 预算 * 2\n")
    sources = tuple(other_file(there, f"预算: {n}\n", f"乙{n}") for n in range(1, 4))
    form = {"references": ["目标表"], "refer": lambda _: sources}
    filing = filing_of(here, "表: x\n年: 2025\n", **form)
    filing.form.references["目标表"].many = True
    assert filing.figures == {("总",): 6, ("几份",): 3, ("合", "甲"): 12}
    assert len(filing.figure_sources[("几份",)]) == 3
    none = filing_of(here, "表: x\n年: 2025\n", references=["目标表"], refer=lambda _: ())
    none.form.references["目标表"].many = True
    assert none.figures == {("总",): None, ("几份",): 0, ("合", "甲"): None}


def test_a_reference_that_is_missing_is_said_once_at_its_key():
    text = "  绩.组.组.行.得分: 目标表.预算\n  总: 目标表.预算\n"
    here, _ = two_forms(text)
    missing = Unavailable("没有 2025 年的目标表", "补上那个文件。", is_missing=True)
    filing = filing_of(here, DATA, refer=lambda _: missing, references=["目标表"])
    filing.form.references["目标表"].keys.append(SimpleNamespace(here="名", there="名"))
    assert not list(claims.check(filing))
    (finding,) = references.check(filing)
    assert (finding.rule, finding.place.line, finding.hint) == ("reference-missing", 3, "补上那个文件。")
    assert finding.message == "引用“目标表”：没有 2025 年的目标表。"


def test_a_figure_that_asks_first_whether_there_is_a_file_can_do_without(counted):
    here, _ = two_forms("  总: 目标表.预算 if 目标表 else 0\n")
    missing = Unavailable("没有", is_missing=True)
    filing = filing_of(here, "表: x\n年: 2025\n", refer=lambda _: missing, references=["目标表"])
    assert filing.figures == {("总",): 0} and findings_of(filing) == []


def test_forms_may_look_at_each_other_as_long_as_no_figure_reads_itself():
    here, there = two_forms("  总: 目标表.得\n  合.甲: '3'\n", other="  得: 那表.合.甲 + 1\n")
    made: dict[str, Filing] = {}
    made["x"] = filing_of(here, "表: x\n年: 2025\n", refer=lambda _: (made["y"],), references=["目标表"])
    made["y"] = filing_of(there, "表: y\n年: 2025\n", known=OTHER, refer=lambda _: (made["x"],), references=["那表"])
    assert made["x"].figures[("总",)] == 4 and made["y"].figures == {("得",): 4}


def test_a_circle_over_forms_is_an_error_of_the_rules_unless_it_leads_to_earlier_years():
    with pytest.raises(FormError, match="成了圈") as caught:
        two_forms("  总: 目标表.得\n", other="  得: 那表.总\n")
    (finding,) = caught.value.findings
    assert "总（x.rules.yaml:2:3）" in finding.message and "得（x.rules.yaml:2:3）" in finding.message
    two_forms("  总: 目标表.得\n", other="  得: 那表.总\n", years=1)


@pytest.mark.parametrize(
    ("text", "other", "public"),
    [
        ("总: 目标表.预算", "", True),
        ("总: 目标表.密", "", False),
        ("总: 目标表.得", "  得: 预算\n", True),
        ("总: 目标表.得", "  得: 密\n", False),
        ("总: 目标表.得", "  得: 那表.合.甲\n", True),
        ("总: 目标表.得", "  得: 那表.合.密\n", False),
        ("合.密: 目标表.预算", "", False),
        ("总: 目标表.行 | 求和('权重')", "", True),
        ("总: 目标表.行 | 计数", "", True),
        ("总: 1 if 目标表 else 0", "", True),
        ("总: 上年表.合.密", "", False),
        ("总: 上年表.合.甲", "", True),
        ("绩.组.组.行.得分: 权重 + 密", "", False),
        ("总: 绩.组.组.行 | 计数", "", False),
        ("总: 绩.组.组.行 | 求和('权重')", "", True),
        ("评: (绩.组 | 首个).组名", "", True),
    ],
)
def test_a_figure_is_public_where_all_that_it_reads_is_in_whatever_form(text, other, public):
    here, _ = two_forms(f'  {text.partition(":")[0]}: "{text.partition(": ")[2]}"\n', other=other)
    (figure,) = here.figures
    assert {at_place(here.fields, place).public for place in figure.places} == {public}


def field_at(known, place):
    from perfgen.form.figure_places import at_place

    return at_place(known, place)


def test_a_chain_of_forty_references_is_computed_without_calling_itself(counted):
    known = fields.read_fields(schema_of(总=NUMBER), "z")
    files = {"前": names.file_type("前", figures.with_places(rules_of("计算:\n  新: 总\n"), known))}
    found = set_of("计算:\n  新: 总 + (前.新 if 前 else 0)\n", known, files)
    sets = {f"f{n}": found for n in range(400)}
    leads = {f"f{n}": {"前": Lead(f"f{n + 1}", 0)} for n in range(399)}
    linked_sets = [linked(sets, leads, "f0"), set_of("计算:\n  新: 总\n", known)]
    last = filing_of(linked_sets[1], "总: 1\n", known=known)
    for number in range(400):
        before = last
        last = filing_of(
            linked_sets[0], "总: 1\n", known=known, refer=lambda _, before=before: (before,), references=["前"],
            file=f"data/2025/{number}.yaml",
        )  # fmt: skip
    assert last.figures == {("新",): 401}
    assert len(counted) == 401


def test_what_reads_the_names_of_open_groups_is_public_as_the_groups_are(tmp_path):
    """In groups of groups whose names an author may add, the name of a group is no open member of it."""
    form = forms.find(Project.on_disk(cycle.forms(tmp_path / "year")), "score")
    places = [place for figure in form.figures.figures for place in figure.places]
    public = [at_place(form.figures.fields, place).public for place in places]
    assert len(places) > 20 and all(public)
