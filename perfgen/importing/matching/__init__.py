"""A grid and the template in, the text for each name of the template out.

`pattern` is the template's rows as an automaton, `score` says how badly a row fits one of them (`fit` is a row beside
another, `columns` places one by its grid), `match` finds the cheapest way through, `bind` puts the texts to the names.
`cell_text` takes one cell apart, `cell_list` a list in a cell, both by the lines of `template_line`.
"""

__all__ = [
    "bind",
    "cell_list",
    "cell_text",
    "columns",
    "fit",
    "match",
    "names",
    "pattern",
    "score",
    "template_line",
]
