"""Finding a time for a meeting that is planned: candidates, the ledger, what members answered."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.meetings.models import (
    Meeting,
    MeetingSlot,
    MeetingStatus,
    SeriesMember,
    SlotAnswer,
)
from app.meetings.rules.attendance import Availability
from app.meetings.rules.times import (
    Candidate,
    Seat,
    by_burden,
    by_turns,
    candidates,
    carried_by,
    judged,
)
from app.members.models import Member, MemberStanding, MemberStatus
from app.members.rules.holidays import holidays_of

SHOWN = 8
"""Candidates; no more than PER_DAY of them begin on one day."""
PER_DAY = 2
LAST_MEETINGS = 6
"""The ledger is of so many meetings of the series, the newest of those whose hour is known."""
USUAL_DAY = 480
"""Minutes of a meeting of which nobody said how long it takes."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a member has carried: its burden over `meetings`, and at how many it was night."""

    seat: Seat
    burden: int
    nights: int


@dataclass(frozen=True, slots=True)
class Ledger:
    meetings: int
    rows: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class PutSlot:
    """A time that was put to the members; `answers` by member."""

    id: int
    candidate: Candidate
    answers: Mapping[int, Availability]
    counts: Mapping[Availability, int]


def seats_of(session: Session, meeting: Meeting, first: date, last: date) -> tuple[Seat, ...]:
    """The members in the series of the meeting; where it names none, all that are members."""
    named = select(SeriesMember.member_id).where(SeriesMember.series_id == meeting.series_id)
    every = select(Member).where(Member.exists_on(last)).order_by(Member.code)
    found = session.scalars(every.where(Member.id.in_(named))).all()
    if not found:
        standing = select(MemberStanding.member_id).where(
            MemberStanding.status == MemberStatus.MEMBER, MemberStanding.holds_on(last)
        )
        found = session.scalars(every.where(Member.id.in_(standing))).all()
    years = range(first.year - 1, last.year + 2)
    return tuple(_seat(member, years) for member in found)


def minutes_a_day(meeting: Meeting) -> int:
    """How long one day of it takes: as the meeting says, else as its series does."""
    series, days = meeting.series, 1
    if meeting.ends_on:
        days = (meeting.ends_on - meeting.starts_on).days + 1
    minutes = meeting.duration_minutes
    if minutes is None:
        minutes = series.duration_minutes if series else USUAL_DAY
        days = max(days, series.days if series else 1)
    return min(max(1, minutes // days), 24 * 60)


def best_times(
    seats: Sequence[Seat],
    minutes: int,
    first: date,
    last: date,
    carried: Mapping[int, int] | None,
    now: datetime,
) -> tuple[Candidate, ...]:
    """Those after `now`. `carried`: whose turn it is decides; None: the least burden alone."""
    found = [each for each in candidates(first, last, minutes, seats) if each.starts_at > now]
    ranked = by_burden(found) if carried is None else by_turns(found, carried)
    a_day: Counter[date] = Counter()
    chosen: list[Candidate] = []
    for candidate in ranked:
        day = candidate.starts_at.date()
        if a_day[day] < PER_DAY and len(chosen) < SHOWN:
            a_day[day] += 1
            chosen.append(candidate)
    return tuple(chosen)


def ledger(session: Session, meeting: Meeting, seats: Sequence[Seat], as_of: AsOf) -> Ledger:
    held = _past_times(session, meeting, seats, as_of)
    burdens = carried_by(held)
    nights = Counter(
        there.seat.id for past in held for there in past.there if there.band == "night"
    )
    rows = [Carried(seat, burdens.get(seat.id, 0), nights[seat.id]) for seat in seats]
    return Ledger(len(held), tuple(sorted(rows, key=lambda row: (-row.burden, row.seat.code))))


def burdens_of(found: Ledger) -> dict[int, int]:
    return {row.seat.id: row.burden for row in found.rows}


def put_slots(session: Session, meeting: Meeting, seats: Sequence[Seat]) -> tuple[PutSlot, ...]:
    """The earliest first."""
    slots = session.scalars(
        select(MeetingSlot)
        .where(MeetingSlot.meeting_id == meeting.id)
        .order_by(MeetingSlot.starts_at)
    ).all()
    answers: defaultdict[int, dict[int, Availability]] = defaultdict(dict)
    for row in session.scalars(
        select(SlotAnswer).where(SlotAnswer.slot_id.in_([slot.id for slot in slots]))
    ):
        answers[row.slot_id][row.member_id] = row.answer
    minutes = minutes_a_day(meeting)
    return tuple(
        PutSlot(
            slot.id,
            judged(slot.starts_at, minutes, seats),
            answers[slot.id],
            Counter(answers[slot.id].values()),
        )
        for slot in slots
    )


def find_slot(session: Session, meeting: Meeting, slot_id: int) -> MeetingSlot | None:
    return session.scalars(
        select(MeetingSlot).where(MeetingSlot.id == slot_id, MeetingSlot.meeting_id == meeting.id)
    ).first()


@dataclass(frozen=True, slots=True)
class TimesAsked:
    """A meeting with times for which a member has not answered; the last of them is `until`."""

    meeting: Meeting
    until: datetime


def times_asked(session: Session, member_id: int, now: datetime) -> tuple[TimesAsked, ...]:
    """The planned meetings with a time to come for which the member has not answered. Of a series
    that names its members, only they are asked."""
    answered = select(SlotAnswer.slot_id).where(SlotAnswer.member_id == member_id)
    named = select(SeriesMember.series_id)
    query = (
        select(Meeting, func.max(MeetingSlot.starts_at))
        .join(MeetingSlot, MeetingSlot.meeting_id == Meeting.id)
        .where(
            Meeting.status == MeetingStatus.PLANNED,
            MeetingSlot.id.not_in(answered),
            MeetingSlot.starts_at > now,
            or_(
                Meeting.series_id.is_(None),
                Meeting.series_id.not_in(named),
                Meeting.series_id.in_(named.where(SeriesMember.member_id == member_id)),
            ),
        )
        .group_by(Meeting.id)
        .order_by(Meeting.starts_on, Meeting.id)
    )
    return tuple(TimesAsked(meeting, until) for meeting, until in session.execute(query))


def _past_times(
    session: Session, meeting: Meeting, seats: Sequence[Seat], as_of: AsOf
) -> list[Candidate]:
    if meeting.series_id is None:
        return []
    held = session.scalars(
        select(Meeting)
        .where(
            Meeting.series_id == meeting.series_id,
            Meeting.status == MeetingStatus.HELD,
            Meeting.starts_at.is_not(None),
            Meeting.starts_on <= as_of.day,
        )
        .order_by(Meeting.starts_on.desc())
        .limit(LAST_MEETINGS)
    ).all()
    return [_as_it_was(past, meeting, seats) for past in held]


def _as_it_was(past: Meeting, meeting: Meeting, seats: Sequence[Seat]) -> Candidate:
    days = (past.ends_on - past.starts_on).days + 1 if past.ends_on else 1
    minutes = past.duration_minutes // days if past.duration_minutes else minutes_a_day(meeting)
    assert past.starts_at is not None  # noqa: S101 - asked for above
    return judged(past.starts_at, max(1, minutes), seats)


def _seat(member: Member, years: range) -> Seat:
    calendar = member.holiday_calendar or member.code
    found = {day: name for year in years for day, name in holidays_of(calendar, year).items()}
    return Seat(member.id, member.code, member.name, member.zone, found, member.week)


def default_window(meeting: Meeting, today: date) -> tuple[date, date]:
    """A week around the day that the meeting has, none of it over."""
    first = max(today, meeting.starts_on - timedelta(days=3))
    return first, max(first, meeting.starts_on + timedelta(days=3))
