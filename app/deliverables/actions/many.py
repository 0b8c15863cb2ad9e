"""The same done with many deliverables: each on its own, and none held up by another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.clock import as_of, today
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.deliverables.actions.assignments import AssignmentEntry, assign
from app.deliverables.actions.questions import ask
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import AssignmentRole, AssignmentState, Deliverable
from app.deliverables.queries.listing import Part, parts_of
from app.members.models import Member

Deed = Callable[[Deliverable], bool]
"""Does it with one; False where nothing differs."""

MOST = 500
"""As many as are taken at once."""
MEANWHILE = N_("Somebody changed this deliverable meanwhile. Look at it again first.")


class Result(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """What came of it with one. `version` is the one that it was done to."""

    key: str
    title: str
    id: int
    version: int
    result: Result
    refused: Refused | None = None


def do_with_each(session: Session, deliverables: Iterable[Deliverable], deed: Deed) -> list[Row]:
    """One that is refused keeps nothing of what was tried on it; the others stay done."""
    return [_do(session, deliverable, deed) for deliverable in deliverables]


def rehearse(session: Session, deliverables: Iterable[Deliverable], deed: Deed) -> list[Row]:
    """What would come of it. Nothing is kept."""
    rehearsal = session.begin_nested()
    try:
        return do_with_each(session, deliverables, deed)
    finally:
        rehearsal.rollback()


def assigning(
    session: Session,
    actor: Actor,
    among: Sequence[Deliverable],
    member: Member,
    role: AssignmentRole,
    reason: str,
    now: datetime,
) -> Deed:
    """Propose the part to the member. One that has this part already, or is asked, keeps it."""
    parts = parts_of(session, [each.id for each in among], as_of(None, now))
    entry = AssignmentEntry(
        role=role, state=AssignmentState.PROPOSED, from_on=today(now), reason=reason
    )

    def deed(deliverable: Deliverable) -> bool:
        if _has(parts[deliverable.id], member, role):
            return False
        assign(session, actor, deliverable, member, entry, now)
        return True

    return deed


def moving(
    session: Session,
    actor: Actor,
    due: Due,
    reason: str,
    seen: Mapping[int, int],
    now: datetime,
) -> Deed:
    """`seen` is the version of each that the actor had before them; what is not in it is taken
    as it is."""

    def deed(deliverable: Deliverable) -> bool:
        return reschedule(
            session,
            actor,
            deliverable,
            due,
            effective_on=max(today(now), deliverable.exists_from),
            reason=reason,
            seen_version=seen.get(deliverable.id, deliverable.version),
            now=now,
        )

    return deed


def asking(session: Session, actor: Actor, text: str, now: datetime) -> Deed:
    def deed(deliverable: Deliverable) -> bool:
        ask(session, actor, deliverable, text, now)
        return True

    return deed


def _do(session: Session, deliverable: Deliverable, deed: Deed) -> Row:
    known = (deliverable.key, deliverable.title, deliverable.id, deliverable.version)
    try:
        with session.begin_nested():
            changed = deed(deliverable)
    except StaleDataError:
        return Row(*known, Result.REFUSED, Conflict(MEANWHILE))
    except Refused as refused:
        return Row(*known, Result.REFUSED, refused)
    return Row(*known, Result.DONE if changed else Result.UNCHANGED)


def _has(parts: Iterable[Part], member: Member, role: AssignmentRole) -> bool:
    return any(p.code == member.code and p.role is role and p.is_taken for p in parts)
