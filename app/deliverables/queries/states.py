"""What every question about deliverables starts from: their state on a day, as a reader sees it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import Deliverable, DeliverableState
from app.deliverables.rules.moves import ACTIVE
from app.sharing.queries import visible

DUE_ON = func.coalesce(DeliverableState.own_due_on, DeadlineDate.due_on)
"""The last day: the deliverable's own, else its deadline's as that stood on the day."""


def states(reader: Actor | None, as_of: AsOf, *columns: Any) -> Select[Any]:
    """One row per deliverable that exists on the day and that the reader may see."""
    return (
        select(*columns)
        .select_from(DeliverableState)
        .join(Deliverable, Deliverable.id == DeliverableState.deliverable_id)
        .outerjoin(Deadline, Deadline.id == DeliverableState.deadline_id)
        .outerjoin(
            DeadlineDate,
            and_(
                DeadlineDate.deadline_id == DeliverableState.deadline_id,
                DeadlineDate.holds_on(as_of.day),
            ),
        )
        .where(DeliverableState.holds_on(as_of.day), visible(reader, Deliverable))
    )


def is_overdue(as_of: AsOf) -> ColumnElement[bool]:
    """`rules.progress.is_overdue`, asked of the database."""
    return and_(DeliverableState.status.in_(ACTIVE), as_of.dueness > DUE_ON)
