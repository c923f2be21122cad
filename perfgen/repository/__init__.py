"""A bureau's repository in, its files out: what it is laid out with, and perfgen's own wheel in it.

`contents` says which files a new repository has, `wheel` gives perfgen's own wheel and the pin that names it,
`vendored` the wheels of its dependencies. `adoption` finds what an older `init` copied, by the hashes of
copied-versions.txt.
"""

__all__ = ["adoption", "contents", "vendored", "wheel"]
