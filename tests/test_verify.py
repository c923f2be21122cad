"""`build --verify` believes no manifest: everything is made again, and what differs by a byte is named and replaced."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.build import last_build, manifest
from perfgen.build.output_tree import OWNED
from tests.helpers import manifests, tiny
from tests.helpers.outputs import count
from tests.helpers.projects import snapshot, with_form

pytestmark = pytest.mark.long

UNIT = "示例市档案馆"
PAGE, WORD, PDF, JSON, CSV, SCHEMA, INDEX, OFFICIAL = (
    f"public/2025/{UNIT}/index.html", f"public/2025/{UNIT}/{UNIT}.docx", f"public/2025/{UNIT}/{UNIT}.pdf",
    f"public/2025/{UNIT}/data.json", f"public/2025/{UNIT}/{UNIT}.csv", f"public/2025/{UNIT}/data.schema.json",
    "public/index.html", f"official/2025/{UNIT}.docx",
)  # fmt: skip


def run(root: Path, *arguments: str) -> int:
    return cli.main(["-C", str(root), "build", *arguments])


def contents(root: Path) -> dict[str, bytes]:
    top = root / "build"
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for folder in OWNED
        for path in sorted((top / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path, pdf_stands_in: None) -> Path:
    """A project with the real form and one unit, built."""
    root = with_form(tmp_path / "project", "data/site.yaml", f"data/2025/{UNIT}.yaml")
    assert run(root) == 0
    return root


@pytest.fixture
def tiny_built(tiny_project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(tiny_project) == 0
    capsys.readouterr()
    return tiny_project


def foreign_script(content: bytes) -> bytes:
    return content.replace(b"</body>", b"<script src=https://evil.example/x.js></script></body>")


def foreign_sentence(content: bytes) -> bytes:
    return content.replace(b"</main>", "<p>另请向某账户缴费。</p></main>".encode())


def comment(content: bytes) -> bytes:
    return content + b"<!-- x -->"


def with_part(name: str, part: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        package = io.BytesIO(content)
        with zipfile.ZipFile(package, "a") as archive:
            archive.writestr(name, part)
        return package.getvalue()

    return change


def one_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


CHANGES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "a foreign script in a page": (PAGE, foreign_script),
    "a foreign sentence in a page": (PAGE, foreign_sentence),
    "a script in the page of pages": (INDEX, foreign_script),
    "a comment in a page": (PAGE, comment),
    "a macro part in a public Word file": (WORD, with_part("word/vbaProject.bin", b"macro")),
    "a macro part in an official Word file": (OFFICIAL, with_part("word/vbaProject.bin", b"macro")),
    "a note in a Word file": (WORD, with_part("customXml/item1.xml", "<a>内部</a>".encode())),
    "a byte behind the end of a PDF": (PDF, lambda content: content + b"\n"),
    "a later version in a PDF": (PDF, lambda content: content + b"\n9 0 obj<<>>endobj\n%%EOF\n"),
    "a value in the data": (JSON, lambda content: content.replace(b"2025", b"2026", 1)),
    "a blank in the data": (JSON, lambda content: content + b" "),
    "a formula in the table": (CSV, lambda content: content + b"=1+1\r\n"),
    "a byte-order mark that went": (CSV, lambda content: content.removeprefix(b"\xef\xbb\xbf")),
    "a weaker schema": (SCHEMA, lambda content: b"{}"),
    "half a file": (PAGE, lambda content: content[: len(content) // 2]),
    "nothing left in it": (OFFICIAL, lambda content: b""),
    "size and date kept": (PDF, one_bit),
}


def test_whatever_was_changed_is_named_and_replaced(project, capsys):
    """Each change in a copy of the tree would cost a whole build each: all that touch different files come together."""
    good = contents(project)
    left = dict(CHANGES)
    while left:
        changed: dict[str, bytes] = {}
        for name, (path, change) in list(left.items()):
            if path not in changed:
                changed[path] = change(good[path])
                assert changed[path] != good[path], name
                del left[name]
        for path, content in changed.items():
            before = (project / "build" / path).stat()
            (project / "build" / path).write_bytes(content)
            os.utime(project / "build" / path, ns=(before.st_atime_ns, before.st_mtime_ns))
            manifests.believe(project, path)
        assert last_build.up_to_date(snapshot(project)), "the manifest says that nothing is to be done"
        capsys.readouterr()
        assert run(project, "--verify") == 1
        said = capsys.readouterr()
        named = {line.split(": ")[0] for line in said.err.splitlines() if "[output-differs]" in line}
        assert named == {f"build/{path}" for path in changed}
        assert f"build/ 里有 {len(changed)} 份和现在重新做的不一样" in said.out
        assert contents(project) == good
        assert last_build.up_to_date(snapshot(project))
    assert run(project, "--verify") == 0
    assert f"build/ 里的 {len(good)} 份全部重新做了一遍，逐字节一样。" in capsys.readouterr().out


def test_an_output_changed_with_size_and_date_kept_is_seen_only_by_it(tiny_built, capsys):
    path = tiny_built / "build/public/2025/东园/data.json"
    good, before = path.read_bytes(), path.stat()
    path.write_bytes(good.replace(b"3.5", b"9.5"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run(tiny_built) == 0 and path.read_bytes() != good
    assert run(tiny_built, "--verify") == 1 and path.read_bytes() == good
    assert "build/public/2025/东园/data.json: 错误 和现在重新做的不是同样的字节" in capsys.readouterr().err


def test_what_nobody_asks_for_is_named_and_removed(tiny_built, capsys):
    """A manifest that lists a foreign file does not make it an output."""
    good = contents(tiny_built)
    strays = ("public/x.js", "public/2025/东园/.htaccess", "official/2025/北园.docx", "public/a/b/c.html")
    for name in strays:
        (tiny_built / "build" / name).parent.mkdir(parents=True, exist_ok=True)
        (tiny_built / "build" / name).write_text("x")

    def list_them(listed: manifest.Manifest) -> None:
        outputs = listed.records["data/2025/东园.yaml"].outputs
        outputs |= dict.fromkeys(strays, outputs["public/2025/东园/data.json"])

    manifests.change(tiny_built, list_them)
    assert run(tiny_built, "--verify") == 1
    said = capsys.readouterr().err
    assert all(f"build/{name}: 错误 这次没有做出它" in said for name in strays)
    assert contents(tiny_built) == good and not (tiny_built / "build/public/a").exists()


def test_what_is_missing_is_named_and_made(tiny_built, capsys):
    good = contents(tiny_built)
    (tiny_built / "build/official/2025/东园.docx").unlink()
    assert run(tiny_built, "--verify") == 1
    assert "build/official/2025/东园.docx: 错误 应该有，却没有" in capsys.readouterr().err
    assert contents(tiny_built) == good


@pytest.mark.parametrize("said", ["{", "[]", '{"format": 2}', "x" * 5000])
def test_a_broken_or_missing_manifest_changes_nothing(tiny_built, said):
    (tiny_built / "build/manifest.json").write_text(said)
    assert run(tiny_built, "--verify") == 0
    (tiny_built / "build/manifest.json").unlink()
    assert run(tiny_built, "--verify") == 0
    assert last_build.up_to_date(snapshot(tiny_built))


def test_an_empty_build_has_nothing_to_compare_with(tiny_project, capsys):
    assert run(tiny_project, "--verify") == 0
    assert "build/ 里原来没有成品，没有可比的" in capsys.readouterr().out
    assert run(tiny_project, "--verify", "-j2") == 0
    assert f"{count(tiny_project)} 份全部重新做了一遍，逐字节一样" in capsys.readouterr().out


def test_a_unit_with_an_error_keeps_no_file_that_was_not_made_again(tiny_built, capsys):
    """Its old files cannot be compared with anything: nothing that is not proven stays."""
    before = contents(tiny_built)
    path = tiny.write_unit(tiny_built, "东园")
    path.write_text(path.read_text("utf-8").replace("斤数: 2", "斤数: 两斤"), "utf-8")
    assert run(tiny_built, "--verify") == 1
    said = capsys.readouterr().err
    assert "数据有错；已经删除" in said and "data/2025/东园.yaml:7:17: 错误" in said
    assert {name for name in contents(tiny_built) if "东园" in name} == set()
    assert len(contents(tiny_built)) == count(tiny_built) < len(before)
    tiny.write_unit(tiny_built, "东园")
    assert run(tiny_built) == 0 and contents(tiny_built).keys() == before.keys()


def test_changed_data_is_a_difference_too(tiny_built, capsys):
    path = tiny.write_unit(tiny_built, "西园")
    path.write_text(path.read_text("utf-8").replace("3.5", "4.5"), "utf-8")
    assert run(tiny_built, "--verify") == 1
    assert "build/official/2025/西园.docx: 错误" in capsys.readouterr().err
    assert run(tiny_built, "--verify") == 0


def test_it_is_for_everything_or_not_at_all(tiny_built, capsys):
    for arguments in (["--only", "docx"], ["data/2025/东园.yaml"]):
        assert run(tiny_built, "--verify", *arguments) == 2
        assert "--verify 核对全部成品" in capsys.readouterr().err


def test_dates_alone_are_no_difference(tiny_built):
    for path in (tiny_built / "build").rglob("*.*"):
        os.utime(path, (0, 0))
    assert run(tiny_built, "--verify") == 0
    assert last_build.up_to_date(snapshot(tiny_built))


@pytest.mark.skipif(os.name != "posix", reason="modes and hard links as POSIX has them")
def test_nobody_keeps_a_hand_on_an_output(tiny_built, tmp_path, capsys):
    """A further name of the same file, or a mode that lets others write, would change it after it was compared."""
    linked, opened = sorted((tiny_built / "build/official/2025").glob("*.docx"))
    before = contents(tiny_built)
    os.link(linked, tmp_path / "elsewhere")
    opened.chmod(0o4777)
    assert run(tiny_built, "--verify") == 0
    assert contents(tiny_built) == before and "逐字节一样" in capsys.readouterr().out
    (tmp_path / "elsewhere").write_text("later")
    assert contents(tiny_built) == before and opened.stat().st_mode & 0o7777 == 0o644
