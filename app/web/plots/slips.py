"""By how much the dates of a group's deliverables moved: one row per group, one dot per
deliverable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.web.plots.scales import WIDTH, heights
from app.web.plots.timeline import shortened

ROW = 44
LEFT, RIGHT = 24.0, 24.0
TOP = 8.0
RADIUS = 5.0


@dataclass(frozen=True, slots=True)
class Dot:
    """`moved` counts days, later ones above 0; `number` deliverables moved by as many."""

    x: float
    moved: int
    number: int
    radius: float


@dataclass(frozen=True, slots=True)
class SlipRow:
    label: str
    url: str
    of: int
    moved: tuple[int, ...]
    text_y: float
    y: float
    dots: tuple[Dot, ...]

    @property
    def total(self) -> int:
        return sum(self.moved)


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    days: int


@dataclass(frozen=True, slots=True)
class SlipPlot:
    width: int
    height: float
    top: float
    bottom: float
    zero: float
    rows: tuple[SlipRow, ...]
    still: tuple[tuple[str, str, int], ...]
    """Label, address and size of the groups in which nothing moved."""
    ticks: tuple[Tick, ...]


Group = tuple[str, str, int, Sequence[int]]
"""Label, address, how many deliverables there are, and by how many days each moved that did."""


def slip_plot(groups: Sequence[Group]) -> SlipPlot:
    """On one axis of days for all groups in which something moved; 0 is always on it. The others
    are in the table alone."""
    drawn = [group for group in groups if group[3]]
    every = [days for _label, _url, _of, moved in drawn for days in moved]
    earliest, latest = _ends(min([0, *every]), max([0, *every]))
    room = WIDTH - LEFT - RIGHT

    def x(days: int) -> float:
        return round(LEFT + room * (days - earliest) / (latest - earliest), 1)

    rows = tuple(
        SlipRow(
            shortened(label, room),
            url,
            of,
            tuple(sorted(moved)),
            TOP + number * ROW + 12,
            TOP + number * ROW + 28,
            _dots(moved, {days: x(days) for days in moved}),
        )
        for number, (label, url, of, moved) in enumerate(drawn)
    )
    still = tuple((label, url, of) for label, url, of, moved in groups if not moved)
    bottom = TOP + len(drawn) * ROW
    step = _step(earliest, latest)
    ticks = tuple(Tick(x(days), days) for days in range(earliest, latest + 1, step))
    return SlipPlot(WIDTH, bottom + 40, TOP, bottom, x(0), rows, still, ticks)


def _dots(moved: Sequence[int], at: Mapping[int, float]) -> tuple[Dot, ...]:
    counts = {days: list(moved).count(days) for days in sorted(set(moved))}
    return tuple(
        Dot(at[days], days, count, round(RADIUS * count**0.5, 1)) for days, count in counts.items()
    )


def _step(earliest: int, latest: int) -> int:
    return max(heights(max(latest, -earliest, 1))[1], 1)


def _ends(earliest: int, latest: int) -> tuple[int, int]:
    """The axis ends on whole steps, on both sides of 0."""
    step = _step(earliest, latest)
    return step * (earliest // step), step * max(-(-latest // step), 1)
