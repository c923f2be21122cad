"""What nobody foresaw: one net names the file and the step, says whose fault it is and what to send."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
import types
from pathlib import Path

import pytest

from perfgen import commands
from perfgen.cli import main
from perfgen.findings import UsageError
from perfgen.project import faults
from tests.conftest import REPOSITORY
from tests.helpers import tiny

FILE = "data/2025/东园.yaml"
FORM = "templates/fruit/form.docx"
CHECK, BUILD_ALL = ["check", FILE], ["build", FILE, "-j1"]
IMPORT, DIFF, ROLLOVER = ["import", "东园.docx", "-o", "new.yaml"], ["diff", "HEAD"], ["rollover", FILE]

FAULTS = [
    ("source.reader", "decode", CHECK, FILE, "读 YAML"),
    ("source.events", "*", CHECK, FILE, "读 YAML"),
    ("form.figures", "read_figures", CHECK, "schema/fruit.rules.yaml", "读表的 schema 和规则"),
    ("form.rules_file", "read_rules", CHECK, "schema/fruit.rules.yaml", "读表的 schema 和规则"),
    ("form.schema", "load_schema", CHECK, "perfgen:schema/site.schema.json", "读表的 schema 和规则"),
    ("check.check", "check_filing", CHECK, FILE, "检查"),
    ("check.checks.schema", "*", CHECK, FILE, "检查"),
    ("check.checks.characters", "*", CHECK, FILE, "检查"),
    ("check.all_units", "extract", ["check"], FILE, "检查"),
    ("report.report", "assemble", BUILD_ALL, FILE, "汇总"),
    ("report.publish", "publish", BUILD_ALL, FILE, "汇总"),
    ("table.template", "_read", BUILD_ALL, FORM, "读模板、排表格"),
    ("table.tags", "pieces", ["check", "--templates"], FORM, "读模板、排表格"),
    ("table.expand", "expand", BUILD_ALL, FILE, "读模板、排表格"),
    ("table.lint", "lint", ["check", "--templates"], "templates/fruit", "读模板、排表格"),
    ("render.docx", "_compiled", BUILD_ALL, FILE, "生成"),
    ("render.data_csv", "_counted", BUILD_ALL, FILE, "生成"),
    ("prove.docx_cells", "read_cells", BUILD_ALL, FILE, "核对成品"),
    ("prove.proof", "everything_printed", BUILD_ALL, FILE, "核对成品"),
    ("build.job", "_render", BUILD_ALL, FILE, "生成"),
    ("build.plan", "*", BUILD_ALL, FILE, "生成"),
    ("importing.import_file", "import_form", IMPORT, "东园.docx", "导入"),
    ("importing.paper.word_table", "*", IMPORT, "东园.docx", "导入"),
    ("importing.matching.bind", "*", IMPORT, "东园.docx", "导入"),
    ("review.compare", "compare_pair", DIFF, FILE, "比较"),
    ("comparison.match", "*", DIFF, FILE, "比较"),
    ("comparison.sentences", "*", DIFF, FILE, "比较"),
    ("authoring.next_year", "next_year", ROLLOVER, FILE, "写数据文件"),
    ("authoring.rollover", "roll", ROLLOVER, FILE, "写数据文件"),
    ("authoring.new_file", "new_file", ["new", "2026", "东园"], "data/2026/东园.yaml", "写数据文件"),
    ("authoring.repair", "repair", ["check", "--fix", FILE], "data/site.yaml", "写数据文件"),
]


def boom(*_: object, **__: object) -> None:
    raise ZeroDivisionError("boom")


@pytest.fixture
def orchard(tiny_project: Path, monkeypatch) -> Path:
    """The small project under git, with a change and a Word file to import."""
    for name in commands.FOLDER.names():
        commands.FOLDER.module(name)  # what is imported later would keep a spoilt function
    monkeypatch.chdir(tiny_project)
    assert main(["build", FILE, "-j1", "--only", "docx"]) == 0
    (tiny_project / "东园.docx").write_bytes((tiny_project / "build/official/2025/东园.docx").read_bytes())
    for command in ("init -q", "add -A", "-c user.name=a -c user.email=a@b.c commit -qm one"):
        subprocess.run(["git", *command.split()], check=True, cwd=tiny_project)
    text = (tiny_project / FILE).read_text(encoding="utf-8")
    (tiny_project / FILE).write_text(text.replace("3.5", "4.5"), encoding="utf-8")
    return tiny_project


def _spoil(monkeypatch, module_name: str, function: str) -> None:
    """Makes a function of a module raise from within the module; `*` stands for all that are its own."""
    module = importlib.import_module(f"perfgen.{module_name}")
    raises = types.FunctionType(boom.__code__, vars(module), "boom")
    names = [function]
    if function == "*":
        names = [name for name, thing in vars(module).items() if isinstance(thing, types.FunctionType)]
        names = [name for name in names if vars(module)[name].__module__ == module.__name__]
        for thing in [thing for thing in vars(module).values() if isinstance(thing, type)]:
            if thing.__module__ == module.__name__:
                monkeypatch.setattr(thing, "__init__", raises)
    for name in names:
        before = vars(module)[name]
        monkeypatch.setattr(module, name, raises)
        for user in list(sys.modules.values()):
            if getattr(user, "__name__", "").startswith("perfgen.") and vars(user).get(name) is before:
                monkeypatch.setattr(user, name, raises)


@pytest.mark.parametrize("case", FAULTS, ids=[case[0] for case in FAULTS])
def test_the_net_names_file_and_step(orchard, monkeypatch, capsys, case):
    module, function, command, file, step = case
    _spoil(monkeypatch, module, function)
    capsys.readouterr()
    assert main(command) == 3
    said = capsys.readouterr().err
    lines = [line for line in said.splitlines() if line.startswith("错误：")]
    assert len(lines) == 1, said
    assert lines[0].startswith(f"错误：{file or 'perfgen ' + ' '.join(command)}：在“{step}”这一步"), said
    assert "perfgen 自己出了错（ZeroDivisionError）" in lines[0]
    assert "请把 build/fault.txt" in said and "发给维护 perfgen 的人" in said
    assert "Traceback" not in said
    details = (orchard / "build/fault.txt").read_text(encoding="utf-8")
    assert "Traceback" in details and "ZeroDivisionError: boom" in details
    assert f"perfgen.{module}" in details and f"perfgen {' '.join(command)}" in details


def test_without_a_project_the_traceback_comes_after_the_sentence(tmp_path, monkeypatch, capsys):
    form = tmp_path / "甲.docx"
    form.write_bytes(tiny.TEMPLATE)
    monkeypatch.chdir(tmp_path)
    _spoil(monkeypatch, "review.docx_text", "text_of")
    assert main(["text", "甲.docx"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("错误：甲.docx：在“比较”这一步")
    assert said.index("请把 下面这些文字 和 甲.docx 发给") < said.index("Traceback")
    assert list(tmp_path.iterdir()) == [form]


def test_a_project_that_cannot_be_written_to_shows_the_traceback_last(orchard, monkeypatch, capsys):
    (orchard / "build/fault.txt").mkdir(parents=True)  # not even root replaces a folder by a file
    _spoil(monkeypatch, "check.check", "check_filing")
    capsys.readouterr()
    assert main(CHECK) == 3
    said = capsys.readouterr().err
    assert said.startswith(f"错误：{FILE}：") and said.rstrip().endswith("ZeroDivisionError: boom")


def test_another_folder_is_named_whole(orchard, tmp_path, monkeypatch, capsys):
    _spoil(monkeypatch, "check.check", "check_filing")
    monkeypatch.chdir(tmp_path)
    assert main(["-C", str(orchard), *CHECK]) == 3
    assert f"请把 {orchard / 'build/fault.txt'} 和 {FILE} 发给" in capsys.readouterr().err


def test_a_fault_before_the_command_is_caught_too(orchard, monkeypatch, capsys):
    monkeypatch.setattr("perfgen.cli._parser", boom)
    capsys.readouterr()
    assert main(CHECK) == 3
    assert "在“运行命令”这一步，perfgen 自己出了错" in capsys.readouterr().err


def test_file_and_module_come_out_of_another_process(monkeypatch):
    _spoil(monkeypatch, "check.check", "check_filing")
    check = importlib.import_module("perfgen.check.check")
    with pytest.raises(ZeroDivisionError) as caught, faults.in_hand("outer.yaml"), faults.in_hand("inner.yaml"):
        check.check_filing()
    sent = pickle.loads(pickle.dumps(caught.value)).with_traceback(None)  # a library of Dask's would send that, too
    assert faults.of(sent) == faults.Fault("inner.yaml", "检查", "perfgen.check.check")


def test_what_was_foreseen_is_left_alone():
    with pytest.raises(UsageError) as caught, faults.in_hand("a.yaml"):
        raise UsageError("说明")
    assert not vars(caught.value)


def run(root: Path, *arguments: str, **streams: object) -> int:
    command = [sys.executable, "-P", "-m", "perfgen", "-C", str(root), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, env=environment, check=False, **streams).returncode


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("full", [{"stdout"}, {"stderr"}, {"stdout", "stderr"}])
def test_a_full_disk_behind_the_output_is_no_fault(orchard, full):
    (orchard / FILE).write_text("甲: [", "utf-8")  # there is something to say
    with Path("/dev/full").open("w") as device:
        streams = {name: device if name in full else subprocess.DEVNULL for name in ("stdout", "stderr")}
        command = ["build"] if full == {"stderr"} else ["check", "--format", "json" if full == {"stdout"} else "text"]
        assert run(orchard, *command, **streams) == 3
    assert not (orchard / "build/fault.txt").exists()


def test_a_name_that_is_not_utf_8_is_said(orchard, capsys):
    name = os.fsdecode(b"data/2025/\xff\xfe.yaml")
    try:
        (orchard / name).write_bytes((orchard / FILE).read_bytes())
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    for command in (["check"], ["build", "--only", "data_csv"]):
        assert main(["-C", str(orchard), *command]) == 1
        said = capsys.readouterr()
        assert "文件名不是 UTF-8" in (said.out if command == ["check"] else said.err)
