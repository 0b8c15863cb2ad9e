"""The graph of dependencies on a day, as far as the reader may know of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, DeliverableState, Dependency
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.rules.schedule import Node

AT_ONCE = 500
"""So many are looked up by their numbers in one query."""

Edge = tuple[int, int]
"""A deliverable, and what it needs."""


def nodes(session: Session, reader: Actor | None, as_of: AsOf) -> tuple[Node, ...]:
    """Every deliverable with what it needs: two queries. What the reader may not see is not in
    it, and nothing says that it was needed."""
    edges = select(Dependency.deliverable_id, Dependency.needs_id)
    return _nodes(session, [_standing(reader, as_of)], _edges(session, edges))


def nodes_around(
    session: Session, reader: Actor | None, as_of: AsOf, deliverable_id: int
) -> tuple[Node, ...]:
    """The part of the same graph that decides the place of one deliverable: itself, all that must
    come first and all that waits. Two walks along the dependencies, then one query for each
    portion of those on the way."""
    edges = {*_walk(session, deliverable_id), *_walk(session, deliverable_id, upwards=True)}
    ids = sorted({deliverable_id, *(id_ for edge in edges for id_ in edge)})
    portions = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    queries = [_standing(reader, as_of).where(Deliverable.id.in_(some)) for some in portions]
    return _nodes(session, queries, sorted(edges))


def _walk(session: Session, start: int, *, upwards: bool = False) -> list[Edge]:
    """Every edge below a deliverable, or above it, whoever may know of it."""
    own, other = Dependency.deliverable_id, Dependency.needs_id
    if upwards:
        own, other = other, own
    reached = select(other.label("id")).where(own == start).cte("reached", recursive=True)
    reached = reached.union(select(other).join(reached, own == reached.c.id))
    query = select(Dependency.deliverable_id, Dependency.needs_id).where(
        or_(own == start, own.in_(select(reached.c.id)))
    )
    return _edges(session, query)


def _edges(session: Session, query: Select[int, int]) -> list[Edge]:
    return [(deliverable_id, needs_id) for deliverable_id, needs_id in session.execute(query)]


def _standing(reader: Actor | None, as_of: AsOf) -> Select[Any]:
    return states(
        reader, as_of, Deliverable.id, Deliverable.key, DeliverableState.status, DUE_ON
    ).order_by(Deliverable.key)


def _nodes(
    session: Session, queries: Sequence[Select[Any]], edges: Iterable[Edge]
) -> tuple[Node, ...]:
    found = [row for query in queries for row in session.execute(query)]
    keys = {row.id: row.key for row in found}
    needs: defaultdict[int, list[str]] = defaultdict(list)
    for deliverable_id, needs_id in edges:
        if needs_id in keys:
            needs[deliverable_id].append(keys[needs_id])
    return tuple(
        Node(key, status, due_on, tuple(sorted(needs[id_]))) for id_, key, status, due_on in found
    )
