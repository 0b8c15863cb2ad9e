"""Accounts and the sessions in which they are signed in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.permissions import Actor, Role
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
