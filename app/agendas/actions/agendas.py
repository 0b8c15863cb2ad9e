"""Proposing agendas, publishing them, and keeping count of who took them away."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from app.agendas.actions.access import changed, check_editor, open_for_editing, subject
from app.agendas.actions.order import place_before_closing
from app.agendas.models import Agenda, AgendaItem, PublishedAgenda, PublishedMinutes
from app.agendas.queries import agendas as queries
from app.agendas.rules.content import Content, Paper, fingerprint, frozen, thawed
from app.agendas.rules.schedule import Draft, Placed, schedule
from app.audit.actions import record
from app.core.errors import N_, Conflict, Refused
from app.core.permissions import Actor
from app.meetings.models import Meeting, MeetingStatus
from app.notices.actions import happened
from app.notices.rules import Happening as News


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
    _fill(session, agenda, drafts, queries.length_of(meeting))
    changes = {"items": (None, len(drafts)), "as_of": (None, as_of_day)}
    record(session, actor.account_id, "agenda.propose", subject(meeting), changes, now)
    return agenda


def _check_publishable(agenda: Agenda, content: Content, seen_version: int) -> None:
    if agenda.version != seen_version:
        raise Conflict(N_("Somebody changed the agenda since you opened it. Look at it first."))
    if not content.items:
        raise Refused(N_("There is nothing on this agenda yet. Add an item first."))
    if content.is_minutes and agenda.closed_at is None:
        raise Refused(N_("The meeting is not closed yet. Close it, then publish its minutes."))


def take_back_proposal(
    session: Session, actor: Actor, agenda: Agenda, seen_version: int, now: datetime
) -> None:
    """Clears the draft for a new proposal: all but what somebody added by hand. Raises Conflict
    when the draft was changed since `seen_version`."""
    open_for_editing(session, actor, agenda)
    if agenda.version != seen_version:
        raise Conflict(N_("Somebody changed the agenda since you opened it. Look at it first."))
    if agenda.opened_at is not None:
        raise Refused(N_("The meeting has begun: its agenda is not proposed again."))
    goes = session.scalars(
        select(AgendaItem).where(AgendaItem.agenda_id == agenda.id, AgendaItem.why != "")
    ).all()
    ids = [item.id for item in goes]
    session.execute(
        update(AgendaItem).where(AgendaItem.carried_from_id.in_(ids)).values(carried_from_id=None)
    )
    for item in goes:
        session.delete(item)
    changed(session, actor, agenda, "agenda.take_back", {"items": (len(ids), 0)}, now)


def propose_again(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    drafts: Sequence[Draft],
    as_of_day: date,
    now: datetime,
) -> None:
    """After `take_back_proposal`. What was added by hand keeps its minutes and comes before the
    closing."""
    check_editor(actor)
    meeting = session.get_one(Meeting, agenda.meeting_id, options=[joinedload(Meeting.series)])
    kept = session.scalars(
        select(AgendaItem)
        .where(AgendaItem.agenda_id == agenda.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    taken = sum(item.minutes for item in kept if not item.in_writing)
    _fill(session, agenda, drafts, max(0, queries.length_of(meeting) - taken))
    for item in kept:
        place_before_closing(session, agenda, item)
    agenda.proposed_as_of = as_of_day
    changes = {"items": (0, len(drafts)), "as_of": (None, as_of_day)}
    changed(session, actor, agenda, "agenda.propose", changes, now)


def _fill(session: Session, agenda: Agenda, drafts: Sequence[Draft], length: int) -> None:
    placed = schedule(drafts, length)
    session.add_all(_proposed(agenda, place, item) for place, item in enumerate(placed, 1))
    session.flush()


def publish(
    session: Session,
    actor: Actor,
    agenda: Agenda,
    meeting: Meeting,
    content: Content,
    seen_version: int,
    now: datetime,
) -> PublishedAgenda | PublishedMinutes:
    """Freeze `content`, the whole draft or the whole minutes, under its next number. Raises
    Conflict when anything of it was changed since `seen_version`."""
    open_for_editing(session, actor, agenda)
    _check_publishable(agenda, content, seen_version)
    kind = queries.KINDS[content.paper]
    newest = _newest(session, agenda, kind)
    if newest is not None and replace(thawed(newest.content), number=None) == content:
        raise Refused(
            N_("Nothing has changed since number %(number)s was published."),
            number=newest.number,
        )
    number = newest.number + 1 if newest else 1
    text = frozen(replace(content, number=number))
    version = kind(
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
    verb = f"{content.paper}.publish"
    record(session, actor.account_id, verb, subject(meeting), changes, now)
    news = News.MINUTES_PUBLISHED if content.is_minutes else News.AGENDA_PUBLISHED
    happened(session, actor, news, subject(meeting), now, number=number)
    return version


def record_export(
    session: Session,
    account_id: int | None,
    meeting: Meeting,
    number: int | None,
    format_: str,
    now: datetime,
    paper: Paper = Paper.AGENDA,
) -> None:
    """Who took which version away, and when. None: the draft."""
    changes = {"number": (None, number or "draft"), "format": (None, format_)}
    record(session, account_id, f"{paper}.export", subject(meeting), changes, now)


def _proposed(agenda: Agenda, position: int, placed: Placed) -> AgendaItem:
    draft = asdict(placed.draft)
    del draft["severity"], draft["wanted"]
    in_writing = placed.minutes is None
    return AgendaItem(
        agenda_id=agenda.id,
        position=position,
        minutes=placed.minutes or 0,
        in_writing=in_writing,
        **draft,
    )


def _newest(
    session: Session, agenda: Agenda, kind: type[PublishedAgenda] | type[PublishedMinutes]
) -> PublishedAgenda | PublishedMinutes | None:
    query: Select[Any] = select(kind).where(kind.agenda_id == agenda.id)
    newest: PublishedAgenda | PublishedMinutes | None = session.scalars(
        query.order_by(kind.number.desc()).limit(1)
    ).first()
    return newest
