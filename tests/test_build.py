"""The batch: same bytes everywhere, only what is stale, nothing half written, nothing left over."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfgen import cli, render
from perfgen.build import batch, last_build, manifest, output_tree
from perfgen.build.batch import BuildOrder
from perfgen.findings import Level, ToolError
from perfgen.project.layout import DataFile
from perfgen.system import write
from perfgen.system.executor import Inline
from tests.conftest import REPOSITORY
from tests.helpers import tiny
from tests.helpers.outputs import count, of_file, of_site
from tests.helpers.projects import snapshot

pytestmark = pytest.mark.long

REAL = "data/2025/示例市档案馆.yaml"


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs perfgen as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "perfgen", "-C", str(root), *arguments],
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}, timeout=300, check=False,
    )  # fmt: skip


def called(capsys: pytest.CaptureFixture[str], root: Path, *arguments: str) -> tuple[str, str]:
    """Runs perfgen in this process; gives what it printed, and its errors."""
    capsys.readouterr()
    assert cli.main(["-C", str(root), *arguments]) == 0
    said = capsys.readouterr()
    return said.out, said.err


def outputs(root: Path) -> dict[str, str]:
    """Every file below build/ but the manifest with its pieces and the lock, with its hash."""
    top = root / "build"
    skip = {manifest.NAME, output_tree.LOCK}
    return {
        path.relative_to(top).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(top.rglob("*"))
        if path.is_file() and path.name not in skip and path.relative_to(top).parts[0] != manifest.FOLDER
    }


@pytest.mark.pdf
def test_same_bytes_whatever_the_place_and_time(tmp_path, project):
    shutil.copy(REPOSITORY / "data/2024/示例市档案馆.yaml", project / REAL.replace("2025", "2024")) if (
        project / "data/2024"
    ).is_dir() else shutil.copytree(project / "data/2025", project / "data/2024")
    shutil.copy(REPOSITORY / "data/2024/示例市档案馆.yaml", project / "data/2024/示例市档案馆.yaml")
    other = tmp_path / "另一个 文件夹" / "深处"
    shutil.copytree(project, other)
    first = run(project, "build", "-j1", TZ="Asia/Shanghai", LC_ALL="C")
    old = os.umask(0o077)
    try:
        second = run(other, "build", "-j2", TZ="America/Los_Angeles", LC_ALL="C.UTF-8", PYTHONHASHSEED="7")
    finally:
        os.umask(old)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    made = outputs(project)
    assert made == outputs(other)
    assert len(made) == count(project) > 2 * 8
    assert {oct((other / "build" / name).stat().st_mode & 0o777) for name in made} == {"0o644"}


def test_nothing_changed_nothing_done(tiny_project):
    first = run(tiny_project, "build")
    assert first.returncode == 0, first.stderr
    before = {p: p.stat().st_mtime_ns for p in (tiny_project / "build").rglob("*")}
    second = run(tiny_project, "build")
    assert second.stdout == "没有变化，什么都不用做。\n"
    assert {p: p.stat().st_mtime_ns for p in (tiny_project / "build").rglob("*")} == before


@pytest.mark.usefixtures("pdf_stands_in")
def test_open_warnings_are_said_until_they_are_answered(project, capsys):
    """What is not looked at again is not in order for that."""
    path = project / REAL
    text = path.read_text("utf-8")
    begin = text.index("审核说明:")
    path.write_text(text[:begin] + text[text.index("\n\n", begin) :], "utf-8")
    (_, first), (out, second) = called(capsys, project, "build"), called(capsys, project, "build")
    said = [line for line in first.splitlines() if "个警告，要改正" in line]
    assert len(said) == 1 and said[0].startswith(REAL)
    assert out == "没有变化，什么都不用做。\n"
    assert second.splitlines() == said
    assert called(capsys, project, "build", REAL)[1].splitlines() == said
    path.write_text(text, "utf-8")
    assert "要改正" not in called(capsys, project, "build")[1]
    assert called(capsys, project, "build")[1] == ""


def test_touched_or_checked_out_anew_is_not_changed(tiny_project):
    run(tiny_project, "build")
    for path in (tiny_project / "data").rglob("*.yaml"):
        os.utime(path)
    for path in (tiny_project / "build").rglob("*.docx"):
        os.utime(path)
    assert last_build.up_to_date(snapshot(tiny_project))


def test_one_changed_file_rebuilds_that_unit_only(tiny_project):
    batch.build(BuildOrder(snapshot(tiny_project)))
    before = outputs(tiny_project)
    path = tiny.write_unit(tiny_project, "西园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    outcome = batch.build(BuildOrder(snapshot(tiny_project)))
    after = outputs(tiny_project)
    changed = {name for name in after if after[name] != before[name]}
    assert {"official/2025/西园.docx", "public/2025/西园/data.json"} <= changed
    assert all("西园" in name for name in changed - of_site(tiny_project))
    assert outcome.made >= of_file(tiny_project, "data/2025/西园.yaml")
    assert outcome.made + outcome.kept == count(tiny_project) == len(after)


def test_a_changed_earlier_year_is_looked_at_again(project):
    """The rules of a year look into the years before: what changes there may stop what was made."""
    before = project / REAL.replace("2025", "2024")
    before.parent.mkdir()
    shutil.copy(REPOSITORY / REAL.replace("2025", "2024"), before)
    assert batch.build(BuildOrder(snapshot(project), only=("docx",))).exit_code == 0
    before.write_text(before.read_text("utf-8").replace("年度: 2024", "年度: 2023", 1), "utf-8")
    found = batch.build(BuildOrder(snapshot(project), only=("docx",))).findings
    assert {finding.rule for finding in found if finding.place.file == REAL and finding.level is Level.ERROR} == {"A16"}


@pytest.mark.usefixtures("pdf_stands_in")
def test_a_template_change_rebuilds_what_reads_it(project, capsys):
    batch.build(BuildOrder(snapshot(project)))
    before = outputs(project)
    page = project / "templates/department-target/page.html"
    page.write_text(page.read_text("utf-8").replace("'部门职能'", "'职能'"), "utf-8")
    said, _ = called(capsys, project, "build", "--why")
    assert "templates/department-target/page.html 变了" in said
    after = outputs(project)
    assert {name for name in after if after[name] != before[name]} == {
        "public/2025/示例市档案馆/index.html", "public/2025/示例市档案馆/fragment.html", "public/checksums.json",
    }  # fmt: skip


@pytest.mark.usefixtures("pdf_stands_in")
def test_a_removed_data_file_removes_its_outputs(project):
    batch.build(BuildOrder(snapshot(project)))
    assert "2025/示例市档案馆/index.html" in (project / "build/public/index.html").read_text("utf-8").replace(
        "%E7%A4%BA%E4%BE%8B%E5%B8%82%E6%A1%A3%E6%A1%88%E9%A6%86", "示例市档案馆"
    )
    (project / REAL).unlink()
    outcome = batch.build(BuildOrder(snapshot(project)))
    assert set(outputs(project)) == of_site(project)
    assert outcome.removed >= 8
    assert not (project / "build/public/2025").exists()
    assert "还没有公开" in (project / "build/public/index.html").read_text("utf-8")


def test_stray_files_are_swept_and_damaged_ones_mended(tiny_project):
    batch.build(BuildOrder(snapshot(tiny_project)))
    good = outputs(tiny_project)
    (tiny_project / "build/public").mkdir(exist_ok=True)
    (tiny_project / "build/public/秘密.txt").write_text("x")
    (tiny_project / "build/official/2025/东园.docx").write_bytes(b"half")
    assert not last_build.up_to_date(snapshot(tiny_project))
    batch.build(BuildOrder(snapshot(tiny_project)))
    assert outputs(tiny_project) == good


@pytest.mark.usefixtures("pdf_stands_in")
def test_withdrawing_the_dates_withdraws_the_public_files(project):
    batch.build(BuildOrder(snapshot(project)))
    (project / "data/site.yaml").write_text("站点: {名称: 甲, 域名: a.cn, 标识码: bm00000000}\n", "utf-8")
    batch.build(BuildOrder(snapshot(project)))
    left = set(outputs(project)) - of_site(project)
    assert left == {f"official/2025/示例市档案馆.{kind}" for kind in ("docx", "pdf")} | {
        "summaries/official/2025/示例市档案馆.json"
    }
    assert "档案馆" not in (project / "build/public/index.html").read_text("utf-8")


def test_a_form_without_a_page_makes_nothing_public_and_says_so_once(tiny_project, capsys):
    from perfgen import cli

    (tiny_project / "templates/fruit/page.html").unlink()
    assert cli.main(["-C", str(tiny_project), "build"]) == 0
    out = capsys.readouterr().out
    assert out.count("什么都不公开") == 1 and "templates/fruit/page.html" in out and "2025 年 东园、2025 年 西园" in out
    made = set(outputs(tiny_project))
    assert made >= {"official/2025/东园.docx", "official/2025/西园.docx"}
    assert not any(path.startswith("public/2025") for path in made)
    (tiny_project / "templates/fruit/page.html").write_text(tiny.PAGE, "utf-8")
    assert cli.main(["-C", str(tiny_project), "build"]) == 0
    assert "什么都不公开" not in capsys.readouterr().out
    assert "public/2025/东园/data.json" in outputs(tiny_project)
    (tiny_project / "templates/fruit/page.html").unlink()
    assert cli.main(["-C", str(tiny_project), "build"]) == 0
    assert not any(path.startswith("public/2025") for path in outputs(tiny_project))


def test_a_form_without_a_page_or_dates_has_nothing_to_say(tiny_project, capsys):
    from perfgen import cli

    (tiny_project / "templates/fruit/page.html").unlink()
    (tiny_project / "data/site.yaml").write_text(tiny.SITE.partition("公开:")[0], "utf-8")
    assert cli.main(["-C", str(tiny_project), "build"]) == 0
    out = capsys.readouterr().out
    assert "公开" not in out


def test_a_form_without_a_page_is_not_listed(tiny_project):
    """A link to a page that is not there would be dead."""
    (tiny_project / "templates/fruit/page.html").unlink()
    shutil.copytree(REPOSITORY / "templates/site", tiny_project / "templates/site")
    assert batch.build(BuildOrder(snapshot(tiny_project))).exit_code == 0
    assert "还没有公开" in (tiny_project / "build/public/index.html").read_text("utf-8")


@pytest.mark.usefixtures("pdf_stands_in")
def test_what_is_withdrawn_goes_even_if_the_data_is_broken(project):
    batch.build(BuildOrder(snapshot(project)))
    (project / REAL).write_text("坏了", "utf-8")
    (project / "data/site.yaml").write_text("站点: {名称: 甲, 域名: a.cn, 标识码: bm00000000}\n", "utf-8")
    assert batch.build(BuildOrder(snapshot(project))).exit_code == 1
    left = set(outputs(project)) - of_site(project)
    assert left == {f"official/2025/示例市档案馆.{kind}" for kind in ("docx", "pdf")} | {
        "summaries/official/2025/示例市档案馆.json"
    }
    assert "2025/" not in (project / "build/public/index.html").read_text("utf-8")


def test_the_unit_with_errors_keeps_its_old_files_and_stops_nobody(tiny_project):
    batch.build(BuildOrder(snapshot(tiny_project)))
    good = outputs(tiny_project)
    path = tiny.write_unit(tiny_project, "东园")
    path.write_text(path.read_text("utf-8").replace("斤数: 2", "斤数: 两斤").replace("备注", "备主"), "utf-8")
    other = tiny.write_unit(tiny_project, "西园")
    other.write_text(other.read_text("utf-8").replace("3.5", "9"), "utf-8")
    said = run(tiny_project, "build")
    assert said.returncode == 1
    lines = [line for line in said.stderr.splitlines() if line.startswith("data/")]
    assert [line.split(" ")[0] for line in lines] == ["data/2025/东园.yaml:4:1:", "data/2025/东园.yaml:7:17:"]
    assert "“备主”" in lines[0] and "数字" in lines[1]
    assert "Traceback" not in said.stderr
    assert said.stderr.rstrip().endswith("共 2 个错误。")
    after = outputs(tiny_project)
    assert after["official/2025/东园.docx"] == good["official/2025/东园.docx"]
    assert after["official/2025/西园.docx"] != good["official/2025/西园.docx"]
    assert not last_build.up_to_date(snapshot(tiny_project))
    assert run(tiny_project, "build").returncode == 1


def test_a_claim_that_differs_is_an_error_with_its_place(tiny_project):
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园") + "合计: 5.51\n")
    said = run(tiny_project, "check", "--format", "json")
    assert said.returncode == 1
    (finding,) = json.loads(said.stdout)
    assert (finding["rule"], finding["line"], finding["column"]) == ("figure-claim", 8, 5)
    assert "5.51" in finding["message"] and "5.5。" in finding["message"]
    tiny.write_unit(tiny_project, "东园", tiny.UNIT.format(name="东园") + "合计: 5.50\n")
    assert run(tiny_project, "check").returncode == 0


def test_a_broken_template_is_exit_2_and_says_where(tiny_project):
    from tests.helpers.words import docx_of

    broken = docx_of([["果园", "{{ 果园 }}"], ["合计", "{{ 总计 }}"]])
    (tiny_project / "templates/fruit/form.docx").write_bytes(broken)
    said = run(tiny_project, "build")
    assert said.returncode == 2
    assert "templates/fruit/form.docx: 错误 表格第 2 行第 2 列：表里没有“总计”。" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_killed_build_leaves_no_half_file(tiny_project):
    for number in range(60):
        tiny.write_unit(tiny_project, f"园{number}")
    process = subprocess.Popen(
        [sys.executable, "-m", "perfgen", "-C", str(tiny_project), "build", "-j1"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
    )  # fmt: skip
    assert process.stdout
    for _ in range(20):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = list((tiny_project / "build/official").rglob("*.docx"))
    assert 0 < len(done) < 62
    from perfgen.prove import docx_cells

    for path in done:
        assert len(docx_cells.read_cells(path.read_bytes())[1]) == 6
    (tiny_project / "build/official/2025/.perfgen-tmp-0123456789abcdef").write_bytes(b"half")
    said = run(tiny_project, "build")
    assert said.returncode == 0, said.stderr
    assert len(outputs(tiny_project)) == count(tiny_project) > 62 * 6
    assert not list((tiny_project / "build").rglob(".perfgen-tmp-*"))
    assert last_build.up_to_date(snapshot(tiny_project))


def test_two_builds_at_once_do_no_harm(tiny_project):
    for number in range(30):
        tiny.write_unit(tiny_project, f"园{number}")
    command = [sys.executable, "-m", "perfgen", "-C", str(tiny_project), "build", "-j1"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert any("等它做完" in errors for _, errors in said)
    assert len(outputs(tiny_project)) == count(tiny_project) > 32 * 6
    assert last_build.up_to_date(snapshot(tiny_project))


def test_the_lock_says_that_it_waits(tiny_project):
    with write.exclusive(tiny_project / "build" / output_tree.LOCK, lambda: None):
        process = subprocess.Popen(
            [sys.executable, "-m", "perfgen", "-C", str(tiny_project), "build"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert process.stderr
        assert process.stderr.readline() == "另一个 perfgen 正在生成，等它做完……\n"
        assert process.poll() is None
    assert process.wait(60) == 0
    process.communicate()


def test_who_calls_a_build_as_a_library_hears_nothing(tiny_project, capfd):
    assert batch.build(BuildOrder(snapshot(tiny_project))).made == count(tiny_project)
    (tiny_project / "build/official/2025/东园.docx").unlink()
    assert batch.build(BuildOrder(snapshot(tiny_project))).made == 1
    assert capfd.readouterr() == ("", "")


class Recording:
    """A listener that writes down what it is told; what it waits for, it ends."""

    def __init__(self, lock=None):
        self.told = []
        self.lock = lock

    def waits(self):
        self.told.append("waits")
        self.lock.close()

    def is_stale(self, output, reason):
        self.told.append(f"{output} {reason}")

    def was_made(self, output, remark):
        self.told.append(f"{output} {remark}")

    @contextlib.contextmanager
    def progress(self, units, /):
        self.told.append(f"{units} units")
        yield lambda text, *, failed=False: self.told.append(f"{text} {failed}")


def test_a_listener_is_told_how_the_build_goes_on(tiny_project):
    batch.build(BuildOrder(snapshot(tiny_project)))
    (tiny_project / "build/official/2025/东园.docx").unlink()
    broken = tiny.write_unit(tiny_project, "西园")
    broken.write_text(broken.read_text("utf-8").replace("斤数: 2", "斤数: 两斤"), "utf-8")
    lock = contextlib.ExitStack()
    lock.enter_context(write.exclusive(tiny_project / "build" / output_tree.LOCK, lambda: None))
    listener = Recording(lock)
    batch.build(BuildOrder(snapshot(tiny_project), only=("docx",)), listener=listener)
    changed = "data/2025/西园.yaml 变了"
    assert listener.told == [
        "waits",
        "build/official/2025/东园.docx 成品被改动或删除了",
        f"build/official/2025/西园.docx {changed}",
        f"build/public/2025/西园/西园.docx {changed}",
        "2 units",
        "data/2025/东园.yaml docx False",
        "data/2025/西园.yaml True",
    ]


def test_any_executor_will_do(tiny_project):
    class Counting(Inline):
        submitted = 0

        def submit(self, fn, /, *args, **kwargs):
            Counting.submitted += 1
            return super().submit(fn, *args, **kwargs)

    batch.build(BuildOrder(snapshot(tiny_project)), Counting())
    assert Counting.submitted == 2
    assert len(outputs(tiny_project)) == count(tiny_project) > 2 * 6


def test_a_killed_worker_is_said_and_loses_nothing(tiny_project, monkeypatch):
    for number in range(4):
        tiny.write_unit(tiny_project, f"园{number}")
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(2)
    list(pool.map(time.sleep, [0.01] * 4))
    for worker in pool._processes.values():
        os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(ToolError, match="工作进程"):
        batch.build(BuildOrder(snapshot(tiny_project)), pool)
    batch.build(BuildOrder(snapshot(tiny_project)))
    assert len(outputs(tiny_project)) == count(tiny_project) > 6 * 6


@pytest.mark.usefixtures("pdf_stands_in")
def test_the_manifest_tells_what_was_built_from_what(project):
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "add", "-A"], cwd=project, check=True)
    identity = ["-c", "user.name=示例", "-c", "user.email=a@example.invalid"]
    subprocess.run(["git", *identity, "commit", "-qm", "x"], cwd=project, check=True)
    batch.build(BuildOrder(snapshot(project)))
    content = json.loads((project / "build/manifest.json").read_text("utf-8"))
    assert len(content["commit"]) == 40
    piece = json.loads((project / "build/manifest/2025/示例市档案馆.json").read_text("utf-8"))
    output = piece["outputs"]["public/2025/示例市档案馆/示例市档案馆.pdf"]
    inputs = dict(piece["inputs"][number] for number in output["inputs"])
    path = project / "build/public/2025/示例市档案馆/示例市档案馆.pdf"
    assert output["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert output["cells"] > 300
    assert {REAL, "schema/department-target.schema.json", "weasyprint", "font Noto Serif CJK SC"} <= set(inputs)
    assert inputs["font Noto Serif CJK SC"].startswith("2.")


def test_only_some_formats_and_files(project):
    said = run(project, "build", "--only", "docx", REAL)
    assert said.returncode == 0, said.stderr
    assert list(outputs(project)) == [
        "official/2025/示例市档案馆.docx", "public/2025/示例市档案馆/示例市档案馆.docx",
    ]  # fmt: skip
    assert not last_build.up_to_date(snapshot(project))
    said = run(project, "build", "--only", "odt")
    assert said.returncode == 2 and "、".join(render.names()) in said.stderr
    said = run(project, "build", "data/site.yaml")
    assert said.returncode == 2 and "不是 data/<年度>/ 里的数据文件" in said.stderr


def test_files_that_cannot_be_data_are_said(tiny_project):
    (tiny_project / "data/2025/北园.yml").write_text("x: 1\n")
    (tiny_project / "data/2025/南园.yaml").symlink_to("/etc/hostname")
    said = run(tiny_project, "check")
    assert said.returncode == 1
    assert "北园.yml: 错误" in said.stdout and "南园.yaml: 错误" in said.stdout


def test_a_file_that_cannot_be_read_stops_nobody(tiny_project, monkeypatch):
    real = os.open

    def refused(path, *arguments, **names):
        if Path(path).name == "东园.yaml":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **names)

    from perfgen.build import job

    monkeypatch.setattr(os, "open", refused)
    result = job.build_file(snapshot(tiny_project), DataFile.at("data/2025/东园.yaml"), job.site.Site({}), None)
    assert [f.rule for f in result.findings] == ["file-unreadable"]
    assert job.build_file(snapshot(tiny_project), DataFile.at("data/2025/西园.yaml"), job.site.Site({}), None).made


def test_a_full_or_forbidden_folder_is_exit_3(tiny_project):
    (tiny_project / "build").mkdir()
    (tiny_project / "build/official").write_text("in the way")
    said = run(tiny_project, "build")
    assert said.returncode == 3
    assert "写文件失败" in said.stderr and "Traceback" not in said.stderr
