"""What a check of a year's files found in, who has handed in what out: a row for each unit and form.

`collect` counts, and reads the list of units and the settings of the site. Which rows there should be is found by
`owed`, where one stands by `rows`. The folder `formats` shows it; of the list of units it shows names, groups and
dates, and no contact, address or key.
"""

__all__ = ["collect", "formats", "owed", "rows", "words"]
