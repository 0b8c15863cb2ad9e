"""Setting deadlines and moving them: every date they had is kept."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.days import Precision, last_day
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.history import make_room
from app.core.permissions import Actor, Permission, can
from app.deadlines.models import Deadline, DeadlineDate, DeadlineKind
from app.notices.actions import happened
from app.notices.rules import Happening as News


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineEntry:
    title: str
    kind: DeadlineKind
    place: str = ""
    host_id: int | None = None
    is_public: bool = False
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY


def add_deadline(
    session: Session,
    actor: Actor,
    key: str,
    entry: DeadlineEntry,
    when: When,
    exists_from: date,
    now: datetime,
) -> Deadline:
    _check_planner(actor)
    deadline = Deadline(key=key, exists_from=exists_from, **asdict(entry))
    session.add(deadline)
    session.flush()
    _date(session, actor, deadline, when, exists_from, "", now)
    changes = {name: (None, value) for name, value in asdict(entry).items()}
    record(session, actor.account_id, "deadline.add", Subject("deadline", key), changes, now)
    return deadline


def describe(
    session: Session, actor: Actor, deadline: Deadline, entry: DeadlineEntry, now: datetime
) -> bool:
    """Change what a deadline is, apart from its date; False when nothing differs."""
    _check_planner(actor)
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(deadline, name), value)
        for name, value in asdict(entry).items()
        if getattr(deadline, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(deadline, name, value)
    if changes:
        session.flush()
        subject = Subject("deadline", deadline.key)
        record(session, actor.account_id, "deadline.describe", subject, changes, now)
    return bool(changes)


def move(
    session: Session,
    actor: Actor,
    deadline: Deadline,
    when: When,
    *,
    effective_on: date,
    reason: str,
    seen_version: int,
    now: datetime,
) -> bool:
    """A new date from `effective_on` on; False when it has that date then. Raises Refused without
    a reason, Conflict when it was changed since `seen_version`."""
    _check_planner(actor)
    if deadline.version != seen_version:
        raise Conflict(N_("Somebody changed this deadline meanwhile. Look at it again first."))
    old = date_on(session, deadline, effective_on)
    if old and (old.starts_on, old.ends_on, old.precision) == (
        when.starts_on,
        when.ends_on,
        when.precision,
    ):
        return False
    if not reason.strip():
        raise Refused(N_("Say why the date moves."), field="reason")
    _date(session, actor, deadline, when, effective_on, reason, now)
    changes = {
        "starts_on": (old.starts_on if old else None, when.starts_on),
        "ends_on": (old.ends_on if old else None, when.ends_on),
        "precision": (old.precision if old else None, when.precision),
        "reason": (None, reason),
    }
    subject = Subject("deadline", deadline.key)
    record(session, actor.account_id, "deadline.move", subject, changes, now)
    happened(session, actor, News.DATE_MOVED, subject, now, on=effective_on)
    return True


def date_on(session: Session, deadline: Deadline, day: date) -> DeadlineDate | None:
    return session.scalars(
        select(DeadlineDate).where(
            DeadlineDate.deadline_id == deadline.id, DeadlineDate.holds_on(day)
        )
    ).first()


def _date(
    session: Session,
    actor: Actor,
    deadline: Deadline,
    when: When,
    from_on: date,
    reason: str,
    now: datetime,
) -> None:
    if when.ends_on is not None and when.ends_on < when.starts_on:
        raise Refused(N_("The last day is before the first."), field="ends_on")
    rows = session.scalars(select(DeadlineDate).where(DeadlineDate.deadline_id == deadline.id))
    session.add(
        DeadlineDate(
            deadline_id=deadline.id,
            from_on=from_on,
            until_on=make_room(rows, from_on),
            due_on=last_day(when.starts_on, when.ends_on, when.precision),
            reason=reason,
            source_id=deadline.source_id,
            recorded_by_id=actor.account_id,
            recorded_at=now,
            **asdict(when),
        )
    )
    session.flush()


def _check_planner(actor: Actor) -> None:
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator sets deadlines."))
