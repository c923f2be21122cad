"""`next`: the file of the next form is started from one that is there, and only what nobody knows yet is open."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from perfgen import cli
from perfgen.authoring import next_file
from perfgen.findings import FormError
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.source import reader
from tests.helpers import cycle as plain
from tests.helpers import scored_cycle as cycle
from tests.helpers.projects import snapshot

TARGET = "data/2025/目标/东园/嫁接.yaml"
SCORE = "data/2025/自评/东园/嫁接.yaml"
REFERENCE = "目标表: {表: target, 对上: [果园, 项目], 照抄: [负责人]}"


@dataclass
class Said:
    code: int
    out: str


@pytest.fixture
def root(tmp_path):
    return cycle.targets(tmp_path / "p")


@pytest.fixture
def run(capsys, tmp_path):
    def command(*arguments, root=tmp_path / "p"):
        code = cli.main(["-C", str(root), *arguments])
        told = capsys.readouterr()
        return Said(code, told.out + told.err)

    return command


def change(root, source, *pairs):
    text = (root / source).read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (root / source).write_text(text, "utf-8")


def change_schema(root, form, change_it):
    path = root / f"schema/{form}.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    change_it(schema)
    path.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")


def data_of(root, source=SCORE):
    return reader.load_yaml((root / source).read_bytes(), source).top


def test_what_the_reference_gives_is_there_and_the_rest_is_open(root, run):
    said = run("next", TARGET)
    assert said.code == 0, said.out
    assert f"《项目自评表》东园 嫁接 → {SCORE}：14 处要填" in said.out
    data = data_of(root)
    assert {name: data[name] for name in ("form", "果园", "项目", "负责人")} == {
        "form": "score", "果园": "东园", "项目": "嫁接", "负责人": "王园长",
    }  # fmt: skip
    assert data["年"] == 2025 and data["执行"] is None and data["经办"] is None
    assert not {"目标", "预算", "执行率", "总分"} & set(data)
    assert data["行"] == {
        "产出": {
            "数量": [{"名称": "种树", "完成值": None, "原因": None}, {"名称": "采收", "完成值": None, "原因": None}],
            "质量": [
                {"名称": "好果合格率", "完成值": None, "原因": None},
                {"名称": "果品评级", "完成值": None, "原因": None},
            ],
            "时效": [{"名称": "完工时间", "完成值": None, "原因": None}],
        },
        "自己的大类": {"自己的小类": [{"名称": "每亩费用", "完成值": None, "原因": None}]},
    }


def test_only_holes_are_found_in_it(root, run):
    run("next", TARGET)
    said = run("check", SCORE)
    assert said.code == 1
    assert said.out.count(": 错误 ") == said.out.count("没有填。") == 3
    assert (
        "“种树”的完成值、原因没有填。" in said.out and "同样的共 6 处" in said.out and "；原因没有就删掉；" in said.out
    )
    cycle.fill(root / SCORE)
    assert run("check", "--all").code == 0


def test_the_comments_are_those_of_an_empty_file(root, run):
    change_schema(root, "score", lambda schema: schema["properties"]["执行"].update(description="到年底花了多少。"))
    run("next", TARGET)
    text = (root / SCORE).read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../../../schema/score.schema.json\n")
    assert "# 执行：到年底花了多少。" in text
    assert f"# 接着 {TARGET} 做的，那里有的不用再填。" in text


def test_what_is_there_stays(root, run):
    run("next", TARGET)
    cycle.fill(root / SCORE)
    before = (root / SCORE).read_bytes()
    said = run("next", "data/2025/目标")
    assert said.code == 2
    assert f"{SCORE} 已经有了，没有动它" in said.out and "做了 1 个文件" in said.out
    assert (root / SCORE).read_bytes() == before
    assert (root / "data/2025/自评/东园/灌溉.yaml").is_file()


def test_a_file_of_the_same_keys_elsewhere_is_the_one_that_is_there(root, run):
    run("next", TARGET)
    (root / SCORE).rename(root / "data/2025/别处.yaml")
    assert "data/2025/别处.yaml 已经有了" in run("next", TARGET).out
    assert not (root / SCORE).exists()


def test_in_a_folder_what_has_no_next_form_is_told_of_and_is_no_failure(root, run):
    said = run("next", "data/2025")
    assert said.code == 0
    assert "1 个文件没有动：《果园总表》后面没有接着做的表" in said.out and "rollover" in said.out
    assert run("next", "data/2025/东园.yaml").code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--form", "own"], "《果园总表》引用《项目目标表》的是多份"),
        (["--form", "target"], "《项目目标表》下一年的用 perfgen rollover 续写"),
        (["--form", "scoer"], "没有 scoer 这张表"),
        (["--path", "别处"], "《项目自评表》的文件放在 自评/{果园}/{项目}，不用 --path"),
    ],
)
def test_why_not(root, run, arguments, words):
    said = run("next", TARGET, *arguments)
    assert said.code == 2 and words in said.out


def test_a_reference_that_does_not_say_which_project(root, run):
    change(root, "schema/score.rules.yaml", (REFERENCE, f"总表: {{表: own, 对上: [果园]}}\n  {REFERENCE}"))
    said = run("next", "data/2025/东园.yaml", "--form", "score")
    assert "《项目自评表》的引用“总表”没有对上“项目”，不知道新文件说的是什么；用 perfgen new" in said.out


def test_of_several_forms_one_is_to_be_chosen(root, run):
    for suffix in (".schema.json", ".rules.yaml"):
        text = (root / f"schema/score{suffix}").read_text("utf-8")
        renamed = text.replace('"const": "score"', '"const": "watch"').replace("自评", "监控")
        cycle.write(root, f"schema/watch{suffix}", renamed)
    said = run("next", TARGET)
    assert said.code == 2
    assert "接着可以做几张表：score（项目自评表）、watch（项目监控表）。用 --form 写明是哪一张" in said.out
    assert run("next", TARGET, "--form", "watch").code == 0
    assert (root / "data/2025/监控/东园/嫁接.yaml").is_file()


def test_the_year_is_as_many_later_as_the_reference_looks_back(root, run):
    change(root, "schema/score.rules.yaml", ("对上: [果园, 项目]", "往前: 1, 对上: [果园, 项目]"))
    cycle.write(root, "data/units.yaml", "单位:\n  新东园: {曾用名: [{名称: 东园, 到: 2025}]}\n")
    assert run("next", TARGET).code == 0
    data = data_of(root, "data/2026/自评/新东园/嫁接.yaml")
    assert (data["年"], data["果园"]) == (2026, "新东园")


def test_of_two_references_the_one_that_looks_back_less(root, run):
    change(
        root,
        "schema/score.rules.yaml",
        (REFERENCE, f"上年: {{表: target, 往前: 1, 对上: [果园, 项目]}}\n  {REFERENCE}"),
    )
    assert run("next", TARGET).code == 0
    assert (root / SCORE).is_file()


def test_fields_that_are_called_otherwise(root, run):
    def rename(schema):
        schema["properties"]["承办"] = schema["properties"].pop("果园")
        schema["required"] = ["form", "年", "承办", "项目", "执行", "行"]
        schema["x-path"] = "自评/{承办}/{项目}"

    change_schema(root, "score", rename)
    change(root, "schema/score.rules.yaml", ("对上: [果园, 项目]", "对上: {果园: 承办, 项目: 项目}"))
    assert run("next", TARGET).code == 0
    assert data_of(root)["承办"] == "东园"


def test_a_target_with_errors_is_corrected_first(root, run):
    change(root, TARGET, ("预算: 120", "预算: 很多"))
    said = run("next", TARGET)
    assert said.code == 1 and f"{TARGET}:7:5: 错误" in said.out
    assert not (root / SCORE).exists()


def test_two_targets_of_the_same_keys(root, run):
    cycle.write(root, "data/2025/抄的.yaml", (root / TARGET).read_text("utf-8"))
    said = run("next", TARGET)
    assert said.code == 2 and "有 2 个" in said.out and not (root / SCORE).exists()


def test_a_value_that_the_new_form_does_not_take_is_left_open_and_told_of(root, run):
    change_schema(root, "score", lambda schema: schema["properties"]["负责人"].update(maxLength=2))
    said = run("next", TARGET)
    assert said.code == 0
    assert f"{SCORE}: {TARGET} 里的写法这张表不收，没有带过来：负责人。" in said.out
    assert data_of(root)["负责人"] is None


def test_a_group_that_the_new_form_has_no_place_for(root, run):
    change_schema(root, "score", lambda schema: schema["properties"]["行"].update(additionalProperties=False))
    said = run("next", TARGET)
    assert "《项目自评表》里没有这几组，没有带过来：行.自己的大类。" in said.out
    assert list(data_of(root)["行"]) == ["产出"]


def test_a_name_that_would_become_public_is_not_taken_over(root, run):
    def hide(schema):
        for small in (
            schema["properties"]["行"]["additionalProperties"],
            *schema["properties"]["行"]["properties"].values(),
        ):
            for rows in (small["additionalProperties"], *small["properties"].values()):
                del rows["items"]["properties"]["名称"]["x-public"]

    change_schema(root, "target", hide)
    said = run("next", TARGET)
    assert "不公开的名称，这张表要公开，没有带过来：行.产出.数量.名称" in said.out
    assert data_of(root)["行"]["产出"]["数量"][0]["名称"] is None


class TestWithoutAPlaceOfItsOwn:
    @pytest.fixture
    def root(self, tmp_path):
        root = plain.filled(tmp_path / "p")
        for review in (root / "data/2025/自评/东园").iterdir():
            review.unlink()
        return root

    def test_beside_would_be_the_same_file(self, root, run):
        said = run("next", TARGET)
        assert said.code == 2
        assert "《项目自评表》没有写文件放在哪里（x-path），放在原处就是" in said.out and "--path" in said.out

    @pytest.mark.parametrize("typed", ["自评/东园/嫁接", "自评/{果园}/{项目}", "自评/{果园}/{项目}/"])
    def test_the_place_is_typed(self, root, run, typed):
        assert run("next", TARGET, "--path", typed).code == 0
        assert data_of(root)["指标"]["品质"] == [{"名称": "好果率", "完成值": None}]

    def test_two_files_of_one_place(self, root, run):
        said = run("next", "data/2025/目标", "--path", "自评/{果园}")
        assert said.code == 2
        assert "灌溉.yaml：data/2025/自评/东园.yaml 已经有了，没有动它" in said.out

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("自评/{项木}", "没有“项木”这个顶层字段"),
            ("自评/{项目", "花括号没有成对"),
            ("自评/{经办}", "引用没有给“经办”"),
            ("../外面", ""),
        ],
    )
    def test_a_place_that_cannot_be(self, root, run, typed, words):
        said = run("next", TARGET, "--path", typed)
        assert said.code == 2 and words in said.out
        assert not (root / "data/外面.yaml").exists()

    def test_beside_where_the_year_is_another(self, root, run):
        change(root, "schema/review.rules.yaml", ("目标表: {表: plan, ", "目标表: {表: plan, 往前: 1, "))
        assert run("next", TARGET).code == 0
        assert (root / "data/2026/目标/东园/嫁接.yaml").is_file()


MISTAKES = {
    "照抄: 负责人": "“照抄”要写成一列字段：[负责人]。",
    "照抄: [负责仁]": "“照抄”的“负责仁”：本表没有它。 是不是“负责人”？",
    "照抄: [执行]": "“照抄”的“执行”：那张表没有它。 两边叫法要一样。",
    "照抄: [果园]": "“果园”不用写在“照抄”里，本来就会填上。",
    "照抄: [预算]": "“预算”是算出来的，不用照抄。",
    "照抄: [行.大类.小类.行.权重]": "“行.大类.小类.行.权重”是算出来的，不用照抄。",
    "照抄: [负责人], 几份: 多份": "多份的引用没有“照抄”：不知道照哪一个抄。",
}


@pytest.mark.parametrize(("part", "wanted"), MISTAKES.items())
def test_a_slip_in_what_is_copied_is_told_of_at_its_line(root, part, wanted):
    line = f"另一份: {{表: target, 对上: [果园, 项目], {part}}}"
    change(root, "schema/score.rules.yaml", (REFERENCE, f"{REFERENCE}\n  {line}"))
    with pytest.raises(FormError) as caught:
        forms.find(snapshot(root), "score")
    (finding,) = caught.value.findings
    assert finding.place.line == 5 and f"{finding.message} {finding.hint}".strip() == wanted


def test_what_is_not_public_there_is_not_copied_to_what_is(root):
    change_schema(root, "target", lambda schema: schema["properties"]["负责人"].pop("x-public"))
    with pytest.raises(FormError, match="在那张表里不公开，本表公开，不能照抄"):
        forms.find(snapshot(root), "score")


def test_what_is_copied_in_rows_and_whole_groups(root):
    def more(schema):
        groups = schema["properties"]["行"]
        for small in (groups["additionalProperties"], *groups["properties"].values()):
            for rows in (small["additionalProperties"], *small["properties"].values()):
                rows["items"]["properties"]["来源"] = {"type": "string", "x-public": True}
        schema["properties"]["联系"] = {"type": "object", "properties": {"电话": {"type": "string"}}}

    for form in ("target", "score"):
        change_schema(root, form, more)
    change(root, "schema/score.rules.yaml", ("照抄: [负责人]", "照抄: [负责人, 联系, 行.大类.小类.行.来源]"))
    change(
        root,
        TARGET,
        ("目标值: ≤500元", "来源: 历史, 目标值: ≤500元"),
        ("经办: 甲某", "经办: 甲某\n联系: {电话: '12345'}"),
    )
    data = next_file.next_file(snapshot(root), DataFile.at(TARGET)).draft.document.top
    assert data["行"]["自己的大类"]["自己的小类"] == [
        {"名称": "每亩费用", "完成值": None, "原因": None, "来源": "历史"}
    ]
    assert data["行"]["产出"]["数量"][0]["来源"] is None
    assert data["联系"] == {"电话": "12345"}


class TestAFormThatDoesNotRollOver:
    def test_what_to_do_instead(self, root, run):
        run("next", TARGET)
        cycle.fill(root / SCORE)
        said = run("rollover", SCORE)
        assert said.code == 2
        assert (
            f"{SCORE}：《项目自评表》不逐年续写（x-rollover: false），从《项目目标表》的文件做：perfgen next 文件"
            in said.out
        )
        assert not (root / "data/2026").exists()

    def test_in_a_folder_it_is_told_once_and_nothing_is_wrong(self, root, run):
        run("next", TARGET)
        cycle.fill(root / SCORE)
        said = run("rollover", "data/2025")
        assert said.code == 0 and "✗" not in said.out
        assert said.out.count("不逐年续写") == 1 and "1 个文件没有续写：《项目自评表》" in said.out
        assert (root / "data/2026/目标/东园/嫁接.yaml").exists()

    def test_a_folder_of_nothing_else_is_no_success(self, root, run):
        run("next", TARGET)
        cycle.fill(root / SCORE)
        assert run("rollover", "data/2025/自评").code == 2
        assert run("rollover", "data/2025/自评", SCORE).code == 2

    def test_new_does_not_speak_of_it(self, root, run):
        run("next", TARGET)
        said = run("new", "2026", "东园", "--form", "score", "--subject", "嫁接")
        assert said.code == 0 and "rollover" not in said.out

    @pytest.mark.parametrize("name", ["x-rollover", "x-own-dates"])
    def test_it_stands_at_the_top_and_says_yes_or_no(self, root, name):
        change_schema(root, "score", lambda schema: schema.update({name: "false"}))
        with pytest.raises(FormError, match=f"{name} 说的是整张表：写在最上一级，写 true 或 false"):
            forms.find(snapshot(root), "score")
        change_schema(
            root, "score", lambda schema: (schema.pop(name), schema["properties"]["执行"].update({name: False}))
        )
        with pytest.raises(FormError, match=f"#/properties/执行：{name} 说的是整张表"):
            forms.find(snapshot(root), "score")
