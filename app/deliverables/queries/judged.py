"""Reads and judges a selection of deliverables, without reading more of each than the rules ask."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, true
from sqlalchemy.orm import Session, aliased

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import (
    Assignment,
    AssignmentRole,
    AssignmentSpan,
    AssignmentState,
    Deliverable,
    DeliverableState,
    Dependency,
)
from app.deliverables.queries.mutes import mutes_on
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.queries.working import TAKING_PART
from app.deliverables.rules.attention import (
    DeliverableFacts,
    DependencyFacts,
    Flag,
    Raised,
    Severity,
    judged,
)
from app.deliverables.rules.mutes import Mute
from app.deliverables.rules.thresholds import Thresholds
from app.members.models import Member
from app.priorities.models import Priority

COORDINATOR = "coordinator"
"""Stands among the codes of members for the coordinators, who act where no member can."""
SOME_BLOCKER = "-"
"""What blocks it is told by whoever shows it; whether it is blocked is enough here."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`flags` that count, most severe first, and who can act on one of them: codes of members, and
    COORDINATOR. `is_muted`: a flag holds that does not count. `severity` is None without flags."""

    id: int
    severity: Severity | None
    flags: tuple[Flag, ...]
    actors: frozenset[str]
    is_muted: bool


def who_can_act(flags: tuple[Raised, ...]) -> frozenset[str]:
    members = frozenset(code for raised in flags for code in raised.actors)
    by_coordinator = any(raised.coordinator_acts for raised in flags)
    return members | {COORDINATOR} if by_coordinator else members


Place = tuple[int, bool, date, int, int]
"""Where it stands in lists: most severe first, then by due day, the unscheduled last."""
Narrow = Callable[[Select[Any]], Select[Any]]
LAST = len(Severity)


Leads = Mapping[int, tuple[tuple[str, bool], ...]]
"""By number of the deliverable: codes of members, and whether they accepted."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rules ask of a deliverable beside its own row, by its id."""

    leads: Leads
    needs: Mapping[int, tuple[DependencyFacts, ...]]
    mutes: Mapping[int, tuple[Mute, ...]]
    limits: Thresholds


def basis(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    among: Narrow,
    muted: ColumnElement[bool] | None = None,
    leads: Leads | None = None,
) -> Basis:
    """`among` narrows what is judged, `muted` the rows of FlagMute to those of them; `leads` where
    they are known already."""
    chosen = among(states(reader, as_of))
    return Basis(
        _leads(session, chosen, as_of) if leads is None else leads,
        _needs(session, reader, chosen, as_of),
        mutes_on(session, reader, as_of, true() if muted is None else muted),
        thresholds(session),
    )


def judge(row: Any, known: Basis, as_of: AsOf) -> Judgement | None:
    """`row` has COLUMNS. None where no flag holds, not even a muted one."""
    found = judged(_facts(row, known), as_of.day, as_of.dueness, known.limits)
    if not found.raised and not found.muted:
        return None
    severity = found.raised[0].severity if found.raised else None
    flags = tuple(raised.flag for raised in found.raised)
    return Judgement(row.id, severity, flags, who_can_act(found.raised), bool(found.muted))


def place(row: Any, judgement: Judgement) -> Place:
    rank = judgement.severity.rank if judgement.severity else LAST
    return (rank, row.due_on is None, row.due_on or date.min, row.position, row.id)


COLUMNS: tuple[Any, ...] = (
    Deliverable.id,
    Deliverable.exists_from,
    DeliverableState.status,
    DeliverableState.status_since,
    DeliverableState.health,
    DeliverableState.updated_on,
    DeliverableState.is_blocked,
    DUE_ON.label("due_on"),
    Priority.horizon,
    Priority.position,
)
"""To be selected from states joined with their priorities."""


def _facts(row: Any, known: Basis) -> DeliverableFacts:
    return DeliverableFacts(
        key="",
        exists_from=row.exists_from,
        status=row.status,
        status_since=row.status_since,
        health=row.health,
        last_update_on=row.updated_on,
        blocker=SOME_BLOCKER if row.is_blocked else "",
        due_on=row.due_on,
        horizon=row.horizon,
        leads=known.leads.get(row.id, ()),
        dependencies=known.needs.get(row.id, ()),
        mutes=known.mutes.get(row.id, ()),
    )


def _leads(session: Session, chosen: Select[Any], as_of: AsOf) -> Leads:
    """Proposed or accepted."""
    columns: list[Any] = [Deliverable.id, Member.code, AssignmentSpan.state]
    query = (
        chosen.with_only_columns(*columns)
        .join(Assignment, Assignment.deliverable_id == Deliverable.id)
        .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
        .join(Member, Member.id == Assignment.member_id)
        .where(
            AssignmentSpan.holds_on(as_of.day),
            AssignmentSpan.role == AssignmentRole.LEAD,
            AssignmentSpan.state.in_(TAKING_PART),
        )
        .order_by(Member.code)
    )
    found: defaultdict[int, tuple[tuple[str, bool], ...]] = defaultdict(tuple)
    for id_, code, state in session.execute(query):
        found[id_] += ((code, state is AssignmentState.ACCEPTED),)
    return found


def _needs(
    session: Session, reader: Actor | None, chosen: Select[Any], as_of: AsOf
) -> Mapping[int, tuple[DependencyFacts, ...]]:
    edge = aliased(Dependency)
    waiting = chosen.with_only_columns(Deliverable.id)
    query = states(
        reader, as_of, edge.deliverable_id, Deliverable.key, DUE_ON, DeliverableState.status
    ).join(edge, and_(edge.needs_id == Deliverable.id, edge.deliverable_id.in_(waiting)))
    found: defaultdict[int, tuple[DependencyFacts, ...]] = defaultdict(tuple)
    for of, *needed in session.execute(query):
        found[of] += (DependencyFacts(*needed),)
    return found
