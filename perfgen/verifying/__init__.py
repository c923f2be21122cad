"""A published file in, what it says held against the data that it was made from: now, and in the commits before.

`verify` does all of it for one file: `read` takes out of it what it says (`content`), `sources` finds the data files
that it may be of, `candidates` the versions of them, `edition` what each version publishes, `compare` what differs.
`mirror` holds a folder against the list of its files. `words` and `as_json` say what came of it.
"""

__all__ = ["as_json", "mirror", "outcome", "verify", "words"]
