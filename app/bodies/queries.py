"""Bodies around the network on a day: what they do, how the network has to do with them, and where
both do the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.bodies.rules import Deed, Field, Overlap, overlaps
from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable
from app.members.models import Level
from app.members.queries.functions import functions
from app.priorities.models import Body, Engagement, Priority, Programme, Relation
from app.priorities.queries import priorities
from app.sharing.queries import visible
from app.sources.models import Source

ACTIVE = (Level.STATED, Level.OPERATIONAL)


@dataclass(frozen=True, slots=True)
class Named:
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """`priority` is that of the deliverable where it names one. `until_on` None: it holds on the
    day asked for."""

    id: int
    body_id: int
    relation: Relation
    about: str
    from_on: date
    until_on: date | None
    ended_why: str
    priority: Named | None
    deliverable: Named | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    id: int
    body_id: int
    title: str
    about: str
    from_on: date
    until_on: date | None
    function: Named | None
    priority: Named | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class BodyCard:
    body: Body
    engagements: Sequence[EngagementRow] = ()
    programmes: Sequence[ProgrammeRow] = ()
    overlaps: Sequence[Overlap] = ()

    @property
    def held(self) -> list[EngagementRow]:
        return [row for row in self.engagements if row.until_on is None]

    @property
    def ended(self) -> list[EngagementRow]:
        return [row for row in self.engagements if row.until_on is not None]


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around the network on a day, with what the network does of its own."""

    cards: tuple[BodyCard, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    """Titles by key."""


def around(session: Session, reader: Actor, as_of: AsOf) -> Around:
    """All bodies that are known on the day, by name."""
    bodies = session.scalars(
        select(Body)
        .where(Body.exists_on(as_of.day))
        .options(joinedload(Body.source))
        .order_by(Body.name)
    ).all()
    engaged, doing = _engagements(session, reader, as_of), _programmes(session, as_of)
    titles = {row.key: row.title for row in priorities(session, as_of)}
    fields = _fields(session, as_of)
    deeds = {body.id: _deeds(body.key, engaged[body.id], doing[body.id]) for body in bodies}
    cards = tuple(
        BodyCard(
            body,
            engaged[body.id],
            doing[body.id],
            overlaps(deeds[body.id], list(fields.values()), titles),
        )
        for body in bodies
    )
    return Around(cards, fields, titles)


def find(session: Session, key: str, as_of: AsOf) -> Body | None:
    query = select(Body).where(Body.key == key, Body.exists_on(as_of.day))
    return session.scalars(query).first()


def engagement(session: Session, reader: Actor, body: Body, number: int) -> Engagement | None:
    return session.scalars(
        select(Engagement).where(
            Engagement.id == number, Engagement.body_id == body.id, _readable(reader)
        )
    ).first()


def programme(session: Session, body: Body, number: int) -> Programme | None:
    query = select(Programme).where(Programme.id == number, Programme.body_id == body.id)
    return session.scalars(query).first()


def by_priority(found: Around) -> Mapping[str, list[tuple[BodyCard, EngagementRow]]]:
    """The engagements that hold, by the key of the priority; those that name none under ''."""
    grouped: dict[str, list[tuple[BodyCard, EngagementRow]]] = {key: [] for key in found.priorities}
    grouped[""] = []
    for card in found.cards:
        for row in card.held:
            grouped[row.priority.key if row.priority else ""].append((card, row))
    return {key: rows for key, rows in grouped.items() if rows}


def of_priority(
    session: Session, reader: Actor, as_of: AsOf, key: str
) -> list[tuple[Body, EngagementRow]]:
    """The engagements about one priority, or about deliverables under it, that hold on the day."""
    engaged = _engagements(session, reader, as_of)
    bodies = session.scalars(select(Body).where(Body.exists_on(as_of.day)).order_by(Body.name))
    return [
        (body, row)
        for body in bodies
        for row in engaged[body.id]
        if row.until_on is None and row.priority is not None and row.priority.key == key
    ]


def _readable(reader: Actor) -> ColumnElement[bool]:
    """Hidden where the deliverable is hidden that it is about."""
    shown = select(Deliverable.id).where(visible(reader, Deliverable))
    return or_(Engagement.deliverable_id.is_(None), Engagement.deliverable_id.in_(shown))


def _engagements(session: Session, reader: Actor, as_of: AsOf) -> Mapping[int, list[EngagementRow]]:
    rows = session.execute(
        select(Engagement, Priority.key, Priority.title, Deliverable.key, Deliverable.title)
        .outerjoin(Deliverable, Deliverable.id == Engagement.deliverable_id)
        .outerjoin(
            Priority,
            or_(
                Priority.id == Engagement.priority_id,
                and_(Engagement.priority_id.is_(None), Priority.id == Deliverable.priority_id),
            ),
        )
        .where(Engagement.exists_on(as_of.day), _readable(reader))
        .options(joinedload(Engagement.source))
        .order_by(Engagement.exists_from, Engagement.id)
    )
    found = _by_body(session)
    for row, priority_key, priority_title, key, title in rows:
        ended = row.until_on if row.until_on <= as_of.day else None
        found[row.body_id].append(
            EngagementRow(
                row.id,
                row.body_id,
                row.relation,
                row.about,
                row.exists_from,
                ended,
                row.ended_why if ended else "",
                Named(priority_key, priority_title) if priority_key else None,
                Named(key, title) if key else None,
                row.source,
            )
        )
    return found


def _programmes(session: Session, as_of: AsOf) -> Mapping[int, list[ProgrammeRow]]:
    names = {row.id: Named(row.key, row.name) for row in functions(session, as_of)}
    titles = {row.id: Named(row.key, row.title) for row in priorities(session, as_of)}
    rows = session.scalars(
        select(Programme)
        .where(Programme.exists_on(as_of.day))
        .options(joinedload(Programme.source))
        .order_by(Programme.exists_from, Programme.id)
    )
    found: dict[int, list[ProgrammeRow]] = {id_: [] for id_ in session.scalars(select(Body.id))}
    for row in rows:
        found[row.body_id].append(
            ProgrammeRow(
                row.id,
                row.body_id,
                row.title,
                row.about,
                row.exists_from,
                row.until_on if row.until_on <= as_of.day else None,
                names.get(row.function_id or 0),
                titles.get(row.priority_id or 0),
                row.source,
            )
        )
    return found


def _by_body(session: Session) -> dict[int, list[EngagementRow]]:
    return {id_: [] for id_ in session.scalars(select(Body.id))}


def _deeds(key: str, engaged: Sequence[EngagementRow], doing: Sequence[ProgrammeRow]) -> list[Deed]:
    """What holds on the day."""
    return [
        *(
            Deed(
                key,
                row.title,
                row.function.key if row.function else None,
                row.priority.key if row.priority else None,
                is_programme=True,
            )
            for row in doing
            if row.until_on is None
        ),
        *(
            Deed(
                key,
                row.about,
                priority=row.priority.key if row.priority else None,
                avoids=row.relation is Relation.AVOIDS_DUPLICATING,
            )
            for row in engaged
            if row.until_on is None
        ),
    ]


def _fields(session: Session, as_of: AsOf) -> Mapping[str, Field]:
    drawn: dict[str, list[str]] = {}
    for row in priorities(session, as_of):
        for name in row.functions:
            drawn.setdefault(name, []).append(row.key)
    return {
        row.key: Field(
            row.key,
            row.name,
            tuple(drawn.get(row.name, ())),
            tuple(sorted(code for code, known in row.known.items() if known.level in ACTIVE)),
        )
        for row in functions(session, as_of)
    }
