"""Agendas, drafts and published versions, as a reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.agendas.models import Action, Agenda, AgendaItem, PublishedAgenda, PublishedMinutes
from app.agendas.queries.meeting_facts import facts_of
from app.agendas.rules.content import Content, ContentItem, ContentLink, Paper, thawed
from app.agendas.rules.schedule import meeting_length
from app.core.markings import Marking, highest, note
from app.core.permissions import Actor
from app.decisions.models import Decision
from app.deliverables.models import Deliverable
from app.deliverables.models.deliverables import has_part
from app.meetings.models import Meeting
from app.people.models import Account
from app.sharing.models import Marked
from app.sharing.queries import admits, audiences_naming, visible

KINDS: dict[Paper, type[PublishedAgenda] | type[PublishedMinutes]] = {
    Paper.AGENDA: PublishedAgenda,
    Paper.MINUTES: PublishedMinutes,
}


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    published_at: datetime
    published_by: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class State:
    """What there is of an agenda of a meeting: how many versions, and whether a draft."""

    versions: int
    has_draft: bool


def find(session: Session, meeting: Meeting) -> Agenda | None:
    """The working agenda. Only for those who may read drafts."""
    return session.scalars(select(Agenda).where(Agenda.meeting_id == meeting.id)).first()


def items(session: Session, reader: Actor, agenda: Agenda) -> Sequence[AgendaItem]:
    """In the order of the meeting, what is for written procedure last."""
    return session.scalars(
        select(AgendaItem)
        .where(AgendaItem.agenda_id == agenda.id, visible(reader, AgendaItem))
        .options(joinedload(AgendaItem.presenting_member), selectinload(AgendaItem.links))
        .order_by(AgendaItem.in_writing, AgendaItem.position, AgendaItem.id)
    ).all()


def item(session: Session, reader: Actor, agenda: Agenda, item_id: int) -> AgendaItem | None:
    return session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.id == item_id,
            AgendaItem.agenda_id == agenda.id,
            visible(reader, AgendaItem),
        )
        .options(joinedload(AgendaItem.presenting_member), selectinload(AgendaItem.links))
    ).first()


def states(session: Session) -> dict[int, State]:
    """By the id of the meeting."""
    rows = session.execute(
        select(Agenda.meeting_id, func.count(PublishedAgenda.id))
        .outerjoin(PublishedAgenda, PublishedAgenda.agenda_id == Agenda.id)
        .group_by(Agenda.meeting_id)
    )
    return {meeting_id: State(count, True) for meeting_id, count in rows}


def minutes_counts(session: Session) -> dict[int, int]:
    """How many versions of minutes there are, by the id of the meeting."""
    rows = session.execute(
        select(Agenda.meeting_id, func.count(PublishedMinutes.id))
        .join(PublishedMinutes, PublishedMinutes.agenda_id == Agenda.id)
        .group_by(Agenda.meeting_id)
    )
    return dict(rows.all())


def versions(
    session: Session, meeting: Meeting, paper: Paper = Paper.AGENDA
) -> tuple[Version, ...]:
    """Newest first."""
    kind = KINDS[paper]
    rows = session.execute(
        select(kind.number, kind.published_at, Account.name, kind.content_hash)
        .join(Agenda, Agenda.id == kind.agenda_id)
        .join(Account, Account.id == kind.published_by_id)
        .where(Agenda.meeting_id == meeting.id)
        .order_by(kind.number.desc())
    )
    return tuple(Version(*row) for row in rows)


def published(
    session: Session,
    reader: Actor,
    meeting: Meeting,
    number: int | None = None,
    paper: Paper = Paper.AGENDA,
) -> Content | None:
    """Version `number` (none: the newest) with what the reader may see of it."""
    kind = KINDS[paper]
    query = (
        select(kind.content, kind.published_at, kind.number)
        .join(Agenda, Agenda.id == kind.agenda_id)
        .where(Agenda.meeting_id == meeting.id)
        .order_by(kind.number.desc())
        .limit(1)
    )
    if number is not None:
        query = query.where(kind.number == number)
    found = session.execute(query).first()
    if found is None:
        return None
    content = replace(
        thawed(found.content),
        published_at=found.published_at,
        publications=found.number + _others(session, meeting, paper, found.published_at),
    )
    return readable(session, reader, content)


def _others(session: Session, meeting: Meeting, paper: Paper, until: datetime) -> int:
    """How many of the other paper had been published by then: nothing that is published later
    changes it."""
    other = PublishedAgenda if paper is Paper.MINUTES else PublishedMinutes
    # Of two at one instant the agenda counts as the earlier.
    by_then = other.published_at <= until if paper is Paper.MINUTES else other.published_at < until
    return (
        session.scalar(
            select(func.count())
            .select_from(other)
            .join(Agenda, Agenda.id == other.agenda_id)
            .where(Agenda.meeting_id == meeting.id, by_then)
        )
        or 0
    )


def draft_content(
    session: Session,
    reader: Actor,
    agenda: Agenda,
    meeting: Meeting,
    *,
    network: str,
    language: str,
) -> Content:
    """The draft as far as the reader may see it."""
    whole = content_of(session, agenda, meeting, network=network, language=language)
    return readable(session, reader, whole)


def content_of(
    session: Session, agenda: Agenda, meeting: Meeting, *, network: str, language: str
) -> Content:
    """All of the draft, for freezing. Not for readers: it knows no marking."""
    rows = session.scalars(
        select(AgendaItem)
        .where(AgendaItem.agenda_id == agenda.id)
        .options(joinedload(AgendaItem.presenting_member), selectinload(AgendaItem.links))
        .order_by(AgendaItem.in_writing, AgendaItem.position, AgendaItem.id)
    )
    return Content(
        number=None,
        language=language,
        network=network,
        meeting=meeting.title,
        starts_on=meeting.starts_on,
        ends_on=meeting.ends_on,
        precision=meeting.precision,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        place=meeting.place,
        host_code=meeting.host.code if meeting.host else "",
        host_name=meeting.host.name if meeting.host else "",
        length=length_of(meeting),
        items=tuple(_frozen(row) for row in rows),
        about=facts_of(session, meeting),
    )


def length_of(meeting: Meeting) -> int:
    """The minutes that the agenda of this meeting can share out."""
    of_series = meeting.series.duration_minutes if meeting.series else None
    return meeting_length(meeting.duration_minutes or of_series)


def readable(session: Session, reader: Actor, content: Content) -> Content:
    """What the reader may see today of what was written down earlier: what has become narrower
    since is hidden here too, or marked as high as what it is about."""
    items = [item for item in as_seen(session, reader, content) if item is not None]
    for item in items:
        note(item.marking)  # no column says it of what was frozen
    return replace(content, items=tuple(items))


def as_seen(session: Session, reader: Actor, content: Content) -> tuple[ContentItem | None, ...]:
    """Each item as the reader may see it today; None in the place of one that it may not."""
    named = audiences_naming(session, reader)
    taking_part = _taking_part(session, reader, _ids(content, "deliverable_id"))
    seen = {name: _markings(session, reader, kind, _ids(content, name)) for name, kind in _ABOUT}
    keys = _visible_keys(session, reader, content)

    def may_see(item: ContentItem) -> bool:
        about = [(getattr(item, name), seen[name]) for name, _kind in _ABOUT]
        return (
            admits(
                reader,
                named,
                item.marking,
                item.audience_id,
                has_part=item.deliverable_id in taking_part,
            )
            and all(thing is None or thing in markings for thing, markings in about)
            and keys.keys() >= set(item.mentions)
        )

    owed = _markings(session, reader, Action, _asked_ids(content))

    def marked(item: ContentItem) -> ContentItem:
        about = [seen[name].get(getattr(item, name), item.marking) for name, _kind in _ABOUT]
        mentioned = [keys[key] for key in item.mentions]
        actions = tuple(action for action in item.actions if action.action_id in owed)
        high = highest([item.marking, *about, *mentioned])
        return replace(item, marking=high, actions=actions)

    return tuple(marked(item) if may_see(item) else None for item in content.items)


_ABOUT: tuple[tuple[str, type[Marked]], ...] = (
    ("deliverable_id", Deliverable),
    ("decision_id", Decision),
    ("action_id", Action),
)


def _asked_ids(content: Content) -> set[int]:
    """Of the actions that minutes tell of."""
    return {action.action_id for item in content.items for action in item.actions}


def _ids(content: Content, name: str) -> set[int]:
    ids = (getattr(item, name) for item in content.items)
    return {id_ for id_ in ids if id_ is not None}


def _markings(
    session: Session, reader: Actor, kind: type[Marked], ids: set[int]
) -> dict[int, Marking]:
    """Of those that the reader may see."""
    columns = kind.__table__.c  # type: ignore[attr-defined]
    if not ids:
        return {}
    seen = select(columns.id, columns.marking).where(columns.id.in_(ids), visible(reader, kind))
    return dict(session.execute(seen).all())


def _visible_keys(session: Session, reader: Actor, content: Content) -> dict[str, Marking]:
    """Of the deliverables that notes name; what names none that exists hides nothing."""
    keys = {key for item in content.items for key in item.mentions}
    if not keys:
        return {}
    known = session.scalars(select(Deliverable.key).where(Deliverable.key.in_(keys)))
    may = session.execute(
        select(Deliverable.key, Deliverable.marking).where(
            Deliverable.key.in_(keys), visible(reader, Deliverable)
        )
    )
    return {**dict.fromkeys(keys - set(known), Marking.CLEAR), **dict(may.all())}


def _taking_part(session: Session, reader: Actor, ids: set[int]) -> frozenset[int]:
    if reader.member_id is None or not ids:
        return frozenset()
    query = select(Deliverable.id).where(
        Deliverable.id.in_(ids), has_part(Deliverable.id, reader.member_id)
    )
    return frozenset(session.scalars(query))


def _frozen(row: AgendaItem) -> ContentItem:
    member = row.presenting_member
    return ContentItem(
        kind=row.kind,
        title=row.title,
        note=row.note,
        minutes=row.minutes,
        in_writing=row.in_writing,
        presenter=row.presenter,
        member_code=member.code if member else "",
        member_name=member.name if member else "",
        marking=row.marking,
        audience_id=row.audience_id,
        deliverable_id=row.deliverable_id,
        decision_id=row.decision_id,
        action_id=row.action_id,
        item_id=row.id,
        links=tuple(ContentLink(link.title, link.url) for link in row.links),
    )
