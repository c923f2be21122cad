"""`perfgen diff` over a change of rules, forms and templates: exit code, what it does, how the old side is drawn."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import jsonschema
import pytest

from perfgen import cli
from perfgen.system import git
from tests.conftest import REPOSITORY
from tests.helpers import tiny, versions
from tests.helpers.words import docx_of
from tests.test_settings_changes import ROWS, RULES, RULES_TEXT, SCHEMA, STYLE, WORD, word

FORMATS = ("text", "markdown", "html", "json", "github")
FILE = "data/2025/东园.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tiny.make(tmp_path / "园")
    (root / RULES).write_text(RULES_TEXT, "utf-8")
    (root / STYLE).write_text(".row { color: black }\n", "utf-8")
    versions.git(root, "init", "-q", "-b", "main")
    versions.commit(root)
    return root


def run(capsys, root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["-C", str(root), "diff", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def settings(capsys, root: Path, *arguments: str) -> dict:
    _, out, _ = run(capsys, root, "--format", "json", *arguments)
    content = json.loads(out)
    described = json.loads((REPOSITORY / "docs/diff.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(described).validate(content)
    return content["settings"]


def edit(root: Path, file: str, old: str, new: str) -> None:
    versions.edit(root, old, new, file)


def test_a_threshold_takes_findings_away_and_both_is_said(capsys, root):
    edit(root, RULES, "最少斤数: 3", "最少斤数: 2")
    code, out, _ = run(capsys, root)
    assert code == 1
    assert out.splitlines()[1:5] == [
        "数据没有变化。",
        "规则、表、模板和设置变了：改变 1 处。",
        "用原来的和现在的规则各检查一遍现在的 2 个文件：不再说的 2 处（A01 2 个错误）。",
        "要重新生成的成品：data_csv 2 份、data_json 2 份、data_schema 2 份、dataset 2 份、docx 2 份、fragment 2 份、"
        f"html 2 份、table_page 2 份（{RULES}变了）。",
    ]
    assert "! [改变] 参数 最少斤数：由 3 改为 2；用它的规则：A01。" in out
    assert f"    不再说 {FILE}:7:5: 错误 梨 只有 2 [A01]" in out
    effect = settings(capsys, root)["effect"]
    assert [finding["rule"] for finding in effect["gone"]] == ["A01", "A01"] and effect["appeared"] == []


def test_a_level_is_said_with_the_findings_that_have_it(capsys, root):
    edit(root, RULES, "名称: 斤数够\n    级别: 错误", "名称: 斤数够\n    级别: 警告")
    out = run(capsys, root)[1]
    assert "：A01 的 2 处由错误变成警告。" in out


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_it_loudest(capsys, root, name):
    edit(root, SCHEMA, '"备注": {"title": "备注",', '"备注": {"x-public": true, "title": "备注",')
    code, out, _ = run(capsys, root, "--format", name)
    assert code == 1 and "由不公开改为公开" in out
    first = {"html": lambda: re.search("<li>(.*?)</li>", out)[1], "json": lambda: json.loads(out)["headline"][0],
             "github": lambda: out}.get(name, lambda: out.splitlines()[1])()  # fmt: skip
    assert "备注" in first and "由不公开改为公开" in first


def test_layout_alone_is_no_difference(capsys, root):
    edit(root, RULES, "计算:\n", "# 怎么算\n计算:\n")
    code, out, _ = run(capsys, root)
    assert code == 0 and out.splitlines()[1] == "没有变化。" and "读出来和原来一样" in out


def test_the_rules_are_judged_over_the_new_data(capsys, root):
    edit(root, RULES, "最少斤数: 3", "最少斤数: 2")
    edit(root, FILE, "斤数: 2", "斤数: 1")
    effect = settings(capsys, root)["effect"]
    assert [finding["file"] for finding in effect["gone"]] == ["data/2025/西园.yaml"]


def test_two_commits(capsys, root):
    edit(root, RULES, "最少斤数: 3", "最少斤数: 2")
    versions.commit(root)
    assert "不再说的 2 处" in run(capsys, root, "HEAD~1..HEAD")[1]
    assert run(capsys, root, "HEAD")[0] == 0


def test_what_is_not_checked_out_is_told_and_not_applied(capsys, root, monkeypatch):
    """As in the comment on a request: the target branch is checked out, the commit of the request is only read."""
    edit(root, RULES, "最少斤数: 3", "最少斤数: 2")
    edit(root, FILE, "斤数: 2", "斤数: 1")
    versions.commit(root)
    versions.git(root, "checkout", "-q", "HEAD~1")
    monkeypatch.setattr("perfgen.form.formulas.Formula.__call__", _only_ours(root))
    code, out, _ = run(capsys, root, "HEAD..main")
    assert code == 1 and "参数 最少斤数：由 3 改为 2" in out
    assert "比较时没有用它们" in out and "各检查一遍" not in out and "要重新生成" not in out
    assert "斤数" in out


def _only_ours(root: Path):
    """Formulas that are only computed with the parameters of the work tree."""
    from perfgen.form.formulas import Formula

    real = Formula.__call__

    def checked(self, names):
        assert names.get("最少斤数", 3) == 3, "a rule of the other commit was applied"
        return real(self, names)

    return checked


def test_rules_that_cannot_be_read_are_said_first_and_the_data_is_compared(capsys, root):
    edit(root, RULES, "名称 in 好水果", "名称 in 坏水果")
    edit(root, FILE, "斤数: 2", "斤数: 1")
    code, out, errors = run(capsys, root)
    assert (code, errors) == (1, "")
    line = RULES_TEXT[: RULES_TEXT.index("公式: 名称")].count("\n") + 1
    assert out.splitlines()[0].startswith(("main →", f"现在的表或规则读不出来：{RULES}:{line}:"))
    assert f"{RULES}:{line}:" in out and "按原来的表和规则比较" in out and "由 2 改为 1" in out
    for name in FORMATS:
        assert run(capsys, root, "--format", name)[0] == 1


def test_forms_that_cannot_be_read_in_either_version_stop_it(capsys, root):
    edit(root, RULES, "名称 in 好水果", "名称 in 坏水果")
    versions.commit(root)
    edit(root, FILE, "斤数: 2", "斤数: 1")
    assert run(capsys, root, "HEAD")[0] == 2


def test_an_old_side_that_cannot_be_read_is_said(capsys, root):
    edit(root, RULES, "名称 in 好水果", "名称 in 坏水果")
    versions.commit(root)
    edit(root, RULES, "名称 in 坏水果", "名称 in 好水果")
    code, out, _ = run(capsys, root, "HEAD")
    assert code == 1 and "! [读不出来] fruit.rules.yaml：原来的读不出来，没有比较：" in out


def test_a_hostile_old_template_is_refused_with_its_place(capsys, root):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<" + b" " * 70_000_000)
    good = (root / WORD).read_bytes()
    (root / WORD).write_bytes(bomb.getvalue())
    versions.commit(root)
    (root / WORD).write_bytes(good)
    code, out, _ = run(capsys, root, "HEAD")
    assert code == 1 and "! [读不出来] 模板：没有比较：" in out and WORD in out


def shown(page: str, which: str) -> list[str]:
    """The cells of one side's table in a page."""
    table = page.partition(f"，{which}（")[2].partition("</table>")[0]
    return re.findall(r"<p[^>]*>(?:<mark>[^<]*</mark>)?([^<]*)</p>", table)


def test_the_page_draws_the_old_side_with_the_old_template(capsys, root):
    (root / WORD).write_bytes(word((1, 0, ""))[WORD])
    edit(root, FILE, "斤数: 2", "斤数: 1")
    page = run(capsys, root, "--format", "html")[1]
    assert "备注" in shown(page, "原来") and "备注" not in shown(page, "现在")


def test_the_redline_has_the_old_labels_where_the_rows_are_the_same(capsys, root, tmp_path):
    from perfgen.project.snapshot import Project
    from perfgen.review import compare as comparing
    from perfgen.review.redlines import redlines
    from perfgen.review.versions import range_of

    (root / WORD).write_bytes(word((1, 0, "附注"))[WORD])
    edit(root, FILE, "斤数: 2", "斤数: 1")
    project = Project.on_disk(root)
    (redline,) = redlines(comparing.compare(project, range_of(root, None)))
    assert redline.content and not redline.remark
    with zipfile.ZipFile(io.BytesIO(redline.content)) as package:
        document = package.read("word/document.xml").decode()
    assert "附注" in document and re.search("<w:delText[^>]*>[^<]*备", document)


def test_the_redline_of_a_template_with_other_rows_is_of_the_data_and_says_so(capsys, root):
    (root / WORD).write_bytes(docx_of([*ROWS[:2], ["新", "行"], *ROWS[2:]]))
    edit(root, FILE, "斤数: 2", "斤数: 1")
    code, _, errors = run(capsys, root, "--redline", "修订")
    assert code == 1, errors
    assert errors == "2025/东园.docx：修订稿已写好；模板的行或列变了，没有办法逐行对：两边的数据都按现在的模板画。\n"


def test_a_file_that_is_named_is_compared_alone(capsys, root):
    edit(root, RULES, "最少斤数: 3", "最少斤数: 2")
    edit(root, FILE, "斤数: 2", "斤数: 1")
    out = run(capsys, root, "main", str(root / FILE))[1]
    assert "各检查一遍" not in out and "由 3 改为 2" in out


def test_nothing_is_listed_where_nothing_but_data_changed(capsys, root, monkeypatch):
    edit(root, FILE, "斤数: 2", "斤数: 1")
    asked = []
    monkeypatch.setattr("perfgen.review.settings.review.sides_of", lambda *_: asked.append(1))
    assert run(capsys, root)[0] == 1 and not asked
    assert git.head(root)


def test_a_template_that_stands_in_for_one_of_the_program(capsys, root):
    """A copy of a shared template hides a row: told beside what the program's own one has."""
    own = (REPOSITORY / "templates/shared/page.css").read_text("utf-8")
    (root / "templates/shared").mkdir()
    (root / "templates/shared/page.css").write_text(own + "tr:nth-child(4) { visibility: collapse }\n", "utf-8")
    code, out, _ = run(capsys, root)
    assert code == 1 and "新的模板文件，生成用它，不用程序自己的" in out
    line = f"第 {len(own.splitlines()) + 1} 行"
    assert f"! [放松] 模板：有会把内容藏起来的写法：{line}加了“tr:nth-child(4) {{ visibility: collapse }}”。" in out


def allowing(properties: dict) -> None:
    properties["可以"] = {"type": "object", "x-role": "allow", "additionalProperties": {"type": "string"}}


def test_what_a_unit_may_publish_now_is_loud(capsys, root):
    schema = json.loads((root / SCHEMA).read_text("utf-8"))
    allowing(schema["properties"])
    (root / SCHEMA).write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    versions.commit(root)
    with (root / FILE).open("a", encoding="utf-8") as file:
        file.write('可以:\n  "13800000000": 热线\n')
    code, out, _ = run(capsys, root, "HEAD")
    assert code == 1
    assert out.splitlines()[1] == "公开范围变了：东园 可以 “13800000000”：现在允许公开，虽然像不该公开的；理由：热线。"


def test_a_unit_that_names_another_form_is_told(capsys, root):
    schema = (root / SCHEMA).read_text("utf-8").replace('"const": "fruit"', '"const": "lax"')
    (root / "schema/lax.schema.json").write_text(schema, "utf-8")
    edit(root, FILE, "form: fruit", "form: lax")
    out = run(capsys, root)[1]
    assert f"! [放松] 东园 用的表：由“fruit”改为“lax”：以后按另一张表的规则检查。\n      {FILE}:1:" in out
    assert "! [改变] 表 lax：新的表“水果登记表”。" in out


@pytest.mark.parametrize(("old", "new"), [("损耗率: ≤", "损耗率: ≥"), ("[好, 中, 差]", "[差, 中, 好]")])
def test_a_turned_direction_is_said_to_turn_the_classes_of_the_data(capsys, root, old, new):
    edit(root, RULES, old, new)
    edit(root, FILE, "斤数: 2", "斤数: 1")
    assert "按现在的表和规则判断，而它们也变了" in run(capsys, root)[1]
    versions.git(root, "checkout", "-q", RULES)
    assert "按现在的表和规则判断" not in run(capsys, root)[1]
