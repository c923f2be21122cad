"""What is written as YAML reads back as the same data, in the style of the files people keep."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfgen.fields import Field
from perfgen.form import forms
from perfgen.source import reader, writer
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.projects import document_and_form, snapshot

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
awkward = st.sampled_from(
    ["", " ", "null", "~", "true", "No", "12", "1.50", "-0", ".5", "1e3", "0x1F", "0o7", ".inf", "-", "- a", "-1.5%",
     "a: b", "a:b", "a:", ":", "12:30", "#x", "a #x", "a#x", "{a}", "a, b", "[", "]", "?", "? a", "a?b", "a?", "*a",
     "&a", "!a", "|", ">", "'", '"', "%", "@", "`", "---", "--- a", "...", "…", "=", "<<", "=100%", "≤100%", "\\",
     "\\n", "一行\n两行", "一\n\n二", "一\n", "\n一", "一\n 二", " 一\n二", "一 \n二", "\t一", "一\u2028二", "\x85",
     "\ufeff", "\xa0", "　全角", "𠮷", "“三公”", "x" * 3000, "一\r\n二", "a,b: {c}", "a\tb", "a:,", "a: #", "-\t",
     "a :b", "::", "a:'b'"]
)  # fmt: skip
scalars = (
    texts
    | awkward
    | st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
)
# the reader refuses names that begin with blanks: they are indents gone wrong
keys = (awkward | texts).filter(lambda key: key == key.strip())
data = st.dictionaries(
    keys,
    st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(data)
@example({"a": [{"b": [1, {"c": {}}]}, [], [[]], [[["x"]]], None]})
@example({"a": {"b": None, "c": None}, "d": [{"e": None}]})
def test_everything_reads_back(node):
    text = writer.dump_yaml(node)
    assert reader.load_yaml(text.encode(), "x.yaml").data == node, text


@settings(max_examples=200, deadline=None)
@given(scalars, st.lists(scalars, max_size=3))
def test_one_line_reads_back(value, items):
    line = writer.inline({"a": value, "b": {"c": value}, "d": items})
    assert "\n" not in line
    assert reader.load_yaml(line.encode(), "x.yaml").data == {"a": value, "b": {"c": value}, "d": items}


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_is_written_nearly_as_it_is_kept(source):
    document, form = document_and_form(REPOSITORY, source)
    header = [writer.schema_line("../../schema/department-target.schema.json")]
    written = writer.dump_yaml(document.data, form.fields, header=header)
    kept = (REPOSITORY / source).read_text("utf-8")

    def lines(text: str) -> list[str]:
        return [line.split("  #")[0].rstrip() for line in text.splitlines() if line]

    assert reader.load_yaml(written.encode(), source).data == document.data
    assert (
        list(reader.load_yaml(written.encode(), source).data)
        == list(form.fields.members)[:2] + [name for name in form.fields.members if name in document.data][2:]
    )
    different = set(lines(written)) ^ set(lines(kept))
    folded = re.search(r"[-:] [>|]", kept)
    assert len(different) <= 12 or folded, different


def test_members_come_in_the_order_of_the_schema():
    form = forms.find(snapshot(REPOSITORY), "department-target")
    assert form
    shuffled = {
        "别的": "x",
        "收入构成": {"单位资金": {"前年": Decimal(1), "当年": Decimal("2.50")}},
        "年度": Decimal(2025),
    }
    written = writer.dump_yaml(shuffled, form.fields)
    assert written == "年度: 2025\n\n收入构成:\n  单位资金: {当年: 2.5, 前年: 1}\n\n别的: x\n"


def test_comments_stand_above_and_beside():
    node = {
        "甲": None,
        "乙": {"丙": Decimal(1)},
        "丁": [{"戊": Decimal(2)}, {"己": Decimal(3)}],
        "庚": {"辛": "一\n二"},
    }
    written = writer.dump_yaml(
        node,
        header=["头"],
        above={("甲",): "一行\n两行", ("丁", 1): "第二项", ("庚", "辛"): "文字"},
        beside={("甲",): "待填", ("乙",): "钱", ("丁", 0, "戊"): "二", ("庚", "辛"): "旁"},
    )
    assert written == (
        "# 头\n\n# 一行\n# 两行\n甲:  # 待填\n\n乙: {丙: 1}  # 钱\n\n丁:\n  - 戊: 2  # 二\n  # 第二项\n  - {己: 3}\n"
        "\n庚:\n  # 文字\n  辛: |-  # 旁\n    一\n    二\n"
    ).replace("# 头\n\n", "# 头\n")
    assert reader.load_yaml(written.encode(), "x.yaml").data == node


def test_names_that_people_choose_stand_one_a_line():
    reasons = Field("object", "", other=Field("value", ""))
    written = writer.dump_yaml({"理由": {"12345": "热线", "甲": "乙"}}, Field("object", "", members={"理由": reasons}))
    assert written == '理由:\n  "12345": 热线\n  甲: 乙\n'
