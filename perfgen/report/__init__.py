"""A checked filing in, one frozen report for each edition out: a renderer sees nothing else.

`publish` is the privacy boundary: the public edition is made from what it returns. `site` holds the dates without
which there is no public edition. `data_links` says which other files a file looks at, with `circles` where these look
back; `changes` what changed against last year's file; `unit_reports` has the reports of all files of a unit's year.
`amounts` and `measure_rows` find money and promises in any form; `summary` keeps them, and `listing` has those of all
files. `linked_data` describes a file for data portals.
"""

__all__ = [
    "amounts",
    "as_if_public",
    "changes",
    "circles",
    "columns",
    "correction_rows",
    "data_links",
    "datum",
    "deadline",
    "disclosure",
    "linked_data",
    "listing",
    "measure_rows",
    "open_data",
    "over_years",
    "page_facts",
    "publication",
    "publish",
    "referred",
    "report",
    "said",
    "search_names",
    "shared_measures",
    "site",
    "site_lists",
    "site_words",
    "spelling",
    "summary",
    "tags",
    "unit_money",
    "unit_reports",
    "unreviewed",
]
