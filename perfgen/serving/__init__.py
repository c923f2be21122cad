"""The window in the browser: the project as somebody fills it in, over HTTP on this machine alone.

`server` opens the door, `guard` says who may come in, and `app` lists the addresses. `desk` holds the project as it is
now; it alone reads and changes it, one thing after the other. `window` makes of a data file what a window shows,
`saves` writes a change and keeps what was there before, `hub` tells the open windows what happened. The folder `pages`
holds templates, `static` the scripts and styles.
"""

__all__ = ["needs", "server"]
