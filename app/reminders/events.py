"""What a webhook is told of something that happened: what its account may know, as of now."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.core.clock import as_of
from app.core.markings import Channel
from app.core.permissions import Actor
from app.deadlines.models import Deadline
from app.decisions.queries.decisions import find as find_decision
from app.deliverables.models import StatusUpdate
from app.deliverables.queries.detail import find as find_deliverable
from app.meetings.queries.meetings import find_meeting
from app.notices.models import Occurrence
from app.notices.rules import Happening
from app.sharing.queries import visible


def event(
    session: Session, reader: Actor, occurrence: Occurrence, root: str, now: datetime
) -> dict[str, Any] | None:
    """None where the reader may not know of it by this way."""
    found = _about(session, reader.through(Channel.API), occurrence, now)
    if found is None:
        return None
    path, facts = found
    return {
        "event": occurrence.happening.value,
        "at": occurrence.at.isoformat(),
        "subject": {
            "kind": occurrence.subject_kind,
            "key": occurrence.subject_key,
            "url": f"{root}{path}",
        },
        "facts": facts,
    }


Found = tuple[str, dict[str, Any]] | None


def _about(session: Session, reader: Actor, occurrence: Occurrence, now: datetime) -> Found:
    key, number = occurrence.subject_key, occurrence.number
    if occurrence.happening is Happening.UPDATE_LOGGED:
        return _update(session, reader, key, number)
    if occurrence.subject_kind == "deliverable":
        found = find_deliverable(session, reader, key)
        return None if found is None else (f"/deliverables/{key}", _named(found))
    if occurrence.subject_kind == "deadline":
        deadline = session.scalars(select(Deadline).where(Deadline.key == key)).first()
        return None if deadline is None else (f"/deadlines/{key}", {"title": deadline.title})
    if occurrence.subject_kind == "decision":
        decision = find_decision(session, reader, as_of(None, now), key)
        if decision is None:
            return None
        return f"/decisions/{key}", {**_named(decision), "state": decision.state.value}
    if occurrence.subject_kind == "action":
        return _action(session, reader, number)
    return _meeting(session, reader, key, number, occurrence.happening)


def _update(session: Session, reader: Actor, key: str, number: int | None) -> Found:
    query = select(StatusUpdate).where(StatusUpdate.id == number, visible(reader, StatusUpdate))
    update, of = session.scalars(query).first(), find_deliverable(session, reader, key)
    if update is None or of is None:
        return None
    return f"/deliverables/{key}", {
        "title": of.title,
        "marking": update.marking.label,
        "status": update.status.value,
        "health": update.health.value if update.health else None,
        "progress": update.progress,
        "effective_on": update.effective_on.isoformat(),
    }


def _action(session: Session, reader: Actor, number: int | None) -> Found:
    query = select(Action).where(Action.id == number, visible(reader, Action))
    action = session.scalars(query).first()
    if action is None:
        return None
    due_on = action.due_on.isoformat() if action.due_on else None
    facts = {"task": action.task, "marking": action.marking.label, "due_on": due_on}
    return "/actions", facts


def _meeting(
    session: Session, reader: Actor, key: str, number: int | None, happening: Happening
) -> Found:
    meeting = find_meeting(session, reader, key)
    if meeting is None:
        return None
    between = "/minutes" if happening is Happening.MINUTES_PUBLISHED else ""
    path = f"/agendas/{key}{between}/{number}" if number else f"/meetings/{key}"
    return path, {"title": meeting.title, "number": number}


def _named(thing: Any) -> dict[str, Any]:
    return {"title": thing.title, "marking": thing.marking.label}
