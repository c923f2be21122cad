"""What an import cannot be certain of: it chooses nothing, says so, and the data file keeps saying it."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest

from perfgen import cli
from perfgen.build import job
from perfgen.importing import doubts, import_file
from perfgen.importing.choices import choose
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import open_data, site
from perfgen.report.report import Edition
from perfgen.source import pending, reader
from perfgen.values import Vocabulary
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot, with_form
from tests.helpers.sheet import Sheet

SOURCE = "data/2025/示例市档案馆.yaml"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


def imported(content: bytes) -> import_file.Imported:
    return import_file.import_form(content, "表.docx", import_file.ImportOrder(snapshot(REPOSITORY)))


def written(clean: bytes, *cells: tuple) -> import_file.Imported:
    """A form in which some cells are written over: row, cell, and the cell's paragraphs."""
    sheet = Sheet(clean)
    for row, place, *paragraphs in cells:
        sheet.write(row, place, *paragraphs)
    return imported(sheet.save())


def kinds(result: import_file.Imported) -> list[tuple[str, int]]:
    return [(finding.rule, finding.place.line) for finding in result.notes]


def rules(result: import_file.Imported) -> list[str]:
    return [finding.rule for finding in result.checked(result.text("../../"), SOURCE, snapshot(REPOSITORY))]


# --- amounts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("61", "34"), ("61\n34",), ("61 34",), ("61\u200934",), ("61\u00a034",), ("61\t34",), ("61　34",),
        ("61\u200b34",), ("61\u202834",), ("1 443.06",), ("548 .46",), ("1, 443",), ("61", "", "34"), ("61", "万元"),
        ("6134 61",), ("- 61",), ("61[bookmark: _GoBack]34",),
    ],
)  # fmt: skip
def test_what_is_not_one_number_stays_as_it_is(clean, paragraphs):
    result = written(clean, (17, 3, *paragraphs))
    amount = result.data["项目支出"][1]["总预算"]
    assert isinstance(amount, str)
    assert ("import-unsure", 17) in kinds(result)
    text = result.text("../../")
    assert reader.load_yaml(text.encode(), SOURCE).data == result.data
    assert "schema-type" in rules(result)
    assert "import-pending" in rules(result)
    assert not result.is_certain
    assert result.count.unsure == 1


@pytest.mark.parametrize("paragraph", [" 61.9 ", "　61.9", "61.9\u00a0", "61.9 万元", "61.9　万元", "６１.９", "61.90"])
def test_blanks_around_a_number_and_before_its_unit_are_fine(clean, paragraph):
    result = written(clean, (17, 3, paragraph))
    assert result.data["项目支出"][1]["总预算"] == Decimal("61.9")
    assert result.is_certain
    assert "# 待核" not in result.text("../../")


def test_a_computed_figure_is_no_number_either(clean):
    result = written(clean, (5, 4, "10 0%"))
    assert ("import-unsure", 5) in kinds(result)


@pytest.mark.parametrize("word", ["待定", "不详", "约34", "61/34"])
def test_a_word_in_an_amount_concerns_its_own_cell(clean, word):
    result = written(clean, (17, 4, word), (16, 3, "500"))
    messages = [finding.message for finding in result.notes]
    assert not any("TypeError" in message or "Decimal" in message for message in messages)
    assert [kind for kind in kinds(result) if kind[0] != "import-changed"] == [("import-unsure", 17)]
    assert result.data["年度"] == 2025
    assert result.proof.same == result.proof.cells
    assert result.count == type(result.count)(result.count.certain, 1, 0)


def test_another_sum_that_is_wrong_is_still_told(clean):
    result = written(clean, (17, 4, "待定"), (5, 4, "99%"))
    assert ("import-different", 5) in kinds(result) or "A06" in rules(result)


# --- choices ------------------------------------------------------------------------------

STANDARDS = ("计划标准", "行业标准", "历史标准", "预算支出标准", "其他标准")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("计划标准", "计划标准"), ("计划\n标准", "计划标准"), ("计划标准\n行业标准", None),
        ("计划标准、行业标准", None),
        ("计划标准/行业标准", None), ("计划标准行业标准", None), ("计划、行业标准", None), ("计划标准或历史标准", None),
        ("□计划标准 ☑行业标准", "行业标准"), ("☐计划标准 ☒行业标准 ☐历史标准", "行业标准"),
        ("√计划标准\n□行业标准", "计划标准"), ("■ 计划标准 □ 行业标准", "计划标准"), ("☑计划标准", "计划标准"),
        ("（√）计划标准（ ）行业标准", "计划标准"), ("[√]计划标准 [ ]行业标准", "计划标准"),
        ("☑计划标准 ☑行业标准", None), ("□计划标准 □行业标准", None), ("□计划标准", None),
        ("计划标准☑ 行业标准□", None),
        ("预算标准", "预算支出标准"), ("其它标准", "其他标准"), ("领导交办", None),
    ],
)  # fmt: skip
def test_two_choices_choose_neither_and_a_ticked_box_decides(text, choice):
    assert choose(text, STANDARDS).choice == choice


def test_two_choices_in_a_form(clean):
    result = written(clean, (60, 7, "计划标准", "行业标准"), (17, 2, "□人员类项目支出 ☑运转类项目支出"))
    assert [kind for kind in kinds(result) if kind[0] == "import-unsure"] == [("import-unsure", 60)]
    assert result.data["项目支出"][1]["类别"] == "运转类项目支出"
    assert "schema-enum" in rules(result)


# --- targets and texts --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("≥240件\n≥300件", "两个值"), ("≥240件 ≥300件", "两个值"), ("≥240件、≥300件", "两个值"),
        ("240件；300件", "两个值"),
        ("≥24 0件", "两个值"), ("%=99", "≥99%"), ("═100%", "=100%"), ("▲95%", "≥95%"), ("≥**个", "空白表"),
        ("……", "空白表"), ("≥XX%", "空白表"), ("指标1:", "空白表"), ("2280件", "280件"), ("292%", "92%"),
    ],
)  # fmt: skip
def test_a_doubtful_target(clean, target, words):
    result = written(clean, (60, 6, *target.split("\n")))
    doubtful = [finding.message for finding in result.notes if finding.rule == "import-unsure"]
    assert any(words in message for message in doubtful), result.notes
    assert "# 待核：" in result.text("../../")


@pytest.mark.parametrize(
    "target",
    [
        "≥240件", "240件", "≥1,240件", "优良", "≥10次/年", "2025年底前", "100%", "=100%", "≥ 240 件", "20场（次）",
        "≤2.5小时", "﹦100%", "≧240件", "3～5天", "不低于80%", "一、二级",
    ],
)  # fmt: skip
def test_a_target_that_is_understood(clean, target):
    assert written(clean, (60, 6, target)).is_certain


@pytest.mark.parametrize(
    ("target", "past", "name", "misread"),
    [
        ("2280次", ["270次"], "检查次数", True), ("2280次", ["2100次"], "检查次数", False), ("292%", [], "名称", True),
        ("92%", [], "执行率", False), ("295%", ["93%"], "执行率", True), ("≥292%", ["90%"], "执行率", False),
        ("240件", ["215件"], "数量", False), ("200%", [], "执行率", False), ("2280次", [], "名称", False),
    ],
)  # fmt: skip
def test_a_sign_that_was_read_as_a_digit(target, past, name, misread):
    assert bool(doubts.lost_sign(target, past, name, Vocabulary({"执行率": "≥="}))) is misread


def test_two_names_in_one_cell(clean):
    long = ("征集地方历史档案和民间文献资料的数量", "征集口述历史和影像资料的数量")
    result = written(clean, (60, 3, *long))
    assert ("import-unsure", 60) in kinds(result)


# --- the comments -------------------------------------------------------------------------


def test_the_comment_stands_at_the_value(clean):
    text = written(clean, (17, 3, "61 34"), (18, 3, "34", "50")).text("../../")
    (beside,) = [line for line in text.split("\n") if line.strip().startswith("总预算: 61 34")]
    assert "总预算: 61 34  # 待核：“61 34”" in beside
    above = text.split("\n")
    (at,) = [number for number, line in enumerate(above) if line.strip() == "总预算: |-"]
    assert above[at - 1].strip().startswith("# 待核：")
    document = reader.load_yaml(text.encode(), SOURCE)
    assert [comment.line for comment in document.pending] == [
        number for number, line in enumerate(above, 1) if "# 待核" in line
    ]


def test_a_doubt_without_a_value_stands_in_the_header(clean):
    sheet = Sheet(clean)
    sheet.row(7).remove(sheet.cell(7, 6))
    text = imported(sheet.save()).text("../../")
    assert text.split("\n")[1].startswith("# 待核：表格第 7 行“单位资金”：少了一格")
    assert text.startswith("# yaml-language-server")


def test_nothing_in_a_text_breaks_the_file(clean):
    result = written(clean, (17, 3, "61 34 # 待核 \u2028\x85\ufeff： '\" {"))
    text = result.text("../../")
    assert reader.load_yaml(text.encode(), SOURCE).data == result.data


def test_comments_are_told_from_texts():
    text = (
        "a: '# 待核：甲'\nb: |-  # 待核：乙\n  文字\n  # 待核：丙\n# 待核：丁\nc: x#待核\nd: 1  # 待核：戊\n"
        'e: "多行\n  # 待核：己"\nf: {g: 1, # 待核：庚\n  h: 2}\n'
    )
    document = reader.load_yaml(text.encode(), "x.yaml")
    assert [comment.reason for comment in document.pending] == ["乙", "丁", "戊", "庚"]
    left = pending.without(text, document.pending)
    again = reader.load_yaml(left.encode(), "x.yaml")
    assert again.data == document.data
    assert again.pending == ()
    assert "丙" in left
    assert "己" in left


def test_the_comments_of_a_file_with_carriage_returns_go_whole():
    text = "a: 1  # 待核：甲\r\n# 待核：乙\r\nb: 2\r\n"
    assert pending.without(text, reader.load_yaml(text.encode(), "x").pending) == "a: 1\r\nb: 2\r\n"


@pytest.fixture
def project(tmp_path):
    return with_form(tmp_path)


def run(root, *arguments: str) -> int:
    return cli.main(["-C", str(root), *arguments])


def test_exit_codes_and_the_first_words(clean, project, capsys):
    (project / "甲.docx").write_bytes(clean)
    sheet = Sheet(clean)
    sheet.write(60, 6, "≥240件", "≥300件")
    (project / "乙.docx").write_bytes(sheet.save())
    assert run(project, "import", "甲.docx", "-o", "甲.yaml") == 0
    assert "甲.docx → 甲.yaml：确定 420 格，待核 0 格（读到的再印一遍，420/420 格不变）" in capsys.readouterr().out
    assert run(project, "import", "乙.docx", "-o", "data/2025/乙.yaml") == 1
    said = capsys.readouterr()
    assert "：确定 419 格，待核 1 格" in said.out
    assert "import-pending" not in said.err
    assert not [line for line in said.err.split("\n") if line.startswith("data/2025/乙.yaml:")]
    assert "perfgen check --all data/2025/乙.yaml 看全部。" in said.err
    file = project / "data/2025/乙.yaml"
    lines = file.read_text("utf-8").split("\n")
    (line,) = [number for number, text in enumerate(lines, 1) if "# 待核" in text]
    assert run(project, "check", "data/2025/乙.yaml") == 0
    assert f"乙.yaml:{line}:" in (said := capsys.readouterr().out)
    assert "[import-pending]" in said
    assert run(project, "rollover", "data/2025/乙.yaml") == 0
    assert "待核" not in (project / "data/2026/乙.yaml").read_text("utf-8")
    assert "待核" in file.read_text("utf-8")
    file.write_text("\n".join(text for text in lines if "# 待核" not in text), "utf-8")
    capsys.readouterr()
    assert run(project, "check", "data/2025/乙.yaml") == 0
    assert "import-pending" not in capsys.readouterr().out


def test_files_of_a_folder_that_are_not_read_are_named(clean, project, capsys):
    folder = project / "in"
    folder.mkdir()
    for name in ("甲.docx", "乙.dotx", "丙.dotm", "丁.rtf", "戊.odt", "己.pdf", "庚", "~$甲.docx", ".DS_Store"):
        (folder / name).write_bytes(clean)
    assert run(project, "import", "in", "-o", "out") == 0
    said = capsys.readouterr().err
    for name in ("乙.dotx", "丙.dotm", "丁.rtf", "戊.odt", "己.pdf", "庚"):
        assert f"in/{name}: 警告 没有读" in said
    assert "~$" not in said
    assert "DS_Store" not in said


def test_a_public_pdf_with_a_figure_that_differs():
    import pikepdf

    reports = job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.load_site(snapshot(REPOSITORY)))[1]
    data = json.loads(open_data.dump_open_data(reports[Edition.PUBLIC]))
    wrong = json.loads(json.dumps(data))
    wrong["项目支出"][0]["占比"] = "1"
    for content, rules_of_notes in ((data, []), (wrong, ["import-different"])):
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.attachments[open_data.NAME] = pikepdf.AttachedFileSpec(pdf, json.dumps(content).encode())
        buffer = io.BytesIO()
        pdf.save(buffer)
        result = imported(buffer.getvalue())
        assert [finding.rule for finding in result.notes] == rules_of_notes
        assert result.is_certain is (not rules_of_notes)


@pytest.mark.parametrize(
    "source", sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("data/20*/*.yaml"))
)
def test_every_cell_of_the_samples_is_certain(source):
    content = docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(source), site.Site({}))[1][Edition.OFFICIAL])
    result = imported(content)
    assert result.count.unsure == result.count.elsewhere == 0
    assert result.count.certain > 300


@pytest.mark.parametrize("word", ["无", "没有", "暂无", "—"])
def test_a_word_for_nothing_in_an_amount_is_a_blank(clean, word):
    result = written(clean, (17, 4, word))
    assert ("import-unsure", 17) not in kinds(result)
    assert any(f"“{word}”当作没有填" in finding.message for finding in result.notes)
    assert result.data["项目支出"][1].get("本年度预算") is None
