"""Keeps `deliverable_states` true to what was logged, in the same transaction."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deliverables.models import Deliverable, DeliverableState, ScheduleChange, StatusUpdate
from app.deliverables.rules.history import ScheduleFact, Span, UpdateFact, spans


def history(session: Session, deliverable: Deliverable) -> tuple[Span, ...]:
    """The state of the deliverable on every day, from the rows that were logged."""
    return spans(
        deliverable.exists_from, _updates(session, deliverable), _schedules(session, deliverable)
    )


def rebuild(session: Session, deliverable: Deliverable) -> None:
    """Write what differs between the stored states and what follows from the rows."""
    session.flush()
    wanted = {span.from_on: _as_row(span) for span in history(session, deliverable)}
    stored = session.scalars(
        select(DeliverableState).where(DeliverableState.deliverable_id == deliverable.id)
    ).all()
    for state in stored:
        row = wanted.pop(state.from_on, None)
        if row is None:
            session.delete(state)
        else:
            for name, value in row.items():
                setattr(state, name, value)
    session.add_all(
        DeliverableState(deliverable_id=deliverable.id, from_on=day, **row)
        for day, row in wanted.items()
    )
    session.flush()


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


def _updates(session: Session, deliverable: Deliverable) -> list[UpdateFact]:
    of_it = StatusUpdate.deliverable_id == deliverable.id
    return [
        UpdateFact(u.id, u.effective_on, u.status, u.health, u.progress, u.blocker, u.corrects_id)
        for u in session.scalars(select(StatusUpdate).where(of_it))
    ]


def _schedules(session: Session, deliverable: Deliverable) -> Sequence[ScheduleFact]:
    of_it = ScheduleChange.deliverable_id == deliverable.id
    return [
        ScheduleFact(change.id, change.effective_on, change.deadline_id, change.due_on)
        for change in session.scalars(select(ScheduleChange).where(of_it))
    ]
