"""Times put to the members for a meeting, their answers, and the one that is chosen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.meetings.actions.access import check_planner
from app.meetings.actions.meetings import MeetingEntry, change_meeting
from app.meetings.models import Meeting, MeetingSlot, MeetingStatus, SlotAnswer
from app.meetings.rules.attendance import Availability
from app.members.models import Member

MOST_SLOTS = 12


def put_slot(
    session: Session, actor: Actor, meeting: Meeting, starts_at: datetime, now: datetime
) -> MeetingSlot:
    """One that was put already stays as it is."""
    check_planner(actor)
    _check_open(meeting)
    if starts_at <= now:
        raise Refused(N_("This time is over."))
    slots = session.scalars(select(MeetingSlot).where(MeetingSlot.meeting_id == meeting.id)).all()
    same = [slot for slot in slots if slot.starts_at == starts_at]
    if same:
        return same[0]
    if len(slots) >= MOST_SLOTS:
        raise Refused(N_("Put at most %(most)s times; withdraw one first."), most=MOST_SLOTS)
    slot = MeetingSlot(
        meeting_id=meeting.id, starts_at=starts_at, put_by_id=actor.account_id, put_at=now
    )
    session.add(slot)
    session.flush()
    changes = {"time": (None, starts_at)}
    record(session, actor.account_id, "meeting.put_time", _subject(meeting), changes, now)
    return slot


def withdraw_slot(
    session: Session, actor: Actor, meeting: Meeting, slot: MeetingSlot, now: datetime
) -> None:
    """Its answers go with it; the trail keeps them."""
    check_planner(actor)
    _check_open(meeting)
    changes = {"time": (slot.starts_at, None)}
    record(session, actor.account_id, "meeting.withdraw_time", _subject(meeting), changes, now)
    session.delete(slot)
    session.flush()


def answer_slot(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    slot: MeetingSlot,
    member: Member,
    answer: Availability,
    now: datetime,
) -> bool:
    """A liaison answers for their member, a coordinator for any; False when nothing differs."""
    if not can(actor, Permission.TIME_ANSWER):
        raise Forbidden(N_("Only liaisons and coordinators say who can come."))
    if not actor.coordinates and actor.member_id != member.id:
        raise Forbidden(N_("A liaison answers for their own member."))
    _check_open(meeting)
    row = session.get(SlotAnswer, (slot.id, member.id), with_for_update=True)
    before = row.answer if row else None
    if before is answer:
        return False
    if row is None:
        row = SlotAnswer(slot_id=slot.id, member_id=member.id)
        session.add(row)
    row.answer, row.answered_by_id, row.answered_at = answer, actor.account_id, now
    session.flush()
    changes = {"time": (None, slot.starts_at), f"answer of {member.code}": (before, answer)}
    record(session, actor.account_id, "meeting.answer_time", _subject(meeting), changes, now)
    return True


def choose_slot(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    slot: MeetingSlot,
    seen_version: int,
    now: datetime,
) -> bool:
    """The meeting is then; its zone stays, and so do its length, place, link and host."""
    check_planner(actor)
    _check_open(meeting)
    local = slot.starts_at.astimezone(ZoneInfo(meeting.zone))
    length = (meeting.ends_on - meeting.starts_on) if meeting.ends_on else None
    entry = MeetingEntry(
        title=meeting.title,
        starts_on=local.date(),
        ends_on=local.date() + length if length else None,
        starts_at=local.time(),
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        link=meeting.link,
        host_id=meeting.host_id,
    )
    return change_meeting(session, actor, meeting, entry, seen_version, now)


def _check_open(meeting: Meeting) -> None:
    if meeting.status is not MeetingStatus.PLANNED:
        raise Conflict(N_("Times are looked for only while a meeting is planned."))


def _subject(meeting: Meeting) -> Subject:
    return Subject("meeting", meeting.key)
