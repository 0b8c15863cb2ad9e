"""The graph of dependencies on a day, as far as the reader may know of it."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, DeliverableState, Dependency
from app.deliverables.queries.states import DUE_ON, states
from app.deliverables.rules.schedule import Node


def nodes(session: Session, reader: Actor | None, as_of: AsOf) -> tuple[Node, ...]:
    """Every deliverable with what it needs: two queries. What the reader may not see is not in
    it, and nothing says that it was needed."""
    columns = (Deliverable.id, Deliverable.key, DeliverableState.status, DUE_ON)
    found = session.execute(states(reader, as_of, *columns).order_by(Deliverable.key)).all()
    keys = {row.id: row.key for row in found}
    needs: defaultdict[int, list[str]] = defaultdict(list)
    edges = select(Dependency.deliverable_id, Dependency.needs_id)
    for deliverable_id, needs_id in session.execute(edges):
        if needs_id in keys:
            needs[deliverable_id].append(keys[needs_id])
    return tuple(
        Node(key, status, due_on, tuple(sorted(needs[id_]))) for id_, key, status, due_on in found
    )
