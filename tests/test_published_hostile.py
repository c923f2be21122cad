"""`perfgen verify` of files made to harm: a sentence, in bounded time and memory; nothing is fetched or believed."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from perfgen import cli
from perfgen.system import unpack
from tests.helpers.published import commit, made, repository, saved
from tests.helpers.words import docx_of

DEEP = b'{"a":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
ENTITY = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
HEADING = "年度,单位,位置,名称,内容\r\n"


def package(**parts: bytes | str) -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(docx_of([["甲", "乙"]]))), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in {*source.namelist(), *parts}:
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return buffer.getvalue()


def bomb_of_pdf() -> bytes:
    packed = zlib.compress(b"\x00" * 90_000_000, 9)
    head = b"1 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return b"%PDF-1.7\n" + head + packed + b"\nendstream\n"


HOSTILE = {
    "empty": b"",
    "zeros": b"\0" * 100,
    "a page": b"<!DOCTYPE html><p>x</p>",
    "deep json": DEEP,
    "broken json": b'{"a": ',
    "a name twice": '{"年": "2025", "年": "2026"}'.encode(),
    "half a character": b'{"a": "\\ud800"}',
    "a list": b"[1, 2]",
    "nan": b'{"a": NaN',
    "many values": b'{"a": [' + b"1," * 500_000 + b"1]}",
    "a bomb in word": package(**{"word/document.xml": b"<w>" + b" " * 80_000_000 + b"</w>"}),
    "an entity": package(**{"word/document.xml": ENTITY}),
    "a package": package(**{"word/document.xml": "<x/>"}),
    "no word": b"PK\x03\x04rubbish",
    "old word": OLE,
    "locked word": OLE + "EncryptedPackage".encode("utf-16-le"),
    "rtf": b"{\\rtf1 x}",
    "broken pdf": b"%PDF-1.7\nrubbish",
    "a bomb in pdf": bomb_of_pdf(),
    "locked pdf": b"%PDF-1.7\ntrailer << /Encrypt 1 0 R >>",
    "heads only": HEADING.encode(),
    "short rows": f"{HEADING}2025,东园\r\n".encode(),
    "a huge cell": f"{HEADING}2025,东园,年,年,{'9' * 200_000}\r\n".encode(),
    "several units": f"{HEADING}2025,东园,年,年,2025\r\n2025,西园,年,年,2025\r\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_told_in_a_sentence(capsys, tmp_path, tiny_project, name):
    path = saved(tmp_path, HOSTILE[name])
    tracemalloc.start()
    try:
        code = cli.main(["-C", str(tiny_project), "verify", path])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    said = capsys.readouterr()
    assert code == 2 and said.err == "" and "下载的文件：" in said.out
    assert len(said.out.splitlines()) == 2 and "root:" not in said.out
    assert peak < 400_000_000


def test_a_file_that_is_too_large_is_not_read(capsys, tmp_path, tiny_project):
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(unpack.MAX_FILE + 1)
    assert cli.main(["-C", str(tiny_project), "verify", str(path)]) == 2
    assert "太大" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["nothing.pdf", "/dev/zero"])
def test_what_is_no_file_is_wrong_use(capsys, tiny_project, typed):
    assert cli.main(["-C", str(tiny_project), "verify", typed]) == 2
    said = capsys.readouterr()
    assert typed in said.err and "Traceback" not in said.err


def test_texts_of_a_stranger_are_shown_and_not_obeyed(capsys, tmp_path, tiny_project):
    data = json.loads(made(tiny_project, "json"))
    data["items"] = "\x1b[2J::error::x\n::error::y"
    assert cli.main(["-C", str(tiny_project), "verify", saved(tmp_path, json.dumps(data).encode())]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out and not any(line.lstrip().startswith("::") for line in out.splitlines())
    data["果园"] = "\x1b[2J\n::error::z"
    assert cli.main(["-C", str(tiny_project), "verify", saved(tmp_path, json.dumps(data).encode())]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out and not any(line.lstrip().startswith("::") for line in out.splitlines())


@pytest.mark.parametrize("unit", ["东\0园", "园" * 2_000_000, "-x", ":(top)", "东\n园"])
def test_a_units_name_is_only_a_name(capsys, tmp_path, unit):
    root = repository(tmp_path / "repository")
    commit(root, "2025-01-10")
    path = saved(tmp_path, json.dumps({"年": "2025", "果园": unit}).encode())
    assert cli.main(["-C", str(root), "verify", path]) in (1, 2)
    said = capsys.readouterr()
    assert said.err == "" and ("没有可以比的数据文件" in said.out or "太大" in said.out)


def test_nothing_is_written(tmp_path: Path, capsys, tiny_project):
    before = sorted(path.as_posix() for path in tiny_project.rglob("*"))
    cli.main(["-C", str(tiny_project), "verify", saved(tmp_path, made(tiny_project, "word"))])
    assert sorted(path.as_posix() for path in tiny_project.rglob("*")) == before
