"""What changed for each member since the last meeting of a series."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.days import Precision
from app.core.markings import OPEN_TO_ACCOUNTS
from app.core.permissions import EVERY_ACCOUNT
from app.deliverables.models import Deliverable, StatusUpdate
from app.deliverables.queries.listing import parts_of
from app.deliverables.queries.states import corrected
from app.deliverables.rules.moves import Status
from app.meetings.models import Meeting, MeetingStatus
from app.members.models import MemberStatus
from app.members.queries.members import members
from app.sharing.queries import visible


@dataclass(frozen=True, slots=True)
class Change:
    key: str
    title: str
    status: Status
    effective_on: date
    precision: Precision


Changes = defaultdict[int, tuple[Change, ...]]
"""By the id of the deliverable."""


@dataclass(frozen=True, slots=True)
class MemberChanges:
    code: str
    name: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LastMeeting:
    starts_on: date
    ends_on: date | None
    precision: Precision

    @property
    def over_on(self) -> date:
        """The day up to which changes belong to the time before it; where only the month or the
        year is known, none of its days does."""
        if self.precision is Precision.DAY:
            return self.ends_on or self.starts_on
        return self.starts_on - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Round:
    """`since` is the series' last meeting; none: it has not met yet. `others` are changes of
    things in which no member has a part."""

    since: LastMeeting | None
    members: tuple[MemberChanges, ...]
    others: tuple[Change, ...]


def round_of(session: Session, meeting: Meeting, as_of: AsOf) -> Round:
    since = _last_held(session, meeting, as_of)
    changes: Changes = defaultdict(tuple)
    for of, change in _changes(session, since, as_of):
        changes[of] += (change,)
    parts = parts_of(session, changes, as_of)
    takers = {of: {part.code for part in parts[of] if part.is_taken} for of in changes}
    everybody = [m for m in members(session, as_of) if m.status is MemberStatus.MEMBER]
    present = {member.code for member in everybody}
    return Round(
        since=since,
        members=tuple(
            MemberChanges(m.code, m.name, _of(changes, partial(_takes_part, takers, m.code)))
            for m in everybody
        ),
        others=_of(changes, lambda of: not takers[of] & present),
    )


def _takes_part(takers: Mapping[int, set[str]], code: str, of: int) -> bool:
    return code in takers[of]


def _of(changes: Changes, belongs: Callable[[int], bool]) -> tuple[Change, ...]:
    found = [change for of in changes if belongs(of) for change in changes[of]]
    return tuple(sorted(found, key=lambda change: (change.effective_on, change.key)))


def _changes(session: Session, since: LastMeeting | None, as_of: AsOf) -> list[tuple[int, Change]]:
    """What was logged from then on and stands: a corrected update is none."""
    query = (
        select(
            Deliverable.id,
            Deliverable.key,
            Deliverable.title,
            StatusUpdate.status,
            StatusUpdate.effective_on,
            StatusUpdate.precision,
        )
        .join(Deliverable, Deliverable.id == StatusUpdate.deliverable_id)
        .where(
            StatusUpdate.effective_on <= as_of.day,
            StatusUpdate.id.not_in(corrected(EVERY_ACCOUNT)),
            StatusUpdate.marking.in_(OPEN_TO_ACCOUNTS),
            visible(EVERY_ACCOUNT, StatusUpdate),
        )
        .order_by(StatusUpdate.effective_on, StatusUpdate.id)
    )
    if since is not None:
        query = query.where(StatusUpdate.effective_on > since.over_on)
    return [(row[0], Change(*row[1:])) for row in session.execute(query)]


def _last_held(session: Session, meeting: Meeting, as_of: AsOf) -> LastMeeting | None:
    if meeting.series_id is None:
        return None
    last = session.execute(
        select(Meeting.starts_on, Meeting.ends_on, Meeting.precision)
        .where(
            Meeting.series_id == meeting.series_id,
            Meeting.status == MeetingStatus.HELD,
            Meeting.starts_on < min(meeting.starts_on, as_of.day),
        )
        .order_by(Meeting.starts_on.desc())
        .limit(1)
    ).first()
    return LastMeeting(*last) if last else None
