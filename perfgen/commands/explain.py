"""`perfgen explain`: a rule in full, and what came of it in a file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence

from perfgen.build import made_from
from perfgen.build.made_from import Sources
from perfgen.check import engine_rules, explanation, loading, reference_words, rule_book
from perfgen.findings import FormError, UsageError
from perfgen.form import forms
from perfgen.form.nearest import nearest
from perfgen.project.arguments import chosen_files, open_project
from perfgen.project.layout import SUFFIX, DataFile
from perfgen.project.snapshot import Project
from perfgen.report import site
from perfgen.review import rules as comparison_rules
from perfgen.system import console, write

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
    parser.add_argument("--form", metavar="表名", help="哪张表的规则；只有一张表有这条，或者写了数据文件，就不用写")
    parser.add_argument("--book", action="store_true", help="输出整本规则说明（Markdown）")
    parser.add_argument("--write", action="store_true", help="和 --book 一起：每张表一本，写进 docs/（make rules）")


def run(options: argparse.Namespace) -> int:
    """Prints what a rule, or the whole book, says; writes nothing but the books, where it is asked to."""
    project = open_project(options.directory)
    if options.rule and options.rule.endswith(SUFFIX):
        for file in chosen_files(project, options.directory, [options.rule, *options.files]):
            console.say("\n".join(_sources(project, file)))
        return 0
    if options.book and options.write:
        return _write_books(project)
    if options.book:
        console.say(rule_book.book(forms.chosen(project, options.form)).rstrip("\n"))
        return 0
    files = chosen_files(project, options.directory, options.files) if options.files else []
    if options.rule is None:
        _list_rules([forms.chosen(project, options.form)] if options.form else forms.loaded(project))
        return 0
    for form, its_files in _forms(project, options, files):
        _explain(options.rule, form, its_files, project)
    return 0


def _write_books(project: Project) -> int:
    """Writes the book of each form that has rules, in place of the one that was there.

    A form that cannot be read keeps its old book, and is told after the others were written: then 2.
    """
    found, broken = rule_book.books(project)
    for path, text in found.items():
        write.replace(project.root / path, text.encode(), top=project.root)
        console.say(path)
    if broken:
        raise FormError(broken)
    if not found:
        console.say("没有一张表写了规则，没有写说明。")
    return 0


def _list_rules(listed: Sequence[forms.Form]) -> None:
    """Lists all rules of some forms, below the name of each where there are several."""
    for form in listed:
        if len(listed) > 1:
            console.say(f"{form.name}  {form.title}")
        every = [(one.id, one.level, one.name) for one in form.rules.rules.values()]
        every += [(one.id, one.level, one.name) for one in form.rules.all_units.values()]
        for number, level, name in every:
            console.say(f"{number:6}{level.value}  {name}")


def _forms(
    project: Project, options: argparse.Namespace, files: Sequence[DataFile]
) -> list[tuple[forms.Form, list[DataFile]]]:
    """The forms whose rule is meant, each with its files: the form named, that of each file, or the one that has it.

    Raises UsageError where several forms have such a rule and none is named, and for a file whose form has none.
    """
    if options.form:
        return [(forms.chosen(project, options.form), list(files))]
    known = forms.loaded(project)
    having = [form for form in known if _has(form, options.rule)]
    if not files:
        if len(having) > 1 and not _is_shared(having, options.rule):
            raise UsageError(
                f"{options.rule} 在几张表里都有：{_named(having)}。用 --form 写明是哪一张，或者写上数据文件。"
            )
        if len(having) > 1:
            console.say(f"几张表合用：{_named(having)}。下面是 {having[0].name} 的，别的写 --form。")
            return [(having[0], [])]
        return [(form, []) for form in having or known[:1]]
    found: dict[str, list[DataFile]] = {}
    for file in files:
        form = loading.filing(project, file).form
        if having and not _has(form, options.rule):
            raise UsageError(f"{file} 用的表没有 {options.rule}；有的是 {'、'.join(one.name for one in having)}。")
        found.setdefault(form.name, []).append(file)
    return [(forms.chosen(project, name), its_files) for name, its_files in found.items()]


def _is_shared(having: Iterable[forms.Form], rule: str) -> bool:
    """Whether a rule is the same one in several forms, which include the file that it stands in."""
    places = {form.rules.rules[rule].place if rule in form.rules.rules else None for form in having}
    return len(places) == 1 and None not in places


def _named(known: Iterable[forms.Form]) -> str:
    return "、".join(form.name for form in known)


def _has(form: forms.Form, rule: str) -> bool:
    return rule in form.rules.rules or rule in form.references or rule in form.rules.all_units


def _explain(rule: str, form: forms.Form, files: Sequence[DataFile], project: Project) -> None:
    """Says what a rule or a reference of a form is, and what came of it in some files."""
    if rule in form.rules.rules:
        formulas = {figure.path: figure.formula for figure in form.figures.figures}
        found = form.rules.rules[rule]
        console.say("\n".join([*explanation.explain_rule(found, formulas), *explanation.explain_answer(found, form)]))
        _explain_in_files(rule, files, project)
    elif rule in form.references:
        console.say("\n".join(reference_words.explain_reference(form.references[rule])))
        for file in files:
            _explain_reference_in(rule, file, project)
    elif rule in form.rules.all_units:
        console.say("\n".join(explanation.explain_all_units(form.rules.all_units[rule], form)))
    else:
        console.say("\n".join(_of_no_form(rule, forms.loaded(project))))


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


def _of_no_form(rule: str, known: Sequence[forms.Form]) -> Iterator[str]:
    """What an id means that no form declares: perfgen's own, or a rule about changes.

    Raises UsageError for an id that is no rule at all.
    """
    change_rule = comparison_rules.EXPLAINED.get(rule)
    if change_rule:
        yield f"{change_rule.id} {change_rule.level.value} {re.sub(r'{[a-z_]+}', '…', change_rule.about)}"
        yield f"  为什么：{change_rule.why}"
        reasons = next(filter(None, (form.fields.find_role("reasons") for form in known)), "理由")
        yield f"  怎样改：{change_rule.remedy.format(field=reasons, name='名称')}"
        asked = next((kind.value for kind, one in comparison_rules.WANTS_REASON.items() if one is change_rule), "")
        if others := dict.fromkeys(one for form in known for one in form.rules.asking(asked)):
            yield f"  这一条理由同时答复：{'、'.join(others)}。"
        return
    meaning = engine_rules.meaning_of(rule)
    if meaning is None:
        declared = [number for form in known for number in (*form.rules.rules, *form.rules.all_units)]
        all_ids = [*dict.fromkeys(declared), *comparison_rules.EXPLAINED, *engine_rules.RULES]
        same = next((f"是不是“{known}”？" for known in all_ids if known.casefold() == rule.casefold()), "")
        raise UsageError(f"没有 {rule} 这条规则。{same or nearest(rule, all_ids)}")
    yield f"{rule} {meaning}"
