"""Whether a report has come in, which is another question than how the work is going."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class ReportState(StrEnum):
    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"
    IN = "in"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"


WAITING = frozenset({ReportState.DUE, ReportState.OVERDUE, ReportState.SENT_BACK})
"""The lead is to send something."""


class Happening(StrEnum):
    """What can befall a report that was asked for."""

    CAME = "came"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class Event:
    """`number` decides between two of the same instant: the later one is the higher."""

    at: datetime
    number: int
    what: Happening


@dataclass(frozen=True, slots=True)
class Window:
    """The days after the first of one meeting up to the first of the next, that one included.
    None: without end on that side."""

    after: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        return (self.after is None or day > self.after) and (
            self.until is None or day <= self.until
        )


def window_of(day: date, meetings: Iterable[date]) -> Window:
    """The one window in which a day lies. `meetings` are the first days of those that were held or
    are planned; what is logged on a later day of a meeting counts for the next."""
    starts = sorted(set(meetings))
    at = bisect_left(starts, day)
    return Window(starts[at - 1] if at else None, starts[at] if at < len(starts) else None)


def closes_on(meeting_starts_on: date, days_before: int) -> date:
    """The last day on which a report is in time."""
    return meeting_starts_on - timedelta(days=days_before)


def state(
    asked_at: datetime | None,
    events: Iterable[Event],
    *,
    is_active: bool,
    closing_on: date,
    dueness: date,
) -> ReportState:
    """What came before the asking counts for nothing. Once a report is accepted, further updates
    change nothing, but a coordinator can still send it back. What is no longer active and never
    reported need not report. `dueness` is the day by whose end things fall due."""
    if asked_at is None:
        return ReportState.NOT_DUE
    reached = ReportState.DUE
    for event in sorted(events, key=lambda event: (event.at, event.number)):
        if event.at >= asked_at:
            reached = _after(reached, event.what)
    if reached is not ReportState.DUE:
        return reached
    if not is_active:
        return ReportState.NOT_DUE
    return ReportState.OVERDUE if closing_on < dueness else ReportState.DUE


def _after(reached: ReportState, what: Happening) -> ReportState:
    match what:
        case Happening.CAME if reached in (ReportState.DUE, ReportState.SENT_BACK):
            return ReportState.IN
        case Happening.ACCEPTED if reached in (ReportState.IN, ReportState.SENT_BACK):
            return ReportState.ACCEPTED
        case Happening.SENT_BACK if reached in (ReportState.IN, ReportState.ACCEPTED):
            return ReportState.SENT_BACK
        case _:
            return reached
