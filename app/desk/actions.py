"""What is done at the desk: looking at it, and logging several updates at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core.permissions import Actor
from app.deliverables.actions.many import Row, do_with_each
from app.deliverables.actions.updates import UpdateEntry, log_update
from app.deliverables.models import Deliverable
from app.desk.models import DeskVisit
from app.desk.rules import visited

FIRST_LOOK = timedelta(days=14)
"""How far back the first look at the desk goes."""
NOTED_EVERY = timedelta(minutes=5)


def log_each(
    session: Session,
    actor: Actor,
    wanted: Mapping[Deliverable, UpdateEntry],
    now: datetime,
) -> list[Row]:
    """Each on its own: one that is refused keeps nothing, and the others are logged."""

    def deed(deliverable: Deliverable) -> bool:
        log_update(session, actor, deliverable, wanted[deliverable], now)
        return True

    # In one order for everybody, so that two who log at once cannot lock each other out.
    ordered = sorted(wanted, key=lambda deliverable: deliverable.id)
    return do_with_each(session, ordered, deed)


def new_since(session: Session, actor: Actor, now: datetime) -> datetime:
    """From when on something counts as new at a look now."""
    visit = session.get(DeskVisit, actor.account_id)
    if visit is None:
        return now - FIRST_LOOK
    since_at, _seen_at = visited(visit.since_at, visit.seen_at, now)
    return since_at


def is_to_note(session: Session, actor: Actor, now: datetime) -> bool:
    """A look soon after the last one is not written down again."""
    visit = session.get(DeskVisit, actor.account_id)
    return visit is None or now - visit.seen_at >= NOTED_EVERY


def note_look(session: Session, account_id: int, now: datetime) -> None:
    """Not in the trail: it changes nothing but what its reader is shown as new."""
    visit = session.get(DeskVisit, account_id)
    if visit is None:
        session.add(DeskVisit(account_id=account_id, since_at=now - FIRST_LOOK, seen_at=now))
    else:
        visit.since_at, visit.seen_at = visited(visit.since_at, visit.seen_at, now)


def mark_all_seen(session: Session, actor: Actor, now: datetime) -> None:
    """Nothing up to now is new any more."""
    visit = session.get(DeskVisit, actor.account_id)
    if visit is None:
        session.add(DeskVisit(account_id=actor.account_id, since_at=now, seen_at=now))
    else:
        visit.since_at = visit.seen_at = now
