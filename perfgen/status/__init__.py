"""The files of a year and the list of units in, who has handed in what out: a row for each unit and form.

`collect` checks the year's files once, as `perfgen check` does, and counts. Which rows there should be is found by
`owed`, where one stands by `rows`. The folder `formats` shows it; of the list of units it shows names, groups and
dates, and no contact, address or key.
"""

__all__ = ["collect", "formats"]
