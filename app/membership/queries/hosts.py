"""Who hosted which convening, summit or meeting."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.permissions import Actor
from app.deadlines.models import DeadlineKind
from app.deadlines.queries import deadlines
from app.meetings.models import Meeting, MeetingStatus
from app.meetings.queries.meetings import meeting_rows

GATHERINGS = (DeadlineKind.CONVENING, DeadlineKind.SUMMIT)


@dataclass(frozen=True, slots=True)
class Hosted:
    """`code` None: no host is recorded. `meeting_key` is empty for what has no meeting here, then
    `deadline_key` names it."""

    title: str
    starts_on: date
    ends_on: date | None
    precision: Precision
    place: str
    code: str | None
    name: str | None
    meeting_key: str = ""
    deadline_key: str = ""


def hosted(session: Session, reader: Actor, as_of: AsOf) -> tuple[Hosted, ...]:
    """As known on the day, the latest first. A meeting that names no host has that of its convening
    or summit."""
    of_meeting = dict(session.execute(select(Meeting.id, Meeting.deadline_id)).all())
    by_id = {row.id: row for row in deadlines(session, as_of)}
    rows, covered = [], set()
    for meeting in meeting_rows(session, reader, as_of):
        if meeting.status is MeetingStatus.CANCELLED:
            continue
        deadline = by_id.get(of_meeting.get(meeting.id) or 0)
        covered.add(deadline.id if deadline else 0)
        host = meeting.host
        code = host.code if host else deadline.host_code if deadline else None
        name = host.name if host else deadline.host_name if deadline else None
        dates = (meeting.starts_on, meeting.ends_on, meeting.precision)
        rows.append(Hosted(meeting.title, *dates, meeting.place, code, name, meeting.key))
    for row in by_id.values():
        if row.kind in GATHERINGS and row.id not in covered:
            dates = (row.starts_on, row.ends_on, row.precision)
            who = (row.host_code, row.host_name)
            rows.append(Hosted(row.title, *dates, row.place, *who, deadline_key=row.key))
    return tuple(sorted(rows, key=lambda row: (row.starts_on, row.title), reverse=True))
