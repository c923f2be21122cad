"""Says of the members of a group which hold the same value of earlier years."""

from __future__ import annotations

from perfgen.fields import Field


def years_back(group: Field, name: str) -> list[tuple[int, str]]:
    """How many years before its own each member holds the value of another one, the latest first.

    Next year's file takes the value of a member from another one (`x-next`): by how many steps it comes from `name`
    says how old it is. Members that lead elsewhere, or in a circle, are left out.
    """
    found = []
    for member in group.members:
        back, at = 0, member
        while at != name and back <= len(group.members):
            field = group.members.get(at)
            source = field.source if field else None
            if source is None:
                break
            back, at = back + 1, source
        if at == name and back:
            found.append((back, member))
    return sorted(found)
