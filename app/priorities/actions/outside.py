"""Bodies and events around the network."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.errors import N_, Conflict, Refused
from app.core.history import FOREVER
from app.core.keys import first_free, stem_of
from app.core.permissions import Actor
from app.priorities.actions.rights import check_planner
from app.priorities.models import Body, Engagement, OutsideEvent, Programme, Relation

REPLACED = "replaced"
"""Why an engagement ended that another took the place of; screens say it in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEntry:
    name: str
    note: str = ""
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementEntry:
    """How a body and a priority, a deliverable or something in words relate."""

    relation: Relation
    about: str = ""
    priority_id: int | None = None
    deliverable_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEntry:
    title: str
    about: str = ""
    function_id: int | None = None
    priority_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    title: str
    starts_on: date
    ends_on: date | None = None
    precision: Precision = Precision.DAY
    note: str = ""
    source_id: int | None = None


def add_body(
    session: Session, actor: Actor, key: str, entry: BodyEntry, exists_from: date, now: datetime
) -> Body:
    check_planner(actor)
    body = Body(key=key, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "body.add", Subject("body", key), now)
    add(session, body, asdict(entry), line)
    return body


def describe_body(
    session: Session, actor: Actor, body: Body, entry: BodyEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = Line(actor.account_id, "body.describe", Subject("body", body.key), now)
    return change(session, body, asdict(entry), line)


def engage(
    session: Session,
    actor: Actor,
    body: Body,
    entry: EngagementEntry,
    exists_from: date,
    now: datetime,
) -> Engagement:
    check_planner(actor)
    engagement = Engagement(body_id=body.id, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "engagement.add", Subject("body", body.key), now)
    add(session, engagement, asdict(entry), line)
    return engagement


def name_body(
    session: Session, actor: Actor, entry: BodyEntry, exists_from: date, now: datetime
) -> Body:
    """A body that nobody had on record, under a key made of its name."""
    taken = {"new", *session.scalars(select(Body.key))}
    key = first_free(stem_of(entry.name, "body"), taken)
    return add_body(session, actor, key, entry, exists_from, now)


def end_engagement(
    session: Session,
    actor: Actor,
    body: Body,
    engagement: Engagement,
    until_on: date,
    reason: str,
    now: datetime,
) -> None:
    """From `until_on` on it does not hold any more; it stays on record."""
    check_planner(actor)
    _check_end(engagement.until_on, engagement.exists_from, until_on)
    line = Line(actor.account_id, "engagement.end", Subject("body", body.key), now)
    facts = {"engagement": engagement.id}
    columns = {"until_on": until_on, "ended_why": reason}
    change(session, engagement, columns, replace(line, facts=facts))


def change_engagement(
    session: Session,
    actor: Actor,
    body: Body,
    engagement: Engagement,
    entry: EngagementEntry,
    from_on: date,
    now: datetime,
) -> Engagement:
    """Another in its place from `from_on` on: what held before stays as it was said."""
    check_planner(actor)
    end_engagement(session, actor, body, engagement, from_on, REPLACED, now)
    return engage(session, actor, body, entry, from_on, now)


def add_programme(
    session: Session,
    actor: Actor,
    body: Body,
    entry: ProgrammeEntry,
    exists_from: date,
    now: datetime,
) -> Programme:
    check_planner(actor)
    programme = Programme(body_id=body.id, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "programme.add", Subject("body", body.key), now)
    add(session, programme, asdict(entry), line)
    return programme


def end_programme(
    session: Session,
    actor: Actor,
    body: Body,
    programme: Programme,
    until_on: date,
    now: datetime,
) -> None:
    check_planner(actor)
    _check_end(programme.until_on, programme.exists_from, until_on)
    facts = {"programme": programme.id}
    line = Line(actor.account_id, "programme.end", Subject("body", body.key), now, facts)
    change(session, programme, {"until_on": until_on}, line)


def _check_end(ended_on: date, began_on: date, until_on: date) -> None:
    if ended_on != FOREVER:
        raise Conflict(N_("Somebody ended it meanwhile. Look at what is there now."))
    if until_on <= began_on:
        raise Refused(N_("It began on %(day)s: give a later day."), field="until_on", day=began_on)


def add_outside_event(
    session: Session, actor: Actor, entry: EventEntry, exists_from: date, now: datetime
) -> OutsideEvent:
    check_planner(actor)
    event = OutsideEvent(exists_from=exists_from, **asdict(entry))
    add(session, event, asdict(entry), _event_line(actor, "event.add", event, now))
    return event


def describe_outside_event(
    session: Session, actor: Actor, event: OutsideEvent, entry: EventEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_planner(actor)
    line = _event_line(actor, "event.describe", event, now)
    return change(session, event, asdict(entry), line)


def event_key(starts_on: date, title: str) -> str:
    """How the trail names an event, which has no key: by its day and what it was."""
    return f"{starts_on.isoformat()} {title}"[:200]


def _event_line(actor: Actor, verb: str, event: OutsideEvent, now: datetime) -> Line:
    subject = Subject("event", event_key(event.starts_on, event.title))
    return Line(actor.account_id, verb, subject, now)
