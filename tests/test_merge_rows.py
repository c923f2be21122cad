"""Three versions of a data file are joined by rows, with the comments and the layout of both sides, or not at all."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfgen.form import forms
from perfgen.merging import driver, join
from perfgen.merging.rows import CannotJoinError
from perfgen.system.text_merge import TextMerge
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot

FILE = "data/2025/示例市档案馆.yaml"
BASE = (REPOSITORY / FILE).read_text("utf-8")
FIELDS = forms.find(snapshot(REPOSITORY), "department-target").fields
ROW = "        - {三级指标: 档案安全责任事故, 指标值: =0起, 依据: 行业标准, 分类: 绩效基本型}\n"
FIRST = "        - {三级指标: 甲, 指标值: ≥1次, 依据: 行业标准, 分类: 绩效基本型}\n"
SECOND = "        # 乙的说明\n        - {三级指标: 乙, 指标值: ≥2次,  依据: 行业标准, 分类: 绩效基本型}  # 边上\n"
BLOCK = (
    "        - 三级指标: 丙\n          指标值: ≥3次   # 三\n          依据: 行业标准\n\n          分类: 绩效基本型\n"
)
TEXT = "  - 完成上级交办的其他工作。\n"
GROUP = BASE[BASE.index("      档案保管安全:\n") : BASE.index("    社会效应:\n")]
ABOVE, NEXT = "      档案资源建设:\n", "    社会效应:\n"
GOAL = "  - 目标: 建设馆藏丰富、管理规范、安全可靠的现代化综合档案馆，档案资源覆盖面逐步扩大。\n"
PHONE = "联系电话: 0000-0000002\n"
LONG = "  - " + "长" * 2000 + "。\n"
BLOCK_TEXT = "  - |-\n    第一段。\n    第二段。\n"


def changed(*steps: tuple[str, str], text: str = BASE) -> str:
    for old, new in steps:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def joined(ours: str, theirs: str, base: str = BASE) -> str:
    return join.joined(base, ours, theirs, lambda _: FIELDS)


def row(old: str, new: str) -> tuple[str, str]:
    return ROW, ROW.replace(old, new)


JOINED = {
    "neighbours": ([(ROW, ROW + FIRST)], [(ROW, ROW + SECOND)], [(ROW, ROW + FIRST + SECOND)]),
    "neighbours, one of them in lines": ([(ROW, ROW + BLOCK)], [(ROW, ROW + SECOND)], [(ROW, ROW + BLOCK + SECOND)]),
    "two cells of one row": (
        [row("=0起", "=1起")], [row("行业", "历史")], [(ROW, ROW.replace("=0起", "=1起").replace("行业", "历史"))],
    ),
    "a cell and the comment beside it": (
        [row("=0起", "=1起")], [row("}\n", "}  # 新\n")],
        [(ROW, ROW.replace("=0起", "=1起").replace("}\n", "}  # 新\n"))],
    ),
    "the same change, and neighbours": (
        [(ROW, ROW.replace("=0", "=1") + FIRST)], [(ROW, ROW.replace("=0", "=1") + SECOND)],
        [(ROW, ROW.replace("=0", "=1") + FIRST + SECOND)],
    ),
    "one takes a row out beside a new one": ([(ROW, FIRST)], [(ROW, ROW + SECOND)], [(ROW, FIRST + SECOND)]),
    "one renames a row beside a new one": (
        [row("档案安全", "馆藏安全")], [(ROW, SECOND + ROW)], [(ROW, ROW.replace("档案安全", "馆藏安全") + SECOND)],
    ),
    "a group moves, and a row comes into it": (
        [(GROUP, ""), (ABOVE, GROUP + ABOVE)], [(ROW, ROW + SECOND)],
        [(GROUP, ""), (ABOVE, GROUP + ABOVE), (ROW, ROW + SECOND)],
    ),
    "a group is renamed, and a row comes into it": (
        [("      档案保管安全:", "      馆藏安全:")], [(ABOVE, "      新组:\n" + SECOND + ABOVE)],
        [("      档案保管安全:", "      馆藏安全:"), (ABOVE, "      新组:\n" + SECOND + ABOVE)],
    ),
    "two new groups at one place": (
        [(NEXT, "      甲组:\n" + FIRST + NEXT)], [(NEXT, "      乙组:\n" + SECOND + NEXT)],
        [(NEXT, "      甲组:\n" + FIRST + "      乙组:\n" + SECOND + NEXT)],
    ),
    "a list of groups: another sentence, and a row": (
        [(GOAL, GOAL.replace("逐步扩大", "明显扩大"))], [(ROW, ROW + SECOND)],
        [(GOAL, GOAL.replace("逐步扩大", "明显扩大")), (ROW, ROW + SECOND)],
    ),
    "texts": (
        [(TEXT, "  - 甲。\n" + TEXT)], [(TEXT, "  - 乙。#不是注释\n" + TEXT)],
        [(TEXT, "  - 甲。\n  - 乙。#不是注释\n" + TEXT)],
    ),
    "long texts": ([(TEXT, LONG + TEXT)], [(TEXT, BLOCK_TEXT + TEXT)], [(TEXT, LONG + BLOCK_TEXT + TEXT)]),
    "comments above one row": (
        [(ROW, "        # 一\n" + ROW)], [(ROW, "        # 二\n" + ROW + FIRST)],
        [(ROW, "        # 一\n        # 二\n" + ROW + FIRST)],
    ),
    "the same comment twice": (
        [(ROW, ROW + "        # 新\n" + FIRST)], [(ROW, ROW + "        # 新\n" + SECOND)],
        [(ROW, ROW + "        # 新\n" + FIRST + "        # 新\n" + SECOND)],
    ),
    "blank lines and a comment that belongs to nothing": (
        [("\n年度绩效指标:", "\n# 另说\n\n年度绩效指标:"), (ROW, ROW + FIRST)], [(ROW, ROW + "\n" + SECOND)],
        [("\n年度绩效指标:", "\n# 另说\n\n年度绩效指标:"), (ROW, ROW + FIRST + "\n" + SECOND)],
    ),
    "a reason on each side": (
        [("审核说明:\n", "审核说明:\n  D07 甲: 一。\n")], [("审核说明:\n", "审核说明:\n  D07 乙: 二。  # 注\n")],
        [("审核说明:\n", "审核说明:\n  D07 甲: 一。\n  D07 乙: 二。  # 注\n")],
    ),
    "a new member on each side": (
        [(PHONE, PHONE + "调整理由:\n  甲: 一。\n")], [("填报人: 示例\n", "填报人: 示例  # 换人\n")],
        [(PHONE, PHONE + "调整理由:\n  甲: 一。\n"), ("填报人: 示例\n", "填报人: 示例  # 换人\n")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JOINED)
def test_what_both_changed_is_there(case):
    ours, theirs, both = (changed(*steps) for steps in JOINED[case])
    assert joined(ours, theirs) == both
    turned = joined(theirs, ours)
    assert sorted(turned.splitlines()) == sorted(both.splitlines())


@pytest.mark.parametrize("case", JOINED)
@pytest.mark.parametrize("sign", ["\r\n", "\ufeff"])
def test_line_breaks_and_byte_order_mark_are_as_one_side_made_them(case, sign):
    def typed(text: str) -> str:
        return sign + text if sign == "\ufeff" else text.replace("\n", sign)

    ours, theirs, both = (changed(*steps) for steps in JOINED[case])
    assert joined(typed(ours), theirs) == typed(both)
    assert joined(typed(ours), typed(theirs), typed(BASE)) == typed(both)
    assert joined(ours, typed(theirs), typed(BASE)) == both


UNDECIDED = {
    "another value each": ([row("=0", "=1")], [row("=0", "=2")], "一边改成“=1起”，另一边改成“=2起”"),
    "taken out and changed": ([(ROW, FIRST)], [row("=0", "=2")], "一边删掉了，另一边改了"),
    "renamed and changed": ([row("档案安全", "馆藏安全")], [row("=0", "=2")], "一边删掉了，另一边改了"),
    "a row rewritten by both": ([(ROW, FIRST)], [(ROW, SECOND)], "两边都换掉了"),
    "a text rewritten by both": ([(TEXT, "  - 甲。\n")], [(TEXT, "  - 乙。\n")], "两边都换掉了"),
    "one name, two rows": ([(ROW, ROW + FIRST)], [(ROW, ROW + FIRST.replace("≥1", "≥2"))], "写得不一样"),
    "a name twice": ([(ROW, ROW + FIRST + FIRST)], [(ROW, ROW + SECOND)], "分不清"),
    "moved and taken out": (
        [(ROW, FIRST), ("      经济效益:\n", "      经济效益:\n" + ROW)], [(ROW, SECOND)], "两边都换掉了"),
    "moved to two places": (
        [(GROUP, ""), ("      经济效益:\n", "      经济效益:\n" + ROW)],
        [(GROUP, ""), ("      生态效益:\n", "      生态效益:\n" + ROW)], "两边都挪动过"),
    "moved, and changed where it stood": (
        [(GROUP, ""), ("      经济效益:\n", "      经济效益:\n" + ROW)], [row("=0", "=2")], "一边删掉了，另一边改了"),
    "two comments at one place": ([row("}\n", "}  # 甲\n")], [row("}\n", "}  # 乙\n")], "合不到一起"),
    "a comment at a row that goes": ([(ROW, "        # 甲\n" + ROW)], [(ROW, FIRST)], "放不回去"),
    "another form": (
        [("表式: department-target", "表式: 甲")],
        [("表式: department-target", "表式: 乙")], "一边改成“甲”，另一边改成“乙”"),
    "no YAML": ([(ROW, "        - {三级指标: [}\n")], [(ROW, ROW + FIRST)], "读不出来"),
    "what git left before": ([(ROW, "<<<<<<< 甲\n" + ROW + "=======\n>>>>>>> 乙\n")], [(ROW, ROW + FIRST)], "读不出来"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNDECIDED)
def test_what_only_a_person_can_say_is_not_joined(case):
    ours, theirs = (changed(*steps) for steps in UNDECIDED[case][:2])
    with pytest.raises(CannotJoinError) as said:
        joined(ours, theirs)
    assert UNDECIDED[case][2] in str(said.value) and not str(said.value).endswith("。")
    with pytest.raises(CannotJoinError):
        joined(theirs, ours)


def test_a_file_that_both_made_alike_but_for_what_one_added():
    assert joined(changed((ROW, ROW + SECOND)), changed((ROW, ROW + SECOND)), "") == changed((ROW, ROW + SECOND))
    one = changed(("联系电话: 0000-0000002\n", "联系电话: 0000-0000002  # 注\n"))
    assert joined(one, BASE, "") == joined(BASE, one, "") == one


INDICATORS = [match for match in BASE.splitlines(keepends=True) if match.startswith("        - {三级指标")]
EDITS = {
    "keep": lambda line, _: line,
    "change": lambda line, _: line.replace("分类: 绩效", "分类: 新"),
    "add": lambda line, name: f"{line}        - {{三级指标: 新{name}, 指标值: 规范}}  # {name}\n",
    "add above": lambda line, name: f"        # {name}\n        - {{三级指标: 上{name}, 指标值: 规范}}\n{line}",
    "comment": lambda line, name: f"        # {name}\n{line}",
    "drop": lambda line, name: f"        - {{三级指标: 换{name}, 指标值: 规范}}\n",
}
EDIT = st.tuples(st.sampled_from(list(EDITS)), st.booleans())


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(EDITS)), st.booleans()), min_size=len(INDICATORS), max_size=len(INDICATORS))
)
def test_edits_of_different_rows_are_all_there(edits):
    """Each row is edited by one of the two; the result is the text with all the edits."""
    ours = theirs = both = BASE
    for number, (line, (edit, is_ours)) in enumerate(zip(INDICATORS, edits, strict=True)):
        new = EDITS[edit](line, str(number))
        both = both.replace(line, new)
        ours, theirs = (ours.replace(line, new), theirs) if is_ours else (ours, theirs.replace(line, new))
    result = joined(ours, theirs)
    assert sorted(result.splitlines()) == sorted(both.splitlines())
    assert sorted(joined(theirs, ours).splitlines()) == sorted(both.splitlines())


def lines(conflict: bytes = b"<<<<<<<\n") -> TextMerge:
    return TextMerge(conflict, False)


HOSTILE = {
    "large": lambda: "a: " + "x" * 2_000_000,
    "many values": lambda: "a: [" + "1, " * 40_000 + "1]\n",
    "wide": lambda: "".join(f"新{n}: 1\n" for n in range(3000)),
    "deep": lambda: "a: " + "[" * 5000,
    "nothing": lambda: "",
    "not UTF-8": lambda: "\udcff",
    "no group": lambda: "- a\n- b\n",
    "controls": lambda: "a: \x00\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("side", [0, 1, 2])
def test_a_hostile_version_is_left_to_git_soon(kind, side):
    versions = [BASE.encode(), changed((ROW, ROW + FIRST)).encode(), changed((ROW, ROW + SECOND)).encode()]
    versions[side] = HOSTILE[kind]().encode("utf-8", "surrogateescape")
    begin = time.process_time()
    outcome = driver.merged(REPOSITORY, FILE, versions, lines())
    assert time.process_time() - begin < 20
    assert (outcome.content, outcome.is_clean) == (b"<<<<<<<\n", False) and outcome.why


def test_what_git_merged_itself_stands_where_the_data_is_the_same():
    ours, theirs = changed(("截止年: 2029", "截止年: 2030")), changed((ROW, ROW + FIRST))
    both = changed(("截止年: 2029", "截止年: 2030"), (ROW, ROW + FIRST)) + "# 甲\n"
    outcome = driver.merged(
        REPOSITORY, FILE, [text.encode() for text in (BASE, ours, theirs)], TextMerge(both.encode(), True)
    )
    assert outcome == driver.Outcome(both.encode(), True)


def test_what_git_merged_wrongly_is_not_believed():
    """A row that both added at different places stands twice for git, which sees lines."""
    ours = changed((ROW, ROW + FIRST))
    twice = changed((ROW, ROW + FIRST + FIRST))
    outcome = driver.merged(
        REPOSITORY, FILE, [text.encode() for text in (BASE, ours, ours)], TextMerge(twice.encode(), True)
    )
    assert outcome.content.decode() == ours


def test_a_file_of_no_project_is_left_to_git(tmp_path):
    outcome = driver.merged(tmp_path, "x.yaml", [b"a: 1\n", b"a: 2\n", b"a: 1\nb: 2\n"], lines())
    assert outcome.content == b"<<<<<<<\n" and "不在 perfgen 的项目里" in outcome.why
