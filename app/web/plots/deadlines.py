"""Deadlines on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.web.plots.scales import WIDTH, DayScale, Tick


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A deadline: [first_on, last_on] is as long as its precision leaves open, or as it lasts."""

    label: str
    first_on: date
    last_on: date
    precision: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    entry: TimelineEntry
    y: float
    x: float
    width: float
    text_at: float
    anchor: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    height: float
    top: float
    bottom: float
    rows: tuple[TimelineRow, ...]
    ticks: tuple[Tick, ...]
    day_at: float
    day_anchor: str


ROW_HEIGHT = 32
SHORTEST_BAND = 10.0


def deadline_timeline(entries: Sequence[TimelineEntry], day: date) -> Timeline:
    """One row per deadline, oldest first, so that labels never meet."""
    ordered = sorted(entries, key=lambda entry: (entry.last_on, entry.first_on, entry.label))
    first = min([day, *(entry.first_on for entry in ordered)]) - timedelta(days=20)
    last = max([day, *(entry.last_on for entry in ordered)]) + timedelta(days=20)
    scale = DayScale(first, last, 8.0, WIDTH - 8.0)
    top = 26.0
    bottom = top + ROW_HEIGHT * len(ordered)
    rows = tuple(
        _row(entry, top + ROW_HEIGHT * (n + 0.5), scale, day) for n, entry in enumerate(ordered)
    )
    day_at = scale.x(day)
    anchor = "end" if day_at > WIDTH - 90 else "start" if day_at < 90 else "middle"
    return Timeline(WIDTH, bottom + 26, top, bottom, rows, scale.ticks(), day_at, anchor)


def _row(entry: TimelineEntry, y: float, scale: DayScale, day: date) -> TimelineRow:
    x, right = scale.x(entry.first_on), scale.x(entry.last_on)
    width = max(right - x, SHORTEST_BAND) if entry.precision != "day" else right - x
    leftwards = (x + right) / 2 > WIDTH / 2
    return TimelineRow(
        entry=entry,
        y=y,
        x=x,
        width=round(width, 1),
        text_at=round(x - 12 if leftwards else x + width + 12, 1),
        anchor="end" if leftwards else "start",
        is_past=entry.last_on < day,
    )
