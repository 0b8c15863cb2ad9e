"""Who came to a meeting."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.meetings.actions.access import check_begun, check_planner
from app.meetings.models import Attendance, Meeting, MeetingStatus
from app.meetings.rules.attendance import Presence
from app.members.models import Member


def record_attendance(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    member: Member,
    presence: Presence | None,
    note: str,
    now: datetime,
) -> bool:
    """None: nothing is known. False when nothing differs. Two who record different members do
    not disturb each other."""
    check_planner(actor)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(N_("This meeting was cancelled: nobody came."))
    check_begun(meeting.starts_on, now)
    row = session.get(Attendance, (meeting.id, member.id), with_for_update=True)
    before = (row.presence, row.note) if row else (None, "")
    after = (presence, note if presence else "")
    if before == after:
        return False
    if presence is None:
        session.delete(row)
    elif row is None:
        session.add(
            Attendance(meeting_id=meeting.id, member_id=member.id, presence=presence, note=note)
        )
    else:
        row.presence, row.note = presence, note
    session.flush()
    changes = {f"presence of {member.code}": (before[0], presence), "note": (before[1], after[1])}
    subject = Subject("meeting", meeting.key)
    record(session, actor.account_id, "meeting.attendance", subject, changes, now)
    return True
