"""Members by deliverables: who has which part, and how long ago the member last spoke of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableState,
    StatusUpdate,
)
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.states import DUE_ON, MARKINGS, states
from app.deliverables.queries.working import TAKING_PART
from app.deliverables.rules.moves import Status
from app.members.models import Member
from app.priorities.models import Priority
from app.sharing.queries import visible


class Lack(StrEnum):
    LEAD = "lead"
    """Nobody leads it or is asked to."""
    ACCEPTED_LEAD = "accepted_lead"
    ANSWER = "answer"
    """Somebody who was asked has not answered."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`spoke_on` is the day of the member's last update of it, or of its answer; None where it has
    said nothing yet."""

    role: AssignmentRole
    state: AssignmentState
    spoke_on: date | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    key: str
    title: str
    status: Status
    due_on: date | None
    priority_title: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of rows; `codes` are the members that have a part in one of them."""

    rows: tuple[MatrixRow, ...]
    codes: tuple[str, ...]
    total: int


def matrix(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    which: Filter,
    lacks: Lack | None = None,
    *,
    page: int | None = 1,
) -> Matrix:
    """By priority and due day, dropped work aside; five queries. `page` None: every row."""
    query = _lacking(which.narrow(states(reader, as_of, func.count()), as_of), lacks, as_of)
    query = query.where(DeliverableState.status != Status.DROPPED)
    selected: tuple[Any, ...] = (
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        DeliverableState.status,
        DUE_ON,
        Priority.title,
        *MARKINGS,
    )
    ordered = (
        query.with_only_columns(*selected)
        .join(Priority, Priority.id == Deliverable.priority_id)
        .order_by(Priority.position, Priority.id, DUE_ON.is_(None), DUE_ON, Deliverable.id)
    )
    if page is not None:
        ordered = ordered.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    found = session.execute(ordered).all()
    cells = _cells(session, reader, as_of, [row[0] for row in found])
    rows = tuple(_row(columns, cells[id_]) for id_, *columns, _own, _of_updates in found)
    codes = sorted({code for row in rows for code in row.cells})
    return Matrix(rows, tuple(codes), session.scalar(query) or 0)


def _row(columns: list[Any], cells: Mapping[str, Cell]) -> MatrixRow:
    return MatrixRow(*columns, cells)  # type: ignore[call-arg] # six columns


def _lacking(query: Select[Any], lacks: Lack | None, as_of: AsOf) -> Select[Any]:
    if lacks is None:
        return query
    parts = (
        select(Assignment.deliverable_id)
        .join(AssignmentSpan)
        .where(AssignmentSpan.holds_on(as_of.day))
    )
    if lacks is Lack.ANSWER:
        asked = parts.where(AssignmentSpan.state == AssignmentState.PROPOSED)
        return query.where(Deliverable.id.in_(asked))
    states_of_lead = TAKING_PART if lacks is Lack.LEAD else (AssignmentState.ACCEPTED,)
    led = parts.where(
        AssignmentSpan.role == AssignmentRole.LEAD, AssignmentSpan.state.in_(states_of_lead)
    )
    return query.where(Deliverable.id.not_in(led))


def _cells(
    session: Session, reader: Actor | None, as_of: AsOf, ids: Sequence[int]
) -> defaultdict[int, dict[str, Cell]]:
    spoken = _spoken(session, reader, as_of, ids)
    query = (
        select(
            Assignment.deliverable_id,
            Assignment.member_id,
            Member.code,
            AssignmentSpan.role,
            AssignmentSpan.state,
            AssignmentSpan.from_on,
        )
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .join(Member, Member.id == Assignment.member_id)
        .where(
            Assignment.deliverable_id.in_(ids),
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.state != AssignmentState.ENDED,
        )
    )
    cells: defaultdict[int, dict[str, Cell]] = defaultdict(dict)
    for of, member_id, code, role, state, from_on in session.execute(query):
        answered = None if state is AssignmentState.PROPOSED else from_on
        said = [day for day in (answered, spoken.get((of, member_id))) if day is not None]
        cells[of][code] = Cell(role, state, max(said, default=None))
    return cells


def _spoken(
    session: Session, reader: Actor | None, as_of: AsOf, ids: Sequence[int]
) -> dict[tuple[int, int], date]:
    """The day of the latest update that each member logged on each of them."""
    query = (
        select(
            StatusUpdate.deliverable_id,
            StatusUpdate.member_id,
            func.max(StatusUpdate.effective_on),
        )
        .where(
            StatusUpdate.deliverable_id.in_(ids),
            StatusUpdate.member_id.is_not(None),
            StatusUpdate.effective_on <= as_of.day,
            visible(reader, StatusUpdate),
        )
        .group_by(StatusUpdate.deliverable_id, StatusUpdate.member_id)
    )
    return {
        (of, member_id): day
        for of, member_id, day in session.execute(query)
        if member_id is not None
    }
