"""Two versions of a form's data in, what differs out: each difference with its class, its label and its sentence.

`match` finds the differences (`own_year` those of two years), `classify` says what one means, `sentences` puts it into
words; `told` does both. `labels` says where it is. `large_amounts` are the sums of money of which a comparison speaks
first. Nothing here knows of files, of reasons, or of what is public: what is given is compared.
"""

__all__ = [
    "classify",
    "difference",
    "labels",
    "large_amounts",
    "match",
    "own_year",
    "sentences",
    "text_diff",
    "told",
]
