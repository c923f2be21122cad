"""What the rest of perfgen needs to know about a field beside what JSON Schema says: the annotations of a schema.

They ride in the schema, where validators and editors ignore them.

    x-public: true        the value may be published; without it, it never leaves the office
    x-printed: false      the value is not printed on the form
    x-role: form|year|unit  the field that names the form, the year, the unit
    x-role: subject       a field that says what a file is about beside its unit (a project): a unit may have several
    x-role: former-name   the field that says what the unit was called before: a name, or a list of names
    x-role: allow         the field that lists what may be published though it looks secret, each with a reason
    x-role: waivers       the field that answers warnings: rule id, or rule id and a row's name → reason
    x-role: reasons       the field that says why a target was weakened or dropped: its name → reason
    x-role: approvals     the field that lists the fingerprints of changes a reviewer has approved
    x-role: corrections   the list of what was corrected after publication: day, reason, path, value before
    x-role: disclosure    the group that records the review before publication: who, when, result, whose first choice
                          means that all of it may be published; nothing of it is public
    x-groups: NAME        an object whose members are groups: templates see them as the list NAME
    x-label: NAME         what a template calls the name of such a group
    x-lines: NA|ME        how the name of a group is set in lines in a narrow cell of the form
    x-rows: NAME          a list that is a group's content: templates see it as NAME
    x-identity: NAME      on a list: the member that tells its rows apart, from one version to the next
    x-measure: true       a text that is a target value: direction, number and unit, or a grade (`values`)
    x-outcome: NAME       on such a value: it is what came of the promise in member NAME, and promises nothing itself
    x-highlight: true     what the public page says first: the rows with a target value in this field; of several target
                          values of a row the one that counts
    x-unit: UNIT          a number that is an amount of money, and the unit it is counted in
    x-next: keep|look|clear|NAME  next year's file has: the same; that, to be looked at; nothing; what NAME holds now
    x-next: clear=NAME|later  nothing where it equals NAME; unless it is a year after the new file's; else as `look`
    x-path, x-own-dates   on the form itself: where files lie (`form.path_pattern`); dates must name it (`report.site`)
    x-rollover: false     on the form itself: its files are not continued in the next year, but started from another's
"""

from __future__ import annotations

from typing import Literal

FieldRole = Literal[
    "form", "year", "unit", "allow", "waivers", "reasons", "approvals", "former-name", "corrections", "disclosure"
]

ANNOTATIONS = {
    "x-public", "x-printed", "x-role", "x-groups", "x-label", "x-lines", "x-rows", "x-identity", "x-measure",
    "x-unit", "x-next", "x-path", "x-own-dates", "x-outcome",
    "x-rollover", "x-highlight",
}  # fmt: skip
OF_THE_FORM = {"x-own-dates", "x-rollover"}
"""Those that say yes or no of the form as a whole, and stand at the top."""
