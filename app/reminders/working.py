"""One round of work: look who is to be told what, hand on what happened, send what is due.

Several may do so at once. Each step is a short transaction of its own; nothing is held while a
server takes its time.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.markings import Channel
from app.core.permissions import Role
from app.extensions import db
from app.notices.actions import clearing, happening, sending, tell
from app.notices.models import Parcel, State
from app.notices.queries import choices, log_of, notices_in
from app.notices.rules import Cadence, Departure, Telling, Topic, departure
from app.notices.setup import MailSetup, mail_setup
from app.notices.transport import TIMEOUT, Never, NotNow, Post
from app.people.models import Account
from app.reminders import own_links
from app.reminders.letters import Writer, sender_address
from app.reminders.queries import settings
from app.reminders.rounds import Clock, Done, IsOver
from app.reminders.rules import Day, digest_of, to_tell
from app.reminders.sources import things
from app.reminders.sources.look import Look

STALE_NEWS = timedelta(days=7)


def queue_due(now: datetime, done: Done, is_over: IsOver) -> None:
    """Put into the outbox what the log does not have. Nothing where mail is not set up: whoever
    sets it up later must not find a year of it."""
    if mail_setup(current_app.config) is None:
        return
    with db.glance() as session:
        readers = list(
            session.scalars(
                select(Account.id)
                .where(Account.is_active, Account.role != Role.RECORDER)
                .order_by(Account.id)
            )
        )
    for account_id in readers:
        if is_over():
            return
        done.queued += _queue_for(account_id, now)


def send_mails(clock: Clock, done: Done, is_over: IsOver) -> None:
    """All that are due, until it `is_over`; stops where the server takes none."""
    setup = mail_setup(current_app.config)
    if setup is None:
        return
    with Post(setup.server, current_app.config.get("MAIL_TIMEOUT", TIMEOUT)) as post:
        while not is_over():
            with db.aside() as session:
                parcel = sending.claim_next(
                    session, clock(), current_app.config["OUTBOX_LEASE"], calls=False
                )
            if parcel is None or not _send(parcel, setup, post, clock, done):
                return


def clear_old(now: datetime, is_over: IsOver) -> int:
    """Take out of the outbox what ended long ago; how many rows went."""
    before, gone = now - current_app.config["OUTBOX_KEPT"], 0
    while not is_over():
        with db.glance() as session:
            if not clearing.is_any_old(session, before):
                break
        with db.aside() as session:
            some = clearing.clear_old(session, before)
        if not some:
            break  # another worker is at it
        gone += some
    return gone


def is_news(now: datetime) -> bool:
    """Whether anything happened that was not handed on yet."""
    with db.glance() as session:
        return happening.is_news(session, now - STALE_NEWS)


def _queue_for(account_id: int, now: datetime) -> int:
    with db.glance() as session:
        account = session.get_one(Account, account_id)
        zone, chosen = ZoneInfo(account.zone), choices(session, account_id)
        tellings = _wanted(session, account, now)
    leaving: dict[Departure, list[Telling]] = {}
    for each in tellings:
        cadence = chosen.get(each.topic, Cadence.IMMEDIATELY)
        # The digest is weekly by itself.
        is_digest = each.topic is Topic.DIGEST and cadence is Cadence.WEEKLY
        goes = departure(Cadence.IMMEDIATELY if is_digest else cadence, now, zone)
        if goes is not None:
            leaving.setdefault(goes, []).append(each)
    if not leaving:
        return 0
    try:
        with db.aside() as session:
            return sum(tell(session, account_id, told, at, now) for at, told in leaving.items())
    except IntegrityError:
        return 0  # another worker did it at the same time


def _wanted(session: Session, account: Account, now: datetime) -> list[Telling]:
    look = Look(session, account.actor, now, settings(session)).through(Channel.EXPORT)
    log = log_of(session, account.id)
    today = Day(look.as_of.day, look.as_of.dueness)
    found = to_tell(things(look), log, today)
    week = digest_of(now.astimezone(ZoneInfo(account.zone)).date())
    is_new = digest_of(account.created_at.date()) == week
    if week not in log and not is_new:
        found.append(Telling(week, Topic.DIGEST, "digest"))
    return found


def _send(parcel: Parcel, setup: MailSetup, post: Post, clock: Clock, done: Done) -> bool:
    """False where nothing else is to be tried now."""
    try:
        made = _written(parcel, setup, clock())
    except Exception as error:
        # One that cannot be written must not keep all that wait behind it.
        current_app.logger.exception("mail %s could not be written", parcel.message_id)
        done.failed += 1
        done.errors.append(f"could not be written: {type(error).__name__}")
        with db.aside() as session:
            sending.failed(session, parcel, done.errors[-1], clock())
        return True
    if made is None:
        with db.aside() as session:
            done.dropped += sending.dropped(session, parcel, clock())
        return True
    message, to, untold = made
    try:
        post.send(message, sender_address(setup), to)
    except NotNow as reason:
        done.failed += 1
        done.errors.append(str(reason))
        with db.aside() as session:
            sending.failed(session, parcel, str(reason), clock(), is_away=reason.is_away)
        return not reason.is_everything
    except Never as reason:
        done.given_up += 1
        done.errors.append(str(reason))
        with db.aside() as session:
            sending.refused(session, parcel, str(reason), clock())
        return True
    with db.aside() as session:
        sending.drop_notices(session, list(untold))
        done.sent += sending.sent(session, parcel, clock())
    return True


def _written(parcel: Parcel, setup: MailSetup, now: datetime) -> Any:
    """The message, to whom, and which notices are not in it; None where nothing is to be said."""
    with db.glance() as session:
        account = session.get(Account, parcel.account_id) if parcel.account_id else None
        if account is None or not account.is_active or account.role is Role.RECORDER:
            return None
        notices = notices_in(session, parcel)
        waiting = [notice for notice in notices if notice.state is State.WAITING]
        if any(notice.topic is Topic.ACCOUNT for notice in waiting):
            message = own_links.written(session, setup, account, parcel, waiting[0], now)
            return None if message is None else (message, account.email, ())
        writer = Writer(session, setup, account, now)
        letter = writer.letter(waiting)
        if letter is None:
            return None
        return writer.message(letter, parcel.message_id), account.email, letter.untold
