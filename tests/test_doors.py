"""The doors to files: nothing outside the project is read, written or removed, whatever a branch puts into it."""

from __future__ import annotations

import ast
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from perfgen.build import batch, last_build, manifest, old_manifest, output_tree
from perfgen.build.batch import BuildOrder
from perfgen.cli import main
from perfgen.findings import DataError, FormError, ToolError
from perfgen.project import folders, reading, shipped
from perfgen.project.arguments import destination
from perfgen.project.layout import MAX_YAML
from perfgen.project.trees import Disk
from perfgen.render.parts import html_templates
from perfgen.repository import contents
from perfgen.system import git, write
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FILE, LAST = "data/2025/东园.yaml", "data/2024/东园.yaml"
SECRET = "root:x:0:0:secret\n"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside of every project."""
    path = tmp_path / "外面" / "secret.yaml"
    path.parent.mkdir()
    path.write_text(SECRET, "utf-8")
    return path


def call(capsys, root: Path, *arguments: str) -> tuple[int, str]:
    """Runs a command in this process; its exit code, and all that it says."""
    code = main(["-C", str(root), *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def tree_of(folder: Path) -> dict[str, bytes | str]:
    """All that stands below a folder, with its content, and of a link where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def relink(path: Path, target: Path | str) -> None:
    """Puts a link where a file or folder is, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


# reading


@pytest.mark.parametrize("command", [("check",), ("build", "--only", "data_csv"), ("check", "--fix"), ("diff", "HEAD")])
@pytest.mark.parametrize(
    "path", [FILE, "data/site.yaml", "schema/fruit.schema.json", "schema/fruit.rules.yaml", "schema/site.schema.json"]
)
def test_no_link_leads_a_command_out_of_the_project(capsys, tiny_project, secret, path, command):
    if command[0] == "diff":
        subprocess.run(["git", "init", "-q"], cwd=tiny_project, check=True)
        commit = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]
        subprocess.run(["git", "add", "."], cwd=tiny_project, check=True)
        subprocess.run(commit, cwd=tiny_project, check=True)
    relink(tiny_project / path, secret)
    code, said = call(capsys, tiny_project, *command)
    assert "secret" not in said.replace(str(secret), "") and "Traceback" not in said
    if command[0] != "diff":
        assert code in (1, 2) and f"{path}: 错误 这个链接指向" in said and "file-outside" in said
    assert secret.read_text("utf-8") == SECRET


@pytest.mark.parametrize("folder", ["data", "data/2025", "schema", "templates/fruit"])
def test_no_linked_folder_is_gone_into(capsys, tiny_project, tmp_path, folder):
    shutil.move(tiny_project / folder, tmp_path / "别处")
    (tiny_project / folder).symlink_to(tmp_path / "别处")
    before = tree_of(tmp_path / "别处")
    code, said = call(capsys, tiny_project, "build", "--only", "data_csv,docx")
    assert code in (1, 2) and "链接" in said and "file-outside" in said
    assert tree_of(tmp_path / "别处") == before
    assert not list((tiny_project / "build").rglob("*.docx"))


def test_a_linked_folder_with_the_whole_disk_in_it_is_not_listed(tiny_project):
    (tiny_project / "data/2026").symlink_to("/")
    files, findings = snapshot(tiny_project).data_files()
    assert len(files) == 2 and [(f.place.file, f.rule) for f in findings] == [("data/2026", "file-outside")]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("templates/shared/leak.css", "/etc/hostname"),  # outside
        ("templates/shared/leak.css", "../../data/2025/东园.yaml"),  # private data of the project
        ("templates/shared/leak.css", "../../.git/config"),  # a token of the CI
        ("templates/shared/leak.css", "/proc/self/environ"),
        ("templates/shared/leak.css", "leak2.css"),  # nothing
        ("templates/shared", "../data/2025"),  # the folder instead of the file
    ],
)
def test_a_template_includes_nothing_from_outside_the_templates(tiny_project, path, target):
    (tiny_project / "templates/fruit/page.html").write_text(
        "{% include 'leak.css' %}{% include '东园.yaml' %}", "utf-8"
    )
    relink(tiny_project / path, target)
    with pytest.raises(FormError) as caught:
        html_templates.fill(snapshot(tiny_project), "templates/fruit", "page.html", {})
    assert caught.value.findings[0].rule in ("file-outside", "file-unreadable", "template-render")


def test_a_link_that_stays_among_its_kind_is_followed(tiny_project):
    """As before: one style sheet for two forms, one data file under two names."""
    (tiny_project / "templates/shared").mkdir()
    (tiny_project / "templates/shared/a.css").write_text("p {}", "utf-8")
    (tiny_project / "templates/fruit/b.css").symlink_to("../shared/a.css")
    (tiny_project / "data/2025/别名.yaml").symlink_to("东园.yaml")
    (tiny_project / "data/2026").symlink_to("2025")
    project = snapshot(tiny_project)
    assert project.read("templates/fruit/b.css") == b"p {}"
    files, findings = project.data_files()
    assert len(files) == 6 and findings == []
    assert project.read("data/2026/别名.yaml") == project.read(FILE)


@pytest.mark.parametrize("command", ["check", "explain"])
def test_last_years_file_is_held_to_the_same(capsys, tiny_project, secret, command):
    rules = (
        "计算:\n  合计: 水果 | 求和('斤数')\n审核:\n  Z1:\n    级别: 警告\n    条件: 合计 > 上年.合计\n    说: 少了\n"
    )
    (tiny_project / "schema/fruit.rules.yaml").write_text(rules, "utf-8")
    relink(tiny_project / LAST, secret)
    code, said = call(capsys, tiny_project, command, *(["Z1"] if command == "explain" else []), FILE)
    assert "secret" not in said.replace(str(secret), "") and code != 3


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device that never ends")
@pytest.mark.parametrize("path", [FILE, LAST, "data/site.yaml", "schema/fruit.rules.yaml"])
def test_a_link_to_a_device_is_not_read(capsys, tiny_project, path):
    relink(tiny_project / path, "/dev/zero")
    code, said = call(capsys, tiny_project, "check")
    assert code in (1, 2) and path in said and "file-outside" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize(
    "path",
    [FILE, LAST, "data/site.yaml", "schema/fruit.rules.yaml", "schema/fruit.schema.json", "templates/fruit/form.docx"],
)
def test_a_pipe_is_said_and_does_not_hang(capsys, tiny_project, path):
    place = tiny_project / path
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    code, said = call(capsys, tiny_project, "check", *(["--templates"] if "templates" in path else []))
    assert code in (1, 2) and path in said and "不是普通的文件" in said and "file-kind" in said


def test_a_folder_in_the_place_of_a_file_is_said(capsys, tiny_project):
    for path in ("data/site.yaml", "data/2025/南园.yaml", "schema/fruit.rules.yaml"):
        shutil.rmtree(tiny_project / path, ignore_errors=True)
        (tiny_project / path).unlink(missing_ok=True) if (tiny_project / path).is_file() else None
        (tiny_project / path).mkdir()
    code, said = call(capsys, tiny_project, "check")
    assert code in (1, 2) and "schema/fruit.rules.yaml: 错误 这是文件夹" in said
    (tiny_project / "schema/fruit.rules.yaml").rmdir()
    code, said = call(capsys, tiny_project, "check")
    assert code == 1 and "data/site.yaml: 错误 这是文件夹" in said


def test_no_more_is_read_than_may_be(tiny_project, monkeypatch):
    with (tiny_project / FILE).open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: it has no bytes on the disk
    taken = []
    real = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, count: taken.append(count) or real(descriptor, count))
    with pytest.raises(DataError) as caught:
        snapshot(tiny_project).read(FILE)
    assert caught.value.findings[0].rule == "yaml-size"
    assert sum(taken) <= MAX_YAML + 1


def test_what_a_person_typed_is_read_wherever_it_lies_but_no_pipe(tmp_path):
    (tmp_path / "表.docx").write_bytes(b"12345")
    (tmp_path / "链接.docx").symlink_to("表.docx")
    assert reading.typed(tmp_path / "链接.docx", 100) == b"12345"
    assert reading.typed(tmp_path / "链接.docx", 3) == b"1234"
    os.mkfifo(tmp_path / "管道.docx")
    for name in ("管道.docx", "."):
        with pytest.raises(reading.Refused):
            reading.typed(tmp_path / name, 100)


@pytest.mark.parametrize("name", ["管道.docx", "出.docx", "圈.docx", "零.docx"])
def test_an_import_of_a_folder_stays_in_it(capsys, tiny_project, tmp_path, name):
    given = tmp_path / "收到的"
    given.mkdir()
    shutil.copy(tiny_project / "templates/fruit/form.docx", tmp_path / "别人的.docx")
    shutil.copy(tiny_project / "templates/fruit/form.docx", given / "甲.docx")
    if name == "管道.docx":
        os.mkfifo(given / name)
    else:
        targets = {"出.docx": "../别人的.docx", "圈.docx": "圈.docx", "零.docx": "/dev/zero"}
        (given / name).symlink_to(targets[name])
    _, said = call(capsys, tiny_project, "import", str(given))
    assert f"{name}: 警告 没有读" in said and "[1/1]" in said


@pytest.mark.parametrize("swap", ["link", "file"])
def test_without_o_nofollow_the_path_is_compared_again(tiny_project, secret, monkeypatch, swap):
    """As on Windows: the file is put in its place between the first look and the opening."""
    monkeypatch.setattr(folders, "NO_FOLLOW", 0)
    disk = Disk(tiny_project)
    assert disk.read(FILE).startswith(b"form: fruit")
    relink(tiny_project / "data/2025/链接.yaml", secret)
    with pytest.raises(reading.Refused):
        disk.read("data/2025/链接.yaml")
    real = os.open

    def swapped(path, *arguments, **names):
        if str(path).endswith("东园.yaml"):
            (tiny_project / FILE).rename(tiny_project / "data/2025/old")
            if swap == "link":
                (tiny_project / FILE).symlink_to(secret)
                return real(path, *arguments, **names)
            descriptor = real(tiny_project / "data/2025/old", *arguments, **names)
            (tiny_project / FILE).write_text("another", "utf-8")
            return descriptor
        return real(path, *arguments, **names)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(reading.Refused):
        disk.read(FILE)


# writing


@pytest.mark.parametrize(
    "place", ["build", "build/official", "build/public", "build/public/2025", "build/official/2025"]
)
@pytest.mark.parametrize("stage", ["first", "again", "nothing to do"])
def test_a_link_in_the_output_tree_is_refused_before_anything_is_removed(capsys, tiny_project, tmp_path, place, stage):
    victim = tmp_path / "别人的"
    if stage != "first":
        assert call(capsys, tiny_project, "build", "--only", "data_csv,docx")[0] == 0
        assert stage == "again" or call(capsys, tiny_project, "build")[0] == 0
        shutil.move(tiny_project / place, victim)
    else:
        (victim / "official").mkdir(parents=True)
        (victim / "official/重要.txt").write_text("x")
        (victim / "重要.txt").write_text("x")
        (tiny_project / place).parent.mkdir(parents=True, exist_ok=True)
    (tiny_project / place).symlink_to(victim)
    before = tree_of(tmp_path)
    code, said = call(capsys, tiny_project, "build")
    assert code == 2 and f"{place} 是链接，什么都没有动；删掉它" in said and "复制过去" in said
    lock = {"tiny/build/.lock"} if stage == "first" else set()
    assert {path: content for path, content in tree_of(tmp_path).items() if path not in lock} == before


@pytest.mark.parametrize("place", ["official/2025/东园.docx", "public/index.html", "manifest.json", ".lock", "别的/x"])
def test_a_linked_output_is_refused(capsys, tiny_project, secret, place):
    relink(tiny_project / "build" / place, secret)
    code, said = call(capsys, tiny_project, "build", "--only", "data_csv")
    assert code == 2 and f"build/{place} 是链接" in said
    assert secret.read_text("utf-8") == SECRET


def test_a_pipe_in_the_web_root_is_refused(capsys, tiny_project):
    (tiny_project / "build/public").mkdir(parents=True)
    os.mkfifo(tiny_project / "build/public/index.html")
    code, said = call(capsys, tiny_project, "build", "--only", "data_csv")
    assert code == 2 and "build/public/index.html 是管道或设备" in said


OUTPUT = {"renderer": "docx", "sha256": "", "size": 1, "modified": 1, "cells": 1}
GONE = "data/2025/没有了.yaml"


def in_one_file(root: Path, source: str, path: str) -> None:
    """A manifest as it was kept before."""
    content = {
        "format": old_manifest.FORMAT, "project": "", "commit": None, "entries": {}, "open_warnings": {},
        "outputs": {path: {**OUTPUT, "inputs": {}, "source": source}},
    }  # fmt: skip
    (root / "build/manifest.json").write_text(json.dumps(content), "utf-8")


def in_a_piece(root: Path, source: str, path: str) -> None:
    piece = {"outputs": {path: {**OUTPUT, "inputs": []}}, "inputs": [], "entry": None, "open_warnings": 0}
    file = root / "build" / manifest.piece_path(source)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(piece), "utf-8")


def in_the_index(root: Path, _: str, path: str) -> None:
    """As a page about all data files."""
    pages = {"outputs": {path: {**OUTPUT, "inputs": []}}, "inputs": [], "entry": None, "open_warnings": 0}
    content = {
        "format": manifest.FORMAT, "project": "", "seen": "", "pieces": "", "commit": None, "open_warnings": {},
        "pages": pages,
    }  # fmt: skip
    (root / "build/manifest.json").write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    "path",
    ["../../外面/victim", "/{outside}/victim", "../data/note.txt", "public/../../data/note.txt", "public",
     "official/../../外面/victim", "manifest.json", "official//2025/x", "./public/x", "public/./x", "..", "",
     "public/..", "public\\..\\..\\data\\note.txt", "C:/Windows/x", "public/C:/x", "public/a\0b", "other/x"],
)  # fmt: skip
@pytest.mark.parametrize(
    "said", [(put, source) for put in (in_one_file, in_a_piece, in_the_index) for source in (FILE, GONE)]
)
def test_a_manifest_is_believed_for_outputs_only(capsys, tiny_project, tmp_path, path, said):
    put, source = said
    outside = tmp_path / "外面"
    outside.mkdir()
    for victim in (outside / "victim", tiny_project / "data/note.txt"):
        victim.write_text("mine", "utf-8")
    path = path.replace("/{outside}", str(outside))
    if source == FILE:
        (tiny_project / "data/site.yaml").unlink()  # so that public outputs are withdrawn
    (tiny_project / "build").mkdir()
    put(tiny_project, source, "public/x")
    assert set(manifest.load_manifest(tiny_project).outputs) == {"public/x"}, "it is one that can be believed"
    shutil.rmtree(tiny_project / "build/manifest", ignore_errors=True)
    put(tiny_project, source, path)
    before = tree_of(tmp_path)
    assert not output_tree.is_output(path)
    assert manifest.load_manifest(tiny_project).outputs == {}
    call(capsys, tiny_project, "build", "--only", "data_csv")
    after = tree_of(tmp_path)
    assert {name for name in before if "manifest" not in name} <= set(after)
    assert [after[name] for name in after if name.endswith(("victim", "note.txt"))] == [b"mine"] * 2


def test_a_piece_says_nothing_of_other_data(tiny_project):
    """Nor does it say anything where no data file has it; what two claim, neither is believed to have."""
    (tiny_project / "build").mkdir()
    for source in (FILE, "data/2025/西园.yaml"):
        in_a_piece(tiny_project / source.replace("/", "-"), source, "public/x")
        shutil.copytree(tiny_project / source.replace("/", "-") / "build", tiny_project / "build", dirs_exist_ok=True)
    assert manifest.load_manifest(tiny_project).outputs == {}
    piece = tiny_project / "build/manifest/2025/东园.json"
    for name in ("东园.json", "2025/.东园.json", "2025/东园", "2025/东园.txt"):
        (tiny_project / "build/manifest" / name).write_bytes(piece.read_bytes())
    assert manifest.load_manifest(tiny_project).records.keys() == {FILE, "data/2025/西园.yaml"}
    entry = {"year": "", "unit": "", "form": "", "stem": "../../evil", "published": ""}
    piece.write_text(json.dumps(json.loads(piece.read_text("utf-8")) | {"entry": entry}), "utf-8")
    assert manifest.load_manifest(tiny_project).records.keys() == {"data/2025/西园.yaml"}


INDEX = '{"format":3,"project":%s,"seen":"","pieces":"","commit":null,"open_warnings":%s,"pages":%s}'
NO_PAGES = '{"outputs":{},"inputs":[],"entry":null,"open_warnings":0}'


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"format": 2}', b"\xff", b"null", b"[]", b"{}" * 2,
     b'{"format":2,"project":"","commit":null,"outputs":{"public/x":{"source":1,"renderer":"","sha256":"","size":"",'
     b'"modified":0,"cells":0,"inputs":{}}},"entries":{},"open_warnings":{}}',
     b'{"format":2,"project":"","commit":null,"outputs":{},"entries":{"a":{"year":1,"unit":"","form":"","stem":"",'
     b'"published":""}},"open_warnings":{}}',
     b'{"format":2,"project":"","commit":null,"outputs":{},"entries":{},"open_warnings":{"data/2025/x.yaml":"9"}}',
     b'{"format":2,"project":"","commit":null,"outputs":{},"entries":{"data/2025/x.yaml":{"year":"","unit":"","form":"",'
     b'"stem":"../../evil","published":""}},"open_warnings":{}}',
     (INDEX % ("1", "{}", NO_PAGES)).encode(), (INDEX % ('"x"', "[]", NO_PAGES)).encode(),
     (INDEX % ('"x"', '{"a":"b"}', NO_PAGES)).encode(), (INDEX % ('"x"', "{}", "[]")).encode(),
     (INDEX % ('"x"', "{}", NO_PAGES.replace("[]", "[1]"))).encode()],
)  # fmt: skip
def test_a_manifest_that_is_none_counts_as_none(tiny_project, content):
    (tiny_project / "build").mkdir()
    (tiny_project / "build/manifest.json").write_bytes(content)
    assert manifest.load_manifest(tiny_project) == manifest.Manifest()
    assert last_build.up_to_date(snapshot(tiny_project)) is None


@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b"\xff", b"null", b"[]", b"{}", b'{"outputs":{},"inputs":[],"entry":null,"open_warnings":"1"}',
     b'{"outputs":{},"inputs":[["a",1]],"entry":null,"open_warnings":1}',
     b'{"outputs":{},"inputs":[],"entry":{"year":1},"open_warnings":1}',
     b'{"outputs":{"public/x":{"renderer":"","sha256":"","size":1,"modified":1,"cells":1,"inputs":[0]}},"inputs":[],'
     b'"entry":null,"open_warnings":1}',
     b'{"outputs":{"public/x":{"renderer":"","sha256":"","size":"1","modified":1,"cells":1,"inputs":[]}},"inputs":[],'
     b'"entry":null,"open_warnings":1}'],
)  # fmt: skip
def test_a_piece_that_is_none_counts_as_none(tiny_project, content):
    piece = tiny_project / "build/manifest/2025/东园.json"
    piece.parent.mkdir(parents=True)
    piece.write_bytes(content)
    assert manifest.load_manifest(tiny_project) == manifest.Manifest()


@pytest.fixture(params=["held", "looked at"])
def each_system(request, monkeypatch):
    """A system that holds folders, and one that cannot, as Windows."""
    if request.param == "looked at":
        monkeypatch.setattr(folders, "NO_FOLLOW", 0)


@pytest.mark.usefixtures("each_system")
def test_the_door_for_removing_stays_below_its_folder(tmp_path):
    top = tmp_path / "top"
    (top / "a").mkdir(parents=True)
    (top / "a/x").write_text("x")
    (tmp_path / "victim").write_text("x")
    (top / "link").symlink_to(tmp_path)
    for path in (top / "../victim", tmp_path / "victim", top / "link/victim", top / "a/../../victim", top / "a/.."):
        with pytest.raises(ToolError):
            write.remove(path, top)
        with pytest.raises(ToolError):
            write.replace(path, b"", top)
    write.remove(top / "nothing/x", top)
    write.remove(top / "a/x", top)
    assert (tmp_path / "victim").read_text() == "x" and not (top / "a").exists() and top.exists()


def test_a_temporary_file_cannot_be_foreseen_and_is_not_written_through(tmp_path, monkeypatch):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    victim.chmod(0o600)
    names = []
    real = os.open

    def noted(path, flags, *arguments, **more):
        if flags & os.O_CREAT:
            names.append(Path(path).name)
            assert flags & os.O_EXCL and flags & os.O_NOFOLLOW
        return real(path, flags, *arguments, **more)

    monkeypatch.setattr(os, "open", noted)
    for _ in range(5):
        write.replace(tmp_path / "x.yaml", b"new", tmp_path)
    assert len(set(names)) == 5 and all(name.startswith(".perfgen-tmp-") and len(name) > 40 for name in names)
    monkeypatch.setattr(secrets, "token_hex", lambda _: "guessed")
    (tmp_path / ".perfgen-tmp-guessed").symlink_to(victim)
    with pytest.raises(ToolError):
        write.replace(tmp_path / "x.yaml", b"evil", tmp_path)
    assert victim.read_text() == "mine" and victim.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("each_system")
@pytest.mark.parametrize("place", ["data/2026", "data/2026/新园.yaml", "data/2026/.perfgen-tmp-0"])
@pytest.mark.parametrize("command", [("new", "2026", "新园"), ("rollover", FILE)])
def test_new_files_do_not_go_through_links(capsys, tiny_project, secret, place, command):
    target = secret.parent if place == "data/2026" else secret
    relink(tiny_project / place.replace("新园", "新园" if command[0] == "new" else "东园"), target)
    before = tree_of(secret.parent)
    code, said = call(capsys, tiny_project, *command)
    assert tree_of(secret.parent) == before and "Traceback" not in said
    assert code == (0 if "tmp" in place and command[0] == "new" else code)


@pytest.mark.usefixtures("each_system")
@pytest.mark.parametrize("failing", ["write", "fsync", "replace"])
def test_a_failed_write_leaves_nothing(tiny_project, monkeypatch, failing):
    (tiny_project / "build/public").mkdir(parents=True)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "write":
        monkeypatch.setattr(os, "fdopen", full)
    else:
        monkeypatch.setattr(os, failing, full)
    with pytest.raises(ToolError, match="写文件失败：No space left"):
        write.replace(tiny_project / "build/public/index.html", b"x" * 100, tiny_project)
    assert list((tiny_project / "build/public").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="needs limits")
def test_a_full_disk_leaves_no_half_file_in_the_web_root(tiny_project):
    command = f"ulimit -f 1; exec {shlex.quote(sys.executable)} -m perfgen -C {tiny_project} build --only data_csv,docx"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    said = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
    assert said.returncode in (3, -25, 153), said.stderr
    assert not list((tiny_project / "build").rglob(".perfgen-tmp-*"))


@pytest.mark.usefixtures("each_system")
def test_a_folder_that_becomes_a_link_while_it_is_written_to(tmp_path, monkeypatch):
    """The file is written into the folder as it was, or not at all."""
    (tmp_path / "top/a").mkdir(parents=True)
    (tmp_path / "victim").mkdir()
    real = os.fsync

    def swapped(descriptor: int) -> None:
        (tmp_path / "top/a").rename(tmp_path / "top/old")
        (tmp_path / "top/a").symlink_to(tmp_path / "victim")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", swapped)
    try:
        write.replace(tmp_path / "top/a/x", b"new", tmp_path / "top")
    except ToolError:
        assert not folders.can_hold()
    assert list((tmp_path / "victim").iterdir()) == []


@pytest.mark.parametrize("path", ["build/public/a'; rm -rf ~; '", "build/official/甲\n::error::x", "build/x y"])
def test_what_is_said_of_a_link_can_be_typed(capsys, tiny_project, secret, path):
    relink(tiny_project / path, secret)
    code, said = call(capsys, tiny_project, "build")
    (command,) = re.findall(r"删掉它（(rm .*)）再运行", said)
    assert code == 2 and len(shlex.split(command)) == 2 and "\n::" not in said


def test_a_typed_path_in_the_project_is_one_of_the_project(tmp_path, tiny_project):
    (tmp_path / "别名").symlink_to(tiny_project)
    cases = {
        str(tiny_project / "build/x"): (tiny_project / "build/x", tiny_project),
        "build/x": (tiny_project / "build/x", tiny_project),
        "../别名/build/x": (tiny_project / "build/x", tiny_project),
        "build/../../x": (tmp_path / "x", None),
        str(tmp_path / "x"): (tmp_path / "x", None),
    }
    for typed, wanted in cases.items():
        assert destination(tiny_project, tiny_project, typed) == wanted, typed


def test_a_comparison_is_not_written_through_a_link_of_the_branch(capsys, tiny_project, secret):
    subprocess.run(["git", "init", "-q"], cwd=tiny_project, check=True)
    subprocess.run(["git", "add", "."], cwd=tiny_project, check=True)
    commit = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]
    subprocess.run(commit, cwd=tiny_project, check=True)
    relink(tiny_project / "build/review", secret.parent)
    code, said = call(capsys, tiny_project, "diff", "HEAD", "-o", "build/review/secret.yaml")
    assert code == 3 and "build/review 是链接" in said and secret.read_text("utf-8") == SECRET
    code, _ = call(capsys, tiny_project, "diff", "HEAD", "-o", str(secret.parent / "出.txt"))
    assert code == 0 and (secret.parent / "出.txt").read_text("utf-8")


@pytest.mark.usefixtures("each_system")
def test_a_build_in_a_project_reached_through_a_link_works(capsys, tmp_path, tiny_project):
    (tmp_path / "别名").symlink_to(tiny_project)
    assert call(capsys, tmp_path / "别名", "build", "--only", "data_csv")[0] == 0
    assert (tiny_project / "build/public/2025/东园/东园.csv").exists()


# the doors themselves

OPENERS = {
    "open", "read_bytes", "read_text", "write_bytes", "write_text", "scandir", "listdir", "walk", "fwalk", "iterdir",
    "glob", "rglob", "copy", "copy2", "copyfile", "copytree", "move", "rmtree", "unlink", "rmdir", "mkdir", "makedirs",
    "rename", "renames", "symlink", "link", "symlink_to", "hardlink_to", "touch", "truncate", "mkfifo", "chmod",
    "fdopen", "NamedTemporaryFile", "TemporaryFile", "mkstemp", "mkdtemp", "TemporaryDirectory", "startfile",
    "TTFont",
}  # fmt: skip
OWNERS = {
    "project.reading": {"open"},
    "project.folders": {"open", "scandir", "listdir"},
    "system.write": {"open", "fdopen", "unlink", "rmdir", "mkdir", "chmod"},
    # fonts, perfgen's own package, the list of what is installed, a temporary folder of LibreOffice's own
    "system.fonts": {"walk"},
    "system.environment": {"rglob", "glob", "open"},
    "system.worker_process": {"fdopen"},  # its own standard output
    "build.stamps": {"scandir"},
    "commands.init": {"iterdir"},
    "system.office": {"TemporaryDirectory"},
    # an empty repository, in which git merges three versions of a file
    "system.text_merge": {"TemporaryDirectory"},
    # an index for a commit of a few lines; a list of keys, which git is to know
    "system.git_commit": {"TemporaryDirectory"},
    "system.git_signature": {"TemporaryDirectory"},
    # wheels that are built, or fetched by pip
    "repository.wheel": {"TemporaryDirectory"},
    "repository.vendored": {"TemporaryDirectory"},
    "system.console": {"open"},  # the device that swallows what nobody can take
    # files in memory: a part of a Word file, a PDF
    "system.unpack": {"open"},
    "importing.paper.pdf_attachment": {"open"},
    "prove.pdf_attachments": {"open", "read_bytes"},
    "serving.watching": {"scandir"},  # when files were changed; it opens none
    "system.git_call": {"TemporaryFile"},  # what git is given and says, without a name
    "system.limits": {"read_text"},  # how much memory this process has, from /proc
    "system.executor": {"iterdir"},  # the threads of this process, from /proc
    "importing.pdf_data": {"open", "read_bytes"},
    "prove.pdf_cells": {"open"},
    "verifying.appended": {"open"},
    "verifying.pdf_file": {"read_bytes"},
    "render.parts.pdf_tags": {"open", "read_bytes"},
    "render.parts.pdf_layout": {"TTFont"},  # a font that fontconfig names
}
COMMON = {"walk", "rename", "copy", "move", "link", "replace", "truncate"}
"""Names that others have too: only those of these modules count."""


def opened_in(path: Path) -> set[str]:
    """The functions that open, list, make or remove files, by the names under which a module calls them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            holder = getattr(getattr(function, "value", None), "id", "")
            if name in OPENERS and (name not in COMMON or holder in ("os", "shutil")):
                found.add(name)
    return found


def test_nothing_opens_files_but_the_doors():
    package = REPOSITORY / "perfgen"
    found = {}
    for path in package.rglob("*.py"):
        name = ".".join(path.relative_to(package).with_suffix("").parts).removesuffix(".__init__")
        if names := opened_in(path):
            found[name] = names
    unknown = {name: names - OWNERS.get(name, set()) for name, names in found.items()}
    assert {name: names for name, names in unknown.items() if names} == {}


def test_every_writer_says_which_folder_is_not_left():
    for path in (REPOSITORY / "perfgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            function = getattr(node, "func", None)
            if (
                isinstance(function, ast.Attribute)
                and getattr(function.value, "id", "") == "write"
                and (function.attr in ("replace", "create", "remove", "exclusive", "remove_leftovers"))
            ):
                assert "top" in {keyword.arg for keyword in node.keywords}, f"{path}:{node.lineno}"


AUDIT = """
import os, sys
from pathlib import Path
def hook(event, arguments):
    is_path = arguments and isinstance(arguments[0], (str, bytes, os.PathLike))
    if event in ("open", "os.listdir", "os.scandir") and is_path:
        opened = os.path.realpath(os.fsdecode(arguments[0]))
        if opened.startswith({outside!r}):
            os.write(2, ("OPENED " + opened + chr(10)).encode())
            os._exit(77)
sys.addaudithook(hook)
from perfgen.cli import main
for command in {commands!r}:
    main(["-C", {root!r}, *command])
"""


def test_a_project_full_of_links_opens_nothing_outside(tiny_project, tmp_path):
    """Every place a branch can put a link at, and every command: an audit hook sees what is opened."""
    outside = Path(tempfile.mkdtemp(dir=tmp_path, prefix="outside-"))
    (outside / "d").mkdir()
    for name in ("x.yaml", "x.css", "x.json", "x.docx", "d/y.yaml"):
        (outside / name).write_text("secret: [", "utf-8")
    links = {
        "x.yaml": ["data/2025/链接.yaml", LAST, "data/units.yaml", "schema/other.rules.yaml"],
        "x.json": ["schema/other.schema.json"],
        "x.css": ["templates/fruit/page.html", "templates/fruit/print.css"],
        "d": ["data/2025/夹", "data/2023", "data/2026", "templates/shared", "templates/other", "build/review"],
    }
    for target, places in links.items():
        for place in places:
            relink(tiny_project / place, outside / target)
    commands = [
        ["check"], ["check", "--all", "--format", "json"], ["check", "--fix"], ["check", "--templates"], ["build"],
        ["rollover", FILE], ["new", "2026", "新园"], ["explain", "yaml-size"], ["diff", "-o", "build/review/x"],
        ["import", "data", "-o", "data/2026"], ["check", "data/2025/链接.yaml"], ["doctor"],
    ]  # fmt: skip
    script = AUDIT.format(outside=str(outside.resolve()), root=str(tiny_project), commands=commands)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0 and "OPENED" not in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_build_that_a_library_asks_for_is_held_to_the_same(tiny_project, tmp_path):
    (tiny_project / "build").symlink_to(tmp_path / "别处")
    with pytest.raises(Exception, match="build 是链接"):
        batch.build(BuildOrder(snapshot(tiny_project)))


def test_git_is_not_asked_for_files_behind_a_linked_folder(capsys, tiny_project, tmp_path):
    """The index has the path, the disk has a link on the way to it: git would read what lies there."""
    (tiny_project / "data/2025/处").mkdir()
    shutil.copy(tiny_project / FILE, tiny_project / "data/2025/处/甲.yaml")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        who = ["-c", "user.name=x", "-c", "user.email=x@x"]
        subprocess.run(["git", *who, *arguments], cwd=tiny_project, check=True)
    shutil.move(tiny_project / "data/2025/处", tmp_path / "别处")
    (tiny_project / "data/2025/处").symlink_to(tmp_path / "别处")
    entries = git.in_work_tree(tiny_project, ["data"], [])
    assert not entries["data/2025/处/甲.yaml"].is_held and entries[FILE].is_held
    code, said = call(capsys, tiny_project, "diff", "HEAD")
    assert code == 2 and "data/2025/处 是链接" in said


def test_a_new_repository_takes_no_links_along(tmp_path, monkeypatch):
    """`perfgen init` copies folders that a branch may have changed."""
    source, target = tmp_path / "schema", tmp_path / "新"
    (source / "下/.git").mkdir(parents=True)
    (source / "下/a.json").write_text("a")
    (tmp_path / "secret").write_text("mine")
    (source / "b.json").symlink_to(tmp_path / "secret")
    (source / "夹").symlink_to(tmp_path)
    (source / "零").symlink_to("/dev/zero")
    os.mkfifo(source / "c.json")
    monkeypatch.setattr(shipped, "root", lambda: tmp_path)
    monkeypatch.setattr(shipped, "is_checkout", lambda: True)
    contents.lay(target, {path: shipped.read(path) for path in shipped.paths()})
    assert tree_of(target) == {"schema/下/a.json": b"a"}
    with pytest.raises(OSError, match="链接"):
        shipped.read("schema/b.json")


def test_a_typed_target_that_is_no_file_stays_what_it_is(tmp_path):
    (tmp_path / "夹").mkdir()
    os.mkfifo(tmp_path / "管道")
    (tmp_path / "零").symlink_to("/dev/null")
    for name in ("夹", "管道", "零"):
        before = (tmp_path / name).lstat()
        with pytest.raises(ToolError, match="同名的文件夹、管道或设备"):
            write.replace(tmp_path / name, b"x")
        assert (tmp_path / name).lstat().st_ino == before.st_ino


def test_what_git_holds_is_bounded_too(tiny_project):
    """A blob of zeros takes a thousandth of its size in a pack."""
    with (tiny_project / "data/2025/大.yaml").open("wb") as file:
        file.truncate(60_000_000)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        who = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "core.bigFileThreshold=1g"]
        subprocess.run(["git", *who, *arguments], cwd=tiny_project, check=True)
    with pytest.raises(ToolError, match=r"data/2025/大.yaml 太大：60000000 字节"):
        git.contents(tiny_project, "HEAD", [FILE, "data/2025/大.yaml"])
    assert git.contents(tiny_project, "HEAD", [FILE, "无"])["无"] is None
    names = [entry.name for entry in git.in_commit(tiny_project, "HEAD", ["data"]).values() if entry.name]
    with pytest.raises(ToolError, match="太大"):
        git.blobs(tiny_project, names)
