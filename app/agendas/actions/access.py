"""Who edits agendas, one at a time, and how the trail names them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.agendas.models import Agenda
from app.audit.actions import Subject, record
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


def changed(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    verb: str,
    changes: dict[str, tuple[Any, Any]],
    now: datetime,
) -> None:
    """The agenda's version rises with every change to one of its items."""
    flag_modified(agenda, "proposed_as_of")
    session.flush()
    meeting = session.get_one(Meeting, agenda.meeting_id)
    record(session, actor.account_id, verb, subject(meeting), changes, now)
