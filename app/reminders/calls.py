"""Handing on what happened to webhooks, and calling them."""

import json
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from app.core.permissions import Permission, can
from app.extensions import db
from app.notices.actions import happening, hooks, sending
from app.notices.calling import Call, NotCalled, call, signed_call
from app.notices.models import Occurrence, Parcel, Webhook
from app.people.models import Account
from app.reminders.events import event
from app.reminders.rounds import Clock, Done, IsOver

AT_ONCE = 200


def newest() -> int:
    with db.glance() as session:
        return happening.newest(session)


def hand_on(up_to: int, now: datetime, done: Done) -> None:
    """All that happened up to this one and was not handed on yet."""
    while True:
        with db.aside() as session:
            news = happening.untold(session, up_to, AT_ONCE)
            done.queued += hooks.hand_on(session, news, now)
            happening.mark_told(session, news, now)
        if len(news) < AT_ONCE:
            return


def send_calls(clock: Clock, done: Done, is_over: IsOver) -> None:
    """All that are due, until it `is_over`."""
    while not is_over():
        with db.aside() as session:
            lease = current_app.config["OUTBOX_LEASE"]
            parcel = sending.claim_next(session, clock(), lease, calls=True)
        if parcel is None:
            return
        _send(parcel, clock, done)


def _send(parcel: Parcel, clock: Clock, done: Done) -> None:
    with db.glance() as session:
        made = _written(session, parcel, clock())
    if made is None:
        with db.aside() as session:
            done.dropped += sending.dropped(session, parcel, clock())
        return
    try:
        result = str(call(made, current_app.config["WEBHOOKS_TO"]))
    except NotCalled as reason:
        done.failed += 1
        done.errors.append(f"{made.url}: {reason}")
        with db.aside() as session:
            sending.failed(session, parcel, str(reason), clock())
            _note(session, parcel, str(reason), clock())
        return
    with db.aside() as session:
        done.sent += sending.sent(session, parcel, clock())
        _note(session, parcel, result, clock())


def _written(session: Session, parcel: Parcel, now: datetime) -> Call | None:
    """None where it is ended, or where its account may not know of it, or may not any more."""
    webhook = session.get_one(Webhook, parcel.webhook_id)
    occurrence = session.get_one(Occurrence, parcel.occurrence_id)
    account = session.get_one(Account, webhook.account_id)
    keeps = account.is_active and can(account.actor, Permission.OUTBOX_TEND)
    if webhook.ended_at is not None or not keeps:
        return None
    root = current_app.config["PUBLIC_URL"]
    told = event(session, account.actor, occurrence, root, now)
    if told is None:
        return None
    body = json.dumps({"id": parcel.message_id, **told}, ensure_ascii=False).encode()
    return signed_call(webhook.url, webhook.secret, parcel.message_id, body, now)


def _note(session: Session, parcel: Parcel, result: str, now: datetime) -> None:
    assert parcel.webhook_id is not None  # noqa: S101 - it is a call
    hooks.note_result(session, parcel.webhook_id, result, now)
