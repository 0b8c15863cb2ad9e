"""Calendars as RFC 5545 text, in one way only: the same calendar is the same bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.core.icalendar_zones import zone_lines

PRODUCT = "-//International Network//Network tracker//EN"
LONGEST_LINE = 75
"""Octets, as RFC 5545 has it."""
_ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EVENTS_KEPT = 5_000
"""As they are written, in one process."""
Moment = date | datetime
"""A day without a zone, or an instant."""


class EventStatus(StrEnum):
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`starts` and `ends` are both days, the last one included, or both instants. With a `zone`
    instants are written on the wall there and the rule keeps to it; without one, in UTC."""

    uid: str
    sequence: int
    changed_at: datetime
    summary: str
    starts: Moment
    ends: Moment
    zone: str = ""
    status: EventStatus = EventStatus.CONFIRMED
    description: str = ""
    location: str = ""
    url: str = ""
    rule: str = ""
    excluded: tuple[Moment, ...] = ()
    instead_of: Moment | None = None
    """The occurrence, of the event with the same uid and a rule, in whose place this one is."""
    takes_time: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    events: tuple[Event, ...]
    name: str = ""
    description: str = ""
    refresh_hours: int | None = None
    """How often whoever subscribed should ask again; None for what is no subscription."""


def ics(calendar: Calendar) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        *_about(calendar),
        *_zones(calendar.events),
    ]
    events = [_event(event) for event in calendar.events]
    return b"".join((_written(lines), *events, b"END:VCALENDAR\r\n"))


def _written(lines: Iterable[str]) -> bytes:
    return "".join([f"{_folded(line)}\r\n" for line in lines]).encode()


def _about(calendar: Calendar) -> Iterator[str]:
    # The names that clients know, and those that RFC 7986 gave them.
    for names, value in (
        (("NAME", "X-WR-CALNAME"), calendar.name),
        (("DESCRIPTION", "X-WR-CALDESC"), calendar.description),
    ):
        if value:
            yield from (f"{name}:{_text(value)}" for name in names)
    if calendar.refresh_hours:
        yield f"REFRESH-INTERVAL;VALUE=DURATION:PT{calendar.refresh_hours}H"
        yield f"X-PUBLISHED-TTL:PT{calendar.refresh_hours}H"


def _zones(events: tuple[Event, ...]) -> Iterator[str]:
    """Each zone that is named, as it is from the first day on which it is. A calendar has to hold
    something: one without events holds a zone."""
    first: dict[str, date] = {} if events else {"UTC": date(1970, 1, 1)}
    for event in events:
        if event.zone:
            day = _day(event.starts)
            first[event.zone] = min(day, first.get(event.zone, day))
    for name in sorted(first):
        yield from zone_lines(name, first[name].year)


@lru_cache(maxsize=EVENTS_KEPT)
def _event(event: Event) -> bytes:
    """Written once: of a calendar that changed, most events are as they were."""
    return _written(_lines(event))


def _lines(event: Event) -> Iterator[str]:
    is_days = not isinstance(event.starts, datetime)
    ends = _day(event.ends) + timedelta(days=1) if is_days else event.ends
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    if event.instead_of is not None:
        yield _moment("RECURRENCE-ID", event.instead_of, event.zone)
    yield f"SEQUENCE:{event.sequence}"
    changed_at = _utc(event.changed_at)
    yield f"DTSTAMP:{changed_at}"
    yield f"LAST-MODIFIED:{changed_at}"
    yield _moment("DTSTART", event.starts, event.zone)
    yield _moment("DTEND", ends, event.zone)
    if event.rule:
        yield f"RRULE:{event.rule}"
    yield from (_moment("EXDATE", moment, event.zone) for moment in event.excluded)
    yield f"SUMMARY:{_text(event.summary)}"
    yield f"STATUS:{event.status.value}"
    yield f"TRANSP:{'OPAQUE' if event.takes_time else 'TRANSPARENT'}"
    for name, value in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if value:
            yield f"{name}:{_text(value)}"
    if event.url:
        # An address is no text: nothing in it is escaped, and nothing may end its line.
        yield f"URL:{_CONTROL.sub('', ''.join(event.url.split()))}"
    yield "END:VEVENT"


def _moment(name: str, moment: Moment, zone: str) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if zone:
        return f"{name};TZID={zone}:{_digits(moment.astimezone(ZoneInfo(zone)))}"
    return f"{name}:{_utc(moment)}"


def _utc(moment: datetime) -> str:
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return _digits(there) + "Z"


def _digits(wall: datetime) -> str:
    """The same as strftime, in a third of the time."""
    day = f"{wall.year:04}{wall.month:02}{wall.day:02}"
    return f"{day}T{wall.hour:02}{wall.minute:02}{wall.second:02}"


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _text(value: str) -> str:
    """As one value: what has a meaning in the format is escaped, so nothing can end the line."""
    if not value.isprintable():
        value = _CONTROL.sub("", "\n".join(value.splitlines()))
    return value.translate(_ESCAPES)


def _folded(line: str) -> str:
    """In lines of at most 75 octets, without cutting a character in two."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return line
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return line
    parts, start, room = [], 0, LONGEST_LINE
    while start < len(octets):
        end = min(start + room, len(octets))
        while end < len(octets) and octets[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1  # within a character
        parts.append(octets[start:end].decode())
        start, room = end, LONGEST_LINE - 1
    return "\r\n ".join(parts)
