"""Bodies and events around the network."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.days import Precision
from app.core.permissions import Actor
from app.priorities.actions.rights import check_planner
from app.priorities.models import Body, Engagement, OutsideEvent, Relation


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
