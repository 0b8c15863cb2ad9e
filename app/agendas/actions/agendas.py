"""Proposing agendas, publishing them, and keeping count of who took them away."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.agendas.actions.access import check_editor, open_for_editing, subject
from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.agendas.queries import agendas as queries
from app.agendas.rules.content import Content, fingerprint, frozen, thawed
from app.agendas.rules.schedule import Draft, Placed, schedule
from app.audit.actions import record
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.meetings.models import Meeting, MeetingStatus


def propose(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    drafts: Sequence[Draft],
    as_of_day: date,
    now: datetime,
) -> Agenda:
    """The agenda that follows from `drafts`, with its minutes. Raises Conflict when the meeting
    has one already."""
    check_editor(actor)
    if meeting.status is MeetingStatus.CANCELLED:
        raise Refused(N_("This meeting was cancelled, so it gets no agenda."))
    if queries.find(session, meeting) is not None:
        raise Conflict(N_("This meeting already has an agenda."))
    agenda = Agenda(
        meeting_id=meeting.id,
        created_by_id=actor.account_id,
        created_at=now,
        proposed_as_of=as_of_day,
    )
    session.add(agenda)
    session.flush()
    placed = schedule(drafts, queries.length_of(meeting))
    session.add_all(_proposed(agenda, place, item) for place, item in enumerate(placed, 1))
    session.flush()
    changes = {"items": (None, len(placed)), "as_of": (None, as_of_day)}
    record(session, actor.account_id, "agenda.propose", subject(meeting), changes, now)
    return agenda


def publish(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    meeting: Meeting,
    content: Content,
    seen_version: int,
    now: datetime,
) -> PublishedAgenda:
    """Freeze `content`, the whole draft, under the next number. Raises Conflict when the draft was
    changed since `seen_version`."""
    open_for_editing(session, actor, agenda)
    if agenda.version != seen_version:
        raise Conflict(N_("Somebody changed the agenda since you opened it. Look at it first."))
    if not content.items:
        raise Refused(N_("There is nothing on this agenda yet. Add an item first."))
    newest = _newest(session, agenda)
    if newest is not None and replace(thawed(newest.content), number=None) == content:
        raise Refused(
            N_("Nothing has changed since number %(number)s was published."),
            number=newest.number,
        )
    number = newest.number + 1 if newest else 1
    text = frozen(replace(content, number=number))
    version = PublishedAgenda(
        agenda_id=agenda.id,
        number=number,
        published_at=now,
        published_by_id=actor.account_id,
        content=text,
        content_hash=fingerprint(text),
    )
    session.add(version)
    session.flush()
    changes = {"number": (None, number), "sha256": (None, version.content_hash)}
    record(session, actor.account_id, "agenda.publish", subject(meeting), changes, now)
    return version


def record_export(
    session: Session,
    account_id: int | None,
    meeting: Meeting,
    number: int | None,
    format_: str,
    now: datetime,
) -> None:
    """Who took which version away, and when. None: the draft."""
    changes = {"number": (None, number or "draft"), "format": (None, format_)}
    record(session, account_id, "agenda.export", subject(meeting), changes, now)


def _proposed(agenda: Agenda, position: int, placed: Placed) -> AgendaItem:
    draft = asdict(placed.draft)
    del draft["severity"]
    in_writing = placed.minutes is None
    return AgendaItem(
        agenda_id=agenda.id,
        position=position,
        minutes=placed.minutes or 0,
        in_writing=in_writing,
        **draft,
    )


def _newest(session: Session, agenda: Agenda) -> PublishedAgenda | None:
    greatest = select(func.max(PublishedAgenda.number)).where(
        PublishedAgenda.agenda_id == agenda.id
    )
    return session.scalars(
        select(PublishedAgenda).where(
            PublishedAgenda.agenda_id == agenda.id,
            PublishedAgenda.number == greatest.scalar_subquery(),
        )
    ).first()
