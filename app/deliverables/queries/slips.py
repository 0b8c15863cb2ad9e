"""What was due at a deadline once and is due elsewhere now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.permissions import Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import Deliverable, DeliverableState, ScheduleChange
from app.deliverables.queries.listing import PAGE_SIZE
from app.deliverables.queries.states import DUE_ON, MARKINGS, states


@dataclass(frozen=True, slots=True)
class Moved:
    """`due_on` None: unscheduled now. `deadline_title` None: it has a day of its own, or none."""

    key: str
    title: str
    due_on: date | None
    precision: Precision | None
    deadline_title: str | None


@dataclass(frozen=True, slots=True)
class MovedAway:
    """The first of them, and how many there are in all."""

    rows: tuple[Moved, ...]
    total: int


def moved_away(session: Session, reader: Actor | None, as_of: AsOf, deadline_id: int) -> MovedAway:
    query = _moved(reader, as_of, deadline_id)
    columns: list[Any] = [
        Deliverable.key,
        Deliverable.title,
        DUE_ON,
        DeadlineDate.precision,
        Deadline.title,
        *MARKINGS,
    ]
    selected: Select[Any] = query.with_only_columns(*columns)
    rows = session.execute(
        selected.order_by(DUE_ON.is_(None), DUE_ON, Deliverable.id).limit(PAGE_SIZE)
    )
    moved = tuple(Moved(*shown) for *shown, _own, _of_updates in rows)
    return MovedAway(moved, session.scalar(query) or 0)


def _moved(reader: Actor | None, as_of: AsOf, deadline_id: int) -> Select[Any]:
    once_due_here = select(ScheduleChange.deliverable_id).where(
        ScheduleChange.deadline_id == deadline_id, ScheduleChange.effective_on <= as_of.day
    )
    return states(reader, as_of, func.count()).where(
        Deliverable.id.in_(once_due_here),
        or_(
            DeliverableState.deadline_id.is_(None),
            DeliverableState.deadline_id != deadline_id,
        ),
    )
