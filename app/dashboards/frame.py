"""What the frame of every page shows of the network: its name, and the days that matter."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.days import Precision
from app.core.history import FOREVER
from app.deadlines.models import Deadline, DeadlineDate
from app.meetings.models import Meeting, MeetingStatus
from app.members.models import Network, NetworkName
from app.sharing.remembering import remembered
from app.web.day import Milestone


def short_name(session: Session, day: date) -> str:
    """What the network was called on the day; before its first name, that one."""
    names = remembered(session, None, None, "names", partial(_names, session))
    current = [name for name, from_on in names if from_on <= day] or [
        name for name, _from_on in names[:1]
    ]
    return current[-1] if current else ""


def milestones(session: Session) -> Sequence[Milestone]:
    """The day of the plan, the days on which deadlines fall due, and the meetings held."""
    name = ("milestones", str(get_locale()))
    return remembered(session, None, None, name, partial(_milestones, session))


def _names(session: Session) -> list[tuple[str, date]]:
    query = select(NetworkName.short_name, NetworkName.from_on).order_by(NetworkName.from_on)
    return [(name, from_on) for name, from_on in session.execute(query)]


def _milestones(session: Session) -> list[Milestone]:
    due = (
        select(DeadlineDate.due_on, Deadline.title, Deadline.exists_from, DeadlineDate.precision)
        .join(Deadline, Deadline.id == DeadlineDate.deadline_id)
        .where(DeadlineDate.until_on == FOREVER)
    )
    held = select(Meeting.starts_on, Meeting.title, Meeting.exists_from, Meeting.precision).where(
        Meeting.status == MeetingStatus.HELD
    )
    planned = session.scalars(select(Network.planned_on))
    rows = [*session.execute(due), *session.execute(held)]
    return [
        *(Milestone(day, _("The plan"), day) for day in planned),
        *(Milestone(*row) for row in rows),
    ]


def last_held_before(session: Session, day: date) -> date | None:
    """The first day of the last meeting held before the day, as far as its day is known."""
    return session.scalar(
        select(func.max(Meeting.starts_on)).where(
            Meeting.status == MeetingStatus.HELD,
            Meeting.starts_on < day,
            Meeting.precision == Precision.DAY,
        )
    )
