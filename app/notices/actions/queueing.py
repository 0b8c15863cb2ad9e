"""Putting into the outbox what a reader is to be told: once for each occasion."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notices.models import Notice, Parcel, State
from app.notices.rules import Departure, Telling


def tell(
    session: Session,
    account_id: int | None,
    tellings: Iterable[Telling],
    departure: Departure,
    now: datetime,
) -> int:
    """Tell all of it in one mail. How many were new. Where two do so at once, one of them fails
    and keeps nothing: what it wanted to say is said."""
    new = _unknown(session, account_id, list(tellings))
    if not new:
        return 0
    parcel = _open_digest(session, account_id, departure) or _parcel(account_id, departure, now)
    session.add(parcel)
    session.flush()
    session.add_all(
        Notice(
            account_id=account_id,
            occasion=each.occasion,
            topic=each.topic,
            thing=each.thing,
            facts=dict(each.facts),
            parcel_id=parcel.id,
            queued_at=now,
        )
        for each in new
    )
    session.flush()
    return len(new)


def new_message_id() -> str:
    """Without the part behind the @, which is the site's name when it is sent."""
    return secrets.token_hex(16)


def _unknown(session: Session, account_id: int | None, tellings: list[Telling]) -> list[Telling]:
    if account_id is None:
        return tellings
    known = set(
        session.scalars(
            select(Notice.occasion).where(
                Notice.account_id == account_id,
                Notice.occasion.in_([each.occasion for each in tellings]),
            )
        )
    )
    return [each for each in tellings if each.occasion not in known]


def _open_digest(session: Session, account_id: int | None, departure: Departure) -> Parcel | None:
    """The mail in which it goes along, where one waits that nobody has taken up yet."""
    if not departure.digest:
        return None
    query = select(Parcel).where(
        Parcel.account_id == account_id,
        Parcel.digest == departure.digest,
        Parcel.state == State.WAITING,
        Parcel.claimed_until.is_(None),
        Parcel.failures == 0,
    )
    return session.scalars(query.limit(1).with_for_update(skip_locked=True)).first()


def _parcel(account_id: int | None, departure: Departure, now: datetime) -> Parcel:
    return Parcel(
        account_id=account_id,
        digest=departure.digest,
        queued_at=now,
        after=departure.after,
        message_id=new_message_id(),
    )
