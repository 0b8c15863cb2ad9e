"""Opening and ending sessions."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit import actions as audit
from app.audit.actions import Subject
from app.core.permissions import Actor
from app.people.actions.trail import by, subject
from app.people.models import Account, SignedInSession


def sign_in(
    session: Session,
    account_id: int,
    token_hash: str,
    address: str,
    agent: str,
    now: datetime,
    how: str = "password",
) -> None:
    """Open a session for an account whose proofs were found right. `how`: which proofs."""
    session.add(
        SignedInSession(
            token_hash=token_hash,
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            address=address[:64],
            agent=agent[:300],
        )
    )
    account = session.get_one(Account, account_id)
    changes = {"how": (None, how)}
    audit.record(session, account_id, "account.signed_in", subject(account), changes, now, address)


def record_failure(session: Session, email: str, why: str, now: datetime) -> None:
    """That somebody did not get in. `email` is that of an account, or empty where what was typed
    belongs to none: it may have been a password."""
    about, changes = Subject("account", email), {"why": (None, why)}
    audit.record(session, None, "account.sign_in_failed", about, changes, now)


def sign_out(session: Session, actor: Actor, session_id: int, now: datetime) -> None:
    """End the session that the actor is in."""
    found = _open(session, actor, session_id)
    if found is not None:
        found.ended_at = now
        _record(session, actor, "account.signed_out", now)


def end_session(session: Session, actor: Actor, session_id: int, now: datetime) -> bool:
    """End one of the actor's own sessions. False where there is no such session to end."""
    found = _open(session, actor, session_id)
    if found is None:
        return False
    found.ended_at = now
    _record(session, actor, "account.session_ended", now)
    return True


def end_others(session: Session, actor: Actor, keep_session: int, now: datetime) -> None:
    """End every session of the actor but one."""
    end_all(session, actor.account_id, now, but=keep_session)
    _record(session, actor, "account.sessions_ended", now)


def end_sessions_of(session: Session, actor: Actor | None, account: Account, now: datetime) -> None:
    """End every session of an account."""
    end_all(session, account.id, now)
    audit.record(session, by(actor), "account.sessions_ended", subject(account), {}, now)


def end_all(session: Session, account_id: int, now: datetime, but: int | None = None) -> None:
    """What other actions do on the way; they write their own line."""
    still_open = update(SignedInSession).where(
        SignedInSession.account_id == account_id, SignedInSession.ended_at.is_(None)
    )
    if but is not None:
        still_open = still_open.where(SignedInSession.id != but)
    session.execute(still_open.values(ended_at=now))


def _open(session: Session, actor: Actor, session_id: int) -> SignedInSession | None:
    return session.scalars(
        select(SignedInSession).where(
            SignedInSession.id == session_id,
            SignedInSession.account_id == actor.account_id,
            SignedInSession.ended_at.is_(None),
        )
    ).one_or_none()


def _record(session: Session, actor: Actor, verb: str, now: datetime) -> None:
    account = session.get_one(Account, actor.account_id)
    audit.record(session, actor.account_id, verb, subject(account), {}, now)
