"""What is in the database already, for a file to refer to."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deadlines.models import Deadline
from app.deliverables.actions.planning import dependency_edges
from app.deliverables.models import Deliverable
from app.meetings.models import MeetingSeries
from app.members.models import Function, Member
from app.plans.reading import Known
from app.priorities.models import Body, Priority, Question
from app.sources.models import Source


def known(session: Session) -> Known:
    days = {
        "members": _days(session, Member, Member.code),
        "priorities": _days(session, Priority, Priority.key),
        "deadlines": _days(session, Deadline, Deadline.key),
        "deliverables": _days(session, Deliverable, Deliverable.key),
        "meeting_series": _days(session, MeetingSeries, MeetingSeries.key),
    }
    return Known(
        **{section: found.keys() for section, found in days.items()},
        functions=set(session.scalars(select(Function.key))),
        questions=set(session.scalars(select(Question.key))),
        bodies=set(session.scalars(select(Body.key))),
        sources=set(session.scalars(select(Source.key))),
        depends_on=dependency_edges(session),
        exists_from=days,
    )


def _days(session: Session, kind: Any, key: Any) -> dict[str, date]:
    return {row[0]: row[1] for row in session.execute(select(key, kind.exists_from))}
