"""What happened and is to be told, to whom it was told, and what goes out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed, words
from app.notices.rules import Cadence, Happening, Topic


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    """When it should have gone, it was no longer so, or no longer for this reader."""
    GIVEN_UP = "given_up"
    """Refused for good, or tried too often."""


class Occurrence(Base, Keyed):
    """That something happened, written in the transaction of the change itself. It holds no more
    than what it is about: what is told of it is asked when it is told."""

    __tablename__ = "occurrences"
    __table_args__ = (
        Index(
            "ix_occurrences_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    happening: Mapped[Happening] = mapped_column(words(Happening))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int | None]
    """Of the very row, where the subject has many: an update, a question, a version."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who did it."""
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When it was handed on to the outbox."""


class Webhook(Base, Keyed):
    """An address elsewhere that is told of what happens, as far as its account may know."""

    __tablename__ = "webhooks"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    url: Mapped[str] = mapped_column(String(2000))
    happenings: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String(64))
    """Signs what is sent. To sign with it, it has to be known, so it is no hash."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_result: Mapped[str] = mapped_column(String(200), default="")


class Parcel(Base, Keyed):
    """The outbox: one mail to an account, or one call of a webhook. Whoever sends claims it first;
    a claim lapses, so that what was claimed by somebody who died is sent all the same."""

    __tablename__ = "parcels"
    __table_args__ = (
        CheckConstraint(
            "(webhook_id IS NULL) = (occurrence_id IS NULL)", name="call_of_occurrence"
        ),
        UniqueConstraint("webhook_id", "occurrence_id"),
        Index(
            "ix_parcels_waiting",
            "after",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_parcels_account_id", "account_id", "digest"),
        Index("ix_parcels_ended_at", "ended_at"),
    )

    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """None: for an address that has no account. It goes nowhere."""
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int | None] = mapped_column(
        ForeignKey("occurrences.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(40), default="")
    queued_at: Mapped[datetime]
    after: Mapped[datetime]
    """Not before then; moved on by each failure."""
    state: Mapped[State] = mapped_column(words(State), default=State.WAITING)
    failures: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str] = mapped_column(String(32), default="")
    claimed_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(String(80), unique=True)
    """The same at every try: whoever gets it twice can tell."""
    error: Mapped[str] = mapped_column(Text, default="")


class Notice(Base, Keyed):
    """The log: that a reader is told, or was told, of one occasion. There is one row for each, so
    nobody is told twice; the words are found when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("account_id", "occasion"),
        Index("ix_notices_parcel_id", "parcel_id"),
    )

    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    occasion: Mapped[str] = mapped_column(String(200))
    topic: Mapped[Topic] = mapped_column(words(Topic))
    thing: Mapped[str] = mapped_column(String(120))
    """What it is about, as its source names it."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcels.id", ondelete="SET NULL"))
    """None: it left the outbox, long after it ended."""
    queued_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(words(State), default=State.WAITING)


class NoticeChoice(Base):
    """How often an account wants to be told of a topic, where it is not the usual."""

    __tablename__ = "notice_choices"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[Topic] = mapped_column(words(Topic), primary_key=True)
    cadence: Mapped[Cadence] = mapped_column(words(Cadence))
