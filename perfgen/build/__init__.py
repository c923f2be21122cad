"""A project in, proven files under build/ out: the batch, the job of one unit, and what is stale.

`batch` runs a build and tells a `listener` how it goes on, `plan` says which outputs are stale and why, `shares` is the
work that can be done side by side, `job` makes the outputs of one unit, `manifest` remembers what they were made from,
`verified` is for a build that does not believe it; `last_build` says quickly whether anything has changed; `not_yet`
says what waits for its day, `no_page` of which forms nothing is public;
`elsewhere` is the cluster that a command was asked to use, `needs` what a job there needs; `made_from` says what the
outputs of a file are made from, `fingerprint` what that is now; `check_batch` only checks.
"""

__all__ = [
    "batch",
    "check_batch",
    "elsewhere",
    "fingerprint",
    "job",
    "last_build",
    "made_from",
    "needs",
    "no_page",
    "not_reviewed",
    "not_yet",
    "template_check",
    "unpublished",
]
