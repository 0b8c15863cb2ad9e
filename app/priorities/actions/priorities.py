"""What the network decided to work on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.audit.writing import Line, add, change
from app.core.permissions import Actor
from app.members.models import Function
from app.priorities.actions.rights import check_planner
from app.priorities.models import Basis, Horizon, Priority, PriorityFunction, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityEntry:
    """What a plan says of a priority, apart from the functions it draws on."""

    title: str
    theme: Theme
    horizon: Horizon
    basis: Basis
    question_id: int | None = None
    note: str = ""
    source_id: int | None = None


def add_priority(
    session: Session,
    actor: Actor,
    key: str,
    entry: PriorityEntry,
    position: int,
    exists_from: date,
    now: datetime,
) -> Priority:
    """`position` is its place among the others."""
    check_planner(actor)
    priority = Priority(key=key, position=position, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "priority.add", Subject("priority", key), now)
    add(session, priority, asdict(entry), line)
    return priority


def describe_priority(
    session: Session, actor: Actor, priority: Priority, entry: PriorityEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = Line(actor.account_id, "priority.describe", Subject("priority", priority.key), now)
    return change(session, priority, asdict(entry), line)


def judge(
    session: Session,
    actor: Actor,
    priority: Priority,
    impact: int | None,
    feasibility: int | None,
    now: datetime,
) -> bool:
    """Points from 1 to 5 as the coordinators judge it, or None: not judged. No plan file says
    them. False when nothing differs."""
    check_planner(actor)
    line = Line(actor.account_id, "priority.judge", Subject("priority", priority.key), now)
    return change(session, priority, {"impact": impact, "feasibility": feasibility}, line)


def draw_on(
    session: Session,
    actor: Actor,
    priority: Priority,
    functions: Sequence[Function],
    now: datetime,
) -> bool:
    """Set the functions that the priority draws on; False when nothing differs."""
    check_planner(actor)
    before = set(function_keys(session, priority))
    after = {function.key for function in functions}
    if before == after:
        return False
    of_it = PriorityFunction.priority_id == priority.id
    session.execute(delete(PriorityFunction).where(of_it))
    session.add_all(
        PriorityFunction(priority_id=priority.id, function_id=function.id) for function in functions
    )
    session.flush()
    subject = Subject("priority", priority.key)
    changes = {"functions": (sorted(before), sorted(after))}
    record(session, actor.account_id, "priority.draw_on", subject, changes, now)
    return True


def function_keys(session: Session, priority: Priority) -> Sequence[str]:
    """Of the functions that the priority draws on."""
    return session.scalars(
        select(Function.key)
        .join(PriorityFunction, PriorityFunction.function_id == Function.id)
        .where(PriorityFunction.priority_id == priority.id)
    ).all()
