"""Bringing in bodies and events around the network."""

from typing import Any

from sqlalchemy import select

from app.plans.actions.report import Outcome
from app.plans.actions.run import Run
from app.plans.reading import values
from app.priorities.actions import outside as actions
from app.priorities.actions.outside import BodyEntry, EngagementEntry, EventEntry, event_key
from app.priorities.models import Body, Engagement, OutsideEvent, Relation


def bring_in_all(run: Run) -> None:
    run.each(run.bundle.bodies, _bring_in_body)
    events = {
        (event.starts_on, event.title): event for event in run.session.scalars(select(OutsideEvent))
    }
    run.each(run.bundle.timeline, lambda run, said: _bring_in_event(run, said, events))


def _bring_in_body(run: Run, said: values.Body) -> None:
    entry = BodyEntry(name=said.name, note=said.note, source_id=run.source_id(said))
    body, happened = run.settle(
        "body",
        said.key,
        run.there.bodies.get(said.key),
        entry,
        lambda: actions.add_body(
            run.session, run.actor, said.key, entry, said.exists_from, run.now
        ),
        actions.describe_body,
    )
    run.there.bodies[said.key] = body
    run.report.note("bodies", said.key, happened)
    if _engage(run, body, said):
        run.report.note("bodies", said.key, Outcome.CHANGED)


def _engage(run: Run, body: Body, said: values.Body) -> bool:
    """Add the engagements that are new; none is taken away, as none is ever said to be over."""
    rows = run.session.scalars(select(Engagement).where(Engagement.body_id == body.id))
    there = {_identity(row) for row in rows}
    new = [engagement for engagement in said.engagements if _wanted(run, engagement) not in there]
    for engagement in new:
        relation, about, priority_id, deliverable_id = _wanted(run, engagement)
        entry = EngagementEntry(
            relation=relation,
            about=about,
            priority_id=priority_id,
            deliverable_id=deliverable_id,
            source_id=run.source_id(said),
        )
        actions.engage(run.session, run.actor, body, entry, said.exists_from, run.now)
    return bool(new)


Identity = tuple[Relation, str, int | None, int | None]


def _identity(row: Engagement) -> Identity:
    return row.relation, row.about, row.priority_id, row.deliverable_id


def _wanted(run: Run, said: values.Engagement) -> Identity:
    there = run.there
    return (
        Relation(said.relation),
        said.about,
        there.priorities[said.priority].id if said.priority else None,
        there.deliverables[said.deliverable].id if said.deliverable else None,
    )


def _bring_in_event(run: Run, said: values.Event, events: dict[Any, OutsideEvent]) -> None:
    entry = EventEntry(
        title=said.title,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        precision=said.precision,
        note=said.note,
        source_id=run.source_id(said),
    )
    # What lies behind the plan was known when it happened; what lies ahead, from the plan on.
    since = min(said.starts_on, said.exists_from)
    key = event_key(said.starts_on, said.title)
    event, happened = run.settle(
        "event",
        key,
        events.get((said.starts_on, said.title)),
        entry,
        lambda: actions.add_outside_event(run.session, run.actor, entry, since, run.now),
        actions.describe_outside_event,
    )
    events[said.starts_on, said.title] = event
    run.report.note("timeline", key, happened)
