"""Writes the path of a value that a page prints, so that the page can be read back."""

from __future__ import annotations

from perfgen.data import ValuePath


def path_attribute(path: ValuePath) -> str:
    """A path as the text of a data attribute: `a/0/b`, slashes and tildes escaped (RFC 6901)."""
    return "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in path)


def step_of(attribute: str) -> str:
    """A step of a path from its part of a data attribute."""
    return attribute.replace("~1", "/").replace("~0", "~")
