"""Deliverables as they count on a day, each with what needs somebody about it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.clock import AsOf
from app.core.markings import OPEN_TO_ACCOUNTS, highest
from app.core.permissions import Actor
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableState,
    Dependency,
    FlagMute,
)
from app.deliverables.queries.judged import (
    COLUMNS,
    Basis,
    Judgement,
    Leads,
    Place,
    basis,
    judge,
    place,
)
from app.deliverables.queries.states import states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.moves import ACTIVE
from app.deliverables.rules.progress import is_overdue
from app.deliverables.rules.tally import Counted
from app.members.models import Member
from app.priorities.models import Priority


@dataclass(frozen=True, slots=True)
class Stood:
    """`place`: where it stands among those for which a flag holds; None where none does."""

    counted: Counted
    judgement: Judgement | None
    place: Place | None


def stood(
    session: Session, reader: Actor, as_of: AsOf, ids: Sequence[int] | None = None
) -> list[Stood]:
    """Those that the reader may see, all of them or those of these numbers, in no order: six
    queries."""

    def among(query: Select[Any]) -> Select[Any]:
        return query if ids is None else query.where(Deliverable.id.in_(ids))

    query = among(
        states(
            reader,
            as_of,
            *COLUMNS,
            Deliverable.priority_id,
            DeliverableState.deadline_id,
            DeliverableState.progress,
            Deliverable.marking.label("own_marking"),
            DeliverableState.marking.label("state_marking"),
        ).join(Priority, Priority.id == Deliverable.priority_id)
    )
    rows = session.execute(query).all()
    parts = _parts(session, as_of, ids) if rows else {}
    muted = FlagMute.deliverable_id.in_(ids) if ids is not None else None
    known = basis(session, reader, as_of, among, muted, _leads(session, parts)) if rows else None
    return [_stood(row, parts.get(row.id, ()), known, as_of) for row in rows]


def alike(session: Session, as_of: AsOf, ids: Sequence[int] | None = None) -> set[int]:
    """Of all, or of these numbers: those that look the same to every account, whatever it is and by
    whatever channel, what needs somebody about them included."""
    deliverables, pictures, mutes = Deliverable.id, DeliverableState, FlagMute.deliverable_id
    query = (
        select(deliverables)
        .join(pictures, pictures.deliverable_id == deliverables)
        .where(
            pictures.holds_on(as_of.day),
            _for_all(pictures),
            Deliverable.marking.in_(OPEN_TO_ACCOUNTS),
            deliverables.not_in(_own_pictures(_OTHER.member_id.is_not(None))),
            deliverables.not_in(_own_pictures(_OTHER.account_id.is_not(None))),
            deliverables.not_in(select(mutes).where(FlagMute.marking.not_in(OPEN_TO_ACCOUNTS))),
            not_(_needs_what_differs(as_of)),
        )
    )
    return set(session.scalars(query if ids is None else query.where(deliverables.in_(ids))))


_OTHER, _NEEDED, _ITS_STATE = (
    aliased(DeliverableState),
    aliased(Deliverable),
    aliased(DeliverableState),
)


def _own_pictures(condition: ColumnElement[bool]) -> Select[int]:
    return select(_OTHER.deliverable_id).where(condition)


def _needs_what_differs(as_of: AsOf) -> ColumnElement[bool]:
    """Of what it needs, some accounts see something else than others, or nothing."""
    of_some = or_(
        _ITS_STATE.for_all,
        _ITS_STATE.for_all_carried,
        _ITS_STATE.for_sharing,
        _ITS_STATE.for_sharing_carried,
    )
    differs = or_(
        _NEEDED.marking.not_in(OPEN_TO_ACCOUNTS), and_(of_some, not_(_for_all(_ITS_STATE)))
    )
    query = (
        select(1)
        .select_from(Dependency)
        .join(_NEEDED, _NEEDED.id == Dependency.needs_id)
        .join(_ITS_STATE, _ITS_STATE.deliverable_id == _NEEDED.id)
        .where(
            Dependency.deliverable_id == Deliverable.id,
            _ITS_STATE.from_on <= as_of.day,
            _ITS_STATE.until_on > as_of.day,
            differs,
        )
    )
    return query.correlate(Deliverable).exists()


def _for_all(state: Any) -> ColumnElement[bool]:
    """The picture of every account, by whatever channel."""
    return and_(
        state.for_all,
        state.for_all_carried,
        state.for_sharing,
        state.for_sharing_carried,
        state.member_id.is_(None),
        state.account_id.is_(None),
    )


Parts = tuple[tuple[int, str, str], ...]


def _parts(session: Session, as_of: AsOf, ids: Sequence[int] | None) -> Mapping[int, Parts]:
    query = (
        select(
            Assignment.deliverable_id,
            Assignment.member_id,
            AssignmentSpan.role,
            AssignmentSpan.state,
        )
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    if ids is not None:
        query = query.where(Assignment.deliverable_id.in_(ids))
    found: defaultdict[int, Parts] = defaultdict(tuple)
    for id_, member_id, role, state in session.execute(query):
        found[id_] += ((member_id, role, state),)
    return found


def _leads(session: Session, parts: Mapping[int, Parts]) -> Leads:
    codes = {member.id: member.code for member in session.execute(select(Member.id, Member.code))}
    return {
        id_: tuple(
            sorted(
                (codes[member_id], state == AssignmentState.ACCEPTED)
                for member_id, role, state in of_it
                if role == AssignmentRole.LEAD
            )
        )
        for id_, of_it in parts.items()
    }


def _stood(row: Any, parts: Parts, known: Basis | None, as_of: AsOf) -> Stood:
    judgement = judge(row, known, as_of) if known and row.status in ACTIVE else None
    counted = Counted(
        row.id,
        row.priority_id,
        row.deadline_id,
        row.status,
        is_overdue(row.status, row.due_on, as_of.dueness),
        row.progress,
        highest([row.own_marking, row.state_marking]),
        parts,
    )
    return Stood(counted, judgement, place(row, judgement) if judgement else None)
