"""An empty file has every field, says what to fill in the schema's words, and is nothing but holes."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.authoring import draft
from perfgen.check.filing import Filing
from tests.helpers import years
from tests.helpers.projects import document_and_form


def call(capsys, root: Path, *arguments: str) -> tuple[int, str, str]:
    of_form = [] if {"--form", "--subject"} & {*arguments} else ["--form", "department-target"]
    code = cli.main(["-C", str(root), "new", *arguments, *of_form])
    said = capsys.readouterr()
    return code, said.out, said.err


def names_in(field, figures: set, names: tuple[str, ...] = ()) -> set[str]:
    """Every name the schema declares, computed ones apart."""
    found = set()
    for name, member in field.members.items():
        below = names_in(member, figures, (*names, name))
        if (*names, name) not in figures and (below or member.kind != "object" or member.other):
            found |= {name} | below
    for part in (field.item, field.other):
        found |= names_in(part, figures, names) if part else set()
    return found


@pytest.mark.parametrize(
    ("subject", "form", "path"),
    [([], "department-target", "甲局"), (["--subject", "修路"], "project-target", "项目目标/甲局/修路")],
)
def test_of_several_forms_the_only_one_that_is_begun_empty_is_meant(capsys, project, subject, form, path):
    """The others roll over from nothing: their files are started from those of another form."""
    for schema in (project / "schema").glob("*.schema.json"):  # a repository with more forms is tested as well
        if not schema.name.startswith(("common", "department-", "project-", "site", "units")):
            schema.unlink()
    assert cli.main(["-C", str(project), "new", "2026", "甲局", *subject]) == 0, capsys.readouterr().err
    assert f"表式: {form}\n" in (project / f"data/2026/{path}.yaml").read_text("utf-8")


def test_every_field_is_there_in_order_and_every_hole_is_said(capsys, project):
    code, out, errors = call(capsys, project, "2026", "市教育局")
    assert (code, errors) == (0, "")
    target = "data/2026/市教育局.yaml"
    text = (project / target).read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../schema/department-target.schema.json\n")
    document, form = document_and_form(project, target)
    figures = {figure.path for figure in form.figures.figures}
    optional = [
        name for name, member in form.fields.members.items() if not member.printed and name not in document.data
    ]
    assert [line[2:-1] for line in text.splitlines() if line[2:-1] in optional] == optional
    typed = replace(form.fields, members={n: m for n, m in form.fields.members.items() if n not in optional})
    for name in names_in(typed, figures):
        assert re.search(rf"(^|[\s{{]){re.escape(name)}:", text), name
    assert "合计:" not in text
    found = draft.errors(Filing(document, form))
    assert f"{len(found)} 处要填" in out
    assert all(document.value(finding.path) is None for finding in found)
    order = [name for name in form.fields.members if name in document.data]
    assert list(document.data) == order
    for group in ("长期绩效指标", "年度绩效指标"):
        about = form.fields.members[group].item
        declared = [name for name, member in about.members.items() if member.groups]
        assert len(declared) == 6
        assert [name for name in document.data[group][0] if name in declared] == declared


def test_what_to_fill_is_said_once_in_the_schemas_words(capsys, project):
    call(capsys, project, "2026", "市教育局")
    lines = (project / "data/2026/市教育局.yaml").read_text("utf-8").splitlines()
    said = [line for line in lines if line.startswith("# ") and "：" in line]
    assert len(said) == len(set(said))
    assert any(line.startswith("# 联系电话：办公电话，例如 0711-0000000；") for line in said)
    (kinds,) = (line for line in said if line.startswith("# 分类："))
    assert kinds.endswith("从这几个里选一个：绩效基本型、绩效创新型。")
    assert lines[lines.index("# 审核说明:") - 1] == "# （可以没有；用得着，去掉下一行的 #）"


def test_filled_in_it_passes(capsys, project):
    """A clerk fills every hole; where the form leaves names open, one is made up."""
    call(capsys, project, "2026", "市教育局")
    target = "data/2026/市教育局.yaml"
    document, form = document_and_form(project, target)
    rng = random.Random(7)

    def typed(hole) -> str:
        about = form.fields.at(hole.path)
        if about.kind == "object":
            row = "三级指标: 办结率, 指标值: ≥80%, 依据: 计划标准, 分类: 绩效基本型"
            return f"{{行政审批服务: [{{{row}}}]}}"
        if about.choices:
            return rng.choice(about.choices)
        if about.numeric and not about.measure:
            return "2030" if about.title == "截止年" else str(rng.randrange(10**6) / 100)
        return rng.choice(["≥80%", "3项"]) if about.measure else "0711-0000000" if "电话" in about.title else "张三"

    text = years.filled((project / target).read_text("utf-8"), draft.errors(Filing(document, form)), typed)
    assert years.errors(text, target, form) == []
    for shown in ("# 审核说明:", "# 允许公开的内容:"):
        assert shown in text


def test_open_names_are_shown_how(capsys, project):
    call(capsys, project, "2026", "市教育局")
    text = (project / "data/2026/市教育局.yaml").read_text("utf-8")
    assert (
        """\
    # 照这个样子写，“名称”换成自己的：
    # 履职效能:
    #   名称:
    #     - {三级指标: , 指标值: , 依据: , 分类: }
    履职效能:
"""
        in text
    )


def test_never_over_a_file(capsys, project):
    assert call(capsys, project, "2026", "甲")[0] == 0
    (project / "data/2026/甲.yaml").write_text("mine", "utf-8")
    code, _, errors = call(capsys, project, "2026", "甲")
    assert code == 2 and "data/2026/甲.yaml 已经有了，没有动它" in errors
    assert (project / "data/2026/甲.yaml").read_text("utf-8") == "mine"


def test_last_years_file_is_pointed_at(capsys, project):
    _, out, _ = call(capsys, project, "2026", "示例市档案馆")
    assert "perfgen rollover data/2025/示例市档案馆.yaml" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["26", "甲"], "四位数字"),
        (["１２３４", "甲"], "四位数字"),
        (["1026", "甲"], "“年度”不能小于 2000"),
        (["2026", "../甲"], "不能做文件名"),
        (["2026", "/etc/甲"], "不能做文件名"),
        (["2026", "甲:乙"], "不能做文件名"),
        (["2026", ""], "不能做文件名"),
        (["2026", " 甲"], "不能做文件名"),
        (["2026", "甲\n乙"], "不能做文件名"),
        (["2026", "甲\u200b"], "看不见的控制字符"),
        (["2026", "甲" * 101], "太长"),
        (["2026", "甲", "--form", "x"], "没有 x 这张表"),
        (["2026"], "缺少参数"),
    ],
)
def test_wrong_use(capsys, project, arguments, words):
    before = sorted(project.rglob("*"))
    code, _, errors = call(capsys, project, *arguments)
    assert code == 2 and words in errors and "Traceback" not in errors
    assert sorted(project.rglob("*")) == before


def test_a_folder_and_a_choice_of_forms(capsys, tmp_path, project):
    ledger = years.make(tmp_path / "ledger")
    for name in ("ledger.schema.json", "ledger.rules.yaml"):
        (project / "schema" / name).write_text((ledger / "schema" / name).read_text("utf-8"), "utf-8")
    code = cli.main(["-C", str(project), "new", "2026", "甲"])
    errors = capsys.readouterr().err
    assert code == 2 and "--form" in errors and "department-target、" in errors and "ledger、" in errors
    assert call(capsys, project, "2026", "账/甲", "--form", "ledger")[0] == 0
    assert (
        (project / "data/2026/账/甲.yaml").read_text("utf-8")
        == """\
# yaml-language-server: $schema=../../../schema/ledger.schema.json
# 年账。一年一本。
# 冒号后面空着的都要填，make check（或 perfgen check）一行一条列出；用不着的一项、一行就删掉。以 # 开头的行是说明。
form: ledger
年: 2026
# （可以没有；用得着，去掉下一行的 #）
# 理由:
# （可以没有；用得着，去掉下一行的 #）
# 批:
户: 甲
# 到：到哪一年。
到:

话:
  -

# 今：今年的数。没有就删掉这一项。
钱:
  甲: {今: , 去: , 前: }
  乙: {去: , 前: }

# 想：想做到多少。
行:
  - {名: , 前: , 去: , 想: , 总: , 花: , 注: }
"""
    )
