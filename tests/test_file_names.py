"""Names of files: checked where they come in, and none of them gives an order to a terminal or a forge."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from perfgen import formats
from perfgen.cli import main
from perfgen.project import names
from perfgen.system import console
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.projects import snapshot

NFC, NFD = unicodedata.normalize("NFC", "é局"), unicodedata.normalize("NFD", "é局")

BAD = {
    # devices of Windows, with and without an ending
    "CON": "设备名", "con": "设备名", "Aux": "设备名", "NUL.2025": "设备名", "COM1": "设备名", "lpt9.局": "设备名",
    "COM²": "设备名", "CONIN$": "设备名", "prn .x": "设备名",
    # what it forbids, or takes away
    "a:b": "有 :", "甲*": "有 *", "甲?": "有 ?", '甲"乙': '有 "', "甲|乙": "有 |", "甲<乙>": "有 <", "甲\\乙": "有 \\",
    "尾点.": "以点结尾", "尾空 ": "以空格结尾", "尾空\u3000": "以空格结尾", "...": "开头",
    # at the beginning: blanks, options, hidden files, the home
    " 头空": "以空格开头", "-rf": "以 - 开头", "~": "以 ~ 开头", "~/甲": "以 ~ 开头",
    # what cannot be seen: controls, direction, joiners, fillers, selectors, private use
    "甲\t乙": "U+0009", "甲\r乙": "U+000D", "甲\n乙": "U+000A", "甲\x1b[2J": "U+001B", "甲\x9b": "U+009B",
    "甲\u202e乙": "U+202E", "甲\u200b乙": "U+200B", "甲\u2028乙": "U+2028", "\ufeff甲": "U+FEFF", "甲\u2066": "U+2066",
    "甲\u3164": "U+3164", "甲\ufe0f": "U+FE0F", "甲\U000e0041": "U+E0041", "甲\ue000": "U+E000", "甲\xad乙": "U+00AD",
    # too long, empty, not UTF-8
    "甲" * 81: "太长", "处//甲": "空的", "": "空的", os.fsdecode(b"\xbe\xd6"): "GBK 的系统上起的名字：局",
    os.fsdecode(b"\xff"): "不是 UTF-8", "..": "开头", "处/../甲": "开头",
}  # fmt: skip
GOOD = ["示例市财政局", "A局", "R&D 中心", "局（本级）", "CONTROL", "COM10", "nul局", "2025年 10%", "处/科/股",
        "甲-乙_丙.丁", "é局", "𠮷野家", "联系'人", "甲" * 80, "第 13 中学", "12345678901", "ｆｕｌｌ"]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_good_name(name):
    assert BAD[name] in names.trouble(name)
    assert BAD[name] in names.trouble(f"2025/处/{name}") and names.trouble(f"2025/{name}/甲")


@pytest.mark.parametrize("name", GOOD)
def test_what_is_a_good_name(name):
    assert names.trouble(f"2025/{name}") == ""


def test_the_samples_have_good_names():
    files, findings = snapshot(REPOSITORY).data_files()
    assert files and not findings


# check and build


def call(capsys, root: Path, *arguments: str) -> tuple[int, str]:
    code = main(["-C", str(root), *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


ON_DISK = [name for name in BAD if name not in ("", "..") and "/" not in name and len(name) < 80]


@pytest.mark.parametrize("name", ON_DISK)
@pytest.mark.parametrize("as_folder", [False, True])
def test_a_bad_name_is_an_error_and_nothing_is_built_of_it(tiny_project, name, as_folder):
    path = f"data/2025/{name}/甲.yaml" if as_folder else f"data/2025/{name}.yaml"
    try:
        (tiny_project / path).parent.mkdir(exist_ok=True)
        (tiny_project / path).write_text(tiny.UNIT.format(name="甲"), "utf-8")
    except OSError:
        pytest.skip("the file system does not take it")
    files, findings = snapshot(tiny_project).data_files()
    if name == "..." and not as_folder:  # `....yaml` is hidden
        return
    (finding,) = findings
    assert (finding.rule, BAD[name] in finding.message, len(files)) == ("file-name", True, 2)
    for text in (str(finding), finding.place.file):
        text.encode()
        assert text.replace("\u3000", "").isprintable()


@pytest.mark.parametrize("name", ["CON", "甲\n::add-mask::乙", os.fsdecode(b"\xbe\xd6"), "甲\u202e", "尾点."])
def test_every_command_and_format_says_a_bad_name(capsys, tiny_project, name):
    shutil.copy(tiny_project / "data/2025/东园.yaml", tiny_project / f"data/2025/{name}.yaml")
    for command in (["check"], ["check", "--all"], ["build", "--only", "data_csv"]):
        code, said = call(capsys, tiny_project, *command)
        assert code == 1 and "文件名" in said and "[file-name]" in said
        assert not re.search(r"^\s*::", said, re.MULTILINE)
    assert len(list((tiny_project / "build/public").rglob("*.csv"))) == 2
    for name_of_format in formats.names():
        code, said = call(capsys, tiny_project, "check", "--format", name_of_format)
        assert code == 1 and "file-name" in said
        said.encode()
        if name_of_format in ("json", "gitlab", "sarif"):
            json.loads(said)
        if name_of_format == "github":
            assert all(line.startswith("::error ") for line in said.splitlines())


def test_a_file_in_gbk_stops_no_build(capsys, tiny_project):
    """Also among the templates, where nothing says so: the manifest has its name."""
    (tiny_project / "data/2025" / os.fsdecode(b"\xbe\xd6.yaml")).write_text("x", "utf-8")
    (tiny_project / "templates/fruit" / os.fsdecode(b"\xbe\xd6.css")).write_text("p {}", "utf-8")
    code, said = call(capsys, tiny_project, "build")
    assert code == 1 and "\\xbe\\xd6.yaml: 错误 文件名不是 UTF-8" in said and "perfgen 自己" not in said
    assert (tiny_project / "build/public/2025/东园/东园.csv").exists()
    assert call(capsys, tiny_project, "build")[0] == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("a局", "A局"), (NFC, NFD), ("ΑΣ", "ας"), ("STRASSE", "straße"), ("\uf900", "豈"), ("处a/甲", "处A/乙"),
     (f"{NFC}/甲", f"{NFD}/乙"), ("x/甲", "X")],
)  # fmt: skip
def test_twins_are_said_and_neither_is_built(capsys, tiny_project, first, second):
    for name in (first, second):
        path = tiny_project / f"data/2025/{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(tiny.UNIT.format(name="甲"), "utf-8")
    files, findings = snapshot(tiny_project).data_files()
    wanted = 0 if second == "X" else 2
    assert [f.rule for f in findings] == ["file-name"] * wanted and len(files) == (4 if second == "X" else 2)
    assert all("只差大小写或字符的写法" in f.message for f in findings)
    if wanted:
        assert call(capsys, tiny_project, "check", f"data/2025/{first}.yaml")[0] == 1


def test_the_settings_have_no_twin(capsys, tiny_project):
    shutil.copy(tiny_project / "data/site.yaml", tiny_project / "data/Site.yaml")
    code, said = call(capsys, tiny_project, "check")
    assert code == 1 and "data/Site.yaml: 错误 文件名和 data/site.yaml 只差大小写" in said


def test_no_twins_where_there_are_none():
    paths = ["2024/局", "2025/局", "2025/局/局", "2025/Ａ局", "2025/A局", "2025/①", "2025/1", "2025/A局/a", "2026/a局"]
    assert names.twins(f"data/{path}.yaml" for path in paths) == {}


@pytest.mark.parametrize("name", ["~$局.yaml", "~$.yaml", "~$局.yml", "处/~$局.yaml", "~$局.YAML"])
def test_what_is_named_as_a_lock_file_is_not_passed_over_in_silence(capsys, tiny_project, name):
    path = tiny_project / "data/2025" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(tiny.UNIT.format(name="局"), "utf-8")
    code, said = call(capsys, tiny_project, "check")
    assert code == 1 and f"data/2025/{name}: 错误 文件名“{path.name}”这样开头的是 Word 的临时文件，不会读" in said
    shutil.move(path, path.with_name("~$局.docx"))  # what Word leaves is nobody's concern
    assert call(capsys, tiny_project, "check")[0] == 0


@pytest.mark.parametrize("name", ["张三13812345678", "13812345678/甲", "处/110101199003078515"])
def test_a_private_number_in_a_name_is_an_error(capsys, tiny_project, name):
    path = tiny_project / f"data/2025/{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(tiny.UNIT.format(name="甲"), "utf-8")
    code, said = call(capsys, tiny_project, "build", "--only", "data_csv")
    assert code == 1 and "文件名里有像" in said and "private-number" in said
    assert not [p for p in (tiny_project / "build/public").rglob("*") if "13812345678" in str(p) or "1101" in str(p)]


# where new files come in

NEW_NAMES = ["CON", "aux", "com1", "尾点.", "甲\u202e乙", "甲\u2028乙", "~$局", "~", "a:b", "甲\n::add-mask::乙",
             "张三13812345678", "甲\ufe0f", "甲" * 81, "-rf", "东\t园"]  # fmt: skip


@pytest.mark.parametrize("name", NEW_NAMES)
def test_new_makes_no_bad_name(capsys, tiny_project, name):
    before = sorted(tiny_project.rglob("*"))
    arguments = ["new", "2026", name] if not name.startswith("-") else ["new", "2026", "--", name]
    code, said = call(capsys, tiny_project, *arguments)
    assert code == 2 and "不能做文件名" in said and not re.search(r"^\s*::", said, re.MULTILINE)
    assert sorted(tiny_project.rglob("*")) == before


def test_new_and_rollover_make_no_twin(capsys, tiny_project):
    shutil.copy(tiny_project / "data/2025/东园.yaml", tiny_project / "data/2025/A局.yaml")
    (tiny_project / "data/2026").mkdir()
    shutil.copy(tiny_project / "data/2025/东园.yaml", tiny_project / "data/2026/a局.yaml")
    code, said = call(capsys, tiny_project, "new", "2026", "A局")
    assert code == 2 and "已经有 data/2026/a局.yaml，只差大小写" in said
    code, said = call(capsys, tiny_project, "rollover", "data/2025/A局.yaml")
    assert code == 2 and "已经有 data/2026/a局.yaml，只差大小写" in said
    assert len(list((tiny_project / "data/2026").iterdir())) == 1


@pytest.mark.parametrize("name", [*(name for name in NEW_NAMES if name not in ("a:b", "甲" * 81, "-rf")), "Aux.2025"])
def test_import_makes_no_bad_name(capsys, tiny_project, name):
    """The unit's name in the Word file is the file's; typed after -o it is held to the same."""
    call(capsys, tiny_project, "build", "--only", "docx")
    word = tiny_project / "表.docx"
    shutil.copy(tiny_project / "build/official/2025/东园.docx", word)
    (tiny_project / "data/2025/东园.yaml").unlink()
    before = sorted((tiny_project / "data").rglob("*"))
    code, said = call(capsys, tiny_project, "import", str(word), "-o", f"{tiny_project}/data/2025/{name}.yaml")
    assert code == 2 and "不能做文件名" in said and "用 -o 写明文件名" in said
    assert not re.search(r"^\s*::", said, re.MULTILINE)
    assert sorted((tiny_project / "data").rglob("*")) == before


@pytest.mark.parametrize("unit", ["CON", "~", "张三13812345678", "a局"])
def test_import_names_no_file_after_a_unit_that_has_no_good_name(capsys, tiny_project, unit):
    tiny.write_unit(tiny_project, "源", tiny.UNIT.format(name=unit))
    call(capsys, tiny_project, "build", "--only", "docx", "data/2025/源.yaml")
    (tiny_project / "data/2025/源.yaml").rename(tiny_project / "data/2025/A局.yaml")
    word = tiny_project / "build/official/2025/源.docx"
    if not word.exists():  # the number is no text of the form either
        return
    code, said = call(capsys, tiny_project, "import", str(word), "--year", "2025")
    assert code == 2 and "不能做文件名" in said
    assert not (tiny_project / f"data/2025/{unit}.yaml").exists()


@pytest.mark.parametrize("line", ["::error::x", "  ::add-mask::x", "\t::stop-commands::x", "a##[error]x", "##[group]x"])
def test_no_line_of_any_text_is_an_order_to_the_runner(capsys, line):
    for say in (console.say, console.complain):
        say(f"甲\n{line}\n乙\r{line}\n丙\x0b{line}")
        said = capsys.readouterr()
        for shown in re.split(r"[\r\n\v\f\x85\u2028\u2029]", said.out + said.err):
            assert not shown.strip().startswith("::") and "##[" not in shown
        assert said.out.count("x") + said.err.count("x") >= 3  # no order is lost either: it is shown


def test_a_value_with_a_line_break_gives_no_order(capsys, tiny_project):
    text = tiny.UNIT.format(name="甲") + '多: "x\\n::error::evil"\n"::warning::键": 1\n'
    tiny.write_unit(tiny_project, "丙", text)
    for command in (["check"], ["check", "--all"], ["build", "--only", "data_csv"], ["explain", "schema"]):
        assert not re.search(r"^\s*::", call(capsys, tiny_project, *command)[1], re.MULTILINE)


@pytest.mark.parametrize("name", ["甲\n::add-mask::x.docx", "乙\r##[error]y.docx", "丙\n::error::z.txt"])
def test_the_names_of_imported_files_give_no_order(capsys, tiny_project, name):
    folder = tiny_project / "收"
    folder.mkdir()
    (folder / name).write_bytes(b"no Word file")
    (folder / "好.docx").write_bytes(b"no Word file")
    for argument in (str(folder), str(folder / name)):
        said = call(capsys, tiny_project, "import", argument)[1]
        assert not re.search(r"^\s*::", said, re.MULTILINE) and "##[" not in said


def test_a_comparison_gives_no_order(tmp_path):
    root = tiny.make(tmp_path / "tiny")

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@x"]
        subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    for path in (
        "data/2025/甲\n::add-mask::x.yaml",
        "schema/y\n::error::y.txt",
        "templates/fruit/\n::error::z",
    ):
        (root / path).write_text(tiny.UNIT.format(name="甲"), "utf-8")
    git("add", ".")
    git("commit", "-qm", "y")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    for name in ("text", "markdown", "json"):
        command = [sys.executable, "-m", "perfgen", "-C", str(root), "diff", "HEAD~1..HEAD", "--format", name]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert said.returncode in (0, 1) and not re.search(r"^\s*::", said.stdout + said.stderr, re.MULTILINE)
