"""Cadences and meetings as a reader sees them on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.days import Precision, last_day
from app.core.permissions import Actor
from app.meetings.models import Attendance, Meeting, MeetingSeries, MeetingStatus, Presence
from app.meetings.rules import Adherence, Expectation, Sitting, adherence, expected
from app.members.models import Member
from app.sources.models import Source

WORKING_DAY_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Host:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting as it stood on the day: planned until it began or was called off."""

    id: int
    key: str
    title: str
    series_id: int | None
    status: MeetingStatus
    starts_on: date
    ends_on: date | None
    precision: Precision
    starts_at: datetime | None
    zone: str
    duration_minutes: int | None
    place: str
    link: str
    host: Host | None
    source: Source | None
    cancelled_reason: str
    awaits_record: bool
    """Planned, its last day is over, and nobody has said whether it was held."""

    @property
    def day(self) -> date:
        """The first day of what is known, as the strip of a cadence has it."""
        return self.starts_on


@dataclass(frozen=True, slots=True)
class Slot:
    """An expected occurrence and the meeting that met it."""

    day: date
    state: Adherence
    sitting: MeetingRow | None
    days_off: int | None
    window: tuple[date, date]


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
    recurrence: str
    starts_on: date
    zone: str
    duration_minutes: int
    days: int
    note: str
    source: Source | None
    slots: tuple[Slot, ...]
    meetings: tuple[MeetingRow, ...]
    """Newest first: held, planned and cancelled."""
    day: date

    @property
    def held(self) -> tuple[MeetingRow, ...]:
        return tuple(m for m in self.meetings if m.status is MeetingStatus.HELD)

    @property
    def last_held(self) -> MeetingRow | None:
        return self.held[0] if self.held else None

    @property
    def gap_days(self) -> int | None:
        """Since the last meeting ended, as far as its days are known."""
        last = self.last_held
        if last is None:
            return None
        return max(0, (self.day - last_day(last.starts_on, last.ends_on, last.precision)).days)

    @property
    def next_planned(self) -> MeetingRow | None:
        planned = [m for m in self.meetings if m.status is MeetingStatus.PLANNED]
        return min(planned, key=lambda m: m.starts_on, default=None)

    @property
    def next_slot(self) -> Slot | None:
        """The occurrence that is due, else the next one ahead."""
        open_ones = (Adherence.DUE, Adherence.AHEAD)
        return next((slot for slot in self.slots if slot.state in open_ones), None)

    @property
    def years(self) -> tuple[Year, ...]:
        return tuple(
            _year(year, self.slots, self.held, self.day)
            for year in range(self.starts_on.year, max(self.day.year, self.starts_on.year) + 1)
        )


@dataclass(frozen=True, slots=True)
class Attending:
    code: str
    name: str
    presence: Presence
    note: str


def cadences(session: Session, _reader: Actor | None, as_of: AsOf) -> tuple[SeriesView, ...]:
    """Every series that exists on the day: two queries, however many there are."""
    every = session.scalars(
        select(MeetingSeries)
        .where(MeetingSeries.exists_on(as_of.day))
        .options(joinedload(MeetingSeries.source))
        .order_by(MeetingSeries.starts_on, MeetingSeries.key)
    ).all()
    meetings = _by_series(session, as_of)
    return tuple(_view(series, meetings[series.id], as_of) for series in every)


cadence_panel = cadences
"""What the overview shows of them is what the page of the cadences shows."""


def meeting_rows(session: Session, _reader: Actor | None, as_of: AsOf) -> tuple[MeetingRow, ...]:
    """Every meeting known on the day, newest first."""
    return tuple(_row(meeting, as_of) for meeting in session.scalars(_meetings(as_of)))


def meeting_row(
    session: Session, _reader: Actor | None, meeting: Meeting, as_of: AsOf
) -> MeetingRow | None:
    """None on a day before it was known."""
    found = session.scalars(_meetings(as_of).where(Meeting.id == meeting.id)).first()
    return _row(found, as_of) if found else None


def find_meeting(session: Session, _reader: Actor | None, key: str) -> Meeting | None:
    return session.scalars(
        select(Meeting)
        .where(Meeting.key == key)
        .options(joinedload(Meeting.series), joinedload(Meeting.host), joinedload(Meeting.deadline))
    ).first()


def find_series(session: Session, _reader: Actor | None, key: str) -> MeetingSeries | None:
    return session.scalars(select(MeetingSeries).where(MeetingSeries.key == key)).first()


def attendance(session: Session, meeting: Meeting) -> tuple[Attending, ...]:
    rows = session.execute(
        select(Member.code, Member.name, Attendance.presence, Attendance.note)
        .join(Attendance, Attendance.member_id == Member.id)
        .where(Attendance.meeting_id == meeting.id)
        .order_by(Member.code)
    )
    return tuple(Attending(*row) for row in rows)


def possible_hosts(session: Session, day: date) -> Sequence[Member]:
    return session.scalars(select(Member).where(Member.exists_on(day)).order_by(Member.code)).all()


def next_expected(series: MeetingSeries, after: date) -> date | None:
    """The first day after `after` on which the rule has the series meet."""
    days = expected(series.recurrence, series.starts_on, series.zone, after, series.starts_at)
    return next((day for day in days if day > after), None)


def _meetings(as_of: AsOf) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(Meeting.exists_on(as_of.day))
        .options(joinedload(Meeting.host), joinedload(Meeting.source))
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
    )


def _by_series(session: Session, as_of: AsOf) -> defaultdict[int | None, list[MeetingRow]]:
    found: defaultdict[int | None, list[MeetingRow]] = defaultdict(list)
    for meeting in session.scalars(_meetings(as_of).where(Meeting.series_id.is_not(None))):
        found[meeting.series_id].append(_row(meeting, as_of))
    return found


def _row(meeting: Meeting, as_of: AsOf) -> MeetingRow:
    status = status_on(meeting, as_of.day)
    ends = last_day(meeting.starts_on, meeting.ends_on, meeting.precision)
    return MeetingRow(
        id=meeting.id,
        key=meeting.key,
        title=meeting.title,
        series_id=meeting.series_id,
        status=status,
        starts_on=meeting.starts_on,
        ends_on=meeting.ends_on,
        precision=meeting.precision,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        link=meeting.link,
        host=Host(meeting.host.code, meeting.host.name) if meeting.host else None,
        source=meeting.source,
        cancelled_reason=meeting.cancelled_reason,
        awaits_record=status is MeetingStatus.PLANNED and ends < as_of.dueness,
    )


def status_on(meeting: Meeting, day: date) -> MeetingStatus:
    """Before the day on which it was held or called off, it was planned."""
    began = {
        MeetingStatus.HELD: meeting.starts_on,
        MeetingStatus.CANCELLED: meeting.cancelled_on,
    }.get(meeting.status)
    return MeetingStatus.PLANNED if began is not None and day < began else meeting.status


def _view(series: MeetingSeries, meetings: Sequence[MeetingRow], as_of: AsOf) -> SeriesView:
    return SeriesView(
        id=series.id,
        key=series.key,
        title=series.title,
        recurrence=series.recurrence,
        starts_on=series.starts_on,
        zone=series.zone,
        duration_minutes=series.duration_minutes,
        days=series.days,
        note=series.note,
        source=series.source,
        slots=_slots(series, meetings, as_of.day),
        meetings=tuple(meetings),
        day=as_of.day,
    )


def _slots(series: MeetingSeries, meetings: Sequence[MeetingRow], day: date) -> tuple[Slot, ...]:
    held = {m.id: m for m in meetings if m.status is MeetingStatus.HELD}
    sittings = [Sitting(m.id, m.starts_on, m.precision) for m in held.values()]
    days = _expected(series, day)
    # One more than is shown: the tolerance of each comes from the interval that follows it.
    further = next_expected(series, days[-1])
    known = adherence(
        [*days, *([further] if further else [])], sittings, day, series.tolerance_days
    )
    return tuple(
        Slot(e.day, e.state, held[e.sitting.id] if e.sitting else None, e.days_off, e.window)
        for e in _up_to(known, days[-1])
    )


def _expected(series: MeetingSeries, day: date) -> list[date]:
    return expected(series.recurrence, series.starts_on, series.zone, day, series.starts_at)


def _up_to(expectations: Iterable[Expectation], last: date) -> Iterable[Expectation]:
    return (e for e in expectations if e.day <= last)


def _year(year: int, slots: Sequence[Slot], held: Sequence[MeetingRow], day: date) -> Year:
    until = min(day, date(year, 12, 31)) + timedelta(days=1)
    due = [slot for slot in slots if slot.day.year == year and slot.day < until]
    return Year(
        year,
        len(due),
        sum(slot.state is Adherence.MET for slot in due),
        sum(m.starts_on.year == year for m in held),
    )
