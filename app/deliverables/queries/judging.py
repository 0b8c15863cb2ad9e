"""What needs somebody among many deliverables."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, DeliverableState
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.judged import (
    COLUMNS,
    COORDINATOR,
    Judgement,
    basis,
    judge,
    place,
    who_can_act,
)
from app.deliverables.queries.present import present
from app.deliverables.queries.states import states
from app.deliverables.rules.moves import ACTIVE
from app.priorities.models import Priority
from app.sharing.remembering import remembered

__all__ = ["COORDINATOR", "Judgement", "judgements", "who_can_act"]


def judgements(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter = EVERYTHING
) -> tuple[Judgement, ...]:
    """All for which a flag holds, be it muted: most severe first, then by due day."""
    return remembered(
        session,
        reader,
        as_of,
        ("judgements", repr(which)),
        lambda: _judgements(session, reader, as_of, which),
    )


def _judgements(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> tuple[Judgement, ...]:
    if which.is_of_groups and (known := present(session, reader, as_of)) is not None:
        return known.judgements(which)

    def among(query: Select[Any]) -> Select[Any]:
        return which.narrow(query, as_of).where(DeliverableState.status.in_(ACTIVE))

    known_of = basis(session, reader, as_of, among)
    rows = among(states(reader, as_of, *COLUMNS)).join(
        Priority, Priority.id == Deliverable.priority_id
    )
    found = []
    for row in session.execute(rows):
        judgement = judge(row, known_of, as_of)
        if judgement is not None:
            found.append((place(row, judgement), judgement))
    return tuple(judgement for _place, judgement in sorted(found, key=lambda pair: pair[0]))
