"""One module for each command, found by listing the folder.

A command is a module with `HELP` (a line), `add_arguments(parser)` and `run(options) -> exit
code`; its name is the module's. It is imported only when it is called for, or for the help.
"""
