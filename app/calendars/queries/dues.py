"""What falls due, for calendars."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.agendas.models import Action
from app.core.clock import AsOf
from app.core.days import Precision
from app.core.markings import Channel, Marking
from app.core.permissions import Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import Assignment, AssignmentRole, Deliverable, DeliverableState
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.rules.moves import Status
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class DueDeliverable:
    """`revision` rises with every change to the deliverable or to the date of its deadline. Of one
    that may not go into a calendar that is subscribed to, title and key are empty."""

    id: int
    key: str
    title: str
    marking: Marking
    status: Status
    due_on: date
    revision: int


def due_for(
    session: Session, reader: Actor, member_id: int, as_of: AsOf
) -> tuple[DueDeliverable, ...]:
    """What the member has a part in, with a day on which it is due, by that day."""
    told = _due(session, reader.through(Channel.FEED), member_id, as_of)
    if not _may_be_hushed(session, member_id):
        return tuple(sorted(told, key=lambda row: (row.due_on, row.id)))
    known = {row.id for row in told}
    every = _due(session, reader.through(Channel.EXPORT), member_id, as_of)
    hidden = [_hushed(row) for row in every if row.id not in known]
    return tuple(sorted([*told, *hidden], key=lambda row: (row.due_on, row.id)))


def actions_for(session: Session, reader: Actor, member_id: int, as_of: AsOf) -> Sequence[Action]:
    """What meetings asked the member to do by a day, done and dropped too."""
    return session.scalars(
        select(Action)
        .where(
            Action.member_id == member_id,
            Action.due_on.is_not(None),
            Action.exists_on(as_of.day),
            visible(reader.through(Channel.FEED), Action),
        )
        .order_by(Action.due_on, Action.id)
    ).all()


@dataclass(frozen=True, slots=True)
class DatedDeadline:
    """A deadline with every date it has had, oldest first."""

    deadline: Deadline
    dates: tuple[DeadlineDate, ...]

    @property
    def stands(self) -> DeadlineDate:
        return self.dates[-1]

    @property
    def last_on_a_day(self) -> DeadlineDate | None:
        known = [each for each in self.dates if each.precision is Precision.DAY]
        return known[-1] if known else None


def dated_deadlines(session: Session, as_of: AsOf) -> tuple[DatedDeadline, ...]:
    rows = session.execute(
        select(Deadline, DeadlineDate)
        .join(DeadlineDate, DeadlineDate.deadline_id == Deadline.id)
        .where(Deadline.exists_on(as_of.day), DeadlineDate.from_on <= as_of.day)
        .order_by(DeadlineDate.from_on, DeadlineDate.id)
    )
    found: defaultdict[Deadline, list[DeadlineDate]] = defaultdict(list)
    for deadline, dated in rows:
        found[deadline].append(dated)
    every = [DatedDeadline(deadline, tuple(dates)) for deadline, dates in found.items()]
    return tuple(sorted(every, key=lambda each: (each.stands.due_on, each.deadline.id)))


def _may_be_hushed(session: Session, member_id: int) -> bool:
    """Whether the member has or had a part in anything that a feed may not tell of. Asked of its
    assignments, which are few: of all deliverables there is no index by marking."""
    of_member = exists().where(
        Assignment.member_id == member_id,
        Deliverable.id == Assignment.deliverable_id,
        Deliverable.marking == Marking.AMBER_STRICT,
    )
    return bool(session.scalar(select(of_member)))


def _due(session: Session, reader: Actor, member_id: int, as_of: AsOf) -> list[DueDeliverable]:
    columns = (
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        DeliverableState.marking,
        DeliverableState.status,
        DUE_ON,
        Deliverable.version,
        DeliverableState.deadline_id,
        Deliverable.marking,
    )
    with_part = Filter(member_id=member_id, roles=tuple(AssignmentRole))
    is_on_a_day = (DeliverableState.own_due_on.is_not(None)) | (
        DeadlineDate.precision == Precision.DAY
    )
    rows = session.execute(
        with_part.narrow(states(reader, as_of, *columns), as_of).where(is_on_a_day)
    ).all()
    revisions = _revisions(session, {row.deadline_id for row in rows if row.deadline_id})
    return [
        DueDeliverable(
            id=row[0],
            key=row[1],
            title=row[2],
            marking=row[8],
            status=row[4],
            due_on=row[5],
            revision=row[6] + revisions.get(row[7], 0),
        )
        for row in rows
    ]


def _revisions(session: Session, deadline_ids: Iterable[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(DeadlineDate.deadline_id, func.count())
        .where(DeadlineDate.deadline_id.in_(set(deadline_ids)))
        .group_by(DeadlineDate.deadline_id)
    )
    return {row[0]: row[1] for row in rows}


def _hushed(row: DueDeliverable) -> DueDeliverable:
    return DueDeliverable(row.id, "", "", row.marking, Status.IN_PROGRESS, row.due_on, row.revision)
