"""When deliverables are due."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.actions import Subject, record
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.deliverables.actions import states
from app.deliverables.models import Deliverable, ScheduleChange
from app.deliverables.rules.history import state_on
from app.notices.actions import happened
from app.notices.rules import Happening as News


@dataclass(frozen=True, slots=True)
class Due:
    """At a deadline, on a day of its own, or neither: unscheduled."""

    deadline_id: int | None = None
    own_due_on: date | None = None


def reschedule(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    due: Due,
    *,
    effective_on: date,
    reason: str,
    seen_version: int,
    now: datetime,
) -> bool:
    """Move a deliverable to another deadline or day from `effective_on` on; False when it is due
    then already. Every date it had is kept. Raises Refused without a reason."""
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator moves a due date."))
    if deliverable.version != seen_version:
        raise Conflict(N_("Somebody changed this deliverable meanwhile. Look at it again first."))
    before = state_on(states.history(session, actor, deliverable), effective_on)
    old = Due(before.deadline_id, before.due_on) if before else Due()
    if before is not None and old == due:
        return False
    if not reason.strip():
        raise Refused(N_("Say why the date moves."), field="reason")
    put_on_schedule(session, actor, deliverable, due, effective_on, reason, now)
    flag_modified(deliverable, "title")  # the version rises: its dates are part of what it says
    about = Subject("deliverable", deliverable.key)
    changes = {
        "deadline": (old.deadline_id, due.deadline_id),
        "due_on": (old.own_due_on, due.own_due_on),
        "reason": (None, reason),
        "effective_on": (None, effective_on),
    }
    record(session, actor.account_id, "deliverable.reschedule", about, changes, now)
    happened(session, actor, News.DATE_MOVED, about, now, on=effective_on)
    return True


def put_on_schedule(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    due: Due,
    effective_on: date,
    reason: str,
    now: datetime,
) -> None:
    """The row itself, and the states that follow from it."""
    session.add(
        ScheduleChange(
            deliverable_id=deliverable.id,
            effective_on=effective_on,
            deadline_id=due.deadline_id,
            due_on=due.own_due_on,
            reason=reason,
            source_id=deliverable.source_id,
            recorded_by_id=actor.account_id,
            recorded_at=now,
        )
    )
    states.rebuild(session, [deliverable])
