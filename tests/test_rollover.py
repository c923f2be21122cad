"""Next year's file holds what moved, as it was typed; keeps every comment; and has holes, nothing else."""

from __future__ import annotations

import difflib
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen import cli
from perfgen.authoring import draft, rollover
from perfgen.check.filing import Filing
from perfgen.findings import DataError
from perfgen.source import reader
from tests.conftest import SAMPLES
from tests.helpers import years
from tests.helpers.projects import document_and_form, with_form

BOOK = """\
# yaml-language-server: $schema=../../schema/ledger.schema.json
form: ledger
年: 2025   # 本年
户: 东
到: 2030
话:
  - 2025年做三件事   # 年份要改
  - 再做 120252 件
钱:
  甲: {今: 10.50, 去: 9, 前: 8}   # 甲的钱
  乙: {去: 3}
行:
  # 第一行
  - {名: 一, 前: 1%, 去: 2%, 想: "≥80%", 总: 5, 花: 5}
  - {名: 二, 想: 3项, 总: 100, 花: 0.25, 注: "{a}, b"}
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return years.make(tmp_path / "ledger")


def roll(root: Path, text: str, year: int = 2025) -> rollover.Rolled:
    file = f"data/{year}/东.yaml"
    form = years.form(root)
    document = reader.load_yaml(text.encode(), file)
    assert draft.errors(Filing(document, form)) == []
    return rollover.roll(text, document, form, form.figures.compute(document.data))


def body(text: str) -> str:
    """A text without the notes at its head."""
    return re.sub(r"# 续写：.*\r?\n", "", text)


def changed(old: str, new: str) -> list[str]:
    return [line for line in difflib.ndiff(old.splitlines(), body(new).splitlines()) if line[0] in "+-"]


def comments(text: str) -> list[str]:
    plain = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'", "''", body(text))
    return re.findall(r"(?:^|(?<=\s))#[^\r\n]*", plain)


def test_the_whole_of_a_rollover(ledger):
    rolled = roll(ledger, BOOK)
    assert (
        body(rolled.text)
        == """\
# yaml-language-server: $schema=../../schema/ledger.schema.json
form: ledger
年: 2026   # 本年
户: 东
到: 2030
话:
  - 2025年做三件事   # 年份要改
  - 再做 120252 件
钱:
  甲: {今: , 去: 10.50, 前: 9}   # 甲的钱
  乙: {去: 5.25, 前: 3}
行:
  # 第一行
  - {名: 一, 前: 2%, 去: "≥80%", 想: , 总: , 花: }
  - {名: 二, 去: 3项, 想: , 总: 100, 花: , 注: "{a}, b"}
"""
    )
    assert rolled.dated == [("话", 0)]
    assert rolled.expired == []
    assert rolled.expected == [("行", 0, "去"), ("行", 1, "去")]
    assert rolled.looks == [("到",), ("话",), ("行", 1, "总")]
    notes = rolled.text.split("\n")[1:5]
    assert all(note.startswith("# 续写：") for note in notes)
    assert "data/2025/东.yaml" in notes[0] and "perfgen check" in notes[0]
    assert "到、话、行.总" in notes[1] and "行.去" in notes[2]


def test_holes_are_found_one_by_one_with_what_to_fill(ledger):
    rolled = roll(ledger, BOOK)
    found = draft.read_back(rolled.text, "data/2026/东.yaml", years.form(ledger)).holes
    assert [(f.place.line - 4, f.path[-1]) for f in found] == [
        (10, "今"), (14, "想"), (14, "总"), (14, "花"), (15, "想"), (15, "花"),
    ]  # fmt: skip
    assert found[0].hint == "今年的数。没有就删掉这一项。"
    assert found[1].hint == "想做到多少。" and "没有填（一）" in found[1].message


def test_twice_over(ledger):
    """The notes are those of the last rollover; an expectation that nobody replaced moves on as it is typed."""
    first = roll(ledger, BOOK)
    form = years.form(ledger)
    holes = draft.read_back(first.text, "data/2026/东.yaml", form).holes
    text = years.filled(first.text, holes, lambda hole: "≤9%" if hole.path[-1] == "想" else "7")
    second = roll(ledger, text, 2026)
    assert second.text.count("# 续写：") == first.text.count("# 续写：")
    assert "data/2026/东.yaml" in second.text.split("\n")[1]
    assert '  - {名: 一, 前: "≥80%", 去: ≤9%, 想: , 总: , 花: }' in second.text
    assert "  甲: {今: , 去: 7, 前: 10.50}   # 甲的钱" in second.text
    assert "  乙: {去: 14, 前: 5.25}" in second.text
    assert comments(second.text) == comments(BOOK)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # the same in lines: a hole is a key with nothing behind it
        ("  甲:\n    今: 10.50  # 甲\n    去: 9\n", "  甲:\n    今:  # 甲\n    去: 10.50\n    前: 9\n"),
        ("  甲:\n    去: 9\n    今: 1\n", "  甲:\n    去: 1\n    前: 9\n    今:\n"),
        # nothing this year: what is left moves on, what is not there is taken out, not made up
        ("  甲: {去: 9, 前: 8}\n", "  甲: {前: 9}\n"),
        ("  甲:\n    去: 9  # 九\n    前: 8\n", "  甲:\n    # 九\n    前: 9\n"),
        ("  甲: {前: 8}\n  乙: {前: 8}\n", "  乙: {去: 5.25}\n"),
        ("  甲: { 今 : 1 , }\n", "  甲: { 今 : , 去: 1 , }\n"),
        ("  甲: {}\n", "  甲: {}\n"),
        # in brackets over several lines
        ("  甲: {\n    今: 1, # 一\n    去: 2, # 二\n  }\n", "  甲: {\n    今: , # 一\n    去: 1, 前: 2, # 二\n  }\n"),
        ("  甲: {\n    去: 2, # 二\n    前: 1 # 一\n  }\n", "  甲: {\n     # 二\n    前: 2 # 一\n  }\n"),
        # a computed figure that was typed too is not asked for again
        ("  乙: {今: 5.25, 去: 3}\n", "  乙: {去: 5.25, 前: 3}\n"),
        ("  乙:\n    今: 5.25   # 核对\n", "  乙:\n    # 核对\n    去: 5.25\n"),
    ],
)
def test_every_layout_stays(ledger, old, new):
    head, tail = BOOK[: BOOK.index("钱:")], BOOK[BOOK.index("行:") :]
    rolled = roll(ledger, f"{head}钱:\n{old}{tail}")
    computed = "" if "乙" in old else "  乙: {去: 5.25}\n"
    assert rolled.text.count(f"钱:\n{new}{computed}行:") == 1, rolled.text
    draft.read_back(rolled.text, "data/2026/东.yaml", years.form(ledger))


def test_a_group_that_only_figures_fill_is_added(ledger):
    text = BOOK[: BOOK.index("钱:")] + BOOK[BOOK.index("行:") :]
    assert "件\n钱: {乙: {去: 5.25}}\n行:\n" in roll(ledger, text).text


@pytest.mark.parametrize("typed", [
    '"≥80%"', "'a # b'", "> 5", '"}{,"', "1.50", "0x1F", "=100%", "“三公”", "𠮷", "—", '"\\u2265"', "不 低 于",
    "|-\n      第一行\n        缩进\n\n      # 不是注释", ">-\n      one\n      line",
    '"two\n      lines"', "two\n      lines",
])  # fmt: skip
def test_awkward_texts_move_as_they_are_typed(ledger, typed):
    if typed == "> 5":
        typed = '"> 5"'
    text = BOOK[: BOOK.index("  # 第一行")] + f"  - 名: 一\n    想: {typed}\n    花: 5.25\n"
    rolled = roll(ledger, text)
    assert body(rolled.text).endswith(f"  - 名: 一\n    去: {typed}\n    想:\n    花:\n")
    if "\n" not in typed:
        flow = BOOK[: BOOK.index("  # 第一行")] + f"  - {{名: 一, 想: {typed}, 花: 5.25}}\n"
        assert body(roll(ledger, flow).text).endswith(f"  - {{名: 一, 去: {typed}, 想: , 花: }}\n")


def test_line_ends_and_a_missing_last_one(ledger):
    crlf = BOOK.replace("\n", "\r\n")
    assert roll(ledger, crlf).text == roll(ledger, BOOK).text.replace("\n", "\r\n")
    bare = BOOK[: BOOK.index("钱:")] + "行:\n  - 名: 一\n    想: 1\n    花: 2\n钱:\n  甲:\n    今: 2"
    assert roll(ledger, bare).text.endswith("  甲:\n    今:\n    去: 2\n  乙: {去: 2}")


def test_a_year_that_is_over_is_a_hole(ledger):
    rolled = roll(ledger, BOOK.replace("到: 2030", "到: 2026  # 末年"))
    assert "到:  # 末年\n" in rolled.text and rolled.expired == [("到",)] and ("到",) not in rolled.looks


def test_what_concerns_one_year_only_goes(ledger):
    text = BOOK.replace("户: 东\n", "批:\n  A01: 今年的批语\n  # 又一个\n  A02: 又一个\n# 户名\n户: 东\n")
    rolled = roll(ledger, text)
    assert "2025   # 本年" not in rolled.text and "年: 2026   # 本年\n# 又一个\n# 户名\n户: 东\n" in rolled.text
    assert rolled.dropped == [("批",)]


def test_a_layout_beyond_editing_is_refused(ledger):
    """A key on a line of its own with its value below: nothing is lost, the author is told."""
    text = BOOK.replace("户: 东\n", "? 批\n: A: 今年的批语\n户: 东\n")
    with pytest.raises(DataError) as caught:
        roll(ledger, text)
    assert [f.rule for f in caught.value.findings] == ["rollover-layout"]


# ── any layout, at random ──

scalar = st.sampled_from(["1", "2.50", '"≥80%"', "3项", "'规范 # 好'", "—", '"a: b"', "=100%", "不低于5%", '"}"'])
amount = st.decimals(0, 10**6, places=2).map(lambda number: format(number, "f"))
gap = st.sampled_from(["", " ", "  "])


@st.composite
def members(draw, kinds: dict[str, st.SearchStrategy[str]], must: set[str]) -> list[tuple[str, str]]:
    names = draw(st.permutations(list(kinds)))
    return [(name, draw(kinds[name])) for name in names if name in must or draw(st.booleans())]


@st.composite
def group(draw, indent: str, inside: list[tuple[str, str]]) -> str:
    """Members on one line, on several lines in brackets, or one a line; with comments where there may be some."""
    style = draw(st.integers(0, 2)) if inside else 0
    if style == 0:
        comma = f"{draw(gap)},{draw(st.sampled_from([' ', '  ']))}"
        last = draw(st.sampled_from(["", ",", " "])) if inside else ""
        return "{" + draw(gap) + comma.join(f"{n}: {v}" for n, v in inside) + last + "}" + draw(remark) + "\n"
    if style == 1:
        lines = [f"{indent}  {n}: {v}{draw(gap)},{draw(remark)}\n" for n, v in inside]
        return "{" + draw(remark) + "\n" + "".join(lines) + indent + "}" + draw(remark) + "\n"
    return draw(remark) + "\n" + "".join(f"{draw(line)}{indent}  {n}: {v}{draw(remark)}\n" for n, v in inside)


remark = st.sampled_from(["", "", "  # 注", " # {a: 1}, b"])
line = st.sampled_from(["", "", "\n", "      # 一行说明\n"])
MONEY = {"今": amount, "去": amount, "前": amount}
ROW = {
    "名": st.sampled_from(["一", '"二 #"', "三"]),
    "前": scalar,
    "去": scalar,
    "想": scalar,
    "总": amount,
    "花": amount,
}


@st.composite
def books(draw) -> str:
    rows = [draw(members(ROW, {"名", "想"})) for _ in range(draw(st.integers(0, 3)))]
    money = {"甲": draw(members(MONEY, set())), "乙": draw(members({"去": amount, "前": amount}, set()))}
    parts = [f"  {name}: {draw(group('  ', inside))}" for name, inside in money.items() if draw(st.booleans())]
    strip = st.sampled_from([" ", " \n"])  # the first member beside the dash, or below it
    listed = "".join(f"{draw(line)}  - {draw(group('  ', row)).lstrip(draw(strip))}" for row in rows)
    text = (
        f"form: ledger\n年: 2025{draw(remark)}\n户: 东\n到: {draw(st.integers(2020, 2035))}{draw(remark)}\n话: []\n"
        + (f"行:{draw(remark)}\n{listed}" if rows else "行: []\n")
        + ("钱:" + draw(remark) + "\n" + "".join(parts) if parts else "")
    )
    text = draw(st.sampled_from([text, text.rstrip("\n")]))
    return draw(st.sampled_from([text, text.replace("\n", "\r\n")]))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Path:
    return years.make(tmp_path_factory.mktemp("years") / "ledger")


@settings(max_examples=400, deadline=None)
@given(text=books())
def test_any_layout_rolls_and_fills_and_rolls_again(shelf, text):
    root, form = shelf, years.form(shelf)
    rolled = roll(root, text)
    assert comments(rolled.text) == comments(text)
    old, new = (reader.load_yaml(t.encode(), "x").data for t in (text, rolled.text))
    for before, after in zip(old["行"], new["行"], strict=True):
        assert (after.get("前"), after.get("去"), after["想"]) == (before.get("去"), before["想"], None)
    spent = [row["花"] for row in old["行"] if "花" in row]
    assert new.get("钱", {}).get("乙", {}).get("去") == (sum(spent, Decimal(0)) if spent else None)
    holes = draft.read_back(rolled.text, "data/2026/东.yaml", form).holes
    filled = years.filled(rolled.text, holes, lambda hole: "2040" if hole.path == ("到",) else "7")
    assert years.errors(filled, "data/2026/东.yaml", form) == []
    again = roll(root, filled, 2026)
    assert comments(again.text) == comments(text)


# ── the real form ──


def _value(form, rng: random.Random):
    def typed(hole) -> str:
        about = form.fields.at(hole.path)
        if hole.rule == "schema-enum":
            return rng.choice(about.choices)
        if about.title == "截止年":
            return "2040"
        if about.numeric and not about.measure:
            return str(rng.randrange(10**6) / 100)
        return rng.choice(["≥80%", "3项", "规范", '"≤1,000 元"', "=100%", "-1.5%"])

    return typed


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_rolls_over_and_passes_once_it_is_filled_in(capsys, tmp_path, source):
    root = tmp_path / "project"
    with_form(root, source)
    assert cli.main(["-C", str(root), "rollover", str(root / source)]) == 0
    said = capsys.readouterr().out
    year = int(source.split("/")[1])
    target = source.replace(f"/{year}/", f"/{year + 1}/")
    old, new = (root / source).read_text("utf-8"), (root / target).read_text("utf-8")
    assert comments(new) == comments(old)
    rows = [len(re.findall(r"^ *- \{.*\}$", text, re.M)) for text in (old, new)]
    assert rows[0] == rows[1] > 20
    document, form = document_and_form(root, target)
    found = draft.errors(Filing(document, form))
    assert all(document.value(finding.path) is None and "没有填" in finding.message for finding in found)
    assert f"{target}：{len(found)} 处要填" in said and f"共 {len(found)} 处要填" in said
    text = years.filled(new, found, _value(form, random.Random(source)))
    assert years.errors(text, target, form) == []


# ── the command ──


def call(capsys, root: Path, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(["-C", str(root), "rollover", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def books_on_disk(ledger) -> Path:
    folder = ledger / "data/2025"
    (folder / "子").mkdir(parents=True)
    (folder / "东.yaml").write_text(BOOK, "utf-8")
    (folder / "西.yaml").write_bytes(b"\xef\xbb\xbf" + BOOK.replace("户: 东", "户: 西").replace("\n", "\r\n").encode())
    (folder / "子/北.yaml").write_text(BOOK, "utf-8")
    return ledger


def test_several_files_at_once(capsys, books_on_disk):
    code, out, errors = call(capsys, books_on_disk, "data/2025")
    assert (code, errors) == (0, "")
    assert "[3/3] ✓" in out and "续写了 3 个文件，共 18 处要填。" in out
    assert "data/2026/东.yaml: 文字里还写着 2025 年，看看要不要改：第 11 行。" in out
    assert (books_on_disk / "data/2026/子/北.yaml").exists()
    west = (books_on_disk / "data/2026/西.yaml").read_bytes()
    assert west.startswith(b"\xef\xbb\xbf#") and west.count(b"\xef\xbb\xbf") == 1
    assert west.count(b"\n") == west.count(b"\r\n") > 10


def test_a_broken_file_does_not_stop_the_rest(capsys, books_on_disk):
    (books_on_disk / "data/2025/东.yaml").write_text(BOOK.replace("到: 2030", "到: 很久"), "utf-8")
    code, out, errors = call(capsys, books_on_disk, "data/2025")
    assert code == 1 and "✗ data/2025/东.yaml" in out and "续写了 2 个文件" in out
    assert "data/2025/东.yaml:5:4: 错误" in errors and "Traceback" not in errors
    assert not (books_on_disk / "data/2026/东.yaml").exists()


def test_a_file_that_is_there_is_never_touched(capsys, books_on_disk):
    there = books_on_disk / "data/2026/东.yaml"
    there.parent.mkdir()
    there.write_text("mine", "utf-8")
    code, out, _ = call(capsys, books_on_disk, "data/2025")
    assert code == 2 and "data/2026/东.yaml 已经有了，没有动它" in out
    assert there.read_text("utf-8") == "mine" and (books_on_disk / "data/2026/西.yaml").exists()


def test_a_dry_run_shows_and_writes_nothing(capsys, books_on_disk):
    code, out, _ = call(capsys, books_on_disk, "--dry-run", "data/2025/东.yaml", "data/2025/西.yaml")
    assert code == 0 and not (books_on_disk / "data/2026").exists()
    assert "+  甲: {今: , 去: 10.50, 前: 9}   # 甲的钱" in out and "会续写 2 个文件，共 12 处要填" in out


def test_the_last_year_a_form_allows(capsys, books_on_disk):
    (books_on_disk / "data/2100").mkdir()
    text = BOOK.replace("年: 2025", "年: 2100").replace("到: 2030", "到: 2200")
    (books_on_disk / "data/2100/东.yaml").write_text(text, "utf-8")
    code, _, errors = call(capsys, books_on_disk, "data/2100")
    assert code == 1 and "不能大于 2100" in errors and not (books_on_disk / "data/2101").exists()


def test_an_annotation_that_names_no_sibling_is_the_forms_fault(capsys, books_on_disk):
    schema = books_on_disk / "schema/ledger.schema.json"
    schema.write_text(schema.read_text("utf-8").replace('"x-next": "今"', '"x-next": "明"'), "utf-8")
    code, _, errors = call(capsys, books_on_disk, "data/2025")
    assert code == 2 and "x-next 里的“明”不是同级的一项" in errors


def test_a_bar_on_a_terminal(monkeypatch, capsys, books_on_disk):
    import sys

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    code, out, errors = call(capsys, books_on_disk, "data/2025")
    assert code == 0 and "3/3" in errors and "[3/3]" not in out


UNCOMMENT = "# （可以没有；用得着，去掉下一行的 #）\n# "


@pytest.mark.parametrize(
    "used",
    [(), ("调整理由",), ("审核说明", "调整理由"), ("审核说明", "调整理由", "审核记录"), ("更正记录",), ("公开审查",)],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_may_be_uncommented_can_be_after_a_rollover_too(capsys, project, used, newline):
    """The sample, below the comments of a new file, with some of its optional fields in use."""
    assert cli.main(["-C", str(project), "new", "2024", "市某局", "--form", "department-target"]) == 0
    new = (project / "data/2024/市某局.yaml").read_text("utf-8")
    source = project / "data/2025/示例市档案馆.yaml"
    sample, head = source.read_text("utf-8"), new[new.index("# 允许公开的内容：") : new.index("# 部门名称：")]
    entries = {
        "审核说明": "D02: 按等于考核",
        "调整理由": "预算执行率: 机构改革了",
        "审核记录": "0a1b2c3d4e5f: 甲 2025-01-10",
        "更正记录": "- {日期: 2025-03-05, 理由: 看错了一行, 位置: 甲, 原来: 乙}",
        "公开审查": "{审查人: 甲, 日期: 2025-02-05, 结果: 可以公开}",
    }
    own = re.sub(r"(?m)^(审核说明|调整理由|审核记录):\n(  .*\n)+", "", sample)
    for name in used:
        assert f"{UNCOMMENT}{name}:\n" in head
        head = head.replace(f"# {name}:\n", f"{name}:\n  {entries[name]}\n")
    text = own.replace("部门名称:", f"{head}部门名称:", 1).replace("\n", newline)
    source.write_bytes(text.encode())
    document, form = document_and_form(project, "data/2025/示例市档案馆.yaml")
    rolled = rollover.roll(text, document, form, form.figures.compute(document.data)).text
    for made in (new, rolled.replace(newline, "\n")):
        names = [part.partition(":")[0] for part in made.split(UNCOMMENT)[1:]]
        there = [name for name in used if f"\n{name}:" in made]
        assert [*names, *there] and {*names, *there} == {
            "允许公开的内容", "审核说明", "调整理由", "审核记录", "更正记录", "公开审查",
        }  # fmt: skip
        read = reader.load_yaml(made.replace(UNCOMMENT, UNCOMMENT[:-2]).encode(), "a.yaml").data
        assert set(names) <= read.keys()
