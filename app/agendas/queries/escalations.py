"""What coordinators put before the next meeting, and which meeting that is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.agendas.models import Agenda, AgendaItem
from app.core.markings import Marking
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, Escalation
from app.meetings.models import Meeting, MeetingSeries, MeetingStatus, SeriesKind
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Escalated:
    id: int
    reason: str
    deliverable_id: int
    key: str
    title: str
    marking: Marking
    audience_id: int | None


def open_escalations(session: Session, reader: Actor) -> tuple[Escalated, ...]:
    """Those that no agenda has an item for, the oldest first. RED is not among them."""
    taken = select(AgendaItem.escalation_id).where(AgendaItem.escalation_id.is_not(None))
    rows = session.execute(
        select(
            Escalation.id,
            Escalation.reason,
            Deliverable.id,
            Deliverable.key,
            Deliverable.title,
            Deliverable.marking,
            Deliverable.audience_id,
        )
        .join(Deliverable, Deliverable.id == Escalation.deliverable_id)
        .where(
            Escalation.id.not_in(taken),
            Deliverable.marking != Marking.RED,
            visible(reader, Deliverable),
        )
        .order_by(Escalation.raised_at, Escalation.id)
    )
    return tuple(Escalated(*row) for row in rows)


def takes_escalations(meeting: Meeting) -> bool:
    """Meetings of the whole network do; a track or a call of two does not."""
    return meeting.series is None or meeting.series.kind is SeriesKind.PLENARY


def next_agenda(session: Session, day: date) -> Agenda | None:
    """The agenda of the next meeting of the whole network from `day` on; None while that meeting
    has none, or none is planned."""
    next_meeting = session.scalars(
        select(Meeting)
        .outerjoin(MeetingSeries, MeetingSeries.id == Meeting.series_id)
        .where(
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_on >= day,
            or_(Meeting.series_id.is_(None), MeetingSeries.kind == SeriesKind.PLENARY),
        )
        .order_by(Meeting.starts_on, Meeting.id)
        .limit(1)
    ).first()
    if next_meeting is None:
        return None
    return session.scalars(select(Agenda).where(Agenda.meeting_id == next_meeting.id)).first()
