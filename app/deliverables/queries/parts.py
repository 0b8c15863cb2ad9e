"""What members lead and contribute to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

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
from app.deliverables.queries.present import present
from app.deliverables.queries.states import states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.moves import Status


@dataclass(slots=True)
class PartCounts:
    """Deliverables, dropped ones aside, by the member's part in them."""

    leads: int = 0
    asked_to_lead: int = 0
    contributes: int = 0
    asked_to_contribute: int = 0

    @property
    def unanswered(self) -> int:
        return self.asked_to_lead + self.asked_to_contribute


_FIELDS = {
    (AssignmentRole.LEAD, AssignmentState.ACCEPTED): "leads",
    (AssignmentRole.LEAD, AssignmentState.PROPOSED): "asked_to_lead",
    (AssignmentRole.CONTRIBUTOR, AssignmentState.ACCEPTED): "contributes",
    (AssignmentRole.CONTRIBUTOR, AssignmentState.PROPOSED): "asked_to_contribute",
}


def counts_by_member(
    session: Session, reader: Actor | None, as_of: AsOf
) -> Mapping[int, PartCounts]:
    """By the id of the member; one without a part is missing, and an empty PartCounts to ask."""
    found: defaultdict[int, PartCounts] = defaultdict(PartCounts)
    known = present(session, reader, as_of)
    if known is not None:
        for (member_id, role, state), count in known.parts.items():
            setattr(found[member_id], _FIELDS[AssignmentRole(role), AssignmentState(state)], count)
        return found
    query = (
        states(reader, as_of, Assignment.member_id, AssignmentSpan.role, AssignmentSpan.state)
        .add_columns(func.count())
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            DeliverableState.status != Status.DROPPED,
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
        .group_by(Assignment.member_id, AssignmentSpan.role, AssignmentSpan.state)
    )
    for member_id, role, state, count in session.execute(query):
        setattr(found[member_id], _FIELDS[role, state], count)
    return found
