"""Signed-in sessions as rows: the cookie holds a random id, the row its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.core.permissions import Actor, Role
from app.members.models import Member
from app.people.models import Account, SecondFactor, SignedInSession
from app.people.rules.lifetimes import SEEN_EVERY, Lifetime
from app.people.tokens import token_hash


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account of a request, as it stood when the request began."""

    session_id: int
    last_seen_at: datetime
    account_id: int
    email: str
    name: str
    role: Role
    member_id: int | None
    member_code: str | None
    zone: str
    language: str
    has_second_factor: bool

    @property
    def actor(self) -> Actor:
        return Actor(self.account_id, self.role, self.member_id)


def find(session: Session, token: str, lifetime: Lifetime, now: datetime) -> SignedIn | None:
    """The account signed in under the token; none once the session or the account has ended."""
    row = session.execute(_open_session(token_hash(token))).one_or_none()
    if row is None or lifetime.is_over(row.created_at, row.last_seen_at, now):
        return None
    values = row._asdict()
    del values["created_at"]
    return SignedIn(**values)


def is_seen_long_ago(signed_in: SignedIn, now: datetime) -> bool:
    return now - signed_in.last_seen_at >= SEEN_EVERY


def note_seen(session: Session, session_id: int, now: datetime) -> None:
    """Write down that the session was used."""
    seen = update(SignedInSession).where(SignedInSession.id == session_id)
    session.execute(seen.values(last_seen_at=now))


def _open_session(hashed: str) -> Select[*tuple[Any, ...]]:
    columns = (
        SignedInSession.id.label("session_id"),
        SignedInSession.created_at,
        SignedInSession.last_seen_at,
        Account.id.label("account_id"),
        Account.email,
        Account.name,
        Account.role,
        Account.member_id,
        Member.code.label("member_code"),
        Account.zone,
        Account.language,
        SecondFactor.confirmed_at.is_not(None).label("has_second_factor"),
    )
    return (
        select(*columns)
        .join(Account, Account.id == SignedInSession.account_id)
        .outerjoin(Member, Member.id == Account.member_id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            SignedInSession.token_hash == hashed,
            SignedInSession.ended_at.is_(None),
            Account.is_active,
        )
    )
