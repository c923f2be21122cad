"""A data file in, findings out: what is wrong with it by itself, over its years, and beside all units of a year.

`loading` makes a file a `filing`: a unit's document with its form, its figures and the way to earlier years. `check`
runs the checks of the folder `checks` on it; `all_units` looks at all filings of a year. `explanation` says how a
finding came about. `units` reads the bureau's list of units, `former_names` says which earlier file is the same unit's.
"""

__all__ = [
    "all_units",
    "alone",
    "approvals",
    "check",
    "checks",
    "colon_in_item",
    "documents",
    "engine_rules",
    "explanation",
    "figure_troubles",
    "filing",
    "former_names",
    "identity",
    "last_year",
    "loading",
    "looked",
    "missing_files",
    "new_name",
    "path_labels",
    "reasons",
    "reference_words",
    "references",
    "rule_book",
    "schema_errors",
    "standing",
    "units",
]
