"""One deliverable: its state on a day and everything that led there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.clock import AsOf
from app.core.history import FOREVER
from app.core.permissions import Actor
from app.deliverables.models import (
    Assignment,
    AssignmentSpan,
    Deliverable,
    DeliverableState,
    Dependency,
    Evidence,
    ScheduleChange,
    StatusUpdate,
)
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, Needed, listed
from app.deliverables.queries.states import DUE_ON, states
from app.people.models import Account
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Detail:
    """`updates` are newest first, those that were corrected among them: nothing is edited away."""

    row: DeliverableRow
    note: str
    source: object
    updates: Sequence[StatusUpdate]
    corrections: Mapping[int, int]
    """By the number of a corrected update that of the one which corrects it."""
    schedule: Sequence[ScheduleChange]
    parts: Sequence[AssignmentSpan]
    waiting: tuple[Needed, ...]

    def correctable(self, may_correct: Callable[[StatusUpdate], bool]) -> frozenset[int]:
        return frozenset(
            update.id
            for update in self.updates
            if update.id not in self.corrections and may_correct(update)
        )


def find(session: Session, reader: Actor | None, key: str) -> Deliverable | None:
    """The deliverable of this key, if the reader may know of it."""
    return session.scalars(
        select(Deliverable).where(Deliverable.key == key, visible(reader, Deliverable))
    ).first()


def own_part(session: Session, reader: Actor, deliverable: Deliverable) -> AssignmentSpan | None:
    """The part that the reader's member has today, whatever it answered."""
    if reader.member_id is None:
        return None
    return session.scalars(
        select(AssignmentSpan)
        .join(Assignment)
        .where(
            Assignment.deliverable_id == deliverable.id,
            Assignment.member_id == reader.member_id,
            AssignmentSpan.until_on == FOREVER,
        )
        .options(joinedload(AssignmentSpan.assignment).joinedload(Assignment.member))
    ).first()


def detail(
    session: Session, reader: Actor | None, deliverable: Deliverable, as_of: AsOf
) -> Detail | None:
    """None on a day before it exists."""
    found = listed(session, reader, as_of, Filter(ids=[deliverable.id])).rows
    if not found:
        return None
    updates = updates_of(session, reader, deliverable, as_of)
    return Detail(
        row=found[0],
        note=deliverable.note,
        source=_source(session, deliverable),
        updates=updates,
        corrections=_corrections(session, reader, deliverable),
        schedule=_schedule(session, deliverable, as_of),
        parts=_parts(session, deliverable, as_of),
        waiting=_waiting(session, reader, deliverable, as_of),
    )


def updates_of(
    session: Session, reader: Actor | None, deliverable: Deliverable, as_of: AsOf
) -> Sequence[StatusUpdate]:
    """Those that hold from a day up to the one asked for, the one in effect first."""
    return session.scalars(
        select(StatusUpdate)
        .where(
            StatusUpdate.deliverable_id == deliverable.id,
            StatusUpdate.effective_on <= as_of.day,
            visible(reader, StatusUpdate),
        )
        .options(
            joinedload(StatusUpdate.source),
            joinedload(StatusUpdate.member),
            joinedload(StatusUpdate.account).load_only(Account.id, Account.name, Account.role),
            selectinload(StatusUpdate.evidence.and_(visible(reader, Evidence))),
        )
        .order_by(StatusUpdate.effective_on.desc(), StatusUpdate.id.desc())
    ).all()


def update(
    session: Session, reader: Actor, deliverable: Deliverable, update_id: int
) -> StatusUpdate | None:
    return session.scalars(
        select(StatusUpdate).where(
            StatusUpdate.id == update_id,
            StatusUpdate.deliverable_id == deliverable.id,
            visible(reader, StatusUpdate),
        )
    ).first()


def _corrections(
    session: Session, reader: Actor | None, deliverable: Deliverable
) -> dict[int, int]:
    """Whatever day they hold from: what is corrected never counted."""
    rows = session.execute(
        select(StatusUpdate.corrects_id, StatusUpdate.id).where(
            StatusUpdate.deliverable_id == deliverable.id,
            StatusUpdate.corrects_id.is_not(None),
            visible(reader, StatusUpdate),
        )
    )
    return {corrects_id: id_ for corrects_id, id_ in rows if corrects_id is not None}


def _source(session: Session, deliverable: Deliverable) -> object:
    return (
        session.scalars(
            select(Deliverable)
            .where(Deliverable.id == deliverable.id)
            .options(joinedload(Deliverable.source))
            .execution_options(populate_existing=True)
        )
        .one()
        .source
    )


def _schedule(session: Session, deliverable: Deliverable, as_of: AsOf) -> Sequence[ScheduleChange]:
    return session.scalars(
        select(ScheduleChange)
        .where(
            ScheduleChange.deliverable_id == deliverable.id,
            ScheduleChange.effective_on <= as_of.day,
        )
        .options(joinedload(ScheduleChange.deadline))
        .order_by(ScheduleChange.effective_on.desc(), ScheduleChange.id.desc())
    ).all()


def _parts(session: Session, deliverable: Deliverable, as_of: AsOf) -> Sequence[AssignmentSpan]:
    """Every part that a member has or had, newest first."""
    return session.scalars(
        select(AssignmentSpan)
        .join(Assignment)
        .where(Assignment.deliverable_id == deliverable.id, AssignmentSpan.from_on <= as_of.day)
        .options(
            joinedload(AssignmentSpan.source),
            joinedload(AssignmentSpan.assignment).joinedload(Assignment.member),
        )
        .order_by(AssignmentSpan.from_on.desc(), AssignmentSpan.id.desc())
    ).all()


def _waiting(
    session: Session, reader: Actor | None, deliverable: Deliverable, as_of: AsOf
) -> tuple[Needed, ...]:
    """What waits for this one."""
    columns = (Deliverable.key, Deliverable.title, DeliverableState.status, DUE_ON)
    query = (
        states(reader, as_of, *columns)
        .join(Dependency, Dependency.deliverable_id == Deliverable.id)
        .where(Dependency.needs_id == deliverable.id)
        .order_by(Deliverable.key)
    )
    return tuple(Needed(*row) for row in session.execute(query))
