"""How often the due days of a group of deliverables moved, and how late its work came."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deadlines.models import DeadlineDate
from app.deliverables.models import Deliverable, DeliverableState, ScheduleChange
from app.deliverables.queries.over_time import Scope, narrowed
from app.deliverables.queries.states import DUE_ON, MARKINGS, states
from app.deliverables.rules.history import ScheduleFact
from app.deliverables.rules.moves import ACTIVE, Status
from app.deliverables.rules.progress import days_late
from app.deliverables.rules.slips import DateFact, Dates, DueDays, due_days


@dataclass(frozen=True, slots=True)
class Slip:
    """A deliverable whose due day moved, or that came or is late."""

    key: str
    title: str
    status: Status
    due: DueDays
    delivered_on: date | None
    days_late: int


@dataclass(frozen=True, slots=True)
class Slips:
    """`of` is how many deliverables there are in all, dropped ones aside."""

    rows: tuple[Slip, ...]
    of: int

    @property
    def moved(self) -> int:
        return sum(row.due.moves > 0 for row in self.rows)

    @property
    def moves(self) -> int:
        return sum(row.due.moves for row in self.rows)

    @property
    def late(self) -> int:
        """How many came late or are."""
        return sum(row.days_late > 0 for row in self.rows)


def slips(session: Session, reader: Actor | None, as_of: AsOf, scope: Scope) -> Slips:
    """Whoever is latest comes first, then whoever moved furthest; three queries."""
    rows = session.execute(_of(reader, as_of, scope)).all()
    dates = _dates(session)
    schedules = _schedules(session, reader, as_of, scope)
    found = [_slip(row, due_days(schedules[row.id], dates, as_of.day), as_of) for row in rows]
    slipped = [slip for slip in found if slip.due.moves or slip.days_late]
    slipped.sort(key=lambda s: (-s.days_late, -(s.due.days_moved or 0), s.key))
    return Slips(tuple(slipped), len(rows))


def _of(reader: Actor | None, as_of: AsOf, scope: Scope) -> Any:
    columns = (
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        DeliverableState.status,
        DeliverableState.delivered_on,
        DUE_ON.label("due_on"),
        *MARKINGS,
    )
    query = narrowed(states(reader, as_of, *columns), scope, as_of)
    return query.where(DeliverableState.status != Status.DROPPED)


def _slip(row: Any, due: DueDays, as_of: AsOf) -> Slip:
    late = 0
    if row.due_on is not None and (row.delivered_on is not None or row.status in ACTIVE):
        late = days_late(row.due_on, row.delivered_on, as_of.dueness)
    return Slip(row.key, row.title, row.status, due, row.delivered_on, late)


def _schedules(
    session: Session, reader: Actor | None, as_of: AsOf, scope: Scope
) -> defaultdict[int, list[ScheduleFact]]:
    ids = narrowed(states(reader, as_of, Deliverable.id), scope, as_of)
    columns: list[Any] = [
        ScheduleChange.deliverable_id,
        ScheduleChange.id,
        ScheduleChange.effective_on,
        ScheduleChange.deadline_id,
        ScheduleChange.due_on,
    ]
    query = select(*columns).where(
        ScheduleChange.deliverable_id.in_(ids), ScheduleChange.effective_on <= as_of.day
    )
    found: defaultdict[int, list[ScheduleFact]] = defaultdict(list)
    for deliverable_id, *fact in session.execute(query):
        found[deliverable_id].append(ScheduleFact(*fact))
    return found


def _dates(session: Session) -> Dates:
    columns = (
        DeadlineDate.deadline_id,
        DeadlineDate.from_on,
        DeadlineDate.until_on,
        DeadlineDate.due_on,
    )
    found: defaultdict[int, list[DateFact]] = defaultdict(list)
    for deadline_id, *fact in session.execute(select(*columns)):
        found[deadline_id].append(DateFact(*fact))
    return found
