"""Paging is arithmetic: headings stay with rows, sections repeat theirs, labels and prose go on."""

from __future__ import annotations

import pytest

from perfgen.table.headers import headers, sections
from perfgen.table.measure import MeasuredPiece, Measures, breakable
from perfgen.table.model import Cell, PageSetup, Table, TableRow
from perfgen.table.paginate import paginate
from perfgen.table.sheet import with_breaks

PAGE = PageSetup(11906, 16838, 1000, 1000, 1000, 1000)
LINE, LABEL = 10.0, 30.0


def table(*rows: list[tuple], splits: set[int] = frozenset(), keeps: set[int] = frozenset()) -> Table:
    """A table from rows of (column, rowspan, kind, text); all columns are one wide."""
    made = []
    standing: dict[int, int] = {}
    for number, row in enumerate(rows):
        cells = tuple(Cell(number, c, span, 1, kind, tuple(text.split("\n")), ()) for c, span, kind, text in row)
        continued = tuple(sorted(c for c, end in standing.items() if end > number))
        standing |= {cell.column: number + cell.rowspan for cell in cells}
        made.append(TableRow(cells, continued, number in splits, number in keeps))
    return Table((), tuple(made), (), (1000,) * 4, PAGE)


def measures(one: Table, heights: dict[int, float] | None = None, above: float = 0.0) -> Measures:
    """Rows of 10, labels said again of 30, prose of one piece a line."""
    heights = heights or {}
    pieces = {}
    rows = []
    for number, row in enumerate(one.rows):
        height = heights.get(number, 10.0)
        for cell in row.cells:
            if breakable(one, cell):
                top = 0.0
                paragraphs = []
                for paragraph in cell.paragraphs:
                    parts = [*paragraph.split("|"), ""]
                    paragraphs.append(
                        tuple(MeasuredPiece(p, top + min(i, len(parts) - 2) * LINE) for i, p in enumerate(parts))
                    )
                    top += LINE * (len(parts) - 1)
                pieces[(number, cell.column)] = tuple(paragraphs)
                height = max(height, top)
        rows.append(height)
    labels = {
        (c.row, c.column): LABEL
        for c in one.cells()
        if c.kind in ("header", "group") and (c.rowspan > 1 or one.rows[c.row].splits)
    }
    return Measures(above, tuple(rows), labels, pieces, LINE)


def laid(one: Table, height: float, **options):
    """Pages as lists of rows; a row as its number and its cells' texts, + for what is said again."""
    sheet = paginate(one, measures(one, **options), height)
    return [[(row.row, [_text(cell) for cell in row.cells]) for row in page.rows] for page in sheet.pages]


def _text(cell) -> str:
    text = "/".join("".join(s.text for s in paragraph) for paragraph in cell.paragraphs)
    return ("+" if cell.again else "") + ("~" if cell.joins else "") + text + ("…" if cell.continued else "")


SECTION = table(
    [(0, 7, "header", "节"), (1, 1, "header", "组"), (2, 1, "header", "名")],
    [(1, 4, "group", "甲"), (2, 1, "name", "1")],
    [(2, 1, "name", "2")],
    [(2, 1, "name", "3")],
    [(2, 1, "name", "4")],
    [(1, 2, "group", "乙"), (2, 1, "name", "5")],
    [(2, 1, "name", "6")],
    keeps={0},
)  # fmt: skip


def test_what_fits_is_one_page():
    assert len(laid(SECTION, 70)) == 1


def test_a_section_repeats_its_headings_and_its_labels_go_on():
    assert laid(SECTION, 50) == [
        [(0, ["节", "组", "名"]), (1, ["甲", "1"]), (2, ["2"]), (3, ["3"]), (4, ["4"])],
        [(0, ["+节…", "+组", "+名"]), (5, ["乙", "5"]), (6, ["6"])],
    ]
    first, second, _ = laid(SECTION, 40)
    assert first == [(0, ["节", "组", "名"]), (1, ["甲", "1"]), (2, ["2"]), (3, ["3"])]
    assert second[:2] == [(0, ["+节…", "+组", "+名"]), (4, ["+甲…", "4"])]


def test_a_label_that_goes_on_has_room():
    """The one row left of a group is as tall as the label said again over it."""
    pages = laid(SECTION, 40)
    assert [[row for row, _ in page] for page in pages] == [[0, 1, 2, 3], [0, 4], [0, 5, 6]]
    assert [[row for row, _ in page] for page in laid(SECTION, 45)] == [[0, 1, 2, 3], [0, 4], [0, 5, 6]]
    assert [[row for row, _ in page] for page in laid(SECTION, 60)] == [[0, 1, 2, 3, 4], [0, 5, 6]]


def test_a_heading_does_not_stand_at_a_foot():
    rows = [[(0, 1, "header", "甲"), (1, 1, "value", "1")]] * 3
    one = table(*rows, [(0, 2, "header", "节"), (1, 1, "header", "名")], [(1, 1, "name", "x")], keeps={3})
    assert [[row for row, _ in page] for page in laid(one, 40)] == [[0, 1, 2], [3, 4]]


def test_what_stands_above_takes_its_room():
    one = table(*[[(0, 1, "value", str(n))] for n in range(4)])
    assert [[row for row, _ in page] for page in laid(one, 30, above=10.0)] == [[0, 1], [2, 3]]


def prose(text: str, beside: str = "短", lead: int = 1) -> Table:
    rows = [[(0, 1, "value", "x")]] * lead
    return table(*rows, [(0, 1, "header", "文"), (1, 1, "value", text), (2, 1, "value", beside)], splits={lead})


def test_prose_breaks_between_paragraphs_and_its_label_goes_on():
    assert laid(prose("一|二\n三|四\n五|六", lead=1), 50) == [
        [(0, ["x"]), (1, ["文", "一二/三四", "短"])],
        [(1, ["+文…", "五六", ""])],
    ]


def test_prose_breaks_between_sentences_and_joins():
    pages = laid(prose("一|二|三|四|五|六", lead=2), 50)
    assert pages == [[(0, ["x"]), (1, ["x"]), (2, ["文", "一二", "短"])], [(2, ["+文…", "~三四五六", ""])]]


def test_no_single_line_at_a_foot():
    first = laid(prose("一|二|三|四|五", lead=3), 45)[0]
    assert [row for row, _ in first] == [0, 1, 2]


def test_no_single_line_at_a_head():
    """Six lines over a page of five: the page gives a second line away."""
    pages = laid(prose("一|二\n三|四\n五\n六", lead=1), 65)
    assert [cells[-2] for page in pages for row, cells in page if row == 1] == ["一二/三四", "五/六"]


def test_prose_over_many_pages_loses_nothing():
    text = "|".join(str(n % 10) for n in range(97))
    pages = laid(prose(text), 50)
    found = "".join(cells[1].lstrip("~") for page in pages for row, cells in page if row == 1)
    assert found == text.replace("|", "")
    assert len(pages) > 19


def test_a_row_that_must_not_break_moves_whole():
    one = table([(0, 1, "value", "a")], [(0, 1, "value", "b")])
    assert [[row for row, _ in page] for page in laid(one, 50, heights={0: 30, 1: 30})] == [[0], [1]]


def test_a_row_taller_than_a_page_is_broken_all_the_same():
    text = "|".join("字" * 10 for _ in range(20))
    one = table([(0, 1, "name", "名"), (1, 1, "value", text)])
    pages = laid(one, 100)
    assert len(pages) > 1
    assert pages[1][0][1][0] == "+"


@pytest.mark.parametrize("height", range(40, 120, 7))
def test_every_cell_stands_on_some_page_once(height):
    sheet = paginate(SECTION, measures(SECTION), height)
    own = [(c.cell.row, c.cell.column) for p in sheet.pages for r in p.rows for c in r.cells if not c.again]
    assert sorted(own) == sorted((cell.row, cell.column) for cell in SECTION.cells())
    for page in sheet.pages:
        for number, row in enumerate(page.rows):
            assert all(number + cell.rowspan <= len(page.rows) for cell in row.cells)


def test_headers_over_merged_groups():
    found = {cell.text: [header.text for header in above] for cell, above in headers(SECTION).items()}
    assert found["3"] == ["名", "节", "甲"]
    assert found["5"] == ["名", "节", "乙"]
    assert found["甲"] == ["组", "节"]
    assert found["节"] == []


def test_a_label_between_values_belongs_to_what_follows_it():
    row = [(0, 1, "header", "人"), (1, 1, "value", "甲"), (2, 1, "header", "电话"), (3, 1, "value", "110")]
    found = {cell.text: [header.text for header in above] for cell, above in headers(table(row)).items()}
    assert (found["甲"], found["110"]) == (["人"], ["电话"])


def test_a_section_ends_with_its_merged_cell():
    after = [(0, 1, "header", "另"), (1, 1, "value", "x"), (2, 1, "value", "y")]
    rows = [[(c.column, c.rowspan, c.kind, c.text) for c in row.cells] for row in SECTION.rows]
    one = table(*rows, after, keeps={0})
    from perfgen.table.sheet import covered

    assert sections(one, covered(one))[6:] == [(0,), ()]


@pytest.mark.parametrize(
    "text", ["普通的一句话，里面有 example.gov.cn 和 A4 纸。", "a" * 20, "档" * 400, "—" * 60, "…" * 60, ""]
)
def test_a_text_without_long_words_is_left_alone(text):
    assert with_breaks(text) == text


@pytest.mark.parametrize(
    "word",
    [
        "https://www.example.gov.cn/?q=a,b;c!d" + "%E6%A1%A3" * 40,
        "1" * 387,
        "！" * 60,
        "Ж" * 60,
        "a\u00a0" * 30,
    ],
)
def test_a_long_word_may_be_broken_anywhere(word):
    parts = with_breaks(f"见{word}档").split("\u200b")
    assert "".join(parts) == f"见{word}档"
    assert max(map(len, parts)) <= 2


def test_a_letter_and_its_marks_stay_together():
    assert with_breaks("e\u0301" * 30) == "\u200b".join(["e\u0301"] * 30)
