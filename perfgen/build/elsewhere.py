"""The cluster that a command was asked to use, if it was: `--executor dask+tls://HOST:PORT`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from perfgen.findings import UsageError
from perfgen.project.layout import TEMPLATE_FOLDER
from perfgen.project.snapshot import Project
from perfgen.system import fonts

if TYPE_CHECKING:
    from perfgen.system.dispatch import Elsewhere

_STYLE = ".css"


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--executor` to a command."""
    parser.add_argument(
        "--executor", metavar="集群",
        help="让 Dask 集群来做，例如 dask+tls://10.0.0.1:8786（怎么起集群：docs/cluster.md）",
    )  # fmt: skip


@contextmanager
def asked(options: argparse.Namespace, project: Project, told: Callable[[str], None]) -> Iterator[Elsewhere | None]:
    """The cluster that the arguments name, for as long as it is needed; None where they name none.

    `told` hears of each worker that gets no jobs, in a sentence. Raises UsageError for an address that cannot be, and
    with `-j`; ToolError where nobody answers, or no worker may have jobs.
    """
    if options.executor is None:
        yield None
        return
    if getattr(options, "jobs", None) is not None:
        raise UsageError("-j 是本机的进程，--executor 是集群，只用一个。")
    from perfgen.system import cluster  # most do without

    with cluster.connected(options.executor, _families(project), told) as pool:
        yield pool


def _families(project: Project) -> list[str]:
    """The fonts that the style sheets of all templates name."""
    styles = [path for path in project.provided_files(TEMPLATE_FOLDER) if path.endswith(_STYLE)]
    texts = (project.read(path).decode("utf-8", "replace") for path in styles)
    return sorted({family for text in texts for family in fonts.families(text)})
