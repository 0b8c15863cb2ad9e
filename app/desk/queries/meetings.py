"""The meeting that comes next."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.meetings.models import Meeting, MeetingStatus


def next_meeting(session: Session, as_of: AsOf) -> Meeting | None:
    """Of all that are planned, the first that is not over."""
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.exists_on(as_of.day),
            Meeting.starts_on >= as_of.dueness,
        )
        .order_by(Meeting.starts_on, Meeting.id)
    ).first()
