"""Making addresses of calendars, and ending them."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.calendars.models import CalendarFeed, FeedPurpose
from app.core.errors import N_, Forbidden, Missing
from app.core.permissions import Actor, Permission, can
from app.meetings.models import MeetingSeries
from app.people.tokens import new_token, token_hash

NOTED_EVERY = timedelta(hours=1)
"""How often it is written down that a feed was read."""


def make_feed(
    session: Session,
    actor: Actor,
    purpose: FeedPurpose,
    series: MeetingSeries | None,
    now: datetime,
) -> tuple[CalendarFeed, str]:
    """A new feed and its secret, which is told this once. One that the account had for the same
    purpose ends."""
    _check_owner(actor)
    if purpose is FeedPurpose.MEMBER and actor.member_id is None:
        raise Forbidden(N_("Only the liaison of a member has a calendar of that member."))
    if (purpose is FeedPurpose.SERIES) != (series is not None):
        raise Missing(N_("There is no such calendar."))
    secret = new_token()
    for former in _working(session, actor, purpose, series):
        former.revoked_at = now
    session.flush()
    made = CalendarFeed(
        account_id=actor.account_id,
        purpose=purpose,
        series_id=series.id if series else None,
        token_hash=token_hash(secret),
        created_at=now,
    )
    session.add(made)
    session.flush()
    _trail(session, actor, "feed.make", made, series, now)
    return made, secret


def revoke_feed(session: Session, actor: Actor, feed: CalendarFeed, now: datetime) -> None:
    """The address answers no more. Only one's own."""
    if feed.account_id != actor.account_id:
        raise Missing(N_("There is no such calendar."))
    if feed.revoked_at is None:
        feed.revoked_at = now
        session.flush()
        _trail(session, actor, "feed.revoke", feed, feed.series, now)


def is_fetch_to_note(feed: CalendarFeed, now: datetime) -> bool:
    return feed.fetched_at is None or feed.fetched_at < now - NOTED_EVERY


def note_fetched(session: Session, feed: CalendarFeed, now: datetime) -> None:
    """For its owner to see whether anything still reads it; a line of the trail once a day."""
    is_first_of_day = feed.fetched_at is None or feed.fetched_at.date() < now.date()
    session.execute(update(CalendarFeed).where(CalendarFeed.id == feed.id).values(fetched_at=now))
    if is_first_of_day:
        record(session, feed.account_id, "feed.used", Subject("feed", str(feed.id)), {}, now)


def _working(
    session: Session, actor: Actor, purpose: FeedPurpose, series: MeetingSeries | None
) -> list[CalendarFeed]:
    query = select(CalendarFeed).where(
        CalendarFeed.account_id == actor.account_id,
        CalendarFeed.purpose == purpose,
        CalendarFeed.series_id == series.id if series else CalendarFeed.series_id.is_(None),
        CalendarFeed.revoked_at.is_(None),
    )
    return list(session.scalars(query))


def _check_owner(actor: Actor) -> None:
    if not can(actor, Permission.ACCOUNT_OWN):
        raise Forbidden(N_("Only who can sign in has calendars."))


def _trail(
    session: Session,
    actor: Actor,
    verb: str,
    feed: CalendarFeed,
    series: MeetingSeries | None,
    now: datetime,
) -> None:
    changes = {"purpose": (None, feed.purpose), "series": (None, series.key if series else None)}
    record(session, actor.account_id, verb, Subject("feed", str(feed.id)), changes, now)
