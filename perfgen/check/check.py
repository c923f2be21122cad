"""Runs every check on a filing, in order, and puts the written reasons to the warnings they answer."""

from __future__ import annotations

from perfgen.check import checks, covering, schema_errors, undecided, waivers
from perfgen.check.checks import numbering, schema
from perfgen.check.filing import Filing
from perfgen.check.standing import UNLISTED, Verdicts
from perfgen.data import ValuePath
from perfgen.findings import Finding, FormError, Level, Place, by_place, capped
from perfgen.form import nearest, steps
from perfgen.form.formulas import FormulaError


def check_filing(filing: Filing, verdicts: Verdicts = UNLISTED) -> list[Finding]:
    """Everything wrong with a filing, in reading order, warnings with the reasons given for them; a long list is cut.

    `verdicts` says which approvals count. Raises FormError for a formula of the form that cannot be computed.
    """
    with nearest.few_guesses():
        return capped(_all_findings(filing, verdicts))


def _all_findings(filing: Filing, verdicts: Verdicts) -> list[Finding]:
    findings: list[Finding] = []
    try:
        for module in checks.in_order():
            with steps.limited(steps.for_a_file(len(filing.document.text))):
                found = list(module.check(filing))
            findings += found
            if module.GATE and any(finding.level is Level.ERROR for finding in found):
                return by_place(findings)
            if module is schema:
                filing = filing.without(schema_errors.unusable(filing))
            elif module is numbering:
                filing = filing.meaning(numbering.meant(filing))
    except FormulaError as error:
        place = error.place or Place(filing.document.file)
        raise FormError([Finding(place, "formula", str(error))]) from error
    rules = filing.form.rules.rules
    answered = covering.one_for_each_value(waivers.answer(findings, filing, verdicts), rules)
    return by_place(undecided.in_one(answered, rules))


def check_shape(filing: Filing) -> list[Finding]:
    """What keeps a filing from being computed with: it does not have the form's shape."""
    return by_place(schema.check(filing))


def count_holes(filing: Filing) -> int:
    """How many values of a filing are not filled in; after `check_filing`, this costs nothing."""
    return len(holes(filing))


def holes(filing: Filing) -> list[ValuePath]:
    """The paths of the values of a filing that are not filled in, each where findings speak of several at once."""
    return [finding.path for finding in schema.each(filing) if finding.unfilled]
