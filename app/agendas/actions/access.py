"""Who edits agendas, one at a time, and how the trail names them."""

from sqlalchemy.orm import Session

from app.agendas.models import Agenda
from app.audit.actions import Subject
from app.core.errors import N_, Forbidden
from app.core.permissions import Actor, Permission, can
from app.meetings.models import Meeting


def check_editor(actor: Actor) -> None:
    if not can(actor, Permission.AGENDA_EDIT):
        raise Forbidden(N_("Only a coordinator edits agendas."))


def open_for_editing(session: Session, actor: Actor, agenda: Agenda) -> None:
    """What is checked from here on is what is changed: others wait until this is done."""
    check_editor(actor)
    session.refresh(agenda, with_for_update=True)


def subject(meeting: Meeting) -> Subject:
    return Subject("agenda", meeting.key)
