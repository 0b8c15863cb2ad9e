"""Signed-in sessions as rows: the cookie holds a random id, the row its hash."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
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


_SESSION, _ACCOUNT = SignedInSession.__table__, Account.__table__
_MEMBER, _FACTOR = Member.__table__, SecondFactor.__table__
OPEN_SESSION = (
    select(
        _SESSION.c.id.label("session_id"),
        _SESSION.c.created_at,
        _SESSION.c.last_seen_at,
        _ACCOUNT.c.id.label("account_id"),
        _ACCOUNT.c.email,
        _ACCOUNT.c.name,
        _ACCOUNT.c.role,
        _ACCOUNT.c.member_id,
        _MEMBER.c.code.label("member_code"),
        _ACCOUNT.c.zone,
        _ACCOUNT.c.language,
        _FACTOR.c.confirmed_at.is_not(None).label("has_second_factor"),
    )
    .join(_ACCOUNT, _ACCOUNT.c.id == _SESSION.c.account_id)
    .outerjoin(_MEMBER, _MEMBER.c.id == _ACCOUNT.c.member_id)
    .outerjoin(_FACTOR, _FACTOR.c.account_id == _ACCOUNT.c.id)
    .where(
        _SESSION.c.token_hash == bindparam("hashed"),
        _SESSION.c.ended_at.is_(None),
        _ACCOUNT.c.is_active,
    )
)
"""Asked for each request: put together once, and past the ORM."""


def find(session: Session, token: str, lifetime: Lifetime, now: datetime) -> SignedIn | None:
    """The account signed in under the token; none once the session or the account has ended."""
    row = session.connection().execute(OPEN_SESSION, {"hashed": token_hash(token)}).one_or_none()
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
