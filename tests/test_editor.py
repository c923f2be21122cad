"""The real yaml-language-server, as VS Code starts it: it agrees with `perfgen check` as far as docs/editor.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfgen.build import job
from perfgen.findings import Level
from perfgen.project.layout import DataFile
from perfgen.report import site
from perfgen.source import reader
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import anything, book
from tests.helpers.editor import Editor, edited
from tests.helpers.projects import snapshot

OTHERS = [
    f"data/2025/{folder}/示例市档案馆{rest}.yaml"
    for folder, rest in [
        ("部门自评", ""),
        *((one, "/馆库与数字档案系统运行维护") for one in ("项目目标", "项目监控", "项目自评")),
    ]
]
"""A file of each further form."""
SERVER = REPOSITORY / ".ci/node/node_modules/yaml-language-server/bin/yaml-language-server"
SOURCE = "data/2025/示例市教育局.yaml"
FORM, SITE = "department-target", "site"
FIRST_LINE = "# yaml-language-server: $schema=../../schema/department-target.schema.json\n"
GOOD = (REPOSITORY / SOURCE).read_text("utf-8")
PROJECT = "{项目名称: 公用经费, 类别: 运转类项目支出, "
INDICATOR = "{三级指标: 公用经费控制率, 指标值: ≤100%, 依据: 预算支出标准, 分类: 绩效基本型}"

# The rows of the tables in docs/editor.md: name of the row -> changes to a good file, or the whole text.
BOTH = {
    "文字填成了数字": [("项目名称: 公用经费", "项目名称: 12")],
    "数字填成了文字": [("年度: 2025", "年度: 二〇二五")],
    "没有填": [("年度: 2025", "年度:")],
    "金额带单位或逗号": [("当年: 13559.4", "当年: '13,559.4'")],
    "金额小于 0": [("当年: 13559.4", "当年: -1")],
    "年度超出范围": [("年度: 2025", "年度: 1925")],
    "金额多于两位小数": [("当年: 13559.4", "当年: 13559.415")],
    "只有空格": [("项目名称: 公用经费", '项目名称: "  "')],
    "太长": [("项目名称: 公用经费", f"项目名称: {'长' * 201}")],
    "表式写错": [("表式: department-target", "表式: department")],
    "不在可选的值里": [("类别: 运转类项目支出", "类别: 运转类")],
    "依据不在五种里": [("依据: 预算支出标准", "依据: 预算标准")],
    "分类不在两种里": [("分类: 绩效基本型", "分类: 基本型")],
    "缺必填的项（整张表）": [("联系电话: 0000-0000001\n", "")],
    "缺必填的项（一条指标）": [("三级指标: 公用经费控制率, ", "")],
    "多了不认识的项": [(PROJECT, PROJECT + "备注: 无, ")],
    "二级指标写错": [("      公用经费控制:", "      公用经费节约:")],
    "列表是空的": [("      公用经费控制:\n        - " + INDICATOR, "      公用经费控制: []")],
    "同一个名称写了两次": [("年度: 2025\n", "年度: 2025\n年度: 2025\n")],
    "用制表符缩进": [("  财政拨款: ", "\t财政拨款: ")],
    "冒号是全角的": [("年度: 2025", "年度：2025")],
    "以 % 开头没有加引号": [("部门名称: 示例", "部门名称: %示例")],
    "以 > 开头没有加引号": [("部门名称: 示例", "部门名称: >80%示例")],
    "名称不是文字": [(PROJECT, "{? {甲: 乙} : 丙, 项目名称: 公用经费, 类别: 运转类项目支出, ")],
    "NaN 和无穷大": [("当年: 13559.4", "当年: .nan")],
}
# … -> changes, and what `check` says on the line
ONLY_CHECK = {
    "锚点和引用": ([("部门名称: ", "部门名称: &甲 "), ("项目名称: 公用经费", "项目名称: *甲")], "&"),
    "YAML 标签": ([("年度: 2025", "年度: !!int 2025")], "标签"),
    "第二份文档": (GOOD + "---\n" + GOOD, "两份文档"),
    "控制字符": ([("项目名称: 公用经费", "项目名称: 公\x07用经费")], "控制字符"),
    "看不见的字符": ([("项目名称: 公用经费", "项目名称: 公\u200b用经费")], "看不见"),
    "部首和兼容字符": ([("用途: 机关", "用途: ⼀般机关")], "兼容字符"),
    "自造字": ([("用途: 机关", "用途: \ue000机关")], "不是正式文字"),
    "超过浮点数精度的小数": ([("当年: 13559.4", "当年: 13559.40000000000000001")], "小数位太多"),
    "太长的数字": ([("当年: 13559.4", "当年: 13559.4" + "0" * 30)], "数字太长"),
    "合并键 <<": ([("  财政拨款: ", "  <<: {单位资金: {当年: 1}}\n  财政拨款: ")], "没有“<<”"),
    "年度和文件夹不一致": ([("年度: 2025", "年度: 2024")], "data/2025/"),
    "合计和计算结果不一致": ([("  单位资金: {", "  合计: {当年: 1}\n  单位资金: {")], "计算结果"),
    "汇总数和计算结果不一致": ([("人员类项目支出: {", "人员类项目支出: {当年: 1, ")], "计算结果"),
    "公开内容里的手机号": ([("用途: 机关", "用途: 联系 13912345678，机关")], "手机号"),
    "公开内容里的身份证号": ([("用途: 机关", "用途: 110101199003070011 的机关")], "身份证号"),
    "公开内容里的密级": ([("用途: 机关", "用途: 机密级机关")], "密级"),
    "收入和支出不等": ([("当年: 13559.4", "当年: 13559.5")], "支出合计"),
    "本年度预算超过总预算": ([("总预算: 1162.77,", "总预算: 1,")], "超过了项目总预算"),
    "数值没有单位": ([("公用经费控制率, 指标值: ≤100%", "公用经费控制率, 指标值: ≤100")], "没有单位"),
    "多余的空格": ([("- 主管全市", "- 主管 全市")], "多余的空格"),
    "说明了没有的规则": ([("审核说明:\n", "审核说明:\n  D99: 没有这一条\n")], "没有 D99"),
}  # fmt: skip


def changed(case) -> str:
    if isinstance(case, str):
        return case
    text = GOOD
    for old, new in case:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def schema(name: str) -> dict:
    return json.loads((REPOSITORY / f"schema/{name}.schema.json").read_text("utf-8"))


def resolved(node: dict, whole: dict) -> dict:
    while "$ref" in node:
        target = whole["$defs"][node["$ref"].removeprefix("#/$defs/")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def at(path, whole: dict) -> dict:
    """The schema of a value of the data."""
    node = whole
    for step in path:
        open_members = node.get("additionalProperties")
        node = node["items"] if isinstance(step, int) else node.get("properties", {}).get(step, open_members)
        node = resolved(node, whole)
    return node


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A project of its own, in a folder with a space and Chinese in its name."""
    root = tmp_path_factory.mktemp("editor") / "仓库 一"
    for name in ("schema", "templates", ".vscode", "data"):
        shutil.copytree(REPOSITORY / name, root / name)
    return root


@pytest.fixture(scope="module")
def editor(root):
    """One server for all tests here, with every sample and every case open; it works while we wait."""
    there = SERVER.exists() and shutil.which("node")
    if not there and os.environ.get("PERFGEN_TESTS_REQUIRE") == "all":
        pytest.fail("Node.js and yaml-language-server are required here")
    if not there:
        pytest.skip("没有 yaml-language-server；在 .ci/node 里运行 npm ci 就会测")
    editor = Editor(SERVER, root)
    for name in (*SAMPLES, *OTHERS, "data/site.yaml"):
        editor.open(name, (root / name).read_text("utf-8"))
    for number, case in enumerate([*BOTH.values(), *(case for case, _ in ONLY_CHECK.values())]):
        editor.open(f"data/2025/{number}.yaml", changed(case))
    yield editor
    editor.close()


def said(editor, row: str) -> dict[int, list[str]]:
    """What the editor says about a case: line -> sentences."""
    found: dict[int, list[str]] = {}
    for one in editor.diagnostics(f"data/2025/{[*BOTH, *ONLY_CHECK].index(row)}.yaml"):
        found.setdefault(one["range"]["start"]["line"] + 1, []).append(one["message"])
    return found


def checked(root: Path, text: str) -> list:
    """What `perfgen check` says about a text: errors only."""
    before = (root / SOURCE).read_bytes()
    (root / SOURCE).write_text(text, "utf-8", newline="")
    try:
        findings = job.reports(snapshot(root), DataFile.at(SOURCE), site.Site({}))[0].findings
    finally:
        (root / SOURCE).write_bytes(before)
    return [finding for finding in findings if finding.level is Level.ERROR]


@pytest.mark.parametrize("name", [*SAMPLES, *OTHERS, "data/site.yaml"])
def test_good_samples_have_no_mark(editor, name):
    assert editor.diagnostics(name) == []


def test_the_settings_lead_to_the_schema_without_the_first_line(editor):
    for name in (SOURCE, *OTHERS):
        text = (REPOSITORY / name).read_text("utf-8").partition("\n")[2].replace("年度: 2025", "年度: 今年", 1)
        without = name.replace("示例市", "没有第一行")
        editor.open(without, text)
        assert [one["message"] for one in editor.diagnostics(without)] == ["年度要填四位数字，例如 2024。"]
    editor.open("data/site.yml", "站点: 1\n")
    assert editor.diagnostics("data/site.yml") == []


@pytest.mark.parametrize("row", BOTH)
def test_editor_and_check_say_it_on_the_same_line(editor, root, row):
    found, findings = said(editor, row), checked(root, changed(BOTH[row]))
    assert findings
    lines = {finding.place.line for finding in findings}
    if all(finding.rule.startswith("schema-") for finding in findings):
        assert set(found) == lines
    else:
        assert lines <= set(found)


@pytest.mark.parametrize("row", ONLY_CHECK)
def test_only_check_says_it(editor, root, row):
    case, words = ONLY_CHECK[row]
    assert said(editor, row) == {}
    assert any(words in finding.message for finding in checked(root, changed(case)))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("数字填成了文字", at(("年度",), schema(FORM))["errorMessage"]),
        ("没有填", at(("年度",), schema(FORM))["errorMessage"]),
        ("金额带单位或逗号", at(("项目支出", 0, "总预算"), schema(FORM))["errorMessage"]),
        ("不在可选的值里", at(("项目支出", 0, "类别"), schema(FORM))["errorMessage"]),
        ("表式写错", "第一项固定写“表式: department-target”。"),
        ("缺必填的项（一条指标）", "一条指标要有：三级指标、指标值、依据、分类；不能有别的名称。"),
        ("多了不认识的项", at(("项目支出", 0), schema(FORM))["errorMessage"]),
        ("二级指标写错", at(("长期绩效指标", 0, "运行成本"), schema(FORM))["errorMessage"]),
    ],
)
def test_the_schema_s_own_sentence_stands_under_the_wave(editor, row, sentence):
    assert [message for messages in said(editor, row).values() for message in messages] == [sentence]


def test_every_documented_row_is_tried():
    page = (REPOSITORY / "docs/editor.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+?) \|", page, re.MULTILINE)
    assert set(BOTH) <= set(rows)
    assert set(ONLY_CHECK) <= set(rows)
    after = page.split("## 只有 check 看得到的", 1)[1]
    listed = re.findall(r"^\| ([^|]+?) \|", after.split("\n## ", 1)[0], re.MULTILINE)
    assert sorted(set(listed) - {"问题", "---"}) == sorted(ONLY_CHECK)


def test_a_rare_character_counts_twice_in_the_editor_only(editor, root):
    text = changed([("项目名称: 公用经费", f"项目名称: {'𠮷' * 101}")])
    editor.open("data/2025/生僻字.yaml", text)
    assert ["200" in one["message"] for one in editor.diagnostics("data/2025/生僻字.yaml")] == [True]
    assert not [finding for finding in checked(root, text) if finding.rule.startswith("schema-")]


def walk(node: dict, whole: dict, path: str = ""):
    node = resolved(node, whole)
    yield path, node
    for name, member in node.get("properties", {}).items():
        yield from walk(member, whole, f"{path}.{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(node.get(name), dict):
            yield from walk(node[name], whole, f"{path}.{name}")


@pytest.mark.parametrize("name", [FORM, SITE])
def test_every_field_says_what_it_is(name):
    whole = schema(name)
    bare = [path for path, node in walk(whole, whole) if not (node.get("title") and node.get("description"))]
    assert bare == []
    for path, node in walk(whole, whole):
        assert "enumDescriptions" not in node or len(node["enumDescriptions"]) == len(node["enum"]), path


def test_choices_in_snippets_are_those_of_the_schema():
    whole = schema(FORM)
    lists = {tuple(node["enum"]) for _, node in walk(whole, whole) if "enum" in node}
    stops = re.findall(r"\$\{\d+\|([^|]+)\|\}", json.dumps(whole, ensure_ascii=False))
    assert {tuple(stop.split(",")) for stop in stops} == lists


@pytest.mark.parametrize(("source", "name"), [(SOURCE, FORM), ("data/site.yaml", SITE)])
def test_hover_shows_the_texts_of_every_key(editor, root, source, name):
    whole = schema(name)
    document = reader.load_yaml((root / source).read_bytes(), source)
    seen = set()
    for path, (line, column) in document.keys.items():
        kind = tuple("*" if isinstance(step, int) else step for step in path)
        if kind in seen or path[-1].isdigit():  # a key that is a number has no hover in the server
            continue
        seen.add(kind)
        node = at(path, whole)
        text = editor.hover(source, line, column + 1).replace("\\", "").replace("&nbsp;", " ")
        assert text.startswith(f"#### {node['title']}\n"), (path, text)
        assert plain(node["description"]) in plain(text), (path, text)
        meanings = [f": {meaning}" for meaning in node["enumDescriptions"]] if "enumDescriptions" in node else []
        for number, value in enumerate(node.get("enum", ())):
            assert f"* `{value}`{meanings[number] if meanings else ''}\n" in text
    assert len(seen) > 9


def plain(text: str) -> str:
    """A text without what Markdown needs escaped."""
    return re.sub(r"[\\\s]", "", text)


def proposals(editor, text: str) -> list[dict]:
    """What is proposed where ¦ stands in a text."""
    before, _, after = text.partition("¦")
    name = f"data/2025/补全{hash(text)}.yaml"
    editor.open(name, before + after)
    lines = before.split("\n")
    return editor.complete(name, len(lines), len(lines[-1]) + 1)


def offered(editor, text: str) -> dict[str, dict]:
    """What is proposed with a description: label -> item."""
    return {item["label"]: item for item in proposals(editor, text) if item.get("documentation")}


HEAD = FIRST_LINE + "表式: department-target\n"
GROUP = "长期绩效指标:\n  - 目标: 示例\n    运行成本:\n      公用经费控制:\n        - "


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("¦", ()),
        ("收入构成:\n  ¦", ("收入构成",)),
        ("项目支出:\n  - ¦", ("项目支出", 0)),
        ("长期绩效指标:\n  - 目标: 示例\n    运行成本:\n      ¦", ("长期绩效指标", 0, "运行成本")),
        (GROUP + "¦", ("长期绩效指标", 0, "运行成本", "公用经费控制", 0)),
    ],
)
def test_keys_are_offered_with_their_description(editor, text, path):
    whole = schema(FORM)
    found = offered(editor, HEAD + text)
    for name in at(path, whole)["properties"]:
        if not (path == () and name == "表式"):
            assert found[name]["documentation"] == at((*path, name), whole)["description"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("项目支出:\n  - {项目名称: 示例, 类别: ¦}", ("项目支出", 0, "类别")),
        ("项目支出:\n  - 项目名称: 示例\n    类别: ¦", ("项目支出", 0, "类别")),
        (GROUP + "{三级指标: 示例, 依据: ¦}", ("长期绩效指标", 0, "运行成本", "公用经费控制", 0, "依据")),
        (GROUP + "{三级指标: 示例, 分类: 绩¦}", ("长期绩效指标", 0, "运行成本", "公用经费控制", 0, "分类")),
    ],
)
def test_values_are_offered_with_their_meaning(editor, text, path):
    node = at(path, schema(FORM))
    found = offered(editor, HEAD + text)
    assert list(found) == node["enum"]
    meanings = node.get("enumDescriptions") or [node["description"]] * len(node["enum"])
    assert [item["documentation"] for item in found.values()] == meanings


def fill(before: str) -> str:
    """What a person types at an empty tab stop, judged by the name before it."""
    name = re.split(r"[{,\n]\s*", before)[-1].strip().removesuffix(":")
    amounts = ("当年", "上年", "前年", "总预算", "本年度预算")
    typed = {"年度": "2025", "截止年": "2029", "联系电话": "0711-0000000", "-": "示例工作"}
    return "12.5" if name in amounts else typed.get(name, "示例")


@pytest.mark.parametrize(
    ("text", "label", "line"),
    [
        (
            GROUP + "¦", "一条三级指标",
            "        - {三级指标: 示例, 指标值: 示例, 依据: 计划标准, 分类: 绩效基本型}",
        ),
        (
            "项目支出:\n  - ¦", "一个项目",
            "  - {项目名称: 示例, 类别: 人员类项目支出, 总预算: 12.5, 本年度预算: 12.5, 用途: 示例}",
        ),
        (
            "收入构成:\n  财政拨款: ¦", "当年、上年、前年的金额",
            "  财政拨款: {当年: 12.5, 上年: 12.5, 前年: 12.5}",
        ),
        (
            "支出构成:\n  人员类项目支出: ¦", "上年、前年的金额",
            "  人员类项目支出: {上年: 12.5, 前年: 12.5}",
        ),
    ],
)  # fmt: skip
def test_a_snippet_is_one_line(editor, text, label, line):
    item = offered(editor, HEAD + text)[label]
    result = edited(HEAD + text.replace("¦", ""), item, fill)
    assert result.split("\n")[-1] == line


def test_a_whole_file_is_made_of_snippets(editor, root):
    text = FIRST_LINE
    text = edited(text, offered(editor, text + "¦")["新建一份"], lambda b: "" if b.endswith("指标:\n  - ") else fill(b))
    for block, label in (("长期绩效指标", "一组长期指标"), ("年度绩效指标", "一组年度指标")):
        empty = f"{block}:\n  - "
        assert text.count(empty) == 1
        marked = text.replace(empty, empty + "¦")
        text = edited(text, offered(editor, marked)[label], fill)
    text += "\n"
    editor.open("data/2025/新单位.yaml", text)
    assert editor.diagnostics("data/2025/新单位.yaml") == []
    assert [f for f in checked(root, text) if f.rule.startswith(("schema-", "yaml-", "form"))] == []
    groups = at(("长期绩效指标", 0), schema(FORM))["properties"].values()
    seconds = sum(len(group.get("properties", "核")) for group in groups if group.get("type") == "object")
    assert text.count("三级指标: 示例") == 2 * seconds


def filled(node: dict, whole: dict) -> object:
    """Data with every member that a schema has, each once; open names are 甲."""
    node = resolved(node, whole)
    kind = node.get("type", "string")
    if kind == "array":
        return [filled(node["items"], whole)]
    if kind != "object":
        return node.get("const", node.get("enum", ["示例"])[0])
    data = {name: filled(member, whole) for name, member in node.get("properties", {}).items()}
    open_members = node.get("additionalProperties")
    return data | ({"甲": filled(open_members, whole)} if open_members else {})


def hovers(editor) -> Iterator[str]:
    """What is shown over each name of a file with every member there is; what all rows of a block share, once."""
    whole = schema(FORM)
    text, name = FIRST_LINE + anything.as_yaml(filled(whole, whole), flow=False), "data/2025/每项一次.yaml"
    editor.open(name, text)
    seen = set()
    for path, (line, column) in reader.load_yaml(text.encode(), name).keys.items():
        shown, _, _ = editor.hover(name, line, column + 1).rpartition("\n\n")  # the last line is the schema's place
        if (path[0], path[-1], shown) not in seen:
            seen.add((path[0], path[-1], shown))
            yield "\n".join(["停在 " + ".".join(map(str, path)), *filter(None, shown.split("\n"))])


def where_names_begin() -> Iterator[str]:
    """The places of both trees and of the amounts where the editor proposes something."""
    yield from ("长期目标:\n  ¦", "收入构成:\n  财政拨款:\n    ¦", "支出构成:\n  人员类项目支出:\n    ¦")
    for block in ("收入构成", "支出构成"):
        yield from (f"{block}:\n  ¦", f"{block}:\n  合计: ¦", f"{block}:\n  合计:\n    ¦")
    for block in ("长期绩效指标", "年度绩效指标"):
        group = f"{block}:\n  - 目标: 示例\n    "
        row = f"{group}运行成本:\n      公用经费控制:\n        - "
        yield from (f"{block}:\n  - ¦", f"{group}¦")
        yield from (f"{group}{name}:\n      ¦" for name in at((block, 0), schema(FORM))["properties"] if name != "目标")
        yield from (f"{row}¦", f"{row}三级指标: 示例\n          ¦", f"{row}{{依据: ¦}}", f"{row}{{分类: ¦}}")


def proposed(editor, place: str) -> str:
    """What the editor proposes at a place: each name, what it writes, and its description, long ones cut."""
    lines = ["补全 " + re.sub(r"\s+", " ", place)]
    for item in proposals(editor, HEAD + place):
        about = item.get("documentation", "")
        about = about if isinstance(about, str) else about["value"].partition("\n\n----")[0]  # a preview follows
        written = item["insertText"].replace("\n", "⏎")
        lines.append("｜".join([item["label"], written if len(written) <= 200 else written[:200] + "…", about]))
    return "\n".join(lines)


def test_all_that_is_shown_and_proposed_is_in_the_book(editor):
    """The tests above hold it to the schema, which may be wrong; this one to what it was."""
    book.holds("editor-answers.txt", [*hovers(editor), *(proposed(editor, place) for place in where_names_begin())])
