"""Meetings for calendars: all that is known of them, cancelled and past ones too."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import AsOf
from app.meetings.models import Meeting, MeetingSeries, SeriesAmendment, SeriesMember


def meetings_for(session: Session, member_id: int, as_of: AsOf) -> Sequence[Meeting]:
    """Those of the series in which the member meets, or of which nobody said who does, and those
    of no series."""
    named = select(SeriesMember.series_id)
    own = named.where(SeriesMember.member_id == member_id)
    return session.scalars(
        select(Meeting)
        .where(
            Meeting.exists_on(as_of.day),
            or_(
                Meeting.series_id.is_(None),
                Meeting.series_id.in_(own),
                Meeting.series_id.not_in(named),
            ),
        )
        .options(joinedload(Meeting.series), joinedload(Meeting.host))
        .order_by(Meeting.starts_on, Meeting.id)
    ).all()


def meetings_in(session: Session, series: MeetingSeries, as_of: AsOf) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .where(Meeting.series_id == series.id, Meeting.exists_on(as_of.day))
        .options(joinedload(Meeting.series), joinedload(Meeting.host))
        .order_by(Meeting.starts_on, Meeting.id)
    ).all()


def amended_often(session: Session, series: MeetingSeries) -> int:
    """How often an occurrence was amended, or that undone: it only ever rises."""
    of_series = SeriesAmendment.series_id == series.id
    made = session.scalar(select(func.count()).where(of_series)) or 0
    undone = session.scalar(
        select(func.count()).where(of_series, SeriesAmendment.undone_on.is_not(None))
    )
    return made + (undone or 0)
