"""Feeds: by their secret, and those of an account."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.calendars.models import CalendarFeed
from app.core.permissions import Actor
from app.people.models import Account
from app.people.queries import token_lives
from app.people.tokens import token_hash


def by_secret(session: Session, secret: str) -> CalendarFeed | None:
    """One that works, with its account: neither revoked, nor its account closed since."""
    query = (
        select(CalendarFeed)
        .join(Account, Account.id == CalendarFeed.account_id)
        .where(
            CalendarFeed.token_hash == token_hash(secret),
            CalendarFeed.revoked_at.is_(None),
            token_lives(CalendarFeed.created_at.expression),
        )
        .options(joinedload(CalendarFeed.account), joinedload(CalendarFeed.series))
    )
    return session.scalars(query).one_or_none()


def working(session: Session, actor: Actor) -> Sequence[CalendarFeed]:
    """The account's own, oldest first."""
    return session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.account_id == actor.account_id, CalendarFeed.revoked_at.is_(None))
        .options(joinedload(CalendarFeed.series))
        .order_by(CalendarFeed.id)
    ).all()


def own(session: Session, actor: Actor, feed_id: int) -> CalendarFeed | None:
    query = select(CalendarFeed).where(
        CalendarFeed.id == feed_id, CalendarFeed.account_id == actor.account_id
    )
    return session.scalars(query.options(joinedload(CalendarFeed.series))).one_or_none()
