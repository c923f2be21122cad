"""A grid and the template in, the text for each name of the template out.

`pattern` is the template's rows as an automaton, `score` says how badly a row fits one of them, `match` finds the
cheapest way through, `bind` puts the texts to the names.
"""

__all__ = [
    "bind",
    "cell_text",
    "match",
    "names",
    "pattern",
    "score",
]
