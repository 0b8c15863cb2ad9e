"""Who does what: proposed, then accepted or declined by the member itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.clock import today
from app.core.days import Precision
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.history import FOREVER, make_room
from app.core.permissions import Actor, Permission, Role, can
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
)
from app.members.models import Member
from app.notices.actions import happened
from app.notices.rules import Happening as News


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentEntry:
    """A member's part from `from_on` on."""

    role: AssignmentRole
    state: AssignmentState
    from_on: date
    precision: Precision = Precision.DAY
    reason: str = ""
    source_id: int | None = None
    has_said_yes: bool = False
    """The member took the part on by itself, in an opt-in decision."""


def assign(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    member: Member,
    entry: AssignmentEntry,
    now: datetime,
) -> Assignment:
    """Give a member a part, or change the part it has. Only a record may say `accepted` for it."""
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator assigns deliverables."))
    is_accepted = entry.state is AssignmentState.ACCEPTED and not entry.has_said_yes
    if actor.role is Role.COORDINATOR and is_accepted:
        raise Refused(N_("A member accepts for itself: propose the part to it."), field="state")
    assignment = session.scalars(
        select(Assignment).where(
            Assignment.deliverable_id == deliverable.id, Assignment.member_id == member.id
        )
    ).first()
    if assignment is None:
        assignment = Assignment(deliverable_id=deliverable.id, member_id=member.id)
        session.add(assignment)
        _change(session, actor, deliverable, assignment, [], entry, now)
    else:
        spans = _spans(session, assignment)
        _change(session, actor, deliverable, assignment, spans, entry, now)
    return assignment


def answer(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    assignment: Assignment,
    *,
    accepts: bool,
    reason: str,
    seen_version: int,
    now: datetime,
) -> None:
    """The member accepts its part or declines it, with a reason. Raises Conflict when the part was
    changed since `seen_version`."""
    if not can(actor, Permission.ASSIGNMENT_ANSWER) or assignment.member_id != actor.member_id:
        raise Forbidden(N_("Only the member's own liaison answers for it."))
    if assignment.version != seen_version:
        raise Conflict(N_("This part was changed meanwhile. Look at it again before you answer."))
    if not accepts and not reason.strip():
        raise Refused(N_("Say in a few words why the member declines."), field="reason")
    part = _current(session, assignment)
    state = AssignmentState.ACCEPTED if accepts else AssignmentState.DECLINED
    if part is None or part.state is AssignmentState.ENDED:
        raise Refused(N_("This part has ended; there is nothing to answer."))
    if part.state is state:
        return
    entry = AssignmentEntry(role=part.role, state=state, from_on=today(now), reason=reason.strip())
    spans = _spans(session, assignment)
    _change(session, actor, deliverable, assignment, spans, entry, now)


def _spans(session: Session, assignment: Assignment) -> Sequence[AssignmentSpan]:
    of_it = AssignmentSpan.assignment_id == assignment.id
    return session.scalars(select(AssignmentSpan).where(of_it)).all()


def _current(session: Session, assignment: Assignment) -> AssignmentSpan | None:
    return session.scalars(
        select(AssignmentSpan).where(
            AssignmentSpan.assignment_id == assignment.id, AssignmentSpan.until_on == FOREVER
        )
    ).first()


def _change(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    assignment: Assignment,
    spans: Sequence[AssignmentSpan],
    entry: AssignmentEntry,
    now: datetime,
) -> None:
    """Close the span that holds on the day, and begin the new one: up to the next one, if later
    ones were entered already."""
    before = next((s for s in spans if s.from_on <= entry.from_on < s.until_on), None)
    session.add(
        AssignmentSpan(
            assignment=assignment,
            role=entry.role,
            state=entry.state,
            from_on=entry.from_on,
            until_on=make_room(spans, entry.from_on),
            precision=entry.precision,
            reason=entry.reason,
            source_id=entry.source_id,
            recorded_by_id=actor.account_id,
            recorded_at=now,
        )
    )
    # Raises the version even when only spans change.
    if before:
        assignment.version += 1
    session.flush()
    changes = {
        "member": (None, assignment.member_id),
        "role": (before.role if before else None, entry.role),
        "state": (before.state if before else None, entry.state),
        "from_on": (None, entry.from_on),
    }
    subject = Subject("deliverable", deliverable.key)
    record(session, actor.account_id, "assignment.change", subject, changes, now)
    happened(session, actor, News.PART_CHANGED, subject, now, on=entry.from_on)
