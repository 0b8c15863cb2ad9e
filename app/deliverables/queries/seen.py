"""How what a reader sees is marked."""

from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.markings import Marking, highest
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, DeliverableState
from app.deliverables.queries.states import states


def highest_seen(session: Session, reader: Actor | None, as_of: AsOf) -> Marking:
    """The highest marking of the deliverables and updates that make up the reader's counts on the
    day; at least GREEN, as the plan around them is for those with an account."""
    query = states(reader, as_of, Deliverable.marking, DeliverableState.marking).distinct()
    found = (marking for row in session.execute(query) for marking in row)
    return highest([Marking.GREEN, *found])
