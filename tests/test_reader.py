"""YAML is read strictly, as YAML 1.2, and every refusal has its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfgen.findings import DataError
from perfgen.source.reader import load_yaml


def read(text: str):
    return load_yaml(text.encode(), "x.yaml")


def refusal(content: str | bytes):
    with pytest.raises(DataError) as caught:
        load_yaml(content.encode() if isinstance(content, str) else content, "x.yaml")
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("False", False), ("~", None), ("", None),
        ("12:30", "12:30"), ("2025-01-01", "2025-01-01"), ("1_000", "1_000"), ("00123", Decimal(123)),
        ("1.50", Decimal("1.50")), ("0.1", Decimal("0.1")), ("1e3", Decimal("1e3")), ("-3", Decimal(-3)),
        ("0x1F", Decimal(31)), ("0o17", Decimal(15)), ("=", "="), ("≥80%", "≥80%"), ("100%", "100%"),
        ("'1'", "1"), ('"1"', "1"), ("|\n  甲\n  乙\n", "甲\n乙"), (">-\n  甲\n  乙", "甲 乙"), (".5", Decimal("0.5")),
    ],
)  # fmt: skip
def test_scalars_are_what_they_look_like(text, value):
    found = read(f"a: {text}\n").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_key_and_value_has_a_position():
    document = read("甲: 1\n乙:\n  - {丙: 2, 丁: 3}\n")
    assert document.values[("乙", 0, "丁")] == (3, 15)
    assert document.keys[("乙", 0, "丁")] == (3, 12)
    assert str(document.place(("乙", 0, "丁"))) == "x.yaml:3:15"
    assert str(document.place(("乙", 0, "没有"))) == "x.yaml:3:5"
    assert str(document.place(("乙",), key=True)) == "x.yaml:2:1"
    assert str(document.place(("没有",))) == "x.yaml:1:1"


def test_every_key_and_value_has_its_text():
    """In characters, whatever their width; a block group ends with its last value, not where the next one begins."""
    text = '# 𠮷\r\n甲: 𠮷 一  # 注\r\n乙:\r\n  - {丙: , 丁: "2"} # 注\r\n  # 尾\r\n戊:\n  己: |\n    庚\n\n# 末\n'
    document = read("\ufeff" + text)
    typed = {path: text[span.start : span.end] for path, span in document.spans.items()}
    assert typed[("甲",)] == "𠮷 一"
    assert typed[("乙",)] == '- {丙: , 丁: "2"}'
    assert typed[("乙", 0)] == '{丙: , 丁: "2"}' and document.spans[("乙", 0)].flow
    assert typed[("乙", 0, "丙")] == "" and typed[("乙", 0, "丁")] == '"2"'
    assert typed[("戊", "己")].startswith("|\n    庚\n") and not document.spans[("戊",)].flow
    assert all(text[span.start : span.end] == path[-1] for path, span in document.key_spans.items())
    assert document.value(("乙", 0, "丁")) == "2" and document.value(("乙", 1, "丁")) is None


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml-duplicate", (3, 1)),
        ("a: &x 1\n", "yaml-anchor", (1, 4)),
        ("a: *x\n", "yaml-anchor", (1, 4)),
        ("a: !!python/object:os.system x\n", "yaml-tag", (1, 4)),
        ("a: !x 1\n", "yaml-tag", (1, 4)),
        ("a: .nan\n", "yaml-number", (1, 4)),
        ("a: -.inf\n", "yaml-number", (1, 4)),
        ("a: 1e999999999999999999\n", "yaml-number", (1, 4)),
        (f"a: {'9' * 31}\n", "yaml-number", (1, 4)),
        ("a: 1\n---\nb: 2\n", "yaml-documents", (2, 1)),
        ("", "yaml-empty", (1, 1)),
        ("# 只有注释\n", "yaml-empty", (1, 1)),
        ("{a: 1}: 2\n", "yaml-key", (1, 1)),
        ("a:\n\t- 1\n", "yaml-tab", (2, 1)),
        ("a: %80\n", "yaml-quote", (1, 4)),
        ("a: >=80%\n", "yaml-quote", (1, 4)),
        ("a: @x\n", "yaml-quote", (1, 4)),
        ("a: `x`\n", "yaml-quote", (1, 4)),
        ("甲：1\n乙: 2\n", "yaml-colon", (1, 2)),
        ("a: b: c\n", "yaml-nested", (1, 5)),
        ('a: "甲\n', "yaml-quotes", (1, 4)),
        ("a: [1, 2\n", "yaml-bracket", (1, 4)),
        ("a: \x07\n", "yaml-character", (1, 4)),
        ("部门: 财政\n名称: 甲\x0b乙\n", "yaml-character", (2, 6)),
        ("甲: 1\x0c\n", "yaml-character", (1, 5)),
    ],
)
def test_refusals(text, rule, place):
    finding = refusal(text)
    assert (finding.rule, finding.place.line, finding.place.column) == (rule, *place)
    assert finding.message and finding.hint


def test_duplicate_keys_name_both_places():
    assert "第 1 行第 1 列" in refusal("a: 1\na: 2\n").message


def test_depth_is_counted_before_anything_is_built():
    finding = refusal("[" * 30_000 + "]" * 30_000)
    assert (finding.rule, finding.place.column) == ("yaml-depth", 34)


@pytest.mark.parametrize(
    ("content", "name"),
    [("甲: 乙".encode("gb18030"), "GB18030"), ("甲: 乙".encode("utf-16"), "UTF-16"), (b"a: \xff\xff\xff", "UTF-8")],
)
def test_other_encodings_are_named(content, name):
    finding = refusal(content)
    assert finding.rule == "yaml-encoding" and name in finding.message and "UTF-8" in finding.hint


def test_a_byte_order_mark_is_fine():
    assert load_yaml(b"\xef\xbb\xbfa: 1", "x").data == {"a": Decimal(1)}


def test_size_is_limited():
    assert refusal(b"a: " + b"x" * 2_000_001).rule == "yaml-size"
