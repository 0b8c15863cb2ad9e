"""Calendar days of the plan: dates without a zone, known to the day, the month or the year."""

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1900, 2200

# The end, not included, of what has no end yet.
FOREVER = date(9999, 12, 31)

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def first_day(starts_on: date, precision: Precision) -> date:
    match precision:
        case Precision.DAY:
            return starts_on
        case Precision.MONTH:
            return starts_on.replace(day=1)
        case Precision.YEAR:
            return starts_on.replace(month=1, day=1)


def last_day(starts_on: date, ends_on: date | None, precision: Precision) -> date:
    """The day at whose end a deadline falls due."""
    ends = ends_on or starts_on
    match precision:
        case Precision.DAY:
            return ends
        case Precision.MONTH:
            return ends.replace(day=monthrange(ends.year, ends.month)[1])
        case Precision.YEAR:
            return ends.replace(month=12, day=31)


def parse_day(text: str) -> date:
    """Read YYYY-MM-DD and nothing else of ISO 8601; ValueError for any other text or year."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(text)
    return day
