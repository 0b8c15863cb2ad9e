"""The next days of a cadence, before anybody has agreed to it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from app.core.days import Precision
from app.meetings.rules.adherence import Sitting
from app.meetings.rules.flexible import flexible_adherence, interval_of
from app.meetings.rules.recurrence import expected, occurrences_at

NEXT = 5


@dataclass(frozen=True, slots=True)
class Ahead:
    """`window`: the earliest and the latest day of a flexible cadence. `starts_at` is an instant;
    none while no hour is set."""

    day: date
    starts_at: datetime | None
    window: tuple[date, date] | None = None


def next_days(
    recurrence: str, starts_on: date, zone: str, from_day: date, at: time | None
) -> list[Ahead]:
    """The next five from `from_day` on; fewer where the rule ends. BadRecurrence as `expected`."""
    until = from_day
    found: list[date] = []
    while len(found) < NEXT:
        every = expected(recurrence, starts_on, zone, until, at)
        found = [day for day in every if day >= from_day][:NEXT]
        if every[-1] <= until:
            break
        until = every[-1]
    if at is None or not found:
        return [Ahead(day, None) for day in found]
    instants = occurrences_at(recurrence, starts_on, zone, found[-1], at)
    starts = dict(zip(expected(recurrence, starts_on, zone, found[-1], at), instants, strict=True))
    return [Ahead(day, starts[day]) for day in found]


def next_windows(recurrence: str, starts_on: date, tolerance_days: int | None) -> list[Ahead]:
    """The first five of a flexible cadence, if each were held on its target day."""
    interval = interval_of(recurrence)
    held: list[Sitting] = []
    day = starts_on
    for number in range(NEXT - 1):
        held.append(Sitting(number, day, Precision.DAY))
        day = interval.after(day)
    found = flexible_adherence(recurrence, starts_on, held, date.max, tolerance_days)
    return [Ahead(each.day, None, each.window) for each in found]
