"""Work, dates and meetings on one axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from app.web.plots.scales import DayScale, Tick, is_wide, length_of

WIDTH = 1180
LABELS = 330.0  # the column of names on the left
ROW = 24
GROUP = 28
LANE = 20
LANES_AT_MOST = 4
NARROWEST = 6.0
TICKS_AT_MOST = 13
BOLD = 1.08  # how much wider
NARROW_LETTER = 6.1  # as wide as one is on average; labels that must not meet reckon with more
WIDE_LETTER = 12.0  # of Chinese, Japanese and Korean


@dataclass(frozen=True, slots=True)
class Work:
    """A deliverable. `ends_on` is the day it was delivered, else its due day, if it has one; with
    `late_until` it is late up to that day. `needs` are keys."""

    key: str
    label: str
    url: str
    status: str
    starts_on: date
    ends_on: date | None
    late_until: date | None = None
    needs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something on the axis above the work: [first_on, last_on] is as long as it lasts, or as its
    precision leaves open."""

    label: str
    first_on: date
    last_on: date
    precision: str = "day"
    is_past: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    event: Event
    x: float
    width: float
    y: float
    text_at: float
    anchor: str
    label: str
    """Empty where it would run into another: the table below has it."""


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    y: float
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`is_open_ended`: it has no day to end on. `late` is where the part that is late begins, and
    how wide it is."""

    work: Work
    label: str
    y: float
    x: float
    width: float
    end: float
    is_open_ended: bool
    late: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """From the end of what is needed down or up to what needs it; `clashes` where that is due
    earlier."""

    x: float
    from_y: float
    to_y: float
    clashes: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    height: float
    left: float
    top: float
    bottom: float
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    headings: tuple[Heading, ...]
    bars: tuple[Bar, ...]
    links: tuple[Link, ...]
    day_at: float | None
    today_at: float | None
    day: date
    today: date


@dataclass(slots=True)
class _Cursor:
    """How far down the drawing has come."""

    y: float
    free_from: list[float] = field(default_factory=list)


def timeline(
    groups: Sequence[tuple[str, Sequence[Work]]],
    lanes: Sequence[tuple[str, Sequence[Event]]],
    window: tuple[date, date],
    *,
    day: date,
    today: date,
) -> Timeline:
    scale = DayScale(*window, LABELS, WIDTH - 12.0)
    cursor = _Cursor(26.0)
    drawn_lanes = tuple(_lane(name, events, scale, cursor) for name, events in lanes if events)
    headings, bars = _rows(groups, scale, cursor)
    return Timeline(
        width=WIDTH,
        height=cursor.y + 30,
        left=LABELS,
        top=20.0,
        bottom=cursor.y + 4,
        ticks=scale.ticks(TICKS_AT_MOST),
        lanes=drawn_lanes,
        headings=headings,
        bars=bars,
        links=_links(bars, scale),
        day_at=_at(day, scale),
        today_at=_at(today, scale) if today != day else None,
        day=day,
        today=today,
    )


def _at(day: date, scale: DayScale) -> float | None:
    return scale.x(day) if scale.first <= day <= scale.last else None


def _lane(name: str, events: Sequence[Event], scale: DayScale, cursor: _Cursor) -> Lane:
    """As many lines as the labels need, up to LANES_AT_MOST."""
    top, lines = cursor.y, [0.0]
    shown = [event for event in events if scale.shows(event.first_on, event.last_on)]
    placed = tuple(
        _place(event, scale, top, lines) for event in sorted(shown, key=lambda e: e.first_on)
    )
    cursor.y = top + LANE * len(lines) + 6
    return Lane(name, top + LANE / 2, placed)


def _place(event: Event, scale: DayScale, top: float, lines: list[float]) -> Placed:
    x, right = scale.x(event.first_on), scale.x(event.last_on)
    width = round(max(right - x, 0.0 if event.precision == "day" else NARROWEST), 1)
    length = length_of(event.label) * BOLD
    leftwards = x + width + 12 + length > scale.right
    begin = x - 12 - length if leftwards else x - 8
    end = x + width + 8 if leftwards else x + width + 12 + length
    line = next((n for n, free_from in enumerate(lines) if begin >= free_from), None)
    if line is None and len(lines) < LANES_AT_MOST:
        lines.append(0.0)
        line = len(lines) - 1
    fits = line is not None and begin >= scale.left - 8
    number = line or 0
    lines[number] = max(lines[number], end if fits else x + width + 8)
    return Placed(
        event=event,
        x=x,
        width=width,
        y=top + LANE * (number + 0.5),
        text_at=round(x - 10 if leftwards else x + width + 10, 1),
        anchor="end" if leftwards else "start",
        label=event.label if fits else "",
    )


def _rows(
    groups: Sequence[tuple[str, Sequence[Work]]], scale: DayScale, cursor: _Cursor
) -> tuple[tuple[Heading, ...], tuple[Bar, ...]]:
    headings, bars = [], []
    for label, works in groups:
        cursor.y += GROUP
        headings.append(Heading(shortened(label, WIDTH - 20), cursor.y - 9))
        for work in works:
            bars.append(_bar(work, cursor.y + ROW / 2, scale))
            cursor.y += ROW
    return tuple(headings), tuple(bars)


def _bar(work: Work, y: float, scale: DayScale) -> Bar:
    x = scale.x(work.starts_on)
    end = scale.x(work.ends_on) if work.ends_on else scale.right
    late = None
    if work.late_until is not None and work.ends_on is not None:
        late = (end, round(scale.x(work.late_until) - end, 1))
    width = max(round(end - x, 1), NARROWEST)
    return Bar(work, shortened(work.label, LABELS - 30), y, x, width, end, not work.ends_on, late)


def _links(bars: Sequence[Bar], scale: DayScale) -> tuple[Link, ...]:
    by_key: Mapping[str, Bar] = {bar.work.key: bar for bar in bars}
    return tuple(
        Link(by_key[key].end, by_key[key].y, bar.y, _clashes(by_key[key].work, bar.work))
        for bar in bars
        for key in bar.work.needs
        if key in by_key and (ends_on := by_key[key].work.ends_on) and scale.shows(ends_on, ends_on)
    )


def _clashes(needed: Work, work: Work) -> bool:
    """What is delivered holds nobody up any more."""
    if work.ends_on is None or needed.ends_on is None:
        return False
    return "delivered" not in (needed.status, work.status) and work.ends_on < needed.ends_on


def shortened(label: str, room: float) -> str:
    widths = list(accumulate(WIDE_LETTER if is_wide(c) else NARROW_LETTER for c in label))
    if not widths or widths[-1] <= room:
        return label
    fitting = sum(width <= room - NARROW_LETTER for width in widths)
    return f"{label[:fitting].rstrip()}…"
