"""How far a day is from a deadline, without inventing a day where only a month or year is known."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.days import Precision, first_day, last_day


class Phase(StrEnum):
    AHEAD = "ahead"
    UNDER_WAY = "under_way"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Distance:
    """Days to the first day it can begin on, or since the last day it can end on; 0 in between.

    `is_exact` is False where it is known to the month or the year only: then `days` is the least
    that it can be.
    """

    phase: Phase
    days: int
    is_exact: bool


def distance(
    starts_on: date, ends_on: date | None, precision: Precision, day: date, dueness: date
) -> Distance:
    """Seen from `day`; it is past once `dueness`, the day still running somewhere, is."""
    first, last = first_day(starts_on, precision), last_day(starts_on, ends_on, precision)
    is_exact = precision is Precision.DAY
    if day < first:
        return Distance(Phase.AHEAD, (first - day).days, is_exact)
    if last < dueness:
        return Distance(Phase.PAST, (dueness - last).days, is_exact)
    return Distance(Phase.UNDER_WAY, 0, is_exact)
