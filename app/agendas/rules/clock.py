"""The clock of an agenda: when items begin by the plan, how long they took, and by how much a
meeting that is running will be over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Set(Protocol):
    """A meeting, as far as its clock is concerned."""

    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def zone(self) -> str: ...


def beginnings(meeting: Set, minutes: Sequence[int]) -> list[str]:
    """For each item when it begins by the plan: 14:05 on the clock of the meeting's zone, or 1:05
    into the meeting where no hour is set."""
    found: list[str] = []
    before = 0
    for taken in minutes:
        if meeting.starts_at is None:
            found.append(f"{before // 60}:{before % 60:02}")
        else:
            begins = meeting.starts_at + timedelta(minutes=before)
            found.append(f"{begins.astimezone(ZoneInfo(meeting.zone)):%H:%M}")
        before += taken
    return found


@dataclass(frozen=True, slots=True)
class Timed:
    """An item while the meeting runs. `begun_at` of the one that is on now."""

    minutes: int
    spent_seconds: int
    begun_at: datetime | None
    is_done: bool

    def elapsed(self, now: datetime) -> int:
        """Seconds, until now."""
        running = (now - self.begun_at).total_seconds() if self.begun_at else 0
        return self.spent_seconds + max(0, int(running))


@dataclass(frozen=True, slots=True)
class Clock:
    """In seconds. `left` of the current item is below 0 once it takes too long; `over` is by how
    much the meeting ends late if all that is ahead takes its planned time, below 0: early."""

    elapsed: int
    left: int
    over: int


def clock(items: Sequence[Timed], opened_at: datetime | None, now: datetime) -> Clock:
    """`over` counts from when the meeting was opened: breaks make it late, too."""
    current = next((item for item in items if item.begun_at), None)
    elapsed = current.elapsed(now) if current else 0
    left = current.minutes * 60 - elapsed if current else 0
    ahead = sum(max(0, item.minutes * 60 - item.elapsed(now)) for item in items if not item.is_done)
    planned = sum(item.minutes for item in items) * 60
    since = int((now - opened_at).total_seconds()) if opened_at else 0
    return Clock(elapsed, left, since + ahead - planned)
