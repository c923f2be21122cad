"""Two versions in, what changed beside the data of units out: rules, schemas, templates, settings, the program's pin.

`review` compares them as they were loaded, through the doors that everything is loaded through; `change` is one change
as data, `effect` what the new rules do to the findings, `stale` what has to be made again, `lines` all that in words.
"""
