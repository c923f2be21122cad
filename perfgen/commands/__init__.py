"""The commands, a module each: arguments in, an exit code out.

A module of this package holds

    HELP: str                        what it does, in a line
    add_arguments(parser)
    run(options) -> int              its exit code

and its name is the command's. It is imported only when it is called for, or for the help.
"""

from __future__ import annotations

from perfgen.plugins import Folder

FOLDER = Folder(__name__, __path__, ("HELP", "add_arguments", "run"))
