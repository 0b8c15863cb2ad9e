"""When a series should meet: the days of its rule, and their instants."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

MOST_OCCURRENCES = 2000

# Beyond the last day asked for, how far to look for the next occurrence.
_YEARS_AHEAD = 100
_LAST_YEAR = 9998
_LEAP_YEAR = 2000
_SUB_DAILY = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_TIME_PARTS = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_ANY_RULE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY"})
# RFC 5545, 3.3.10; BYSETPOS has nothing to choose from within a day.
_PARTS = {
    "DAILY": _ANY_RULE | {"BYMONTHDAY"},
    "WEEKLY": _ANY_RULE | {"BYSETPOS"},
    "MONTHLY": _ANY_RULE | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _ANY_RULE | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
_GREATEST = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_INTEGER = re.compile(r"[+-]?[0-9]{1,3}")
_UNTIL = re.compile(r"([0-9]{8})(?:T([0-9]{6})(Z?))?")


class RecurrenceFault(StrEnum):
    UNREADABLE = "unreadable"
    UNKNOWN_ZONE = "unknown_zone"
    SUB_DAILY = "sub_daily"
    NO_OCCURRENCE = "no_occurrence"
    TOO_MANY = "too_many"


class BadRecurrence(ValueError):
    def __init__(self, reason: RecurrenceFault) -> None:
        super().__init__(reason)
        self.reason = reason


def expected(
    recurrence: str, starts_on: date, zone: str, until: date, at: time | None = None
) -> list[date]:
    """The days, in `zone`, on which an RFC 5545 rule has the series meet.

    All up to `until` and the next one after it, if the rule goes on. BadRecurrence for a rule
    that cannot be read, meets more than once a day, never meets or meets too often.
    """
    tz = _zone(zone)
    parts = _parts(recurrence)
    start = datetime.combine(starts_on, _wall(at))
    end = _end(parts, start, until, tz)
    days = (moment.date() for moment in _read(parts, start, end))
    found = list(islice(_through_next(days, until, _count(parts)), MOST_OCCURRENCES + 1))
    if not found:
        raise BadRecurrence(RecurrenceFault.NO_OCCURRENCE)
    if len(found) > MOST_OCCURRENCES:
        raise BadRecurrence(RecurrenceFault.TOO_MANY)
    return found


def occurrences_at(
    recurrence: str, starts_on: date, zone: str, until: date, at: time
) -> list[datetime]:
    """The instants, in UTC, of `expected`: `at` stays what the clock on the wall in `zone` shows.

    As RFC 5545 has it, a time that a clock change skips counts from the offset before the change,
    and one that comes twice means the first.
    """
    tz = _zone(zone)
    wall = _wall(at)
    days = expected(recurrence, starts_on, zone, until, at)
    return [datetime.combine(day, wall, tzinfo=tz).astimezone(UTC) for day in days]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # A name that leads outside the data, to a folder in it, or is no file name at all.
    except (KeyError, ValueError, OSError) as error:
        raise BadRecurrence(RecurrenceFault.UNKNOWN_ZONE) from error


def _wall(at: time | None) -> time:
    return at.replace(tzinfo=None, fold=0) if at else time()


def _parts(recurrence: str) -> dict[str, str]:
    text = recurrence.strip().upper().removeprefix("RRULE:")
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    frequency = parts.get("FREQ", "")
    if frequency in _SUB_DAILY or parts.keys() & _TIME_PARTS:
        raise BadRecurrence(RecurrenceFault.SUB_DAILY)
    is_repeating_itself = len(parts) < len(pairs) or {"COUNT", "UNTIL"} <= parts.keys()
    if is_repeating_itself or not parts.keys() <= _PARTS.get(frequency, frozenset()):
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    if frequency in {"DAILY", "WEEKLY"} and re.search(r"[0-9]", parts.get("BYDAY", "")):
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    _positive(parts.get("INTERVAL", "1"))
    _refuse_no_such_day(parts)
    return parts


def _refuse_no_such_day(parts: dict[str, str]) -> None:
    """dateutil takes a 13th month or a 30 February and searches for it up to the year 9999."""
    numbers = {name: _integers(parts[name]) for name in _GREATEST.keys() & parts.keys()}
    if any(not 1 <= abs(n) <= _GREATEST[name] for name, values in numbers.items() for n in values):
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    months = numbers.get("BYMONTH", range(1, 13))
    if any(month < 1 for month in months):
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    longest = max(monthrange(_LEAP_YEAR, month)[1] for month in months)
    if all(abs(n) > longest for n in numbers.get("BYMONTHDAY", [1])):
        raise BadRecurrence(RecurrenceFault.NO_OCCURRENCE)


def _integers(text: str) -> list[int]:
    values = text.split(",")
    if not all(_INTEGER.fullmatch(value) for value in values):
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    return [int(value) for value in values]


def _positive(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) == 0:
        raise BadRecurrence(RecurrenceFault.UNREADABLE)
    return int(text)


def _count(parts: dict[str, str]) -> int | None:
    return _positive(parts["COUNT"]) if "COUNT" in parts else None


def _end(parts: dict[str, str], start: datetime, until: date, tz: ZoneInfo) -> datetime:
    year = min(max(start.year, until.year) + _YEARS_AHEAD, _LAST_YEAR)
    horizon = datetime.combine(date(year, 12, 31), time.max)
    return min(_last_moment(parts["UNTIL"], tz), horizon) if "UNTIL" in parts else horizon


def _last_moment(text: str, tz: ZoneInfo) -> datetime:
    """Of an UNTIL, on the wall in `tz`; a bare day counts to its end."""
    match = _UNTIL.fullmatch(text)
    try:
        if not match:
            raise ValueError(text)
        day = date.fromisoformat(match[1])
        moment = datetime.combine(day, time.fromisoformat(match[2]) if match[2] else time.max)
    except ValueError as error:
        raise BadRecurrence(RecurrenceFault.UNREADABLE) from error
    if not match[3] or not 1 < day.year <= _LAST_YEAR:
        return moment
    return moment.replace(tzinfo=UTC).astimezone(tz).replace(tzinfo=None)


def _read(parts: dict[str, str], start: datetime, end: datetime) -> Iterator[datetime]:
    """COUNT and UNTIL are kept from dateutil, which reads neither as RFC 5545 has it in a zone."""
    days = {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}
    text = ";".join(f"{name}={value}" for name, value in days.items())
    try:
        rule = rrulestr(text, dtstart=start)
        if not isinstance(rule, rrule):
            raise ValueError(text)
        yield from rule.replace(until=end)
    # dateutil trips over some unreadable values instead of refusing them.
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
        raise BadRecurrence(RecurrenceFault.UNREADABLE) from error


def _through_next(days: Iterable[date], until: date, count: int | None) -> Iterator[date]:
    for day in islice(days, count):
        yield day
        if day > until:
            return
