"""How fast perfgen is, beside programs that do a part of the same: `python -m benchmarks` prints one table.

`measuring` owns the clock, `forms` makes what is measured, `stages` and `ratios` measure, `peers` runs the other
programs, `result` holds what came out, `table` and `picture` show it.
"""
