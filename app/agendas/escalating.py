"""Puts what was escalated on the agenda of the next meeting, in the words of whoever does it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.agendas.actions.escalations import put_on
from app.agendas.models import AgendaItem
from app.agendas.queries.escalations import next_agenda, open_escalations
from app.agendas.wording import escalated
from app.core.permissions import Actor


def put_before_next_meeting(
    session: Session, actor: Actor, day: date, now: datetime
) -> list[AgendaItem]:
    """None where the next meeting has no agenda yet: then they are part of what is proposed."""
    agenda = next_agenda(session, day)
    if agenda is None:
        return []
    drafts = [escalated(escalation) for escalation in open_escalations(session, actor)]
    return put_on(session, actor, agenda, drafts, now)
