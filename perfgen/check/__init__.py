"""A data file in, findings out: what is wrong with it by itself, over its years, and beside all units of a year.

`loading` makes a file a `filing`: a unit's document with its form, its figures and the way to earlier years. `check`
runs the checks of the folder `checks` on it; `all_units` looks at all filings of a year. `explanation` says how a
finding came about.
"""

__all__ = [
    "all_units",
    "alone",
    "approvals",
    "check",
    "checks",
    "colon_in_item",
    "engine_rules",
    "explanation",
    "filing",
    "loading",
    "new_name",
    "path_labels",
    "reasons",
    "rule_book",
    "schema_errors",
    "standing",
    "units",
]
