"""Tells which form a filled-in file is: the one it names, or the one whose template fits best."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.form.forms import Form
from perfgen.importing.folding import shortened
from perfgen.importing.matching.columns import learn
from perfgen.importing.matching.fit import is_whole
from perfgen.importing.matching.match import MANY_ROWS, Match, match, match_within
from perfgen.importing.matching.pattern import Pattern
from perfgen.importing.matching.score import Scorer
from perfgen.importing.paper.word_package import refuse
from perfgen.importing.paper.word_table import FormRow, WordForm
from perfgen.project import invocation
from perfgen.project.snapshot import Project
from perfgen.report.report import TABLE_TEMPLATE
from perfgen.table import template
from perfgen.table.referred_names import with_references
from perfgen.table.template import TemplateTable

_RECOGNISED = 2.0
"""A row of headings that costs less is recognised: some are reworded, but none is missing or is another one."""
_LEAST_SHARE = Fraction(1, 3)
"""The share of the rows of headings that a file must have: people drop or reword sections, but not most of them."""

_FIRST_ROWS = 400
"""So many rows tell which form a longer file is."""
_NAMED = 3
"""How many rows are named that are not the form's."""


def _forms(project: Project, wanted: str | None) -> list[Form]:
    """The forms a Word file may be: the one that was named, or all that have a Word template."""
    candidates = [forms.chosen(project, wanted)] if wanted else forms.loaded(project)
    return [form for form in candidates if project.holds(form.template(TABLE_TEMPLATE))]


def prepare(project: Project, wanted: str | None) -> None:
    """Makes ready, once for a project, what every Word file is matched with. Raises FormError and UsageError."""
    for form in _forms(project, wanted):
        project.once(_scorer, form)


def form_named(project: Project, wanted: str | None, texts: set[str]) -> Form:
    """The one form whose name is among some texts, or that the order names.

    Raises UsageError where there is none, or several.
    """
    candidates = [form for form in _forms(project, wanted) if wanted or form.name in texts]
    if len(candidates) != 1:
        raise UsageError("看不出是哪张表；用 --form 写明。")
    return candidates[0]


@dataclass(frozen=True)
class MatchedForm:
    """A form, and how the rows of a Word file fit its Word template."""

    form: Form
    scorer: Scorer
    match: Match

    @property
    def template(self) -> TemplateTable:
        """What its Word template prints."""
        return self.scorer.pattern.template

    @property
    def headed(self) -> set[int]:
        """The numbers of the template's rows that have a heading."""
        return {number for number, cells in self.scorer.cells.items() if any(cell.heading for cell in cells)}

    @property
    def recognised(self) -> set[int]:
        """Those of the rows with a heading that the file has."""
        placed = {row.spot.number for row in self.match.placed if row.cost < _RECOGNISED}
        return placed & self.headed


def matched(word: WordForm, project: Project, wanted: str | None) -> MatchedForm:
    """The form whose template fits best, and how it fits.

    Raises DataError when none does, UsageError where the project has no form with a Word template.
    """
    known = _forms(project, wanted)
    if not known:
        raise UsageError(f"项目里没有带 {TABLE_TEMPLATE} 的表。")
    if len(known) > 1 and len(word.rows) > _FIRST_ROWS:
        known = [_likeliest(known, word, project)]
    best = _by_columns(_best(known, word, project), word)
    headed, recognised = len(best.headed), len(best.recognised)
    if not best.match.placed or recognised < _LEAST_SHARE * headed:
        if word.holder:
            raise refuse(
                word.file, "import-form", f"表格套在{word.holder}里，取出来再导入。",
                "在 Word 里选中里面的表格，剪切，粘贴到正文里；原来外面的那个删掉。",
            )  # fmt: skip
        where = (
            f"表头只有 {recognised} 行对得上，应该有 {headed} 行{_other_rows(best)}" if word.rows else "里面没有表格"
        )
        command = invocation.command("new", "年度", "单位", "--form", best.form.name)
        hint = f"别处的样子读不了：用 {command} 做一份，照着填。" if wanted else "核对文件；别的表用 --form 写明表名。"
        raise refuse(word.file, "import-form", f"这不是《{best.form.title}》：{where}。", hint)
    return best


def _best(known: list[Form], word: WordForm, project: Project) -> MatchedForm:
    """The form of some that a file fits best, and how; the first of those that it fits alike.

    That with the most headings of the file is tried first: the others are given up where they cost more.
    """
    tried = [project.once(_scorer, form) for form in known]
    texts = {cell.key for row in word.rows for cell in row.cells}
    likeliest_first = sorted(range(len(tried)), key=lambda number: -len(texts & tried[number].headings))
    best: tuple[float, int, Match] | None = None
    for number in likeliest_first:
        found = match_within(word.rows, tried[number], best[0] if best else math.inf)
        if found is not None and (best is None or (found.cost, number) < best[:2]):
            best = (found.cost, number, found)
    assert best is not None, "the first costs no more than any cost"
    return MatchedForm(known[best[1]], tried[best[1]], best[2])


def _likeliest(known: list[Form], word: WordForm, project: Project) -> Form:
    """The form that the first rows of a long file fit best: to try all its rows with each form would take long."""
    return _best(known, replace(word, rows=word.rows[:_FIRST_ROWS]), project).form


def _other_rows(matched: MatchedForm) -> str:
    """The first rows of a file that are no row of headings of the form, in words."""
    known = {placed.row for placed in matched.match.placed if placed.spot.number in matched.recognised}
    rows = [*(placed.row for placed in matched.match.placed), *matched.match.unplaced]
    others = sorted({row for row in rows if row not in known and not row.is_blank}, key=lambda row: row.number)
    named = "，".join(f"第 {row.number} 行“{_first_text(row)}”" for row in others[:_NAMED])
    return f"；对不上的：{named}{' 等' if len(others) > _NAMED else ''}" if named else ""


def _first_text(row: FormRow) -> str:
    return next(shortened(cell.text, 12) for cell in row.cells if cell.text and not cell.continues)


def _scorer(project: Project, form: Form) -> Scorer:
    """What fits rows to the Word template of a form."""
    table = template.read_template(project, form.template(TABLE_TEMPLATE))
    return Scorer(Pattern(table), with_references(project, form))


def _by_columns(matched: MatchedForm, word: WordForm) -> MatchedForm:
    """The same file matched again by its columns, which the rows tell that fit; as it was, where all rows fit.

    Files of very many rows are matched once, so that the time it takes is bounded.
    """
    if len(word.rows) > MANY_ROWS:
        return matched
    rows = [(placed.row, placed.fit.pairs) for placed in matched.match.placed]
    columns = learn(rows, word.grids, matched.template.widths)
    if not matched.match.unplaced and all(columns.agree(row, pairs) and is_whole(pairs) for row, pairs in rows):
        return matched
    scorer = matched.scorer.with_columns(columns)
    return replace(matched, scorer=scorer, match=match(word.rows, scorer))
