"""Items that go on to another meeting. What is moved takes along what came of it; what is copied
begins anew."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.actions.access import changed, open_for_editing
from app.agendas.actions.items import attached_to
from app.agendas.actions.order import place_before_closing
from app.agendas.models import Agenda, AgendaItem, ItemLink, PublishedMinutes
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor

COPIED = (
    "kind",
    "title",
    "note",
    "minutes",
    "in_writing",
    "presenter",
    "presenting_member_id",
    "deliverable_id",
    "deadline_id",
    "question_id",
    "decision_id",
    "action_id",
    "is_recurring",
    "marking",
    "audience_id",
)


def move_to(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    target: Agenda,
    seen_version: int,
    now: datetime,
) -> None:
    """With its outcome, its links and its actions."""
    _open_both(session, actor, agenda, item, target, seen_version)
    minutes = select(PublishedMinutes.id).where(PublishedMinutes.agenda_id == agenda.id)
    if session.scalars(minutes.limit(1)).first() is not None:
        raise Refused(N_("The minutes of this meeting are published. Copy the item instead."))
    if item.begun_at is not None:
        raise Refused(N_("This item is on now. Leave it first."))
    item.agenda_id = target.id
    session.flush()
    place_before_closing(session, target, item)
    for of, change in ((agenda, (item.id, None)), (target, (None, item.id))):
        changed(session, actor, of, "agenda.move_to_meeting", {"item": change}, now)


def copy_to(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    target: Agenda,
    seen_version: int,
    now: datetime,
) -> AgendaItem:
    """Without outcome and actions; it says from where it was carried."""
    _open_both(session, actor, agenda, item, target, seen_version)
    values = {name: getattr(item, name) for name in COPIED}
    links = [
        ItemLink(position=position, title=link.title, url=link.url)
        for position, link in enumerate(attached_to(session, item), 1)
    ]
    copy = AgendaItem(
        agenda_id=target.id, position=0, carried_from_id=item.id, links=links, **values
    )
    session.add(copy)
    session.flush()
    place_before_closing(session, target, copy)
    changes = {"item": (None, copy.id), "from": (None, item.id)}
    changed(session, actor, target, "agenda.copy_to_meeting", changes, now)
    return copy


def _open_both(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    target: Agenda,
    seen_version: int,
) -> None:
    """Always in the same order, so that two who do it at once do not wait for each other."""
    for each in sorted((agenda, target), key=lambda each: each.id):
        open_for_editing(session, actor, each)
    if item.version != seen_version:
        raise Conflict(N_("Somebody changed this item meanwhile. Look at it first."))
    if target.id == agenda.id:
        raise Refused(N_("The item is on this agenda already."))
