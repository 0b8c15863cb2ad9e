"""Meetings as a published record tells of them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.permissions import Actor
from app.meetings.actions.access import check_begun, check_recorder, meeting_key
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """A meeting as a published record tells of it, with its days as far as they are known."""

    status: MeetingStatus
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY
    zone: str = "UTC"
    place: str = ""
    host_id: int | None = None
    deadline_id: int | None = None
    note: str = ""
    source_id: int | None = None


def record_meeting(
    session: Session,
    actor: Actor,
    series: MeetingSeries,
    title: str,
    entry: MeetingRecord,
    exists_from: date,
    now: datetime,
) -> Meeting:
    """A meeting that a published record tells of, known from `exists_from` on."""
    check_recorder(actor)
    if entry.status is MeetingStatus.HELD:
        check_begun(entry.starts_on, now)
    key = meeting_key(series, entry.starts_on)
    meeting = Meeting(
        key=key, series_id=series.id, title=title, exists_from=exists_from, **asdict(entry)
    )
    line = Line(actor.account_id, "meeting.record", Subject("meeting", key), now)
    add(session, meeting, asdict(entry), line)
    return meeting


def correct_record(
    session: Session, actor: Actor, meeting: Meeting, entry: MeetingRecord, now: datetime
) -> bool:
    """The record tells of the meeting otherwise; False when it does not."""
    check_recorder(actor)
    if entry.status is MeetingStatus.HELD:
        check_begun(entry.starts_on, now)
    line = Line(actor.account_id, "meeting.correct", Subject("meeting", meeting.key), now)
    return change(session, meeting, asdict(entry), line)
