"""The dates that the network works towards."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.core.history import Dated, Exists, Spanned
from app.members.models import Member
from app.sources.models import Sourced


class DeadlineKind(StrEnum):
    CONVENING = "convening"
    SUMMIT = "summit"
    EXTERNAL = "external"
    INTERNAL = "internal"


class Deadline(Base, Keyed, Exists, Sourced):
    __tablename__ = "deadlines"

    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[DeadlineKind] = mapped_column(words(DeadlineKind))
    place: Mapped[str] = mapped_column(String(200), default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    is_public: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    host: Mapped[Member | None] = relationship(lazy="raise")
    dates: Mapped[list["DeadlineDate"]] = relationship(
        order_by="DeadlineDate.id", lazy="raise", back_populates="deadline"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so


class DeadlineDate(Base, Keyed, Spanned, Dated, Sourced):
    """The date of a deadline as it stood over a span of days: every change is a row."""

    __tablename__ = "deadline_dates"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("due_on >= starts_on", name="due_in_order"),
        Index("ix_deadline_dates_deadline_id", "deadline_id", "from_on", "until_on"),
    )

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    due_on: Mapped[date]
    """The last day, by precision: what it falls due at the end of."""
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    deadline: Mapped[Deadline] = relationship(back_populates="dates", lazy="raise")
