"""Deliverables in lists, with who has a part in them and what about them needs somebody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.markings import Marking, highest
from app.core.permissions import Actor
from app.deadlines.models import Deadline, DeadlineDate
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableKind,
    DeliverableState,
    Dependency,
    FlagMute,
    StatusUpdate,
)
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.mutes import mutes_on
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.queries.working import TAKING_PART
from app.deliverables.rules.attention import (
    DeliverableFacts,
    DependencyFacts,
    Flag,
    Muted,
    Raised,
    judged,
)
from app.deliverables.rules.moves import ACTIVE, Health, Status
from app.deliverables.rules.mutes import Mute
from app.deliverables.rules.progress import days_late
from app.deliverables.rules.thresholds import Thresholds
from app.members.models import Member
from app.priorities.models import Basis, Horizon, Priority

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """A member's part in a deliverable on the day."""

    code: str
    name: str
    role: AssignmentRole
    state: AssignmentState

    @property
    def is_taken(self) -> bool:
        return self.state in TAKING_PART


@dataclass(frozen=True, slots=True)
class DeliverableRow:
    """One deliverable on one day. `due_on` is the last day; how to write it is `due_precision`."""

    id: int
    key: str
    title: str
    kind: DeliverableKind
    basis: Basis
    marking: Marking
    exists_from: date
    status: Status
    status_since: date
    health: Health | None
    progress: int | None
    updated_on: date | None
    delivered_on: date | None
    own_due_on: date | None
    due_on: date | None
    deadline_precision: Precision | None
    deadline_key: str | None
    deadline_title: str | None
    priority_key: str
    priority_title: str
    horizon: Horizon
    blocker: str
    state_marking: Marking
    parts: tuple[Part, ...] = ()
    needs: tuple["Needed", ...] = ()
    flags: tuple[Raised, ...] = ()
    muted: tuple[Muted, ...] = ()
    """Flags that hold but do not count."""

    @property
    def shown_marking(self) -> Marking:
        """Of the deliverable and of what its state was told by: what repeats the row is marked
        so."""
        return highest([self.marking, self.state_marking])

    @property
    def due_precision(self) -> Precision:
        return Precision.DAY if self.own_due_on else self.deadline_precision or Precision.DAY

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """Proposed or accepted leads."""
        return tuple(p for p in self.parts if p.role is AssignmentRole.LEAD and p.is_taken)

    @property
    def leads(self) -> tuple[str, ...]:
        """The codes of the members that lead or are asked to."""
        return tuple(part.code for part in self.lead_parts)

    @property
    def days_late(self) -> int:
        """How late it was delivered, or is by now; 0 when it is neither."""
        if self.delivered_on is not None and self.due_on is not None:
            return days_late(self.due_on, self.delivered_on, self.delivered_on)
        holding = (*self.flags, *(muted.raised for muted in self.muted))
        late = (r.inputs["days_late"] for r in holding if r.flag is Flag.OVERDUE)
        return next((days for days in late if isinstance(days, int)), 0)


@dataclass(frozen=True, slots=True)
class Needed:
    """Something that must come first, as far as the reader may know of it."""

    key: str
    title: str
    status: Status
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of deliverables, and how many there are in all."""

    rows: tuple[DeliverableRow, ...]
    total: int


def listed(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    which: Filter = EVERYTHING,
    *,
    page: int = 1,
) -> Listed:
    """Page `page` (from 1), by due day, the unscheduled last."""
    first = (page - 1) * PAGE_SIZE
    if which.flags:
        active = _judged(session, reader, as_of, which.without_flags)
        matching = [row for row in active if any(r.flag in which.flags for r in row.flags)]
        return Listed(tuple(matching[first : first + PAGE_SIZE]), len(matching))
    query = which.narrow(states(reader, as_of, func.count()), as_of)
    total = session.scalar(query) or 0
    found = session.execute(_rows(query).offset(first).limit(PAGE_SIZE))
    rows = [DeliverableRow(*row) for row in found]
    return Listed(_completed(session, reader, as_of, rows), total)


def every(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> tuple[DeliverableRow, ...]:
    """All of them, not in pages, by due day: for what is narrowed to a few."""
    found = session.execute(_rows(which.narrow(states(reader, as_of, func.count()), as_of)))
    return _completed(session, reader, as_of, [DeliverableRow(*row) for row in found])


def matching_ids(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> tuple[int, ...]:
    """All that `listed` pages through, in its order."""
    if which.flags:
        active = _judged(session, reader, as_of, which.without_flags)
        return tuple(r.id for r in active if any(f.flag in which.flags for f in r.flags))
    query = _rows(which.narrow(states(reader, as_of, func.count()), as_of))
    return tuple(session.scalars(query.with_only_columns(Deliverable.id)))


def needing_attention(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter = EVERYTHING
) -> tuple[DeliverableRow, ...]:
    """All that raise a flag on the day, most severe first, then by due day."""
    return most_pressing(_judged(session, reader, as_of, which))


def holding_flags(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter = EVERYTHING
) -> tuple[DeliverableRow, ...]:
    """All for which a flag holds, be it muted, by due day."""
    rows = _judged(session, reader, as_of, which)
    return tuple(row for row in rows if row.flags or row.muted)


def most_pressing(rows: Iterable[DeliverableRow]) -> tuple[DeliverableRow, ...]:
    """Those with a flag that counts, most severe first; within it, in the order they came."""
    flagged = [row for row in rows if row.flags]
    return tuple(sorted(flagged, key=lambda row: row.flags[0].severity.rank))


def _judged(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> tuple[DeliverableRow, ...]:
    """Everything active, by due day: nothing else raises a flag."""
    query = _rows(which.narrow(states(reader, as_of, func.count()), as_of))
    active = query.where(DeliverableState.status.in_(ACTIVE))
    found = [DeliverableRow(*row) for row in session.execute(active)]
    return _completed(session, reader, as_of, found)


def _rows(query: Select[Any]) -> Select[Any]:
    """The columns of a DeliverableRow, in its order."""
    columns: list[Any] = [
        Deliverable.id,
        Deliverable.key,
        Deliverable.title,
        Deliverable.kind,
        Deliverable.basis,
        Deliverable.marking,
        Deliverable.exists_from,
        DeliverableState.status,
        DeliverableState.status_since,
        DeliverableState.health,
        DeliverableState.progress,
        DeliverableState.updated_on,
        DeliverableState.delivered_on,
        DeliverableState.own_due_on,
        DUE_ON,
        DeadlineDate.precision,
        Deadline.key,
        Deadline.title,
        Priority.key,
        Priority.title,
        Priority.horizon,
        func.coalesce(StatusUpdate.blocker, ""),
        DeliverableState.marking,
    ]
    return (
        query.with_only_columns(*columns)
        .join(Priority, Priority.id == Deliverable.priority_id)
        .outerjoin(StatusUpdate, StatusUpdate.id == DeliverableState.update_id)
        .order_by(DUE_ON.is_(None), DUE_ON, Priority.position, Deliverable.id)
    )


def _completed(
    session: Session, reader: Actor | None, as_of: AsOf, rows: Sequence[DeliverableRow]
) -> tuple[DeliverableRow, ...]:
    """With parts, dependencies, mutes and flags: four more queries, however many rows."""
    ids = [row.id for row in rows]
    if not ids:
        return ()
    parts = parts_of(session, ids, as_of)
    needs = _needs_of(session, reader, ids, as_of)
    mutes = mutes_on(session, reader, as_of, _among(FlagMute.deliverable_id, ids))
    limits = thresholds(session)
    return tuple(
        _flagged(
            replace(row, parts=parts[row.id], needs=needs[row.id]), as_of, limits, mutes[row.id]
        )
        for row in rows
    )


def parts_of(
    session: Session, ids: Iterable[int], as_of: AsOf
) -> defaultdict[int, tuple[Part, ...]]:
    """By deliverable: leads first, then by member."""
    query = (
        select(
            Assignment.deliverable_id,
            Member.code,
            Member.name,
            AssignmentSpan.role,
            AssignmentSpan.state,
        )
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .join(Member, Member.id == Assignment.member_id)
        .where(AssignmentSpan.holds_on(as_of.day), _among(Assignment.deliverable_id, ids))
        .order_by(Member.code)
    )
    found: defaultdict[int, tuple[Part, ...]] = defaultdict(tuple)
    roles = list(AssignmentRole)
    rows = session.execute(query).all()
    for of, code, name, role, state in sorted(rows, key=lambda row: roles.index(row.role)):
        found[of] += (Part(code, name, role, state),)
    return found


def _needs_of(
    session: Session, reader: Actor | None, ids: Iterable[int], as_of: AsOf
) -> defaultdict[int, tuple[Needed, ...]]:
    edge = aliased(Dependency)
    query = (
        states(
            reader,
            as_of,
            edge.deliverable_id,
            Deliverable.key,
            Deliverable.title,
            DeliverableState.status,
            DUE_ON,
        )
        .join(edge, and_(edge.needs_id == Deliverable.id, _among(edge.deliverable_id, ids)))
        .order_by(Deliverable.key)
    )
    found: defaultdict[int, tuple[Needed, ...]] = defaultdict(tuple)
    for deliverable_id, *needed in session.execute(query):
        found[deliverable_id] += (Needed(*needed),)
    return found


def _among(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    known = list(ids)
    # Databases limit how many values a statement may carry; past a page's worth the range does,
    # and what it finds too much is dropped by the caller's look-up.
    if len(known) > 10 * PAGE_SIZE:
        return column.between(min(known), max(known))  # type: ignore[no-any-return]
    return column.in_(known)  # type: ignore[no-any-return]


def _flagged(
    row: DeliverableRow, as_of: AsOf, limits: Thresholds, mutes: tuple[Mute, ...]
) -> DeliverableRow:
    facts = DeliverableFacts(
        key=row.key,
        exists_from=row.exists_from,
        status=row.status,
        status_since=row.status_since,
        health=row.health,
        last_update_on=row.updated_on,
        blocker=row.blocker,
        due_on=row.due_on,
        horizon=row.horizon,
        leads=tuple((p.code, p.state is AssignmentState.ACCEPTED) for p in row.lead_parts),
        dependencies=tuple(DependencyFacts(n.key, n.due_on, n.status) for n in row.needs),
        mutes=mutes,
    )
    found = judged(facts, as_of.day, as_of.dueness, limits)
    return replace(row, flags=found.raised, muted=found.muted)
