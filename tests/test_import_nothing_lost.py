"""Whatever happens to a form, no word of it is dropped in silence, and nothing fails with a traceback."""

from __future__ import annotations

import copy
import functools
import random
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfgen.build import job
from perfgen.display import show
from perfgen.findings import DataError
from perfgen.importing import import_file
from perfgen.importing.folding import folded
from perfgen.importing.paper import word_table
from perfgen.project.layout import DataFile
from perfgen.render import docx
from perfgen.report import site
from perfgen.report.report import Edition
from tests.conftest import REPOSITORY
from tests.helpers.projects import snapshot
from tests.helpers.sheet import Sheet, W, run

SOURCE = "data/2025/示例市档案馆.yaml"
_HEADS = {3, 15, 22, 44, 45, 46}


@functools.cache
def clean() -> bytes:
    """The form of a sample, as it is made."""
    return docx.render(job.reports(snapshot(REPOSITORY), DataFile.at(SOURCE), site.Site({}))[1][Edition.OFFICIAL])


@functools.cache
def fixed() -> frozenset[str]:
    """What the form prints whatever the data says."""
    rows = word_table.read_word_form(clean(), "x").rows
    return frozenset(
        cell.key
        for row in rows
        for cell in (row.cells if row.number in _HEADS else row.cells[:3])
        if row.number in _HEADS or row.number < 22 or row.number == 43
    )


def leaves(node):
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from leaves(value)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value)
    elif node is not None:
        yield show(node)


def mutilate(sheet: Sheet, chance: random.Random) -> None:
    """Does one thing to a form that a person, or a program, might do."""
    rows = sheet.table.findall(f"{W}tr")
    row = chance.choice(rows)
    cells = row.findall(f"{W}tc")
    cell = chance.choice(cells) if cells else None
    other = chance.choice(chance.choice(rows).findall(f"{W}tc") or [None])
    deed = chance.randrange(11)
    if deed == 0 and len(rows) > 5:
        sheet.table.remove(row)
    elif deed == 1:
        row.addnext(copy.deepcopy(row))
    elif deed == 2:
        chance.choice(rows).addnext(row)
    elif cell is None:
        return
    elif deed == 3 and len(cells) > 1:
        row.remove(cell)
    elif deed == 4:
        cell.addnext(copy.deepcopy(cell))
    elif deed == 5 and other is not None:
        chance.choice(rows).append(copy.deepcopy(other))
    elif deed == 6:
        for merge in list(cell.iter(f"{W}vMerge")):
            merge.getparent().remove(merge)
    elif deed == 7 and cell.find(f"{W}tcPr") is not None:
        for merge in list(cell.iter(f"{W}vMerge")):
            merge.getparent().remove(merge)
        merge = cell.find(f"{W}tcPr").makeelement(f"{W}vMerge", {f"{W}val": "continue"})
        cell.find(f"{W}tcPr").append(merge)
    elif deed in (8, 9):
        paragraph = cell.find(f"{W}p")
        words = ["无名之语", "１２，３４５", "合计", "三级指标", "（一）另一项", "100%", "  ", "—"]
        paragraph.append(run(chance.choice(words) + str(chance.randrange(1000))))
    else:
        for text in list(cell.iter(f"{W}t")):
            text.text = ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9), st.integers(1, 6))
def test_no_word_is_lost_in_silence(seed, deeds):
    sheet = Sheet(clean())
    chance = random.Random(seed)
    for _ in range(deeds):
        mutilate(sheet, chance)
    content = sheet.save()
    try:
        imported = import_file.import_form(
            content, "x.docx", import_file.ImportOrder(snapshot(REPOSITORY), form="department-target", year=2025)
        )
    except DataError as error:
        assert "这不是《" in str(error)
        return
    imported.checked(imported.text("../../"), SOURCE, snapshot(REPOSITORY))
    held = folded(" ".join(leaves(imported.data)))
    told = {finding.place.line for finding in imported.notes}
    for finding in imported.notes:
        for first, last in re.findall(r"第 (\d+) 到 (\d+) 行", finding.message):
            told |= set(range(int(first), int(last) + 1))
        # where only blanks went, cells are named in a list
        told |= {int(number) for number in re.findall(r"表格第 (\d+) 行", finding.message)}
    for row in word_table.read_word_form(content, "x").rows:
        for cell in row.cells:
            if cell.continues or row.number in told:
                continue
            for line in cell.paragraphs:
                words = re.sub(r"\A(?:(?:目标)?\d+[.:]|\([一二三四五六七八九十]+\))", "", folded(line.text))
                known = not words or words in held or words in fixed() or cell.key in fixed()
                computed = re.fullmatch(r"[\d.]+%|20\d\d年", words) or "截止" in words
                assert known or computed, (row.number, cell.text, imported.notes)
