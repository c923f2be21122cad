"""Three versions of a data file in, one out that holds what both sides changed; or the reason why a person must look.

`join` does all of it: `three_way` merges the data, row by row, `rows` says which rows are one, `layout` puts the texts
together, and the result is read back and compared. `driver` is what git calls: where nothing can be proven, it leaves
what git itself makes of the versions.
"""

__all__ = ["driver", "join"]
