"""A coordinator's pass over everything due at a deadline."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed, words
from app.deadlines.models import Deadline
from app.deliverables.models import Deliverable


class Choice(StrEnum):
    KEEP = "keep"
    MOVE = "move"
    ASK = "ask"
    ESCALATE = "escalate"
    DROP = "drop"


class DeadlineReview(Base, Keyed):
    __tablename__ = "deadline_reviews"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
    )

    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    held_on: Mapped[date]
    """The day whose state it looks at."""
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_at: Mapped[datetime | None]
    deadline: Mapped[Deadline] = relationship(lazy="raise")


class ReviewChoice(Base, Keyed):
    __tablename__ = "review_choices"
    __table_args__ = (
        UniqueConstraint("review_id", "deliverable_id"),
        CheckConstraint(
            "choice = 'move' OR (new_due_on IS NULL AND new_deadline_id IS NULL)",
            name="only_a_move_has_a_date",
        ),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("deadline_reviews.id"))
    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), index=True)
    choice: Mapped[Choice] = mapped_column(words(Choice))
    reason: Mapped[str] = mapped_column(Text, default="")
    new_due_on: Mapped[date | None]
    new_deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    chosen_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it so
