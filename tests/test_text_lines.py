"""Texts that YAML reads otherwise than they look are said at their line; what reads as it looks is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfgen.authoring import new_file
from perfgen.authoring.next_year import next_year
from perfgen.check.checks import text_lines
from perfgen.findings import DataError
from perfgen.form import forms
from perfgen.project.layout import DataFile
from perfgen.source import mojibake, reader, writer
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import snapshot

CASES = Path(__file__).parent / "cases"


def said(text: str) -> list[tuple[int, int, str]]:
    """Line, column and id of what is found in a text, whether it can be read or not."""
    try:
        found = list(text_lines.findings(reader.load_yaml(text.encode(), "x")))
    except DataError as error:
        found = error.findings
    return [(finding.place.line, finding.place.column, finding.rule) for finding in found]


SAID = {
    "- 甲\n乙\n- 丙": (2, 1, "yaml-indent"),
    "x:\n  - 甲\n  2、乙\n  - 丙": (3, 3, "yaml-indent"),
    "a: [#1, 乙]": (1, 5, "yaml-comment"),
    "- {b: 2, c: 见 #3号库, d: 4} # 说明": (1, 15, "yaml-comment"),
    "甲 #乙: 值\n丙: 1": (1, 3, "yaml-comment"),
    "a: 甲\n  #1 乙\n  丙\nb: 1": (2, 3, "yaml-comment"),
    "- 甲\n    · 乙": (2, 5, "text-joined"),
    "- 甲\n    * 乙": (2, 5, "text-joined"),
    "x:\n  - 甲\n    - {a: 乙}": (3, 5, "yaml-indent"),
    "- 甲\n· 乙\n- 丙": (2, 1, "yaml-dash"),
    "-\t甲": (1, 2, "yaml-space"),
    "x:\n  -\u3000甲": (2, 4, "yaml-space"),
    "a: 1\u3000": (1, 5, "yaml-space"),
    "甲\xa0: 1": (1, 2, "yaml-space"),
    "a: 1\n乙∶2": (2, 2, "yaml-colon"),
    "a: 甲 #乙": (1, 6, "text-comment"),
    "- 甲 # 乙\n- 丙": (1, 5, "text-comment"),
    "- {a: 甲 # 乙\n  , b: 1}": (1, 9, "text-comment"),
    "- {a: 甲 #乙}\n- {a: 丙，丁}": (1, 9, "yaml-comment"),
    "a: [甲 #1, 乙]\nb: 1": (1, 7, "yaml-comment"),
    "- {a: 1, b: 甲 #乙, c: 2}\nd：1": [(1, 15, "yaml-comment"), (2, 2, "yaml-colon")],
    "- {a: 甲 #1,\n   b: 2}": (1, 9, "yaml-comment"),
    "a: 甲 #1\n  乙\nb: 1": (1, 6, "yaml-comment"),
    "- 甲\n    - 乙": (2, 5, "text-joined"),
    "- 甲\n   -乙": (2, 4, "text-joined"),
    "- 甲\n\n  \u3000- 乙": (3, 4, "text-joined"),
    "a:\n  b: 甲\n     联系人：乙": (3, 6, "text-joined"),
    "a: 甲\n  b:乙": (2, 3, "text-joined"),
    "- 甲\n-乙\n- 丙": (2, 1, "yaml-dash"),
    "a:\n  －甲\n  －乙": [(2, 3, "yaml-dash"), (3, 3, "yaml-dash")],
    "- 甲\n  乙\n  丙": (2, 3, "text-fold"),
    "- 接收20\n  家": (2, 3, "text-fold"),
    "- 接收1.\n  2万": (2, 3, "text-fold"),
    "- >-\n  甲\n  乙": (3, 3, "text-fold"),
    "- '甲\n  乙'": (2, 3, "text-fold"),
    "a:\n  - 甲\n\u2003- 乙\nb: 1": (3, 1, "yaml-space"),
    "a:\n  - 甲\n\u2060  - 乙\nb: 1": (3, 1, "yaml-character"),
    "# 甲\u2028a: 1\nb: 2": (1, 4, "yaml-character"),
    "a: 1\nb: 甲\x85乙": (2, 5, "yaml-character"),
}


@pytest.mark.parametrize("text", SAID)
def test_it_is_said_at_its_place(text):
    wanted = SAID[text]
    assert said(text) == (wanted if isinstance(wanted, list) else [wanted])


@pytest.mark.parametrize(
    "text",
    [
        "a: 甲  # 乙", "a: 甲  # 待核：乙", 'a: "甲" # 乙', "a: 'x #y'", "a: 5 # 乙", "a: # 乙\n  b: 1",
        "a: {b: 1} # 乙",
        "a:\n  # 待核：乙\n  - 甲", "- {a: 1} # 乙", "a: # 乙", "a: 甲#乙", "a: two\n  words",
        "a: |\n  甲\n  - 乙 #1\n",
        "a: >\n  甲\n\n  乙\n", '"甲\\\n  乙"', "- {a: 1, # 乙\n   b: 2}", "a: -5", "a:\n  -5", "a:\n  —",
    ],
)  # fmt: skip
def test_what_means_what_it_looks_is_left(text):
    assert said(text) == []


@pytest.mark.parametrize("path", [*(REPOSITORY / "data").rglob("*.yaml"), *(CASES / "good").glob("*.yaml")], ids=str)
def test_no_sample_and_no_good_case_has_it(path):
    text = path.read_text("utf-8")
    assert said(text) == [] and mojibake.garbled(text.replace("\n", " | ")) is None


def test_no_file_that_perfgen_writes_has_it():
    project = snapshot(REPOSITORY)
    for form in forms.loaded(project):
        assert said(new_file.new_file(form, 2026, "示例市教育局", "x.json")) == []
    last = [sample for sample in SAMPLES if sample.replace("2025", "2026").replace("2024", "2025") not in SAMPLES]
    assert last
    for sample in last:
        assert said(next_year(project, DataFile.at(sample)).rolled.text) == []
    data = {"甲": "乙", "列": ["丙 #1", "丁\n戊", "- 己"], "组": {"庚": "辛\u2028壬\ufeff"}}
    beside = {("甲",): "待核：子", ("列", 0): "丑", ("列", 1): "寅", ("组", "庚"): "卯"}
    assert said(writer.dump_yaml(data, beside=beside, above={("列", 2): "辰"})) == []


@pytest.mark.parametrize("encodings", [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "gbk"), ("gbk", "latin-1")])
@pytest.mark.parametrize("text", ["收入构成", "完成任务率", "馆藏数字化"])
def test_a_text_in_the_wrong_encoding_is_known(text, encodings):
    written, read_as = encodings
    piece = mojibake.garbled(f"20 {text.encode(written).decode(read_as, 'ignore')}，甲")
    assert piece is not None and piece.start == 3
    assert set(piece.meant) <= set(text) and len(piece.meant) >= 2


@pytest.mark.parametrize("text", ["café naïve", "××××年", "20±2℃，3,260㎡，m²·°C", "±××±", "瀹屾", "鏀革"])
def test_rare_and_foreign_letters_are_no_mojibake(text):
    assert mojibake.garbled(text) is None
