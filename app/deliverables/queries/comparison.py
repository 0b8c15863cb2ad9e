"""Deliverables on two days."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Assignment, AssignmentSpan, Deliverable, DeliverableState
from app.deliverables.queries.progress import of_network
from app.deliverables.queries.states import DUE_ON, MARKINGS, states
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.comparison import Changes, Part, Standing, changes
from app.deliverables.rules.progress import Progress, is_overdue
from app.members.models import Member


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Progress
    after: Progress
    changes: Changes

    @property
    def total(self) -> int:
        return sum(len(rows) for rows in self.changes.values())


def comparison(session: Session, reader: Actor | None, first: AsOf, second: AsOf) -> Comparison:
    """From `first` to `second`, as far as the reader may know of it: six queries."""
    before, after = _standings(session, reader, first), _standings(session, reader, second)
    for standings, parts in zip(
        (before, after), _changed_parts(session, first, second), strict=True
    ):
        for id_, found in parts.items():
            if id_ in standings:
                standings[id_] = replace(standings[id_], parts=found)
    pairs = ((before.get(id_), standing) for id_, standing in after.items())
    return Comparison(
        of_network(session, reader, first), of_network(session, reader, second), changes(pairs)
    )


def _standings(session: Session, reader: Actor | None, as_of: AsOf) -> dict[int, Standing]:
    query = states(
        reader,
        as_of,
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        DeliverableState.status,
        DUE_ON,
        DeliverableState.delivered_on,
        *MARKINGS,
    )
    return {
        id_: Standing(
            key, title, status, due_on, is_overdue(status, due_on, as_of.dueness), delivered_on
        )
        for id_, key, title, status, due_on, delivered_on, *_markings in session.execute(query)
    }


Parts = Mapping[int, frozenset[Part]]


def _changed_parts(session: Session, first: AsOf, second: AsOf) -> tuple[Parts, Parts]:
    """The parts on both days, of those deliverables where a part began or ended in between."""
    days = (first.day, second.day)
    changed = (
        select(Assignment.deliverable_id)
        .join(AssignmentSpan)
        .where(
            or_(
                and_(AssignmentSpan.from_on > days[0], AssignmentSpan.from_on <= days[1]),
                and_(AssignmentSpan.until_on > days[0], AssignmentSpan.until_on <= days[1]),
            )
        )
    )
    return _parts(session, first, changed), _parts(session, second, changed)


def _parts(session: Session, as_of: AsOf, among: Any) -> Parts:
    found: defaultdict[int, frozenset[Part]] = defaultdict(frozenset)
    query = (
        select(Assignment.deliverable_id, Member.code, AssignmentSpan.role, AssignmentSpan.state)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .join(Member, Member.id == Assignment.member_id)
        .where(
            Assignment.deliverable_id.in_(among),
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    for id_, code, role, state in session.execute(query):
        found[id_] |= {(code, role.value, state.value)}
    return found
