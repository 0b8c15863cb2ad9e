"""Marking agenda items and actions, and naming whom they are shared with."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.agendas.actions.access import check_editor, open_for_editing, subject
from app.agendas.models import Action, Agenda, AgendaItem
from app.agendas.rules.content import mentioned
from app.audit.actions import Subject
from app.audit.writing import Line
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.deliverables.actions.marks import check_within
from app.deliverables.models import Deliverable
from app.meetings.models import Meeting
from app.people.models import Account
from app.sharing.actions import check_named_see, check_sharing, mark, sharing_of
from app.sharing.models import Marked
from app.sharing.queries import visible
from app.sharing.rules import Sharing, settled


def mark_item(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    item: AgendaItem,
    wanted: Sharing,
    now: datetime,
) -> bool:
    """Never wider than what it is about or links to; whoever presents it sees it where it is AMBER.
    False when nothing differs."""
    presenting = {item.presenting_member_id} if item.presenting_member_id else set()
    wanted = replace(wanted, members=wanted.members | presenting)
    open_for_editing(session, actor, agenda)
    check_item_sharing(session, actor, item, settled(wanted, actor.account_id))
    meeting = session.get_one(Meeting, agenda.meeting_id)
    line = Line(actor.account_id, "agenda.mark_item", subject(meeting), now, {"item": item.id})
    if not mark(session, actor, item, wanted, line):
        return False
    flag_modified(agenda, "proposed_as_of")  # its version rises with every change to an item
    session.flush()
    return True


def check_item_sharing(session: Session, actor: Actor, item: AgendaItem, wanted: Sharing) -> None:
    """Raises Refused, naming the field, for what would be wider than what the item is about."""
    about = select(Deliverable).where(
        (Deliverable.id == item.deliverable_id) | Deliverable.key.in_(mentioned(item.note)),
        visible(actor, Deliverable),
    )
    for deliverable in session.scalars(about).all():
        check_within(session, actor, deliverable, wanted)
    decision = session.get(Decision, item.decision_id) if item.decision_id else None
    action = session.get(Action, item.action_id) if item.action_id else None
    for kind, thing in ((Decision, decision), (Action, action)):
        if thing is not None:
            _check_inside(session, actor, kind, thing, thing.id, wanted)


def mark_action(
    session: Session, actor: Actor, action: Action, wanted: Sharing, now: datetime
) -> bool:
    """Never wider than the deliverable that it is about. False when nothing differs."""
    check_editor(actor)
    about = session.get(Deliverable, action.deliverable_id) if action.deliverable_id else None
    if about is not None:
        check_within(session, actor, about, settled(wanted, actor.account_id))
    named = Subject("action", str(action.id))
    line = Line(actor.account_id, "action.mark", named, now, {"action": action.id})
    return mark(session, actor, action, wanted, line)


def _check_inside(
    session: Session,
    actor: Actor,
    kind: type[Marked],
    thing: Marked,
    thing_id: int,
    wanted: Sharing,
) -> None:
    own = sharing_of(session, thing)
    own_member = {thing.member_id} if isinstance(thing, Action) else set()
    check_sharing(wanted, replace(own, members=own.members | own_member))
    others = wanted.accounts - {actor.account_id}
    accounts = session.scalars(select(Account).where(Account.id.in_(others)))
    check_named_see(session, (account.actor for account in accounts), kind, thing_id)
