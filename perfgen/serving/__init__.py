"""The window in the browser: the project as somebody fills it in, over HTTP on this machine alone.

`server` opens the door, `guard` says who may come in, and `app` lists the addresses. `desk` holds the project as it is
now; it alone reads and changes it, one thing after the other. `window` makes of a data file what a window shows,
`saves` writes a change and keeps what was there before, `hub` tells the open windows what happened. `watching` notices
what other programs do to the files, and `following` tells desk and windows. `tabs` has the addresses of what stands
beside the form; `making` has it made in another process, by the functions of `previews` and `compared`. The folder
`pages` holds templates, `static` the scripts and styles.
"""

__all__ = ["needs", "server"]
