"""Keeps `deliverable_states` true to what was logged, in the same transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.deliverables.models import Deliverable, DeliverableState, ScheduleChange, StatusUpdate
from app.deliverables.rules.history import ScheduleFact, Span, UpdateFact, spans

AT_ONCE = 500
"""Deliverables whose rows are read in one query."""

WAITING = "deliverables_whose_states_wait"


class Histories:
    """The state of some deliverables on every day, from the rows that were logged."""

    def __init__(self, session: Session, deliverables: Collection[Deliverable]) -> None:
        self._since = {each.id: each.exists_from for each in deliverables}
        self._updates: defaultdict[int, list[UpdateFact]] = defaultdict(list)
        self._schedules: defaultdict[int, list[ScheduleFact]] = defaultdict(list)
        self._ahead = count(1 << 62)
        session.flush()
        for some in _in_portions(deliverables):
            self._read(session, [each.id for each in some])

    def of(self, deliverable: Deliverable, without: int | None = None) -> tuple[Span, ...]:
        """`without`: as if the update of this number had never been logged."""
        own = deliverable.id
        updates = [update for update in self._updates[own] if update.id != without]
        return spans(self._since[own], updates, self._schedules[own])

    def foresee(self, update: StatusUpdate) -> None:
        """Count an update in that has no number yet: it is the one logged last."""
        self._updates[update.deliverable_id].append(_as_fact(update, next(self._ahead)))

    def _read(self, session: Session, ids: Sequence[int]) -> None:
        updates = select(StatusUpdate).where(StatusUpdate.deliverable_id.in_(ids))
        for update in session.scalars(updates):
            self._updates[update.deliverable_id].append(_as_fact(update, update.id))
        changes = select(ScheduleChange).where(ScheduleChange.deliverable_id.in_(ids))
        for change in session.scalars(changes):
            fact = ScheduleFact(change.id, change.effective_on, change.deadline_id, change.due_on)
            self._schedules[change.deliverable_id].append(fact)


def history(session: Session, deliverable: Deliverable) -> tuple[Span, ...]:
    """The state of the deliverable on every day, from the rows that were logged."""
    return Histories(session, [deliverable]).of(deliverable)


@contextmanager
def put_off(session: Session) -> Iterator[None]:
    """Within this the states are left as they are; at its end they are brought up to date, each
    deliverable once. For work that changes many and reads none of their states."""
    waiting: dict[int, Deliverable] = {}
    session.info[WAITING] = waiting
    try:
        yield
    finally:
        del session.info[WAITING]
    rebuild(session, waiting.values())


def rebuild(session: Session, deliverables: Collection[Deliverable]) -> None:
    """Write what differs between the stored states and what follows from the rows."""
    waiting = session.info.get(WAITING)
    if waiting is not None:
        waiting.update({each.id: each for each in deliverables})
        return
    session.flush()
    for some in _in_portions(deliverables):
        stored = _stored(session, [each.id for each in some])
        histories = Histories(session, some)
        new: list[dict[str, object]] = []
        for deliverable in some:
            there = stored.get(deliverable.id, [])
            new += _bring_up_to_date(session, deliverable, there, histories.of(deliverable))
        session.flush()
        if new:
            session.execute(insert(DeliverableState), new)


def _in_portions(deliverables: Collection[Deliverable]) -> Iterator[list[Deliverable]]:
    every = list(deliverables)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _stored(session: Session, ids: Collection[int]) -> dict[int, list[DeliverableState]]:
    stored: dict[int, list[DeliverableState]] = {}
    of_them = select(DeliverableState).where(DeliverableState.deliverable_id.in_(ids))
    for state in session.scalars(of_them):
        stored.setdefault(state.deliverable_id, []).append(state)
    return stored


def _bring_up_to_date(
    session: Session,
    deliverable: Deliverable,
    stored: Sequence[DeliverableState],
    history: Sequence[Span],
) -> list[dict[str, object]]:
    """Change and delete stored states; gives the rows that are not there yet."""
    wanted = {span.from_on: _as_row(span) for span in history}
    for state in stored:
        row = wanted.pop(state.from_on, None)
        if row is None:
            session.delete(state)
        else:
            for name, value in row.items():
                setattr(state, name, value)
    return [
        {"deliverable_id": deliverable.id, "from_on": day, **row} for day, row in wanted.items()
    ]


def _as_row(span: Span) -> dict[str, object]:
    return {
        "until_on": span.until_on,
        "status": span.status,
        "status_since": span.status_since,
        "health": span.health,
        "progress": span.progress,
        "update_id": span.update_id,
        "schedule_id": span.schedule_id,
        "deadline_id": span.deadline_id,
        "own_due_on": span.due_on,
        "delivered_on": span.delivered_on,
        "updated_on": span.updated_on,
        "is_blocked": bool(span.blocker.strip()),
    }


def _as_fact(update: StatusUpdate, id: int) -> UpdateFact:
    return UpdateFact(
        id,
        update.effective_on,
        update.status,
        update.health,
        update.progress,
        update.blocker,
        update.corrects_id,
    )
