"""Calendars that somebody subscribed to."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.meetings.models import MeetingSeries
from app.people.models import Account


class FeedPurpose(StrEnum):
    MEMBER = "member"
    """The meetings of the account's member, and what falls due for it."""
    DEADLINES = "deadlines"
    SERIES = "series"


class CalendarFeed(Base, Keyed):
    """A secret address under which a calendar reads on in an account's name. Only the hash of the
    secret is kept. Of one purpose an account has one that works."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint("(purpose = 'series') = (series_id IS NOT NULL)", name="series_named"),
        Index(
            "uq_calendar_feeds_purpose",
            "account_id",
            "purpose",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND series_id IS NULL"),
            postgresql_where=text("revoked_at IS NULL AND series_id IS NULL"),
        ),
        Index(
            "uq_calendar_feeds_series",
            "account_id",
            "series_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL AND series_id IS NOT NULL"),
            postgresql_where=text("revoked_at IS NULL AND series_id IS NOT NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    purpose: Mapped[FeedPurpose] = mapped_column(words(FeedPurpose))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    """About when it was last read: written down once in a while."""
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(lazy="raise")
    series: Mapped[MeetingSeries | None] = relationship(lazy="raise")
