"""What was logged last."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.clock import AsOf
from app.core.permissions import Actor
from app.deliverables.models import Deliverable, Evidence, StatusUpdate
from app.deliverables.queries.filters import EVERYTHING, Filter
from app.deliverables.queries.states import corrected, states
from app.people.models import Account
from app.sharing.queries import visible


def latest_updates(
    session: Session,
    reader: Actor | None,
    as_of: AsOf,
    which: Filter = EVERYTHING,
    *,
    limit: int,
) -> Sequence[StatusUpdate]:
    """Those that hold from a day up to the one asked for, newest first; corrected ones are out."""
    return session.scalars(
        select(StatusUpdate)
        .where(
            StatusUpdate.effective_on <= as_of.day,
            StatusUpdate.id.not_in(corrected(reader)),
            visible(reader, StatusUpdate),
            *_among(reader, as_of, which),
        )
        .options(
            joinedload(StatusUpdate.deliverable),
            joinedload(StatusUpdate.source),
            joinedload(StatusUpdate.member),
            joinedload(StatusUpdate.account).load_only(Account.id, Account.name, Account.role),
            selectinload(StatusUpdate.evidence.and_(visible(reader, Evidence))),
        )
        .order_by(StatusUpdate.effective_on.desc(), StatusUpdate.id.desc())
        .limit(limit)
    ).all()


def _among(reader: Actor | None, as_of: AsOf, which: Filter) -> list[ColumnElement[bool]]:
    """What has an update by the day exists on it: for everything there is nothing to look up."""
    if which == EVERYTHING:
        return []
    ids = which.narrow(states(reader, as_of, Deliverable.id), as_of)
    return [StatusUpdate.deliverable_id.in_(ids)]
