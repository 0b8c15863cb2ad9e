"""Reading the outbox and what accounts chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from app.notices.models import Notice, NoticeChoice, Parcel, State, Webhook
from app.notices.rules import CHOICES, STUCK_AFTER, Cadence, Topic, usual

WEEK, LONGEST_DIGEST = timedelta(days=7), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Depth:
    """How much there is in the outbox. `due` could go now; `claimed` is being sent."""

    waiting: int
    due: int
    claimed: int
    given_up: int
    oldest_due: datetime | None


def depth(session: Session, now: datetime) -> Depth:
    waits = Parcel.state == State.WAITING
    due = waits & (Parcel.after <= now)
    row = session.execute(
        select(
            func.count().filter(waits),
            func.count().filter(due),
            func.count().filter(waits & (Parcel.claimed_until > now)),
            func.count().filter(Parcel.state == State.GIVEN_UP),
        )
    ).one()
    oldest = session.scalars(select(Parcel.after).where(due).order_by(Parcel.after).limit(1))
    return Depth(*row, oldest.first())


def stuck(session: Session, now: datetime) -> int:
    """How many should have gone out long ago: nobody sends, or nothing is taken. One address that
    is tried again while others get theirs is not among them."""
    long_ago = now - STUCK_AFTER
    went = select(Parcel.id).where(Parcel.state == State.SENT, Parcel.ended_at > long_ago)
    fails = (Parcel.failures > 0) & (Parcel.queued_at <= long_ago) & not_(went.exists())
    should = (Parcel.after <= long_ago) | fails
    return (
        session.scalar(
            select(func.count()).select_from(Parcel).where(Parcel.state == State.WAITING, should)
        )
        or 0
    )


def choices(session: Session, account_id: int) -> dict[Topic, Cadence]:
    """For every topic, in their order."""
    rows = session.execute(
        select(NoticeChoice.topic, NoticeChoice.cadence).where(
            NoticeChoice.account_id == account_id
        )
    )
    chosen: dict[Topic, Cadence] = {row[0]: row[1] for row in rows}
    return {topic: chosen.get(topic, usual(topic)) for topic in CHOICES}


def log_of(session: Session, account_id: int) -> frozenset[str]:
    """Every occasion for which the account was told, or is going to be."""
    return frozenset(
        session.scalars(select(Notice.occasion).where(Notice.account_id == account_id))
    )


def last_told(session: Session, account_id: int, before: datetime) -> datetime:
    """When the digest before this one was queued; a week ago, where there was none or too long
    ago."""
    newest = select(func.max(Notice.queued_at)).where(
        Notice.account_id == account_id,
        Notice.topic == Topic.DIGEST,
        Notice.queued_at < before,
        Notice.state == State.SENT,
    )
    last, week_ago = session.scalar(newest), before - WEEK
    return last if last is not None and before - last <= LONGEST_DIGEST else week_ago


def notices_in(session: Session, parcel: Parcel) -> Sequence[Notice]:
    return session.scalars(
        select(Notice).where(Notice.parcel_id == parcel.id).order_by(Notice.id)
    ).all()


def failing(session: Session, most: int) -> Sequence[Parcel]:
    """What was given up, and what failed and is tried again: the newest first."""
    query = (
        select(Parcel)
        .where(
            (Parcel.state == State.GIVEN_UP)
            | ((Parcel.state == State.WAITING) & (Parcel.failures > 0))
        )
        .order_by(Parcel.id.desc())
    )
    return session.scalars(query.limit(most)).all()


def webhooks(session: Session) -> Sequence[Webhook]:
    """Those that are called, oldest first."""
    return session.scalars(
        select(Webhook).where(Webhook.ended_at.is_(None)).order_by(Webhook.id)
    ).all()
