"""The files of a form in, the form out: its fields, computed figures and rules, ready to be applied.

`forms` finds a form by its name. Formulas see data through `formula_view`, where groups are rows; `formulas` makes
functions of them, after `formula_types` held every name to the fields. How a group is a row, for formulas, templates
and imports, `grouping` says.
"""

__all__ = [
    "all_units",
    "figure",
    "figure_places",
    "figure_set",
    "figure_sheet",
    "figures",
    "forms",
    "formula_functions",
    "formula_meaning",
    "formula_scope",
    "formula_text",
    "formula_view",
    "formulas",
    "grouping",
    "holes",
    "likeness",
    "nearest",
    "no_amount",
    "numbered",
    "past_values",
    "path_pattern",
    "references",
    "row_list",
    "row_name",
    "rules",
    "rules_document",
    "rules_source",
    "schema",
    "schema_meaning",
    "schema_text",
    "sentences",
    "similarity",
    "steps",
    "value_advice",
]
