"""Running a meeting from its agenda: what is on now, what came of it, and when it is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.actions.access import changed, open_for_editing
from app.agendas.models import Agenda, AgendaItem
from app.agendas.rules.outcomes import Outcome
from app.core.errors import N_, Conflict, Refused
from app.core.markings import OPEN_TO_ACCOUNTS
from app.core.permissions import Actor
from app.meetings.actions.access import check_begun
from app.meetings.models import Meeting, MeetingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeEntry:
    """What came of an item; the text is Markdown and stands in the minutes."""

    outcome: Outcome | None
    text: str = ""


def begin_item(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem | None,
    now: datetime,
) -> bool:
    """It is on now, and what was on before is left; None: nothing is on, as in a break. The first
    item opens the meeting. False when nothing differs."""
    open_for_editing(session, actor, agenda)
    _check_can_run(session, agenda, now)
    if agenda.closed_at is not None:
        raise Conflict(N_("The meeting was closed. Open it again to go on."))
    before = current_item(session, agenda)
    if (before.id if before else None) == (item.id if item else None):
        return False
    if before is not None:
        _leave(before, now)
    if item is not None:
        item.begun_at = now
    opens = agenda.opened_at is None
    agenda.opened_at = agenda.opened_at or now
    changes: dict[str, tuple[Any, Any]] = {
        "item": (before.id if before else None, item.id if item else None)
    }
    if opens:
        changes["opened"] = (None, now)
    changed(session, actor, agenda, "meeting.begin_item", changes, now)
    return True


def close_meeting(session: Session, actor: Actor, agenda: Agenda, now: datetime) -> bool:
    """What was not reached is known from now on. False when it is closed already."""
    open_for_editing(session, actor, agenda)
    if agenda.opened_at is None:
        raise Refused(N_("Begin with an item first: the meeting has not been opened."))
    if agenda.closed_at is not None:
        return False
    before = current_item(session, agenda)
    if before is not None:
        _leave(before, now)
    agenda.closed_at = now
    changed(session, actor, agenda, "meeting.close", {"closed": (None, now)}, now)
    return True


def reopen_meeting(session: Session, actor: Actor, agenda: Agenda, now: datetime) -> bool:
    """It was closed too early. False when it is open."""
    open_for_editing(session, actor, agenda)
    if agenda.closed_at is None:
        return False
    changes = {"closed": (agenda.closed_at, None)}
    agenda.closed_at = None
    changed(session, actor, agenda, "meeting.reopen", changes, now)
    return True


def record_outcome(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    entry: OutcomeEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """False when nothing differs. Raises Conflict when the item was changed since
    `seen_version`."""
    open_for_editing(session, actor, agenda)
    if item.version != seen_version:
        raise Conflict(
            N_(
                "Somebody wrote about this item while you were writing. Their text is shown; yours "
                "is kept below. Bring them together, then save again."
            )
        )
    _check_can_run(session, agenda, now)
    before = (item.outcome, item.outcome_text)
    if before == (entry.outcome, entry.text):
        return False
    item.outcome, item.outcome_text = entry.outcome, entry.text
    is_open = item.marking in OPEN_TO_ACCOUNTS
    changes: dict[str, tuple[Any, Any]] = {
        "item": (None, item.id),
        "outcome": (before[0], entry.outcome) if is_open else ("", "changed"),
        "text": (before[1], entry.text) if is_open else ("", "changed"),
    }
    changed(session, actor, agenda, "meeting.record_outcome", changes, now)
    return True


def current_item(session: Session, agenda: Agenda) -> AgendaItem | None:
    return session.scalars(
        select(AgendaItem).where(
            AgendaItem.agenda_id == agenda.id, AgendaItem.begun_at.is_not(None)
        )
    ).first()


def _leave(item: AgendaItem, now: datetime) -> None:
    if item.begun_at is not None:
        # Even what was on for a moment was reached.
        item.spent_seconds += max(1, int((now - item.begun_at).total_seconds()))
    item.begun_at = None


def _check_can_run(session: Session, agenda: Agenda, now: datetime) -> None:
    meeting = session.get_one(Meeting, agenda.meeting_id)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(N_("This meeting was cancelled."))
    check_begun(meeting.starts_on, now)
