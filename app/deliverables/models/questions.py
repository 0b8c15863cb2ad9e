"""What coordinators asked about a deliverable, and what they put before the next meeting."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Keyed
from app.deliverables.models.deliverables import Deliverable
from app.people.models import Account


class AskedQuestion(Base, Keyed):
    """A question to those who lead a deliverable. It closes with the next update, which is then its
    answer; closed without one, it was withdrawn."""

    __tablename__ = "asked_questions"
    __table_args__ = (
        CheckConstraint(
            "answered_by_id IS NULL OR closed_at IS NOT NULL", name="closed_when_answered"
        ),
        Index("ix_asked_questions_deliverable_id", "deliverable_id", "closed_at"),
    )

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("status_updates.id"))
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
    asked_by: Mapped[Account] = relationship(lazy="raise")


class Escalation(Base, Keyed):
    """A deliverable that a coordinator puts before the next meeting. It waits until an agenda has
    an item for it."""

    __tablename__ = "escalations"

    deliverable_id: Mapped[int] = mapped_column(ForeignKey("deliverables.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    raised_at: Mapped[datetime]
    deliverable: Mapped[Deliverable] = relationship(lazy="raise")
