"""Flags that were muted, as far as a reader may know of what raised them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, FlagMute
from app.deliverables.rules.mutes import Mute
from app.people.models import Account
from app.sharing.queries import visible


def mutes_on(
    session: Session, reader: Actor | None, as_of: AsOf, among: ColumnElement[bool]
) -> defaultdict[int, tuple[Mute, ...]]:
    """Those that hold on the day, by deliverable. `among` narrows the rows of FlagMute."""
    query = _rows(reader).where(FlagMute.holds_on(as_of.day), among)
    found: defaultdict[int, tuple[Mute, ...]] = defaultdict(tuple)
    for deliverable_id, *columns in session.execute(query):
        found[deliverable_id] += (Mute(*columns),)
    return found


def mutes_of(
    session: Session, reader: Actor | None, deliverable: Deliverable, as_of: AsOf
) -> Sequence[Mute]:
    """All that began by the day, the latest first: those that are over are kept."""
    query = _rows(reader).where(
        FlagMute.deliverable_id == deliverable.id, FlagMute.from_on <= as_of.day
    )
    rows = session.execute(query.order_by(FlagMute.from_on.desc(), FlagMute.id.desc()))
    return [Mute(*columns) for _deliverable_id, *columns in rows]


def find(
    session: Session, reader: Actor | None, deliverable: Deliverable, mute_id: int
) -> FlagMute | None:
    return session.scalars(
        select(FlagMute).where(
            FlagMute.id == mute_id,
            FlagMute.deliverable_id == deliverable.id,
            visible(reader, FlagMute),
        )
    ).first()


def _rows(reader: Actor | None) -> Select[Any]:
    """The deliverable, then the fields of a Mute in its order."""
    columns: list[Any] = [
        FlagMute.deliverable_id,
        FlagMute.id,
        FlagMute.flag,
        FlagMute.from_on,
        FlagMute.until_on,
        FlagMute.ended_on,
        FlagMute.reason,
        Account.name,
    ]
    by = FlagMute.recorded_by_id == Account.id
    return select(*columns).join(Account, by).where(visible(reader, FlagMute))
