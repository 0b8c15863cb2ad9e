"""Tokens of the API: made once, used often, ended for good."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.audit.actions import Subject, record
from app.core.errors import N_, Forbidden, Missing, Refused
from app.core.permissions import Actor, Permission, Scope, can
from app.people.actions.trail import by
from app.people.models import Account, ApiToken
from app.people.tokens import new_token, token_hash

DAYS, MOST_DAYS = 90, 366
LONGEST_NAME = 100
MOST = 50
"""Tokens of one account that live at the same time."""
PREFIX = "tracker_"
"""So that whoever finds one in a file knows what it opens."""
NOTED_EVERY = timedelta(hours=1)
"""How often it is written down that a token was used."""


def make_token(
    session: Session,
    actor: Actor | None,
    account: Account,
    name: str,
    scope: Scope,
    days: int,
    now: datetime,
) -> tuple[ApiToken, str]:
    """A token and its secret, which is told this once. No actor: the command line."""
    _check_owner(actor, account)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Refused(N_("Say in up to 100 characters what the token is for."), field="name")
    if not 1 <= days <= MOST_DAYS:
        raise Refused(N_("A token lives for 1 to 366 days."), field="days")
    if _living(session, account.id, now) >= MOST:
        raise Refused(N_("This account has as many tokens as it may. End some first."))
    secret = PREFIX + new_token()
    made = ApiToken(
        account_id=account.id,
        name=name.strip(),
        token_hash=token_hash(secret),
        scope=scope,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(made)
    session.flush()
    changes = {
        "account": (None, account.email),
        "name": (None, made.name),
        "scope": (None, scope),
        "expires_at": (None, made.expires_at),
    }
    record(session, by(actor), "token.make", _subject(made), changes, now)
    return made, secret


def revoke_token(session: Session, actor: Actor | None, token: ApiToken, now: datetime) -> None:
    """It opens nothing any more. One's own; the command line ends any."""
    if actor is not None and token.account_id != actor.account_id:
        raise Missing(N_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = now
        session.flush()
        record(
            session, by(actor), "token.revoke", _subject(token), {"name": (token.name, None)}, now
        )


def is_use_to_note(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or last_used_at < now - NOTED_EVERY


def note_used(session: Session, token_id: int, now: datetime) -> None:
    """For its owner to see whether anything still uses it; a line of the trail at the first use
    and at the first of each day, so that it says who asked without being flooded."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None or not is_use_to_note(token.last_used_at, now):
        return
    is_first_of_day = token.last_used_at is None or token.last_used_at.date() < now.date()
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))
    if is_first_of_day:
        record(session, token.account_id, "token.used", _subject(token), {}, now)


def _living(session: Session, account_id: int, now: datetime) -> int:
    living = select(func.count()).where(
        ApiToken.account_id == account_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now,
    )
    return session.scalar(living) or 0


def _check_owner(actor: Actor | None, account: Account) -> None:
    if actor is not None and (
        account.id != actor.account_id or not can(actor, Permission.ACCOUNT_OWN)
    ):
        raise Forbidden(N_("Everybody makes tokens for their own account alone."))
    if actor is None and not can(account.actor, Permission.ACCOUNT_OWN):
        raise Forbidden(N_("The account of imports has no tokens."))
    if not account.is_active:
        raise Refused(N_("This account is deactivated."))


def _subject(token: ApiToken) -> Subject:
    return Subject("token", str(token.id))
