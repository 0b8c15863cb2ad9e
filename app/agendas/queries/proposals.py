"""Items that liaisons proposed, as a reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.agendas.models import ProposedItem
from app.agendas.rules.outcomes import ProposedItemState
from app.core.permissions import Actor
from app.meetings.models import Meeting, MeetingStatus
from app.sharing.queries import visible


def proposed_for(session: Session, reader: Actor, meeting: Meeting) -> Sequence[ProposedItem]:
    """A coordinator sees all; a member its own. The newest first."""
    query = _of(reader, meeting)
    if not reader.coordinates:
        query = query.where(ProposedItem.member_id == reader.member_id)
    return session.scalars(
        query.options(joinedload(ProposedItem.member)).order_by(ProposedItem.id.desc())
    ).all()


def waiting(session: Session, reader: Actor, meeting: Meeting) -> Sequence[ProposedItem]:
    """For a coordinator's yes or no."""
    query = _of(reader, meeting).where(ProposedItem.state == ProposedItemState.OPEN)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """An item that waits for a coordinator's yes or no, and for which meeting it is meant."""

    item: ProposedItem
    meeting_key: str
    meeting_title: str


def waiting_items(session: Session, reader: Actor) -> tuple[WaitingItem, ...]:
    """For any meeting that is planned, the next one first."""
    rows = session.execute(
        waiting_for(reader)
        .add_columns(Meeting.key, Meeting.title)
        .options(joinedload(ProposedItem.member))
        .order_by(Meeting.starts_on, ProposedItem.id)
    )
    return tuple(WaitingItem(*row) for row in rows)


def waiting_for(reader: Actor) -> Select[ProposedItem]:
    return (
        select(ProposedItem)
        .join(Meeting, Meeting.id == ProposedItem.meeting_id)
        .where(
            ProposedItem.state == ProposedItemState.OPEN,
            Meeting.status == MeetingStatus.PLANNED,
            visible(reader, ProposedItem),
        )
    )


def find_proposed(
    session: Session, reader: Actor, meeting: Meeting, proposed_id: int
) -> ProposedItem | None:
    """None also for what another member proposed."""
    found = session.scalars(_of(reader, meeting).where(ProposedItem.id == proposed_id)).first()
    is_own = found is not None and found.member_id == reader.member_id
    return found if is_own or reader.coordinates else None


def _of(reader: Actor, meeting: Meeting) -> Select[ProposedItem]:
    return select(ProposedItem).where(
        ProposedItem.meeting_id == meeting.id, visible(reader, ProposedItem)
    )
