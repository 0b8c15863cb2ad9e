"""Saying that something happened, in the transaction of what happened."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.audit.actions import Subject
from app.core.clock import today
from app.core.permissions import Actor, Role
from app.notices.models import Occurrence
from app.notices.rules import Happening


def happened(
    session: Session,
    actor: Actor,
    happening: Happening,
    about: Subject,
    now: datetime,
    *,
    number: int | None = None,
    on: date | None = None,
) -> None:
    """`on` is the day from which it holds. An import tells of what it changes today and of nothing
    that lies in the past."""
    all_happened(session, actor, happening, [(about, number, on)], now)


def all_happened(
    session: Session,
    actor: Actor,
    happening: Happening,
    abouts: Iterable[tuple[Subject, int | None, date | None]],
    now: datetime,
) -> None:
    """The same of many things: what each is about, its number, and the day from which it holds."""
    is_import, day = actor.role is Role.RECORDER, today(now)
    rows = [
        {
            "happening": happening,
            "subject_kind": about.kind,
            "subject_key": about.key,
            "number": number,
            "account_id": actor.account_id,
            "at": now,
        }
        for about, number, on in abouts
        if not is_import or (on is not None and on >= day)
    ]
    if rows:
        session.execute(insert(Occurrence), rows)


def newest(session: Session) -> int:
    """The number of the last that happened."""
    return session.scalar(select(func.max(Occurrence.id))) or 0


def untold(session: Session, up_to: int, most: int) -> list[Occurrence]:
    """The oldest that were not handed on, held by this transaction alone."""
    query = (
        select(Occurrence)
        .where(Occurrence.told_at.is_(None), Occurrence.id <= up_to)
        .order_by(Occurrence.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def mark_told(session: Session, told: list[Occurrence], now: datetime) -> None:
    ids = [each.id for each in told]
    session.execute(update(Occurrence).where(Occurrence.id.in_(ids)).values(told_at=now))


def is_news(session: Session, since: datetime) -> bool:
    """Whether there is anything that was not handed on."""
    query = select(Occurrence.id).where(Occurrence.told_at.is_(None), Occurrence.at > since)
    return session.scalars(query.limit(1)).first() is not None
