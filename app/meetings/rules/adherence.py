"""Which of the meetings that a cadence has are on record, and how far off they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from app.core.days import Precision, last_day


class Adherence(StrEnum):
    MET = "met"
    NONE_RECORDED = "none_recorded"
    DUE = "due"
    AHEAD = "ahead"
    SKIPPED = "skipped"


class Amendment(StrEnum):
    """What became of one occurrence of a cadence."""

    MOVED = "moved"
    SKIPPED = "skipped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Amended:
    """`day` is the one that the rule has, or the added one."""

    kind: Amendment
    day: date
    moved_to: date | None
    reason: str


Off = tuple[int, int]
"""By how many days at least and at most a meeting came after a day; below 0: before it. They differ
where only the month or the year of the meeting is known."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting that was held; `day` is the first day of what `precision` knows."""

    id: int
    day: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day on which it can have begun."""
        return last_day(self.day, None, self.precision)

    def off(self, day: date) -> Off:
        return (self.day - day).days, (self.last - day).days

    def distance(self, day: date) -> int:
        """How far it was from the day at least; 0 where it can have been on it."""
        least, most = self.off(day)
        return 0 if least <= 0 <= most else min(abs(least), abs(most))


@dataclass(frozen=True, slots=True)
class Expectation:
    day: date
    state: Adherence
    sitting: Sitting | None
    days_off: Off | None
    window: tuple[date, date]
    precision: Precision = Precision.DAY
    """How well `day` is known, where it is counted from a meeting before it."""
    amended: Amended | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    day: date
    first: date
    last: date
    amended: Amended | None = None

    @property
    def is_skipped(self) -> bool:
        return self.amended is not None and self.amended.kind is Amendment.SKIPPED


def adherence(
    expected_days: Iterable[date],
    sittings_held: Iterable[Sitting],
    day: date,
    tolerance_days: int | None = None,
    amendments: Iterable[Amended] = (),
) -> list[Expectation]:
    """What is on record, as of `day`, for each expected day, the earliest first.

    A sitting can only meet the nearest of the days whose tolerance it lies within. Without
    `tolerance_days`, the tolerance is a quarter of the interval to the next expected day, or to
    the one before where none follows. A moved or added day has the tolerance of the day of the
    rule that it stands for or is nearest to; a skipped one is met by nothing.
    """
    windows = _amend(_windows(sorted(set(expected_days)), tolerance_days), amendments)
    open_ones = [window for window in windows if not window.is_skipped]
    sittings = _assigned(open_ones, [s for s in sittings_held if s.day <= day])
    return [_expectation(window, sittings.get(window.day), day) for window in windows]


def _windows(days: Sequence[date], tolerance_days: int | None) -> list[_Window]:
    if tolerance_days is not None:
        tolerances = [tolerance_days] * len(days)
    else:
        gaps = [(after - day).days for day, after in pairwise(days)]
        tolerances = [gap // 4 for gap in [*gaps, *(gaps[-1:] or [0])]]
    return [_around(day, tolerance) for day, tolerance in zip(days, tolerances, strict=True)]


def _around(day: date, tolerance: int, amended: Amended | None = None) -> _Window:
    return _Window(day, day - timedelta(tolerance), day + timedelta(tolerance), amended)


def _amend(windows: Sequence[_Window], amendments: Iterable[Amended]) -> list[_Window]:
    """Of two occurrences on one day, one stays; a skipped one gives way."""
    by_day = {window.day: window for window in windows}
    changed = dict(by_day)
    for amended in sorted(amendments, key=lambda each: (each.kind, each.day)):
        of_rule = by_day.get(amended.day)
        if amended.kind is Amendment.ADDED:
            nearest = min(windows, key=lambda w: abs(w.day - amended.day), default=None)
            of_rule, target = nearest, amended.day
        else:
            target = amended.moved_to or amended.day
            if changed.pop(amended.day, None) is None:
                continue
        reach = (of_rule.last - of_rule.day).days if of_rule else 0
        standing = changed.get(target)
        if standing is None or standing.is_skipped:
            changed[target] = _around(target, reach, amended)
    return [changed[day] for day in sorted(changed)]


def _assigned(windows: Sequence[_Window], sittings: Iterable[Sitting]) -> dict[date, Sitting]:
    chosen: dict[date, Sitting] = {}
    # The nearest sitting comes first and keeps its place; of two as near, the earlier.
    pairs = [
        (sitting.distance(day), sitting.day, sitting.id, day, sitting)
        for sitting in sittings
        if (day := _nearest(windows, sitting)) is not None
    ]
    for *_, day, sitting in sorted(pairs, key=lambda pair: pair[:3]):
        chosen.setdefault(day, sitting)
    return chosen


def _nearest(windows: Sequence[_Window], sitting: Sitting) -> date | None:
    within = (w.day for w in windows if w.first <= sitting.last and sitting.day <= w.last)
    return min(within, key=lambda day: (sitting.distance(day), day), default=None)


def _expectation(window: _Window, sitting: Sitting | None, day: date) -> Expectation:
    if window.is_skipped:
        state = Adherence.SKIPPED
    elif sitting:
        state = Adherence.MET
    elif day > window.last:
        state = Adherence.NONE_RECORDED
    elif day >= window.first:
        state = Adherence.DUE
    else:
        state = Adherence.AHEAD
    days_off = sitting.off(window.day) if sitting else None
    around = (window.first, window.last)
    return Expectation(window.day, state, sitting, days_off, around, amended=window.amended)
