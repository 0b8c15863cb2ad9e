"""Filters that were kept under a name."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.permissions import Actor
from app.deliverables.models import SavedView
from app.people.models import Account


def own_views(session: Session, reader: Actor) -> Sequence[SavedView]:
    own = SavedView.account_id == reader.account_id
    return session.scalars(select(SavedView).where(own).order_by(SavedView.name)).all()


def shared_views(session: Session, reader: Actor) -> Sequence[SavedView]:
    """Those of others, with the account that keeps each."""
    return session.scalars(
        select(SavedView)
        .where(SavedView.account_id != reader.account_id, SavedView.is_shared)
        .options(joinedload(SavedView.account).load_only(Account.id, Account.name))
        .order_by(SavedView.name, SavedView.id)
        .limit(100)
    ).all()


def find_view(session: Session, reader: Actor, key: str) -> SavedView | None:
    """One's own, or one that its owner shares."""
    mine_or_shared = or_(SavedView.account_id == reader.account_id, SavedView.is_shared)
    return session.scalars(select(SavedView).where(SavedView.key == key, mine_or_shared)).first()


def find_own(session: Session, reader: Actor, key: str) -> SavedView | None:
    own = SavedView.account_id == reader.account_id
    return session.scalars(select(SavedView).where(SavedView.key == key, own)).first()
