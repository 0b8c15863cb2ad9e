"""How a cadence is written as a recurring event, and which meeting stands for which occurrence."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.icalendar import Moment
from app.meetings.rules.adherence import Amended, Amendment, Sitting, adherence
from app.meetings.rules.recurrence import expected

AHEAD = timedelta(days=3 * 366)
"""How far ahead meetings are looked at: none is planned later than that."""
_UNTIL = re.compile(r"UNTIL=([0-9]{8})(T[0-9]{6}Z?)?")


@dataclass(frozen=True, slots=True)
class Cadence:
    recurrence: str
    starts_on: date
    zone: str
    at: time | None
    minutes: int
    days: int
    tolerance_days: int | None

    def moment(self, day: date) -> Moment:
        """When the occurrence of that day begins: an instant, or the day where no hour is known."""
        if self.at is None:
            return day
        return datetime.combine(day, self.at, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def end(self, day: date) -> Moment:
        last = day + timedelta(days=self.days - 1)
        if self.at is None:
            return last
        wall = datetime.combine(last, self.at, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        return wall + timedelta(minutes=self.minutes / self.days)


@dataclass(frozen=True, slots=True)
class Place:
    """An occurrence that is not as the rule has it. `of` is the day of the rule, none for one that
    was added; `on` the day it has now; `meeting_id` what stands there, if anything does."""

    of: date | None
    on: date
    meeting_id: int | None
    amended: Amended | None

    @property
    def is_skipped(self) -> bool:
        return self.amended is not None and self.amended.kind is Amendment.SKIPPED


def first_day(cadence: Cadence) -> date:
    """The first day of the rule itself, from which a calendar has to count."""
    return expected(
        cadence.recurrence, cadence.starts_on, cadence.zone, cadence.starts_on, cadence.at
    )[0]


def rule_text(cadence: Cadence) -> str:
    """The rule for a calendar, in which an end is of the same kind as the beginning: a day, or an
    instant in UTC."""
    text = cadence.recurrence.strip().upper().removeprefix("RRULE:")
    found = _UNTIL.search(text)
    if found is None:
        return text
    return text.replace(found[0], f"UNTIL={_until(found[1], found[2] or '', cadence)}")


def _until(day: str, clock: str, cadence: Cadence) -> str:
    zone = ZoneInfo(cadence.zone)
    when = date.fromisoformat(day)
    at = time.fromisoformat(clock[1:7]) if clock else time(23, 59, 59)
    moment = datetime.combine(when, at, tzinfo=UTC if clock.endswith("Z") else zone)
    if cadence.at is None:
        return f"{moment.astimezone(zone):%Y%m%d}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@dataclass(frozen=True, slots=True)
class Exceptions:
    """`gone` are days of the rule on which there is nothing any more."""

    places: tuple[Place, ...]
    gone: tuple[date, ...]


def exceptions(
    cadence: Cadence, sittings: Sequence[Sitting], amended: Iterable[Amended], day: date
) -> Exceptions:
    """Every occurrence that a meeting stands for or that was moved, skipped or added, seen from
    `day`. A meeting stands for at most one; which, is as the cadence is judged by."""
    until = day + AHEAD
    days = expected(cadence.recurrence, cadence.starts_on, cadence.zone, until, cadence.at)
    found = adherence(days, sittings, until, cadence.tolerance_days, amended)
    every = [
        Place(_of(e.day, e.amended), e.day, e.sitting.id if e.sitting else None, e.amended)
        for e in found
    ]
    standing = {place.of for place in every}
    changed = tuple(place for place in every if place.meeting_id or place.amended)
    return Exceptions(changed, tuple(each for each in days if each not in standing))


def _of(day: date, amended: Amended | None) -> date | None:
    if amended is None:
        return day
    return None if amended.kind is Amendment.ADDED else amended.day
