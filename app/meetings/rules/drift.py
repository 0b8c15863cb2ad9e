"""Whether a series has drifted away from its cadence, and who hosts it next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.meetings.rules.adherence import Sitting

LAST_MEETINGS = 5
"""Drift is told from the gaps between so many meetings, the newest of them."""
SHARE = 4
"""It has drifted when the gaps are off by more than the interval divided by this."""


@dataclass(frozen=True, slots=True)
class Drift:
    """`held_days` lie between two meetings on average, `expected_days` between two occurrences.
    `is_about`: one of the meetings is known to the month or the year only."""

    expected_days: int
    held_days: int
    is_about: bool

    @property
    def is_slower(self) -> bool:
        return self.held_days > self.expected_days


def drift(expected_days: Sequence[date], sittings: Sequence[Sitting], day: date) -> Drift | None:
    """None while the series keeps its cadence, or has too few meetings to tell. The time since
    the last meeting counts as a gap once it is longer than the interval."""
    held = sorted((s for s in sittings if s.day <= day), key=lambda s: (s.day, s.id))
    newest = held[-LAST_MEETINGS:]
    if len(expected_days) < 2 or not newest:
        return None
    interval = (expected_days[-1] - expected_days[0]).days / (len(expected_days) - 1)
    end, gaps = _middle(newest[-1]), len(newest) - 1
    if (day - end).days > interval:
        end, gaps = day, gaps + 1
    if not gaps:
        return None
    average = (end - _middle(newest[0])).days / gaps
    if abs(average - interval) <= interval / SHARE:
        return None
    is_about = any(sitting.day != sitting.last for sitting in (newest[0], newest[-1]))
    return Drift(round(interval), round(average), is_about)


def _middle(sitting: Sitting) -> date:
    return sitting.day + timedelta(days=(sitting.last - sitting.day).days // 2)


def hosts_in_turn(order: Sequence[int], last_hosted: Mapping[int, date]) -> list[int]:
    """Who hosts next, and after that: whoever never has comes first, then whoever has not for
    longest; of several, in the order that was agreed."""
    places = {member: place for place, member in enumerate(order)}
    return sorted(places, key=lambda m: (last_hosted.get(m, date.min), places[m]))
