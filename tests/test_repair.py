"""`check --fix` repairs what YAML misreads and nothing else; what it cannot repair it leaves, said."""

from __future__ import annotations

import pytest

from perfgen import cli
from perfgen.authoring.repair import difference, repair
from perfgen.check.checks import text_lines
from perfgen.findings import DataError
from perfgen.source import reader

REPAIRED = {
    "- {a: #1, b: 2}": '- {a: "#1", b: 2}',
    "a: [#1, 乙]": 'a: ["#1", 乙]',
    "- {b: 2, c: 见 #3号库, d: 4} # 说明": '- {b: 2, c: "见 #3号库", d: 4} # 说明',
    "x:\n  - 甲\n  · 乙\n  - 丙": "x:\n  - 甲\n  - 乙\n  - 丙",
    "x:\n  • 甲\n  •\u3000乙\ny: 1": "x:\n  - 甲\n  - 乙\ny: 1",
    "x:\n  * 甲\n  * 乙": "x:\n  - 甲\n  - 乙",
    "x:\n  − 甲\n  − 乙": "x:\n  - 甲\n  - 乙",
    "-\t甲\n-\t乙": "- 甲\n- 乙",
    "x:\n  -\u3000甲\n  -\u3000乙": "x:\n  - 甲\n  - 乙",
    "y: 1\xa0\nx: 1": "y: 1\nx: 1",
    "y: \u30001\nx: 1": "y: 1\nx: 1",
    "y\u3000: 1\nx: 1": "y: 1\nx: 1",
    "{y:\u30001, x: 2}": "{y: 1, x: 2}",
    "{y: 1\u3000, x: 2}": "{y: 1, x: 2}",
    "- {a: ［甲, 乙］}": "- {a: [甲, 乙]}",
    "x: 1\nb ：2": "x: 1\nb : 2",
    "x: 1\nb∶2": "x: 1\nb: 2",
    "a: >=80%": "a: ≥80%",
    "a: <=80% # 上限": None,
    "a: >80%": 'a: ">80%"',
    "a: %80": 'a: "%80"',
    "a: @张 # 说明": 'a: "@张" # 说明',
    "a: `张`": 'a: "`张`"',
    "a: *甲": 'a: "*甲"',
    "a: |甲": 'a: "|甲"',
    "- {甲: 执行率, 值: >=80%}": "- {甲: 执行率, 值: ≥80%}",
    "- {甲: 执行率, 值: > 80%, 乙: 1}": '- {甲: 执行率, 值: "> 80%", 乙: 1}',
    "- {值: %80, 乙: 1}": '- {值: "%80", 乙: 1}',
    'a: "abc': 'a: "abc"',
    "a: 'abc # 说明": None,
    "a: 包括: 甲": 'a: "包括: 甲"',
    'a: 他说"好": 甲': 'a: "他说\\"好\\": 甲"',
    "- {a: 包括: 甲, b: 1}": '- {a: "包括: 甲", b: 1}',
    "a: 1\n部门名称：示例市\nb: 2": "a: 1\n部门名称: 示例市\nb: 2",
    "a：\n  b: 1": "a:\n  b: 1",
    "- {a: 12,345.67, b: 1}": "- {a: 12345.67, b: 1}",
    "- {a: 1,234,567}": "- {a: 1234567}",
    "- {a: ≥12,000卷, b: 1}": "- {a: ≥12000卷, b: 1}",
    "- {a: 12,000至13,000卷, b: 1}": '- {a: "12,000至13,000卷", b: 1}',
    "- {a: 建成1,200个站点并投入使用, b: 1}": '- {a: "建成1,200个站点并投入使用", b: 1}',
    "- {b: 约1,200人，\u3000含兼职, a: 1}": '- {b: "约1,200人，\u3000含兼职", a: 1}',
    "a: 1\n＃ 说明：甲\nb: 2": "a: 1\n# 说明：甲\nb: 2",
    "a:\n  ＃说明\n  b: 2": "a:\n  # 说明\n  b: 2",
    "a: 1\nb:2\nc: 3": "a: 1\nb: 2\nc: 3",
    "- {甲：率, 值: 1}": "- {甲: 率, 值: 1}",
    "甲：1\n乙：二\n丙：\n  丁：3\n": "甲: 1\n乙: 二\n丙:\n  丁: 3\n",
    '- {甲：1，乙：2, 己: "丙，丁：戊"}': '- {甲: 1, 乙: 2, 己: "丙，丁：戊"}',
    "- {甲:1, 乙:2}": "- {甲: 1, 乙: 2}",
    "\ta: 1": "  a: 1",
    "a:\n\tb: 1\n\tc: 2": "a:\n  b: 1\n  c: 2",
    "a:\n\u3000\u3000b: 1": "a:\n    b: 1",
    "- {a: 1， b: 2}": "- {a: 1, b: 2}",
    "- ｛a: 1, b: 2｝": "- {a: 1, b: 2}",
    "a: ⼀般 # ⼀": "a: 一般 # ⼀",
    "a: 甲\u200b乙": "a: 甲乙",
    "a: 甲\x07乙": "a: 甲乙",
    "a: |\n  ⼀\t乙\n": "a: |\n  一 乙\n",
    "a: >\n  折行\n  文字\n": "a: >\n  折行文字\n",
    "- 按计划接收20\n  家单位，\n  征集史料": "- 按计划接收20家单位，征集史料",
    "- 接收20\r\n  家\r\n": "- 接收20家\r\n",
    "- 抽查 200 批次，其中\n  30 批次复查": "- 抽查 200 批次，其中 30 批次复查",
    'a: "建成，\n  推行"': 'a: "建成，推行"',
    "- {a: 办公、\n   水电, b: 1}": "- {a: 办公、水电, b: 1}",
    "- {a: 办公 #2 楼, b: 1}\n- {a: 甲，乙, b: 2}": '- {a: "办公 #2 楼", b: 1}\n- {a: 甲，乙, b: 2}',
    "a: [甲 #1, 乙]": 'a: ["甲 #1", 乙]',
    "- 甲\n-乙\n- 丙": "- 甲\n- 乙\n- 丙",
    "a:\n  -甲\n  -乙\n": "a:\n  - 甲\n  - 乙\n",
    "a:\n  －甲\n": "a:\n  - 甲\n",
    "a:\n  - 甲\n\u3000- 乙\nb: 1": "a:\n  - 甲\n  - 乙\nb: 1",
    "a:\n  - 甲\n\xa0\xa0- 乙\nb: 1": "a:\n  - 甲\n  - 乙\nb: 1",
    "a: 1\n\ufeffb: 2": "a: 1\nb: 2",
    "a: 1\n\ufeff\ufeffb: 2": "a: 1\nb: 2",
    "a:\n  b: 1\n\u200b  c: 2": "a:\n  b: 1\n  c: 2",
    "a: 甲\u2028乙\nb: 2": "a: 甲乙\nb: 2",
    "\ufeffa: >=80% # 说明\r\nb： 1\r\n": "\ufeffa: ≥80% # 说明\r\nb: 1\r\n",
}
LEFT = [
    "- {a: 甲﹐b: 2}", "甲 #乙: 值\n丙: 1", "a: 甲\n  #1 乙\n  丙\nb: 1", "x:\n  - 甲\n    - {a: 乙}",
    "- {甲: 办公、乙: 二, 丙: 3}", "甲: 办公；乙: 二",
    '- {a: "x, b: 1}', 'a: "x" y', "a: {b: 1\nc: 2", "a: 1\na: 2", "- {甲: 率  值: 80%}", "a: 1\u2028b: 2",
    "  a: 1\n b: 2", "a: [1, 2",
    "a: 1\n---\nb: 2", "a: &x 1\nb: *x", "a: 甲\n  乙: 1", 'a: "\\u2F00"',
]  # fmt: skip
FINE = [
    "a: ≥80%\nb: '：'\n# ：\t>=", 'a: "包括: 甲"', "a: >\n  folded\n  words\n", "a: 说：好", "http: x://y", "a: 12:30",
    "- {甲：1，乙: 丙}", "{a:b: , c： : 1}", f"? {'长' * 130}\n: 说：好",
    "- {a: 甲 #1 楼，b: 2}\n- 1", "- 接收1\n  2件", "- 约1.\n  2万件", "- 甲\n   - 乙", "- 甲\n  乙：丙", "a: 甲 #乙",
    'a:\n  "说：好，不好：坏"', "a: {b: 说，其中：好}", "- 职责：一",
]  # fmt: skip


@pytest.mark.parametrize("text", [text for text, wanted in REPAIRED.items() if wanted is not None])
def test_it_is_repaired_and_reads(text):
    repaired = repair(text.encode(), "x")
    assert repaired.content.decode() == REPAIRED[text]
    assert repaired.answered
    reader.load_yaml(repaired.content, "x")
    assert repair(repaired.content, "x").answered == ()


@pytest.mark.parametrize("text", LEFT)
def test_what_could_mean_two_things_is_left_and_said(text):
    repaired = repair(text.encode(), "x")
    assert (repaired.content.decode(), repaired.answered) == (text, ())


@pytest.mark.parametrize("text", [*FINE, *[text for text, wanted in REPAIRED.items() if wanted is None]])
def test_what_reads_well_is_not_touched(text):
    repaired = repair(text.encode(), "x")
    if text in FINE:
        assert repaired.content.decode() == text
    else:
        assert repaired.content.decode().endswith(text[text.index("#") - 1 :])


@pytest.mark.parametrize(
    "text", [text for text in LEFT if text not in ("a: 1\n---\nb: 2", "a: &x 1\nb: *x", 'a: "\\u2F00"')]
)
def test_each_trouble_has_its_own_words(text):
    with pytest.raises(DataError) as caught:
        reader.load_yaml(text.encode(), "x")
    (finding,) = caught.value.findings
    assert finding.rule != "yaml-syntax" and finding.hint
    assert finding.place.line and finding.place.column


@pytest.mark.parametrize(
    "text", ["- 包括\n  1、甲", "- 甲\n    2. 乙", "- 甲\n    · 乙", "- 甲\n  （二）乙", "- 甲\n  * 乙"]
)
def test_a_line_that_may_be_the_next_item_is_not_joined(text):
    repaired = repair(text.encode(), "x")
    assert (repaired.content.decode(), repaired.answered) == (text, ())
    assert list(text_lines.findings(reader.load_yaml(text.encode(), "x")))


def test_other_encodings_and_broken_bytes_are_left():
    for content in ("a： 甲".encode("gb18030"), b"\xff\xfea", b"", b"\x00"):
        repair(content, "x")
    assert repair("a： 甲".encode("gb18030"), "x").content == "a： 甲".encode("gb18030")


def test_the_difference_is_shown():
    text = difference(b"a: 1\nb: >=2\n", "a: 1\nb: ≥2\n".encode(), "x.yaml")
    assert "-b: >=2" in text and "+b: ≥2" in text


def test_the_command_repairs_shows_and_checks(tiny_project, capsys):
    path = tiny_project / "data/2025/东园.yaml"
    good = path.read_bytes()
    path.write_bytes(good.replace("备注: ".encode(), "备注：".encode()).replace("苹果".encode(), "⾦苹果".encode()))
    assert cli.main(["-C", str(tiny_project), "check", "--fix"]) == 1
    said = capsys.readouterr().err
    assert "-备注：内部" in said and "+备注: 内部" in said and "改了 2 处" in said
    assert path.read_bytes() == good.replace("苹果".encode(), "金苹果".encode())
    assert cli.main(["-C", str(tiny_project), "check", "--fix"]) == 0


def test_the_check_says_where_something_could_be_repaired(tiny_project, capsys):
    path = tiny_project / "data/2025/东园.yaml"
    good = path.read_bytes()
    path.write_bytes(good.replace(b": ", "：".encode(), 2))
    assert cli.main(["-C", str(tiny_project), "check"]) == 1
    assert "可以自动改正：perfgen check --fix。" in capsys.readouterr().out
    cli.main(["-C", str(tiny_project), "check", "--format", "json"])
    assert "--fix" not in capsys.readouterr().out
    path.write_bytes(good + "年: 2025\n".encode())
    assert cli.main(["-C", str(tiny_project), "check"]) == 1
    assert "--fix" not in capsys.readouterr().out


def test_what_is_left_is_reported_by_the_check_that_follows(tiny_project, capsys):
    path = tiny_project / "data/2025/东园.yaml"
    path.write_bytes(path.read_bytes().replace("备注: ".encode(), "备注：".encode()) + "年: 2025\n".encode())
    assert cli.main(["-C", str(tiny_project), "check", "--fix"]) == 1
    assert "写了两次" in capsys.readouterr().out


def test_a_huge_file_is_repaired_in_several_runs(monkeypatch):
    text = "".join(f"键{number}：值\n" for number in range(9))
    monkeypatch.setattr("perfgen.authoring.repair._MOST_READ", 3 * len(text.encode()) - 10)
    once = repair(text.encode(), "x.yaml")
    assert len(once.answered) == 3
    rest = repair(repair(once.content, "x.yaml").content, "x.yaml")
    assert rest.content.decode() == text.replace("：", ": ")
