"""Who plans and records meetings, when, and how they are named."""

from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import today
from app.core.errors import N_, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.meetings.models import Meeting, MeetingSeries


def check_planner(actor: Actor) -> None:
    if not can(actor, Permission.MEETING_PLAN):
        raise Forbidden(N_("Only a coordinator plans meetings."))


def check_recorder(actor: Actor) -> None:
    if not can(actor, Permission.PLAN_IMPORT):
        raise Forbidden(N_("Only a coordinator records meetings."))


def check_begun(starts_on: date, now: datetime) -> None:
    if starts_on > today(now):
        raise Refused(
            N_("This day has not come yet: it is %(today)s in UTC. Plan the meeting instead."),
            field="starts_on",
            today=today(now),
        )


def meeting_key(series: MeetingSeries, starts_on: date) -> str:
    return f"{series.key}-{starts_on.isoformat()}"


def free_key(session: Session, series: MeetingSeries, starts_on: date) -> str:
    """A meeting that was called off keeps its key; one that takes its day gets a number."""
    key = meeting_key(series, starts_on)
    taken = session.scalar(
        select(func.count()).where(
            (Meeting.key == key) | Meeting.key.startswith(f"{key}-", autoescape=True)
        )
    )
    return f"{key}-{taken + 1}" if taken else key


def check_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise Refused(N_("This is no time zone. Write it as Europe/Paris."), field="zone")
