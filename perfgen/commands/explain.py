"""`perfgen explain`: a rule in full, and what came of it in a file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

from perfgen.build import made_from
from perfgen.build.made_from import Sources
from perfgen.check import engine_rules, explanation, loading, reference_words, rule_book
from perfgen.findings import UsageError
from perfgen.form import forms
from perfgen.form.nearest import nearest
from perfgen.project.arguments import chosen_files, open_project
from perfgen.project.layout import SUFFIX, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review import rules as comparison_rules
from perfgen.system import console

HELP = "把一条规则说完整；给出文件，就说它在那里的结果和用到的数"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "rule",
        nargs="?",
        metavar="编号",
        help="规则的编号，例如 A08；不写就列出全部。写数据文件，就说它的成品由什么做成",
    )
    parser.add_argument("files", nargs="*", metavar="文件", help="用在这些数据文件上")
    parser.add_argument("--form", metavar="表名", help="哪张表的规则；只有一张表时不用写")
    parser.add_argument("--book", action="store_true", help="输出整本规则说明（Markdown）")


def run(options: argparse.Namespace) -> int:
    """Prints what a rule, or the whole book, says; changes nothing."""
    project = open_project(options.directory)
    if options.rule and options.rule.endswith(SUFFIX):
        for file in chosen_files(project, options.directory, [options.rule, *options.files]):
            console.say("\n".join(_sources(project, file)))
        return 0
    form = forms.chosen(project, options.form)
    if options.book:
        console.say(rule_book.book(form).rstrip("\n"))
        return 0
    rules = form.rules.rules
    if options.rule is None:
        every = [(one.id, one.level, one.name) for one in rules.values()]
        every += [(one.id, one.level, one.name) for one in form.rules.all_units.values()]
        for number, level, name in every:
            console.say(f"{number:6}{level.value}  {name}")
    elif options.rule in rules:
        formulas = {figure.path: figure.formula for figure in form.figures.figures}
        rule = rules[options.rule]
        console.say("\n".join([*explanation.explain_rule(rule, formulas), *explanation.explain_answer(rule, form)]))
        files = chosen_files(project, options.directory, options.files) if options.files else []
        _explain_in_files(options.rule, files, project)
    elif options.rule in form.references:
        console.say("\n".join(reference_words.explain_reference(form.references[options.rule])))
        for file in chosen_files(project, options.directory, options.files) if options.files else []:
            _explain_reference_in(options.rule, file, project)
    elif options.rule in form.rules.all_units:
        console.say("\n".join(explanation.explain_all_units(form.rules.all_units[options.rule], form)))
    else:
        console.say("\n".join(_of_no_form(options.rule, form)))
    return 0


def _sources(project: Project, file: DataFile) -> Iterator[str]:
    """What the outputs of a data file are made from. Raises DataError where it names no form."""
    form = loading.filing(project, file).form
    yield from made_from.in_words(Sources(project, site.load_site(project)).made_from(file, form))


def _explain_in_files(rule: str, files: Iterable[DataFile], project: Project) -> None:
    """Says what came of a rule in some files. Raises UsageError for a file whose form has no such rule."""
    for file in files:
        filing = loading.well_formed(project, file)
        if rule not in filing.form.rules.rules:
            raise UsageError(f"{file} 用的表没有 {rule} 这条规则。")
        console.say("\n".join(explanation.explain_verdicts(filing.form.rules.rules[rule], filing)))


def _explain_reference_in(name: str, file: DataFile, project: Project) -> None:
    """Says which files a reference finds in a file. Raises UsageError for a file whose form has no such reference."""
    filing = loading.filing(project, file)
    if name not in filing.form.references:
        raise UsageError(f"{file} 用的表没有“{name}”这个引用。")
    console.say("\n".join([f"{file}：", *reference_words.explain_found(filing, name)]))


def _of_no_form(rule: str, form: forms.Form) -> Iterator[str]:
    """What an id means that no form declares: perfgen's own, or a rule about changes.

    Raises UsageError for an id that is no rule at all.
    """
    change_rule = comparison_rules.EXPLAINED.get(rule)
    if change_rule:
        yield f"{change_rule.id} {change_rule.level.value} {re.sub(r'{[a-z_]+}', '…', change_rule.about)}"
        yield f"  为什么：{change_rule.why}"
        reasons = form.fields.find_role("reasons") or "理由"
        yield f"  怎样改：{change_rule.remedy.format(field=reasons, name='名称')}"
        asked = next((kind.value for kind, one in comparison_rules.WANTS_REASON.items() if one is change_rule), "")
        if others := form.rules.asking(asked):
            yield f"  这一条理由同时答复：{'、'.join(others)}。"
        return
    meaning = engine_rules.meaning_of(rule)
    if meaning is None:
        all_ids = [*form.rules.rules, *form.rules.all_units, *comparison_rules.EXPLAINED, *engine_rules.RULES]
        same = next((f"是不是“{known}”？" for known in all_ids if known.casefold() == rule.casefold()), "")
        raise UsageError(f"没有 {rule} 这条规则。{same or nearest(rule, all_ids)}")
    yield f"{rule} {meaning}"
