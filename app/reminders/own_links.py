"""Mails with the one link by which an account gets a password. It asked for it, or was invited:
there is nothing to unsubscribe from."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.extensions import db
from app.notices.models import Notice, Parcel, State
from app.notices.setup import MailSetup, derived_token
from app.people.actions.links import make_link
from app.people.models import Account, LinkKind, OneTimeLink
from app.people.queries import link_by_token
from app.reminders.letters import envelope, render
from app.web.languages import available

NOT_AGAIN_WITHIN = timedelta(minutes=15)
RESET_ASKED = "reset"
"""The owner asked: the link is made when it is sent."""


def written(
    session: Session,
    setup: MailSetup,
    account: Account,
    parcel: Parcel,
    notice: Notice,
    now: datetime,
) -> EmailMessage | None:
    """None where the link was used, ended or replaced meanwhile."""
    token = derived_token(current_app.config, notice.facts["nonce"])
    link = link_by_token(session, token, now)
    if link is None and notice.thing == RESET_ASKED and not _had_one(session, notice):
        link = _made(session, account, token, now)
    if link is None:
        return None
    language = account.language if account.language in available() else "en"
    with force_locale(language):
        is_invitation = link.kind is LinkKind.INVITATION
        said = _("You are invited") if is_invitation else _("Set a new password")
        message = envelope(setup, account, f"[TLP:GREEN] {said}", parcel.message_id, now)
        shown = {
            "subject": said,
            "name": account.name,
            "email": account.email,
            "is_invitation": is_invitation,
            "url": f"{setup.root}/links/{token}",
            "until": link.expires_at,
            "zone": account.zone,
            "root": setup.root,
            "language": language,
        }
        render(message, "link", shown)
    return message


def _had_one(session: Session, notice: Notice) -> bool:
    """Whether one was sent just before: nobody's box is filled by somebody who asks and asks."""
    lately = select(Notice.id).where(
        Notice.account_id == notice.account_id,
        Notice.thing == RESET_ASKED,
        Notice.state == State.SENT,
        Notice.queued_at > notice.queued_at - NOT_AGAIN_WITHIN,
    )
    return session.scalars(lately.limit(1)).first() is not None


def _made(session: Session, account: Account, token: str, now: datetime) -> OneTimeLink | None:
    """In a transaction of its own, before it is sent: what is sent must work."""
    account_id = account.id
    session.rollback()  # what it sees is from before the link
    try:
        with db.aside() as own:
            make_link(own, None, own.get_one(Account, account_id), now, token)
    except Refused:
        return None
    return link_by_token(session, token, now)
