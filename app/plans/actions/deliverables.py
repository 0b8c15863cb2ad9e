"""Bringing in deliverables, when they are due and what they wait for."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.permissions import Actor
from app.deliverables.actions import planning
from app.deliverables.actions.planning import DeliverableEntry, dependency_edges
from app.deliverables.actions.schedule import Due, reschedule
from app.deliverables.models import Deliverable, DeliverableKind, ScheduleChange
from app.plans.actions.report import Outcome
from app.plans.actions.run import Run, outcome
from app.plans.reading import values
from app.priorities.models import Basis

Dues = dict[int, Due]


def bring_in_all(run: Run) -> None:
    dues = _last_imported(run)
    run.each(run.bundle.deliverables, lambda run, said: _bring_in(run, said, dues))
    _depend(run)


def _bring_in(run: Run, said: values.Deliverable, dues: Dues) -> None:
    there = run.there.deliverables.get(said.key)
    entry = _entry(run, said, there)
    deadline = run.there.deadlines[said.deadline] if said.deadline else None
    due = Due(deadline.id if deadline else None, said.due_on)
    deliverable, happened = run.settle(
        "deliverable",
        said.key,
        there,
        entry,
        lambda: planning.add_deliverable(
            run.session, run.actor, said.key, entry, due, said.exists_from, run.now
        ),
        _describe,
    )
    run.there.deliverables[said.key] = deliverable
    run.report.note("deliverables", said.key, happened)
    if happened is not Outcome.ADDED and dues.get(deliverable.id) != due:
        moved = _reschedule(run, deliverable, said, due)
        run.report.note("deliverables", said.key, outcome(changed=moved))


def _entry(run: Run, said: values.Deliverable, there: Deliverable | None) -> DeliverableEntry:
    entry = DeliverableEntry(
        title=said.title,
        kind=DeliverableKind(said.kind),
        priority_id=run.there.priorities[said.priority].id,
        basis=Basis(said.basis),
        note=said.note,
        source_id=run.source_id(said),
    )
    if there is None:
        return entry
    # Files give no marking, so the one that people gave it stays.
    return replace(entry, marking=there.marking)


def _describe(
    session: Session,
    actor: Actor,
    deliverable: Deliverable,
    entry: DeliverableEntry,
    now: datetime,
) -> bool:
    return planning.describe(session, actor, deliverable, entry, deliverable.version, now)


def _reschedule(run: Run, deliverable: Deliverable, said: values.Deliverable, due: Due) -> bool:
    return reschedule(
        run.session,
        run.actor,
        deliverable,
        due,
        effective_on=max(deliverable.exists_from, said.exists_from, run.day_of_plan(said)),
        reason=run.reason(said),
        seen_version=deliverable.version,
        now=run.now,
    )


def _last_imported(run: Run) -> Dues:
    """When the import said the last time that each is due."""
    by_import = run.by_import(ScheduleChange)
    in_time = (ScheduleChange.effective_on, ScheduleChange.id)
    order = in_time if run.restored_at else (ScheduleChange.id,)
    columns = (ScheduleChange.deliverable_id, ScheduleChange.deadline_id, ScheduleChange.due_on)
    rows = run.session.execute(select(*columns).where(by_import).order_by(*order))
    return {own: Due(deadline_id, due_on) for own, deadline_id, due_on in rows}


def _depend(run: Run) -> None:
    edges = dependency_edges(run.session)
    new = [said for said in run.bundle.deliverables if _is_new(run, said, edges)]
    things = run.there.deliverables
    wanted = [(things[said.key], [things[key] for key in said.depends_on]) for said in new]
    for key in planning.depend_on_all(run.session, run.actor, wanted, run.now):
        run.report.note("deliverables", key, Outcome.CHANGED)


def _is_new(run: Run, said: values.Deliverable, edges: Mapping[str, Collection[str]]) -> bool:
    fields = {"depends_on": (sorted(edges.get(said.key, ())), sorted(said.depends_on))}
    return bool(run.said.still_to_say("deliverable", said.key, fields))
