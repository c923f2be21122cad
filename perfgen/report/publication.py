"""When a data file was approved and published, and whether that was in time: twenty days (预算法第十四条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 20
"""So many days after its approval a file is to be public."""


def last_day(approved: str) -> date:
    """The last day on which what was approved on a day (ISO) is published in time."""
    return date.fromisoformat(approved) + timedelta(days=DAYS)


@dataclass(frozen=True)
class Publication:
    """When a data file was approved and published, as ISO dates; what follows from them asks no clock."""

    approved: str
    published: str

    def has_come(self, day: str) -> bool:
        """Whether a day (ISO) is that of publication or later: before it, nothing of the file is public."""
        return self.published <= day

    @property
    def deadline(self) -> str:
        """The last day in time, as an ISO date."""
        return last_day(self.approved).isoformat()

    @property
    def day_number(self) -> int:
        """How many days after the approval it was published: 17 is the seventeenth day."""
        return (date.fromisoformat(self.published) - date.fromisoformat(self.approved)).days

    @property
    def days_late(self) -> int:
        """How many days after the last day it was published; 0 in time."""
        return max(0, self.day_number - DAYS)

    @property
    def in_time(self) -> bool:
        """Whether it was published on the last day or before."""
        return self.days_late == 0
