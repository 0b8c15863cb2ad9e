"""What a deliverable can be made to depend on."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, Dependency
from app.deliverables.queries.states import states

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Offer:
    key: str
    title: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """`needed` are the keys that stand; `offers` those, what was chosen, and what was found."""

    needed: tuple[str, ...]
    offers: tuple[Offer, ...]
    is_cut: bool


def offered(
    session: Session,
    reader: Actor,
    deliverable: Deliverable,
    as_of: AsOf,
    text: str,
    chosen: Collection[str] | None = None,
) -> Offered:
    """With `chosen`, those are ticked instead of what stands."""
    columns = states(reader, as_of, Deliverable.key, Deliverable.title).order_by(Deliverable.key)
    needs = select(Dependency.needs_id).where(Dependency.deliverable_id == deliverable.id)
    needed = session.execute(columns.where(Deliverable.id.in_(needs))).all()
    keys = tuple(row.key for row in needed)
    ticked = set(keys if chosen is None else chosen)
    more = session.execute(
        columns.where(
            Deliverable.id != deliverable.id,
            or_(
                Deliverable.key.in_(ticked),
                Deliverable.title.icontains(text, autoescape=True),
                Deliverable.key.icontains(text, autoescape=True),
            ),
        )
    ).all()
    others = [row for row in more if row.key not in {*keys, *ticked}]
    first = [*needed, *(row for row in more if row.key in ticked and row.key not in keys)]
    shown = [*first, *others[:MOST_FOUND]]
    offers = tuple(Offer(row.key, row.title, row.key in ticked) for row in shown)
    return Offered(keys, offers, len(others) > MOST_FOUND)
