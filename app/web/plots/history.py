"""Counts over time: how many deliverables stood in which status, and how many by their day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.web.plots.scales import WIDTH, DayScale, Level, Mark, Tick, heights, marks_on

# From the bottom of a stack to its top. Dropped work is no part of any total, so it is not drawn.
STACK = ("delivered", "in_review", "in_progress", "not_started", "deferred")
STEPS_AT_MOST = 60

Counts = Mapping[str, int]
States = Sequence[tuple[date, Counts]]


@dataclass(frozen=True, slots=True)
class Band:
    status: str
    path: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What every plot over time stands in."""

    width: int
    height: int
    left: float
    top: float
    bottom: float
    levels: tuple[Level, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    day_at: float


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """How many deliverables stood in which status: counts hold until the next change."""

    frame: Frame
    bands: tuple[Band, ...]
    states: tuple[tuple[date, Counts], ...]
    is_thinned: bool
    """There were more changes than are drawn; each count that is drawn is right on its day."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class PlannedDelivered:
    """How many were to be delivered by a day and how many were, both running totals."""

    frame: Frame
    lines: tuple[Line, ...]
    points: tuple[tuple[date, Counts], ...]
    is_thinned: bool


def status_history(
    states: States,
    day: date,
    *,
    marks: Sequence[tuple[date, str]] = (),
    width: int = WIDTH,
    height: int = 240,
) -> StatusHistory:
    """`states`: counts by status from each day on which they changed, oldest first, at least one.

    Nothing after `day`, the day of the page, is drawn, except the marks.
    """
    known = [state for state in states if state[0] <= day] or [states[0]]
    shown = thinned(known)
    last = max([day, shown[-1][0], *(on for on, _ in marks)])
    scale = DayScale(shown[0][0], last, 34.0, width - 8.0)
    highest = max(sum(counts.get(status, 0) for status in STACK) for _, counts in shown)
    frame, per_unit = _framed(scale, day, highest, marks, height)
    bands = _bands(shown, scale, frame, per_unit)
    return StatusHistory(frame, bands, tuple(shown), len(shown) < len(known))


def planned_delivered(
    points: States,
    day: date,
    *,
    marks: Sequence[tuple[date, str]] = (),
    width: int = WIDTH,
    height: int = 240,
) -> PlannedDelivered:
    """`points`: running totals "planned" and "delivered" from each day on which one changed,
    oldest first, at least one. What was delivered ends on `day`; what is planned goes on."""
    shown = thinned(points)
    last = max([day, shown[-1][0], *(on for on, _ in marks)])
    scale = DayScale(min(day, shown[0][0]), last, 34.0, width - 8.0)
    highest = max(max(counts.values(), default=0) for _, counts in shown)
    frame, per_unit = _framed(scale, day, highest, marks, height)
    ends = {"planned": scale.right, "delivered": frame.day_at}
    lines = tuple(
        Line(name, _line(name, shown, scale, frame, per_unit, end)) for name, end in ends.items()
    )
    return PlannedDelivered(frame, lines, tuple(shown), len(shown) < len(points))


def thinned(states: States) -> list[tuple[date, Counts]]:
    """Few enough to draw: of each stretch of changes the last, so that the end is exact."""
    step = -(-len(states) // STEPS_AT_MOST)
    kept = {len(states) - 1 - n for n in range(0, len(states), step)} | {0}
    return [states[n] for n in sorted(kept)]


def _framed(
    scale: DayScale,
    day: date,
    highest: int,
    marks: Sequence[tuple[date, str]],
    height: int,
) -> tuple[Frame, float]:
    top, bottom = 22.0, height - 26.0
    counts = heights(highest)
    per_unit = (bottom - top) / counts[-1]
    frame = Frame(
        width=round(scale.right + 8.0),
        height=height,
        left=scale.left,
        top=top,
        bottom=bottom,
        levels=tuple(Level(round(bottom - count * per_unit, 1), count) for count in counts),
        ticks=scale.ticks(),
        marks=marks_on(sorted(marks), scale),
        day_at=scale.x(day),
    )
    return frame, per_unit


def _bands(states: States, scale: DayScale, frame: Frame, per_unit: float) -> tuple[Band, ...]:
    edges = [scale.x(on) for on, _ in states] + [frame.day_at]
    lower = [0] * len(states)
    bands = []
    for status in STACK:
        upper = [
            low + counts.get(status, 0) for low, (_, counts) in zip(lower, states, strict=True)
        ]
        if upper != lower:
            bands.append(Band(status, _step_path(edges, lower, upper, frame.bottom, per_unit)))
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


def _line(
    name: str, points: States, scale: DayScale, frame: Frame, per_unit: float, end: float
) -> str:
    steps = [
        (scale.x(on), round(frame.bottom - counts.get(name, 0) * per_unit, 1))
        for on, counts in points
        if scale.x(on) <= end
    ]
    drawn = "".join(f"H{x}V{y}" for x, y in steps)
    return f"M{scale.left} {frame.bottom}{drawn}H{end}"
