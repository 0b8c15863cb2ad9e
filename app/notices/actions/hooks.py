"""Webhooks: making them, ending them, and handing on to them what happened."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Conflict, Forbidden, Refused
from app.core.permissions import Actor, Permission, can
from app.notices.actions.queueing import new_message_id
from app.notices.calling import NotCalled, checked
from app.notices.models import Occurrence, Parcel, Webhook
from app.notices.queries import webhooks
from app.notices.rules import Happening

MOST = 20


def subscribe(
    session: Session,
    actor: Actor,
    url: str,
    happenings: Collection[Happening],
    secret: str,
    now: datetime,
) -> Webhook:
    """It is told of what its account may know, from now on."""
    _check_keeper(actor)
    try:
        checked(url)
    except NotCalled:
        raise Refused(N_("This is no address of the web."), field="address") from None
    if not happenings:
        raise Refused(N_("Choose at least one thing that it is told of."), field="happenings")
    if len(webhooks(session)) >= MOST:
        raise Conflict(N_("There are as many webhooks as there can be. End one first."))
    made = Webhook(
        account_id=actor.account_id,
        url=url,
        happenings=sorted(each.value for each in happenings),
        secret=secret,
        created_at=now,
    )
    session.add(made)
    session.flush()
    changes = {"url": (None, url), "happenings": (None, made.happenings)}
    record(session, actor.account_id, "webhook.make", _subject(made), changes, now)
    return made


def end(session: Session, actor: Actor, webhook: Webhook, now: datetime) -> None:
    """Nothing that waits goes out to it any more."""
    _check_keeper(actor)
    if webhook.ended_at is None:
        webhook.ended_at = now
        session.flush()
        record(session, actor.account_id, "webhook.end", _subject(webhook), {}, now)


def hand_on(session: Session, news: Sequence[Occurrence], now: datetime) -> int:
    """Into the outbox, once for each webhook that wants it. How many."""
    made = [
        Parcel(
            account_id=webhook.account_id,
            webhook_id=webhook.id,
            occurrence_id=occurrence.id,
            queued_at=now,
            after=now,
            message_id=new_message_id(),
        )
        for webhook in (webhooks(session) if news else ())
        for occurrence in news
        if occurrence.happening.value in webhook.happenings and occurrence.at >= webhook.created_at
    ]
    session.add_all(made)
    session.flush()
    return len(made)


def note_result(session: Session, webhook_id: int, result: str, now: datetime) -> None:
    this = update(Webhook).where(Webhook.id == webhook_id)
    session.execute(this.values(last_at=now, last_result=result[:200]))


def find(session: Session, webhook_id: int) -> Webhook | None:
    query = select(Webhook).where(Webhook.id == webhook_id, Webhook.ended_at.is_(None))
    return session.scalars(query).first()


def _subject(webhook: Webhook) -> Subject:
    return Subject("webhook", str(webhook.id))


def _check_keeper(actor: Actor) -> None:
    if not can(actor, Permission.OUTBOX_TEND):
        raise Forbidden(N_("Only coordinators and administrators keep webhooks."))
