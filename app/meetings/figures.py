"""What the deliverables looked like to those who met: frozen when the meeting is recorded as held.

Readers who see different things saw different figures. So one picture is kept of what any account
sees, one for coordinators and one for each member, the latter two as far as they differ. What is
marked RED is in none of them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import as_of, today
from app.core.days import last_day
from app.core.markings import Marking, highest, note
from app.core.permissions import Actor, Role
from app.deliverables.models import Deliverable
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.listing import DeliverableRow, every
from app.deliverables.rules.moves import Health, Status
from app.deliverables.rules.progress import Progress, is_overdue, of
from app.meetings.models import Meeting, MeetingFigures
from app.members.models import Member
from app.sharing.queries import visible

NOBODY = 0
"""The number of no account: nothing names it."""
ANYBODY, COORDINATORS = "anybody", "coordinators"
Picture = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One deliverable as the meeting saw it."""

    id: int
    key: str
    title: str
    marking: Marking
    status: Status
    health: Health | None
    progress: int | None
    due_on: date | None
    due_precision: str
    is_overdue: bool
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class Figures:
    as_of: date
    taken_at: datetime
    rows: tuple[Figure, ...]

    @property
    def progress(self) -> Progress:
        return of((row.status, row.is_overdue, row.progress) for row in self.rows)


def freeze(session: Session, actor: Actor, meeting: Meeting, now: datetime) -> MeetingFigures:
    """Keep what is known at `now` of the last day of the meeting, or of today before that."""
    ends_on = last_day(meeting.starts_on, meeting.ends_on, meeting.precision)
    shown = as_of(min(ends_on, today(now)), now)

    def seen_by(reader: Actor) -> Picture:
        return {
            str(row.id): _plain(row, shown.dueness)
            for row in every(session, reader, shown, Filter())
        }

    anybody = seen_by(Actor(NOBODY, Role.OBSERVER))
    pictures = {ANYBODY: anybody}
    pictures[COORDINATORS] = _beyond(anybody, seen_by(Actor(NOBODY, Role.COORDINATOR)))
    for member_id in session.scalars(select(Member.id).where(Member.exists_on(shown.day))):
        member = seen_by(Actor(NOBODY, Role.LIAISON, member_id))
        pictures[_member(member_id)] = _beyond(anybody, member)
    content = json.dumps(pictures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    frozen = MeetingFigures(
        meeting_id=meeting.id,
        as_of=shown.day,
        taken_at=now,
        taken_by_id=actor.account_id,
        content=content,
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
    )
    session.add(frozen)
    session.flush()
    return frozen


def figures_of(session: Session, reader: Actor, meeting: Meeting) -> Figures | None:
    """What the reader's side of the table saw, of what the reader may still see. None where
    nothing was frozen: the meeting is planned, or a published record tells of it."""
    frozen = session.get(MeetingFigures, meeting.id)
    if frozen is None:
        return None
    pictures = json.loads(frozen.content)
    beyond: Picture = pictures.get(_side(reader), {})
    rows: Picture = {**pictures[ANYBODY], **beyond}
    may_see = set(session.scalars(select(Deliverable.id).where(visible(reader, Deliverable))))
    figures = [_figure(row) for row in rows.values() if row["id"] in may_see]
    for figure in figures:
        # What not everybody saw is shared with members at the widest, whatever it belongs to.
        is_shared = str(figure.id) in beyond
        note(highest([figure.marking, Marking.AMBER if is_shared else Marking.CLEAR]))
    return Figures(frozen.as_of, frozen.taken_at, tuple(_ordered(figures)))


def _ordered(figures: Iterable[Figure]) -> list[Figure]:
    return sorted(figures, key=lambda f: (f.due_on or date.max, f.key))


def _side(reader: Actor) -> str:
    if reader.coordinates:
        return COORDINATORS
    return ANYBODY if reader.member_id is None else _member(reader.member_id)


def _member(member_id: int) -> str:
    return f"member:{member_id}"


def _beyond(anybody: Picture, seen: Picture) -> Picture:
    return {id_: row for id_, row in seen.items() if anybody.get(id_) != row}


def _plain(row: DeliverableRow, dueness: date) -> dict[str, Any]:
    figure = Figure(
        id=row.id,
        key=row.key,
        title=row.title,
        marking=row.marking,
        status=row.status,
        health=row.health,
        progress=row.progress,
        due_on=row.due_on,
        due_precision=row.due_precision.value,
        is_overdue=is_overdue(row.status, row.due_on, dueness),
        updated_on=row.updated_on,
    )
    days = ("due_on", "updated_on")
    plain = asdict(figure)
    return {**plain, **{day: plain[day].isoformat() if plain[day] else None for day in days}}


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(
        **{
            **row,
            "marking": Marking(row["marking"]),
            "status": Status(row["status"]),
            "health": Health(row["health"]) if row["health"] else None,
            "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            "updated_on": date.fromisoformat(row["updated_on"]) if row["updated_on"] else None,
        }
    )
