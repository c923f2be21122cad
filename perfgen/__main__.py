"""Lets `python -m perfgen` do what the `perfgen` command does."""

import sys

from perfgen.cli import main

if __name__ == "__main__":
    sys.exit(main())
