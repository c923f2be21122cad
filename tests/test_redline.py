"""A redline accepted is the new form, rejected the old one: in our own reader and in LibreOffice."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from perfgen.prove import docx_cells
from perfgen.prove.proof import ProofError
from perfgen.review.redline import write
from perfgen.review.redline.align import align
from perfgen.review.redline.fragments import fragments
from perfgen.review.redline.write import redline
from perfgen.table.template import W
from tests.helpers.versions_of import data, official, row, versions

AUTHOR, DATE = "示例", "2025-01-10T08:00:00Z"


def block(values):
    return values["年度绩效指标"][0]


def at_front(mapping, name, value):
    items = list(mapping.items())
    mapping.clear()
    mapping.update([items[0], (name, value), *items[1:]] if items[0][0] == "目标" else [(name, value), *items])


EDITS = {
    "a value": lambda d: block(d)["管理效率"]["预算执行"][0].update(指标值="≥99%"),
    "first row of an inner group goes": lambda d: block(d)["履职效能"]["档案资源建设"].pop(0),
    "last row of an inner group goes": lambda d: block(d)["履职效能"]["档案资源建设"].pop(),
    "first row of an inner group comes": lambda d: block(d)["履职效能"]["档案资源建设"].insert(0, row("甲")),
    "last row of an inner group comes": lambda d: block(d)["履职效能"]["档案资源建设"].append(row("甲")),
    "first row of an outer group comes": lambda d: block(d)["管理效率"]["战略管理"].insert(0, row("甲")),
    "last row of an outer group goes": lambda d: block(d)["履职效能"].popitem(),
    "first inner group of an outer goes": lambda d: block(d)["履职效能"].pop("档案资源建设"),
    "first inner group of an outer comes": lambda d: at_front(block(d)["履职效能"], "新业务", [row("甲"), row("乙")]),
    "last inner group of an outer comes": lambda d: block(d)["履职效能"].update(新业务=[row("甲"), row("乙")]),
    "an inner group of one row comes first": lambda d: at_front(block(d)["履职效能"], "新业务", [row("甲")]),
    "first outer group goes": lambda d: block(d).pop("运行成本"),
    "last outer group goes": lambda d: block(d).pop("满意度"),
    "an outer group in the middle goes": lambda d: block(d).pop("社会效应"),
    "a whole block comes": lambda d: d["年度绩效指标"].append(
        {"目标": "另一个目标。", "运行成本": {"公用经费控制": [row("甲"), row("乙")]}}
    ),
    "prose comes and goes": lambda d: (d["部门职能概述"].pop(0), d["部门职能概述"].append("新的职能。")),
    "a sentence in prose": lambda d: d["年度工作任务"].__setitem__(0, d["年度工作任务"][0] + "并完成12项新任务。"),
    "the only paragraph of a cell": lambda d: d.update(年度目标=["只有这一条。"]),
    "first project goes": lambda d: d["项目支出"].pop(0),
    "last project comes": lambda d: d["项目支出"].append(
        {"项目名称": "新项目", "类别": "运转类项目支出", "总预算": Decimal(3), "本年度预算": Decimal(3), "用途": "新"}
    ),
    "outside the table": lambda d: d.update(填报人="张三"),
    "awkward characters": lambda d: d["年度工作任务"].append("<w:ins> & ]]> {{ x }} 𠮷\n第二行"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", EDITS)
def test_it_is_proven_both_ways(name):
    old, new = versions(EDITS[name])
    content = redline(old, new, AUTHOR, DATE)
    assert content == redline(old, new, AUTHOR, DATE), "the same bytes each time"
    backwards = redline(new, old, AUTHOR, DATE)
    for one in (content, backwards):
        tree = document(one)
        marks = list(tree.iter(f"{W}ins", f"{W}del"))
        ids = [mark.get(f"{W}id") for mark in marks]
        assert marks and len(ids) == len(set(ids))
        assert {(mark.get(f"{W}author"), mark.get(f"{W}date")) for mark in marks} == {(AUTHOR, DATE)}


def document(content: bytes):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert len(set(package.namelist())) == len(package.namelist())
        return etree.fromstring(package.read("word/document.xml"))


def random_edit(values, rng: random.Random) -> None:
    yearly = block(values)
    for _ in range(rng.randint(1, 6)):
        group = rng.choice([name for name in yearly if name != "目标"])
        inner = yearly[group]
        rows = inner[rng.choice(list(inner))]
        end = rng.choice([0, len(rows)])
        kind = rng.randrange(6)
        if kind == 0:
            rng.choice(rows)["指标值"] = rng.choice(["≥98%", "≤3项", "规范"])
        elif kind == 1 and len(rows) > 1:
            rows.pop(rng.randrange(len(rows)))
        elif kind == 2:
            rows.insert(end, row(f"新{rng.random():.3f}"))
        elif kind == 3 and len(inner) > 1:
            inner.pop(rng.choice(list(inner)))
        elif kind == 4:
            at_front(inner, f"新组{rng.random():.3f}", [row("甲") for _ in range(rng.randint(1, 3))])
        elif len(yearly) > 3:
            yearly.pop(group)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_random_edits_are_proven_both_ways(seed):
    rng = random.Random(seed)
    before = data()
    if seed % 2:
        random_edit(before, rng)
    after = data()
    random_edit(after, rng)
    assert redline(official(before), official(after), AUTHOR, DATE)


def test_nothing_changed_is_marked_nowhere():
    old, new = versions(lambda d: None)
    assert not list(document(redline(old, new, AUTHOR, DATE)).iter(f"{W}ins", f"{W}del"))


def test_one_value_is_one_deletion_and_one_insertion():
    old, new = versions(EDITS["a value"])
    tree = document(redline(old, new, AUTHOR, DATE))
    gone = ["".join(mark.itertext()) for mark in tree.iter(f"{W}del")]
    come = ["".join(mark.itertext()) for mark in tree.iter(f"{W}ins")]
    assert (len(gone), come) == (1, ["≥99%"])
    assert gone[0].startswith("≥") and gone[0].endswith("%")


def test_a_group_keeps_its_first_row_when_its_first_target_goes():
    old, new = versions(EDITS["first row of an inner group goes"])
    steps = align(old.table.rows, new.table.rows)
    single = [step for step in steps if step.new is None]
    assert len(single) == 1 and not [step for step in steps if step.old is None]
    assert old.table.rows[single[0].old].continued, "what goes is a row that goes on, not the one with the label"


def test_a_unit_that_is_new_or_gone_is_marked_as_a_whole():
    report = official(data())
    for old, new, mark in ((None, report, "ins"), (report, None, "del")):
        tree = document(redline(old, new, AUTHOR, DATE))
        assert all(tr.find(f"{W}trPr/{W}{mark}") is not None for tr in tree.iter(f"{W}tr"))


def test_a_redline_that_does_not_resolve_is_not_returned(monkeypatch):
    old, new = versions(EDITS["a value"])
    monkeypatch.setattr(write, "align", lambda old, new: align(old, new)[:-1])
    with pytest.raises(ProofError):
        redline(old, new, AUTHOR, DATE)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("≥95%", "≥98%", "-≥95%+≥98%"),
        ("规范", "较规范", "+较=规范"),
        ("完成40个站", "完成45个站", "=完成-40+45=个站"),
        ("", "新", "+新"),
        ("旧", "", "-旧"),
        ("同", "同", "=同"),
        ("", "", ""),
        ("做好档案接收征集，按计划接收18家单位档案。", "做好档案接收征集，按计划接收20家单位的档案。", None),
    ],
)
def test_fragments_are_readable_and_complete(old, new, wanted):
    found = fragments(old, new)
    assert "".join(f.text for f in found if f.kind != "ins") == old
    assert "".join(f.text for f in found if f.kind != "del") == new
    if wanted is not None:
        assert "".join({"same": "=", "del": "-", "ins": "+"}[f.kind] + f.text for f in found) == wanted


MACRO = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub ResolveAll(folder As String, count As Integer)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName" : filter(0).Value = "MS Word 2007 XML"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  For number = 0 To count - 1
    For each word In Array("Accept", "Reject")
      document = StarDesktop.loadComponentFromURL(folder &amp; "/" &amp; number &amp; ".docx", "_blank", 0, hidden())
      command = ".uno:" &amp; word &amp; "AllTrackedChanges"
      dispatcher.executeDispatch(document.CurrentController.Frame, command, "", 0, Array())
      document.storeToURL(folder &amp; "/" &amp; number &amp; word &amp; ".docx", filter())
      document.close(True)
    Next
  Next
End Sub
</script:module>
"""
LIBRARY = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""


def test_libreoffice_accepts_and_rejects_to_the_same_forms(soffice, tmp_path):
    profile = tmp_path / "profile"
    office = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    subprocess.run([*office, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    library = profile / "user/basic/Standard"
    library.mkdir(parents=True, exist_ok=True)
    (library / "Module1.xba").write_text(MACRO, "utf-8")
    (library / "script.xlb").write_text(LIBRARY, "utf-8")
    folder = tmp_path / "redlines"
    folder.mkdir()
    pairs = [versions(edit) for edit in EDITS.values()]
    for number, (old, new) in enumerate(pairs):
        (folder / f"{number}.docx").write_bytes(redline(old, new, AUTHOR, DATE))
    macro = f"macro:///Standard.Module1.ResolveAll({folder.as_uri()},{len(pairs)})"
    subprocess.run([*office, macro], check=True, capture_output=True, timeout=300)
    for number, (name, (old, new)) in enumerate(zip(EDITS, pairs, strict=True)):
        for word, report in (("Accept", new), ("Reject", old)):
            assert cells(folder / f"{number}{word}.docx") == printed(report), f"{name}: {word}"


def cells(path: Path):
    outside, rows = docx_cells.read_cells(path.read_bytes())
    table = [[(c.column, c.colspan, c.text) for c in physical if not c.continues] for physical in rows]
    return [text for text in outside if text], table


def printed(report):
    table = report.table
    outside = [one.text for one in (*table.above, *table.below) if one.text]
    return outside, [[(c.column, c.colspan, c.text) for c in one.cells] for one in table.rows]
