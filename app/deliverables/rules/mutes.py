"""Flags that a coordinator keeps from counting until a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST = timedelta(days=366)


class MuteFault(StrEnum):
    """What speaks against a new mute."""

    NOT_AHEAD = "not_ahead"
    TOO_LONG = "too_long"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class Mute:
    """From `from_on` up to, not including, `until_on`, and no longer than somebody lets it:
    `ended_on` is the day from which it was lifted by hand."""

    id: int
    flag: str
    from_on: date
    until_on: date
    ended_on: date | None = None
    reason: str = ""
    by: str = ""

    @property
    def over_on(self) -> date:
        """The first day on which it no longer holds."""
        return self.until_on if self.ended_on is None else min(self.until_on, self.ended_on)

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day < self.over_on


def mute_of(flag: str, mutes: Iterable[Mute], day: date) -> Mute | None:
    """The mute of this flag on the day; the one that lasts longest where several hold."""
    holding = [mute for mute in mutes if mute.flag == flag and mute.holds_on(day)]
    return max(holding, key=lambda mute: (mute.over_on, mute.id), default=None)


def fault_of(from_on: date, until_on: date, reason: str) -> MuteFault | None:
    """A mute lasts at least until the next day, at most a year, and says why."""
    if until_on <= from_on:
        return MuteFault.NOT_AHEAD
    if until_on - from_on > LONGEST:
        return MuteFault.TOO_LONG
    return None if reason.strip() else MuteFault.NO_REASON
