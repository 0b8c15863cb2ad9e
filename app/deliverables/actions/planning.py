"""Bringing deliverables into the plan, and changing what they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from app.audit.actions import Subject, record
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.markings import Marking
from app.core.permissions import Actor, Permission, Role, can
from app.deliverables.actions.marks import follow
from app.deliverables.actions.schedule import Due, put_on_schedule
from app.deliverables.models import Deliverable, DeliverableKind, Dependency
from app.deliverables.rules.graph import find_cycle
from app.priorities.models import Basis
from app.sharing.actions import audience_of
from app.sharing.queries import visible
from app.sharing.rules import Sharing, settled


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableEntry:
    """What a plan says of a deliverable, apart from when it is due and what it depends on."""

    title: str
    kind: DeliverableKind
    priority_id: int
    basis: Basis
    note: str = ""
    marking: Marking = Marking.GREEN
    source_id: int | None = None


def add_deliverable(
    session: Session,
    actor: Actor,
    key: str,
    entry: DeliverableEntry,
    due: Due,
    exists_from: date,
    now: datetime,
) -> Deliverable:
    """A new deliverable, known from `exists_from` on and due as `due` says from that day."""
    _check_planner(actor)
    deliverable = Deliverable(key=key, exists_from=exists_from, **asdict(entry))
    sharing = settled(Sharing(entry.marking), actor.account_id)
    deliverable.audience_id = audience_of(session, sharing)
    session.add(deliverable)
    session.flush()
    put_on_schedule(session, actor, deliverable, due, exists_from, "", now)
    record(
        session,
        actor.account_id,
        "deliverable.add",
        Subject("deliverable", key),
        {name: (None, value) for name, value in asdict(entry).items()},
        now,
    )
    return deliverable


def describe(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    entry: DeliverableEntry,
    seen_version: int,
    now: datetime,
) -> bool:
    """Change what the plan says of it; False when nothing differs. Raises Conflict when it was
    changed since `seen_version`."""
    _check_planner(actor)
    if deliverable.version != seen_version:
        raise Conflict(N_("Somebody changed this deliverable meanwhile. Look at it again first."))
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(deliverable, name), value)
        for name, value in asdict(entry).items()
        if getattr(deliverable, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(deliverable, name, value)
    if "marking" in changes:
        deliverable.audience_id = audience_of(
            session, settled(Sharing(entry.marking), actor.account_id)
        )
        follow(session, deliverable)
    if changes:
        session.flush()
        subject = Subject("deliverable", deliverable.key)
        record(session, actor.account_id, "deliverable.describe", subject, changes, now)
    return bool(changes)


def depend_on(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    needs: Sequence[Deliverable],
    now: datetime,
) -> bool:
    """Set what must come first; False when nothing differs. Refused when it closes a cycle."""
    return bool(depend_on_all(session, actor, [(deliverable, needs)], now))


def depend_on_all(
    session: Session,
    actor: Actor,
    wanted: Sequence[tuple[Deliverable, Sequence[Deliverable]]],
    now: datetime,
) -> list[str]:
    """Set what must come before each of these; the keys of those where something differs. Refused
    when together they close a cycle. What the actor may not see stays needed, unsaid."""
    _check_planner(actor)
    edges, known = dependency_edges(session), _known(session, actor)
    before = {each.key: edges.get(each.key, set()) & known for each, _ in wanted}
    after = {deliverable.key: {needed.key for needed in needs} for deliverable, needs in wanted}
    changed = {key: None for key, needed in after.items() if before[key] != needed}
    if changed:
        unsaid = {key: edges.get(key, set()) - known for key in after}
        _check_acyclic({**edges, **{key: after[key] | unsaid[key] for key in after}}, known)
    for deliverable, needs in wanted:
        if deliverable.key in changed:
            _replace_needs(session, actor, deliverable, needs, before[deliverable.key], now)
    return list(changed)


def _known(session: Session, actor: Actor) -> set[str]:
    keys = select(Deliverable.key)
    if actor.role is not Role.RECORDER:
        keys = keys.where(visible(actor, Deliverable))
    return set(session.scalars(keys))


def _check_acyclic(edges: Mapping[str, Collection[str]], known: Collection[str]) -> None:
    cycle = find_cycle(edges)
    if cycle is not None:
        raise Refused(
            N_("These deliverables would wait for each other: %(cycle)s. Leave one of them out."),
            field="depends_on",
            cycle=" → ".join(key for key in cycle if key in known),
        )


def _replace_needs(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    needs: Sequence[Deliverable],
    before: set[str],
    now: datetime,
) -> None:
    if before:
        needed = select(Deliverable.id).where(Deliverable.key.in_(before))
        session.execute(
            delete(Dependency).where(
                Dependency.deliverable_id == deliverable.id, Dependency.needs_id.in_(needed)
            )
        )
    session.add_all(Dependency(deliverable_id=deliverable.id, needs_id=n.id) for n in needs)
    subject = Subject("deliverable", deliverable.key)
    red = _red(session, {*before, *(needed.key for needed in needs)})
    after = {needed.key for needed in needs}
    # The trail of this one is read by people who may not know of what is marked RED.
    changes = {"depends_on": (sorted(before - red), sorted(after - red))}
    record(session, actor.account_id, "deliverable.depend", subject, changes, now)
    session.flush()


def _red(session: Session, keys: Collection[str]) -> set[str]:
    marked = Deliverable.marking == Marking.RED
    return set(session.scalars(select(Deliverable.key).where(Deliverable.key.in_(keys), marked)))


def dependency_edges(session: Session) -> dict[str, set[str]]:
    """Who depends on whom in the whole network, by key. Not for readers: it knows no marking."""
    needed = aliased(Deliverable)
    pairs = session.execute(
        select(Deliverable.key, needed.key)
        .join(Dependency, Dependency.deliverable_id == Deliverable.id)
        .join(needed, needed.id == Dependency.needs_id)
    )
    edges: dict[str, set[str]] = {}
    for key, needs in pairs:
        edges.setdefault(key, set()).add(needs)
    return edges


def _check_planner(actor: Actor) -> None:
    if not can(actor, Permission.DELIVERABLE_PLAN) and not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator changes the plan."))
