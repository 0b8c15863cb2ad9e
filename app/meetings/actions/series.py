"""Cadences as a plan sets them out, or a coordinator."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.audit.writing import Line, add, change
from app.core.permissions import Actor
from app.meetings.actions.access import check_recorder
from app.meetings.models import MeetingSeries
from app.priorities.models import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEntry:
    """A cadence as a plan sets it out."""

    title: str
    recurrence: str
    starts_on: date
    zone: str
    duration_minutes: int
    basis: Basis
    zone_stated: bool = True
    days: int = 1
    note: str = ""
    source_id: int | None = None


def add_series(
    session: Session,
    actor: Actor,
    key: str,
    entry: SeriesEntry,
    exists_from: date,
    now: datetime,
) -> MeetingSeries:
    check_recorder(actor)
    series = MeetingSeries(key=key, exists_from=exists_from, **asdict(entry))
    line = Line(actor.account_id, "series.add", Subject("series", key), now)
    add(session, series, asdict(entry), line)
    return series


def describe_series(
    session: Session, actor: Actor, series: MeetingSeries, entry: SeriesEntry, now: datetime
) -> bool:
    """False when nothing differs."""
    check_recorder(actor)
    line = Line(actor.account_id, "series.describe", Subject("series", series.key), now)
    return change(session, series, asdict(entry), line)
