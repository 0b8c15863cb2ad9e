"""Progress of the network and of its groups, counted by the database."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Select, case, cast, func
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.db import highest_of
from app.core.markings import note
from app.core.permissions import Actor
from app.deliverables.models import Assignment, AssignmentSpan, Deliverable, DeliverableState
from app.deliverables.queries.present import present
from app.deliverables.queries.states import is_overdue, states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.moves import Status
from app.deliverables.rules.progress import Progress
from app.deliverables.rules.tally import Of

NOTHING = Progress(dict.fromkeys(Status, 0), 0, 0, 0)


def of_network(session: Session, reader: Actor | None, as_of: AsOf) -> Progress:
    known = _known(session, reader, as_of, Of.NETWORK)
    if known is None:
        known = _grouped(session, states(reader, as_of, func.count()), as_of)
    return known.get(None, NOTHING)


def by_priority(session: Session, reader: Actor | None, as_of: AsOf) -> Mapping[int, Progress]:
    """By the id of the priority; one without deliverables is missing: `NOTHING`."""
    known = _known(session, reader, as_of, Of.PRIORITY)
    if known is not None:
        return known
    return _grouped(session, states(reader, as_of, func.count()), as_of, Deliverable.priority_id)


def by_deadline(session: Session, reader: Actor | None, as_of: AsOf) -> Mapping[int, Progress]:
    """By the id of the deadline at which they are due on that day."""
    known = _known(session, reader, as_of, Of.DEADLINE)
    if known is not None:
        return known
    query = states(reader, as_of, func.count()).where(DeliverableState.deadline_id.is_not(None))
    return _grouped(session, query, as_of, DeliverableState.deadline_id)


def by_member(session: Session, reader: Actor | None, as_of: AsOf) -> Mapping[int, Progress]:
    """By the id of the member: what it leads or contributes to, accepted or proposed."""
    known = _known(session, reader, as_of, Of.MEMBER)
    if known is not None:
        return known
    query = (
        states(reader, as_of, func.count())
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .where(
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    return _grouped(session, query, as_of, Assignment.member_id)


def _known(
    session: Session, reader: Actor | None, as_of: AsOf, of: Of
) -> dict[Any, Progress] | None:
    """Where it is kept up and need not be counted."""
    known = present(session, reader, as_of)
    if known is None:
        return None
    for group in known.progress[of].values():
        note(group.marking)
    return dict(known.progress[of])


def _grouped(
    session: Session, query: Select[Any], as_of: AsOf, group: Any = None
) -> dict[Any, Progress]:
    groups = [] if group is None else [group]
    known = case((DeliverableState.status != Status.DROPPED, DeliverableState.progress))
    counted = query.with_only_columns(
        DeliverableState.status,
        func.count(),
        func.sum(cast(func.coalesce(is_overdue(as_of), False), Integer)),
        func.count(known),
        func.coalesce(func.sum(known), 0),
        highest_of(Deliverable.marking, DeliverableState.marking),
        *groups,
    ).group_by(DeliverableState.status, *groups)
    found: dict[Any, Progress] = defaultdict(lambda: NOTHING)
    for status, count, late, with_progress, total, marking, *key in session.execute(counted):
        counts = Progress({status: count}, late, with_progress, total, marking)
        found[key[0] if key else None] += counts
    return dict(found)
