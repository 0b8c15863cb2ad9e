"""Dates that were asked for, what became of the asking, and what a yes would bring about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.actions.schedule import Due
from app.deliverables.models import DateProposal, Deliverable, ProposalState
from app.deliverables.queries.nodes import nodes
from app.deliverables.queries.states import states
from app.deliverables.rules.schedule import KnockOn, knock_on
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class WhatFollows:
    """`titles` names every deliverable that `knock_on` speaks of."""

    due_on: date
    knock_on: KnockOn
    titles: dict[str, str]

    @property
    def is_nothing(self) -> bool:
        found = self.knock_on
        return not (
            found.clashes_made
            or found.clashes_ended
            or found.overdue_made
            or found.overdue_ended
            or found.room_lost
        )


def find(
    session: Session, reader: Actor, deliverable: Deliverable, proposal_id: int
) -> DateProposal | None:
    query = _readable(reader).where(
        DateProposal.id == proposal_id, DateProposal.deliverable_id == deliverable.id
    )
    return session.scalars(query.options(*_WHOLE)).first()


def of_deliverable(
    session: Session, reader: Actor, deliverable: Deliverable
) -> Sequence[DateProposal]:
    """All that were ever made, newest first."""
    query = _readable(reader).where(DateProposal.deliverable_id == deliverable.id)
    return session.scalars(query.options(*_WHOLE).order_by(DateProposal.id.desc())).all()


def waiting(
    session: Session, reader: Actor, *, is_offer: bool, member_id: int | None = None
) -> Sequence[DateProposal]:
    """Those that wait for an answer, oldest first: of coordinators, or (offers) of members."""
    query = waiting_for(reader, is_offer=is_offer, member_id=member_id)
    return session.scalars(query.options(*_WHOLE).order_by(DateProposal.id)).all()


def waiting_for(
    reader: Actor, *, is_offer: bool, member_id: int | None = None
) -> Select[DateProposal]:
    query = _readable(reader).where(
        DateProposal.state == ProposalState.OPEN, DateProposal.is_offer == is_offer
    )
    return query if member_id is None else query.where(DateProposal.member_id == member_id)


def what_follows(
    session: Session, reader: Actor, deliverable: Deliverable, due_on: date, as_of: AsOf
) -> WhatFollows:
    """What it brings about, as far as the reader may know, when the deliverable is due then."""
    before = nodes(session, reader, as_of)
    found = knock_on(before, {deliverable.key: due_on}, as_of.dueness)
    named = {
        *(key for clash in (*found.clashes_made, *found.clashes_ended) for key in clash),
        *found.overdue_made,
        *found.overdue_ended,
        *(key for key, _was, _left in found.room_lost),
    }
    columns = states(reader, as_of, Deliverable.key, Deliverable.title)
    rows = session.execute(columns.where(Deliverable.key.in_(named)))
    return WhatFollows(due_on, found, {row.key: row.title for row in rows})


def due_of(proposal: DateProposal) -> Due:
    return Due(proposal.deadline_id, proposal.due_on)


def _readable(reader: Actor) -> Select[DateProposal]:
    return (
        select(DateProposal)
        .join(Deliverable, Deliverable.id == DateProposal.deliverable_id)
        .where(visible(reader, Deliverable))
    )


_WHOLE = (
    joinedload(DateProposal.deliverable),
    joinedload(DateProposal.member),
    joinedload(DateProposal.deadline),
    joinedload(DateProposal.proposed_by),
    joinedload(DateProposal.answered_by),
)
