"""Taking back many updates at once: each is corrected to what stands without any of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.errors import Conflict, Forbidden, Missing, Refused
from app.core.permissions import Actor
from app.deliverables.actions.corrections import ALREADY, NO_UPDATE, NOT_THEIRS, may_correct
from app.deliverables.actions.updates import UpdateEntry, UpdateLog
from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.rules.moves import ACTIVE, Status
from app.sharing.queries import visible

AT_ONCE = 500

Stays = tuple[int, Refused]
"""The number of an update that is not taken back, and why."""


def take_back_updates(
    session: Session,
    actor: Actor,
    numbers: Collection[int],
    note: str,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[Stays]:
    """Those that were corrected since stay corrected as they are; others stay where a later update
    would not follow from what stood before them."""
    updates = list(_seen(session, actor, StatusUpdate.id, numbers))
    corrected = {u.corrects_id for u in _seen(session, actor, StatusUpdate.corrects_id, numbers)}
    missing = set(numbers) - {update.id for update in updates}
    stays: list[Stays] = [(number, Missing(NO_UPDATE)) for number in sorted(missing)]
    of_one: defaultdict[int, list[StatusUpdate]] = defaultdict(list)
    for update in updates:
        if update.id in corrected:
            stays.append((update.id, Conflict(ALREADY)))
        elif not may_correct(actor, update):
            stays.append((update.id, Forbidden(NOT_THEIRS)))
        else:
            of_one[update.deliverable_id].append(update)
    deliverables = _deliverables(session, of_one)
    log = UpdateLog(session, actor, deliverables.values(), now)
    for own, theirs in of_one.items():
        stays += _take_back(session, log, deliverables[own], theirs, note)
    log.close(progress)
    return stays


def _take_back(
    session: Session,
    log: UpdateLog,
    deliverable: Deliverable,
    updates: Collection[StatusUpdate],
    note: str,
) -> Iterator[Stays]:
    undone = frozenset(update.id for update in updates)
    in_order = sorted(updates, key=lambda one: (one.effective_on, one.id))
    stood = [log.on(deliverable, update.effective_on, undone) for update in in_order]
    for update, before in zip(in_order, stood, strict=True):
        said = session.get(StatusUpdate, before.id) if before else None
        status = before.status if before else Status.NOT_STARTED
        entry = UpdateEntry(
            status=status,
            effective_on=update.effective_on,
            health=before.health if before and status in ACTIVE else None,
            progress=before.progress if before else None,
            blocker=said.blocker if said else "",
            next_step=said.next_step if said else "",
            note=note,
            corrects_id=update.id,
        )
        try:
            log.plan(deliverable, entry, undone)
        except Refused as refused:
            yield update.id, refused


def _seen(
    session: Session, actor: Actor, column: InstrumentedAttribute[Any], numbers: Collection[int]
) -> Iterator[StatusUpdate]:
    """Updates that the actor sees in which the column holds one of the numbers."""
    for some in _in_portions(numbers):
        named = select(StatusUpdate).where(column.in_(some), visible(actor, StatusUpdate))
        yield from session.scalars(named)


def _deliverables(session: Session, numbers: Collection[int]) -> dict[int, Deliverable]:
    return {
        each.id: each
        for some in _in_portions(numbers)
        for each in session.scalars(select(Deliverable).where(Deliverable.id.in_(some)))
    }


def _in_portions(numbers: Collection[int]) -> Iterator[list[int]]:
    every = sorted(numbers)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
