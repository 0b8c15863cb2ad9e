"""Meetings for calendars: all that is known of them, cancelled and past ones too."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import Precision
from app.meetings.models import (
    Meeting,
    MeetingSeries,
    MeetingStatus,
    SeriesAmendment,
    SeriesMember,
)
from app.members.models import Member


class Told(NamedTuple):
    """What a calendar tells of a meeting, in the order in which it is read: a year has hundreds."""

    id: int
    key: str
    title: str
    status: MeetingStatus
    starts_on: date
    ends_on: date | None
    precision: Precision
    starts_at: datetime | None
    zone: str
    duration_minutes: int | None
    """Its own, or that of its series."""
    place: str
    link: str
    cancelled_reason: str
    version: int
    exists_from: date
    host_code: str | None
    host_name: str | None


def meetings_for(session: Session, member_id: int, as_of: AsOf) -> Sequence[Told]:
    """Those of the series in which the member meets, or of which nobody said who does, and those
    of no series."""
    named = select(SeriesMember.series_id)
    own = named.where(SeriesMember.member_id == member_id)
    is_told = or_(
        Meeting.series_id.is_(None), Meeting.series_id.in_(own), Meeting.series_id.not_in(named)
    )
    return _told(session, _known(as_of).where(is_told))


def meetings_in(session: Session, series: MeetingSeries, as_of: AsOf) -> Sequence[Told]:
    return _told(session, _known(as_of).where(Meeting.series_id == series.id))


def one(session: Session, meeting: Meeting) -> Told:
    (told,) = _told(session, _columns().where(Meeting.id == meeting.id))
    return told


def _known(as_of: AsOf) -> Select[*tuple[Any, ...]]:
    query = _columns().where(Meeting.exists_on(as_of.day))
    return query.order_by(Meeting.starts_on, Meeting.id)


def _columns() -> Select[*tuple[Any, ...]]:
    of_series = MeetingSeries.duration_minutes
    return (
        select(
            Meeting.id,
            Meeting.key,
            Meeting.title,
            Meeting.status,
            Meeting.starts_on,
            Meeting.ends_on,
            Meeting.precision,
            Meeting.starts_at,
            Meeting.zone,
            func.coalesce(Meeting.duration_minutes, of_series),
            Meeting.place,
            Meeting.link,
            Meeting.cancelled_reason,
            Meeting.version,
            Meeting.exists_from,
            Member.code,
            Member.name,
        )
        .select_from(Meeting)
        .outerjoin(MeetingSeries, MeetingSeries.id == Meeting.series_id)
        .outerjoin(Member, Member.id == Meeting.host_id)
    )


def _told(session: Session, query: Select[*tuple[Any, ...]]) -> Sequence[Told]:
    return [Told._make(row) for row in session.execute(query)]


def amended_often(session: Session, series: MeetingSeries) -> int:
    """How often an occurrence was amended, or that undone: it only ever rises."""
    of_series = SeriesAmendment.series_id == series.id
    made = session.scalar(select(func.count()).where(of_series)) or 0
    undone = session.scalar(
        select(func.count()).where(of_series, SeriesAmendment.undone_on.is_not(None))
    )
    return made + (undone or 0)
