"""A text is made to hold wanted data: what is equal stays as it is typed, comments go with their rows."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal

import pytest

from perfgen.data import Data, ValuePath, is_same
from perfgen.fields import Field
from perfgen.source import reader, rewrite
from perfgen.source.editor import Editor
from perfgen.source.rewrite import Partner, rewritten
from tests.conftest import REPOSITORY, SAMPLES
from tests.helpers.styled import Node, Typist, mutated, paths_of

ENDS = {"LF": lambda text: text, "CRLF": lambda text: text.replace("\n", "\r\n"), "open": lambda text: text[:-1]}


def written(text: str, wanted: Data, fields: Field | None = None, **more) -> str:
    """A text made to hold other data, with each kind of line end."""
    results = []
    for change in ENDS.values():
        typed = change(text)
        document = reader.load_yaml(typed.encode(), "x.yaml")
        result = rewritten(typed, document, wanted, fields, **more)
        assert is_same(reader.load_yaml(result.encode(), "x.yaml").data, wanted)
        results.append(result)
    assert results[1] == ENDS["CRLF"](results[0])
    assert results[2] == results[0].removesuffix("\n")
    return results[0]


def partner(old: Node, wanted: Node) -> Partner:
    """Who comes from whom, by the numbers of the entries."""

    def by_number(path: ValuePath, _: Sequence[Data], __: Sequence[Data]) -> list[int | None]:
        there = wanted.at(path)
        before = next(node for node in old.everything() if node.number == there.number)
        numbers = [node.number for _, node in before.below]
        return [numbers.index(node.number) if node.number in numbers else None for _, node in there.below]

    return by_number


@pytest.mark.parametrize("seeds", [range(start, start + 50) for start in range(0, 300, 50)])
def test_any_document_becomes_any_other(seeds, monkeypatch):
    monkeypatch.setattr(rewrite, "_one_by_one", refused)  # all of these can be done by position
    for seed in seeds:
        typist = Typist(seed)
        old = typist.document()
        text = typist.text(old)
        document = reader.load_yaml(text.encode(), "x.yaml")
        assert is_same(document.data, old.data()), f"{seed}: the test types something else than it means"
        wanted = typist.changed(old)
        result = rewritten(text, document, as_group(wanted), None, partner(old, wanted))
        assert is_same(reader.load_yaml(result.encode(), "x.yaml").data, wanted.data()), seed
        stay = {node.number: node for node in wanted.everything()}
        for node in old.everything():
            if node.number not in stay:
                continue
            for comment in filter(None, (node.above, node.beside, *node.apart)):
                assert re.search(rf"# {comment}(?!\d)", result), (seed, comment)
            if is_same(node.data(), stay[node.number].data()):
                assert node.typed.lstrip() in result, seed


def refused(text: str, *_) -> str:
    raise AssertionError(text)


def as_group(node: Node) -> dict[str, Data]:
    data = node.data()
    assert isinstance(data, dict)
    return data


ODD = {
    "marks of documents": "%YAML 1.2\n---\n# 头\na: 1\nb: [1]\n...\n",
    "keys behind marks": '"a" : 1   \t# x\n? b\n: - 1\n  - 2\n? "c d"\n:\n  e: 1\n',
    "brackets over lines": "i: {a: 1, # 一\n  # 二\n  b: [1,\n   2, # 三\n   3], c: \n   {d: 1}\n   # 四\n  } # 五\n",
    "pairs and names alone": 'f: [x: 1, y, {z}, "q": 2,]\ng: {a, b: , c}\n',
    "scalars over lines": 'g: plain\n  multi\n   line  # c\nh: "multi\n\n  line"   # d\ni: |2\n   two\n  three\n\n',
    "lists in lists": "k:\n  - - - a\n      - b  # c\n    - c\n  -   x: 1\n      y:\n      - 1\n      - 2\n",
    "comments anywhere": "k:\n  - a\n     # in\n# out\n  - b\n    # in\n\n  # 一\n\n  - c: 1\n  # 二\n\nend: 1\n# last",
    "comments behind dashes": 'c:\n  - # 一\n    d: 1\n    e: 2\n  - # 二\n    - 1\n  - # 三\n    text\n  - "x" # 四\n',
    "all in one line": '{a: 1, "b": [1,2], c: {d: , e}}',
    "JSON": '{\n  "a":1, "b":{"c":"d","e":[1,2,{"f":null}]},\n  "g":[] }   # end\n',
    "old line ends": "a: 1\rb:\r  - 1\r  # c\r  - {x: 1}\rc: {d: 2}\r",
    "blanks behind": "a:\t1\nb:   \n  - 1\t\n  - 2\t# x\n  -  {a: 1}\t# y\n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_layouts_become_anything(name, monkeypatch):
    monkeypatch.setattr(rewrite, "_one_by_one", refused)
    document = reader.load_yaml(ODD[name].encode(), "x.yaml")
    for seed in range(60):
        chance = random.Random(seed)
        wanted = mutated(document.top, chance)
        paths = list(paths_of(wanted))
        above = {path: f"上{number}" for number, path in enumerate(paths) if chance.random() < 0.1}
        beside = {path: f"旁{number}" for number, path in enumerate(paths) if chance.random() < 0.15}
        result = rewritten(ODD[name], document, wanted, above=above, beside=beside)
        again = reader.load_yaml(result.encode(), "x.yaml")
        assert is_same(again.data, wanted)
        for comment in (*above.values(), *beside.values()):
            assert f"# {comment}" in result
        assert rewritten(result, again, wanted, above=above, beside=beside) == result


ROWS = """\
# 头
表: 1

行:  # 旁

  # 总说，与第一行空开

  # 甲之上
  - {名: 甲, 数: 1.0}  # 甲之旁
  - {名: "乙", 数: 2}

  # 丙之上一
  # 丙之上二
  - {数: 3, 名: 丙}
  # 尾

空:
末: []
"""


def rows(*changes) -> str:
    data = deepcopy(reader.load_yaml(ROWS.encode(), "x.yaml").top)
    for change in changes:
        change(data)
    return written(ROWS, data)


def test_nothing_to_change_changes_nothing():
    assert rows() == ROWS
    assert rows(lambda data: data.update(表=Decimal("1.00"))) == ROWS


def test_a_row_that_goes_takes_its_comments():
    assert rows(lambda data: data["行"].pop(0)) == ROWS.replace("  # 甲之上\n  - {名: 甲, 数: 1.0}  # 甲之旁\n", "")
    assert rows(lambda data: data["行"].pop()) == ROWS.replace(
        "\n  # 丙之上一\n  # 丙之上二\n  - {数: 3, 名: 丙}\n", ""
    )


def test_a_row_that_moves_takes_its_comments():
    moved = rows(lambda data: data["行"].insert(0, data["行"].pop()))
    assert (
        moved.split("空开\n\n", 1)[1]
        == """\

  # 丙之上一
  # 丙之上二
  - {数: 3, 名: 丙}
  # 甲之上
  - {名: 甲, 数: 1.0}  # 甲之旁
  - {名: "乙", 数: 2}
  # 尾

空:
末: []
"""
    )


def test_a_new_row_is_written_like_its_neighbours():
    added = rows(lambda data: data["行"].insert(1, {"名": "丁: 戊", "数": Decimal(4)}))
    assert added == ROWS.replace('  - {名: "乙"', '  - {名: "丁: 戊", 数: 4}\n  - {名: "乙"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("空:\n", "空:\n  - {名: 甲}\n"),
        ("末: []\n", "末:\n  - {名: 甲}\n"),
        ("空:  # 旁\n", "空:  # 旁\n  - {名: 甲}\n"),
        ("末: []   # 旁\n", "末:   # 旁\n  - {名: 甲}\n"),
        ("行: {空: }\n", "行: {空: [{名: 甲}]}\n"),
        ("行: {空: []}\n", "行: {空: [{名: 甲}]}\n"),
        ("行: {空}\n", "行: {空: [{名: 甲}]}\n"),
        ("组:\n  - 名: 乙\n    空:\n", "组:\n  - 名: 乙\n    空:\n      - {名: 甲}\n"),
        ("组:\n- 名: 乙\n  空:\n", "组:\n- 名: 乙\n  空:\n  - {名: 甲}\n"),
    ],
)
def test_the_first_item_of_an_empty_list(before, after):
    wanted = reader.load_yaml(after.encode(), "x.yaml").top
    assert (
        written(f"头: 1\n{before}尾: 2\n", {"头": Decimal(1), **wanted, "尾": Decimal(2)}) == f"头: 1\n{after}尾: 2\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("行:  # 旁\n  # 上\n  - a  # 旁二\n", "行: []  # 旁\n"),
        ("行:\n  # 总说\n\n  - a\n", "行: []\n  # 总说\n"),
        ("行: [ a ]  # 旁\n", "行: []  # 旁\n"),
        ("组:\n  - 行:\n      - a\n    别: 1\n", "组:\n  - 行: []\n    别: 1\n"),
        ("行:\n- a\n", "行: []\n"),
    ],
)
def test_the_last_item_goes(before, after):
    wanted = reader.load_yaml(after.encode(), "x.yaml").top
    assert written(before, wanted) == after
    assert written(before + "尾: 1\n", {**wanted, "尾": Decimal(1)}) == after + "尾: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- 甲: 1\n  乙: 2\n", "- 乙: 2\n"),
        ("- 甲: 1  # 旁\n  # 上\n  乙: 2\n", "-\n  # 上\n  乙: 2\n"),
        ("-   甲: 1\n    乙: {c: 1}\n", "-   乙: {c: 1}\n"),
        ("- 甲:\n    - 1\n    - 2\n  乙: 2\n", "- 乙: 2\n"),
        ("- 甲: |-\n    a\n    b\n  乙: 2\n", "- 乙: 2\n"),
        ("- - 1\n  - 2\n- 3\n", "- - 2\n- 3\n"),
        ("- - 1  # 旁\n  - 2\n", "- - 2\n  - 1  # 旁\n"),
        ("- 乙: 2  # 旁\n", "- 零: 0\n  乙: 2  # 旁\n"),
        ("-\n  # 上\n  甲: 1\n  乙: 2\n", "-\n  乙: 2\n"),
        ("- {甲: 1, 乙: 2}  # 旁\n", "- {乙: 2}  # 旁\n"),
    ],
)
def test_the_member_on_the_line_of_the_dash(before, after):
    def indented(text: str) -> str:
        return "行:\n" + "".join(f"  {line}\n" for line in text.splitlines())

    wanted = reader.load_yaml(indented(after).encode(), "x.yaml").top
    assert written(indented(before), wanted) == indented(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[a, b, c]", "[a, c]"),
        ("[a,b,c]", "[b,c]"),
        ("[ a, b, ]", "[ a, ]"),
        ("[a]", "[a, b, c]"),
        ("[a, 'b']", "['b', a]"),
        ("{}", "{c: 1}"),
        ("{a: 1, b: }", "{a: 1, b: 2}"),
        ('{"a":1,"b":"x"}', '{"a":1,"b":"y"}'),
        ("{a: 1,\n  b: 2}", "{a: 1,\n  b: 2,\n  c: 3}"),
        ("[\n  a,  # 旁\n  # 上\n  b,\n  c\n  # 尾\n]", "[\n  b,  \n  # 尾\n]"),
    ],
)
def test_lists_and_groups_in_brackets(before, after):
    wanted = reader.load_yaml(f"值: {after}\n".encode(), "x.yaml").top
    result = written(f"值: {before}  # 后\n", wanted)
    assert result.endswith("]  # 后\n") or result.endswith("}  # 后\n")
    if "#" not in before:
        assert result == f"值: {after}  # 后\n"


def test_comments_in_brackets_stay_with_their_entries():
    text = "值: [\n  # 甲之上\n  a,  # 甲之旁\n  # 乙之上\n  b,\n  c  # 丙之旁\n  # 尾\n]\n"
    assert written(text, {"值": ["c", "a"]}) == "值: [\n  c,  # 丙之旁\n  # 甲之上\n  a  # 甲之旁\n  # 尾\n  ]\n"


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("值: |-  # 旁\n  a\n  b\n", "c", "值: c  # 旁\n"),
        ("值: >\n  a\n  b\n\n", "c", "值: c\n\n"),
        ("值: a  # 旁\n", "b\nc", "值: |-  # 旁\n  b\n  c\n"),
        ("值: a\n  b  # 旁\n", "c", "值: c  # 旁\n"),
        ('值: "a\n\n  b"  # 旁\n', "c", '值: "c"  # 旁\n'),
        ("值:   # 旁\n  a\n", "c", "值:   # 旁\n  c\n"),
        ("值:\n  甲: 1  # 旁\n  # 上\n  乙: 2\n", Decimal(5), "值: 5\n"),
        ("值: 1 \t \n", Decimal(2), "值: 2 \t \n"),
        ("值: 1  # 旁\n", None, "值:  # 旁\n"),
        ("值: 1\n", {"甲": ["a"]}, "值:\n  甲:\n    - a\n"),
        ("? 值\n: 1\n", ["a"], "值:\n  - a\n"),
        ("值: 1\n", "1", '值: "1"\n'),
        ("值: 5 # 旁\n", "五", "值: 五  # 旁\n"),
        ("值: 甲 # 旁\n", "五", "值: 五 # 旁\n"),
        ("值: true\n", "true", '值: "true"\n'),
    ],
)
def test_a_value_in_place_of_another(before, value, after):
    assert (
        written(f"头: 1\n{before}尾: 2\n", {"头": Decimal(1), "值": value, "尾": Decimal(2)})
        == f"头: 1\n{after}尾: 2\n"
    )


def test_a_group_gets_another_name():
    text = "组:\n  - 旧: # 旁\n      # 上\n      - {a: 1.0}\n    别: 1\n"
    new = {"组": [{"新": [{"a": Decimal(1)}, {"a": Decimal(2)}], "别": Decimal(1)}]}
    assert written(text, new) == text.replace("旧", "新").replace("1.0}", "1.0}\n      - {a: 2}")


def test_new_members_stand_where_the_schema_has_them():
    value = Field("value", "")
    fields = Field("object", "", members=dict.fromkeys("甲乙丙", value))
    assert written("丙: 1\n甲: 2\n", {"丙": Decimal(1), "甲": Decimal(2), "乙": "x"}, fields) == "丙: 1\n甲: 2\n乙: x\n"
    assert written("{丙: 1}\n", {"丙": Decimal(1), "甲": "x"}, fields) == "{甲: x, 丙: 1}\n"


def test_comments_are_put_beside_and_above_and_only_once():
    text = "甲: x # 有\n乙:\n  - 名: a\n    文: |-\n      b\n      c\n  - {名: d}\n空:\n"
    data = reader.load_yaml(text.encode(), "x.yaml").top
    beside = {
        ("甲",): "待核：一", ("乙", 0): "待核：二", ("乙", 0, "文"): "待核：三", ("乙", 1, "名"): "待核：四",
        ("空",): "待核：五", ("乙",): "待核：六",
    }  # fmt: skip
    result = written(text, data, beside=beside, above={("乙", 1): "上一\n上二"})
    assert result == (
        "# 待核：一\n甲: x # 有\n乙:  # 待核：六\n  # 待核：二\n  - 名: a\n    文: |-  # 待核：三\n      b\n      c\n"
        "  # 上一\n  # 上二\n  - {名: d}  # 待核：四\n空:  # 待核：五\n"
    )
    assert written(result, data, beside=beside, above={("乙", 1): "上一\n上二"}) == result


def test_where_a_change_by_position_fails_the_smallest_row_is_written_anew(monkeypatch):
    text = "甲:  # 一\n  - 名: a  # 二\n    # 三\n    值: b\n  - {名:   c}  # 四\n乙: [ 1 ]\n"
    monkeypatch.setattr(Editor, "arrange", lambda *_: None)
    wanted = {"甲": [{"名": "a", "新": "x"}, {"名": "c"}], "乙": [Decimal(1)]}
    assert written(text, wanted) == (
        "甲:  # 一\n  - 名: a\n    新: x\n    # 二\n    # 三\n  - {名:   c}  # 四\n乙: [ 1 ]\n"
    )


def test_what_cannot_be_done_is_not_done(monkeypatch):
    monkeypatch.setattr(Editor, "replace", lambda *_, **__: None)
    document = reader.load_yaml(b"a: 1\n", "x.yaml")
    with pytest.raises(RuntimeError):
        rewritten("a: 1\n", document, {"a": Decimal(2)})
    with pytest.raises(ValueError, match="partner"):
        rewritten("a: [1]\n", reader.load_yaml(b"a: [1]\n", "x.yaml"), {"a": []} | {"a": [None]}, None, lambda *_: [3])


@pytest.mark.parametrize("source", SAMPLES)
def test_a_sample_keeps_every_line_but_the_one_that_changes(source):
    text = (REPOSITORY / source).read_text("utf-8")
    document = reader.load_yaml(text.encode(), source)
    wanted = deepcopy(document.top)
    name = next(name for name, value in wanted.items() if isinstance(value, list) and isinstance(value[0], dict))
    wanted[name].append(deepcopy(wanted[name].pop(0)))
    wanted["年度"] = Decimal(2031)
    result = rewritten(text, document, wanted)
    assert sorted(result.replace("年度: 2031", f"年度: {document.top['年度']}").splitlines()) == sorted(
        text.splitlines()
    )


MOVING = """\
甲:
  组一:
    # 行一之上
    - {名: 一, 数: 1.0}  # 行一之旁
    - 名: 二  # 行二之旁
      # 里面
      文: |-
        a
          b
  组二:
  - {名: 三}
乙:
  - x
  # y 之上
  - y  # y 之旁
丙: []
"""


def test_a_row_that_moves_to_another_list_is_the_same_row():
    wanted = deepcopy(reader.load_yaml(MOVING.encode(), "x.yaml").top)
    groups = wanted["甲"]
    first, second = groups.pop("组一")
    groups["组二"].append(first)
    groups["组三"] = {"深": [second]}
    wanted["丙"] = [wanted["乙"].pop()]
    assert written(MOVING, wanted) == (
        "甲:\n  组二:\n  - {名: 三}\n  # 行一之上\n  - {名: 一, 数: 1.0}  # 行一之旁\n  组三:\n    深:\n"
        "      - 名: 二  # 行二之旁\n        # 里面\n        文: |-\n          a\n            b\n"
        "乙:\n  - x\n丙:\n  # y 之上\n  - y  # y 之旁\n"
    )


def test_a_row_that_moves_and_changes_is_the_same_row():
    wanted = deepcopy(reader.load_yaml(MOVING.encode(), "x.yaml").top)
    first = wanted["甲"]["组一"].pop(0)
    wanted["甲"]["组二"].insert(0, {**first, "数": Decimal(7)})
    assert written(MOVING, wanted, moved={("甲", "组二", 0): ("甲", "组一", 0)}) == (
        MOVING.replace("    # 行一之上\n    - {名: 一, 数: 1.0}  # 行一之旁\n", "")
        .replace("  - {名: 三}\n", "  # 行一之上\n  - {名: 一, 数: 7}  # 行一之旁\n  - {名: 三}\n")
    )  # fmt: skip


def edited(text: str) -> Editor:
    return Editor(text, reader.load_yaml(text.encode(), "x.yaml"))


def test_items_are_added_taken_out_and_moved():
    editor = edited("甲: [a, b]\n乙:\n  - c\n  # 上\n  - d\n空:\n")
    editor.add_item(("甲",), 1, "x")
    editor.remove_item(("甲",), 2)
    editor.move_item(("乙",), 1, 0)
    editor.add_item(("空",), 0, {"e": None})
    editor.add_item(("无", "有"), 0, "f")
    editor.add_item(("无", "有"), 1, "g")
    assert editor.text() == "甲: [a, x]\n乙:\n  # 上\n  - d\n  - c\n空:\n  - {e: }\n无:\n  有:\n    - f\n    - g\n"


def test_an_item_that_is_not_there_cannot_be_taken_out():
    with pytest.raises(IndexError):
        edited("甲: [a]\n").remove_item(("甲",), 1)


@pytest.mark.parametrize("seed", range(40))
def test_comments_in_brackets_go_with_their_entries_in_any_order(seed):
    chance = random.Random(seed)
    names = [f"n{number}" for number in range(chance.randint(1, 5))]
    lines = ["值: [" + chance.choice(["", "  # 开头"])]
    for name in names:
        last = chance.choice(["", ","]) if name == names[-1] else ","
        lines += [f"    # 上{name}"] * chance.randint(0, 1)
        lines += [f"    {{名: {name}, 数: 1.0}}{last}" + chance.choice(["", f"  # 旁{name}"])]
    text = "\n".join([*lines, "    # 末尾", "  ]  # 后", "尾: 1", ""])
    kept = chance.sample(names, chance.randint(0, len(names)))
    wanted: list[Data] = [{"名": name, "数": Decimal(chance.randint(1, 2))} for name in kept]
    wanted[1:1] = [{"名": "新"}]

    def by_name(_: ValuePath, old: Sequence[Data], new: Sequence[Data]) -> list[int | None]:
        numbers = {row["名"]: number for number, row in enumerate(old) if isinstance(row, dict)}
        return [numbers.get(row["名"]) for row in new if isinstance(row, dict)]

    result = written(text, {"值": wanted, "尾": Decimal(1)}, partner=by_name)
    for comment in re.findall("# (.+)", text):
        name = comment[1:]
        assert result.count(f"# {comment}\n") == (name in kept or name not in names)
