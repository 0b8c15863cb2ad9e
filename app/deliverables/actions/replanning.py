"""What a coordinator changes from a form, beside others who may be doing the same."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.deadlines.actions import When, move
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.actions import planning
from app.deliverables.actions.planning import DeliverableEntry
from app.deliverables.actions.proposals import newest_schedule_id
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import Deliverable, Dependency
from app.members.models import Network
from app.priorities.actions.priorities import PriorityEntry, describe_priority, judge
from app.priorities.models import Priority
from app.sharing.queries import visible

CHANGED = N_(
    "Somebody changed this deliverable while you were writing. How it stands now is shown beside "
    "your own text, which is kept. Bring them together, then save again."
)


def replan(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    entry: DeliverableEntry,
    due: Due,
    *,
    reason: str,
    seen_version: int,
    seen_schedule: int,
    now: datetime,
) -> bool:
    """What it is and, from today on, when it is due; False when nothing differs. Raises Conflict
    when somebody changed either since."""
    version, schedule = deliverable.version, newest_schedule_id(session, deliverable.id)
    if (version, schedule) != (seen_version, seen_schedule):
        raise Conflict(CHANGED)
    described = planning.describe(session, actor, deliverable, entry, seen_version, now)
    moved = reschedule(
        session,
        actor,
        deliverable,
        due,
        effective_on=today(now),
        reason=reason,
        seen_version=deliverable.version,
        now=now,
    )
    return described or moved


def move_deadline(
    session: Session,
    actor: Actor,
    deadline: Deadline,
    when: When,
    *,
    reason: str,
    seen_date_id: int,
    now: datetime,
) -> bool:
    """A new date from today on, for everything due there; False when it has that date. Raises
    Conflict when somebody moved it since `seen_date_id`, the newest change on the page."""
    session.execute(select(Deadline.id).where(Deadline.id == deadline.id).with_for_update())
    if newest_date_id(session, deadline.id) != seen_date_id:
        raise Conflict(
            N_(
                "Somebody moved this deadline while you were writing. Its date as it stands now is "
                "shown beside your own text, which is kept. Look at both, then move it again."
            )
        )
    return move(
        session,
        actor,
        deadline,
        when,
        effective_on=today(now),
        reason=reason,
        seen_version=deadline.version,
        now=now,
    )


def newest_date_id(session: Session, deadline_id: int) -> int:
    newest = select(func.max(DeadlineDate.id)).where(DeadlineDate.deadline_id == deadline_id)
    return session.scalar(newest) or 0


def need(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    keys: Collection[str],
    seen: Collection[str],
    now: datetime,
) -> bool:
    """Set what must come first. Raises Conflict when that is no longer what the actor had before
    them (`seen`)."""
    # Two who each close half a cycle wait for each other here.
    session.execute(select(Network.id).with_for_update())
    if needed_keys(session, actor, deliverable) != set(seen):
        raise Conflict(CHANGED, field="needs")
    chosen = _known(session, actor, keys)
    if len(chosen) != len(set(keys)):
        raise Refused(N_("One of these deliverables is not there. Choose again."), field="needs")
    return planning.depend_on(session, actor, deliverable, list(chosen.values()), now)


def needed_keys(session: Session, actor: Actor, deliverable: Deliverable) -> set[str]:
    """As far as the actor may know of them."""
    keys = (
        select(Deliverable.key)
        .join(Dependency, Dependency.needs_id == Deliverable.id)
        .where(Dependency.deliverable_id == deliverable.id, visible(actor, Deliverable))
    )
    return set(session.scalars(keys))


def _known(session: Session, actor: Actor, keys: Collection[str]) -> dict[str, Deliverable]:
    found = session.scalars(
        select(Deliverable).where(Deliverable.key.in_(set(keys)), visible(actor, Deliverable))
    )
    return {each.key: each for each in found}


def redescribe_priority(
    session: Session,
    actor: Actor,
    priority: Priority,
    entry: PriorityEntry,
    judgement: tuple[int | None, int | None],
    seen_version: int,
    now: datetime,
) -> bool:
    """What it is, and its impact and feasibility; False when nothing differs. Raises Conflict when
    it was changed since `seen_version`."""
    if priority.version != seen_version:
        raise Conflict(
            N_(
                "Somebody changed this priority while you were writing. How it stands now is shown "
                "beside your own text, which is kept. Bring them together, then save again."
            )
        )
    described = describe_priority(session, actor, priority, entry, now)
    return judge(session, actor, priority, *judgement, now) or described
