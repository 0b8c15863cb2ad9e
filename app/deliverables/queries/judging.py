"""What needs somebody among many deliverables, without reading more of each than the rules ask."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, and_, true
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
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.mutes import mutes_on
from app.deliverables.queries.progress import TAKING_PART
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.queries.thresholds import thresholds
from app.deliverables.rules.attention import (
    DeliverableFacts,
    DependencyFacts,
    Flag,
    Raised,
    Severity,
    judged,
)
from app.deliverables.rules.moves import ACTIVE
from app.members.models import Member
from app.priorities.models import Priority
from app.sharing.remembering import remembered

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


def who_can_act(flags: tuple[Raised, ...]) -> frozenset[str]:
    members = frozenset(code for raised in flags for code in raised.actors)
    by_coordinator = any(raised.coordinator_acts for raised in flags)
    return members | {COORDINATOR} if by_coordinator else members


def _judgements(
    session: Session, reader: Actor | None, as_of: AsOf, which: Filter
) -> tuple[Judgement, ...]:
    active = which.narrow(states(reader, as_of), as_of).where(DeliverableState.status.in_(ACTIVE))
    leads = _leads(session, active, as_of)
    needs = _needs(session, reader, active, as_of)
    mutes = mutes_on(session, reader, as_of, true())
    limits = thresholds(session)
    found = []
    for row in session.execute(_ordered(active)):
        facts = _facts(row, leads, needs)
        judgement = judged(_with(facts, mutes.get(row.id, ())), as_of.day, as_of.dueness, limits)
        if judgement.raised or judgement.muted:
            found.append(_judgement(row.id, judgement.raised, bool(judgement.muted)))
    last = len(Severity)
    return tuple(sorted(found, key=lambda j: j.severity.rank if j.severity else last))


def _judgement(id_: int, flags: tuple[Raised, ...], is_muted: bool) -> Judgement:
    severity = flags[0].severity if flags else None
    return Judgement(id_, severity, tuple(r.flag for r in flags), who_can_act(flags), is_muted)


Leads = Mapping[int, tuple[tuple[str, bool], ...]]
Needs = Mapping[int, tuple[DependencyFacts, ...]]


def _facts(row: Any, leads: Leads, needs: Needs) -> DeliverableFacts:
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
        leads=leads.get(row.id, ()),
        dependencies=needs.get(row.id, ()),
    )


def _with(facts: DeliverableFacts, mutes: tuple[Any, ...]) -> DeliverableFacts:
    return facts if not mutes else replace(facts, mutes=mutes)


def _ordered(active: Select[Any]) -> Select[Any]:
    """As lists are ordered."""
    columns: list[Any] = [
        Deliverable.id,
        Deliverable.exists_from,
        DeliverableState.status,
        DeliverableState.status_since,
        DeliverableState.health,
        DeliverableState.updated_on,
        DeliverableState.is_blocked,
        DUE_ON.label("due_on"),
        Priority.horizon,
    ]
    return (
        active.with_only_columns(*columns)
        .join(Priority, Priority.id == Deliverable.priority_id)
        .order_by(DUE_ON.is_(None), DUE_ON, Priority.position, Deliverable.id)
    )


def _leads(session: Session, active: Select[Any], as_of: AsOf) -> Leads:
    """Proposed or accepted."""
    columns: list[Any] = [Deliverable.id, Member.code, AssignmentSpan.state]
    query = (
        active.with_only_columns(*columns)
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


def _needs(session: Session, reader: Actor | None, active: Select[Any], as_of: AsOf) -> Needs:
    edge = aliased(Dependency)
    waiting = active.with_only_columns(Deliverable.id)
    query = states(
        reader, as_of, edge.deliverable_id, Deliverable.key, DUE_ON, DeliverableState.status
    ).join(edge, and_(edge.needs_id == Deliverable.id, edge.deliverable_id.in_(waiting)))
    found: defaultdict[int, tuple[DependencyFacts, ...]] = defaultdict(tuple)
    for of, *needed in session.execute(query):
        found[of] += (DependencyFacts(*needed),)
    return found
