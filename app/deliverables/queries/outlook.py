"""How the network's work moved so far, and what follows for what is due at a deadline."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deadlines.models import DeadlineDate
from app.deliverables.models import Deliverable, DeliverableState
from app.deliverables.queries.filters import Filter
from app.deliverables.queries.groups import rows_of
from app.deliverables.queries.listing import DeliverableRow
from app.deliverables.queries.nodes import nodes, nodes_around
from app.deliverables.queries.states import DUE_ON, MARKINGS, seen_by, states
from app.deliverables.rules.forecast import (
    Forecast,
    History,
    Outlook,
    Stay,
    Together,
    learn,
    nights_left,
    together,
)
from app.deliverables.rules.moves import Status
from app.deliverables.rules.schedule import Place, deciding, places
from app.sharing.queries import visible

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Ahead:
    """A deliverable with its place in the graph and its chance."""

    row: DeliverableRow
    place: Place
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is due at a deadline. `rows` have the least room first, at most MOST_SHOWN of `total`;
    `titles` names every deliverable that a chain or a list of the rows speaks of."""

    rows: tuple[Ahead, ...]
    total: int
    decides: Place | None
    together: Together
    history: History
    titles: Mapping[str, str]
    statuses: Mapping[str, Status]
    due: Mapping[str, date | None]


def prospect(session: Session, reader: Actor, as_of: AsOf, deadline_id: int) -> Prospect:
    """A forecast looks ahead from the day, from today at the latest."""
    graph = nodes(session, reader, as_of)
    found = places(graph, as_of.day)
    history = learn(stays(session, reader, as_of), min(as_of.day, as_of.today))
    outlook = Outlook(history)
    columns = (
        Deliverable.id,
        Deliverable.key,
        DeliverableState.status,
        DeliverableState.delivered_on,
        DUE_ON,
    )
    query = Filter(deadline_id=deadline_id).narrow(states(reader, as_of, *columns), as_of)
    told = {
        id_: (found[key], _of(outlook, as_of, status, due_on, delivered_on))
        for id_, key, status, delivered_on, due_on in session.execute(query)
    }
    first = sorted(told, key=lambda id_: (_room(told[id_][0]), told[id_][0].key))[:MOST_SHOWN]
    rows = rows_of(session, reader, as_of, first)
    return Prospect(
        rows=tuple(Ahead(rows[id_], *told[id_]) for id_ in first),
        total=len(told),
        decides=deciding(found, [place.key for place, _ in told.values()]),
        together=together(forecast for _, forecast in told.values()),
        history=history,
        titles=titles(session, reader, as_of, _named(told[id_][0] for id_ in first)),
        statuses={node.key: node.status for node in graph},
        due={node.key: node.due_on for node in graph},
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """One deliverable in the graph, with the titles of all that it waits for or that waits."""

    place: Place
    titles: Mapping[str, str]
    statuses: Mapping[str, Status]
    due: Mapping[str, date | None]


def standing(
    session: Session, reader: Actor | None, as_of: AsOf, deliverable: Deliverable
) -> Standing | None:
    """None where the deliverable is not there on the day."""
    graph = nodes_around(session, reader, as_of, deliverable.id)
    place = places(graph, as_of.day).get(deliverable.key)
    if place is None:
        return None
    return Standing(
        place=place,
        titles=titles(session, reader, as_of, _named([place])),
        statuses={node.key: node.status for node in graph},
        due={node.key: node.due_on for node in graph},
    )


def titles(
    session: Session, reader: Actor | None, as_of: AsOf, keys: Iterable[str]
) -> Mapping[str, str]:
    query = states(reader, as_of, Deliverable.key, Deliverable.title, *MARKINGS)
    rows = session.execute(query.where(Deliverable.key.in_(sorted(set(keys)))))
    return {row.key: row.title for row in rows}


def stays(session: Session, reader: Actor | None, as_of: AsOf) -> Iterator[Stay]:
    """Every deliverable that the reader may see, from its first day to the one asked for."""
    dated = _dates(session)
    query = (
        select(
            DeliverableState.deliverable_id,
            DeliverableState.from_on,
            DeliverableState.until_on,
            DeliverableState.status,
            DeliverableState.own_due_on,
            DeliverableState.deadline_id,
        )
        .join(Deliverable, Deliverable.id == DeliverableState.deliverable_id)
        .where(DeliverableState.from_on <= as_of.day, seen_by(reader), visible(reader, Deliverable))
        .order_by(DeliverableState.deliverable_id, DeliverableState.from_on)
    )
    rows = session.execute(query).all()
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        goes_on = after is not None and after.deliverable_id == row.deliverable_id
        then = after.status if goes_on and after is not None else row.status
        if row.own_due_on is not None or row.deadline_id is None:
            yield Stay(row.status, row.from_on, row.until_on, row.own_due_on, then)
        else:
            known = dated[row.deadline_id]
            yield from _pieces(row.status, row.from_on, row.until_on, known, then)


Dates = Sequence[tuple[date, date, date]]
"""From, until and due day, as a deadline's date stood, in their order."""


def _pieces(
    status: Status, from_on: date, until_on: date, dates: Dates, then: Status
) -> Iterator[Stay]:
    """A stay at a deadline, cut where the deadline moved."""
    day = from_on
    for _known_from, known_until, due_on in dates:
        end = min(until_on, known_until)
        if end > day:
            yield Stay(status, day, end, due_on, then if end == until_on else status)
            day = end
    if day < until_on:
        yield Stay(status, day, until_on, None, then)


def _dates(session: Session) -> Mapping[int, Dates]:
    rows = session.execute(
        select(
            DeadlineDate.deadline_id,
            DeadlineDate.from_on,
            DeadlineDate.until_on,
            DeadlineDate.due_on,
        )
        .where(DeadlineDate.until_on > DeadlineDate.from_on)
        .order_by(DeadlineDate.deadline_id, DeadlineDate.from_on)
    )
    found: defaultdict[int, list[tuple[date, date, date]]] = defaultdict(list)
    for deadline_id, from_on, until_on, due_on in rows:
        found[deadline_id].append((from_on, until_on, due_on))
    return found


def _of(
    outlook: Outlook,
    as_of: AsOf,
    status: Status,
    due_on: date | None,
    delivered_on: date | None,
) -> Forecast:
    seen_to = min(as_of.dueness, as_of.today)
    is_over = as_of.day < as_of.today
    nights = nights_left(due_on, seen_to, day_is_over=is_over) if due_on else 0
    return outlook.forecast(status, due_on, delivered_on, nights)


def _room(place: Place) -> float:
    """Those without a date or that are done come last."""
    return float("inf") if place.slack_days is None else place.slack_days


def _named(found: Iterable[Place]) -> set[str]:
    return {
        key
        for place in found
        for key in (*place.chain, *place.before, *place.after, *place.uncertain)
    }
