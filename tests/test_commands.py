"""The commands as people call them: answers in Chinese, exit codes, no traceback."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib import metadata

import pytest

from perfgen import cli
from perfgen.system import fonts, git
from tests.conftest import REPOSITORY
from tests.helpers import tiny


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    code = cli.main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少参数"),
        (["bild"], "没有这个选择"),
        (["build", "-j", "0"], "正整数"),
        (["build", "--nope"], "不认识的参数"),
        (["-C", "/nowhere-at-all", "build"], "没有 /nowhere-at-all 这个目录"),
        (["-C", "/", "check"], "不在 perfgen 的项目里"),
        (["check", "--format", "xml"], "可选"),
    ],
)
def test_wrong_use_is_exit_2_in_chinese(capsys, arguments, words):
    code, _, errors = call(capsys, *arguments)
    assert code == 2
    assert words in errors
    assert "Traceback" not in errors


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in ("build", "check", "doctor", "init", "用法："))


def test_the_project_is_found_from_below(capsys, tiny_project):
    code, out, _ = call(capsys, "-C", str(tiny_project / "data/2025"), "check", "东园.yaml")
    assert (code, out) == (0, "检查了 1 个文件，没有发现问题。\n")


@pytest.mark.pdf
def test_doctor_looks_at_what_the_styles_need(capsys, project):
    style = project / "templates/shared/print.css"
    style.write_text(style.read_text("utf-8").replace("Noto Sans CJK SC", "没有的黑体"), "utf-8")
    code, out, _ = call(capsys, "-C", str(project), "doctor")
    assert code == 3
    assert "✗ 字体 没有的黑体：没有装；templates/shared/print.css 要用" in out
    assert "✓ 字体 Noto Serif CJK SC：版本 2." in out
    assert "apt-get install" in out


@pytest.mark.pdf
def test_doctor_does_not_miss_a_cluster(capsys, project, monkeypatch):
    """Most do without; where it is there, the version is told, since all machines need the same."""
    code, out, _ = call(capsys, "-C", str(project), "doctor")
    assert f"✓ 集群：Dask {metadata.version('distributed')}" in out
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else name)
    again, out, _ = call(capsys, "-C", str(project), "doctor")
    assert (again, code) == (0, 0) and "- 集群：没有装 Dask" in out and "docs/cluster.md" in out


@pytest.mark.pdf
def test_doctor_finds_this_machine_fit(capsys):
    code, out, _ = call(capsys, "-C", str(REPOSITORY), "doctor")
    assert code == 0, out


@pytest.mark.pdf
def test_a_missing_font_stops_the_build_and_says_which(capsys, project):
    """An unknown family would come out as some other face without a word."""
    style = project / "templates/shared/print.css"
    style.write_text(style.read_text("utf-8").replace("Noto Sans CJK SC", "没有的黑体"), "utf-8")
    code, _, errors = call(capsys, "-C", str(project), "build", "--only", "pdf")
    assert code == 3
    assert "没有的黑体" in errors and "doctor" in errors
    assert not list((project / "build").rglob("*.pdf"))


@pytest.mark.pdf
def test_init_makes_a_repository_that_builds(capsys, tmp_path):
    target = tmp_path / "新的 仓库"
    code, out, _ = call(capsys, "init", str(target))
    assert code == 0 and "make all" in out
    assert git.head(target) is None and (target / ".git/HEAD").read_text() == "ref: refs/heads/main\n"
    for name in (
        "Makefile",
        "schema/department-target.schema.json",
        "requirements/perfgen.txt",
        ".vscode/settings.json",
        ".gitlab-ci.yml",
    ):
        assert (target / name).exists(), name
    for name in (
        "data/site.yaml",
        "requirements/dependencies.txt",
        "scripts/setup.sh",
        "README.md",
        "docs/template.md",
        "docs/manual.md",
        "docs/maintenance.md",
    ):
        assert (target / name).exists(), name
    assert not [path for path in target.rglob("*") if path.suffix == ".py" or path.name == "perfgen"]
    (example,) = target.glob("data/2*/*.yaml")
    said = subprocess.run(
        [sys.executable, "-m", "perfgen", "build"], cwd=target, capture_output=True, text=True, encoding="utf-8",
        timeout=120, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert (target / f"build/official/2025/{example.stem}.docx").exists()
    assert not (target / f"build/public/2025/{example.stem}").exists()


def test_init_never_writes_into_what_is_there(capsys, tmp_path):
    (tmp_path / "x").write_text("y")
    code, _, errors = call(capsys, "init", str(tmp_path))
    assert code == 2 and "没有动它" in errors
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_missing_library_is_exit_3_in_one_sentence(capsys, project, monkeypatch):
    import builtins

    real = builtins.__import__

    def without_pango(name, *rest, **named):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    code, _, errors = call(capsys, "-C", str(project), "build", "-j1", "--only", "pdf")
    assert code == 3
    assert errors.count("\n") == 1 and "Pango" in errors and "doctor" in errors
    assert call(capsys, "-C", str(project), "build", "--only", "docx")[0] == 0


def test_an_interrupted_build_says_that_files_are_whole(capsys, tiny_project, monkeypatch):
    from perfgen.build import job

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "build_file", interrupted)
    code, _, errors = call(capsys, "-C", str(tiny_project), "build", "-j1")
    assert code == 130 and "完整" in errors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "不是 JSON"),
        ('{"type": 5}', "不是 JSON Schema"),
        ('{"type": "object", "properties": {}}', "x-role: form"),
        ('{"type": "object", "x-pubic": true}', "不认识的标注 x-pubic"),
        ('{"type": "object", "properties": {"a": {"$ref": "other.json"}}}', "找不到"),
        (
            '{"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}',
            "绕回",
        ),
        (
            '{"type": "object", "properties": {"a": {"$ref": "#/$defs/a", "properties": {"b": {"title": "b"}}}},'
            ' "$defs": {"a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/a"}}}}}',
            "#/properties/a/properties/b：引用 #/$defs/a 绕回",
        ),
        ('{"type": "object", "properties": {"a": {"$ref": "#/$defs/b", "title": "a"}}}', "引用 #/$defs/b 找不到"),
    ],
)
def test_a_broken_schema_is_exit_2_with_its_file(capsys, tiny_project, content, words):
    (tiny_project / "schema/fruit.schema.json").write_text(content, "utf-8")
    code, errors, _ = call(capsys, "-C", str(tiny_project), "check")
    assert code == 2
    assert words in errors and "schema/fruit.schema.json" in errors


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        ("只有一句话".encode(), "名称: 值"),
        ("水果登记：梨\n年份：2025\n".encode(), "冒号"),
        (b"- a\n- b\n", "名称: 值"),
        (b"a: 1\n", "没有说明用哪张表"),
        (b"form: [fruit]\n", "没有说明用哪张表"),
        (b"\x00\x01", "控制字符"),
    ],
)
def test_whatever_lies_in_data_has_an_answer(capsys, tiny_project, content, words):
    (tiny_project / "data/2025/东园.yaml").write_bytes(content)
    code, _, errors = call(capsys, "-C", str(tiny_project), "build")
    assert code == 1
    assert words in errors and "data/2025/东园.yaml" in errors
    assert "Traceback" not in errors


def test_broken_site_settings_are_said(capsys, tiny_project):
    for name in ("site.schema.json",):
        (tiny_project / "schema" / name).write_text((REPOSITORY / "schema" / name).read_text("utf-8"), "utf-8")
    (tiny_project / "data/site.yaml").write_text(tiny.SITE.replace("2025-02-10", "二月十日"), "utf-8")
    for command in ("check", "build"):
        code, out, errors = call(capsys, "-C", str(tiny_project), command)
        errors = out if command == "check" else errors
        assert code == 1 and "data/site.yaml:3:" in errors and "2024-01-26" in errors


def test_families_are_read_from_styles():
    assert fonts.families('p { font: 1pt/2 "甲", serif; font-family: \'乙\', "甲" }') == ["甲", "乙"]
    assert fonts.version("没有的字体") is None
