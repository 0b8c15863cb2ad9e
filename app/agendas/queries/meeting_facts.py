"""What is frozen of a meeting with its agenda."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.agendas.rules.meeting_facts import MeetingFacts, MemberZone
from app.meetings.models import Meeting, SeriesMember
from app.members.models import Member


def facts_of(session: Session, meeting: Meeting) -> MeetingFacts:
    return MeetingFacts(
        key=meeting.key,
        version=meeting.version,
        link=meeting.link,
        duration_minutes=meeting.duration_minutes,
        zones=_zones(session, meeting) if meeting.starts_at else (),
    )


def _zones(session: Session, meeting: Meeting) -> tuple[MemberZone, ...]:
    """Of the members that meet in the series; of all, where nobody said which those are."""
    named = select(SeriesMember.member_id).where(SeriesMember.series_id == meeting.series_id)
    every = select(Member.code, Member.name, Member.zone).where(Member.exists_on(meeting.starts_on))
    rows = session.execute(every.where(Member.id.in_(named)).order_by(Member.code)).all()
    rows = rows or session.execute(every.order_by(Member.code)).all()
    return tuple(MemberZone(*row) for row in rows)
