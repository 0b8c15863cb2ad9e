"""Accounts and the sessions in which they are signed in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.permissions import Actor, Role, Scope
from app.members.models import Member


class Account(Base, Keyed):
    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("(role = 'liaison') = (member_id IS NOT NULL)", name="liaison_of_member"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    """The whole name as its owner writes it; never taken apart."""
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    """Empty: cannot sign in with a password."""
    role: Mapped[Role] = mapped_column(words(Role))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    zone: Mapped[str] = mapped_column(String(60), default="UTC")
    language: Mapped[str] = mapped_column(String(20), default="en")
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    reset_asked_at: Mapped[datetime | None]
    """When somebody said on the sign-in page that its password is forgotten, and nobody acted."""
    tokens_ended_at: Mapped[datetime | None]
    """Tokens made up to then are dead, whatever they open: see `token_lives`."""
    member: Mapped[Member | None] = relationship(lazy="raise")

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.role, self.member_id)


class SignedInSession(Base, Keyed):
    """One signed-in browser. The cookie holds the id; only its hash is kept."""

    __tablename__ = "signed_in_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
    account: Mapped[Account] = relationship(lazy="raise")


class ApiToken(Base, Keyed):
    """By which a program asks the API in the account's name. Only its hash is kept. It dies with
    the account, and what it may do is never more than what the account's role may at the time."""

    __tablename__ = "api_tokens"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    """What its owner uses it for."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[Scope] = mapped_column(words(Scope))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """About when: written down once in a while."""
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="raise")


class LinkKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class OneTimeLink(Base, Keyed):
    """A link by which an account gets a password, once. Only the hash of its token is kept."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        Index(
            "uq_one_time_links_open",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    kind: Mapped[LinkKind] = mapped_column(words(LinkKind))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """None: the command line."""
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was used, or another took its place, or the account was closed."""
    account: Mapped[Account] = relationship(lazy="raise", foreign_keys=account_id)


class SecondFactor(Base, Keyed):
    """The key that an account shares with an app that shows codes (RFC 6238)."""

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), unique=True
    )
    key: Mapped[str] = mapped_column(String(64))
    """In base 32, as apps take it. To check a code it has to be known, so it is no hash."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When a first code showed that the app has the key; before that it is asked nowhere."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The half-minute of the last code that was taken: none is taken twice."""


class RecoveryCode(Base, Keyed):
    """Stands in for the second factor, once. It has 120 random bits; only its hash is kept."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]


class AttemptCount(Base, Keyed):
    """How often in a row it failed in one place. Which place is known by a keyed hash alone."""

    __tablename__ = "attempt_counts"

    place: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(index=True)
