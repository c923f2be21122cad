"""A returned form onto its data file: what differs is changed, and nothing that the form does not say."""

from __future__ import annotations

import copy
import difflib
import json
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings

from perfgen import cli
from perfgen.build import job
from perfgen.check.filing import Filing
from perfgen.form import forms
from perfgen.importing import import_file
from perfgen.importing.paper.word_text import Revisions
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition, assemble
from perfgen.review import returned
from perfgen.source import reader, writer
from perfgen.source.reader import Document
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers import tiny
from tests.helpers.dirty import DIRTY, Dirty
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, W, xml
from tests.helpers.words import docx_of
from tests.test_import import departments, emptied, typed

SOURCE = "data/2025/示例市档案馆.yaml"


def word_of(source: str, root=REPOSITORY, edition=Edition.OFFICIAL, of_site=None) -> bytes:
    return docx.render(job.reports(snapshot(root), DataFile.at(source), of_site or site.Site({}))[1][edition])


@pytest.fixture(scope="module")
def clean() -> bytes:
    return word_of(SOURCE)


def change(content: bytes, text: str | None = None, source: str = SOURCE) -> returned.Returned:
    """What a form makes of a data file of the repository, or of another text in its place."""
    project = snapshot(REPOSITORY)
    stands = (REPOSITORY / source).read_bytes() if text is None else text.encode()
    standing = returned.read_standing(project, source, stands)
    imported = import_file.import_form(content, "表.docx", import_file.ImportOrder(project, folder_year=standing.year))
    return returned.returned(project, imported, standing)


def edited(clean: bytes, *cells: tuple) -> bytes:
    sheet = Sheet(clean)
    for row, place, *paragraphs in cells:
        sheet.write(row, place, *paragraphs)
    return sheet.save()


def lines(result: returned.Returned) -> list[str]:
    """The lines that went and came, with - and +."""
    before, after = (content.decode().splitlines() for content in (result.standing.content, result.content))
    return [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[:1] in "+-"][2:]


def words(result: returned.Returned) -> str:
    return "\n".join(result.said())


def kept(result: returned.Returned) -> list[str]:
    return [finding.message for finding in result.kept(written=True)]


def original() -> str:
    return (REPOSITORY / SOURCE).read_text("utf-8")


def data(result: returned.Returned):
    return reader.load_yaml(result.content, SOURCE).data


# --- what is the same stays the same --------------------------------------------------------


@pytest.mark.parametrize("source", SAMPLES)
def test_its_own_form_changes_nothing(source):
    result = change(word_of(source), source=source)
    assert not result.is_different
    assert result.content == (REPOSITORY / source).read_bytes()
    assert words(result) == ""
    assert kept(result) == []


# --- a changed cell ---------------------------------------------------------------------------

CHANGED = [
    ((2, 1, "示例人"), "填报人: 示例人", "填报人"),
    ((5, 6, "532.9"), "  财政拨款: {当年: 548.46, 上年: 532.9, 前年: 522.55}", "由 532.92 万元 改为 532.9 万元"),
    ((16, 5, "在职人员工资。"), "用途: 在职人员工资。}", "工资福利支出"),
    ((28, 4, "≥97%"), "{三级指标: 预算执行率, 指标值: ≥97%, 依据: 计划标准, 分类: 绩效基本型}", "放宽 1 个百分点"),
    ((47, 4, "95.9%"), "{三级指标: 公用经费控制率, 前年: 95.9%, ", "由 95.8% 改为 95.9%"),
]


@pytest.mark.parametrize(("cell", "line", "said"), CHANGED)
def test_a_changed_cell_changes_its_line_alone(clean, cell, line, said):
    result = change(edited(clean, cell))
    went, came = lines(result)
    assert went.startswith("-")
    assert line in came
    assert said in words(result)


def test_numbers_quotes_and_comments_keep_their_spelling(clean):
    text = original().replace("上年: 532.92", "上年: 532.920").replace("示例\n", "'示例'  # 问过\n", 1)
    result = change(edited(clean, (28, 4, "≥97%")), text)
    assert len(lines(result)) == 2
    assert not change(clean, text).is_different


@pytest.mark.parametrize("case", DIRTY, ids=lambda case: case.name)
def test_a_dirty_form_changes_what_a_person_changed_and_nothing_else(clean, case: Dirty):
    """A form whose data comes out as the file's leaves the file alone, whatever was done to the form."""
    sheet = Sheet(clean)
    case.soil(sheet)
    project = snapshot(REPOSITORY)
    order = import_file.ImportOrder(project, folder_year=2025, revisions=Revisions(case.revisions))
    imported = import_file.import_form(sheet.save(), "表.docx", order)
    standing = returned.read_standing(project, SOURCE, (REPOSITORY / SOURCE).read_bytes())
    result = returned.returned(project, imported, standing)
    assert words(result) or not result.is_different
    before = import_file.import_form(clean, "表.docx", order).data
    after = copy.deepcopy(before)
    case.data(after)
    assert after != before or not result.is_different


# --- rows -------------------------------------------------------------------------------------


def test_a_row_that_is_new_in_the_form(clean):
    sheet = Sheet(clean)
    sheet.insert_row(17, [("", 1, "continue"), ("档案宣传", 2, ""), ("运转类项目支出", 2, ""), ("3", 1, ""),
                          ("3", 1, ""), ("展览布置。", 2, "")])  # fmt: skip
    result = change(sheet.save())
    names = [row["项目名称"] for row in data(result)["项目支出"]]
    assert names == ["工资福利支出", "公用经费", "档案宣传", "馆库与数字档案系统运行维护"]
    assert "档案宣传" in words(result)
    assert "新增" in words(result)


def test_a_row_that_is_gone_is_a_change_that_is_shown(clean):
    sheet = Sheet(clean)
    sheet.table.remove(sheet.row(18))
    result = change(sheet.save())
    assert [row["项目名称"] for row in data(result)["项目支出"]] == ["工资福利支出", "公用经费"]
    assert "馆库与数字档案系统运行维护" in words(result)
    assert "取消了" in words(result)


def test_a_renamed_row_keeps_its_place_and_comment(clean):
    text = original().replace("  - {项目名称: 公用经费,", "  # 按人数核定\n  - {项目名称: 公用经费,")
    result = change(edited(clean, (17, 1, "公用经费（本级）")), text)
    assert len(lines(result)) == 2
    assert "改名" in words(result)


def test_a_renamed_group_takes_its_rows_along(clean):
    row = "        - {三级指标: 完成档案数字化页数, 前年: 43万页, 上年: 46.2万页, 指标值: ≥40万页, "
    text = original().replace(row, f"        # 和数字化室核对过\n{row}")
    assert text != original()
    result = change(edited(clean, (61, 2, "数字档案资源建设"), (61, 6, "≥41万页")), text)
    assert f"        # 和数字化室核对过\n{row.replace('40', '41')}" in result.content.decode()
    assert "趋严 1 项" in words(result)
    result = change(edited(clean, (61, 2, "数字档案资源建设")))
    before, after = (data(one)["年度绩效指标"][0]["履职效能"] for one in (change(clean), result))
    assert after.pop("数字档案资源建设") == before.pop("数字档案馆建设")
    assert after == before
    assert words(result).count("数字档案资源建设") >= 2
    assert "取消" not in words(result).replace("没有取消", "")


def test_the_order_of_the_form_is_taken_over_and_said(clean):
    sheet = Sheet(clean)
    sheet.row(16).addprevious(sheet.row(18))
    result = change(sheet.save())
    names = [row["项目名称"] for row in data(result)["项目支出"]]
    assert names[0] == "馆库与数字档案系统运行维护"
    assert "次序" in words(result)


# --- what is unsure ---------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [("61", "34"), ("61 34",), ("约61",), ("待定",)])
def test_an_unsure_amount_never_replaces_one_that_stands(clean, typed):
    result = change(edited(clean, (17, 3, *typed)))
    assert not result.is_different
    (message,) = kept(result)
    assert "“公用经费 › 总预算”没有改：文件里是“61.9”，表上读到“" in message
    assert typed[0] in message


def test_an_unsure_name_adds_and_drops_nothing(clean):
    result = change(edited(clean, (18, 1, "馆库\n运行费")))
    assert not result.is_different
    assert any("馆库 运行费" in message for message in kept(result))


def test_an_unsure_cell_where_nothing_stood_is_written_with_its_comment(clean):
    result = change(edited(clean, (6, 5, "1 2")))
    assert data(result)["收入构成"]["财政专户管理资金"] == {"前年": "1 2"}
    assert "# 待核：“1 2”" in result.content.decode()
    assert "import-pending" in [finding.rule for finding in result.checked(written=True)]


def test_a_comment_of_an_earlier_import_stays_until_a_person_takes_it_away(clean):
    text = original().replace("填报人: 示例\n", "填报人: 示例  # 待核：看不清\n")
    assert not change(clean, text).is_different
    result = change(edited(clean, (2, 1, "示例人")), text)
    assert "填报人: 示例人  # 待核：看不清\n" in result.content.decode()


def test_a_row_that_was_not_placed_drops_none(clean):
    sheet = Sheet(clean)
    gone = sheet.row(18)
    gone.addnext(xml(f'<w:tr xmlns:w="{W[1:-1]}"><w:tc><w:p><w:r><w:t>馆库</w:t></w:r></w:p></w:tc></w:tr>'))
    sheet.table.remove(gone)
    result = change(sheet.save())
    assert not result.is_different
    assert any("馆库与数字档案系统运行维护" in message and "没有删" in message for message in kept(result))


def test_a_struck_out_value_stays(clean):
    sheet = Sheet(clean)
    for run in sheet.cell(16, 5).iter(f"{W}r"):
        run.insert(0, xml("<w:rPr><w:strike/></w:rPr>"))
    result = change(sheet.save())
    assert not result.is_different
    assert any("用途" in message for message in kept(result))


# --- blank ------------------------------------------------------------------------------------


def test_a_cell_that_was_emptied_empties_the_value(clean):
    result = change(edited(clean, (10, 6, "")))
    assert set(data(result)["支出构成"]["运转类项目支出"]) == {"前年"}
    assert "不填了，原来 91.64" in words(result) or "取消了，原来 91.64" in words(result)


def test_one_private_cell_that_is_blank_is_a_change(clean):
    result = change(edited(clean, (2, 3, "")))
    assert "联系电话" not in data(result)
    assert data(result)["填报人"] == "示例"


def test_a_published_copy_empties_nothing_private():
    of_site = site.load_site(snapshot(REPOSITORY))
    result = change(word_of(SOURCE, edition=Edition.PUBLIC, of_site=of_site))
    assert not result.is_different
    assert "当作公开的那一份" in words(result)
    assert result.imported.is_certain and not result.imported.notes
    sheet = Sheet(word_of(SOURCE, edition=Edition.PUBLIC, of_site=of_site))
    sheet.table.remove(next(row for row in sheet.original if "公用经费" in "".join(row.itertext())))
    result = change(sheet.save())
    assert len(lines(result)) == 1
    assert "公用经费" in lines(result)[0]
    assert data(result)["联系电话"] == "0000-0000002"


def test_a_row_that_the_form_lacks_empties_nothing(clean):
    sheet = Sheet(clean)
    sheet.table.remove(sheet.row(2))
    result = change(sheet.save())
    assert data(result)["填报人"] == "示例"


def test_what_the_form_does_not_print_stays(clean):
    result = change(edited(clean, (28, 4, "≥97%")))
    assert data(result)["审核说明"] == data(change(clean))["审核说明"]
    text = original().replace("\n收入构成:", "\n调整理由:\n  预算执行率: 年中调整了机构\n\n收入构成:", 1)
    assert "调整理由:\n  预算执行率: 年中调整了机构\n" in change(edited(clean, (28, 4, "≥97%")), text).content.decode()


# --- any form onto any file -------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(departments(), departments())
def test_any_form_of_a_unit_onto_any_file_of_it(stood, filled):
    """All that is certain is the form's, all that the form does not print is the file's; once is enough."""
    project = snapshot(REPOSITORY)
    form = forms.find(project, "department-target")
    filled |= {name: stood[name] for name in ("年度", "部门名称")}
    stood |= {"审核说明": {"D04": "理由写在这里"}}
    text = writer.dump_yaml(stood, form.fields, above={("项目支出",): "留着"})
    report = assemble(project, Filing(Document(SOURCE, filled, {}, {}), form), site.Site({}))[Edition.OFFICIAL]
    order = import_file.ImportOrder(project, folder_year=int(stood["年度"]))
    imported = import_file.import_form(docx.render(report), "表.docx", order)
    result = returned.returned(project, imported, returned.read_standing(project, SOURCE, text.encode()))
    got = data(result)
    assert got.pop("审核说明") == stood["审核说明"]
    assert "# 留着\n" in result.content.decode()
    if imported.is_certain and not result.merged.kept:
        assert typed(emptied(got), form) == typed(emptied(filled), form)
    again = returned.returned(project, imported, returned.read_standing(project, SOURCE, result.content))
    # a group whose name is unsure may be added once no other can be meant
    assert not [line for line in lines(again) if line.startswith("-")]


# --- another form, another unit, another year -------------------------------------------------


def test_another_units_form_is_refused(clean):
    with pytest.raises(returned.UsageError, match=r"“示例市档案馆”的，表是“示例市图书馆”的，没有动它"):
        change(edited(clean, (1, 1, "示例市图书馆")))
    assert data(change(edited(clean, (1, 1, "示例市 档案馆"))))["部门名称"] == "示例市 档案馆"
    with_doubt = change(edited(clean, (1, 1, "示例市", "图书馆")))
    assert not with_doubt.is_different
    assert "“部门名称”没有改：文件里是“示例市档案馆”，表上读到“示例市 图书馆”，待核。" in kept(with_doubt)


def test_another_years_form_is_refused():
    with pytest.raises(returned.UsageError, match=r"2025 年的，表是 2024 年的，没有动它"):
        change(word_of("data/2024/示例市档案馆.yaml"))


def test_a_pdf_of_the_public_part_changes_no_file():
    project = snapshot(REPOSITORY)
    standing = returned.read_standing(project, SOURCE, (REPOSITORY / SOURCE).read_bytes())
    form = standing.form
    part = import_file.Imported("公开.pdf", form, dict(standing.document.top), [])
    with pytest.raises(returned.UsageError, match="PDF 里只有公开的部分"):
        returned.returned(project, part, standing)


def test_a_row_that_is_only_private_stays_where_a_published_copy_comes_back(tmp_path):
    schema = copy.deepcopy(tiny.SCHEMA)
    schema["properties"]["水果"]["items"]["properties"]["人"] = {"type": "string", "title": "人"}
    row = ["{{ 果.名称 }}", "{{ 果.斤数 }}", "{{ 果.人 }}"]
    loop = [[("{%tr for 果 in 水果 %}", 3)], row, [("{%tr endfor %}", 3)]]
    rows = [["果园", ("{{ 果园 }}", 2)], *loop, ["合计", ("{{ 合计 }}", 2)]]
    root = tiny.make(tmp_path / "tiny")
    (root / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (root / "templates/fruit/form.docx").write_bytes(docx_of(rows))
    text = "form: fruit\n年: 2025\n果园: 东园\n水果:\n  - {名称: 苹果, 斤数: 3, 人: 甲}\n  - {人: 乙}\n"
    tiny.write_unit(root, "东园", text)
    for weight in ("3", "4"):
        (root / "f.docx").write_bytes(docx_of([["果园", ("东园", 2)], ["苹果", weight, ""], ["合计", (weight, 2)]]))
        assert run(root, "-o", TARGET, "--yes") == 0
        assert text_of(root) == text.replace("3", weight)


# --- the command ------------------------------------------------------------------------------

TARGET = "data/2025/东园.yaml"


def git(root, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.invalid")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def orchard(tiny_project):
    """The tiny project in a repository, and the form of one of its units with another weight."""
    rows = [["果园", "东园"], ["备注", "内部"], ["名目", ""], ["1.苹果", "4"], ["2.梨", "2"], ["合计", "6"]]
    (tiny_project / "f.docx").write_bytes(docx_of(rows))
    (tiny_project / ".gitignore").write_text("*.docx\n", "utf-8")
    git(tiny_project, "init", "--quiet")
    git(tiny_project, "add", "--all")
    git(tiny_project, "commit", "--quiet", "--message", "x")
    return tiny_project


def run(root, *arguments: str) -> int:
    return cli.main(["-C", str(root), "import", "f.docx", *arguments])


def text_of(root) -> str:
    return (root / TARGET).read_text("utf-8")


def test_the_command_shows_the_changes_and_writes_them(orchard, capsys):
    before = text_of(orchard)
    assert run(orchard, "-o", TARGET) == 0
    out = capsys.readouterr().out
    assert "苹果" in out
    assert "由 3.5 改为 4" in out
    assert out.rstrip().split("\n")[-1].startswith(f"[1/1] ✓ f.docx → {TARGET}：照表改好了。确定 12 格，待核 0 格")
    assert text_of(orchard) == before.replace("3.5", "4")


def test_nothing_different_touches_nothing(orchard, capsys):
    assert run(orchard, "-o", TARGET) == 0
    path = orchard / TARGET
    path.chmod(0o444)
    before = path.stat()
    assert run(orchard, "-o", TARGET) == 0
    assert "和表一样，没有动它" in capsys.readouterr().out
    assert path.stat() == before


def modified(root) -> None:
    path = root / TARGET
    path.write_text(text_of(root) + "# 记着\n", "utf-8")


def staged(root) -> None:
    modified(root)
    git(root, "add", "--all")


def staged_and_put_back(root) -> None:
    staged(root)
    (root / TARGET).write_text(text_of(root).replace("# 记着\n", ""), "utf-8")


def untracked(root) -> None:
    git(root, "rm", "--cached", "--quiet", TARGET)
    git(root, "commit", "--quiet", "--message", "y")


def without_git(root) -> None:
    shutil.rmtree(root / ".git")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (modified, "改过，还没有提交"), (staged, "改过，还没有提交"), (staged_and_put_back, "改过，还没有提交"),
        (untracked, "还没有提交过"), (without_git, "不在 git 仓库里，改了就找不回来"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_as_git_has_it_is_written_only_with_yes(orchard, capsys, spoil, said):
    spoil(orchard)
    before = text_of(orchard)
    assert run(orchard, "-o", TARGET) == 2
    out = capsys.readouterr().out
    assert f"文件{said}，没有写；要写，在命令后面加 --yes" in out
    assert "由 3.5 改为 4" in out
    assert text_of(orchard) == before
    assert run(orchard, "-o", TARGET, "--yes") == 0
    assert text_of(orchard) == before.replace("3.5", "4")


def test_strict_changes_nothing_where_there_is_anything_to_tell(orchard, capsys):
    rows = [["果园", "东园　"], ["备注", "内部"], ["名目", ""], ["1.苹果", "4"], ["2.梨", "2"], ["合计", "6"]]
    (orchard / "f.docx").write_bytes(docx_of(rows))
    before = text_of(orchard)
    assert run(orchard, "-o", TARGET, "--strict") == 1
    assert "有 1 处要看，没有写文件" in capsys.readouterr().out
    assert text_of(orchard) == before


def test_without_a_file_to_change_it_says_which_option_changes_one(orchard, capsys):
    before = text_of(orchard)
    assert run(orchard, "--year", "2025") == 2
    assert f"{TARGET} 已经有了，没有动它；要照表改它：perfgen import f.docx -o {TARGET}；" in capsys.readouterr().out
    assert run(orchard, "-o", "data/2025") == 2
    assert text_of(orchard) == before


def test_the_year_of_the_file_counts_where_the_form_tells_none(orchard):
    (orchard / "甲.yaml").write_text(text_of(orchard), "utf-8")
    assert run(orchard, "-o", "甲.yaml", "--yes") == 0
    assert "斤数: 4" in (orchard / "甲.yaml").read_text("utf-8")
    assert run(orchard, "-o", TARGET, "--year", "2024") == 2


def test_an_unsure_cell_ends_with_1_and_both_values(orchard, capsys):
    rows = [["果园", "东园"], ["备注", "内部"], ["名目", ""], ["1.苹果", "3 5"], ["2.梨", "2"], ["合计", "5.5"]]
    (orchard / "f.docx").write_bytes(docx_of(rows))
    before = text_of(orchard)
    assert run(orchard, "-o", TARGET) == 1
    captured = capsys.readouterr()
    assert "确定的地方和表一样，没有动它" in captured.out
    assert "斤数”没有改：文件里是“3.5”，表上读到“3 5”，待核。" in captured.err
    assert text_of(orchard) == before


@pytest.mark.parametrize("broken", ["原来的\n", "form: [\n", "form: veg\n"])
def test_a_file_that_cannot_be_read_is_not_changed(orchard, capsys, broken):
    tiny.write_unit(orchard, "东园", broken)
    assert run(orchard, "-o", TARGET, "--yes") == 2
    assert f"{TARGET} 读不出来，没有动它" in capsys.readouterr().out
    assert text_of(orchard) == broken
