"""Which deliverables: what a list, a count or a kept view is narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from app.core.clock import AsOf
from app.core.markings import Marking
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    Deliverable,
    DeliverableState,
)
from app.deliverables.queries.working import TAKING_PART, WORKING_ROLES
from app.deliverables.rules.attention import Flag
from app.deliverables.rules.moves import ACTIVE, Health, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is None or empty does not narrow. Several values of one kind widen: any of them."""

    priority_id: int | None = None
    priority_ids: Sequence[int] | None = None
    deadline_id: int | None = None
    member_id: int | None = None
    roles: Sequence[AssignmentRole] = ()
    """Of the member; without one, of any member. None given: leads or contributes."""
    ids: Sequence[int] | None = None
    statuses: Sequence[Status] = ()
    healths: Sequence[Health | None] = ()
    """Of work that is going on; None among them: not stated."""
    markings: Sequence[Marking] = ()
    text: str = ""
    flags: Sequence[Flag] = ()
    """Flags are judged, not stored: only lists of whole rows know them."""

    @property
    def without_flags(self) -> "Filter":
        return replace(self, flags=())

    @property
    def is_of_groups(self) -> bool:
        """Whether it narrows to a priority, a deadline or a member's work, or not at all."""
        return self == Filter(
            priority_id=self.priority_id, deadline_id=self.deadline_id, member_id=self.member_id
        )

    def narrow(self, query: Select[Any], as_of: AsOf) -> Select[Any]:
        if self.flags:
            raise ValueError("flags are judged, not selected")
        conditions = [
            Deliverable.priority_id == self.priority_id if self.priority_id is not None else None,
            Deliverable.priority_id.in_(self.priority_ids)
            if self.priority_ids is not None
            else None,
            DeliverableState.deadline_id == self.deadline_id
            if self.deadline_id is not None
            else None,
            Deliverable.id.in_(self.ids) if self.ids is not None else None,
            DeliverableState.status.in_(self.statuses) if self.statuses else None,
            _is_going(self.healths) if self.healths else None,
            Deliverable.marking.in_(self.markings) if self.markings else None,
            _has_part(self.member_id, self.roles, as_of)
            if self.member_id is not None or self.roles
            else None,
            _says(self.text) if self.text else None,
        ]
        return query.where(*(condition for condition in conditions if condition is not None))


EVERYTHING = Filter()


def works_on(member_id: int, as_of: AsOf) -> ColumnElement[bool]:
    """The member leads it or contributes to it on the day, accepted or proposed."""
    return _has_part(member_id, (), as_of)


def _has_part(
    member_id: int | None, roles: Sequence[AssignmentRole], as_of: AsOf
) -> ColumnElement[bool]:
    parts = (
        select(Assignment.deliverable_id)
        .join(AssignmentSpan)
        .where(
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role.in_(roles or WORKING_ROLES),
            AssignmentSpan.state.in_(TAKING_PART),
        )
    )
    return Deliverable.id.in_(
        parts if member_id is None else parts.where(Assignment.member_id == member_id)
    )


def _is_going(healths: Sequence[Health | None]) -> ColumnElement[bool]:
    stated = [health for health in healths if health is not None]
    unstated = DeliverableState.health.is_(None) if None in healths else false()
    return DeliverableState.status.in_(ACTIVE) & or_(DeliverableState.health.in_(stated), unstated)


def _says(text: str) -> ColumnElement[bool]:
    return or_(
        Deliverable.title.icontains(text, autoescape=True),
        Deliverable.key.icontains(text, autoescape=True),
    )
