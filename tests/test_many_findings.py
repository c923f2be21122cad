"""A file with very many mistakes is answered soon and in a few pages: the list has an end, and the rest is counted."""

from __future__ import annotations

import json
import time

import pytest

from perfgen import cli, findings
from perfgen.check.checks.private_texts import suspicious
from perfgen.findings import MORE, MOST, Finding, FormError, Level, Place, capped
from tests.helpers import tiny

HEAD = "form: fruit\n年: 2025\n果园: 东园\n"
UNIT = "data/2025/东园.yaml"
COUNT = 10_000


def found(level=Level.ERROR, line=1, file="a.yaml", reason=""):
    return Finding(Place(file, line), "x", f"第 {line} 处", level=level, reason=reason)


def test_a_list_that_is_not_long_stays_as_it_is():
    whole = [found(line=line) for line in range(1, MOST + 1)]
    assert capped(whole) == whole


def test_the_rest_is_counted_at_its_first_place():
    kept = capped([found(line=line) for line in range(1, 2 * MOST + 1)])
    assert len(kept) == MOST + 1
    assert [one.place.line for one in kept[:-1]] == list(range(1, MOST + 1))
    assert kept[-1].rule == MORE and kept[-1].place.line == MOST + 1 and kept[-1].level is Level.ERROR
    assert f"还有 {MOST} 处没有列出" in kept[-1].message


def test_a_list_that_was_cut_is_not_cut_again():
    once = capped([found(line=line) for line in range(1, 2 * MOST + 1)])
    assert capped(once) == once


def test_errors_are_listed_before_warnings_and_those_before_notes():
    many = [found(Level.NOTE, line) for line in range(1, MOST)] + [found(Level.WARNING, 5_000), found(line=6_000)]
    many = findings.by_place([*many, *(found(Level.WARNING, line, reason="已说明") for line in range(7_000, 9_000))])
    kept = capped(many)
    assert {Level.ERROR, Level.WARNING} < {one.level for one in kept}
    assert (found(Level.WARNING, 5_000) in kept, found(line=6_000) in kept) == (True, True)
    (rest,) = [one for one in kept if one.rule == MORE]
    assert rest.level is Level.NOTE  # what is not listed needs no answer


def test_each_file_has_a_list_of_its_own():
    kept = capped([found(line=line, file=file) for file in ("a.yaml", "b.yaml") for line in range(1, MOST - 10)])
    assert len(kept) == 2 * (MOST - 11) and MORE not in {one.rule for one in kept}


def test_an_error_of_many_findings_has_an_end_too():
    error = FormError(found(line=line) for line in range(1, 3 * MOST))
    assert len(error.findings) == MOST + 1 and len(str(error)) < 200_000


MANY = {
    "unknown names": "\n".join(f"没有的{n}: 1" for n in range(COUNT)),
    "unknown names on one line": "水果: [{" + ", ".join(f"没有{n}: 1" for n in range(COUNT)) + "}]",
    "unknown names in a row": "水果:\n- 名称: 苹果\n" + "\n".join(f"  没有{n}: 1" for n in range(COUNT)),
    "wrong values": "水果:\n" + "\n".join("- {名称: 苹果, 斤数: 三斤}" for _ in range(COUNT)),
    "rows without a thing": "水果:\n" + "\n".join("- {}" for _ in range(COUNT)) + "\n备注: [1]",
    "rows that are no rows": "水果:\n" + "\n".join("- 苹果" for _ in range(COUNT)),
    "names like a name": "\n".join(f"备注{n}: 好" for n in range(COUNT)),
    "private numbers": "items: |\n" + "\n".join(f"  电话 138{n:08d}，" for n in range(COUNT)),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("form", ["text", "json"])
def test_very_many_mistakes_are_answered_in_a_few_pages(tiny_project, capsys, name, form):
    (tiny_project / UNIT).write_text(f"{HEAD}{MANY[name]}\n", "utf-8")
    begin = time.process_time()
    code = cli.main(["-C", str(tiny_project), "check", "--all", "--format", form, UNIT])
    assert time.process_time() - begin < 30
    said = capsys.readouterr().out
    assert len(said) < 1_500_000
    if name not in ("rows without a thing", "private numbers"):  # nothing is wrong, and the same is said once
        assert code == 1 and "处没有列出" in said and MORE in said


@pytest.mark.long
def test_very_many_unknown_rules_are_a_few_findings(tiny_project, capsys):
    rules = "审核:\n" + "\n".join(
        f"  A{n}: {{名称: 试, 级别: 警告, 公式: 没有{n} > 1, 说法: 不, 依据: 试}}" for n in range(3_000)
    )
    (tiny_project / "schema/fruit.rules.yaml").write_text(tiny.RULES + rules, "utf-8")
    begin = time.process_time()
    assert cli.main(["-C", str(tiny_project), "check"]) == 2
    assert time.process_time() - begin < 30
    said = capsys.readouterr().out
    assert "处没有列出" in said and len(said) < 1_500_000


@pytest.mark.long
def test_reasons_that_answer_nothing_are_a_few_findings(tiny_project, capsys):
    waivers = {"type": "object", "x-role": "waivers", "x-printed": False, "additionalProperties": {"type": "string"}}
    schema = tiny.SCHEMA | {"properties": tiny.SCHEMA["properties"] | {"说明": waivers}}
    (tiny_project / "schema/fruit.schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    (tiny_project / UNIT).write_text(
        f"{HEAD}说明:\n" + "\n".join(f"  B{n}: 理由" for n in range(COUNT)) + "\n", "utf-8"
    )
    begin = time.process_time()
    assert cli.main(["-C", str(tiny_project), "check", UNIT]) == 1
    assert time.process_time() - begin < 30
    assert "处没有列出" in capsys.readouterr().out


@pytest.mark.parametrize("text", [
    "a" * 200_000, "a." * 100_000, "a@" * 100_000, "a@a" * 70_000, "a@" + "a." * 100_000, "a@" + "a-" * 100_000,
    "1" * 200_000, "1 " * 100_000, "％" * 200_000, "a@a.a" * 40_000,
])  # fmt: skip
def test_a_long_text_is_looked_through_once(text):
    begin = time.process_time()
    for _ in suspicious(text):
        pass
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("写信到 zhang.san+1@example.cn。", "zhang.san+1@example.cn"),
        ("a@b@c.cn", "b@c.cn"),
        ("电邮：x_y%z@a-b.gov.cn，", "x_y%z@a-b.gov.cn"),
        ("..a@b.cn", "..a@b.cn"),
        ("ａ＠ｂ．ｃｎ", "a@b.cn"),
        ("a@b", None),
        ("@b.cn", None),
    ],
)
def test_an_address_is_found_as_before(text, address):
    assert [found for rule, _, found, _ in suspicious(text) if rule == "private-email"] == (
        [address] if address else []
    )
