"""Counts of a group of deliverables over time, from the states that were kept of every day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Assignment, AssignmentSpan, Deliverable, DeliverableState
from app.deliverables.queries.states import DUE_ON, seen_by, states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.moves import Status
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which deliverables; what is None does not narrow. Of a deadline: those due at it on the day
    in question. Of a member: those it led or contributed to on that day, accepted or proposed."""

    priority_ids: Sequence[int] | None = None
    deadline_id: int | None = None
    member_id: int | None = None


Counts = dict[str, int]
OverTime = tuple[tuple[date, Counts], ...]
"""Counts from each day on which they changed, oldest first."""


def status_over_time(session: Session, reader: Actor | None, as_of: AsOf, scope: Scope) -> OverTime:
    """By status, up to the day; two queries."""
    begin, end, query = _spans(reader, scope)
    status = DeliverableState.status
    begun = query.add_columns(begin, status, func.count()).where(begin <= as_of.day)
    ended = query.add_columns(end, status, -func.count()).where(end <= as_of.day)
    return _running(
        [
            *_rows(session, begun.group_by(begin, status)),
            *_rows(session, ended.group_by(end, status)),
        ]
    )


def planned_and_delivered(
    session: Session, reader: Actor | None, as_of: AsOf, scope: Scope
) -> OverTime:
    """Running totals "planned" (by the due days that stand on the day) and "delivered"; dropped
    work and what has no due day are no part of what is planned."""
    due_on: Any = DUE_ON
    delivered_on: Any = DeliverableState.delivered_on
    query = narrowed(states(reader, as_of), scope, as_of).where(
        DeliverableState.status != Status.DROPPED
    )
    planned = query.add_columns(due_on, func.count()).where(due_on.is_not(None))
    delivered = query.add_columns(delivered_on, func.count()).where(delivered_on.is_not(None))
    return _running(
        [
            *((day, "planned", n) for day, n in session.execute(planned.group_by(due_on))),
            *(
                (day, "delivered", n)
                for day, n in session.execute(delivered.group_by(delivered_on))
            ),
        ]
    )


def _rows(session: Session, query: Select[Any]) -> list[tuple[date, str, int]]:
    return [(day, str(status), count) for day, status, count in session.execute(query)]


def _running(changes: Iterable[tuple[date, str, int]]) -> OverTime:
    by_day: defaultdict[date, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for day, name, change in changes:
        by_day[day][name] += change
    totals: defaultdict[str, int] = defaultdict(int)
    found: list[tuple[date, Counts]] = []
    for day in sorted(by_day):
        for name, change in by_day[day].items():
            totals[name] += change
        counts = {name: n for name, n in totals.items() if n}
        if not found or found[-1][1] != counts:
            found.append((day, counts))
    return tuple(found)


def _spans(
    reader: Actor | None, scope: Scope
) -> tuple[ColumnElement[date], ColumnElement[date], Select[Any]]:
    """The days on which a state of the scope begins and ends, and the query over the states."""
    query: Select[Any] = (
        select()
        .select_from(DeliverableState)
        .join(Deliverable, Deliverable.id == DeliverableState.deliverable_id)
        .where(seen_by(reader), visible(reader, Deliverable))
    )
    if scope.priority_ids is not None:
        query = query.where(Deliverable.priority_id.in_(scope.priority_ids))
    if scope.deadline_id is not None:
        query = query.where(DeliverableState.deadline_id == scope.deadline_id)
    state = DeliverableState
    if scope.member_id is None:
        return state.from_on.expression, state.until_on.expression, query
    part = AssignmentSpan
    begin = case((part.from_on > state.from_on, part.from_on), else_=state.from_on)
    end = case((part.until_on < state.until_on, part.until_on), else_=state.until_on)
    joined = query.join(Assignment, Assignment.deliverable_id == Deliverable.id).join(
        part, part.assignment_id == Assignment.id
    )
    return begin, end, joined.where(_works(scope.member_id), begin < end)


def narrowed(query: Select[Any], scope: Scope, as_of: AsOf) -> Select[Any]:
    """A query of `states`, narrowed to those that are in the scope on the day."""
    if scope.priority_ids is not None:
        query = query.where(Deliverable.priority_id.in_(scope.priority_ids))
    if scope.deadline_id is not None:
        query = query.where(DeliverableState.deadline_id == scope.deadline_id)
    if scope.member_id is not None:
        query = (
            query.join(Assignment, Assignment.deliverable_id == Deliverable.id)
            .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
            .where(_works(scope.member_id), AssignmentSpan.holds_on(as_of.day))
        )
    return query


def _works(member_id: int) -> ColumnElement[bool]:
    return (
        (Assignment.member_id == member_id)
        & AssignmentSpan.role.in_(WORKING_ROLES)
        & AssignmentSpan.state.in_(TAKING_PART)
    )
