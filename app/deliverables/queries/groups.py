"""Deliverables of a priority, a deadline or a member, in groups and in pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import func
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
)
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.judging import judgements
from app.deliverables.queries.listing import PAGE_SIZE, DeliverableRow, listed
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.queries.working import TAKING_PART
from app.deliverables.rules.attention import Severity
from app.deliverables.rules.moves import Status


class Need(StrEnum):
    """What about a deliverable needs somebody, most pressing first."""

    ACT_NOW = "act_now"
    SOON = "soon"
    WATCH = "watch"
    ON_COURSE = "on_course"
    DEFERRED = "deferred"
    DELIVERED_LATE = "delivered_late"
    DELIVERED = "delivered"
    DROPPED = "dropped"


PartKey = tuple[AssignmentRole, AssignmentState]
Key = TypeVar("Key", Need, PartKey)


@dataclass(frozen=True, slots=True)
class Group(Generic[Key]):
    """`count` is how many there are in all; `rows` those of them on the page."""

    key: Key
    count: int
    rows: tuple[DeliverableRow, ...]


@dataclass(frozen=True, slots=True)
class Grouped(Generic[Key]):
    """One page of the groups that have something on it; `total` is over all pages."""

    groups: tuple[Group[Key], ...]
    counts: dict[Key, int]
    total: int


def by_need(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter, *, page: int
) -> Grouped[Need]:
    keyed = in_order_of_need(session, reader, as_of, which)
    return _paged(session, reader, as_of, keyed, list(Need).index, page)


def in_order_of_need(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> list[tuple[Need, int]]:
    """Every one by what it needs, most pressing first, then by due day; with its id."""
    severity = {each.id: each.severity for each in judgements(session, reader, as_of, which)}
    query = which.narrow(
        states(
            reader,
            as_of,
            Deliverable.id,
            DeliverableState.status,
            DeliverableState.delivered_on,
            DUE_ON,
        ),
        as_of,
    ).order_by(DUE_ON.is_(None), DUE_ON, Deliverable.id)
    keyed = [
        (_need(severity.get(id_), status, delivered_on, due_on), id_)
        for id_, status, delivered_on, due_on in session.execute(query)
    ]
    return sorted(keyed, key=lambda pair: list(Need).index(pair[0]))


def by_part(
    session: Session, reader: Actor | None, as_of: AsOf, member_id: int, *, page: int
) -> Grouped[PartKey]:
    """By the member's role and answer: what it leads first; what it declined or ended is out."""
    query = (
        states(reader, as_of, AssignmentSpan.role, AssignmentSpan.state, Deliverable.id)
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            Assignment.member_id == member_id,
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.state.in_(TAKING_PART),
        )
        .order_by(DUE_ON.is_(None), DUE_ON, Deliverable.id)
    )
    keyed = [((role, state), id_) for role, state, id_ in session.execute(query)]
    return _paged(session, reader, as_of, keyed, _PARTS.index, page)


_PARTS: list[PartKey] = [
    (role, state)
    for role in AssignmentRole
    for state in (AssignmentState.ACCEPTED, AssignmentState.PROPOSED)
]


def unscheduled(session: Session, reader: Actor | None, as_of: AsOf, which: Filter) -> int:
    """How many have no due day and still need one."""
    query = which.narrow(states(reader, as_of, func.count()), as_of)
    open_ones = DeliverableState.status.not_in([Status.DELIVERED, Status.DROPPED])
    return session.scalar(query.where(DUE_ON.is_(None), open_ones)) or 0


def _need(
    severity: Severity | None, status: Status, delivered_on: date | None, due_on: date | None
) -> Need:
    if severity is not None:
        return Need(severity.value)
    if status is Status.DELIVERED:
        is_late = due_on is not None and delivered_on is not None and delivered_on > due_on
        return Need.DELIVERED_LATE if is_late else Need.DELIVERED
    return Need(status.value) if status in (Status.DEFERRED, Status.DROPPED) else Need.ON_COURSE


def _paged(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    keyed: Iterable[tuple[Key, int]],
    rank: Callable[[Key], int],
    page: int,
) -> Grouped[Key]:
    """`keyed` comes by due day; only the rows of the page are read whole."""
    ordered = sorted(keyed, key=lambda pair: rank(pair[0]))
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    counts: dict[Any, int] = {}
    for key, _id in ordered:
        counts[key] = counts.get(key, 0) + 1
    rows = rows_of(session, reader, as_of, [id_ for _key, id_ in shown])
    groups = tuple(
        Group(key, count, tuple(rows[id_] for of, id_ in shown if of == key))
        for key, count in counts.items()
    )
    return Grouped(tuple(group for group in groups if group.rows), counts, len(ordered))


def rows_of(
    session: Session, reader: Actor | None, as_of: AsOf, ids: Sequence[int]
) -> dict[int, DeliverableRow]:
    """By id, however many."""
    portions = (ids[start : start + PAGE_SIZE] for start in range(0, len(ids), PAGE_SIZE))
    return {
        row.id: row
        for some in portions
        for row in listed(session, reader, as_of, Filter(ids=some)).rows
    }
