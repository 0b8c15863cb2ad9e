"""What goes on from the last meeting of a series: what was not reached, what has an open action,
what comes back every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.models import Action, Agenda, AgendaItem, ItemAction, ProposedItem
from app.agendas.rules.outcomes import ActionState, ProposedItemState
from app.core.markings import Marking
from app.core.permissions import Actor
from app.meetings.models import Meeting, MeetingStatus
from app.sharing.queries import visible


class Reason(StrEnum):
    NOT_REACHED = "not_reached"
    OPEN_ACTION = "open_action"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class CarriedItem:
    item: AgendaItem
    reason: Reason
    meeting: str
    """In which it was."""


def carried_over(session: Session, reader: Actor, meeting: Meeting) -> tuple[CarriedItem, ...]:
    """In their order there. RED is not among them: an agenda travels, and RED does not. What a
    proposal makes anew from the state of the network is not carried besides."""
    last = _last_agenda(session, meeting)
    if last is None:
        return ()
    agenda, title = last
    here = select(Agenda.id).where(Agenda.meeting_id == meeting.id).scalar_subquery()
    on_it = select(AgendaItem.carried_from_id).where(
        AgendaItem.agenda_id == here, AgendaItem.carried_from_id.is_not(None)
    )
    items = session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.agenda_id == agenda.id,
            AgendaItem.marking != Marking.RED,
            AgendaItem.id.not_in(on_it),
            visible(reader, AgendaItem),
        )
        .order_by(AgendaItem.in_writing, AgendaItem.position, AgendaItem.id)
    ).all()
    busy = _with_open_actions(session, items)
    found = [(item, _reason(item, agenda, busy)) for item in items]
    return tuple(CarriedItem(item, reason, title) for item, reason in found if reason)


def accepted_proposals(session: Session, reader: Actor, meeting: Meeting) -> Sequence[ProposedItem]:
    """Those that a coordinator took up and that stand on no agenda yet, the oldest first."""
    taken = select(AgendaItem.proposed_item_id).where(AgendaItem.proposed_item_id.is_not(None))
    return session.scalars(
        select(ProposedItem)
        .where(
            ProposedItem.meeting_id == meeting.id,
            ProposedItem.state == ProposedItemState.ACCEPTED,
            ProposedItem.id.not_in(taken),
            visible(reader, ProposedItem),
        )
        .order_by(ProposedItem.proposed_at, ProposedItem.id)
    ).all()


def _last_agenda(session: Session, meeting: Meeting) -> tuple[Agenda, str] | None:
    """Of the last meeting of the series that was run from its agenda."""
    if meeting.series_id is None:
        return None
    row = session.execute(
        select(Agenda, Meeting.title)
        .join(Meeting, Meeting.id == Agenda.meeting_id)
        .where(
            Meeting.series_id == meeting.series_id,
            Meeting.starts_on < meeting.starts_on,
            Meeting.status != MeetingStatus.CANCELLED,
            Agenda.opened_at.is_not(None),
        )
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _with_open_actions(session: Session, items: Sequence[AgendaItem]) -> frozenset[int]:
    query = (
        select(ItemAction.item_id)
        .join(Action, Action.id == ItemAction.action_id)
        .where(
            ItemAction.item_id.in_([item.id for item in items]),
            Action.state == ActionState.OPEN,
        )
    )
    return frozenset(session.scalars(query))


def _reason(item: AgendaItem, agenda: Agenda, busy: frozenset[int]) -> Reason | None:
    if _is_made_anew(item):
        return None
    if item.is_recurring:
        return Reason.RECURRING
    if item.id in busy:
        return Reason.OPEN_ACTION
    was_missed = agenda.closed_at is not None and not item.was_reached and not item.in_writing
    return Reason.NOT_REACHED if was_missed else None


def _is_made_anew(item: AgendaItem) -> bool:
    """Proposed from the state of the network, which is asked again."""
    kept = (item.proposed_item_id, item.carried_from_id, item.escalation_id)
    return item.why != "" and all(of is None for of in kept)
