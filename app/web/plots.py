"""Geometry of the plots: plain numbers in, coordinates out.

Words, colours and links belong to templates/plots/. A route builds a plot here and hands it to the
macro of the same name. Nothing here reads a clock or a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# From the bottom of a stack to its top. Dropped work is no part of any total, so it is not drawn.
STACK = ("delivered", "in_review", "in_progress", "not_started", "deferred")

WIDTH = 720
TICKS_AT_MOST = 8
LETTER = 6.5  # about as wide as a letter of a label
LABEL = 32.0  # half the width of a tick's label: none may stick out at either end


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    day: date
    precision: str


@dataclass(frozen=True, slots=True)
class DayScale:
    """Maps days to x; days outside [first, last] are held at the edge."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        inside = min(max(day, self.first), self.last)
        share = (inside - self.first).days / max((self.last - self.first).days, 1)
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self) -> tuple[Tick, ...]:
        """First days of months, quarters or years: the finest step that stays readable."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((n for n in (1, 3, 6, 12, 24, 60) if months / n <= TICKS_AT_MOST), 120)
        precision = "month" if step < 12 else "year"
        ticks = (Tick(self.x(day), day, precision) for day in self._starts(step))
        return tuple(t for t in ticks if self.left + LABEL <= t.at <= self.right - LABEL)

    def _starts(self, step: int) -> Iterable[date]:
        month = self.first.year * 12 + self.first.month - 1
        month += -month % step
        while (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                yield day
            month += step


@dataclass(frozen=True, slots=True)
class Band:
    status: str
    path: str


@dataclass(frozen=True, slots=True)
class Level:
    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the plot; its label is empty where it would run into the one before."""

    at: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """How many deliverables stood in which status: counts hold until the next change."""

    width: int
    height: int
    left: float
    top: float
    bottom: float
    bands: tuple[Band, ...]
    levels: tuple[Level, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    day_at: float
    states: tuple[tuple[date, Mapping[str, int]], ...]


def status_history(
    states: Sequence[tuple[date, Mapping[str, int]]],
    day: date,
    *,
    marks: Sequence[tuple[date, str]] = (),
    height: int = 240,
) -> StatusHistory:
    """`states`: counts by status from each day on which they changed, oldest first, at least one.

    Nothing after `day`, the day of the page, is drawn, except the marks.
    """
    top, bottom = 22.0, height - 26.0
    shown = [state for state in states if state[0] <= day] or [states[0]]
    last = max([day, shown[-1][0], *(on for on, _ in marks)])
    scale = DayScale(shown[0][0], last, 34.0, WIDTH - 8.0)
    highest = max(sum(counts.get(status, 0) for status in STACK) for _, counts in shown)
    levels = _levels(highest)
    per_unit = (bottom - top) / levels[-1]
    return StatusHistory(
        width=WIDTH,
        height=height,
        left=scale.left,
        top=top,
        bottom=bottom,
        bands=_bands(shown, scale, scale.x(day), bottom, per_unit),
        levels=tuple(Level(round(bottom - count * per_unit, 1), count) for count in levels),
        ticks=scale.ticks(),
        marks=_marks(sorted(marks), scale),
        day_at=scale.x(day),
        states=tuple(shown),
    )


def _marks(marks: Iterable[tuple[date, str]], scale: DayScale) -> tuple[Mark, ...]:
    free_from = 0.0
    drawn = []
    for on, label in marks:
        at = scale.x(on)
        length = len(label) * LETTER
        anchor = "start" if at + length <= WIDTH else "end"
        start = at if anchor == "start" else at - length
        fits = start >= free_from
        free_from = start + length + LETTER if fits else free_from
        drawn.append(Mark(at, label if fits else "", anchor))
    return tuple(drawn)


def _levels(highest: int) -> tuple[int, ...]:
    """Whole, even steps from 0 up to at least `highest`, at most six of them."""
    step = next(
        n * 10**power for power in range(9) for n in (1, 2, 5) if highest <= n * 10**power * 5
    )
    return tuple(range(0, max(-(-highest // step), 1) * step + 1, step))


def _bands(
    states: Sequence[tuple[date, Mapping[str, int]]],
    scale: DayScale,
    end: float,
    bottom: float,
    per_unit: float,
) -> tuple[Band, ...]:
    edges = [scale.x(on) for on, _ in states] + [end]
    lower = [0] * len(states)
    bands = []
    for status in STACK:
        upper = [
            low + counts.get(status, 0) for low, (_, counts) in zip(lower, states, strict=True)
        ]
        if upper != lower:
            bands.append(Band(status, _step_path(edges, lower, upper, bottom, per_unit)))
        lower = upper
    return tuple(bands)


def _step_path(
    edges: Sequence[float],
    lower: Sequence[int],
    upper: Sequence[int],
    bottom: float,
    per_unit: float,
) -> str:
    """Along the upper steps to the right, back along the lower ones."""

    def y(count: int) -> float:
        return round(bottom - count * per_unit, 1)

    there = [f"V{y(high)}H{right}" for high, right in zip(upper, edges[1:], strict=True)]
    back = [
        f"V{y(low)}H{left}" for low, left in zip(reversed(lower), reversed(edges[:-1]), strict=True)
    ]
    return f"M{edges[0]} {y(lower[0])}{''.join(there)}{''.join(back)}Z"


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


@dataclass(frozen=True, slots=True)
class Countdown:
    """Days until a due day, below 0 once it has passed, and the share of the way that is left."""

    days_left: int
    percent_left: float


def countdown(day: date, due_on: date, since: date) -> Countdown:
    span = max((due_on - since).days, 1)
    left = (due_on - day).days
    return Countdown(left, round(100 * min(max(left / span, 0), 1), 1))
