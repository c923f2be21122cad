"""How a group is typed, from what its schema says: for somebody who typed a list or a text in its place."""

from __future__ import annotations

import re

from perfgen.form.schema import Schema

_EXAMPLE = re.compile(r"例如 ?([^\s，。；]+|\{.*?\})[。，；]?")


def how_to_type(node: Schema) -> str:
    """What to do where a schema wants a group, with one member as an example; empty where it says too little."""
    if given := re.search(r"例如 ?\{(.*?)\}", str(node.get("description", ""))):
        return f"写成“名称: 值”，不写 -，例如 {given[1]}。"
    shape = _members(node)
    return f"写成“名称: 值”，不写 -，例如 {shape}。" if shape else ""


def _members(node: Schema) -> str:
    members, other = node.get("properties"), node.get("additionalProperties")
    if isinstance(members, dict) and members:
        names = node.get("required") or list(members)[:2]
        return ", ".join(f"{name}: {_value(members.get(name, {}), str(name))}" for name in names)
    if isinstance(other, dict) and other:
        return f"名称: {_value(other, str(other.get('title', '值')))}"
    return ""


def _value(node: Schema, name: str) -> str:
    """An example of a value: the schema's own, a group's members, else what it is called."""
    if node.get("type") == "object":
        return f"{{{_members(node)}}}"
    example = _EXAMPLE.search(str(node.get("description", "")))
    return example[1] if example else str(node.get("title", name))
