"""The rule book of a form as Markdown, made from its rules file and never written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from perfgen.check import engine_rules
from perfgen.check.explanation import explain_rule
from perfgen.data import path_text
from perfgen.findings import Finding, FormError, Level
from perfgen.form import forms
from perfgen.form.forms import RULES_SUFFIX, Form
from perfgen.form.formula_functions import FILTER_HELP, FUNCTIONS
from perfgen.form.rules import EARLIER
from perfgen.form.sentences import in_words
from perfgen.project.snapshot import Project

_WHAT_LEVELS_MEAN = {
    Level.ERROR: "要改正才能生成", Level.WARNING: "要改正，或写明理由", Level.NOTE: "只是提醒",
    Level.UNDECIDED: "要用的数没有，判断不了，另外列出",
}  # fmt: skip


BOOK, BOOKS = "docs/rules.md", "docs/rules"
"""Where the book of the only form is; where those of several are, which the page `BOOK` then lists."""


def books(project: Project) -> tuple[dict[str, str], list[Finding]]:
    """By path, the book of each form that has rules; and what is wrong with those that cannot be read."""
    names = forms.names(project)
    read: list[Form] = []
    broken: list[Finding] = []
    for name in names:
        try:
            form = forms.find(project, name)
        except FormError as error:
            broken += [finding for finding in error.findings if finding not in broken]
            continue
        if form and (form.rules.rules or form.rules.all_units or form.figures.figures):
            read.append(form)
    if len(names) == 1:
        return ({BOOK: book(read[0])} if read else {}), broken
    found = {f"{BOOKS}/{form.name}.md": book(form) for form in read}
    there = [name for name in names if f"{BOOKS}/{name}.md" in found or project.holds(f"{BOOKS}/{name}.md")]
    titles = {form.name: form.title for form in read}
    return found | ({BOOK: _contents(there, titles)} if there else {}), broken


_MADE = "每张表一本，由 `schema/` 里的规则文件生成（`make rules`），不要直接改。"


def _contents(names: Iterable[str], titles: Mapping[str, str]) -> str:
    """The page that lists the books of several forms."""
    lines = [f"- [{titles.get(name, name)}](rules/{name}.md)" for name in names]
    return "\n".join(["# 规则说明", "", f"{_MADE}每一本最后是公式里能用的函数。", "", *lines, ""])


def book(form: Form) -> str:
    """All rules, figures, parameters and functions of a form, with their formulas."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: Form) -> Iterator[str]:
    formulas = {figure.path: figure.formula for figure in form.figures.figures}
    rules = form.rules
    yield f"# {form.title}：规则说明"
    yield ""
    sources = [f"`{path}`" for path in form.files if path.endswith(RULES_SUFFIX)] or [
        f"`schema/{form.name}{RULES_SUFFIX}`"
    ]
    yield f"本页由 {'、'.join(sources)} 生成（`make rules`），不要直接改。看一条规则用在一个文件上的结果："
    yield "`make explain RULE=编号 FILE=文件`，没有 make 时 `perfgen explain 编号 文件`。"
    yield ""
    yield "级别：" + "；".join(f"**{level.value}** {text}" for level, text in _WHAT_LEVELS_MEAN.items()) + "。"
    yield ""
    yield "| 编号 | 级别 | 名称 | 怎样检查 |"
    yield "|---|---|---|---|"
    for rule in rules.rules.values():
        how = "公式" if rule.targets else "核对写出的合计" if rule.claims else rule.kept_by.partition("：")[0]
        yield f"| [{rule.id}](#{rule.id.lower()}) | {rule.level.value} | {_cell(rule.name)} | {_cell(how)} |"
    yield ""
    yield "## 规则"
    for rule in rules.rules.values():
        first, *rest = explain_rule(rule, formulas)
        yield f"\n### {rule.id}\n\n**{_plain(first.removeprefix(rule.id + ' '))}**\n"
        for line in rest:
            name, _, text = line.strip().partition("：")
            code = name in ("必须成立", "什么时候看", "其中", "核对", "不成立时说", "怎样改")
            yield (
                f"- {name}：`{text}`"
                if code and ("{{" in text or name not in ("不成立时说", "怎样改"))
                else f"- {line.strip()}"
            )
    yield "\n## 汇审\n\n同一年的全部单位放在一起看。\n\n| 编号 | 级别 | 名称 | 比较 | 依据 |\n|---|---|---|---|---|"
    for one in rules.all_units.values():
        yield f"| {one.id} | {one.level.value} | {_cell(one.name)} | {one.kind} | {_cell(one.source)} |"
    yield "\n## 计算\n\n| 数 | 公式 | 单位 |\n|---|---|---|"
    for figure in form.figures.figures:
        parts = "".join(f"；{name} = `{_cell(part.text)}`" for name, part in figure.where.items())
        yield f"| {path_text(figure.path)} | `{_cell(figure.formula.text)}`{parts} | {figure.unit} |"
    yield "\n## 参数\n\n| 名称 | 值 |\n|---|---|"
    for name, value in rules.parameters.items():
        yield f"| {name} | {_cell(in_words(value))} |"
    yield "\n## 方向\n\n名称以左边的字结尾的，常用右边的方向。\n\n| 名称结尾 | 方向 |\n|---|---|"
    for name, signs in rules.vocabulary.signs.items():
        yield f"| {name} | {'、'.join(signs)} |"
    yield "\n## 等级\n\n每行从好到差。\n"
    for scale in rules.vocabulary.grades:
        yield f"- {' > '.join(scale)}"
    yield "\n## 程序自己的编号\n\n不属于哪一张表，检查和生成时用。\n\n| 编号 | 意思 |\n|---|---|"
    for name, text in engine_rules.RULES.items():
        yield f"| {name} | {_cell(text)} |"
    yield "\n## 公式里可以用的\n\n" + "上年、前年的文件：" + "、".join(EARLIER) + "。常量：无、真、假。\n"
    yield "| 函数 | 作用 |\n|---|---|"
    for name, function in FUNCTIONS.items():
        yield f"| {name} | {_cell(function.help)} |"
    for name, text in FILTER_HELP.items():
        yield f"| \\| {name} | {_cell(text)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _plain(text: str) -> str:
    return text.replace("*", "\\*")
