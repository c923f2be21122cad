"""A checked filing in, one frozen report for each edition out: a renderer sees nothing else.

`publish` is the privacy boundary: the public edition is made from what it returns. `site` holds the dates without
which there is no public edition. `data_links` says which other files a file looks at, with `circles` where these look
back; `changes` what changed against last year's file; `unit_reports` has the reports of all files of a unit's year.
"""

__all__ = [
    "changes",
    "circles",
    "correction_rows",
    "data_links",
    "deadline",
    "disclosure",
    "listing",
    "open_data",
    "publication",
    "publish",
    "referred",
    "report",
    "site",
    "tags",
    "unit_reports",
    "unreviewed",
]
