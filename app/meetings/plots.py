"""The day of a member beside a meeting, as the parts of a strip from midnight to midnight."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.meetings.rules.times import There, bands
from app.members.rules.hours import WorkingWeek

WIDTH = 240
HOUR = WIDTH / 24


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is a band of hours, or `meeting`."""

    x: float
    width: float
    kind: str


def strip(there: There) -> tuple[Bar, ...]:
    """The hours of the day on which it begins there, and over them the meeting. What of it falls
    on the next day stands at the left again."""
    return (*_bands(there.seat.week), *_meeting(there))


def _bands(week: WorkingWeek) -> Iterator[Bar]:
    for start, end, band in bands(week):
        yield Bar(start / 60 * HOUR, (end - start) / 60 * HOUR, band.value)


def _meeting(there: There) -> Iterator[Bar]:
    starts, ends = _hours(there.starts), _hours(there.ends)
    days = (there.ends.date() - there.starts.date()).days
    if not days:
        yield Bar(starts * HOUR, (ends - starts) * HOUR, "meeting")
        return
    yield Bar(starts * HOUR, (24 - starts) * HOUR, "meeting")
    if ends:
        yield Bar(0, ends * HOUR, "meeting")


def _hours(moment: datetime) -> float:
    return moment.hour + moment.minute / 60
