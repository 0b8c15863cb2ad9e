"""What follows for deliverables when a deadline moves."""

from datetime import date

from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, DeliverableState
from app.deliverables.queries.nodes import nodes
from app.deliverables.queries.outlook import titles
from app.deliverables.queries.proposals import WhatFollows
from app.deliverables.queries.states import states
from app.deliverables.rules.schedule import knock_on


def what_a_deadline_moves(
    session: Session, reader: Actor, deadline_id: int, due_on: date, as_of: AsOf
) -> WhatFollows:
    """Everything due at the deadline moves along, as far as the reader may know of it."""
    at_it = states(reader, as_of, Deliverable.key).where(
        DeliverableState.deadline_id == deadline_id, DeliverableState.own_due_on.is_(None)
    )
    due = dict.fromkeys(session.scalars(at_it), due_on)
    found = knock_on(nodes(session, reader, as_of), due, as_of.dueness)
    clashing = {key for clash in (*found.clashes_made, *found.clashes_ended) for key in clash}
    moving = {key for key, _was, _will in found.moved}
    losing = {key for key, _was, _left in found.room_lost}
    late = {*found.overdue_made, *found.overdue_ended}
    named = titles(session, reader, as_of, clashing | moving | losing | late)
    return WhatFollows(due_on, found, dict(named))
