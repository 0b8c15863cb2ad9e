"""Cadences as a reader sees them on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.days import Precision, first_day, last_day
from app.core.permissions import Actor
from app.meetings.models import (
    Meeting,
    MeetingSeries,
    MeetingStatus,
    SeriesAmendment,
    SeriesKind,
)
from app.meetings.queries.meetings import MeetingRow, known_meetings, row_of
from app.meetings.rules.adherence import (
    Adherence,
    Amended,
    Amendment,
    Expectation,
    Off,
    Sitting,
    adherence,
)
from app.meetings.rules.drift import Drift, drift
from app.meetings.rules.flexible import flexible_adherence
from app.meetings.rules.recurrence import expected
from app.sources.models import Source


@dataclass(frozen=True, slots=True)
class Slot:
    """An expected occurrence and the meeting that met it."""

    day: date
    state: Adherence
    sitting: MeetingRow | None
    days_off: Off | None
    window: tuple[date, date]
    precision: Precision
    amended: Amended | None

    @property
    def is_past(self) -> bool:
        """Nothing can be changed of it any more."""
        return self.state in {Adherence.MET, Adherence.NONE_RECORDED}


@dataclass(frozen=True, slots=True)
class Year:
    """Occurrences expected in the year up to the day, how many of them were met, and meetings
    held in it."""

    year: int
    expected: int
    met: int
    held: int


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A cadence on a day. `slots` are oldest first and end with the next one ahead."""

    id: int
    key: str
    title: str
    kind: SeriesKind
    recurrence: str
    is_flexible: bool
    starts_on: date
    starts_at: time | None
    zone: str
    zone_stated: bool
    duration_minutes: int
    days: int
    note: str
    source: Source | None
    slots: tuple[Slot, ...]
    meetings: tuple[MeetingRow, ...]
    """Newest first: held, planned and cancelled."""
    drift: Drift | None
    day: date

    @property
    def held(self) -> tuple[MeetingRow, ...]:
        return tuple(m for m in self.meetings if m.status is MeetingStatus.HELD)

    @property
    def last_held(self) -> MeetingRow | None:
        return self.held[0] if self.held else None

    @property
    def gap(self) -> Off | None:
        """How many days at least and at most since the last meeting ended."""
        last = self.last_held
        if last is None:
            return None
        ends = last.ends_on or last.starts_on
        earliest = first_day(ends, last.precision)
        latest = last_day(last.starts_on, last.ends_on, last.precision)
        return max(0, (self.day - latest).days), max(0, (self.day - earliest).days)

    @property
    def next_planned(self) -> MeetingRow | None:
        planned = [m for m in self.meetings if m.status is MeetingStatus.PLANNED]
        return min(planned, key=lambda m: m.starts_on, default=None)

    @property
    def next_slot(self) -> Slot | None:
        """The occurrence that is due, else the next one ahead; with a flexible cadence also the
        one for which it is too late."""
        open_ones = {Adherence.DUE, Adherence.AHEAD}
        if self.is_flexible:
            open_ones.add(Adherence.NONE_RECORDED)
        return next((slot for slot in self.slots if slot.state in open_ones), None)

    @property
    def years(self) -> tuple[Year, ...]:
        return tuple(
            _year(year, self.slots, self.held, self.day)
            for year in range(self.starts_on.year, max(self.day.year, self.starts_on.year) + 1)
        )


def cadences(session: Session, _reader: Actor | None, as_of: AsOf) -> tuple[SeriesView, ...]:
    """Every series that exists on the day: three queries, however many there are."""
    every = session.scalars(
        select(MeetingSeries)
        .where(MeetingSeries.exists_on(as_of.day))
        .options(joinedload(MeetingSeries.source))
        .order_by(MeetingSeries.starts_on, MeetingSeries.key)
    ).all()
    meetings = _by_series(session, as_of)
    amended = amendments(session, as_of.day)
    return tuple(_view(series, meetings[series.id], amended[series.id], as_of) for series in every)


cadence_panel = cadences
"""What the overview shows of them is what the page of the cadences shows."""


def find_series(session: Session, _reader: Actor | None, key: str) -> MeetingSeries | None:
    return session.scalars(select(MeetingSeries).where(MeetingSeries.key == key)).first()


def amendments(session: Session, day: date) -> Mapping[int, Sequence[Amended]]:
    """By series, those that hold on the day."""
    found: defaultdict[int, list[Amended]] = defaultdict(list)
    query = select(SeriesAmendment).where(
        SeriesAmendment.exists_on(day),
        or_(SeriesAmendment.undone_on.is_(None), SeriesAmendment.undone_on > day),
    )
    for row in session.scalars(query.order_by(SeriesAmendment.day)):
        found[row.series_id].append(Amended(row.kind, row.day, row.moved_to, row.reason))
    return found


def next_expected(series: MeetingSeries, after: date) -> date | None:
    """The first day after `after` on which the rule has the series meet."""
    days = expected(series.recurrence, series.starts_on, series.zone, after, series.starts_at)
    return next((day for day in days if day > after), None)


def _by_series(session: Session, as_of: AsOf) -> defaultdict[int | None, list[MeetingRow]]:
    found: defaultdict[int | None, list[MeetingRow]] = defaultdict(list)
    for meeting in session.scalars(known_meetings(as_of).where(Meeting.series_id.is_not(None))):
        found[meeting.series_id].append(row_of(meeting, as_of))
    return found


def _view(
    series: MeetingSeries,
    meetings: Sequence[MeetingRow],
    amended: Sequence[Amended],
    as_of: AsOf,
) -> SeriesView:
    held = {m.id: m for m in meetings if m.status is MeetingStatus.HELD}
    sittings = [Sitting(m.id, m.starts_on, m.precision) for m in held.values()]
    return SeriesView(
        id=series.id,
        key=series.key,
        title=series.title,
        kind=series.kind,
        recurrence=series.recurrence,
        is_flexible=series.is_flexible,
        starts_on=series.starts_on,
        starts_at=series.starts_at,
        zone=series.zone,
        zone_stated=series.zone_stated,
        duration_minutes=series.duration_minutes,
        days=series.days,
        note=series.note,
        source=series.source,
        slots=tuple(_slot(e, held) for e in _expectations(series, sittings, amended, as_of.day)),
        meetings=tuple(meetings),
        drift=drift(_rule_days(series, as_of.day), sittings, as_of.day),
        day=as_of.day,
    )


def _slot(e: Expectation, held: Mapping[int, MeetingRow]) -> Slot:
    sitting = held[e.sitting.id] if e.sitting else None
    return Slot(e.day, e.state, sitting, e.days_off, e.window, e.precision, e.amended)


def _expectations(
    series: MeetingSeries, sittings: Sequence[Sitting], amended: Sequence[Amended], day: date
) -> Iterable[Expectation]:
    if series.is_flexible:
        return flexible_adherence(
            series.recurrence, series.starts_on, sittings, day, series.tolerance_days
        )
    days = _rule_days(series, day)
    # One more than is shown: the tolerance of each comes from the interval that follows it.
    further = next_expected(series, days[-1])
    every = [*days, *([further] if further else [])]
    known = adherence(every, sittings, day, series.tolerance_days, amended)
    return (e for e in known if _is_shown(e, days[-1]))


def _is_shown(e: Expectation, last: date) -> bool:
    """Up to the next one of the rule, wherever it was moved to, and all that were added."""
    if e.amended is None:
        return e.day <= last
    return e.amended.kind is Amendment.ADDED or e.amended.day <= last


def _rule_days(series: MeetingSeries, day: date) -> list[date]:
    """All up to the day, and the next one."""
    return expected(series.recurrence, series.starts_on, series.zone, day, series.starts_at)


def _year(year: int, slots: Sequence[Slot], held: Sequence[MeetingRow], day: date) -> Year:
    until = min(day, date(year, 12, 31)) + timedelta(days=1)
    due = [
        slot
        for slot in slots
        if slot.day.year == year and slot.day < until and slot.state is not Adherence.SKIPPED
    ]
    return Year(
        year,
        len(due),
        sum(slot.state is Adherence.MET for slot in due),
        sum(m.starts_on.year == year for m in held),
    )
