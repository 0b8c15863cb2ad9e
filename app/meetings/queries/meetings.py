"""Meetings as a reader sees them on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.days import Precision, last_day
from app.core.permissions import Actor
from app.meetings.models import Attendance, Meeting, MeetingStatus
from app.meetings.rules.attendance import Presence
from app.members.models import Member
from app.sources.models import Source


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
class Attending:
    code: str
    name: str
    presence: Presence
    note: str


def meeting_rows(session: Session, _reader: Actor | None, as_of: AsOf) -> tuple[MeetingRow, ...]:
    """Every meeting known on the day, newest first."""
    return tuple(row_of(meeting, as_of) for meeting in session.scalars(known_meetings(as_of)))


def meeting_row(
    session: Session, _reader: Actor | None, meeting: Meeting, as_of: AsOf
) -> MeetingRow | None:
    """None on a day before it was known."""
    found = session.scalars(known_meetings(as_of).where(Meeting.id == meeting.id)).first()
    return row_of(found, as_of) if found else None


def find_meeting(session: Session, _reader: Actor | None, key: str) -> Meeting | None:
    return session.scalars(
        select(Meeting)
        .where(Meeting.key == key)
        .options(joinedload(Meeting.series), joinedload(Meeting.host), joinedload(Meeting.deadline))
    ).first()


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


def known_meetings(as_of: AsOf) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(Meeting.exists_on(as_of.day))
        .options(joinedload(Meeting.host), joinedload(Meeting.source))
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
    )


def row_of(meeting: Meeting, as_of: AsOf) -> MeetingRow:
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
