"""What was put before everybody: agendas, and decisions that wait for an answer."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from app.agendas.models import Agenda, PublishedAgenda
from app.core.clock import today
from app.core.permissions import Role
from app.decisions.queries.decisions import waiting_for
from app.meetings.models import Meeting, MeetingStatus
from app.reminders.rules import CLOSING, ONCE, WHILE_OPEN, Kind, Thing
from app.reminders.sources.look import Look


def things(look: Look) -> Iterator[Thing]:
    yield from _agendas(look)
    for row in waiting_for(look.session, look.reader, look.as_of, look.now):
        decision = row.decision
        assert decision.opens_at is not None  # noqa: S101 - it is open
        assert decision.closes_at is not None  # noqa: S101 - the same
        new = Thing(
            kind=Kind.DECISION,
            about=str(decision.id),
            on=today(decision.opens_at),
            rhythm=WHILE_OPEN,
            title=decision.title,
            path=f"/decisions/{decision.key}",
            marking=decision.marking,
            until=decision.closes_at,
        )
        yield new
        closes_on = today(decision.closes_at)
        yield replace(new, kind=Kind.DECISION_CLOSES, on=closes_on, rhythm=CLOSING)


def _agendas(look: Look) -> Iterator[Thing]:
    """The newest number of each meeting ahead. The mail says that it is there and holds no item of
    it. Whoever published it knows."""
    if look.reader.role is Role.ADMINISTRATOR:
        return
    rows = look.session.execute(
        select(PublishedAgenda, Meeting.key, Meeting.title, Meeting.starts_on)
        .join(Agenda, Agenda.id == PublishedAgenda.agenda_id)
        .join(Meeting, Meeting.id == Agenda.meeting_id)
        .where(
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_on >= look.as_of.day,
            Meeting.exists_on(look.as_of.day),
        )
        .order_by(PublishedAgenda.agenda_id, PublishedAgenda.number)
    )
    newest = {row[0].agenda_id: row for row in rows}
    for version, key, title, starts_on in newest.values():
        if version.published_by_id == look.reader.account_id:
            continue
        yield Thing(
            kind=Kind.AGENDA,
            about=f"{key}/{version.number}",
            on=today(version.published_at),
            rhythm=ONCE,
            title=title,
            path=f"/agendas/{key}/{version.number}",
            until=starts_on,
            by=str(version.number),
        )
