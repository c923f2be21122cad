"""`perfgen explain`: a rule in full, and what came of it in a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from perfgen.check import engine_rules, explanation, loading, rule_book
from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.nearest import nearest
from perfgen.project.arguments import chosen_files, open_project
from perfgen.review import rules as comparison_rules
from perfgen.system import console

HELP = "把一条规则说完整；给出文件，就说它在那里的结果和用到的数"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("rule", nargs="?", metavar="编号", help="规则的编号，例如 A08；不写就列出全部")
    parser.add_argument("files", nargs="*", metavar="文件", help="用在这些数据文件上")
    parser.add_argument("--form", metavar="表名", help="哪张表的规则；只有一张表时不用写")
    parser.add_argument("--book", action="store_true", help="输出整本规则说明（Markdown）")


def run(options: argparse.Namespace) -> int:
    """Explains; never changes anything."""
    project = open_project(options.directory)
    form = forms.chosen(project, options.form)
    if options.book:
        console.say(rule_book.book(form).rstrip("\n"))
        return 0
    known = form.rules.rules
    if options.rule is None:
        for rule in known.values():
            console.say(f"{rule.id:6}{rule.level.value}  {rule.name}")
        return 0
    if options.rule not in known:
        console.say("\n".join(_of_no_form(options.rule, form)))
        return 0
    formulas = {figure.path: figure.formula for figure in form.figures.figures}
    console.say("\n".join(explanation.explain_rule(known[options.rule], formulas)))
    for file in chosen_files(project, options.directory, options.files) if options.files else ():
        filing = loading.well_formed(project, file)
        if options.rule not in filing.form.rules.rules:
            raise UsageError(f"{file} 用的表没有 {options.rule} 这条规则。")
        console.say("\n".join(explanation.explain_verdicts(filing.form.rules.rules[options.rule], filing)))
    return 0


def _of_no_form(rule: str, form: forms.Form) -> Iterator[str]:
    """What an id means that no form declares: perfgen's own, or a rule about changes."""
    about = comparison_rules.RULES.get(rule)
    if about:
        yield f"{about.id} {about.level.value} {about.about.replace('{name}', '…')}"
        yield f"  为什么：{about.why}"
        yield f"  怎样改：{about.remedy.format(field=form.fields.find_role('reasons') or '理由', name='名称')}"
        return
    meaning = engine_rules.meaning_of(rule)
    if meaning is None:
        known = [*form.rules.rules, *comparison_rules.RULES, *engine_rules.RULES]
        raise UsageError(f"没有 {rule} 这条规则。{nearest(rule, known)}")
    yield f"{rule} {meaning}"
