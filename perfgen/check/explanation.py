"""One audit rule in full, as text; with a filing, what came of it there and by which figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from perfgen.check import reference_words
from perfgen.check.evaluate import Verdict, evaluate, names_in
from perfgen.check.filing import Filing
from perfgen.check.reasons import line_for, line_of
from perfgen.data import ValuePath, path_text
from perfgen.display import show
from perfgen.findings import Level
from perfgen.form import steps
from perfgen.form.forms import Form
from perfgen.form.formula_view import FormulaNames
from perfgen.form.formulas import Formula, FormulaError, operands
from perfgen.form.rules import AllUnitsRule, Rule, Target
from perfgen.form.sentences import in_words
from perfgen.project import invocation


def explain_rule(rule: Rule, formulas: Mapping[ValuePath, Formula]) -> Iterator[str]:
    """What a rule says, line by line; `formulas` are the form's figures, for the claims it judges."""
    yield f"{rule.id} {rule.level.value} {rule.name}"
    if rule.kept_by:
        yield f"  怎样保证：{rule.kept_by}"
    for path in rule.claims:
        yield f"  核对：{path_text(path)} = {formulas[path].text}"
    for target in rule.targets[:1]:
        yield from _target(target, [other.path for other in rule.targets])
    others = (("同一处不再说", "、".join(rule.covers)), ("同一处一起说", "、".join(rule.tells)))
    for name, text in (("不成立时说", rule.say), ("怎样改", rule.fix), *others, ("依据", rule.source)):
        if text:
            yield f"  {name}：{text}"
    if rule.asks:
        yield f"  问的是：{rule.asks}"


def explain_all_units(rule: AllUnitsRule, form: Form) -> Iterator[str]:
    """A rule over all units: what it compares, why, and where a reason for it goes."""
    yield f"{rule.id} {rule.level.value} {rule.name}"
    yield f"  比较：{rule.kind}，同一年的全部单位放在一起看"
    if objects := "、".join(".".join(path) for path in rule.paths if path):
        yield f"  对象：{objects} 的每一行"
    if rule.formula:
        yield f"  看：{rule.formula.text}，上限 {show(rule.limit)}"
    yield f"  依据：{rule.source}"
    if rule.asks:
        others = "、".join(other for other in form.rules.asking(rule.asks) if other != rule.id)
        also = f"，同时答复 {others}" if others else ""
        yield f"  理由写在哪里：{line_of(rule.id, '名称', form)}，或者写比较要的那一条理由{also}。"
    elif rule.level is not Level.ERROR:
        yield f"  理由写在哪里：{line_of(rule.id, '', form)}。"


def explain_answer(rule: Rule, form: Form) -> Iterator[str]:
    """Where a reason for a rule goes, what is typed there, and what else it answers; nothing for an error."""
    if rule.level is Level.ERROR or rule.kept_by:
        return
    is_of_row = any(target.path for target in rule.targets)
    yield f"  理由写在哪里：{line_for(rule, ['名称'] if is_of_row else [], form)}。"
    if rule.asks:
        others = "、".join(other for other in form.rules.asking(rule.asks) if other != rule.id)
        also = f"{others} 和 " if others else ""
        yield f"  这一条理由同时答复：{also}{invocation.command('diff')} 说的“{rule.asks}”。"
        yield f"  也认：{line_of(rule.id, '名称', form)}；审核人同意了这处变更的，不用再写。"


def _target(target: Target, paths: Iterable[tuple[str, ...]]) -> Iterator[str]:
    objects = "、".join(".".join(path) for path in paths if path)
    yield f"  对象：{objects} 的每一行" if objects else "  对象：整张表"
    if target.when:
        yield f"  什么时候看：{target.when.text}"
    for name, formula in target.where:
        yield f"  其中：{name} = {formula.text}"
    yield f"  必须成立：{target.test.text}"


def explain_verdicts(rule: Rule, filing: Filing) -> Iterator[str]:
    """What came of a rule in a filing that is well formed, with the figures its formulas read.

    Raises FormError for a formula that cannot be computed.
    """
    names = filing.once(names_in)
    yield f"{filing.document.file}："
    for name in reference_words.references_of(rule, filing):
        yield from reference_words.explain_found(filing, name)
    if rule.kept_by:
        yield "  不在数据里检查。"
    for path, value in filing.figures.items():
        figure = filing.form.figures.at(path)
        if figure and figure.path in rule.claims:
            yield f"  {path_text(path)} 算出来是 {in_words(value)}"
            yield from _operands(figure.formula, names)
    with steps.limited(steps.for_a_file(len(filing.document.text))):
        evaluations = list(evaluate(rule, filing))
    for one in evaluations:
        if one.outcome in (Verdict.BROKEN, Verdict.UNDECIDED):
            broken = one.outcome is Verdict.BROKEN
            say = one.target.say(one.names) if broken else f"判断不了，{one.reason}。"
            yield f"  {filing.document.place(one.path)}: {say}"
            if not broken:
                continue  # the names that the other lines use may not be there
            for name, _ in one.target.where:
                yield f"      {name}：{in_words(one.names.get(name))}"
            yield from _operands(one.target.test, one.names)
    if evaluations:
        counts = Counter(one.outcome.value for one in evaluations)
        yield (
            f"  看了 {len(evaluations)} 处：" + "，".join(f"{name} {count} 处" for name, count in counts.items()) + "。"
        )


def _operands(formula: Formula, names: FormulaNames) -> Iterator[str]:
    """The values that a formula's own is made of."""
    for part in operands(formula):
        try:
            yield f"      {part.text}：{in_words(part(names))}"
        except FormulaError as error:
            yield f"      {part.text}：{error}"
