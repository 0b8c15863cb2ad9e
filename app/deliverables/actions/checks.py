"""What an update has to pass before it is logged, asked of what its author may know."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import N_, Conflict, Refused
from app.core.markings import Marking
from app.core.permissions import Actor
from app.deliverables.actions.entries import HANDS, EvidenceLink, UpdateEntry
from app.deliverables.actions.refusals import worded
from app.deliverables.models import Deliverable, Evidence, StatusUpdate
from app.deliverables.rules.history import UpdateFact
from app.deliverables.rules.moves import (
    ACTIVE,
    TABLE,
    MoveRefused,
    Status,
    check_move,
    needs_evidence,
)
from app.sharing.queries import visible


def newest_update_id(session: Session, reader: Actor, deliverable_id: int) -> int | None:
    """The update that was recorded last, whatever day it holds from, of those the reader sees."""
    newest = select(func.max(StatusUpdate.id)).where(
        StatusUpdate.deliverable_id == deliverable_id, visible(reader, StatusUpdate)
    )
    return session.scalar(newest)


def check_seen(
    session: Session, actor: Actor, deliverable: Deliverable, entry: UpdateEntry
) -> None:
    if (
        entry.checks_seen
        and newest_update_id(session, actor, deliverable.id) != entry.seen_update_id
    ):
        raise Conflict(
            N_(
                "Somebody logged an update of this deliverable while you were writing. It is shown "
                "below; your own text is kept. Look at it, change what you need, and log again."
            )
        )


def check_entry(deliverable: Deliverable, entry: UpdateEntry, now: datetime) -> None:
    if entry.effective_on > today(now):
        raise Refused(
            N_(
                "This day has not come yet: it is %(today)s in UTC. "
                "Give that day or an earlier one."
            ),
            field="effective_on",
            today=today(now),
        )
    if entry.effective_on < deliverable.exists_from:
        raise Refused(
            N_("The deliverable exists only from %(day)s on. Give that day or a later one."),
            field="effective_on",
            day=deliverable.exists_from,
        )
    if entry.health is not None and entry.status not in ACTIVE:
        raise Refused(
            N_("Health is for work that is going on. Leave it open for “%(status)s”."),
            field="health",
            status=entry.status,
        )
    if any(link.file and _is_red(deliverable, entry, link) for link in entry.evidence):
        raise Refused(
            N_("What is marked RED stays on the screen: name where the file is, do not add it."),
            field="evidence_file",
        )
    if entry.progress is not None and not 0 <= entry.progress <= 100:
        raise Refused(N_("Progress is a whole number from 0 to 100."), field="progress")


def check_moves(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    entry: UpdateEntry,
    before: Status,
    later: UpdateFact | None,
) -> None:
    """The move from what held on that day, and on to what a later update already says."""
    hand = HANDS[actor.role]
    # Asked only where it matters: the question writes out what was added before.
    has_evidence = bool(
        entry.evidence
        or entry.source_id
        or not needs_evidence(before, entry.status, hand)
        or _has_evidence(session, actor, deliverable.id)
    )
    try:
        check_move(
            before,
            entry.status,
            hand,
            note=entry.note,
            has_evidence=has_evidence,
        )
    except MoveRefused as refused:
        raise worded(refused) from refused
    if later and later.status != entry.status and (entry.status, later.status) not in TABLE:
        raise Refused(
            N_(
                "A later update, of %(day)s, says “%(later)s”, and nothing goes from "
                "“%(status)s” to that. Give a later day, or correct that update first."
            ),
            field="status",
            day=later.effective_on,
            later=later.status,
            status=entry.status,
        )


def _has_evidence(session: Session, actor: Actor, deliverable_id: int) -> bool:
    """Any that the actor may know of: to count what is hidden would tell that it is there."""
    any_of_it = select(Evidence.id).where(
        Evidence.deliverable_id == deliverable_id, visible(actor, Evidence)
    )
    return session.scalars(any_of_it.limit(1)).first() is not None


def _is_red(deliverable: Deliverable, entry: UpdateEntry, link: EvidenceLink) -> bool:
    shared = link.sharing or entry.sharing
    return (shared.marking if shared else deliverable.marking) is Marking.RED
