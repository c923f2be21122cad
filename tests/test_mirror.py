"""`perfgen verify` of a folder: a copied site is held against its list; what leads out of it is not followed."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from perfgen import cli


def entry(content: bytes) -> dict[str, object]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


FILES = {"index.html": b"<p>start</p>", "2025/某局/data.json": b"{}", "assets/site.1a2b3c4d.css": b"p{}"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copied site with its list."""
    root = tmp_path / "site"
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    write_list(root, {path: entry(content) for path, content in FILES.items()})
    return root


def write_list(root: Path, files: object, number: object = 1) -> None:
    (root / "checksums.json").write_text(json.dumps({"format": number, "files": files}, ensure_ascii=False), "utf-8")


def verify(capsys, *arguments: object) -> tuple[int, str]:
    code = cli.main(["verify", *map(str, arguments)])
    said = capsys.readouterr()
    assert said.err == ""
    return code, said.out


def result(capsys, site: Path) -> dict:
    code, out = verify(capsys, "--format", "json", site)
    (found,) = json.loads(out)["results"]
    assert code == {"same": 0, "different": 1, "unreadable": 2}[found["status"]]
    return {name: found[name] for name in ("missing", "changed", "refused", "unlisted") if found[name]}


@pytest.mark.parametrize("named", ["", "checksums.json"])
def test_a_true_copy_is_said_to_be_one_anywhere(capsys, monkeypatch, site, tmp_path, named):
    monkeypatch.chdir(tmp_path)  # no project lies around it
    code, out = verify(capsys, site / named)
    assert code == 0 and "3 个文件都在，和 checksums.json 里写的一样" in out


def test_what_a_build_publishes_is_held_against_its_own_list(capsys, tmp_path, tiny_project):
    assert cli.main(["-C", str(tiny_project), "build", "--date", "2025-03-01"]) == 0
    capsys.readouterr()
    copy = tmp_path / "copy"
    shutil.copytree(tiny_project / "build/public", copy)
    assert verify(capsys, copy)[0] == 0
    page = next(path for path in copy.rglob("index.html") if path.parent != copy)
    page.write_bytes(page.read_bytes().replace(b"</body>", b"<!-- -->\n</body>"))
    assert result(capsys, copy) == {"changed": [page.relative_to(copy).as_posix()]}


def test_missing_changed_and_unlisted_files_are_named(capsys, site):
    (site / "index.html").unlink()
    (site / "2025/某局/data.json").write_bytes(b"[]")
    (site / "2025/某局/假的.pdf").write_bytes(b"%PDF")
    wanted = {"missing": ["index.html"], "changed": ["2025/某局/data.json"], "unlisted": ["2025/某局/假的.pdf"]}
    assert result(capsys, site) == wanted
    code, out = verify(capsys, site)
    assert code == 1 and "缺少：index.html" in out and "改过：2025/某局/data.json" in out
    assert "不在清单里：2025/某局/假的.pdf" in out


def test_a_file_of_another_size_is_changed(capsys, site):
    (site / "index.html").write_bytes(b"<p>start</p>\n")
    assert result(capsys, site) == {"changed": ["index.html"]}


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "a/../../secret", "a//b", "./a", "", "..\\secret", "C:/x", "a/..", "a\x00b"]
)
def test_a_path_that_leads_out_is_refused_and_not_read(capsys, site, path):
    secret = b"secret"
    (site.parent / "secret").write_bytes(secret)
    write_list(site, {path: entry(secret), **{name: entry(content) for name, content in FILES.items()}})
    assert result(capsys, site) == {"refused": [path]}


def test_links_are_refused_even_where_they_lead_to_the_right_bytes(capsys, site):
    outside = site.parent / "outside"
    outside.mkdir()
    (outside / "index.html").write_bytes(FILES["index.html"])
    (outside / "data.json").write_bytes(FILES["2025/某局/data.json"])
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(outside / "index.html")
    (site / "2025/某局/data.json").unlink()
    (site / "2025/某局").rmdir()
    (site / "2025/某局").symlink_to(outside)
    found = result(capsys, site)
    assert {"index.html", "2025/某局/data.json"} <= set(found["refused"]) and "missing" not in found


def test_a_pipe_is_not_waited_for(capsys, site):
    import os

    (site / "index.html").unlink()
    os.mkfifo(site / "index.html")
    assert result(capsys, site) == {"refused": ["index.html"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "坏了"),
        (b"[" * 100_000, "坏了"),
        (b'{"format": 1, "files": {"a": 1}}', "没有写大小"),
        (b'{"format": 1, "files": {"a": {"size": 1, "sha256": "x"}}}', "没有写大小"),
        (b'{"format": 2, "files": {}}', "新版本"),
        (b'{"format": 1, "files": []}', "不是 perfgen 的清单"),
        (b'{"format": 1, "files": {"a": 1, "a": 1}}', "坏了"),
        (b"\xff\xfe", "坏了"),
    ],
)
def test_a_list_that_is_none_is_not_believed(capsys, site, content, words):
    (site / "checksums.json").write_bytes(content)
    code, out = verify(capsys, site)
    assert code == 2 and words in out


def test_without_a_list_or_with_a_link_in_its_place_nothing_is_compared(capsys, site):
    content = (site / "checksums.json").read_bytes()
    (site / "checksums.json").unlink()
    assert "里面没有 checksums.json" in verify(capsys, site)[1]
    (site.parent / "list").write_bytes(content)
    (site / "checksums.json").symlink_to(site.parent / "list")
    code, out = verify(capsys, site)
    assert code == 2 and "链接" in out


def test_a_huge_size_in_the_list_takes_no_memory(capsys, site):
    write_list(site, {**{name: entry(content) for name, content in FILES.items()},
                      "index.html": {"size": 10**18, "sha256": "0" * 64}})  # fmt: skip
    assert result(capsys, site) == {"changed": ["index.html"]}
