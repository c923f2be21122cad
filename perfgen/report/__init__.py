"""A checked filing in, one frozen report for each edition out: a renderer sees nothing else.

`publish` is the privacy boundary: the public edition is made from what it returns. `site` holds the dates without
which there is no public edition.
"""

__all__ = [
    "deadline",
    "listing",
    "open_data",
    "publish",
    "referred",
    "report",
    "site",
]
