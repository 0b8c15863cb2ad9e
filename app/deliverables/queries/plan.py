"""Deliverables in the order of a plan, page by page, with what each needs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, true
from sqlalchemy.orm import Session, aliased

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable, DeliverableState, Dependency
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.states import DUE_ON, MARKINGS, states
from app.deliverables.rules.moves import ACTIVE, Status
from app.priorities.models import Priority

ROWS_ON_A_PAGE = 40


class Grouping(StrEnum):
    PRIORITY = "priority"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """`group` is the title of its priority or deadline, None where it has no deadline. `needs` are
    the keys of what must come first, as far as the reader may know of it."""

    id: int
    key: str
    title: str
    group: str | None
    status: Status
    exists_from: date
    due_on: date | None
    delivered_on: date | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A page of rows; the bounds are those of all that match."""

    rows: tuple[PlanRow, ...]
    total: int
    first_on: date | None
    last_on: date | None


def plan(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    grouping: Grouping,
    *,
    page: int,
    which: Filter = EVERYTHING,
    window: tuple[date, date] | None = None,
) -> Plan:
    """Dropped work aside; what has nothing to show within the window, too. Three queries."""
    query = which.narrow(states(reader, as_of), as_of).where(
        DeliverableState.status != Status.DROPPED, _within(window, as_of)
    )
    last = func.coalesce(DeliverableState.delivered_on, DUE_ON)
    total, first_on, last_on = session.execute(
        query.add_columns(func.count(), func.min(Deliverable.exists_from), func.max(last))
    ).one()
    found = session.execute(
        _ordered(query, grouping).offset((page - 1) * ROWS_ON_A_PAGE).limit(ROWS_ON_A_PAGE)
    )
    rows = [PlanRow(*columns) for *columns, _own, _of_updates in found]
    needs = _needs(session, reader, as_of, [row.id for row in rows])
    return Plan(tuple(replace(row, needs=needs[row.id]) for row in rows), total, first_on, last_on)


def _ordered(query: Select[Any], grouping: Grouping) -> Select[Any]:
    by_deadline = grouping is Grouping.DEADLINE
    group: Any = Deadline.title if by_deadline else Priority.title
    columns: tuple[Any, ...] = (
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        group,
        DeliverableState.status,
        Deliverable.exists_from,
        DUE_ON,
        DeliverableState.delivered_on,
        *MARKINGS,
    )
    joined = query.with_only_columns(*columns).join(
        Priority, Priority.id == Deliverable.priority_id
    )
    within = (DUE_ON.is_(None), DUE_ON, Deliverable.id)
    if by_deadline:
        return joined.order_by(Deadline.id.is_(None), Deadline.id, *within)
    return joined.order_by(Priority.position, Priority.id, *within)


def _within(window: tuple[date, date] | None, as_of: AsOf) -> ColumnElement[bool]:
    if window is None:
        return true()
    first, last = window
    status: ColumnElement[Any] = DeliverableState.status.expression
    is_delivered = status == Status.DELIVERED
    goes_on = or_(
        first <= DUE_ON,
        DUE_ON.is_(None),
        and_(status.in_(ACTIVE), literal(as_of.day >= first)),
    )
    return and_(
        Deliverable.exists_from <= last,
        or_(
            and_(is_delivered, DeliverableState.delivered_on >= first),
            and_(~is_delivered, goes_on),
        ),
    )


def _needs(
    session: Session, reader: Actor | None, as_of: AsOf, ids: Sequence[int]
) -> defaultdict[int, tuple[str, ...]]:
    edge = aliased(Dependency)
    query = (
        states(reader, as_of, edge.deliverable_id, Deliverable.key)
        .join(edge, and_(edge.needs_id == Deliverable.id, edge.deliverable_id.in_(ids)))
        .order_by(Deliverable.key)
    )
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for deliverable_id, key in session.execute(query):
        found[deliverable_id] += (key,)
    return found
