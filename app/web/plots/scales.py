"""Axes: days and counts to coordinates."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

WIDTH = 720
TICKS_AT_MOST = 8
LETTER = 6.5  # about as wide as a letter of a label
MONTHS_BY_HALVES = 4  # a window so short is marked twice a month
LABEL = 32.0  # half the width of a tick's label: none may stick out at either end


def is_wide(letter: str) -> bool:
    """Twice as wide as others, as Chinese, Japanese and Korean ones are."""
    return unicodedata.east_asian_width(letter) in "WF"


def length_of(label: str) -> float:
    """About as wide as a label is, and no less."""
    return sum(LETTER * (2 if is_wide(letter) else 1) for letter in label)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    day: date
    precision: str


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

    def shows(self, first_on: date, last_on: date) -> bool:
        """Whether any of these days is on the axis."""
        return first_on <= self.last and last_on >= self.first

    def ticks(self, most: int = TICKS_AT_MOST) -> tuple[Tick, ...]:
        """First days of months, quarters or years: the finest step that stays readable. A window
        of few months has the middle of each as well."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        if months <= MONTHS_BY_HALVES:
            return self._within(Tick(self.x(day), day, "day") for day in self._halves())
        step = next((n for n in (1, 3, 6, 12, 24, 60) if months / n <= most), 120)
        precision = "month" if step < 12 else "year"
        return self._within(Tick(self.x(day), day, precision) for day in self._starts(step))

    def _within(self, ticks: Iterable[Tick]) -> tuple[Tick, ...]:
        return tuple(t for t in ticks if self.left + LABEL <= t.at <= self.right - LABEL)

    def _halves(self) -> Iterable[date]:
        """The first and the middle of each month."""
        return (
            day
            for first in self._starts(1, self.first.replace(day=1))
            for day in (first, first.replace(day=15))
            if self.first <= day <= self.last
        )

    def _starts(self, step: int, from_on: date | None = None) -> Iterable[date]:
        first = from_on or self.first
        month = first.year * 12 + first.month - 1
        month += -month % step
        while (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            if day >= first:
                yield day
            month += step


def heights(highest: int) -> tuple[int, ...]:
    """Whole, even steps from 0 up to at least `highest`, at most six of them."""
    step = next(
        n * 10**power for power in range(9) for n in (1, 2, 5) if highest <= n * 10**power * 5
    )
    return tuple(range(0, max(-(-highest // step), 1) * step + 1, step))


def marks_on(marks: Iterable[tuple[date, str]], scale: DayScale) -> tuple[Mark, ...]:
    """In the order given, which is that of the days."""
    free_from = 0.0
    drawn = []
    for on, label in marks:
        at = scale.x(on)
        length = length_of(label)
        anchor = "start" if at + length <= scale.right + 8 else "end"
        start = at if anchor == "start" else at - length
        fits = start >= free_from
        free_from = start + length + LETTER if fits else free_from
        drawn.append(Mark(at, label if fits else "", anchor))
    return tuple(drawn)
