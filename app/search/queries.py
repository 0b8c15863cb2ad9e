"""Searching everything that a reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, aliased

from app.agendas.models import Agenda, AgendaItem, PublishedAgenda
from app.agendas.queries.agendas import as_seen
from app.agendas.rules.content import Content, ContentItem, thawed
from app.core.clock import AsOf
from app.core.markings import Marking, highest
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, StatusUpdate
from app.meetings.models import Meeting
from app.members.models import Institute, Member
from app.search.kinds import KINDS, ORDER
from app.search.models import SearchEntry
from app.search.rules import Part, Term, as_fts5, as_tsquery, holds, marked, snippet, terms_of
from app.sharing.models import Marked
from app.sources.models import Source

PAGE_SIZE = 25
MOST_PUBLISHED = 10
MANY = 5000
"""Of more finds than these, those in titles do not come first: nobody reads so many."""
INDEX = table("search_index", column("rowid"), column("search_index"), column("words"))
Entry = aliased(SearchEntry)


@dataclass(frozen=True, slots=True)
class Hit:
    """`key` is that of the page that shows it: its own, or of what it belongs to, whose title is
    `belongs_to`. Of a source it is the address."""

    kind: str
    key: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    happened_on: date | None
    item_id: int
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found; `counts` are over all pages and kinds."""

    hits: tuple[Hit, ...]
    counts: Mapping[str, int]
    total: int
    marking: Marking = Marking.GREEN
    """The highest of the page."""


@dataclass(frozen=True, slots=True)
class Published:
    """An item of a published agenda."""

    meeting_key: str
    meeting_title: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    marking: Marking


def search(
    session: Session, reader: Actor | None, as_of: AsOf, text: str, kind: str = "", *, page: int = 1
) -> Found:
    """Things in which every word of `text` is found by its beginning; finds in titles first, then
    by kind, then the latest. `kind` narrows the hits, not the counts."""
    terms = terms_of(text)
    if not terms:
        return Found((), {}, 0)
    is_known = or_(*(_known(word, reader, as_of) for word in KINDS))
    found = (
        select(Entry)
        .join(INDEX, INDEX.c.rowid == Entry.id)
        .where(_matches(session, terms), is_known)
    )
    counts = _counts(session, found)
    if kind in KINDS:
        found = found.where(Entry.kind == kind)
    few = sum(counts.values()) <= MANY
    titles_first = [case((_is_in_title(session, terms), 0), else_=1)] if few else []
    rows = session.scalars(
        found.order_by(
            *titles_first,
            case(ORDER, value=Entry.kind),
            Entry.happened_on.is_(None),
            Entry.happened_on.desc(),
            Entry.item_id.desc(),
        )
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    ).all()
    hits = _placed(session, [_hit(row, terms) for row in rows])
    total = counts.get(kind, 0) if kind in KINDS else sum(counts.values())
    return Found(hits, counts, total, highest(_markings(session, hits), Marking.GREEN))


def published(session: Session, reader: Actor, as_of: AsOf, text: str) -> tuple[Published, ...]:
    """Items of the newest published agendas, the latest meetings first. What is frozen in them is
    shown as the reader may see it today."""
    terms = terms_of(text)
    if not terms:
        return ()
    ids = select(Entry.item_id).where(
        Entry.kind == "published_agenda", Entry.id.in_(_matching(session, terms))
    )
    later = aliased(PublishedAgenda)
    newest = select(func.max(later.number)).where(later.agenda_id == PublishedAgenda.agenda_id)
    rows = session.execute(
        select(Meeting.key, Meeting.title, PublishedAgenda.content)
        .join(Agenda, Agenda.id == PublishedAgenda.agenda_id)
        .join(Meeting, Meeting.id == Agenda.meeting_id)
        .where(
            PublishedAgenda.id.in_(ids),
            PublishedAgenda.number == newest.scalar_subquery(),
            Meeting.exists_on(as_of.day),
        )
        .order_by(Meeting.starts_on.desc(), Meeting.id.desc())
        .limit(MOST_PUBLISHED)
    ).all()
    return _items(session, reader, terms, [(key, title, thawed(c)) for key, title, c in rows])


def _items(
    session: Session, reader: Actor, terms: Sequence[Term], of: Sequence[tuple[str, str, Content]]
) -> tuple[Published, ...]:
    """All contents are read as one, so that many cost as many questions as one."""
    if not of:
        return ()
    matching = [
        (key, title, item)
        for key, title, content in of
        for item in content.items
        if holds(terms, item.title, _text(item))
    ]
    together = replace(of[0][2], items=tuple(item for _key, _title, item in matching))
    seen = as_seen(session, reader, together)
    return tuple(
        Published(key, title, marked(item.title, terms), snippet(_text(item), terms), item.marking)
        for (key, title, _item), item in zip(matching, seen, strict=True)
        if item is not None
    )[:PAGE_SIZE]


def _text(item: ContentItem) -> str:
    return "\n".join(text for text in (item.note, item.presenter) if text)


def _matching(session: Session, terms: Sequence[Term]) -> Select[int]:
    return select(INDEX.c.rowid).where(_matches(session, terms))


def _is_in_title(session: Session, terms: Sequence[Term]) -> ColumnElement[bool]:
    """Of rows that match. PostgreSQL looks at the row at hand; SQLite asks its index once more."""
    condition = _matches(session, terms, in_title=True)
    if session.get_bind().dialect.name == "postgresql":
        return condition
    again = table("search_index", column("rowid"), column("search_index")).alias("again")
    sought = again.c.search_index.op("MATCH")(as_fts5(terms, "title"))
    return Entry.id.in_(select(again.c.rowid).where(sought))


def _matches(
    session: Session, terms: Sequence[Term], *, in_title: bool = False
) -> ColumnElement[bool]:
    """Of rows of the index."""
    if session.get_bind().dialect.name == "postgresql":
        words = cast(as_tsquery(terms, "A" if in_title else ""), TSQUERY)
        found: ColumnElement[bool] = INDEX.c.words.op("@@")(words)
        return found
    sought: ColumnElement[bool] = INDEX.c.search_index.op("MATCH")(
        as_fts5(terms, "title" if in_title else "")
    )
    return sought


def _known(word: str, reader: Actor | None, as_of: AsOf) -> ColumnElement[bool]:
    # Asked thing by thing: what is found is few of what there is.
    kind = KINDS[word]
    is_it = kind.model.id == Entry.item_id
    return and_(Entry.kind == word, exists().where(is_it, kind.known(reader, as_of)))


def _counts(session: Session, found: Select[Any]) -> dict[str, int]:
    query = found.with_only_columns(Entry.kind, func.count()).group_by(Entry.kind)
    counts = {row[0]: int(row[1]) for row in session.execute(query)}
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def _hit(row: SearchEntry, terms: Sequence[Term]) -> Hit:
    return Hit(
        kind=row.kind,
        key=row.key,
        title=marked(row.title, terms),
        snippet=snippet(row.body, terms),
        happened_on=row.happened_on,
        item_id=row.item_id,
    )


_PLACES: Mapping[str, Select[int, str, str]] = {
    "update": select(StatusUpdate.id, Deliverable.key, Deliverable.title).join(
        Deliverable, Deliverable.id == StatusUpdate.deliverable_id
    ),
    "agenda_item": select(AgendaItem.id, Meeting.key, Meeting.title)
    .join(Agenda, Agenda.id == AgendaItem.agenda_id)
    .join(Meeting, Meeting.id == Agenda.meeting_id),
    "source": select(Source.id, Source.url, Source.title),
    "institute": select(Institute.id, Member.code, Member.name).join(
        Member, Member.id == Institute.member_id
    ),
}
"""Where those are shown that have no page of their own. A reader who may see one of them may see
what it belongs to."""


def _markings(session: Session, hits: Sequence[Hit]) -> set[Marking]:
    """Of those hits that carry one."""
    asked = []
    for word, kind in KINDS.items():
        ids = [hit.item_id for hit in hits if hit.kind == word]
        if ids and issubclass(kind.model, Marked):
            marking = kind.model.__table__.c.marking
            asked.append(select(marking).where(kind.model.id.in_(ids)))
    return set(session.scalars(union_all(*asked))) if asked else set()


def _placed(session: Session, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    places: dict[tuple[str, int], tuple[str, str]] = {}
    for word, query in _PLACES.items():
        ids = [hit.item_id for hit in hits if hit.kind == word]
        if ids:
            model = KINDS[word].model
            for item_id, key, title in session.execute(query.where(model.id.in_(ids))):
                places[word, item_id] = (key, title)
    return tuple(
        replace(hit, key=at[0], belongs_to=at[1])
        if (at := places.get((hit.kind, hit.item_id)))
        else hit
        for hit in hits
    )
