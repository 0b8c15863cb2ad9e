"""What members carry: open work by role and deadline, and how long ago each last spoke."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
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
from app.deliverables.queries.states import states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.moves import ACTIVE
from app.sharing.queries import visible


@dataclass(slots=True)
class Load:
    """Work that is going on or to come; `by_deadline` counts leads and contributions, accepted or
    asked, by the id of the deadline, None for what has none."""

    leads: int = 0
    contributes: int = 0
    asked: int = 0
    by_deadline: dict[int | None, int] = field(default_factory=dict)
    spoke_on: date | None = None


def load_by_member(session: Session, reader: Actor | None, as_of: AsOf) -> Mapping[int, Load]:
    """By the id of the member; one that carries nothing and said nothing is missing."""
    found: defaultdict[int, Load] = defaultdict(Load)
    query = (
        states(
            reader,
            as_of,
            Assignment.member_id,
            AssignmentSpan.role,
            AssignmentSpan.state,
            DeliverableState.deadline_id,
            func.count(),
        )
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            DeliverableState.status.in_(ACTIVE),
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
        .group_by(
            Assignment.member_id,
            AssignmentSpan.role,
            AssignmentSpan.state,
            DeliverableState.deadline_id,
        )
    )
    for member_id, role, state, deadline_id, count in session.execute(query):
        _add(found[member_id], role, state, deadline_id, count)
    for member_id, day in session.execute(_spoken(reader, as_of)):
        found[member_id].spoke_on = day
    return found


def _add(
    load: Load,
    role: AssignmentRole,
    state: AssignmentState,
    deadline_id: int | None,
    count: int,
) -> None:
    load.by_deadline[deadline_id] = load.by_deadline.get(deadline_id, 0) + count
    if state is AssignmentState.PROPOSED:
        load.asked += count
    elif role is AssignmentRole.LEAD:
        load.leads += count
    else:
        load.contributes += count


def _spoken(reader: Actor | None, as_of: AsOf) -> Select[Any]:
    columns: list[Any] = [StatusUpdate.member_id, func.max(StatusUpdate.effective_on)]
    return (
        select(*columns)
        .where(
            StatusUpdate.member_id.is_not(None),
            StatusUpdate.effective_on <= as_of.day,
            visible(reader, StatusUpdate),
        )
        .group_by(StatusUpdate.member_id)
    )
